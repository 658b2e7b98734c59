//! The deployment's template as JSON, with CloudFormation's short tags spelled out (`!Ref X` is `{"Ref": "X"}`).

use crate::repository::root;
use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::{Map, Value, json};
use std::error::Error;
use std::fs;

/// Reads `infra/aws/template.yaml`.
pub fn load() -> Result<Value, Box<dyn Error>> {
    read("template.yaml")
}

/// Reads `infra/aws/watch.yaml`, the nested stack of alarms and the dashboard.
pub fn load_watch() -> Result<Value, Box<dyn Error>> {
    read("watch.yaml")
}

fn read(name: &str) -> Result<Value, Box<dyn Error>> {
    let text = fs::read_to_string(root().join("infra/aws").join(name))?;
    let documents = YamlOwned::load_from_str(&text)?;
    Ok(to_json(documents.first().ok_or("an empty template")?))
}

fn to_json(node: &YamlOwned) -> Value {
    match node {
        YamlOwned::Value(scalar) => scalar_to_json(scalar),
        YamlOwned::Representation(text, ..) => Value::String(text.clone()),
        YamlOwned::Sequence(entries) => entries.iter().map(to_json).collect(),
        YamlOwned::Mapping(entries) => {
            let named = entries.iter().map(|(key, value)| (key_text(key), to_json(value)));
            Value::Object(named.collect::<Map<_, _>>())
        }
        YamlOwned::Tagged(tag, value) => spelled_out(&tag.suffix, to_json(value)),
        YamlOwned::Alias(_) | YamlOwned::BadValue => Value::Null,
    }
}

fn scalar_to_json(scalar: &ScalarOwned) -> Value {
    match scalar {
        ScalarOwned::Null => Value::Null,
        ScalarOwned::Boolean(value) => json!(value),
        ScalarOwned::Integer(value) => json!(value),
        ScalarOwned::FloatingPoint(value) => json!(value.into_inner()),
        ScalarOwned::String(value) => json!(value),
    }
}

fn key_text(key: &YamlOwned) -> String {
    match to_json(key) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn spelled_out(tag: &str, value: Value) -> Value {
    match (tag, &value) {
        ("Ref" | "Condition", _) => json!({ tag: value }),
        ("GetAtt", Value::String(text)) => {
            let (resource, attribute) = text.split_once('.').unwrap_or((text, ""));
            json!({ "Fn::GetAtt": [resource, attribute] })
        }
        _ => json!({ format!("Fn::{tag}"): value }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_tags_are_spelled_out() {
        let text = "a: !Ref X\nb: !GetAtt Y.Arn\nc: !If [D, !Sub '${Z}', 4]\n";
        let read = to_json(&YamlOwned::load_from_str(text).unwrap()[0]);
        assert_eq!(
            read,
            json!({
                "a": { "Ref": "X" },
                "b": { "Fn::GetAtt": ["Y", "Arn"] },
                "c": { "Fn::If": ["D", { "Fn::Sub": "${Z}" }, 4] },
            })
        );
    }
}
