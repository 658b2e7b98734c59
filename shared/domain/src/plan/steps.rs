//! What people do on a plan, and what follows: milestones that are done, an account that goes live. Each step gives the plan
//! and the handoff as they are then, and the events that tell of it.

use super::template::day_in;
use super::{Action, ActionKind, ActionState, Mark, Milestone, MilestoneState, Plan, Purpose, Template};
use crate::account::AccountStatus;
use crate::event::{Event, PlanStep, What, Who};
use crate::handoff::{Handoff, StepRefusal, reason};
use crate::id::{ActionId, MilestoneId};
use crate::limits::{ACTIONS_MAX, PLAN_TITLE_MAX_CHARS};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a person does with one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Begins.
    Start,
    /// Finishes.
    Complete,
    /// Takes the last step back: what was finished stands as before, what was begun is open.
    Reopen {
        /// Where the action stood on the page; taking back twice is taking back once.
        seen: Option<ActionState>,
    },
    /// Leaves it out, and says why.
    Skip {
        /// As it was typed.
        reason: &'a str,
    },
}

/// An action that a person adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    /// Unique within the plan.
    pub id: ActionId,
    /// As it was typed.
    pub title: String,
    /// How.
    pub kind: ActionKind,
    /// The last day to do it.
    pub due: Option<Date>,
}

/// Why a step on a plan cannot be taken. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    /// The plan has no such milestone or action.
    #[error("This is no longer in the plan. Nothing was changed.")]
    Unknown,
    /// The action or the plan stands elsewhere by now.
    #[error("Somebody changed this in the meantime. Look at how it stands now; nothing was changed.")]
    NotNow,
    /// Something was done already, so that no other template can take the plan's place.
    #[error("Something of this plan is done already, so it stays. Add the actions that are missing instead.")]
    Touched,
    /// An action needs words.
    #[error("Please say what is to be done, in up to {PLAN_TITLE_MAX_CHARS} characters.")]
    Title,
    /// The plan is full.
    #[error("This plan has {ACTIONS_MAX} actions of your own already. Use one of them.")]
    TooMany,
    /// The reason is missing or too long.
    #[error("{0}")]
    Reason(StepRefusal),
}

/// A plan after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The plan, one revision on.
    pub plan: Plan,
    /// The handoff: the account's status follows the plan. The same as before in all but a plan's last and first steps.
    pub handoff: Handoff,
    /// What is told.
    pub told: Vec<Event>,
}

impl Plan {
    /// One step on one action; `None` when it stands so already, so that a repeat changes nothing.
    pub fn take(
        &self,
        handoff: &Handoff,
        (milestone, action): (&MilestoneId, &ActionId),
        step: Step<'_>,
        who: Who,
        now: Timestamp,
    ) -> Result<Option<Moved>, PlanRefusal> {
        let mut plan = self.clone();
        let (milestone, action) = plan.find_mut(milestone, action).ok_or(PlanRefusal::Unknown)?;
        let mark = Mark { at: now, by: who.clone() };
        let Some(step) = action.step(step, mark)? else { return Ok(None) };
        let (title, reason) = (action.title.clone(), action.reason.clone());
        let what = What::PlanStepTaken { step, milestone, action: action.id.clone(), title, reason };
        Ok(Some(self.moved(plan, handoff, what, who, now)))
    }

    /// Completes the first unfinished action of this purpose; `None` when there is none, which is no error.
    pub fn complete_purpose(
        &self,
        handoff: &Handoff,
        purpose: Purpose,
        who: Who,
        now: Timestamp,
    ) -> Option<Moved> {
        let (milestone, action) = self.open_for(purpose)?;
        self.take(handoff, (&milestone.id, &action.id), Step::Complete, who, now).ok().flatten()
    }

    /// With one more action at the end of a milestone; a milestone that was done is not any more.
    pub fn add(
        &self,
        handoff: &Handoff,
        milestone: &MilestoneId,
        new: NewAction,
        who: Who,
        now: Timestamp,
    ) -> Result<Moved, PlanRefusal> {
        let title = new.title.trim();
        if title.is_empty() || title.chars().count() > PLAN_TITLE_MAX_CHARS {
            return Err(PlanRefusal::Title);
        }
        if self.actions().filter(|action| action.added.is_some()).count() >= ACTIONS_MAX {
            return Err(PlanRefusal::TooMany);
        }
        if self.actions().any(|action| action.id == new.id) {
            return Err(PlanRefusal::NotNow);
        }
        let mut plan = self.clone();
        let place =
            plan.milestones.iter_mut().find(|one| &one.id == milestone).ok_or(PlanRefusal::Unknown)?;
        place.actions.push(Action {
            id: new.id.clone(),
            title: title.to_owned(),
            kind: new.kind,
            purpose: None,
            days: None,
            due: new.due,
            state: ActionState::Open,
            started: None,
            finished: None,
            reason: String::new(),
            added: Some(Mark { at: now, by: who.clone() }),
        });
        let what = What::PlanStepTaken {
            step: PlanStep::Added,
            milestone: milestone.clone(),
            action: new.id,
            title: title.to_owned(),
            reason: String::new(),
        };
        Ok(self.moved(plan, handoff, what, who, now))
    }

    /// Another template in the place of this plan, as long as nobody has done anything on it.
    pub fn replace(
        &self,
        handoff: &Handoff,
        template: &Template,
        who: Who,
        now: Timestamp,
    ) -> Result<Moved, PlanRefusal> {
        if !self.is_untouched() {
            return Err(PlanRefusal::Touched);
        }
        let plan = template.apply(now, &handoff.time_zone);
        let what = What::TemplateChosen {
            name: template.name.clone(),
            version: template.version,
            before: self.template.clone(),
        };
        Ok(self.moved(plan, handoff, what, who, now))
    }

    /// The first plan of an account that was started without a submit.
    pub fn begin(
        handoff: &Handoff,
        template: &Template,
        who: Who,
        now: Timestamp,
    ) -> Result<Moved, PlanRefusal> {
        if handoff.account.status != AccountStatus::Onboarding {
            return Err(PlanRefusal::NotNow);
        }
        let plan = template.apply(now, &handoff.time_zone);
        let (name, version) = (template.name.clone(), template.version);
        let what = What::TemplateChosen { name, version, before: String::new() };
        let told = vec![Event::new(handoff, now, "plan-000000-0", who, what)];
        Ok(Moved { plan, handoff: handoff.clone(), told })
    }

    fn find_mut(&mut self, milestone: &MilestoneId, action: &ActionId) -> Option<(MilestoneId, &mut Action)> {
        let place = self.milestones.iter_mut().find(|one| &one.id == milestone)?;
        Some((place.id.clone(), place.actions.iter_mut().find(|one| &one.id == action)?))
    }

    /// The plan with what follows from a step, and all that is told of it.
    fn moved(&self, mut plan: Self, handoff: &Handoff, first: What, who: Who, now: Timestamp) -> Moved {
        plan.revision = self.revision + 1;
        plan.settle(day_in(now, &handoff.time_zone));
        let mut what = vec![first];
        what.extend(plan.milestones.iter().filter_map(|after| self.change_of(after)));
        let mut after = handoff.clone();
        after.account.status = plan.account_status(handoff.account.status);
        match (handoff.account.status, after.account.status) {
            (before, after) if before == after => {}
            (_, AccountStatus::Live) => what.push(What::WentLive),
            _ => what.push(What::BackInOnboarding),
        }
        let told = what.into_iter().enumerate().map(|(index, what)| {
            Event::new(&after, now, format_args!("plan-{:06}-{index}", plan.revision), who.clone(), what)
        });
        let told = told.collect();
        Moved { plan, handoff: after, told }
    }

    /// What is told of a milestone that is done now, or not any more.
    fn change_of(&self, after: &Milestone) -> Option<What> {
        let before = self.milestones.iter().find(|before| before.id == after.id)?;
        let (was, is) = (before.state == MilestoneState::Done, after.state == MilestoneState::Done);
        let (milestone, title) = (after.id.clone(), after.title.clone());
        match (was, is) {
            (false, true) => Some(What::MilestoneDone { milestone, title }),
            (true, false) => Some(What::MilestoneReopened { milestone, title }),
            _ => None,
        }
    }
}

impl Step<'_> {
    /// Whether the action stands so already.
    fn is_done(self, state: ActionState) -> bool {
        use ActionState::{Completed, Open, Skipped, Started};
        match self {
            Self::Start => state == Started,
            Self::Complete => state == Completed,
            Self::Skip { .. } => state == Skipped,
            Self::Reopen { seen } => {
                state == Open || matches!((seen, state), (Some(Completed | Skipped), Started))
            }
        }
    }
}

impl Action {
    /// Carries out a step; `None` when nothing changes.
    fn step(&mut self, step: Step<'_>, mark: Mark) -> Result<Option<PlanStep>, PlanRefusal> {
        use ActionState::{Completed, Open, Skipped, Started};
        if step.is_done(self.state) {
            return Ok(None);
        }
        match (step, self.state) {
            (Step::Reopen { seen: Some(seen) }, is) if seen != is => Err(PlanRefusal::NotNow),
            (Step::Start, Open) => {
                (self.state, self.started) = (Started, Some(mark));
                Ok(Some(PlanStep::Started))
            }
            (Step::Complete, Open | Started) => {
                (self.state, self.finished) = (Completed, Some(mark));
                Ok(Some(PlanStep::Completed))
            }
            (Step::Skip { reason: typed }, Open | Started) => {
                self.reason = reason(typed).map_err(PlanRefusal::Reason)?;
                (self.state, self.finished) = (Skipped, Some(mark));
                Ok(Some(PlanStep::Skipped))
            }
            (Step::Reopen { .. }, Started) => {
                (self.state, self.started) = (Open, None);
                Ok(Some(PlanStep::Reopened))
            }
            (Step::Reopen { .. }, Completed | Skipped) => {
                self.state = if self.started.is_some() { Started } else { Open };
                self.finished = None;
                self.reason.clear();
                Ok(Some(PlanStep::Reopened))
            }
            (_, _) => Err(PlanRefusal::NotNow),
        }
    }
}
