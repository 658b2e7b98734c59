//! One template: what an account's plan is made from.

use super::{Action, ActionKind, ActionState, Milestone, MilestoneState, Plan, Purpose, Rule};
use crate::id::{ActionId, MilestoneId, TemplateId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// One action of a template's milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateAction {
    /// Stays the same over all versions.
    pub id: ActionId,
    /// What is done.
    pub title: String,
    /// How.
    pub kind: ActionKind,
    /// What the program does for it; one action of a template at most for each.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// Working days that it may take from the day on which its milestone is ready; `None` for no limit.
    #[serde(default)]
    pub days: Option<u16>,
}

/// One milestone of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateMilestone {
    /// Stays the same over all versions.
    pub id: MilestoneId,
    /// What is reached.
    pub title: String,
    /// How it is reached.
    pub actions: Vec<TemplateAction>,
}

/// One version of a template. Never changed once published: accounts keep what they began with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Stays the same over all versions.
    pub id: TemplateId,
    /// For people.
    pub name: String,
    /// 1 for the first; raised with each published change.
    pub version: u32,
    /// For which accounts it is chosen.
    #[serde(default)]
    pub rule: Rule,
    /// In order.
    pub milestones: Vec<TemplateMilestone>,
}

/// The template that every organization begins with.
const FIRST: &str = "standard";

struct FirstAction(&'static str, &'static str, ActionKind, Option<Purpose>, u16);

const FIRST_MILESTONES: [(&str, &str, &[FirstAction]); 3] = [
    (
        "kickoff",
        "Kickoff",
        &[
            FirstAction("welcome", "Send the welcome e-mail", ActionKind::Email, Some(Purpose::Welcome), 1),
            FirstAction(
                "kickoff_call",
                "Hold the kickoff call",
                ActionKind::Meeting,
                Some(Purpose::Kickoff),
                5,
            ),
            FirstAction(
                "goals",
                "Confirm goals and go-live date with the customer",
                ActionKind::Task,
                None,
                7,
            ),
        ],
    ),
    (
        "set_up",
        "Set up",
        &[
            FirstAction("connect", "Connect the customer's systems", ActionKind::Task, None, 10),
            FirstAction("train", "Train the first users", ActionKind::Meeting, None, 15),
        ],
    ),
    (
        "go_live",
        "Go live",
        &[FirstAction("review", "Review the first weeks together", ActionKind::Meeting, None, 20)],
    ),
];

impl FirstAction {
    fn action(&self) -> TemplateAction {
        let id = ActionId::parse(self.0).unwrap_or_else(|_| unreachable!("ids above are constants"));
        TemplateAction { id, title: self.1.to_owned(), kind: self.2, purpose: self.3, days: Some(self.4) }
    }
}

impl Template {
    /// The plan that an organization begins with.
    pub fn first() -> Self {
        let milestone = |(id, title, actions): &(&str, &str, &[FirstAction])| TemplateMilestone {
            id: MilestoneId::parse(*id).unwrap_or_else(|_| unreachable!("ids above are constants")),
            title: (*title).to_owned(),
            actions: actions.iter().map(FirstAction::action).collect(),
        };
        Self {
            id: TemplateId::parse(FIRST).unwrap_or_else(|_| unreachable!("the id above is a constant")),
            name: "Standard onboarding".to_owned(),
            version: 1,
            rule: Rule::default(),
            milestones: FIRST_MILESTONES.iter().map(milestone).collect(),
        }
    }

    /// All actions in order.
    pub fn actions(&self) -> impl Iterator<Item = &TemplateAction> {
        self.milestones.iter().flat_map(|milestone| &milestone.actions)
    }

    /// What it takes at most as it is stored, in bytes.
    pub fn stored_bytes(&self) -> usize {
        // Quotes and backslashes take two; the names of the fields and the ids are short.
        const AROUND: usize = 100;
        let text = |text: &str| AROUND + 2 * text.len();
        let milestones = self.milestones.iter().map(|milestone| text(&milestone.title));
        let actions = self.actions().map(|action| text(&action.title));
        let industries = self.rule.industries.iter().map(|industry| 2 * industry.len() + 3);
        3 * AROUND + text(&self.name) + milestones.chain(actions).chain(industries).sum::<usize>()
    }

    /// The plan of a new account: every action open, the first milestone ready, its last days counted from the day that `now`
    /// is in this IANA time zone.
    pub fn apply(&self, now: Timestamp, time_zone: &str) -> Plan {
        let action = |action: &TemplateAction| Action {
            id: action.id.clone(),
            title: action.title.clone(),
            kind: action.kind,
            purpose: action.purpose,
            days: action.days,
            due: None,
            state: ActionState::Open,
            started: None,
            finished: None,
            reason: String::new(),
            added: None,
        };
        let milestone = |milestone: &TemplateMilestone| Milestone {
            id: milestone.id.clone(),
            title: milestone.title.clone(),
            state: MilestoneState::Waiting,
            actions: milestone.actions.iter().map(action).collect(),
        };
        let mut plan = Plan {
            template_id: self.id.clone(),
            template: self.name.clone(),
            template_version: self.version,
            applied_at: now,
            revision: 0,
            milestones: self.milestones.iter().map(milestone).collect(),
        };
        plan.settle(day_in(now, time_zone));
        plan
    }
}

/// The day that it is in a time zone; in UTC where the zone is not known.
pub(super) fn day_in(now: Timestamp, time_zone: &str) -> Date {
    now.to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC)).date()
}
