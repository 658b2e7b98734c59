//! What people of the organization do with a handoff that does not go its way by itself: each step says when it may be
//! taken, and which reasons to look it mends.

use super::{Attention, CsmChoice, Handoff, HandoffState, Returned};
use crate::account::AccountStatus;
use crate::answer::Answer;
use crate::draft::Drafts;
use crate::email::EmailAddress;
use crate::limits::{REASON_MAX_BYTES, REMINDERS_PER_DAY};
use crate::link::Link;
use crate::reminder::Rhythm;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Why a step cannot be taken. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// The handoff stands elsewhere by now.
    #[error("This handoff has moved on since the page was shown. Nothing was changed.")]
    NotNow,
    /// Nobody can be written to.
    #[error("There is no address of the AE to write to. Give one first.")]
    NoAddress,
    /// The link that a reminder would carry is dead.
    #[error("The AE\u{2019}s link has expired. Send a new one instead.")]
    LinkExpired,
    /// The AE was reminded a moment ago.
    #[error("The AE was reminded today. Please wait until tomorrow.")]
    TooSoon,
    /// Nothing was written where a reason is needed.
    #[error("Please say why, in a sentence.")]
    NoReason,
    /// The reason is too long.
    #[error("Please keep the reason under {} characters.", REASON_MAX_BYTES)]
    TooLong,
}

/// A round that is over: everything that is needed to read it as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedRound {
    /// Which; 1 for the first.
    pub round: u32,
    /// What was frozen.
    pub submission: super::Submission,
    /// The drafts as they were.
    pub drafts: Drafts,
    /// Why the next round was opened.
    pub returned: Returned,
}

/// What kept the AE from getting or answering the mail: a new link mends it.
const MENDED_BY_A_LINK: [Attention; 5] = [
    Attention::NoAeAddress,
    Attention::AeLeft,
    Attention::MailFailed,
    Attention::Overdue,
    Attention::WrongAe,
];

/// A reason as a person typed it.
pub fn reason(text: &str) -> Result<String, StepRefusal> {
    match text.trim() {
        "" => Err(StepRefusal::NoReason),
        text if text.len() > REASON_MAX_BYTES => Err(StepRefusal::TooLong),
        text => Ok(text.replace("\r\n", "\n")),
    }
}

impl Handoff {
    /// Whether it can be closed without a submit.
    pub fn may_skip(&self) -> bool {
        matches!(self.state, HandoffState::Drafting | HandoffState::AwaitingAe | HandoffState::Expired)
    }

    /// Closed without a submit: the link is dead, nothing is waited for, and the account is started by hand. Where nobody
    /// has it yet, somebody is to be found.
    pub fn skip(&self, reason: String, now: Timestamp) -> Result<Self, StepRefusal> {
        if !self.may_skip() {
            return Err(StepRefusal::NotNow);
        }
        let mut after = self.clone();
        let is_reopened = self.attention.contains(&Attention::DealReopened);
        after.account.status = if is_reopened { AccountStatus::Cancelled } else { AccountStatus::Onboarding };
        after.state = HandoffState::Skipped;
        after.skip_reason = reason;
        after.claim = None;
        after.redraft = None;
        after.reminder = None;
        for mended in self.attention.clone() {
            after.lower(mended);
        }
        if !is_reopened && after.csm_in_charge().is_none() {
            after.raise(Attention::CsmMissing, now);
        }
        Ok(after)
    }

    /// Whether the AE can get a new link.
    pub fn may_resend(&self) -> bool {
        match self.state {
            HandoffState::AwaitingAe => self.link.is_some() || self.origin == super::Origin::Imported,
            HandoffState::Expired => self.link.is_some(),
            HandoffState::Drafting | HandoffState::Submitted | HandoffState::Skipped => false,
        }
    }

    /// Whether its link is past its last day.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        let dead = self.link.as_ref().is_some_and(|link| link.expires_at <= now);
        self.state == HandoffState::Expired || self.state == HandoffState::AwaitingAe && dead
    }

    /// With a new link, to `ae` where another address is given; the link before is dead. Mends whatever kept the AE from
    /// getting or answering the mail.
    pub fn resend(&self, link: Link, ae: Option<EmailAddress>, rhythm: &Rhythm) -> Result<Self, StepRefusal> {
        if !self.may_resend() {
            return Err(StepRefusal::NotNow);
        }
        let mut after = self.clone();
        if let Some(email) = ae.filter(|email| self.ae.email.as_ref() != Some(email)) {
            // The name belongs to whoever had the other address.
            after.ae = super::Ae { name: String::new(), email: Some(email) };
        }
        if after.ae.email.is_none() {
            return Err(StepRefusal::NoAddress);
        }
        after.state = HandoffState::AwaitingAe;
        for mended in MENDED_BY_A_LINK {
            after.lower(mended);
        }
        Ok(after.with_link(link, rhythm))
    }

    /// Reminded, with the link that is alive.
    pub fn remind(&self, last: Option<Timestamp>, now: Timestamp) -> Result<Self, StepRefusal> {
        if self.state != HandoffState::AwaitingAe || self.link.is_none() {
            return Err(StepRefusal::NotNow);
        }
        if self.ae.email.is_none() {
            return Err(StepRefusal::NoAddress);
        }
        if self.is_expired(now) {
            return Err(StepRefusal::LinkExpired);
        }
        let day = SignedDuration::from_hours(24 / i64::from(REMINDERS_PER_DAY));
        if last.is_some_and(|last| now.duration_since(last) < day) {
            return Err(StepRefusal::TooSoon);
        }
        let mut after = self.clone();
        after.reminders += 1;
        after.reminded_at = Some(now);
        after.lower(Attention::Overdue);
        Ok(after)
    }

    /// Given back to the AE: the next round, which begins with what was handed over, and the one that is over.
    pub fn give_back(
        &self,
        drafts: &Drafts,
        link: Link,
        rhythm: &Rhythm,
        returned: Returned,
    ) -> Result<(Self, EndedRound), StepRefusal> {
        let Some(submission) = self.submission.clone().filter(|_| self.state == HandoffState::Submitted)
        else {
            return Err(StepRefusal::NotNow);
        };
        if self.ae.email.is_none() {
            return Err(StepRefusal::NoAddress);
        }
        let mut after = self.clone();
        let kept = |value| Answer { value: Some(value), saved_at: submission.at };
        after.answers =
            submission.answers.iter().map(|(id, answer)| (id.clone(), kept(answer.value.clone()))).collect();
        after.note.clone_from(&submission.note);
        after.settled.clone_from(&submission.settled);
        after.dropped_promises.clone_from(&submission.dropped_promises);
        // Whoever has it now, who need not be the one that the AE chose.
        after.csm = Some(match self.csm_in_charge() {
            Some((csm, _)) => CsmChoice::Member(csm.clone()),
            None => submission.csm.clone(),
        });
        after.round += 1;
        after.version += 1;
        after.state = HandoffState::AwaitingAe;
        after.account.status = AccountStatus::Handoff;
        after.returned = Some(returned.clone());
        after.submission = None;
        after.opened_at = None;
        after.redrafts = 0;
        after.renewals = 0;
        after.reminders = 0;
        after.lower(Attention::CsmMissing);
        let ended = EndedRound { round: self.round, submission, drafts: drafts.clone(), returned };
        Ok((after.with_link(link, rhythm), ended))
    }

    /// Whether this reason is one that a person settles by saying so: everything else is mended by a step of its own.
    pub fn may_clear(&self, reason: Attention) -> bool {
        matches!(reason, Attention::MailFailed | Attention::DealReopened | Attention::Overdue)
            && self.attention.contains(&reason)
    }

    /// Without this reason: somebody looked.
    pub fn clear(&self, reason: Attention) -> Result<Self, StepRefusal> {
        if !self.may_clear(reason) {
            return Err(StepRefusal::NotNow);
        }
        let mut after = self.clone();
        after.lower(reason);
        Ok(after)
    }
}

#[cfg(test)]
mod tests;
