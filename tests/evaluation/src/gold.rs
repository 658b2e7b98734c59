//! Gold: what a careful person would write from a deal's sources, and where it stands.

use handoff_domain::finding::ConflictKind;
use handoff_domain::question::Question;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The gold of one deal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gold {
    /// What is special about the deal, in one line.
    pub about: String,
    /// The organization's language: `en`, `de` or `fr`.
    pub language: String,
    /// Questions that are asked beside the first eight.
    #[serde(default)]
    pub extra_questions: Vec<Question>,
    /// By the question's id.
    pub questions: BTreeMap<String, GoldQuestion>,
    /// What the sources disagree about.
    pub conflicts: Vec<GoldConflict>,
    /// What Sales promised.
    pub promises: Vec<GoldPromise>,
}

/// What is right for one question.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldQuestion {
    /// What may stand in the answer; empty where the sources do not answer, and for choices.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// The answer of a yes/no or multi-select question; nothing where the sources do not say.
    #[serde(default)]
    pub value: Option<GoldValue>,
    /// What the value rests on.
    #[serde(default)]
    pub quotes: Vec<Quote>,
}

/// The one right answer of a question with given answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum GoldValue {
    /// Yes or no.
    YesNo(bool),
    /// Options, in any order.
    Choices(Vec<String>),
}

/// One statement that answers a question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The statement, for people.
    pub says: String,
    /// Whether an answer without it lacks something; else it is right but not missed.
    pub needed: bool,
    /// Every place that states it.
    pub quotes: Vec<Quote>,
    /// A wording that holds one alternative of each states it.
    pub terms: Vec<Vec<String>>,
}

/// Words of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The source's id.
    pub source: String,
    /// The words, white space folded.
    pub quote: String,
}

/// Sources that disagree.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldConflict {
    /// The question whose answer hangs on it.
    pub question: String,
    /// What it is about.
    pub kind: ConflictKind,
    /// At least two.
    pub versions: Vec<GoldVersion>,
}

/// One side of a conflict.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldVersion {
    /// What it says.
    pub says: String,
    /// Where.
    pub quotes: Vec<Quote>,
    /// As [`Fact::terms`].
    pub terms: Vec<Vec<String>>,
}

/// A commitment of Sales.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldPromise {
    /// What was promised.
    pub says: String,
    /// Who promised.
    pub by: String,
    /// The day, as `2026-05-27`.
    pub on: String,
    /// Where.
    pub quotes: Vec<Quote>,
    /// As [`Fact::terms`].
    pub terms: Vec<Vec<String>>,
}
