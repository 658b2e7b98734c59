//! New drafts that arrive while the AE works.

use super::{Handoff, HandoffState};
use crate::draft::{Draft, Drafts, Replaced};

impl Handoff {
    /// The handoff after a new draft arrived: what a person edited stays, unless `overwrite`, and what was saved after the
    /// new draft was asked for stays even then; questions outside the run keep their draft. `None` when it came too late or is not the one that was asked for.
    pub fn receive_redraft(
        &self,
        before: &Drafts,
        arrived: &Drafts,
        overwrite: bool,
    ) -> Option<(Self, Drafts)> {
        let pending = self.redraft.as_ref().filter(|pending| pending.run == arrived.run.id)?;
        if self.state != HandoffState::AwaitingAe {
            return None;
        }
        let mut handoff = self.clone();
        let mut drafts = before.clone();
        for draft in &mut drafts.drafts {
            let asked = pending.question.as_ref().is_none_or(|id| id == &draft.question);
            let is_newer =
                self.answers.get(&draft.question).is_some_and(|answer| answer.saved_at > pending.asked_at);
            let keeps = is_newer || self.is_edited(before, &draft.question) && !overwrite;
            if let (true, false, Some(new)) = (asked, keeps, arrived.find(&draft.question)) {
                handoff.answers.remove(&draft.question);
                let replaced = Replaced { value: draft.value.take(), at: arrived.run.finished_at };
                *draft = Draft { replaced: Some(replaced), ..new.clone() };
            }
        }
        drafts.take_findings(arrived, pending.question.as_ref());
        drafts.sources.clone_from(&arrived.sources);
        drafts.gaps.clone_from(&arrived.gaps);
        drafts.earlier.push(std::mem::replace(&mut drafts.run, arrived.run.clone()));
        handoff.redraft = None;
        Some((handoff, drafts))
    }
}
