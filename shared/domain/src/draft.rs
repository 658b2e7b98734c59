//! The machine's answers: values with citations, or a plain "not in the sources".

use crate::answer::AnswerValue;
use crate::id::{QuestionId, RunId, SourceId};
use crate::question::QuestionSet;
use crate::source::{SourceGap, SourceRef};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A source and the words quoted from it. The quote was found in the source by code, never taken on trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Where the words stand.
    pub source: SourceId,
    /// The words, exactly as they stand in the source's body.
    pub quote: String,
    /// Up to about 160 characters that stand before the quote.
    #[serde(default)]
    pub before: String,
    /// Up to about 160 characters that stand after it.
    #[serde(default)]
    pub after: String,
}

/// How much the evidence carries. Derived by rule, not asked of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read with care.
    Low,
    /// Probably right.
    Medium,
    /// Stated plainly, more than once or recently.
    High,
}

impl Confidence {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Low confidence",
            Self::Medium => "Medium confidence",
            Self::High => "High confidence",
        }
    }
}

/// Which drafter wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftedBy {
    /// A Bedrock model, by its id.
    Model(String),
    /// The extractive drafter: sentences picked from the sources, no model.
    Extractive,
}

/// The draft for one question. `value: None` says that the sources do not answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Which question.
    pub question: QuestionId,
    /// The answer, or nothing when the sources do not say.
    pub value: Option<AnswerValue>,
    /// At least one when there is a value.
    pub citations: Vec<Citation>,
    /// Set when there is a value.
    pub confidence: Option<Confidence>,
    /// Why the confidence is what it is, in one phrase.
    #[serde(default)]
    pub reason: String,
    /// Statements that were dropped because their quote does not stand in the sources.
    #[serde(default)]
    pub withheld: u32,
    /// Which drafter wrote it.
    pub by: DraftedBy,
    /// The run that it came from.
    pub run: RunId,
}

/// One pass over all questions or some, and what it read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRun {
    /// Its id.
    pub id: RunId,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Which drafter wrote.
    pub by: DraftedBy,
    /// Why the model was not used, in words for people, when it should have been.
    pub fallback: Option<String>,
    /// Tokens that the model read; 0 without a model.
    pub tokens_in: u64,
    /// Tokens that the model wrote; 0 without a model.
    pub tokens_out: u64,
}

/// Everything drafted for one round of a handoff, as the form shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafts {
    /// The questions as this handoff asks them, whatever is published later.
    pub questions: QuestionSet,
    /// One per question of the set.
    pub drafts: Vec<Draft>,
    /// What was read.
    pub sources: Vec<SourceRef>,
    /// What could not be read.
    pub gaps: Vec<SourceGap>,
    /// The run that made them last.
    pub run: DraftRun,
}

impl Drafts {
    /// The draft for this question, if there is one.
    pub fn find(&self, question: &QuestionId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| &draft.question == question)
    }

    /// The source with this id, if it was read.
    pub fn source(&self, id: &SourceId) -> Option<&SourceRef> {
        self.sources.iter().find(|source| &source.id == id)
    }
}
