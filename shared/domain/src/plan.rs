//! The onboarding plan: templates, and what an account gets from one when its handoff is submitted.

use jiff::Timestamp;
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

/// One action of a template's milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateAction {
    /// What is done.
    pub title: String,
    /// How.
    pub kind: ActionKind,
}

/// One milestone of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateMilestone {
    /// What is reached.
    pub title: String,
    /// How it is reached.
    pub actions: Vec<TemplateAction>,
}

/// The milestones that a new account gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// For people.
    pub name: String,
    /// 1 for the first; raised with each published change.
    pub version: u32,
    /// In order.
    pub milestones: Vec<TemplateMilestone>,
}

/// Where a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneState {
    /// Waits for the one before.
    Waiting,
    /// Can be started.
    Ready,
    /// All actions done or skipped.
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

/// One action of an account's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// What is done.
    pub title: String,
    /// How.
    pub kind: ActionKind,
    /// Where it stands.
    pub state: ActionState,
}

/// One milestone of an account's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What is reached.
    pub title: String,
    /// Where it stands.
    pub state: MilestoneState,
    /// How it is reached.
    pub actions: Vec<Action>,
}

/// The plan of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the template it came from.
    pub template: String,
    /// Version of the template it came from.
    pub template_version: u32,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// In order.
    pub milestones: Vec<Milestone>,
}

impl Template {
    /// The plan that an organization begins with.
    pub fn first() -> Self {
        let action = |title: &str, kind| TemplateAction { title: title.to_owned(), kind };
        let milestone = |title: &str, actions| TemplateMilestone { title: title.to_owned(), actions };
        Self {
            name: "Standard onboarding".to_owned(),
            version: 1,
            milestones: vec![
                milestone(
                    "Kickoff",
                    vec![
                        action("Send the welcome e-mail", ActionKind::Email),
                        action("Hold the kickoff call", ActionKind::Meeting),
                        action("Confirm goals and go-live date with the customer", ActionKind::Task),
                    ],
                ),
                milestone(
                    "Set up",
                    vec![
                        action("Connect the customer's systems", ActionKind::Task),
                        action("Train the first users", ActionKind::Meeting),
                    ],
                ),
                milestone("Go live", vec![action("Review the first weeks together", ActionKind::Meeting)]),
            ],
        }
    }

    /// The plan of a new account: every action open, the first milestone ready.
    pub fn apply(&self, now: Timestamp) -> Plan {
        let milestones = self.milestones.iter().enumerate().map(|(index, milestone)| Milestone {
            title: milestone.title.clone(),
            state: if index == 0 { MilestoneState::Ready } else { MilestoneState::Waiting },
            actions: milestone
                .actions
                .iter()
                .map(|action| Action {
                    title: action.title.clone(),
                    kind: action.kind,
                    state: ActionState::Open,
                })
                .collect(),
        });
        Plan {
            template: self.name.clone(),
            template_version: self.version,
            applied_at: now,
            milestones: milestones.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_milestone_is_ready() {
        let plan = Template::first().apply(Timestamp::UNIX_EPOCH);
        assert_eq!(plan.milestones[0].state, MilestoneState::Ready);
        assert!(plan.milestones[1..].iter().all(|m| m.state == MilestoneState::Waiting));
        assert!(plan.milestones[0].actions.iter().any(|a| a.kind == ActionKind::Email));
    }
}
