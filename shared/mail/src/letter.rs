//! A mail before it has a form: what it says, block by block.

use crate::clean;

/// What a mail says. Both parts of the mail are made from this and from nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject; one line, at most 150 characters.
    pub subject: String,
    /// What lists of mails show beside the subject.
    pub preheader: String,
    /// The headline.
    pub title: String,
    /// The body in order.
    pub blocks: Vec<Block>,
    /// Why the reader got this.
    pub footer: String,
}

/// One part of a letter's body. Texts are cleaned and not escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph of one line.
    Text(String),
    /// A quieter paragraph of one line.
    Fine(String),
    /// A headline inside the body.
    Heading(String),
    /// The one thing to click.
    Button(Link),
    /// A link that is worth having but is not what the mail is for.
    Link(Link),
    /// Facts by name.
    Facts(Vec<(&'static str, String)>),
    /// What a person wrote to the reader.
    Note {
        /// Who says what, for example `Sam's note to you`.
        title: String,
        /// Their words; may have several lines.
        text: String,
    },
    /// Points, each with a quieter remark that may be empty.
    List(Vec<(String, String)>),
    /// One question with its answer.
    Answer(Answer),
    /// One of several things that wait, with its own step.
    Waiting(Waiting),
}

/// One thing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub title: String,
    /// Why and since when.
    pub text: String,
    /// The step that moves it on.
    pub step: Link,
}

/// A link and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it does, for people.
    pub label: &'static str,
    /// Where it goes: always made by this crate.
    pub url: String,
}

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 1 for the first.
    pub number: usize,
    /// The question.
    pub wording: String,
    /// The answer; may have several lines; empty when left open.
    pub text: String,
    /// How it came to be, for people.
    pub origin: String,
    /// Where it came from.
    pub evidence: Vec<Quote>,
}

/// One quote and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The words; may have several lines.
    pub words: String,
    /// Source, author and date in one line.
    pub place: String,
}

impl Block {
    /// A note, when there is one to show.
    pub(crate) fn note(title: String, text: &str) -> Option<Self> {
        let text = clean::lines(text);
        (!text.is_empty()).then_some(Self::Note { title, text })
    }

    /// Facts, without those that are not known.
    pub(crate) fn facts(facts: impl IntoIterator<Item = (&'static str, String)>) -> Option<Self> {
        let known: Vec<_> = facts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        (!known.is_empty()).then_some(Self::Facts(known))
    }
}
