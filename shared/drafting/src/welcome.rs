//! The first mail to the customer, drafted from what was handed over.
//!
//! What is said between colleagues never reaches it: only the answers to three questions are read at all (what the customer
//! wants to do, their goals, when they start), with the promises that the AE passed on. Of these a line is left out that
//! speaks of the customer as colleagues do, that repeats what stands in an internal answer, or that speaks to a machine.
//! Whatever remains is quoted from its answer, word by word.

mod fit;
mod frame;
mod material;
mod words;

pub(crate) use fit::{is_between_us, is_fit};
pub use material::{Fact, Material};

use frame::Frame;
use handoff_domain::Timestamp;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::kickoff::KickoffTime;
use handoff_domain::welcome::{WelcomeDraft, WelcomeLine};

/// What a welcome mail says beside what was handed over.
#[derive(Debug, Clone, Copy)]
pub struct WelcomeRequest<'a> {
    /// The organization's language, as ISO 639-1.
    pub language: &'a str,
    /// The organization's name.
    pub organization: &'a str,
    /// The customer's name.
    pub company: &'a str,
    /// Who writes, and has the account.
    pub csm: &'a str,
    /// Who sold; may be empty.
    pub ae: &'a str,
    /// Where the customer books a call; may be empty.
    pub booking_link: &'a str,
    /// When the kickoff is, if it is planned.
    pub kickoff: Option<&'a KickoffTime>,
    /// What was handed over and is fit to be said.
    pub material: &'a Material,
    /// The round of the handoff.
    pub round: u32,
    /// The time now.
    pub now: Timestamp,
}

/// The draft that needs no model: the lines of the answers in blocks with words of ours around them.
pub fn welcome_draft(request: &WelcomeRequest<'_>) -> WelcomeDraft {
    let lines = |facts: &[Fact]| facts.iter().map(Fact::line).collect::<Vec<WelcomeLine>>();
    let withheld = request.material.withheld;
    framed(request, request.material.sections().map(lines), DraftedBy::Extractive, withheld)
}

/// These lines, of the four subjects in their order, in the words around them.
pub(crate) fn framed(
    request: &WelcomeRequest<'_>,
    lines: [Vec<WelcomeLine>; 4],
    by: DraftedBy,
    withheld: u32,
) -> WelcomeDraft {
    let frame = Frame::of(request);
    WelcomeDraft {
        subject: frame.subject(),
        parts: frame.around(lines),
        by,
        round: request.round,
        at: request.now,
        withheld,
        usage: Usage::default(),
    }
}

/// What an invitation to the kickoff says of it: a sentence, and the customer's own goals.
pub fn kickoff_agenda(request: &WelcomeRequest<'_>) -> String {
    Frame::of(request).agenda()
}

#[cfg(test)]
mod tests;
