//! What the model wrote, read leniently: whatever is whole is used, since every statement of it is checked anyway.

use serde::Deserialize;
use serde_json::Value;

/// The model's answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ModelAnswer {
    pub(super) question: String,
    #[serde(default)]
    pub(super) not_in_sources: bool,
    #[serde(default)]
    pub(super) claims: Vec<ModelClaim>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ModelClaim {
    pub(super) text: String,
    #[serde(default)]
    pub(super) citations: Vec<ModelCitation>,
}

/// A quote and the short name of the source that it is said to stand in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ModelCitation {
    pub(super) source: String,
    pub(super) quote: String,
}

/// The answers that stand whole in `text`: in the whole document, or one by one where it is cut off.
pub(super) fn from_text(text: &str) -> Vec<ModelAnswer> {
    let text = text.find('{').map_or("", |start| &text[start..]);
    let whole = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
    match whole {
        Some(Ok(value)) => from_value(&value),
        _ => salvage(text),
    }
}

/// The answers of a parsed document; entries of another shape are left out.
pub(super) fn from_value(value: &Value) -> Vec<ModelAnswer> {
    let entries = value.get("answers").and_then(Value::as_array);
    entries.into_iter().flatten().filter_map(|entry| ModelAnswer::deserialize(entry).ok()).collect()
}

fn salvage(text: &str) -> Vec<ModelAnswer> {
    let entries =
        text.find("\"answers\"").and_then(|key| text[key..].find('[').map(|open| &text[key + open + 1..]));
    let mut rest = entries.unwrap_or_default();
    let mut answers = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(entry)) = stream.next() else { return answers };
        let read = stream.byte_offset();
        answers.extend(ModelAnswer::deserialize(&entry).ok());
        rest = &rest[read..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"answers":[{"question":"a","not_in_sources":true,"claims":[]},{"question":"b","claims":[{"text":"t","citations":[]}]}]}"#;

    #[test]
    fn a_whole_document_is_read_with_or_without_a_fence() {
        assert_eq!(from_text(WHOLE).len(), 2);
        assert_eq!(from_text(&format!("```json\n{WHOLE}\n```")).len(), 2);
    }

    #[test]
    fn of_a_cut_document_the_whole_entries_are_used() {
        let cut = &WHOLE[..WHOLE.len() - 20];
        assert_eq!(from_text(cut).iter().map(|a| a.question.as_str()).collect::<Vec<_>>(), ["a"]);
        for end in 0..WHOLE.len() {
            assert!(from_text(&WHOLE[..end]).len() <= 2);
        }
    }

    #[test]
    fn another_shape_is_nothing() {
        for text in
            ["", "Sure!", "[]", "{}", r#"{"answers":"none"}"#, r#"{"answers":[1,{"question":7}]}"#, "null"]
        {
            assert!(from_text(text).is_empty(), "{text}");
        }
    }
}
