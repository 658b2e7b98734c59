//! The step of plans and templates from format 2 to 3: ids, what the program does for an action, and several templates
//! where there was one.

use crate::error::StoreError;
use crate::item::{BODY, Item, pack, unpack};
use crate::keys::Kind;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

/// The one template of format 2 goes on under this id.
const FIRST: &str = "standard";

/// Ids of the first template of format 2, by titles, so that old plans and new versions speak of the same.
const MILESTONES: [(&str, &str); 3] = [("Kickoff", "kickoff"), ("Set up", "set_up"), ("Go live", "go_live")];
const ACTIONS: [(&str, &str, Option<&str>); 6] = [
    ("Send the welcome e-mail", "welcome", Some("welcome")),
    ("Hold the kickoff call", "kickoff_call", Some("kickoff")),
    ("Confirm goals and go-live date with the customer", "goals", None),
    ("Connect the customer's systems", "connect", None),
    ("Train the first users", "train", None),
    ("Review the first weeks together", "review", None),
];

/// Brings the body of a plan or of the templates from format 2 to 3.
pub(super) fn two_to_three(kind: Kind, item: &mut Item) -> Result<(), StoreError> {
    let Some(AttributeValue::B(packed)) = item.get(BODY) else {
        return Err(StoreError::shape(kind.as_str())("no body".into()));
    };
    let mut body: Value = unpack(kind.as_str(), packed.as_ref())?;
    let Some(fields) = body.as_object_mut() else {
        return Err(StoreError::shape(kind.as_str())("its body is no object".into()));
    };
    for (place, milestone) in each(fields, "milestones").enumerate() {
        with_ids(place, milestone);
    }
    if kind == Kind::Plan {
        fields.insert("template_id".to_owned(), FIRST.into());
    } else {
        fields.insert("id".to_owned(), FIRST.into());
        body = json!({"default": FIRST, "all": [body]});
    }
    item.insert(BODY.to_owned(), AttributeValue::B(Blob::new(pack(kind.as_str(), &body)?)));
    Ok(())
}

fn each<'a>(
    fields: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    fields.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

fn with_ids(place: usize, milestone: &mut Map<String, Value>) {
    let title = milestone.get("title").and_then(Value::as_str).unwrap_or_default();
    let known = MILESTONES.iter().find(|(known, _)| *known == title);
    let id = known.map_or_else(|| format!("m{}", place + 1), |(_, id)| (*id).to_owned());
    milestone.insert("id".to_owned(), id.clone().into());
    for (number, action) in each(milestone, "actions").enumerate() {
        let title = action.get("title").and_then(Value::as_str).unwrap_or_default();
        match ACTIONS.iter().find(|(known, ..)| *known == title) {
            Some((_, id, purpose)) => {
                action.insert("id".to_owned(), (*id).into());
                action.insert("purpose".to_owned(), (*purpose).into());
            }
            None => drop(action.insert("id".to_owned(), format!("{id}-{}", number + 1).into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::unpack_item;
    use handoff_domain::plan::{Plan, Purpose, Template, Templates};

    fn old(body: &Value) -> Item {
        let packed = Blob::new(pack("old", body).unwrap());
        Item::from([(BODY.to_owned(), AttributeValue::B(packed))])
    }

    fn without(value: &mut Value, names: &[&str]) {
        match value {
            Value::Object(map) => {
                map.retain(|name, _| !names.contains(&name.as_str()));
                map.values_mut().for_each(|value| without(value, names));
            }
            Value::Array(list) => list.iter_mut().for_each(|value| without(value, names)),
            _ => {}
        }
    }

    const NEW: [&str; 12] = [
        "id",
        "purpose",
        "days",
        "due",
        "started",
        "finished",
        "reason",
        "added",
        "rule",
        "template_id",
        "revision",
        "archived",
    ];

    #[test]
    fn the_one_template_goes_on_as_the_first_of_several() {
        let mut body = serde_json::to_value(Template::first()).unwrap();
        without(&mut body, &NEW);
        let new: Templates = unpack_item(Kind::Templates, old(&body)).unwrap();
        let mut expected = Template::first();
        let actions = expected.milestones.iter_mut().flat_map(|one| &mut one.actions);
        actions.for_each(|action| action.days = None);
        assert_eq!(new, Templates::of(expected));
    }

    #[test]
    fn an_old_plan_has_ids_and_knows_its_welcome_mail() {
        let mut body =
            serde_json::to_value(Template::first().apply(handoff_domain::Timestamp::UNIX_EPOCH, "UTC"))
                .unwrap();
        without(&mut body, &NEW);
        body["milestones"][1]["title"] = "Ours".into();
        body["milestones"][1]["actions"][1]["title"] = "Also ours".into();
        let new: Plan = unpack_item(Kind::Plan, old(&body)).unwrap();
        let ids: Vec<&str> = new.actions().map(|action| action.id.as_str()).collect();
        assert_eq!(ids, ["welcome", "kickoff_call", "goals", "connect", "m2-2", "review"]);
        assert_eq!(new.open_for(Purpose::Welcome).unwrap().1.id.as_str(), "welcome");
    }
}
