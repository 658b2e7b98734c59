//! JSON to Smithy documents and back: the SDK carries tool schemas and tool inputs as documents.

use aws_smithy_types::{Document, Number};
use serde_json::Value;

/// The same value as a document.
pub(super) fn to_document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(to_number(number)),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(to_document).collect()),
        Value::Object(fields) => {
            Document::Object(fields.iter().map(|(key, value)| (key.clone(), to_document(value))).collect())
        }
    }
}

fn to_number(number: &serde_json::Number) -> Number {
    number
        .as_u64()
        .map(Number::PosInt)
        .or_else(|| number.as_i64().map(Number::NegInt))
        .unwrap_or_else(|| Number::Float(number.as_f64().unwrap_or_default()))
}

/// The same document as JSON; a number that JSON cannot hold becomes null.
pub(super) fn to_json(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(Number::PosInt(number)) => (*number).into(),
        Document::Number(Number::NegInt(number)) => (*number).into(),
        Document::Number(Number::Float(number)) => (*number).into(),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(items) => Value::Array(items.iter().map(to_json).collect()),
        Document::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), to_json(value))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_survives_the_way_there_and_back() {
        let value = serde_json::json!({"a": [1, -2, 1.5, true, null, "x"], "b": {}});
        assert_eq!(to_json(&to_document(&value)), value);
    }
}
