//! The shape that the model's answer must have. The same for all requests, so that it stays in the model's cache.

use serde_json::{Value, json};

/// A schema with what it is called, as the tool that stands in for it is.
pub(super) struct Shape {
    pub(super) name: &'static str,
    /// What it is for, told to the model.
    pub(super) description: &'static str,
    pub(super) schema: Value,
}

const DESCRIPTION: &str = "One entry per question: claims with quotes from the sources, or none. Then what the sources disagree about, and what \
    Sales promised the customer.";

/// JSON schema for the answers. Only keywords that Bedrock's structured output knows.
pub(super) fn answers() -> Shape {
    let claim = claim();
    let answer = object(
        json!({
            "question": text(),
            "not_in_sources": {"type": "boolean"},
            "claims": list(&claim),
        }),
        &["question", "not_in_sources", "claims"],
    );
    let conflict = object(
        json!({
            "question": text(),
            "kind": {"type": "string", "enum": ["date", "number", "name", "scope"]},
            "subject": text(),
            "versions": list(&claim),
        }),
        &["question", "kind", "subject", "versions"],
    );
    let promise = object(
        json!({"text": text(), "by": text(), "citations": list(&citation())}),
        &["text", "by", "citations"],
    );
    let schema = object(
        json!({"answers": list(&answer), "conflicts": list(&conflict), "promises": list(&promise)}),
        &["answers", "conflicts", "promises"],
    );
    Shape { name: "handoff_draft", description: DESCRIPTION, schema }
}

/// JSON schema for the lines of a welcome mail.
pub(super) fn welcome(sections: &[&str]) -> Shape {
    let section = json!({"type": "string", "enum": sections});
    let answer = object(json!({"question": section, "claims": list(&claim())}), &["question", "claims"]);
    Shape {
        name: "welcome_lines",
        description: "One entry per section: the points to be said to the customer, with quotes that prove them, or none.",
        schema: object(json!({"answers": list(&answer)}), &["answers"]),
    }
}

fn text() -> Value {
    json!({"type": "string"})
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items})
}

fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn citation() -> Value {
    object(json!({"source": text(), "quote": text()}), &["source", "quote"])
}

fn claim() -> Value {
    object(json!({"text": text(), "citations": list(&citation())}), &["text", "citations"])
}
