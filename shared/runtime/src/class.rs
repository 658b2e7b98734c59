//! What kind of failure an error is: it decides the status or the retry, and how loudly it is told.

use std::error::Error;

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The caller sent something that can never work.
    Invalid,
    /// The caller may not do this.
    Unauthorized,
    /// It does not exist, or not for this caller.
    NotFound,
    /// Somebody else was faster.
    Conflict,
    /// Trying again later may work.
    Retryable,
    /// We are wrong.
    Bug,
}

/// An error with all its causes, for one log line at the edge: `a: b: c`.
pub fn report(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
