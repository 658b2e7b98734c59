//! What tells two versions of a template apart, and a rule in words.

use super::input::KINDS;
use crate::accounts::working_days;
use handoff_domain::audit::FieldChange;
use handoff_domain::plan::{ActionKind, Purpose, Rule, Template, TemplateAction};

/// The differences from `before`, or from nothing, to `after`.
pub(super) fn told(before: Option<&Template>, after: &Template) -> Vec<FieldChange> {
    let Some(before) = before else { return Vec::new() };
    let mut told: Vec<FieldChange> = [
        FieldChange::of("Name", before.name.as_str(), after.name.as_str()),
        FieldChange::of("For", rule(&before.rule), rule(&after.rule)),
        FieldChange::of("Milestones", milestones(before), milestones(after)),
    ]
    .into_iter()
    .flatten()
    .collect();
    for action in before.actions() {
        match after.actions().find(|now| now.id == action.id) {
            None => told.extend(FieldChange::of("Removed", action.title.as_str(), "")),
            Some(now) => told.extend(changes(action, now)),
        }
    }
    let new = after.actions().filter(|action| before.actions().all(|old| old.id != action.id));
    told.extend(new.filter_map(|action| FieldChange::of("Added", "", action.title.as_str())));
    if told.is_empty() {
        told.extend(FieldChange::of("Order", order(before), order(after)));
    }
    told
}

fn changes(before: &TemplateAction, after: &TemplateAction) -> impl Iterator<Item = FieldChange> {
    let field = |name: &str| format!("{}: {name}", after.title);
    let fields = [
        FieldChange::of("Action", before.title.as_str(), after.title.as_str()),
        FieldChange::of(&field("kind"), kind(before), kind(after)),
        FieldChange::of(&field("time"), days(before.days), days(after.days)),
    ];
    fields.into_iter().flatten()
}

fn milestones(template: &Template) -> String {
    template.milestones.iter().map(|one| one.title.as_str()).collect::<Vec<_>>().join(", ")
}

fn order(template: &Template) -> String {
    let of = |one: &handoff_domain::plan::TemplateMilestone| {
        let titles: Vec<&str> = one.actions.iter().map(|action| action.title.as_str()).collect();
        format!("{}: {}", one.title, titles.join(", "))
    };
    template.milestones.iter().map(of).collect::<Vec<_>>().join("; ")
}

fn days(days: Option<u16>) -> String {
    days.map(working_days).unwrap_or_default()
}

fn kind(action: &TemplateAction) -> &'static str {
    let name = match (action.purpose, action.kind) {
        (Some(Purpose::Welcome), _) => "welcome",
        (Some(Purpose::Kickoff), _) => "kickoff",
        (None, ActionKind::Task) => "task",
        (None, ActionKind::Email) => "email",
        (None, ActionKind::Meeting) => "meeting",
    };
    KINDS.iter().find(|(known, _)| *known == name).map_or("", |(_, label)| label)
}

/// For whom a template is chosen; empty where its rule says nothing.
pub(super) fn rule(rule: &Rule) -> String {
    let sizes: Vec<&str> = rule.sizes.iter().map(|size| size.as_str()).collect();
    let parts = [
        (!sizes.is_empty()).then(|| format!("{} people", sizes.join(" or "))),
        match (rule.arr_from, rule.arr_to) {
            (Some(from), Some(to)) => Some(format!("ARR from {} to {}", grouped(from), grouped(to))),
            (Some(from), None) => Some(format!("ARR from {}", grouped(from))),
            (None, Some(to)) => Some(format!("ARR up to {}", grouped(to))),
            (None, None) => None,
        },
        (!rule.industries.is_empty()).then(|| rule.industries.join(" or ")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn grouped(number: u64) -> String {
    handoff_domain::account::Money { amount: number.to_string(), currency: String::new() }.to_plain_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_told_once() {
        let before = Template::first();
        assert!(told(Some(&before), &before).is_empty() && told(None, &before).is_empty());
        let mut after = before.clone();
        after.rule.arr_from = Some(50_000);
        after.milestones[0].actions[0].days = None;
        let moved = after.milestones[0].actions.remove(2);
        after.milestones[1]
            .actions
            .push(TemplateAction { id: handoff_domain::id::ActionId::parse("new").unwrap(), ..moved });
        let fields: Vec<String> =
            told(Some(&before), &after).into_iter().map(|change| change.field).collect();
        assert_eq!(fields, ["For", "Send the welcome e-mail: time", "Removed", "Added"]);
        let mut turned = before.clone();
        turned.milestones[0].actions.swap(0, 1);
        assert_eq!(told(Some(&before), &turned)[0].field, "Order");
    }
}
