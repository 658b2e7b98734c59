//! The material that answers are drawn from, and what of it could not be had.

use crate::id::SourceId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What kind of material a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Properties of the deal.
    Deal,
    /// Properties of the company.
    Company,
    /// Properties of a contact.
    Contact,
    /// A note on the deal.
    Note,
    /// An e-mail of the deal.
    Email,
    /// A call, with its transcript where one exists.
    Call,
    /// A meeting.
    Meeting,
    /// A task.
    Task,
    /// The raw payload of an account made by hand.
    Payload,
    /// A page of the company's website.
    Website,
    /// What similar customers answered: a suggestion, never a fact.
    Pattern,
    /// What the AE added when asking for a new draft.
    Context,
}

impl SourceKind {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deal => "Deal record",
            Self::Company => "Company record",
            Self::Contact => "Contact record",
            Self::Note => "Note",
            Self::Email => "E-mail",
            Self::Call => "Call",
            Self::Meeting => "Meeting",
            Self::Task => "Task",
            Self::Payload => "Pasted material",
            Self::Website => "Website",
            Self::Pattern => "Pattern",
            Self::Context => "Added by you",
        }
    }
}

/// One piece of material, as plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Unique within its account and stable over runs.
    pub id: SourceId,
    /// What it is.
    pub kind: SourceKind,
    /// A short name for people, for example the e-mail's subject.
    pub title: String,
    /// Who wrote it, where the record says so.
    pub author: Option<String>,
    /// When it was written, where the record says so.
    pub date: Option<Timestamp>,
    /// Plain text; markup was taken out before.
    pub body: String,
}

/// A source without its body: what the form lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// As [`Source::id`].
    pub id: SourceId,
    /// As [`Source::kind`].
    pub kind: SourceKind,
    /// As [`Source::title`].
    pub title: String,
    /// As [`Source::author`].
    pub author: Option<String>,
    /// As [`Source::date`].
    pub date: Option<Timestamp>,
}

impl From<&Source> for SourceRef {
    fn from(source: &Source) -> Self {
        Self {
            id: source.id.clone(),
            kind: source.kind,
            title: source.title.clone(),
            author: source.author.clone(),
            date: source.date,
        }
    }
}

/// Material that exists, or may exist, and could not be read. Told to the AE and the admin; stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceGap {
    /// What was looked for.
    pub kind: SourceKind,
    /// Why it is missing, for people: for example `HubSpot did not answer in time`.
    pub reason: String,
}
