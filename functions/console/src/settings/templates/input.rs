//! A template being edited: it lives in the page's own fields until it is published.

use crate::accounts::plan::kind as kind_of;
use handoff_domain::id::{ActionId, MilestoneId, TemplateId};
use handoff_domain::limits::{
    ACTION_DAYS_MAX, ACTIONS_MAX, MILESTONES_MAX, PLAN_TITLE_MAX_CHARS, TEMPLATE_MAX_BYTES,
};
use handoff_domain::pattern::SizeBand;
use handoff_domain::plan::{ActionKind, Purpose, Rule, Template, TemplateAction, TemplateMilestone};
use handoff_web::form::Form;
use std::collections::{BTreeMap, BTreeSet};

/// By the name of the field; under the empty name what concerns the whole template.
pub(super) type Errors = BTreeMap<String, String>;

/// What an action can be, with the names that the form gives them, and what people call them.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("task", "Task"),
    ("email", "E-mail"),
    ("meeting", "Meeting"),
    ("welcome", "The welcome e-mail"),
    ("kickoff", "The kickoff call"),
];

/// One action as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedAction {
    pub(super) id: ActionId,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) days: String,
    /// Whether the next version leaves it out.
    pub(super) removed: bool,
}

/// One milestone as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypedMilestone {
    pub(super) id: MilestoneId,
    pub(super) title: String,
    pub(super) removed: bool,
    pub(super) actions: Vec<TypedAction>,
}

/// The whole template as somebody typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) id: TemplateId,
    /// The version that the editing began with; 0 for a new template.
    pub(super) version: u32,
    pub(super) name: String,
    pub(super) sizes: BTreeSet<SizeBand>,
    pub(super) arr_from: String,
    pub(super) arr_to: String,
    /// One on each line.
    pub(super) industries: String,
    pub(super) milestones: Vec<TypedMilestone>,
}

impl Typed {
    /// What is published.
    pub(super) fn of(template: &Template) -> Self {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let rule = &template.rule;
        Self {
            id: template.id.clone(),
            version: template.version,
            name: template.name.clone(),
            sizes: rule.sizes.clone(),
            arr_from: number(rule.arr_from),
            arr_to: number(rule.arr_to),
            industries: rule.industries.join("\n"),
            milestones: template.milestones.iter().map(TypedMilestone::of).collect(),
        }
    }

    /// A new one: the milestones of `from`, or one that is empty.
    pub(super) fn new(from: Option<&Template>) -> Self {
        let id = TemplateId::from_random(rand::random());
        let copy = from.map(|from| Self { name: format!("{} (copy)", from.name), ..Self::of(from) });
        match copy {
            Some(copy) => Self { id, version: 0, ..copy },
            None => Self {
                id,
                version: 0,
                name: String::new(),
                sizes: BTreeSet::new(),
                arr_from: String::new(),
                arr_to: String::new(),
                industries: String::new(),
                milestones: vec![TypedMilestone::empty()],
            },
        }
    }

    /// What somebody typed. An id twice, and one that is none, is no field of our page.
    pub(super) fn read(form: &Form, id: TemplateId) -> Self {
        let field = |name: &str| form.last(name).unwrap_or_default().trim().to_owned();
        let sizes = form.pairs().filter(|(name, _)| *name == "sizes").map(|(_, value)| value);
        let band = |text: &str| SizeBand::ALL.into_iter().find(|band| band.as_str() == text);
        Self {
            id,
            version: field("version").parse().unwrap_or_default(),
            name: field("name"),
            sizes: sizes.filter_map(band).collect(),
            arr_from: field("arr_from"),
            arr_to: field("arr_to"),
            industries: field("industries").replace("\r\n", "\n"),
            milestones: milestones(form),
        }
    }

    /// The next version, or what is wrong with each field.
    pub(super) fn check(&self) -> Result<Template, Errors> {
        let mut errors = Errors::new();
        check_title("name", &self.name, "Give it a name", &mut errors);
        let rule = self.rule(&mut errors);
        let kept = self.milestones.iter().filter(|milestone| !milestone.removed);
        let mut milestones: Vec<TemplateMilestone> = Vec::new();
        for milestone in kept {
            milestones.push(milestone.check(&mut errors));
        }
        let template = Template {
            id: self.id.clone(),
            name: self.name.clone(),
            version: self.version + 1,
            rule,
            milestones,
        };
        check_whole(&template, &mut errors);
        if errors.is_empty() { Ok(template) } else { Err(errors) }
    }

    fn rule(&self, errors: &mut Errors) -> Rule {
        let mut amount = |field: &str, typed: &str| {
            let digits: String =
                typed.chars().filter(|c| !matches!(c, ',' | '\'' | ' ' | '\u{a0}')).collect();
            if digits.is_empty() {
                return None;
            }
            let number = digits.parse::<u64>();
            if number.is_err() {
                errors.insert(field.to_owned(), "Write a whole number, such as 50000.".to_owned());
            }
            number.ok()
        };
        let (arr_from, arr_to) = (amount("arr_from", &self.arr_from), amount("arr_to", &self.arr_to));
        if arr_from.zip(arr_to).is_some_and(|(from, to)| from > to) {
            errors.insert("arr_to".to_owned(), "This is less than the lowest ARR.".to_owned());
        }
        let industries: BTreeSet<&str> =
            self.industries.lines().map(str::trim).filter(|one| !one.is_empty()).collect();
        let industries: Vec<String> = industries.into_iter().map(str::to_owned).collect();
        if industries.len() > 20 || industries.iter().any(|one| one.chars().count() > 100) {
            errors.insert(
                "industries".to_owned(),
                "Up to 20 industries, each up to 100 characters.".to_owned(),
            );
        }
        Rule { sizes: self.sizes.clone(), arr_from, arr_to, industries }
    }
}

impl TypedMilestone {
    fn of(milestone: &TemplateMilestone) -> Self {
        Self {
            id: milestone.id.clone(),
            title: milestone.title.clone(),
            removed: false,
            actions: milestone.actions.iter().map(TypedAction::of).collect(),
        }
    }

    pub(super) fn empty() -> Self {
        Self {
            id: MilestoneId::from_random(rand::random()),
            title: String::new(),
            removed: false,
            actions: vec![TypedAction::empty()],
        }
    }

    fn check(&self, errors: &mut Errors) -> TemplateMilestone {
        let field = format!("milestone[{}]", self.id);
        check_title(&field, &self.title, "Say what is reached", errors);
        let kept: Vec<&TypedAction> = self.actions.iter().filter(|action| !action.removed).collect();
        if kept.is_empty() {
            errors.insert(field, "Give this milestone an action, or remove it.".to_owned());
        }
        let actions = kept.into_iter().map(|action| action.check(errors)).collect();
        TemplateMilestone { id: self.id.clone(), title: self.title.clone(), actions }
    }
}

impl TypedAction {
    fn of(action: &TemplateAction) -> Self {
        let kind = match (action.purpose, action.kind) {
            (Some(Purpose::Welcome), _) => "welcome",
            (Some(Purpose::Kickoff), _) => "kickoff",
            (None, ActionKind::Task) => "task",
            (None, ActionKind::Email) => "email",
            (None, ActionKind::Meeting) => "meeting",
        };
        Self {
            id: action.id.clone(),
            title: action.title.clone(),
            kind: kind.to_owned(),
            days: action.days.map(|days| days.to_string()).unwrap_or_default(),
            removed: false,
        }
    }

    pub(super) fn empty() -> Self {
        let id = ActionId::from_random(rand::random());
        Self { id, title: String::new(), kind: "task".to_owned(), days: String::new(), removed: false }
    }

    fn check(&self, errors: &mut Errors) -> TemplateAction {
        check_title(&format!("title[{}]", self.id), &self.title, "Say what is done", errors);
        let days = match self.days.as_str() {
            "" => None,
            text => {
                let days = text.parse::<u16>().ok().filter(|days| *days <= ACTION_DAYS_MAX);
                if days.is_none() {
                    let remedy = format!("Write a number from 0 to {ACTION_DAYS_MAX}, or leave it empty.");
                    errors.insert(format!("days[{}]", self.id), remedy);
                }
                days
            }
        };
        let (kind, purpose) = match self.kind.as_str() {
            "welcome" => (ActionKind::Email, Some(Purpose::Welcome)),
            "kickoff" => (ActionKind::Meeting, Some(Purpose::Kickoff)),
            other => (kind_of(other), None),
        };
        TemplateAction { id: self.id.clone(), title: self.title.clone(), kind, purpose, days }
    }
}

fn check_title(field: &str, text: &str, what: &str, errors: &mut Errors) {
    if !(1..=PLAN_TITLE_MAX_CHARS).contains(&text.chars().count()) {
        errors.insert(field.to_owned(), format!("{what}, in up to {PLAN_TITLE_MAX_CHARS} characters."));
    }
}

fn check_whole(template: &Template, errors: &mut Errors) {
    let mut whole = |remedy: String| drop(errors.insert(String::new(), remedy));
    let (milestones, actions) = (template.milestones.len(), template.actions().count());
    if milestones == 0 {
        whole("A template needs at least one milestone.".to_owned());
    }
    if milestones > MILESTONES_MAX || actions > ACTIONS_MAX {
        whole(format!("A template can have {MILESTONES_MAX} milestones and {ACTIONS_MAX} actions at most."));
    }
    if template.stored_bytes() > TEMPLATE_MAX_BYTES {
        whole("This template holds too much text. Please shorten the longest titles.".to_owned());
    }
    for purpose in [Purpose::Welcome, Purpose::Kickoff] {
        if let Some(second) = template.actions().filter(|action| action.purpose == Some(purpose)).nth(1) {
            errors.insert(
                format!("kind[{}]", second.id),
                "Only one action of a template can be this.".to_owned(),
            );
        }
    }
}

/// The milestones in the order of the page, each followed by its actions.
fn milestones(form: &Form) -> Vec<TypedMilestone> {
    let (mut seen, mut all) = (BTreeSet::new(), Vec::<TypedMilestone>::new());
    for (_, entry) in
        form.pairs().filter(|(name, _)| *name == "order").take(4 * (ACTIONS_MAX + MILESTONES_MAX))
    {
        if !seen.insert(entry) {
            continue;
        }
        let field =
            |name: &str, id: &str| form.last(&format!("{name}[{id}]")).unwrap_or_default().trim().to_owned();
        match (entry.split_once(':'), all.last_mut()) {
            (Some(("milestone", id)), _) => {
                let Ok(id) = MilestoneId::parse(id) else { continue };
                let (title, removed) = (field("milestone", id.as_str()), field("gone", id.as_str()) == "yes");
                all.push(TypedMilestone { id, title, removed, actions: Vec::new() });
            }
            (Some(("action", id)), Some(milestone)) => {
                let Ok(id) = ActionId::parse(id) else { continue };
                let text = |name: &str| field(name, id.as_str());
                let (title, kind, days) = (text("title"), text("kind"), text("days"));
                let removed = text("removed") == "yes";
                milestone.actions.push(TypedAction { id, title, kind, days, removed });
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests;
