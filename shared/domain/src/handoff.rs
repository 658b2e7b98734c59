//! The handoff: one account's way from Sales to Customer Success, its states and what may happen in each.

mod assign;
mod attention;
mod begin;
mod frozen;
mod origin;
mod redraft;
mod steps;
mod time;

pub use assign::{AssignRefusal, AssignWish, Assigned};
pub use attention::Attention;
pub use frozen::{FinalAnswer, Submission};
pub use origin::Origin;
pub use steps::{EndedRound, StepRefusal, reason};
pub use time::{NotMine, NotMineRefusal, Passed, PassedMail};

use crate::account::Account;
use crate::answer::{Answer, AnswerOrigin, AnswerValue, Change, InvalidAnswer};
use crate::draft::Drafts;
use crate::email::EmailAddress;
use crate::finding::Settlement;
pub use crate::form::{Changes, FieldErrors, FormInput, answer_field, conflict_field, promise_field};
use crate::id::{
    AccountId, ConflictId, CorrelationId, MemberId, OrganizationId, PromiseId, QuestionId, RunId,
};
use crate::limits::HANDOFF_ANSWERS_MAX_BYTES;
use crate::link::Link;
use crate::reminder::NextReminder;
use crate::research::Research;
use crate::roster::Roster;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Where a handoff stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffState {
    /// Sources are gathered and answers drafted.
    Drafting,
    /// The AE has the link.
    AwaitingAe,
    /// Done; the answers are frozen.
    Submitted,
    /// Closed by a person without a submit.
    Skipped,
    /// The link's last day passed without a submit.
    Expired,
}

impl HandoffState {
    /// The state as the table spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::AwaitingAe => "awaiting_ae",
            Self::Submitted => "submitted",
            Self::Skipped => "skipped",
            Self::Expired => "expired",
        }
    }
}

/// The account executive, as the CRM knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ae {
    /// Full name; may be empty.
    pub name: String,
    /// Where the link goes; missing when HubSpot has none.
    pub email: Option<EmailAddress>,
}

/// Whom the AE chose to take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsmChoice {
    /// A CSM of the roster.
    Member(MemberId),
    /// The right one is not in the list.
    Placeholder {
        /// What the AE knows of the name; may be empty.
        name: String,
        /// What the AE knows of the address; may be empty.
        email: String,
    },
}

/// A worker's claim on a handoff that it drafts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftingClaim {
    /// The run.
    pub run: RunId,
    /// Until when nobody else may take it over.
    pub until: Timestamp,
}

/// A new draft that was asked for and has not arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRedraft {
    /// The run that will bring it.
    pub run: RunId,
    /// One question, or all.
    pub question: Option<QuestionId>,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// That the CSM gave the handoff back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// When.
    pub at: Timestamp,
    /// Their name at that moment.
    pub by: String,
    /// What is missing or wrong, in their words.
    pub reason: String,
}

/// One account and its handoff. One item of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub id: AccountId,
    /// The organization's name, as it was when the handoff began.
    pub organization_name: String,
    /// The organization's IANA time zone, as it was when the handoff began.
    pub time_zone: String,
    /// The customer.
    pub account: Account,
    /// Who hands over.
    pub ae: Ae,
    /// 1 for the first; a return by the CSM opens the next.
    pub round: u32,
    /// Where it stands.
    pub state: HandoffState,
    /// Why someone should look; empty when all is well.
    #[serde(default)]
    pub attention: BTreeSet<Attention>,
    /// Since when there is a reason to look; see [`Handoff::raise`].
    #[serde(default)]
    pub attention_since: Option<Timestamp>,
    /// The question set version that it began with.
    pub question_set: u32,
    /// When the account was made.
    pub created_at: Timestamp,
    /// The way that began with the delivery that made the account.
    #[serde(default)]
    pub correlation: Option<CorrelationId>,
    /// How its deal became known.
    #[serde(default)]
    pub origin: Origin,
    /// The worker that drafts, while drafting.
    #[serde(default)]
    pub claim: Option<DraftingClaim>,
    /// The reading of the customer's website, once it was asked for.
    #[serde(default)]
    pub research: Option<Research>,
    /// The link that is alive; `None` until the drafts are ready.
    #[serde(default)]
    pub link: Option<Link>,
    /// Raised by each save of a person, never by a redraft.
    #[serde(default)]
    pub version: u64,
    /// Raised by each write of any kind, so that two writers notice each other.
    #[serde(default)]
    pub revision: u64,
    /// What persons left in the form, by question. Emptied when frozen into the submission.
    #[serde(default)]
    pub answers: BTreeMap<QuestionId, Answer>,
    /// The note to the CSM as saved.
    #[serde(default)]
    pub note: String,
    /// How conflicts were settled so far. Emptied into the submission, as the answers are.
    #[serde(default)]
    pub settled: BTreeMap<ConflictId, Settlement>,
    /// Promises that the AE took out so far. Emptied into the submission. Stored by id, so that one can be taken out and
    /// put back in place.
    #[serde(default, with = "crate::settling::by_id")]
    pub dropped_promises: BTreeSet<PromiseId>,
    /// The CSM as chosen so far.
    #[serde(default)]
    pub csm: Option<CsmChoice>,
    /// When a person first opened the form.
    #[serde(default)]
    pub opened_at: Option<Timestamp>,
    /// New drafts asked for so far.
    #[serde(default)]
    pub redrafts: u32,
    /// The new draft under way.
    #[serde(default)]
    pub redraft: Option<PendingRedraft>,
    /// Fresh links asked for so far by an expired handoff.
    #[serde(default)]
    pub renewals: u32,
    /// Set once per round, by the submit.
    #[serde(default)]
    pub submission: Option<Submission>,
    /// Who has the account.
    #[serde(default)]
    pub assigned: Option<Assigned>,
    /// How often it got a CSM, the first time included: each time has mails of its own.
    #[serde(default)]
    pub assignments: u32,
    /// Why this round was opened; `None` in the first.
    #[serde(default)]
    pub returned: Option<Returned>,
    /// How often the AE was reminded in this round.
    #[serde(default)]
    pub reminders: u32,
    /// The next reminder that comes by itself.
    #[serde(default)]
    pub reminder: Option<NextReminder>,
    /// When the AE was last reminded of the link that is alive, by whoever.
    #[serde(default)]
    pub reminded_at: Option<Timestamp>,
    /// Why it was skipped; empty unless it was.
    #[serde(default)]
    pub skip_reason: String,
    /// When the material from Sales goes: whole notes, mails, calls. `None` where it is kept as long as the account.
    #[serde(default)]
    pub material_until: Option<Timestamp>,
}

/// Why a submit was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitRefusal {
    /// Fields to mend.
    Fields(FieldErrors),
    /// The handoff is not waiting for its AE.
    NotAwaiting,
    /// Another tab or person saved since the form was shown.
    Stale,
}

impl Handoff {
    /// The value that the form shows for a question: what a person left, else the draft.
    pub fn shown_value<'a>(&'a self, drafts: &'a Drafts, question: &QuestionId) -> Option<&'a AnswerValue> {
        match self.answers.get(question) {
            Some(answer) => answer.value.as_ref(),
            None => drafts.find(question).and_then(|draft| draft.value.as_ref()),
        }
    }

    /// Whether a person changed this answer away from its draft.
    pub fn is_edited(&self, drafts: &Drafts, question: &QuestionId) -> bool {
        let drafted = drafts.find(question).and_then(|draft| draft.value.as_ref());
        self.answers.get(question).is_some_and(|answer| answer.value.as_ref() != drafted)
    }

    /// The handoff as it is after a save at `now`: the version raised, the first opening noted, answers that hang on a
    /// conflict as it is settled now.
    pub fn save(&self, drafts: &Drafts, changes: Changes, now: Timestamp) -> Result<Self, FieldErrors> {
        let mut saved = self.clone();
        saved.take_choices(&changes);
        let following = self.answers_that_follow(drafts, &changes);
        for (id, value) in changes.answers.into_iter().chain(following) {
            saved.answers.insert(id, Answer { value, saved_at: now });
        }
        saved.note = changes.note.unwrap_or(saved.note);
        saved.csm = changes.csm.unwrap_or(saved.csm);
        saved.version += 1;
        saved.opened_at = saved.opened_at.or(Some(now));
        if saved.typed_bytes() > HANDOFF_ANSWERS_MAX_BYTES {
            let remedy = "This handoff holds too much text. Please shorten the longest answers.".to_owned();
            return Err(FieldErrors::from([("answers".to_owned(), remedy)]));
        }
        Ok(saved)
    }

    /// Bytes that people typed into it.
    pub fn typed_bytes(&self) -> usize {
        let answers = self.answers.values().filter_map(|answer| answer.value.as_ref());
        answers.map(AnswerValue::len_bytes).sum::<usize>() + self.note.len()
    }

    /// The handoff as it is after a submit at `now`: answers frozen, the CSM chosen, the account in onboarding.
    pub fn submit(
        &self,
        drafts: &Drafts,
        roster: &Roster,
        changes: Changes,
        seen_version: u64,
        now: Timestamp,
    ) -> Result<Self, SubmitRefusal> {
        if self.state != HandoffState::AwaitingAe {
            return Err(SubmitRefusal::NotAwaiting);
        }
        if seen_version != self.version {
            return Err(SubmitRefusal::Stale);
        }
        let mut done = self.save(drafts, changes, now).map_err(SubmitRefusal::Fields)?;
        let mut errors = FieldErrors::new();
        let answers = done.freeze_answers(drafts, &mut errors);
        let csm = done.csm.clone().and_then(|choice| csm_name(&choice, roster).map(|name| (choice, name)));
        let Some((csm, csm_name)) = csm else {
            errors.insert("csm".to_owned(), "Please choose a CSM, or “Not in the list”.".to_owned());
            return Err(SubmitRefusal::Fields(errors));
        };
        if !errors.is_empty() {
            return Err(SubmitRefusal::Fields(errors));
        }
        done.lower(Attention::Overdue);
        done.lower(Attention::WrongAe);
        match &csm {
            CsmChoice::Member(id) => done.hand_to(id.clone(), csm_name.clone(), now),
            CsmChoice::Placeholder { .. } => {
                // In a later round too: the AE wants somebody else than whoever had it.
                done.assigned = None;
                done.raise(Attention::CsmMissing, now);
            }
        }
        let (settled, dropped_promises) = done.take_frozen_choices(drafts);
        done.submission = Some(Submission {
            at: now,
            answers,
            note: std::mem::take(&mut done.note),
            settled,
            dropped_promises,
            csm,
            csm_name,
        });
        done.answers.clear();
        done.redraft = None;
        done.reminder = None;
        done.state = HandoffState::Submitted;
        done.account.status = crate::account::AccountStatus::Onboarding;
        Ok(done)
    }

    fn freeze_answers(&self, drafts: &Drafts, errors: &mut FieldErrors) -> BTreeMap<QuestionId, FinalAnswer> {
        let mut frozen = BTreeMap::new();
        for question in &drafts.questions.questions {
            match self.shown_value(drafts, &question.id) {
                Some(value) => {
                    let draft = drafts.find(&question.id);
                    let answer = FinalAnswer {
                        value: value.clone(),
                        origin: AnswerOrigin::of(value, draft),
                        change: Some(Change::of(value, draft)),
                        from: draft.map(|draft| drafts.kinds_behind(draft)).unwrap_or_default(),
                    };
                    frozen.insert(question.id.clone(), answer);
                }
                None if question.required => {
                    errors.insert(answer_field(&question.id), InvalidAnswer::Missing.to_string());
                }
                None => {}
            }
        }
        frozen
    }
}

fn csm_name(choice: &CsmChoice, roster: &Roster) -> Option<String> {
    match choice {
        CsmChoice::Member(id) => roster.find_csm(id).map(|csm| csm.name.clone()),
        CsmChoice::Placeholder { name, .. } if name.is_empty() => {
            Some("a CSM who is still to be named".to_owned())
        }
        CsmChoice::Placeholder { name, .. } => Some(name.clone()),
    }
}

#[cfg(test)]
pub(crate) mod tests;
