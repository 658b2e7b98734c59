//! The onboarding plan of an account: milestones in their order, each with actions. A milestone is done when all its
//! actions are; the first that is not done is the one to work on.

mod dates;
mod rule;
mod steps;
mod template;
mod templates;

pub use dates::{is_weekend, working_days_after};
pub use rule::Rule;
pub use steps::{Moved, NewAction, PlanRefusal, Step};
pub use template::{Template, TemplateAction, TemplateMilestone};
pub use templates::{TemplateRefusal, Templates};

use crate::account::AccountStatus;
use crate::event::Who;
use crate::id::{ActionId, MilestoneId, TemplateId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of doing an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// A mail to the customer.
    Email,
    /// A meeting with the customer.
    Meeting,
    /// Something else to do.
    Task,
}

/// What the program itself does, and completes the action by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The welcome e-mail is sent.
    Welcome,
    /// The kickoff is recorded.
    Kickoff,
}

/// Where a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneState {
    /// Waits for the one before.
    Waiting,
    /// The one to work on.
    Ready,
    /// All actions completed or skipped.
    Done,
}

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// Nobody began.
    Open,
    /// Somebody began.
    Started,
    /// Finished.
    Completed,
    /// Left out on purpose.
    Skipped,
}

impl ActionState {
    /// Whether nothing is left to do.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Skipped)
    }

    /// The state as forms spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Skipped => "skipped",
        }
    }
}

/// That a person took a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Who,
}

/// One action of an account's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Unique within the plan.
    pub id: ActionId,
    /// What is done.
    pub title: String,
    /// How.
    pub kind: ActionKind,
    /// What the program does for it.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// Working days that it may take from the day on which its milestone is ready; `None` where nobody set a limit, and for
    /// actions with a date of their own.
    #[serde(default)]
    pub days: Option<u16>,
    /// The last day to do it; set when its milestone is ready, or by whoever added it.
    #[serde(default)]
    pub due: Option<Date>,
    /// Where it stands.
    pub state: ActionState,
    /// Who began, when; kept when it is finished.
    #[serde(default)]
    pub started: Option<Mark>,
    /// Who completed or skipped it, when.
    #[serde(default)]
    pub finished: Option<Mark>,
    /// Why it was skipped; empty unless it was.
    #[serde(default)]
    pub reason: String,
    /// Who added it, for one that is not of the template.
    #[serde(default)]
    pub added: Option<Mark>,
}

impl Action {
    /// Whether its last day is over.
    pub fn is_overdue(&self, today: Date) -> bool {
        !self.state.is_finished() && self.due.is_some_and(|due| due < today)
    }
}

/// One milestone of an account's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Unique within the plan.
    pub id: MilestoneId,
    /// What is reached.
    pub title: String,
    /// Where it stands.
    pub state: MilestoneState,
    /// How it is reached.
    pub actions: Vec<Action>,
}

impl Milestone {
    /// Actions that are completed or skipped.
    pub fn finished(&self) -> usize {
        self.actions.iter().filter(|action| action.state.is_finished()).count()
    }
}

/// The plan of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The template that it came from.
    pub template_id: TemplateId,
    /// Name of the template at that moment.
    pub template: String,
    /// Version of the template that it came from; it keeps that one.
    pub template_version: u32,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// Raised by each write, so that two people who work on it notice each other.
    #[serde(default)]
    pub revision: u64,
    /// In order.
    pub milestones: Vec<Milestone>,
}

impl Plan {
    /// Whether all milestones are done.
    pub fn is_done(&self) -> bool {
        self.milestones.iter().all(|milestone| milestone.state == MilestoneState::Done)
    }

    /// The milestone to work on; `None` when all are done.
    pub fn ready(&self) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.state == MilestoneState::Ready)
    }

    /// Whether nobody has done anything on it: only then may another template take its place.
    pub fn is_untouched(&self) -> bool {
        self.actions().all(|action| action.state == ActionState::Open && action.added.is_none())
    }

    /// All actions in order.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        self.milestones.iter().flat_map(|milestone| &milestone.actions)
    }

    /// The first unfinished action of this purpose, in the order of the plan.
    pub fn open_for(&self, purpose: Purpose) -> Option<(&Milestone, &Action)> {
        let mut all =
            self.milestones.iter().flat_map(|one| one.actions.iter().map(move |action| (one, action)));
        all.find(|(_, action)| action.purpose == Some(purpose) && !action.state.is_finished())
    }

    /// Where the account stands with this plan: live when all is done, in onboarding while something is left. A handoff that
    /// is with its AE and a customer who left stay as they are.
    pub fn account_status(&self, now: AccountStatus) -> AccountStatus {
        match now {
            AccountStatus::Onboarding | AccountStatus::Live if self.is_done() => AccountStatus::Live,
            AccountStatus::Live => AccountStatus::Onboarding,
            other => other,
        }
    }

    /// Puts each milestone where its actions say: done, or ready as the first that is not, or waiting. Actions of a milestone
    /// that is ready get their last day, and lose it while it waits again.
    fn settle(&mut self, today: Date) {
        let mut is_ready_taken = false;
        for milestone in &mut self.milestones {
            milestone.state = if milestone.actions.iter().all(|action| action.state.is_finished()) {
                MilestoneState::Done
            } else if std::mem::replace(&mut is_ready_taken, true) {
                MilestoneState::Waiting
            } else {
                MilestoneState::Ready
            };
            let state = milestone.state;
            for action in milestone.actions.iter_mut().filter(|action| !action.state.is_finished()) {
                let Some(days) = action.days else { continue };
                action.due = match state {
                    MilestoneState::Waiting => None,
                    _ => action.due.or_else(|| Some(working_days_after(today, days))),
                };
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
