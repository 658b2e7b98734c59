//! The format of the items, counted as one number for the whole table. Everything is written in the current one; what
//! is older is brought up when it is read, here and nowhere else, so that the rest of the code knows one shape only.
//! A newer one is refused: this program would lose what it does not know when it writes the item back.
//!
//! Every change of what an item holds, a further field too, raises [`CURRENT`] by one and adds its step to [`STEPS`]
//! (docs/adr/0014). The test program `formats` holds the items that older formats wrote.

mod plans;

use crate::error::StoreError;
use crate::item::{BODY, Item, pack, unpack};
use crate::keys::{self, Kind};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use serde_json::{Value, json};

/// The format that this program writes.
pub const CURRENT: u32 = 3;

/// The attribute that says an item's format; without it, the format is 1.
pub const FORMAT: &str = "format";

/// Brings an item of one kind from its format to the next. Pure; knows the two shapes by their attributes, never by
/// today's types, which go on changing.
type Step = fn(Kind, Item) -> Result<Item, StoreError>;

/// The first leads from format 1 to 2.
const STEPS: [Step; CURRENT as usize - 1] = [one_to_two, two_to_three];

/// The item's format.
pub(crate) fn of(kind: Kind, item: &Item) -> Result<u32, StoreError> {
    let number = match item.get(FORMAT) {
        None => Some(1),
        Some(AttributeValue::N(number)) => number.parse().ok().filter(|format| *format > 0),
        Some(_) => None,
    };
    number.ok_or_else(|| StoreError::shape(kind.as_str())("its format is no number from 1".into()))
}

/// The item in the current format.
pub(crate) fn upgrade(kind: Kind, item: Item) -> Result<Item, StoreError> {
    let format = of(kind, &item)?;
    if format > CURRENT {
        return Err(StoreError::NewerFormat { what: kind.as_str(), format });
    }
    let steps = STEPS.iter().skip(format as usize - 1);
    let mut item = steps.into_iter().try_fold(item, |item, step| step(kind, item))?;
    stamp(&mut item);
    Ok(item)
}

/// Marks an item as written in the current format.
pub(crate) fn stamp(item: &mut Item) {
    item.insert(FORMAT.to_owned(), current());
}

/// The current format as an attribute.
pub(crate) fn current() -> AttributeValue {
    AttributeValue::N(CURRENT.to_string())
}

/// Format 2 knows since when there is a reason to look at a handoff. Before, only the account's own beginning is known.
fn one_to_two(kind: Kind, mut item: Item) -> Result<Item, StoreError> {
    const SINCE: &str = "attention_since";
    if kind == Kind::Handoff && item.contains_key("attention") && !item.contains_key(SINCE) {
        let created = item.get("created_at").and_then(|at| at.as_s().ok());
        let created = created.and_then(|at| at.parse::<Timestamp>().ok());
        let since = created
            .ok_or_else(|| StoreError::shape(kind.as_str())("it does not say when it was made".into()))?;
        item.insert(SINCE.to_owned(), AttributeValue::S(keys::sortable(since)));
    }
    Ok(item)
}

/// Format 3 knows which statement rests on which quote, what became of each statement that was left out, and what a
/// run took of the model; plans and templates have ids; a handoff also holds how conflicts are settled and which promises
/// are taken out, and the loads when each CSM was last given an account, each in a map that updates in place count on.
/// Before, an answer and its quotes are one statement.
fn two_to_three(kind: Kind, mut item: Item) -> Result<Item, StoreError> {
    if kind == Kind::Handoff {
        for choices in ["settled", "dropped_promises"] {
            item.entry(choices.to_owned()).or_insert_with(|| AttributeValue::M(Item::new()));
        }
    }
    if matches!(kind, Kind::Plan | Kind::Templates) {
        plans::two_to_three(kind, &mut item)?;
    }
    if kind == Kind::Loads {
        item.entry("turns".to_owned()).or_insert_with(|| AttributeValue::M(Item::new()));
    }
    if kind == Kind::Drafts {
        let Some(AttributeValue::B(packed)) = item.get(BODY) else {
            return Err(StoreError::shape(kind.as_str())("no body".into()));
        };
        let mut drafts: Value = unpack(kind.as_str(), packed.as_ref())?;
        for draft in drafts.get_mut("drafts").and_then(Value::as_array_mut).into_iter().flatten() {
            with_claims(draft);
        }
        if let Some(Value::Object(run)) = drafts.get_mut("run") {
            let mut take = |name: &str| run.remove(name).unwrap_or_else(|| 0.into());
            let usage = json!({"tokens_in": take("tokens_in"), "tokens_out": take("tokens_out")});
            run.insert("usage".to_owned(), usage);
        }
        item.insert(BODY.to_owned(), AttributeValue::B(Blob::new(pack(kind.as_str(), &drafts)?)));
    }
    Ok(item)
}

fn with_claims(draft: &mut Value) {
    let Value::Object(draft) = draft else { return };
    let citations = draft.remove("citations").unwrap_or_default();
    let said = draft.get("value").map(plain_text).filter(|text| !text.is_empty());
    let claims: Vec<Value> =
        said.map(|text| json!({"text": text, "citations": citations})).into_iter().collect();
    let left_out = draft.get("withheld").and_then(Value::as_u64).unwrap_or_default();
    let withheld: Vec<Value> = (0..left_out).map(|_| json!({"text": "", "reason": "no_evidence"})).collect();
    draft.insert("claims".to_owned(), claims.into());
    draft.insert("withheld".to_owned(), withheld.into());
}

/// An answer of format 2 in one line: `{"text": ..}`, `{"choices": [..]}` or `{"yes_no": ..}`.
fn plain_text(value: &Value) -> String {
    let choices = value.get("choices").and_then(Value::as_array).into_iter().flatten();
    let text = value.get("text").into_iter().chain(choices).filter_map(Value::as_str).collect::<Vec<_>>();
    match value.get("yes_no").and_then(Value::as_bool) {
        Some(yes) => if yes { "yes" } else { "no" }.to_owned(),
        None => text.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(pairs: &[(&str, AttributeValue)]) -> Item {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    #[test]
    fn an_item_without_a_number_is_of_format_one_and_comes_out_current() {
        let old = item(&[("unknown", AttributeValue::Bool(true))]);
        assert_eq!(of(Kind::Roster, &old).unwrap(), 1);
        let new = upgrade(Kind::Roster, old).unwrap();
        assert_eq!(of(Kind::Roster, &new).unwrap(), CURRENT);
        assert_eq!(new["unknown"], AttributeValue::Bool(true));
        assert_eq!(upgrade(Kind::Roster, new.clone()).unwrap(), new);
    }

    #[test]
    fn drafts_of_format_two_come_out_as_claims_with_their_quotes() {
        let quote = json!({"source": "note-1", "quote": "q", "before": "", "after": ""});
        let old = json!({"drafts": [
            {"question": "a", "value": {"choices": ["x", "y"]}, "citations": [quote], "withheld": 2},
            {"question": "b", "value": null, "citations": [], "withheld": 0},
        ], "run": {"id": "r", "tokens_in": 7, "tokens_out": 3}});
        let body = AttributeValue::B(Blob::new(pack("drafts", &old).unwrap()));
        let two = AttributeValue::N("2".into());
        let new = upgrade(Kind::Drafts, item(&[(BODY, body), (FORMAT, two)])).unwrap();
        let AttributeValue::B(packed) = &new[BODY] else { panic!("no body") };
        let drafts: Value = unpack("drafts", packed.as_ref()).unwrap();
        assert_eq!(drafts["drafts"][0]["claims"], json!([{"text": "x, y", "citations": [quote]}]));
        assert_eq!(drafts["drafts"][0]["withheld"].as_array().map(Vec::len), Some(2));
        assert_eq!(drafts["drafts"][1]["claims"], json!([]));
        assert_eq!(drafts["run"], json!({"id": "r", "usage": {"tokens_in": 7, "tokens_out": 3}}));
    }

    #[test]
    fn a_newer_format_is_refused_for_now_and_nonsense_for_good() {
        let newer = item(&[(FORMAT, AttributeValue::N((CURRENT + 1).to_string()))]);
        let error = upgrade(Kind::Handoff, newer).unwrap_err();
        assert!(matches!(error, StoreError::NewerFormat { format, .. } if format == CURRENT + 1));
        assert!(error.is_retryable());
        for nonsense in [AttributeValue::N("0".into()), AttributeValue::S("2".into())] {
            let error = upgrade(Kind::Handoff, item(&[(FORMAT, nonsense)])).unwrap_err();
            assert!(!error.is_retryable(), "{error}");
        }
    }
}
