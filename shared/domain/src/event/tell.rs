//! The facts that follow from the things themselves, so that whoever writes a change need not think of their words.

use super::{Event, What, Who};
use crate::answer::{AnswerOrigin, Change};
use crate::draft::Drafts;
use crate::handoff::{Attention, CsmChoice, Handoff, PendingRedraft, Submission};
use crate::id::{OutboxId, QuestionId, RunId};
use crate::outbox::{MailStatus, OutboxEntry};
use crate::plan::Plan;
use crate::source::SourceKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How the answers of a submit came to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerCounts {
    /// The draft, as it was.
    pub accepted: u32,
    /// The draft, changed by a person.
    pub edited: u32,
    /// A person, where no draft stood.
    pub written: u32,
}

/// How one answer of a submit came to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerMade {
    /// How far it is from the draft.
    pub change: Change,
    /// What kinds of sources the draft rested on.
    pub from: BTreeSet<SourceKind>,
}

fn made(submission: &Submission) -> BTreeMap<QuestionId, AnswerMade> {
    let answers = submission.answers.iter();
    let told = answers.filter_map(|(question, answer)| {
        Some((question.clone(), AnswerMade { change: answer.change?, from: answer.from.clone() }))
    });
    told.collect()
}

impl AnswerCounts {
    fn of(submission: &Submission) -> Self {
        let mut counts = Self::default();
        for answer in submission.answers.values() {
            match answer.origin {
                AnswerOrigin::Accepted => counts.accepted += 1,
                AnswerOrigin::Edited => counts.edited += 1,
                AnswerOrigin::Written => counts.written += 1,
            }
        }
        counts
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Event {
    /// The account was made.
    pub fn created(handoff: &Handoff, who: Who) -> Self {
        let by_hand = handoff.account.deal.is_none();
        Self::new(handoff, handoff.created_at, "created", who, What::AccountCreated { by_hand })
    }

    /// The drafts of a round are ready.
    pub fn drafted(after: &Handoff, drafts: &Drafts) -> Self {
        let what = What::DraftsReady {
            by: drafts.run.by.clone(),
            drafted: count(drafts.drafts.iter().filter(|draft| draft.value.is_some()).count()),
            questions: count(drafts.questions.questions.len()),
            sources: count(drafts.sources.len()),
            gaps: count(drafts.gaps.len()),
            usage: drafts.run.usage,
        };
        Self::new(after, drafts.run.finished_at, format_args!("drafts-{}", drafts.run.id), Who::System, what)
    }

    /// The AE's first mail with this link is owed.
    pub fn invitation_owed(after: &Handoff, generation: u32, now: Timestamp) -> Self {
        let what = What::InvitationOwed { generation };
        Self::new(after, now, format_args!("invitation-g{generation}"), Who::System, what)
    }

    /// New drafts came.
    pub fn redraft_arrived(after: &Handoff, drafts: &Drafts) -> Self {
        let run = &drafts.run;
        let what = What::RedraftArrived { run: run.id.clone(), by: run.by.clone(), usage: run.usage };
        Self::new(after, run.finished_at, format_args!("arrived-{}", run.id), Who::System, what)
    }

    /// A person opened the form for the first time. Whoever tells it does not know the handoff's round, but the AE's.
    pub fn opened(now: Timestamp) -> Self {
        let who = Who::Ae { name: String::new() };
        Self { who, ..Self::of_system(now, "opened", What::Opened) }
    }

    /// The AE asked for new drafts.
    pub fn redraft_asked(pending: &PendingRedraft) -> Self {
        let (run, question) = (pending.run.clone(), pending.question.clone());
        let cause = format!("asked-{run}");
        let what = What::RedraftAsked { run, question };
        let who = Who::Ae { name: String::new() };
        Self { who, ..Self::of_system(pending.asked_at, cause, what) }
    }

    /// The new drafts could not be asked for.
    pub fn redraft_withdrawn(run: &RunId, now: Timestamp) -> Self {
        let what = What::RedraftWithdrawn { run: run.clone() };
        Self::of_system(now, format_args!("withdrawn-{run}"), what)
    }

    /// The AE handed over, and which plan was laid; `None` when the handoff holds no submission.
    pub fn submitted(after: &Handoff, plan: Option<&Plan>) -> Option<Self> {
        let submission = after.submission.as_ref()?;
        let csm = match &submission.csm {
            CsmChoice::Member(id) => Some(id.clone()),
            CsmChoice::Placeholder { .. } => None,
        };
        let what = What::Submitted {
            csm,
            csm_name: submission.csm_name.clone(),
            answers: AnswerCounts::of(submission),
            made: made(submission),
            template: plan.map(|plan| plan.template.clone()).unwrap_or_default(),
        };
        let cause = format_args!("submitted-r{}", after.round);
        Some(Self::new(after, submission.at, cause, Who::ae(after), what))
    }

    /// Somebody else has the account; `None` when nobody has.
    pub fn assigned(
        before: &Handoff,
        after: &Handoff,
        who: Who,
        reason: String,
        now: Timestamp,
    ) -> Option<Self> {
        let (csm, csm_name) = after.csm_in_charge()?;
        let (csm, csm_name) = (csm.clone(), csm_name.to_owned());
        let what = match before.csm_in_charge() {
            None => What::Assigned { csm, csm_name, reason },
            Some((from, from_name)) => {
                let (from, from_name) = (from.clone(), from_name.to_owned());
                What::Reassigned { from, from_name, csm, csm_name, reason }
            }
        };
        Some(Self::new(after, now, format_args!("assigned-{}", after.assignments), who, what))
    }

    /// The reasons to look that came and went between the two. What lies behind them is told by facts of their own.
    pub fn attention(before: &Handoff, after: &Handoff, who: &Who, now: Timestamp) -> Vec<Self> {
        let raised = after.attention.difference(&before.attention);
        let raised = raised.map(|reason| ("raised", What::AttentionRaised { reason: *reason }, *reason));
        let cleared = before.attention.difference(&after.attention);
        let cleared = cleared.map(|reason| ("cleared", What::AttentionCleared { reason: *reason }, *reason));
        let told = raised.chain(cleared);
        told.map(|(word, what, reason)| {
            Self::new(after, now, format_args!("{word}-{}", reason.as_str()), who.clone(), what)
        })
        .collect()
    }

    /// One reason to look, raised without reading the handoff.
    pub fn attention_raised(reason: Attention, now: Timestamp) -> Self {
        let cause = format!("raised-{}", reason.as_str());
        Self::of_system(now, cause, What::AttentionRaised { reason })
    }

    /// A mail that SES took at first will never arrive. `at` is SES's own time, the same in every repeat.
    pub fn mail_lost(cause: &OutboxId, mail: usize, how: &str, at: Timestamp) -> Self {
        let number = u32::try_from(mail).ok();
        let what = What::MailLost { cause: cause.clone(), how: how.to_owned(), mail: number };
        Self::of_system(at, format_args!("lost-{mail}-{cause}"), what)
    }

    /// What a settled entry's mails came to, one fact for each kind and outcome.
    pub fn settled(entry: &OutboxEntry, now: Timestamp) -> Vec<Self> {
        let mut counts: BTreeMap<(&str, bool), u32> = BTreeMap::new();
        for mail in &entry.mails {
            let sent = match mail.status {
                MailStatus::Sent => true,
                MailStatus::Failed { .. } => false,
                MailStatus::Owed | MailStatus::Unknown { .. } | MailStatus::Overtaken => continue,
            };
            *counts.entry((mail.content.kind(), sent)).or_default() += 1;
        }
        let told = counts.into_iter().map(|((kind, sent), count)| {
            let (mail, cause) = (kind.to_owned(), entry.key.id.clone());
            let (word, what) = if sent {
                ("sent", What::MailSent { mail, cause, count })
            } else {
                ("failed", What::MailFailed { mail, cause, count })
            };
            Self::of_system(now, format_args!("{word}-{kind}-{}", entry.key.id), what)
        });
        told.collect()
    }
}
