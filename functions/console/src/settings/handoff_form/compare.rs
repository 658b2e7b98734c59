//! What tells two versions of the form apart.

use handoff_domain::audit::FieldChange;
use handoff_domain::question::{Question, QuestionKind, QuestionSet};

/// The differences from `before` to `after`, question by question.
pub(super) fn told(before: &QuestionSet, after: &QuestionSet) -> Vec<FieldChange> {
    let mut told = Vec::new();
    for question in &before.questions {
        match after.find(&question.id) {
            None => told.extend(FieldChange::of("Retired", question.wording.as_str(), "")),
            Some(now) => told.extend(changes(question, now)),
        }
    }
    let new = after.questions.iter().filter(|question| before.find(&question.id).is_none());
    told.extend(new.filter_map(|question| FieldChange::of("Added", "", question.wording.as_str())));
    told.extend(FieldChange::of("Order", order(before, after), order(after, before)));
    told
}

/// The wordings of what both ask, as the later one says them, in the order of `set`.
fn order(set: &QuestionSet, other: &QuestionSet) -> String {
    let common = set.questions.iter().filter(|question| other.find(&question.id).is_some());
    common.map(|question| question.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn changes(before: &Question, after: &Question) -> Vec<FieldChange> {
    let field = |name: &str| format!("{}: {name}", after.wording);
    let need = |question: &Question| if question.required { "required" } else { "optional" };
    let fields = [
        FieldChange::of("Wording", before.wording.as_str(), after.wording.as_str()),
        FieldChange::of(&field("type"), kind(before.kind), kind(after.kind)),
        FieldChange::of(&field("answer"), need(before), need(after)),
        FieldChange::of(&field("help"), before.help.as_str(), after.help.as_str()),
        FieldChange::of(&field("placeholder"), before.placeholder.as_str(), after.placeholder.as_str()),
        FieldChange::of(&field("options"), before.options.join(", "), after.options.join(", ")),
    ];
    fields.into_iter().flatten().collect()
}

/// The type for people.
pub(super) fn kind(kind: QuestionKind) -> &'static str {
    super::input::KINDS.iter().find(|(_, _, known)| *known == kind).map_or("", |(_, label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_told_once() {
        let before = QuestionSet::first();
        let mut after = before.clone();
        assert!(told(&before, &after).is_empty());
        let mut added = after.questions.remove(2);
        added.id = handoff_domain::id::QuestionId::parse("new").unwrap();
        after.questions.push(added);
        after.questions[0].required = false;
        after.questions.swap(0, 1);
        let fields: Vec<String> = told(&before, &after).into_iter().map(|change| change.field).collect();
        assert_eq!(fields, ["What is the customer's primary use case?: answer", "Retired", "Added", "Order"]);
    }
}
