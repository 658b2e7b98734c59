//! HubSpot's OpenAPI documents as judges of requests and answers.

use crate::data;
use crate::fake::Seen;
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The documents, by file name.
pub(crate) struct Contract(BTreeMap<String, Value>);

const FILES: [&str; 10] = [
    "deals",
    "companies",
    "contacts",
    "notes",
    "emails",
    "calls",
    "meetings",
    "tasks",
    "associations",
    "crmOwners",
];

impl Contract {
    pub(crate) fn load() -> Option<Self> {
        let read = |name: &str| {
            let mut document = data::read(&format!("hubspot-openapi/{name}.json"))?;
            to_json_schema(&mut document);
            Some((name.to_owned(), document))
        };
        FILES.iter().map(|name| read(name)).collect::<Option<_>>().map(Self)
    }

    /// Everything about a request that its document does not allow.
    pub(crate) fn judge_request(&self, seen: &Seen) -> Vec<String> {
        let Some((document, operation)) = self.find(seen) else {
            return vec![format!("no operation for {} {}", seen.method, seen.path)];
        };
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let known = |name: &str| parameters.iter().find(|p| p["in"] == "query" && p["name"] == name).cloned();
        let mut problems = Vec::new();
        for (name, value) in &seen.query {
            match known(name) {
                None => problems.push(format!("{}: unknown parameter {name}", seen.path)),
                Some(p)
                    if p["schema"]["type"] == "boolean" && !["true", "false"].contains(&value.as_str()) =>
                {
                    problems.push(format!("{}: {name} is no boolean", seen.path));
                }
                Some(_) => {}
            }
        }
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        match (&seen.body, schema) {
            (None, Value::Null) => {}
            (Some(body), schema @ Value::Object(_)) => problems.extend(judge(document, schema, body)),
            _ => problems.push(format!("{}: a body where none belongs, or none", seen.path)),
        }
        problems
    }

    /// Everything about a good answer that its document does not allow: keeps the fake honest.
    pub(crate) fn judge_answer(&self, seen: &Seen, status: u16, answer: &Value) -> Vec<String> {
        let Some((document, operation)) = self.find(seen) else { return Vec::new() };
        let allowed = &operation["responses"][status.to_string()];
        if allowed.is_null() {
            return vec![format!("{} {}: no such answer as {status}", seen.method, seen.path)];
        }
        judge(document, &allowed["content"]["application/json"]["schema"], answer)
    }

    fn find(&self, seen: &Seen) -> Option<(&Value, &Value)> {
        let segments: Vec<&str> = seen.path.trim_matches('/').split('/').collect();
        let file = match segments.as_slice() {
            ["crm", "objects", _, object, ..] => *object,
            ["crm", "associations", ..] => "associations",
            ["crm", "owners", ..] => "crmOwners",
            _ => return None,
        };
        let document = self.0.get(file)?;
        let fits = |template: &str| {
            let template: Vec<&str> = template.trim_matches('/').split('/').collect();
            let same = |(a, b): (&&str, &&str)| a.starts_with('{') || a == b;
            template.len() == segments.len() && template.iter().zip(&segments).all(same)
        };
        let (_, path) = document["paths"].as_object()?.iter().find(|(template, _)| fits(template))?;
        path.get(seen.method.to_lowercase()).map(|operation| (document, operation))
    }
}

fn judge(document: &Value, schema: &Value, instance: &Value) -> Vec<String> {
    let whole = json!({"allOf": [schema], "components": document["components"]});
    let validator: Validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&whole)
        .unwrap();
    validator.iter_errors(instance).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

/// OpenAPI 3.0 says `nullable`, JSON Schema says a second type.
fn to_json_schema(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let is_nullable = map.remove("nullable") == Some(Value::Bool(true));
            if let (true, Some(kind)) = (is_nullable, map.get("type").cloned()) {
                map.insert("type".to_owned(), json!([kind, "null"]));
            }
            map.remove("example");
            map.values_mut().for_each(to_json_schema);
        }
        Value::Array(entries) => entries.iter_mut().for_each(to_json_schema),
        _ => {}
    }
}
