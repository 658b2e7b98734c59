//! What a submit froze, and how long the material that it rests on is kept.

use super::{CsmChoice, Handoff};
use crate::answer::{AnswerOrigin, AnswerValue, Change};
use crate::finding::Settlement;
use crate::id::{ConflictId, PromiseId, QuestionId};
use crate::source::SourceKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One answer as it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalAnswer {
    /// The answer; never empty.
    pub value: AnswerValue,
    /// How it came to be.
    pub origin: AnswerOrigin,
    /// How far it is from the draft; `None` for one that was frozen before this was told.
    #[serde(default)]
    pub change: Option<Change>,
    /// What kinds of sources the draft rested on.
    #[serde(default)]
    pub from: BTreeSet<SourceKind>,
}

/// What a submit froze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// When.
    pub at: Timestamp,
    /// Answered questions only.
    pub answers: BTreeMap<QuestionId, FinalAnswer>,
    /// The note to the CSM; may be empty.
    pub note: String,
    /// How the conflicts were settled; those that are not in it were left open.
    #[serde(default)]
    pub settled: BTreeMap<ConflictId, Settlement>,
    /// Promises that the AE took out.
    #[serde(default)]
    pub dropped_promises: BTreeSet<PromiseId>,
    /// Who takes over.
    pub csm: CsmChoice,
    /// Their name at that moment, for the receipt.
    pub csm_name: String,
}

impl Handoff {
    /// Whether the material from Sales is still kept.
    pub fn has_material(&self, now: Timestamp) -> bool {
        self.material_until.is_none_or(|until| now < until)
    }
}
