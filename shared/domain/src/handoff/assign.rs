//! Who has the account: given to a CSM by the submit, and moved on by people afterwards.

use super::{Attention, CsmChoice, Handoff, HandoffState, StepRefusal, Submission, reason};
use crate::account::AccountStatus;
use crate::id::MemberId;
use crate::limits::REASON_MAX_BYTES;
use crate::roster::{Member, Role, Roster};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who has the account, from the first submit on, whatever happens to the handoff later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Who.
    pub csm: MemberId,
    /// Their name at that moment.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
}

/// Why an account cannot be given to somebody. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssignRefusal {
    /// The AE has not handed over, and nobody skipped it.
    #[error("This account gets its CSM when the AE hands it over. Nothing was changed.")]
    NotYet,
    /// The customer left, or never came.
    #[error("This account is cancelled, so nobody needs to take it over. Nothing was changed.")]
    Cancelled,
    /// Somebody else is in charge.
    #[error(
        "Only the CSM in charge or an admin can give this account to somebody else. Nothing was changed."
    )]
    NotYours,
    /// No CSM of the roster was named.
    #[error("Please choose a CSM from the list.")]
    NotACsm,
    /// It was assigned since the page was shown.
    #[error(
        "Somebody assigned this account since the page was shown. Look at who has it now, then decide again."
    )]
    Stale,
    /// Taken from somebody without a word why.
    #[error("Please say why, in a sentence: the CSM who had the account until now will read it.")]
    NoReason,
    /// The reason is too long.
    #[error("Please keep the reason under {} characters.", REASON_MAX_BYTES)]
    TooLong,
}

/// What a person asks for.
#[derive(Debug, Clone, Copy)]
pub struct AssignWish<'a> {
    /// Who asks.
    pub by: &'a Member,
    /// Who is to have the account, as the form sent it.
    pub csm: &'a str,
    /// Why, as typed.
    pub reason: &'a str,
    /// How often it had been assigned when the page was shown; `None` from a page that does not say.
    pub seen: Option<u32>,
}

impl Handoff {
    /// Who has the account and their name: as assigned, else as submitted.
    pub fn csm_in_charge(&self) -> Option<(&MemberId, &str)> {
        let assigned = self.assigned.as_ref().map(|assigned| (&assigned.csm, assigned.name.as_str()));
        assigned.or(match self.submission.as_ref() {
            Some(Submission { csm: CsmChoice::Member(id), csm_name, .. }) => Some((id, csm_name.as_str())),
            _ => None,
        })
    }

    /// The CSM whose load it counts in: whoever has it while it is in onboarding.
    pub fn carried_by(&self) -> Option<&MemberId> {
        let is_carried = self.account.status == AccountStatus::Onboarding;
        self.csm_in_charge().map(|(csm, _)| csm).filter(|_| is_carried)
    }

    /// Who has the account and is a CSM of the roster still; `None` when nobody has it, or whoever has it left.
    pub fn csm_at_work<'a>(&self, roster: &'a Roster) -> Option<&'a Member> {
        self.csm_in_charge().and_then(|(csm, _)| roster.find_csm(csm))
    }

    /// Whether whoever has it is no CSM of the roster any more.
    pub fn csm_left(&self, roster: &Roster) -> bool {
        self.csm_in_charge().is_some() && self.csm_at_work(roster).is_none()
    }

    /// Whether it can have a CSM: from the first submit on, and when it is started by hand, until it is cancelled.
    pub fn can_have_csm(&self) -> Result<(), AssignRefusal> {
        let is_begun = self.csm_in_charge().is_some()
            || matches!(self.state, HandoffState::Submitted | HandoffState::Skipped);
        match self.account.status {
            AccountStatus::Cancelled => Err(AssignRefusal::Cancelled),
            _ if is_begun => Ok(()),
            _ => Err(AssignRefusal::NotYet),
        }
    }

    /// Whether this person may say who has it: admins, the CSM in charge, and any CSM where nobody at work is.
    pub fn may_assign(&self, by: &Member, roster: &Roster) -> bool {
        let is_free_or_theirs = self.csm_at_work(roster).is_none_or(|csm| csm.id == by.id);
        by.has(Role::Admin) || by.has(Role::Csm) && is_free_or_theirs
    }

    /// With the CSM that was wished for, and the reason as it is told; `None` when they have it already. A reason is
    /// needed to take it from somebody who is at work. While the AE has it for another round, the form is given the new
    /// CSM too, as a save of its own, so that a page shown before cannot undo it.
    pub fn assign(
        &self,
        wish: &AssignWish<'_>,
        roster: &Roster,
        now: Timestamp,
    ) -> Result<Option<(Self, String)>, AssignRefusal> {
        if !self.may_assign(wish.by, roster) {
            return Err(AssignRefusal::NotYours);
        }
        self.can_have_csm()?;
        let csm = MemberId::parse(wish.csm.trim()).ok();
        let csm = csm.and_then(|id| roster.find_csm(&id)).ok_or(AssignRefusal::NotACsm)?;
        if self.csm_in_charge().is_some_and(|(held_by, _)| *held_by == csm.id) {
            return Ok(None);
        }
        if wish.seen.is_some_and(|seen| seen != self.assignments) {
            return Err(AssignRefusal::Stale);
        }
        let reason = match reason(wish.reason) {
            Ok(reason) => reason,
            Err(StepRefusal::TooLong) => return Err(AssignRefusal::TooLong),
            Err(_) if self.csm_at_work(roster).is_none() => String::new(),
            Err(_) => return Err(AssignRefusal::NoReason),
        };
        let mut after = self.clone();
        after.hand_to(csm.id.clone(), csm.name.clone(), now);
        after.lower(Attention::CsmMissing);
        if !matches!(self.state, HandoffState::Submitted | HandoffState::Skipped) {
            after.csm = Some(CsmChoice::Member(csm.id.clone()));
            after.version += 1;
        }
        Ok(Some((after, reason)))
    }

    /// From now on this CSM has it; nothing changes for one who had it before.
    pub(super) fn hand_to(&mut self, csm: MemberId, name: String, now: Timestamp) {
        if self.csm_in_charge().is_some_and(|(held_by, _)| *held_by == csm) && self.assigned.is_some() {
            return;
        }
        self.assigned = Some(Assigned { csm, name, at: now });
        self.assignments += 1;
    }
}

#[cfg(test)]
mod tests;
