//! The machine's answers: values with citations, or a plain "not in the sources".

use crate::answer::AnswerValue;
use crate::finding::{Conflict, Promise, Suggestion};
use crate::id::{ConflictId, PromiseId, QuestionId, RunId, SourceId};
use crate::question::QuestionSet;
use crate::source::{SourceGap, SourceKind, SourceRef};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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

/// One statement of an answer, and the words that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The statement: a line of a text, one of the options, or `yes` or `no`.
    pub text: String,
    /// At least one.
    pub citations: Vec<Citation>,
}

/// Why a statement of a drafter is not part of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithheldReason {
    /// It names no source, or its quote does not stand in the source that it names.
    NoEvidence,
    /// It names a number or a date that its sources do not name.
    UnknownNumber,
    /// It shares nothing with its quote.
    OffTopic,
    /// It speaks to a machine, or repeats the orders given to one.
    NotForPeople,
    /// It is none of the question's options, or neither yes nor no.
    NotAnOption,
    /// The answer was complete, or too long, without it.
    TooMuch,
}

/// A statement that was made and is no part of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// The statement; empty when it is not fit to be shown.
    pub text: String,
    /// Why.
    pub reason: WithheldReason,
}

/// What stood in the place of a draft before a new one came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The answer before; nothing when the sources did not say.
    pub value: Option<AnswerValue>,
    /// When the new one came.
    pub at: Timestamp,
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
    /// The statements that the value is made of, in its order; at least one when there is a value.
    pub claims: Vec<Claim>,
    /// Set when there is a value.
    pub confidence: Option<Confidence>,
    /// Why the confidence is what it is, in one phrase.
    #[serde(default)]
    pub reason: String,
    /// Statements that were dropped, and why.
    #[serde(default)]
    pub withheld: Vec<Withheld>,
    /// What similar customers answered; no part of the value.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// What a new draft replaced.
    #[serde(default)]
    pub replaced: Option<Replaced>,
    /// Which drafter wrote it.
    pub by: DraftedBy,
    /// The run that it came from.
    pub run: RunId,
}

impl Draft {
    /// The draft that says "not in the sources".
    pub fn open(question: QuestionId, by: DraftedBy, run: RunId) -> Self {
        Self {
            question,
            value: None,
            claims: Vec::new(),
            confidence: None,
            reason: String::new(),
            withheld: Vec::new(),
            suggestions: Vec::new(),
            replaced: None,
            by,
            run,
        }
    }

    /// Every citation of every claim, each once, in their order.
    pub fn citations(&self) -> Vec<&Citation> {
        let mut distinct: Vec<&Citation> = Vec::new();
        for citation in self.claims.iter().flat_map(|claim| &claim.citations) {
            if !distinct.contains(&citation) {
                distinct.push(citation);
            }
        }
        distinct
    }
}

/// What a run took of a model; all zero without one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens that the model read anew.
    pub tokens_in: u64,
    /// Tokens that it wrote.
    pub tokens_out: u64,
    /// Tokens that it read from its cache.
    #[serde(default)]
    pub cache_read: u64,
    /// Tokens that it wrote into its cache.
    #[serde(default)]
    pub cache_written: u64,
    /// What that cost by the configured price, in millionths of a dollar; `None` without a price.
    #[serde(default)]
    pub microdollars: Option<u64>,
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
    /// What it took of the model.
    pub usage: Usage,
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
    /// What the sources disagree about.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// What Sales promised the customer, oldest first.
    #[serde(default)]
    pub promises: Vec<Promise>,
    /// The run that made them last.
    pub run: DraftRun,
    /// The runs before it, oldest first.
    #[serde(default)]
    pub earlier: Vec<DraftRun>,
}

impl Drafts {
    /// The kinds of the sources that a draft cites.
    pub fn kinds_behind(&self, draft: &Draft) -> BTreeSet<SourceKind> {
        let cited: BTreeSet<&SourceId> =
            draft.claims.iter().flat_map(|claim| &claim.citations).map(|citation| &citation.source).collect();
        self.sources.iter().filter(|source| cited.contains(&source.id)).map(|source| source.kind).collect()
    }

    /// The draft for this question, if there is one.
    pub fn find(&self, question: &QuestionId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| &draft.question == question)
    }

    /// The source with this id, if it was read.
    pub fn source(&self, id: &SourceId) -> Option<&SourceRef> {
        self.sources.iter().find(|source| &source.id == id)
    }

    /// Takes over the conflicts and promises of a new run. A run over one question knows nothing new of the others'.
    pub(crate) fn take_findings(&mut self, arrived: &Self, question: Option<&QuestionId>) {
        self.conflicts.retain(|conflict| question.is_some() && conflict.question.as_ref() != question);
        let of_run = arrived
            .conflicts
            .iter()
            .filter(|conflict| question.is_none() || conflict.question.as_ref() == question);
        self.conflicts.extend(of_run.cloned());
        if question.is_none() {
            self.promises.clear();
        }
        let new = arrived.promises.iter().filter(|promise| self.promise(&promise.id).is_none());
        let new: Vec<Promise> = new.cloned().collect();
        self.promises.extend(new);
        self.promises.sort_by_key(|promise| promise.date);
    }

    /// The conflict with this id, if there is one.
    pub fn conflict(&self, id: &ConflictId) -> Option<&Conflict> {
        self.conflicts.iter().find(|conflict| &conflict.id == id)
    }

    /// The promise with this id, if there is one.
    pub fn promise(&self, id: &PromiseId) -> Option<&Promise> {
        self.promises.iter().find(|promise| &promise.id == id)
    }
}
