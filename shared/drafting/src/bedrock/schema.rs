//! The shape that the model's answer must have. The same for all requests, so that it stays in the model's cache.

use serde_json::{Value, json};

/// Name of the schema, and of the tool that stands in for it.
pub(super) const NAME: &str = "handoff_draft";

/// What the schema is for, told to the model.
pub(super) const DESCRIPTION: &str = "One entry per question: claims with quotes from the sources, or none. Then what the sources disagree about, and what \
    Sales promised the customer.";

/// JSON schema for the answers. Only keywords that Bedrock's structured output knows.
pub(super) fn answers() -> Value {
    let object = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let citation =
        object(json!({"source": {"type": "string"}, "quote": {"type": "string"}}), &["source", "quote"]);
    let text = || json!({"type": "string"});
    let list = |items: &Value| json!({"type": "array", "items": items});
    let claim = object(json!({"text": text(), "citations": list(&citation)}), &["text", "citations"]);
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
        json!({"text": text(), "by": text(), "citations": list(&citation)}),
        &["text", "by", "citations"],
    );
    object(
        json!({"answers": list(&answer), "conflicts": list(&conflict), "promises": list(&promise)}),
        &["answers", "conflicts", "promises"],
    )
}
