//! What happened to an account, as facts that are never changed: its audit trail, its timeline for people, and what day
//! totals are folded from. Each is written in the transaction of the change that it tells of.

mod tell;

pub use tell::{AnswerCounts, AnswerMade};

use crate::draft::{DraftedBy, Usage};
use crate::handoff::{Attention, Handoff};
use crate::id::{ActionId, EventId, MemberId, MilestoneId, NoteId, OutboxId, QuestionId, RunId};
use crate::rating::Rating;
use crate::roster::Member;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Follows from the cause, so that a repeat of the same writes the same.
    pub id: EventId,
    /// In which round of the handoff; `None` where whoever told it does not know.
    #[serde(default)]
    pub round: Option<u32>,
    /// Who did it.
    pub who: Who,
    /// What it was.
    pub what: What,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Nobody: it follows from something else, or from time.
    System,
    /// Whoever holds the AE's link.
    Ae {
        /// The AE's name at that moment; may be empty.
        name: String,
    },
    /// A person of the roster.
    Member {
        /// Who.
        id: MemberId,
        /// Their name at that moment.
        name: String,
    },
}

impl Who {
    /// The AE of this handoff.
    pub fn ae(handoff: &Handoff) -> Self {
        Self::Ae { name: handoff.ae.name.clone() }
    }
}

impl From<&Member> for Who {
    fn from(member: &Member) -> Self {
        Self::Member { id: member.id.clone(), name: member.name.clone() }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The account was made.
    AccountCreated {
        /// By a person, and not from a deal.
        by_hand: bool,
    },
    /// Answers were drafted.
    DraftsReady {
        /// Which drafter wrote.
        by: DraftedBy,
        /// Questions that have a draft.
        drafted: u32,
        /// Questions in all.
        questions: u32,
        /// Sources that were read.
        sources: u32,
        /// What could not be read.
        gaps: u32,
        /// What it took of the model.
        #[serde(default)]
        usage: Usage,
    },
    /// The link's mail is owed to the AE for the first time, or again because the AE changed.
    InvitationOwed {
        /// Generation of the link.
        generation: u32,
    },
    /// SES took mails.
    MailSent {
        /// Their kind.
        mail: String,
        /// What owed them.
        cause: OutboxId,
        /// How many.
        count: u32,
    },
    /// Mails could not be sent and were given up.
    MailFailed {
        /// Their kind.
        mail: String,
        /// What owed them.
        cause: OutboxId,
        /// How many.
        count: u32,
    },
    /// A mail that SES took will never arrive.
    MailLost {
        /// What owed it.
        cause: OutboxId,
        /// SES's word for it, for example `Bounce`.
        how: String,
        /// Which of its mails, from 0.
        #[serde(default)]
        mail: Option<u32>,
    },
    /// There is a reason why someone should look.
    AttentionRaised {
        /// Which.
        reason: Attention,
    },
    /// The reason is gone.
    AttentionCleared {
        /// Which.
        reason: Attention,
    },
    /// A person opened the form for the first time.
    Opened,
    /// The AE asked for new drafts.
    RedraftAsked {
        /// The run that is to bring them.
        run: RunId,
        /// One question, or all.
        question: Option<QuestionId>,
    },
    /// They could not be asked for after all; the wish does not count.
    RedraftWithdrawn {
        /// The run.
        run: RunId,
    },
    /// New drafts came.
    RedraftArrived {
        /// The run.
        run: RunId,
        /// Which drafter wrote.
        by: DraftedBy,
        /// What it took of the model.
        #[serde(default)]
        usage: Usage,
    },
    /// The AE handed over.
    Submitted {
        /// Who takes over; `None` for a placeholder.
        csm: Option<MemberId>,
        /// Their name.
        csm_name: String,
        /// How the answers came to be.
        answers: AnswerCounts,
        /// The same by question.
        #[serde(default)]
        made: BTreeMap<QuestionId, AnswerMade>,
        /// Name of the plan's template; empty where no plan was laid.
        #[serde(default)]
        template: String,
    },
    /// A person gave the account to a CSM; nobody had it.
    Assigned {
        /// Who has it now.
        csm: MemberId,
        /// Their name at that moment.
        csm_name: String,
        /// Why; may be empty.
        reason: String,
    },
    /// A person gave the account to another CSM.
    Reassigned {
        /// Who had it.
        from: MemberId,
        /// Their name as it was known.
        from_name: String,
        /// Who has it now.
        csm: MemberId,
        /// Their name at that moment.
        csm_name: String,
        /// Why; empty only where whoever had it had left.
        reason: String,
    },
    /// A person closed it without a submit.
    Skipped {
        /// Why.
        reason: String,
    },
    /// The AE got a new link from a person, and the one before died.
    Resent {
        /// Generation of the new link.
        generation: u32,
    },
    /// An expired link was replaced.
    Renewed {
        /// Generation of the new link.
        generation: u32,
    },
    /// The AE was reminded, with the link that is alive.
    Reminded {
        /// Generation of the link.
        generation: u32,
        /// Which step it was, in days after the link was made; `None` where a person asked for it.
        #[serde(default)]
        day: Option<u8>,
    },
    /// The link's last day passed without a submit.
    Expired {
        /// Generation of the link.
        generation: u32,
    },
    /// The AE asked to be reminded on a day of their choice.
    LaterAsked {
        /// Which.
        date: Date,
    },
    /// The AE says that the handoff is not theirs.
    NotMine {
        /// Whose it is, as they say, of the roster.
        colleague: Option<MemberId>,
        /// Their name at that moment; may be empty.
        colleague_name: String,
        /// What the AE wrote; may be empty.
        word: String,
    },
    /// The handoff went back to the AE for another round.
    Returned {
        /// Why.
        reason: String,
    },
    /// A note was added.
    NoteAdded {
        /// Which.
        note: NoteId,
    },
    /// A note was changed; the text before is kept.
    NoteEdited {
        /// Which.
        note: NoteId,
    },
    /// The handoff was rated, or rated anew.
    Rated {
        /// What was said.
        rating: Rating,
        /// What it takes the place of.
        before: Option<Rating>,
    },
    /// A model was asked to draft the welcome mail.
    WelcomeDraftAsked {
        /// The run that is to bring it.
        run: RunId,
    },
    /// Its draft came, or it could not be had and the plain one stands.
    WelcomeDrafted {
        /// The run.
        run: RunId,
        /// Which drafter wrote; `None` when nothing came of it.
        by: Option<DraftedBy>,
    },
    /// The welcome mail went to the customer.
    WelcomeSent {
        /// To how many people.
        to: u32,
        /// 1 for the first time.
        number: u32,
        /// What owes the mails.
        cause: OutboxId,
    },
    /// The kickoff was planned, or moved.
    KickoffPlanned {
        /// When it begins.
        starts_at: Timestamp,
        /// How long it takes.
        minutes: u32,
        /// How often it was moved; 0 for the first plan.
        moves: u32,
    },
    /// Something was done on the plan.
    PlanStepTaken {
        /// What.
        step: PlanStep,
        /// In which milestone.
        milestone: MilestoneId,
        /// With which action.
        action: ActionId,
        /// What the action is called.
        title: String,
        /// Why it was skipped; empty for the other steps.
        reason: String,
    },
    /// A milestone of the plan is done.
    MilestoneDone {
        /// Which.
        milestone: MilestoneId,
        /// What it is called.
        title: String,
    },
    /// A milestone that was done has something left to do again.
    MilestoneReopened {
        /// Which.
        milestone: MilestoneId,
        /// What it is called.
        title: String,
    },
    /// The account got another plan, or one where the submit laid none.
    TemplateChosen {
        /// Name of the template.
        name: String,
        /// Its version.
        version: u32,
        /// Name of the template before; empty where there was no plan.
        before: String,
    },
    /// The whole plan is done: the account is live.
    WentLive,
    /// Something of the plan is left to do again.
    BackInOnboarding,
}

/// What was done with an action of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStep {
    /// Somebody began.
    Started,
    /// Finished.
    Completed,
    /// The last step was taken back.
    Reopened,
    /// Left out, with a reason.
    Skipped,
    /// Added by a person.
    Added,
}

impl Event {
    /// A fact about this handoff in its round. `cause` tells it from every other fact of the account at that moment.
    pub fn new(handoff: &Handoff, at: Timestamp, cause: impl fmt::Display, who: Who, what: What) -> Self {
        Self { at, id: EventId::of(&cause.to_string()), round: Some(handoff.round), who, what }
    }

    /// A fact told by someone who does not know the handoff.
    pub fn of_system(at: Timestamp, cause: impl fmt::Display, what: What) -> Self {
        Self { at, id: EventId::of(&cause.to_string()), round: None, who: Who::System, what }
    }
}
