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
    /// Every one of them.
    pub const ALL: [Self; 12] = [
        Self::Deal,
        Self::Company,
        Self::Contact,
        Self::Note,
        Self::Email,
        Self::Call,
        Self::Meeting,
        Self::Task,
        Self::Payload,
        Self::Website,
        Self::Pattern,
        Self::Context,
    ];

    /// The name, as counters spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deal => "deal",
            Self::Company => "company",
            Self::Contact => "contact",
            Self::Note => "note",
            Self::Email => "email",
            Self::Call => "call",
            Self::Meeting => "meeting",
            Self::Task => "task",
            Self::Payload => "payload",
            Self::Website => "website",
            Self::Pattern => "pattern",
            Self::Context => "context",
        }
    }

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

impl SourceRef {
    /// The author by name, without the address that an e-mail adds to it; the address where there is no name.
    pub fn author_name(&self) -> Option<&str> {
        let author = self.author.as_deref()?.trim();
        let name = author.split_once('<').map_or(author, |(name, _)| name.trim().trim_matches('"'));
        Some(if name.is_empty() { author } else { name }).filter(|author| !author.is_empty())
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_called_by_name() {
        let by = |author: &str| {
            let source = SourceRef {
                id: SourceId::parse("email-1").unwrap(),
                kind: SourceKind::Email,
                title: String::new(),
                author: Some(author.to_owned()),
                date: None,
            };
            source.author_name().map(str::to_owned)
        };
        assert_eq!(by("Hana Petrov <hana@acme.test>").as_deref(), Some("Hana Petrov"));
        assert_eq!(by("\"Petrov, Hana\" <hana@acme.test>").as_deref(), Some("Petrov, Hana"));
        assert_eq!(by("<hana@acme.test>").as_deref(), Some("<hana@acme.test>"));
        assert_eq!(by("Ana Ellis").as_deref(), Some("Ana Ellis"));
        assert_eq!(by(" "), None);
    }
}
