//! The first mail to the customer: drafted by rule or by a model, kept as the CSM leaves it, and sent only because a person
//! chose to.

mod draft;
mod letter;

pub use draft::{WelcomeCitation, WelcomeDraft, WelcomeLine, WelcomePart, WelcomeSource};
pub use letter::{FIRST_NAME, FULL_NAME, WelcomeLetter, personal};

use crate::account::AccountStatus;
use crate::event::Who;
use crate::handoff::{Handoff, HandoffState};
use crate::id::{OutboxId, ParseIdError, RunId};
use crate::limits::{REDRAFT_WAIT_MINUTES, WELCOME_DRAFTS_MAX, WELCOME_RECIPIENTS_MAX, WELCOME_SENDS_MAX};
use crate::roster::{Member, Role};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The welcome mail of one account, with all that became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// What a person left in the editor; `None` as long as only drafts stand there.
    #[serde(default)]
    pub letter: Option<WelcomeLetter>,
    /// What a model wrote; never taken over without a person.
    #[serde(default)]
    pub drafted: Option<WelcomeDraft>,
    /// The draft under way.
    #[serde(default)]
    pub asked: Option<AskedWelcome>,
    /// Drafts asked for so far.
    #[serde(default)]
    pub drafts: u32,
    /// Each time that it was sent, the first one first.
    #[serde(default)]
    pub sent: Vec<SentWelcome>,
    /// Raised by each save and each sending, so that two people who edit notice each other.
    #[serde(default)]
    pub version: u32,
    /// Raised by each write of any kind, so that two writers notice each other.
    #[serde(default)]
    pub revision: u64,
}

/// A model's draft that was asked for and has not arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedWelcome {
    /// The run that will bring it.
    pub run: RunId,
    /// When it was asked for.
    pub at: Timestamp,
}

/// One time that it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentWelcome {
    /// When.
    pub at: Timestamp,
    /// Who chose to.
    pub by: Who,
    /// What was sent; names stand as they were typed, before each reader's own was filled in.
    pub letter: WelcomeLetter,
    /// What owed the mails, one for each address, in the order of `letter.to`.
    pub cause: OutboxId,
    /// The version of the page that it was sent from: the same page sends it once.
    pub seen: u32,
}

/// Why a step with it cannot be taken. The text says so to people, with the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WelcomeRefusal {
    /// Another person's.
    #[error("Only the CSM who has this account, or an admin, writes to the customer.")]
    NotYours,
    /// It is too early, or too late.
    #[error("The customer can be written to once the handoff is handed over, or skipped.")]
    NotNow,
    /// Nobody stands behind it.
    #[error("Nobody has this account yet. Assign a CSM first: answers go to them.")]
    NoCsm,
    /// Somebody changed it since the page was shown.
    #[error(
        "Somebody changed this mail meanwhile. What you typed stands below; nothing was overwritten, and nothing was sent."
    )]
    Stale,
    /// It was sent before.
    #[error("This mail was sent before. To send it once more, tick the box that says so.")]
    AlreadySent,
    /// It was sent too often.
    #[error(
        "This mail was sent {} times. Please write to the customer from your own mailbox.",
        WELCOME_SENDS_MAX
    )]
    SentTooOften,
    /// Nobody was chosen.
    #[error("Please choose at least one contact with an address.")]
    NoReader,
    /// Too many were chosen.
    #[error("Please choose at most {} contacts.", WELCOME_RECIPIENTS_MAX)]
    TooManyReaders,
    /// Somebody was chosen who is no contact of the account.
    #[error("One of the addresses is no contact of this account.")]
    Stranger,
    /// There is no subject.
    #[error("Please give the mail a subject of one line.")]
    NoSubject,
    /// There is nothing to read.
    #[error("Please write something.")]
    NoBody,
    /// It is too long to be read.
    #[error(
        "This mail is too long: please keep it under {} characters.",
        crate::limits::WELCOME_BODY_MAX_BYTES
    )]
    TooLong,
    /// A placeholder would reach the customer.
    #[error(
        "Something in curly brackets would reach the customer as it stands. Only {{first name}} and {{name}} are filled in."
    )]
    Placeholder,
    /// What was to be kept could not be.
    #[error(
        "This could not be kept just now, and nothing was sent. What you typed stands below: try again in a moment."
    )]
    Away,
    /// A model writes already.
    #[error("A draft is being written. It will be here in a minute.")]
    Drafting,
    /// Too many drafts were asked for.
    #[error("{} drafts were asked for. Please go on by hand.", WELCOME_DRAFTS_MAX)]
    DraftedTooOften,
}

/// What comes of the wish to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// It goes out, and this is kept.
    Goes(Box<Welcome>),
    /// The same page was sent before, by a second click or a repeat: it is done.
    IsGone,
}

impl Welcome {
    /// With what a person left in the editor. `seen` is the version that the page was shown with; without one the person
    /// is believed.
    pub fn save(&self, letter: WelcomeLetter, seen: Option<u32>) -> Result<Self, WelcomeRefusal> {
        letter.check_size()?;
        self.check_seen(seen)?;
        let version = self.version.saturating_add(1);
        Ok(Self { letter: Some(letter), version, ..self.clone() })
    }

    /// Sent by `by` at `now`, once for each version of the page; after the first time only when the person says `again`.
    pub fn send(
        &self,
        handoff: &Handoff,
        letter: WelcomeLetter,
        seen: Option<u32>,
        again: bool,
        (by, now): (Who, Timestamp),
    ) -> Result<Sending, WelcomeRefusal> {
        if self.is_repeat(&letter, seen, again) {
            return Ok(Sending::IsGone);
        }
        letter.check(handoff)?;
        self.check_seen(seen)?;
        if !self.sent.is_empty() && !again {
            return Err(WelcomeRefusal::AlreadySent);
        }
        if self.sent.len() >= WELCOME_SENDS_MAX {
            return Err(WelcomeRefusal::SentTooOften);
        }
        let cause = self.next_cause(handoff).map_err(|_| WelcomeRefusal::NotNow)?;
        let mut after = self.clone();
        after.sent.push(SentWelcome { at: now, by, letter: letter.clone(), cause, seen: self.version });
        after.letter = Some(letter);
        after.version = self.version.saturating_add(1);
        Ok(Sending::Goes(Box::new(after)))
    }

    /// Whether this is what was sent last, from the same page, or from a caller that names no page.
    fn is_repeat(&self, letter: &WelcomeLetter, seen: Option<u32>, again: bool) -> bool {
        self.sent.last().is_some_and(|last| {
            let same_page = seen.map_or(!again, |seen| seen == last.seen);
            same_page && last.letter == *letter
        })
    }

    fn check_seen(&self, seen: Option<u32>) -> Result<(), WelcomeRefusal> {
        if seen.is_none_or(|seen| seen == self.version) { Ok(()) } else { Err(WelcomeRefusal::Stale) }
    }

    /// The same cause always has the same id.
    fn next_cause(&self, handoff: &Handoff) -> Result<OutboxId, ParseIdError> {
        OutboxId::parse(format!("{}-welcome-{}", handoff.id, self.sent.len() + 1))
    }

    /// Waiting for a model's draft.
    pub fn ask(&self, run: RunId, now: Timestamp) -> Result<Self, WelcomeRefusal> {
        if self.is_awaited(now) {
            return Err(WelcomeRefusal::Drafting);
        }
        if self.drafts >= WELCOME_DRAFTS_MAX {
            return Err(WelcomeRefusal::DraftedTooOften);
        }
        Ok(Self { asked: Some(AskedWelcome { run, at: now }), drafts: self.drafts + 1, ..self.clone() })
    }

    /// Whether a draft is still to be expected.
    pub fn is_awaited(&self, now: Timestamp) -> bool {
        let patience = SignedDuration::from_mins(REDRAFT_WAIT_MINUTES);
        self.asked.as_ref().is_some_and(|asked| now.duration_since(asked.at) < patience)
    }

    /// With the draft of this run; `None` when it is not waited for. What a person typed stays as it is.
    pub fn receive(&self, run: &RunId, drafted: Option<WelcomeDraft>) -> Option<Self> {
        self.asked.as_ref().filter(|asked| asked.run == *run)?;
        let drafted = drafted.or_else(|| self.drafted.clone());
        Some(Self { asked: None, drafted, ..self.clone() })
    }

    /// The model's draft, as long as it was made from what holds now.
    pub fn drafted_for(&self, handoff: &Handoff) -> Option<&WelcomeDraft> {
        self.drafted.as_ref().filter(|draft| draft.round == handoff.round)
    }

    /// The last time that it was sent.
    pub fn last_sent(&self) -> Option<&SentWelcome> {
        self.sent.last()
    }
}

impl Handoff {
    /// Whether the customer may be written to, and by whom.
    pub fn may_welcome(&self, member: &Member) -> Result<(), WelcomeRefusal> {
        let is_open = matches!(self.state, HandoffState::Submitted | HandoffState::Skipped);
        if !is_open || self.account.status == AccountStatus::Cancelled {
            return Err(WelcomeRefusal::NotNow);
        }
        let Some((csm, _)) = self.csm_in_charge() else { return Err(WelcomeRefusal::NoCsm) };
        let is_theirs = *csm == member.id && member.has(Role::Csm);
        if is_theirs || member.has(Role::Admin) { Ok(()) } else { Err(WelcomeRefusal::NotYours) }
    }
}

#[cfg(test)]
mod tests;
