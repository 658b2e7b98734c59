//! What the AE leaves in the form: checked values, and who wrote them.

use crate::draft::Draft;
use crate::limits::ANSWER_MAX_BYTES;
use crate::question::{Question, QuestionKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use similar::TextDiff;

/// The value of an answer or of a draft; its shape follows the question's type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// For text and textarea.
    Text(String),
    /// For multi-select: exactly given options, in the order of the question.
    Choices(Vec<String>),
    /// For yes/no.
    YesNo(bool),
}

/// Why a typed value cannot be the answer to its question. The text says the remedy and is shown beside the field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAnswer {
    /// A required question was left open.
    #[error("This question needs an answer before you can submit.")]
    Missing,
    /// Too long to keep.
    #[error("This answer is too long: please keep it under {} characters.", ANSWER_MAX_BYTES)]
    TooLong,
    /// A choice that the question does not offer.
    #[error("Please choose from the options listed.")]
    NotAnOption,
    /// Neither yes nor no.
    #[error("Please choose Yes or No.")]
    NotYesNo,
}

impl AnswerValue {
    /// Reads the form's raw values (one per field of that name) as an answer to `question`; `None` when left empty.
    pub fn parse(question: &Question, raw: &[String]) -> Result<Option<Self>, InvalidAnswer> {
        let filled: Vec<&str> = raw.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        match question.kind {
            QuestionKind::Text | QuestionKind::Textarea => Self::parse_text(raw),
            QuestionKind::YesNo => match filled.as_slice() {
                [] => Ok(None),
                ["yes"] => Ok(Some(Self::YesNo(true))),
                ["no"] => Ok(Some(Self::YesNo(false))),
                _ => Err(InvalidAnswer::NotYesNo),
            },
            QuestionKind::MultiSelect => {
                if filled.iter().any(|choice| !question.options.iter().any(|option| option.trim() == *choice))
                {
                    return Err(InvalidAnswer::NotAnOption);
                }
                let chosen: Vec<String> = question
                    .options
                    .iter()
                    .filter(|option| filled.contains(&option.trim()))
                    .cloned()
                    .collect();
                Ok((!chosen.is_empty()).then_some(Self::Choices(chosen)))
            }
        }
    }

    fn parse_text(raw: &[String]) -> Result<Option<Self>, InvalidAnswer> {
        // Browsers send CR LF for a line break, and a value is compared with the draft, which has LF.
        let text = raw.last().map(|text| text.replace("\r\n", "\n")).unwrap_or_default();
        if text.len() > ANSWER_MAX_BYTES {
            return Err(InvalidAnswer::TooLong);
        }
        Ok((!text.trim().is_empty()).then_some(Self::Text(text)))
    }

    /// The value as plain text for people: options joined by commas, `Yes` or `No`.
    pub fn to_plain_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Choices(choices) => choices.join(", "),
            Self::YesNo(true) => "Yes".to_owned(),
            Self::YesNo(false) => "No".to_owned(),
        }
    }

    /// Bytes of text that it holds.
    pub fn len_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Choices(choices) => choices.iter().map(String::len).sum(),
            Self::YesNo(_) => 1,
        }
    }
}

/// Where a submitted answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerOrigin {
    /// The draft, as it was.
    Accepted,
    /// The draft, changed by a person.
    Edited,
    /// A person, where no draft stood.
    Written,
}

impl AnswerOrigin {
    /// How `value` came to be, given the draft that stood there.
    pub fn of(value: &AnswerValue, draft: Option<&Draft>) -> Self {
        match draft.and_then(|draft| draft.value.as_ref()) {
            Some(drafted) if drafted == value => Self::Accepted,
            Some(_) => Self::Edited,
            None => Self::Written,
        }
    }
}

/// How far an answer is from its draft, as the numbers tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The draft, as it was.
    AsItWas,
    /// Less than 40 % of it is new.
    LightlyEdited,
    /// More is new than was kept, or nearly so.
    Rewritten,
    /// A person wrote it: no draft stood there.
    FromNothing,
}

/// From this share of changed words on, an edit is a new text.
const REWRITTEN_FROM: f32 = 0.4;

impl Change {
    /// Every one of them, the best for a drafter first.
    pub const ALL: [Self; 4] = [Self::AsItWas, Self::LightlyEdited, Self::Rewritten, Self::FromNothing];

    /// The name, as counters spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsItWas => "as_it_was",
            Self::LightlyEdited => "lightly_edited",
            Self::Rewritten => "rewritten",
            Self::FromNothing => "from_nothing",
        }
    }

    /// How `value` came to be, given the draft that stood there. Texts are compared word by word; of a choice, each option
    /// counts as a word; yes for no is a new answer.
    pub fn of(value: &AnswerValue, draft: Option<&Draft>) -> Self {
        let Some(drafted) = draft.and_then(|draft| draft.value.as_ref()) else { return Self::FromNothing };
        let kept = match (drafted, value) {
            _ if drafted == value => return Self::AsItWas,
            (AnswerValue::Text(before), AnswerValue::Text(after)) => {
                TextDiff::from_words(before.trim(), after.trim()).ratio()
            }
            (AnswerValue::Choices(before), AnswerValue::Choices(after)) => {
                let (before, after): (Vec<_>, Vec<_>) =
                    (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
                TextDiff::from_slices(&before, &after).ratio()
            }
            _ => 0.0,
        };
        if 1.0 - kept < REWRITTEN_FROM { Self::LightlyEdited } else { Self::Rewritten }
    }
}

/// One answer as a person left it. `value: None` means that a person emptied the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What was left in the field.
    pub value: Option<AnswerValue>,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::QuestionId;

    fn question(kind: QuestionKind, options: &[&str]) -> Question {
        Question {
            id: QuestionId::parse("q").unwrap(),
            kind,
            wording: "Q?".into(),
            help: String::new(),
            placeholder: String::new(),
            required: false,
            options: options.iter().map(|&o| o.into()).collect(),
        }
    }

    fn raw(values: &[&str]) -> Vec<String> {
        values.iter().map(|&v| v.into()).collect()
    }

    #[test]
    fn choices_keep_the_questions_order_and_refuse_strangers() {
        let q = question(QuestionKind::MultiSelect, &["SSO", "API", "CSV"]);
        let parsed = AnswerValue::parse(&q, &raw(&["", "CSV", "SSO"])).unwrap();
        assert_eq!(parsed, Some(AnswerValue::Choices(raw(&["SSO", "CSV"]))));
        assert_eq!(AnswerValue::parse(&q, &raw(&["", "LDAP"])), Err(InvalidAnswer::NotAnOption));
        assert_eq!(AnswerValue::parse(&q, &raw(&[""])), Ok(None));
    }

    #[test]
    fn text_keeps_what_was_typed_but_for_line_ends() {
        let q = question(QuestionKind::Textarea, &[]);
        let parsed = AnswerValue::parse(&q, &raw(&[" a\r\nb "])).unwrap();
        assert_eq!(parsed, Some(AnswerValue::Text(" a\nb ".into())));
        assert_eq!(AnswerValue::parse(&q, &raw(&[" \r\n "])), Ok(None));
        assert_eq!(
            AnswerValue::parse(&q, &raw(&[&"x".repeat(ANSWER_MAX_BYTES + 1)])),
            Err(InvalidAnswer::TooLong)
        );
    }

    #[test]
    fn yes_and_no_are_the_only_words() {
        let q = question(QuestionKind::YesNo, &[]);
        assert_eq!(AnswerValue::parse(&q, &raw(&["yes"])), Ok(Some(AnswerValue::YesNo(true))));
        assert_eq!(AnswerValue::parse(&q, &raw(&["maybe"])), Err(InvalidAnswer::NotYesNo));
    }
}
