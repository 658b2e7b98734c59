//! Settling what the sources disagree about: what a choice does to the answer that hangs on it, and when it does nothing.
//!
//! One rule for every way in: the chosen version becomes the answer as long as the answer is the draft's or was put there
//! by an earlier choice; what a person typed stays.

use crate::answer::AnswerValue;
use crate::draft::{Citation, Claim, Drafts};
use crate::finding::{Conflict, ConflictKind, Promise, Settlement, Version};
use crate::form::Changes;
use crate::handoff::Handoff;
use crate::id::{ConflictId, PromiseId, QuestionId};
use std::collections::{BTreeMap, BTreeSet};

impl ConflictKind {
    /// The word for people, where a conflict has no subject of its own.
    pub fn label(self) -> &'static str {
        match self {
            Self::Date => "A date",
            Self::Number => "A number",
            Self::Name => "Who it is",
            Self::Scope => "What is part of it",
        }
    }
}

impl Settlement {
    /// As the form's field spells it: the version's place from 0, or `neither`.
    pub fn as_field(&self) -> String {
        match self {
            Self::Version(index) => index.to_string(),
            Self::Neither => "neither".to_owned(),
        }
    }
}

impl Conflict {
    /// What it is about, for people; never empty.
    pub fn title(&self) -> &str {
        if self.subject.is_empty() { self.kind.label() } else { &self.subject }
    }

    /// The version that a settlement names.
    pub fn chosen(&self, settlement: Option<&Settlement>) -> Option<&Version> {
        match settlement? {
            Settlement::Version(index) => self.versions.get(*index),
            Settlement::Neither => None,
        }
    }
}

impl Drafts {
    /// The answer to the conflict's question when this version holds. Where the draft makes several statements and one
    /// alone rests on what is in dispute, the others stay; where all do, the version is the whole answer. `None` when the
    /// draft says more than that, when no question hangs on the conflict, or the version's words are no answer to it.
    pub fn settled_answer(&self, conflict: &Conflict, index: usize) -> Option<AnswerValue> {
        let question = self.questions.find(conflict.question.as_ref()?)?;
        let version = conflict.versions.get(index)?;
        let whole = || AnswerValue::parse(question, std::slice::from_ref(&version.text)).ok().flatten();
        let Some(draft) = self.find(&question.id) else { return whole() };
        let Some(AnswerValue::Text(text)) = &draft.value else { return whole() };
        let disputed: Vec<&Citation> = conflict.versions.iter().flat_map(|one| &one.citations).collect();
        let rests = |cited: &Citation| disputed.iter().any(|other| cited.overlaps(other));
        let disputed: Vec<&Claim> =
            draft.claims.iter().filter(|claim| claim.citations.iter().any(rests)).collect();
        match disputed.as_slice() {
            all if draft.claims.len() <= all.len().max(1) => whole(),
            [only] if text.matches(&only.text).count() == 1 => {
                Some(AnswerValue::Text(text.replacen(&only.text, &version.text, 1)))
            }
            _ => None,
        }
    }

    /// Every answer that a choice in this conflict can put in place.
    fn settled_answers(&self, conflict: &Conflict) -> Vec<AnswerValue> {
        (0..conflict.versions.len()).filter_map(|index| self.settled_answer(conflict, index)).collect()
    }

    /// What takes the place of the answer `current` when this conflict is settled so, or opened again: the version's
    /// answer, or the draft's. `None` when it stays, because a person typed it or because it says so already.
    #[allow(clippy::option_option, reason = "stays, emptied, and another one are three things")]
    fn follows(
        &self,
        conflict: &Conflict,
        settlement: Option<&Settlement>,
        current: Option<&AnswerValue>,
    ) -> Option<Option<AnswerValue>> {
        let drafted = self.find(conflict.question.as_ref()?).and_then(|draft| draft.value.as_ref());
        let answers = self.settled_answers(conflict);
        if current != drafted && !current.is_some_and(|current| answers.contains(current)) {
            return None;
        }
        let next = match settlement {
            Some(Settlement::Version(index)) => Some(self.settled_answer(conflict, *index)?),
            Some(Settlement::Neither) | None => drafted.cloned(),
        };
        (next.as_ref() != current).then_some(next)
    }
}

impl Citation {
    /// Whether both rest on the same words.
    fn overlaps(&self, other: &Self) -> bool {
        self.source == other.source
            && (self.quote.contains(&other.quote) || other.quote.contains(&self.quote))
    }
}

impl Handoff {
    /// Answers that change because of how `changes` settle conflicts; `None` inside means emptied.
    pub fn answers_that_follow(
        &self,
        drafts: &Drafts,
        changes: &Changes,
    ) -> BTreeMap<QuestionId, Option<AnswerValue>> {
        let mut following = BTreeMap::new();
        for (id, settlement) in &changes.settled {
            let Some(conflict) = drafts.conflict(id) else { continue };
            let Some(question) = &conflict.question else { continue };
            if self.settled.get(id) == settlement.as_ref() {
                continue;
            }
            let current = match changes.answers.get(question) {
                Some(sent) => sent.as_ref(),
                None => self.shown_value(drafts, question),
            };
            if let Some(next) = drafts.follows(conflict, settlement.as_ref(), current) {
                following.insert(question.clone(), next);
            }
        }
        following
    }

    /// Conflicts that nobody has settled yet.
    pub fn open_conflicts<'a>(&self, drafts: &'a Drafts) -> impl Iterator<Item = &'a Conflict> {
        drafts.conflicts.iter().filter(|conflict| !self.settled.contains_key(&conflict.id))
    }

    /// Takes over how conflicts are settled and which promises are passed on.
    pub(crate) fn take_choices(&mut self, changes: &Changes) {
        for (id, settlement) in &changes.settled {
            match settlement {
                Some(settlement) => drop(self.settled.insert(id.clone(), settlement.clone())),
                None => drop(self.settled.remove(id)),
            }
        }
        for (id, passed_on) in &changes.promises {
            if *passed_on {
                self.dropped_promises.remove(id);
            } else {
                self.dropped_promises.insert(id.clone());
            }
        }
    }

    /// The choices as they are frozen: only those about what these drafts still hold.
    pub(crate) fn take_frozen_choices(
        &mut self,
        drafts: &Drafts,
    ) -> (BTreeMap<ConflictId, Settlement>, BTreeSet<PromiseId>) {
        let mut settled = std::mem::take(&mut self.settled);
        settled.retain(|id, _| drafts.conflict(id).is_some());
        let mut dropped = std::mem::take(&mut self.dropped_promises);
        dropped.retain(|id| drafts.promise(id).is_some());
        (settled, dropped)
    }
}

impl Changes {
    /// Whether more than these changes must be known to tell which answers follow from them. It need not, when nothing is
    /// settled that a question hangs on, or when the answer was sent along and says so already.
    pub fn need_what_is_stored(&self, drafts: &Drafts) -> bool {
        self.settled.iter().any(|(id, settlement)| {
            let Some((conflict, question)) =
                drafts.conflict(id).and_then(|conflict| Some((conflict, conflict.question.as_ref()?)))
            else {
                return false;
            };
            match (self.answers.get(question), settlement) {
                (None, _) => true,
                (Some(sent), Some(Settlement::Version(index))) => {
                    *sent != drafts.settled_answer(conflict, *index)
                }
                (Some(sent), _) => {
                    sent.as_ref().is_some_and(|sent| drafts.settled_answers(conflict).contains(sent))
                }
            }
        })
    }
}

/// The promises that are carried to the CSM.
pub fn passed_on<'a>(
    drafts: &'a Drafts,
    dropped: &'a BTreeSet<PromiseId>,
) -> impl Iterator<Item = &'a Promise> {
    drafts.promises.iter().filter(|promise| !dropped.contains(&promise.id))
}

/// A set of promises as a map of `true` by id.
pub(crate) mod by_id {
    use super::{BTreeMap, BTreeSet, PromiseId};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(set: &BTreeSet<PromiseId>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(set.iter().map(|id| (id, true)))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeSet<PromiseId>, D::Error> {
        Ok(BTreeMap::<PromiseId, bool>::deserialize(from)?.into_keys().collect())
    }
}

#[cfg(test)]
mod tests;
