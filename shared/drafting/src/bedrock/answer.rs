//! What the model wrote, read leniently: whatever is whole is used, since every statement of it is checked anyway.

use handoff_domain::finding::ConflictKind;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Everything that the model wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) answers: Vec<ModelAnswer>,
    pub(super) conflicts: Vec<ModelConflict>,
    pub(super) promises: Vec<ModelPromise>,
}

/// What it says that sources disagree about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ModelConflict {
    #[serde(default)]
    pub(super) question: String,
    pub(super) kind: ConflictKind,
    pub(super) subject: String,
    pub(super) versions: Vec<ModelClaim>,
}

/// What it says that Sales promised.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ModelPromise {
    pub(super) text: String,
    #[serde(default)]
    pub(super) by: String,
    #[serde(default)]
    pub(super) citations: Vec<ModelCitation>,
}

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

/// What stands whole in `text`: the whole document, or the answers one by one where it is cut off.
pub(super) fn from_text(text: &str) -> Written {
    let text = text.find('{').map_or("", |start| &text[start..]);
    let whole = serde_json::Deserializer::from_str(text).into_iter::<Value>().next();
    match whole {
        Some(Ok(value)) => from_value(&value),
        _ => Written { answers: salvage(text), ..Written::default() },
    }
}

/// What a parsed document holds; entries of another shape are left out.
pub(super) fn from_value(value: &Value) -> Written {
    Written {
        answers: entries(value, "answers"),
        conflicts: entries(value, "conflicts"),
        promises: entries(value, "promises"),
    }
}

fn entries<T: DeserializeOwned>(value: &Value, name: &str) -> Vec<T> {
    let entries = value.get(name).and_then(Value::as_array);
    entries.into_iter().flatten().filter_map(|entry| T::deserialize(entry).ok()).collect()
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
        assert_eq!(from_text(WHOLE).answers.len(), 2);
        assert_eq!(from_text(&format!("```json\n{WHOLE}\n```")).answers.len(), 2);
    }

    #[test]
    fn conflicts_and_promises_of_another_shape_are_left_out() {
        let text = r#"{"answers":[],"conflicts":[{"kind":"mood","subject":"s","versions":[]},{"kind":"date","subject":"s","versions":[]}],"promises":[{"text":"t"},7]}"#;
        let written = from_text(text);
        assert_eq!((written.conflicts.len(), written.promises.len()), (1, 1));
    }

    #[test]
    fn of_a_cut_document_the_whole_entries_are_used() {
        let cut = &WHOLE[..WHOLE.len() - 20];
        assert_eq!(from_text(cut).answers.iter().map(|a| a.question.as_str()).collect::<Vec<_>>(), ["a"]);
        for end in 0..WHOLE.len() {
            assert!(from_text(&WHOLE[..end]).answers.len() <= 2);
        }
    }

    #[test]
    fn another_shape_is_nothing() {
        for text in
            ["", "Sure!", "[]", "{}", r#"{"answers":"none"}"#, r#"{"answers":[1,{"question":7}]}"#, "null"]
        {
            assert_eq!(from_text(text), Written::default(), "{text}");
        }
    }
}
