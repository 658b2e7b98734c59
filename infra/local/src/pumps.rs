//! What Lambda's event sources do on AWS: they take batches from the queues and from the table's stream, call the
//! functions, and see to it that what failed comes again.

mod consumers;
mod queue;
mod stream;

pub(crate) use consumers::{Consumer, consumers};

use crate::aws::faults::Faults;
use std::future::Future;
use std::time::Duration;
use tokio::task::AbortHandle;

/// How often the pumps look, and how soon they try again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between two looks at something empty.
    pub(crate) look: Duration,
    /// Before the second try; doubled for each further one.
    pub(crate) retry_first: Duration,
    /// The longest wait between two tries.
    pub(crate) retry_last: Duration,
    /// Whether a function that asks for another wait gets it.
    pub(crate) as_asked: bool,
}

impl Pace {
    /// For people: a try after two seconds, then ever slower, dead after some minutes (on AWS: most of an hour).
    pub(crate) const CALM: Self = Self {
        look: Duration::from_millis(100),
        retry_first: Duration::from_secs(2),
        retry_last: Duration::from_mins(1),
        as_asked: true,
    };

    /// For tests.
    pub(crate) const FAST: Self = Self {
        look: Duration::from_millis(10),
        retry_first: Duration::from_millis(50),
        retry_last: Duration::from_millis(800),
        as_asked: false,
    };

    /// For who asks for each step: nothing waits.
    pub(crate) const STEPPED: Self = Self {
        look: Duration::ZERO,
        retry_first: Duration::ZERO,
        retry_last: Duration::ZERO,
        as_asked: false,
    };

    /// The wait after the try number `count`, from 1.
    pub(crate) fn retry_after(&self, count: u32) -> Duration {
        self.retry_first.saturating_mul(1 << count.saturating_sub(1).min(16)).min(self.retry_last)
    }
}

struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One invocation: a panic, an overrun or a crash on request comes to nothing, as on AWS.
async fn invoke<T: Send + 'static>(
    faults: &Faults,
    function: &'static str,
    timeout: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let faults = faults.clone();
    let task = tokio::spawn(async move { faults.mortal(work).await });
    let _abort = AbortOnDrop(task.abort_handle());
    match tokio::time::timeout(timeout, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => {
            tracing::error!(function, "the function panicked");
            None
        }
        Err(_) => {
            tracing::error!(function, "the function ran out of time");
            None
        }
    }
}

#[cfg(test)]
mod tests;
