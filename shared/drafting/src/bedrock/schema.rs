//! The shape that the model's answer must have.

use handoff_domain::question::Question;
use serde_json::{Value, json};

/// Name of the schema, and of the tool that stands in for it.
pub(super) const NAME: &str = "handoff_draft";

/// What the schema is for, told to the model.
pub(super) const DESCRIPTION: &str = "One entry per question: claims with quotes from the sources, or none.";

/// JSON schema for answers to `questions`. Only keywords that Bedrock's structured output knows.
pub(super) fn answers(questions: &[Question]) -> Value {
    let ids: Vec<&str> = questions.iter().map(|question| question.id.as_str()).collect();
    let object = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let citation =
        object(json!({"source": {"type": "string"}, "quote": {"type": "string"}}), &["source", "quote"]);
    let claim = object(
        json!({"text": {"type": "string"}, "citations": {"type": "array", "items": citation}}),
        &["text", "citations"],
    );
    let answer = object(
        json!({
            "question": {"type": "string", "enum": ids},
            "not_in_sources": {"type": "boolean"},
            "claims": {"type": "array", "items": claim},
        }),
        &["question", "not_in_sources", "claims"],
    );
    object(json!({"answers": {"type": "array", "items": answer}}), &["answers"])
}
