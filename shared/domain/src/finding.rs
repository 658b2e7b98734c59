//! What the sources hold beside answers: what they disagree about, what Sales promised, what similar customers named.

use crate::draft::Citation;
use crate::id::{ConflictId, PromiseId, QuestionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What sources disagree about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictKind {
    /// When something happens.
    Date,
    /// How many or how much.
    Number,
    /// Who someone is, or who does something.
    Name,
    /// What is part of it and what is not.
    Scope,
}

/// One side of a disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// What it says, as short as it can be: fit to be an answer.
    pub text: String,
    /// Where it stands; at least one.
    pub citations: Vec<Citation>,
    /// When it was said last, where a source has a date.
    pub date: Option<Timestamp>,
}

/// Sources that disagree, for the AE to settle. Nothing here decides which of them is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Stays the same as long as the versions do.
    pub id: ConflictId,
    /// The question whose answer hangs on it, if one does.
    pub question: Option<QuestionId>,
    /// What it is about.
    pub kind: ConflictKind,
    /// What it is about, in a few words for people: `Go-live date`.
    pub subject: String,
    /// At least two, the newest first.
    pub versions: Vec<Version>,
}

/// How a person settled a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// The version at this place of [`Conflict::versions`] holds.
    Version(usize),
    /// None of them does.
    Neither,
}

/// What someone of Sales told the customer they would get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Stays the same as long as its quote does.
    pub id: PromiseId,
    /// What was promised, in one line.
    pub text: String,
    /// Who promised, where the source says so.
    pub by: Option<String>,
    /// When, where the source has a date.
    pub date: Option<Timestamp>,
    /// Where it stands; at least one.
    pub citations: Vec<Citation>,
}

/// What similar customers named: counted over at least [`SIMILAR_MIN`] of them, in words of our own, never in theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What they named: a theme of ours, or an option of the question.
    pub text: String,
    /// How many named it.
    pub count: u32,
    /// Of how many.
    pub of: u32,
}

impl Suggestion {
    /// The sentence for people: `7 of 9 similar customers named training`.
    pub fn to_plain_text(&self) -> String {
        let verb = if matches!(self.text.as_str(), "Yes" | "No") { "answered" } else { "named" };
        format!("{} of {} similar customers {verb} {}", self.count, self.of, self.text)
    }
}

/// Customers that a pattern needs; of fewer, one could be told from the others.
pub const SIMILAR_MIN: usize = 5;
