//! What a handoff asks: questions, their four types, and the immutable versions of an organization's set.

use crate::id::QuestionId;
use serde::{Deserialize, Serialize};

/// The four types of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// A short answer on one line.
    Text,
    /// A long answer.
    Textarea,
    /// Any number of the given options.
    MultiSelect,
    /// Yes or no.
    YesNo,
}

/// One question as it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Stays the same over all versions.
    pub id: QuestionId,
    /// How it is answered.
    pub kind: QuestionKind,
    /// The question itself.
    pub wording: String,
    /// A sentence under the question; may be empty.
    #[serde(default)]
    pub help: String,
    /// Shown in an empty field; may be empty.
    #[serde(default)]
    pub placeholder: String,
    /// Whether a handoff can be submitted without an answer.
    pub required: bool,
    /// The options of a multi-select; empty for the other types.
    #[serde(default)]
    pub options: Vec<String>,
}

/// One version of an organization's questions. Never changed once published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionSet {
    /// 1 for the first.
    pub version: u32,
    /// In the order in which they are asked.
    pub questions: Vec<Question>,
}

impl QuestionSet {
    /// The question with this id, if the set asks it.
    pub fn find(&self, id: &QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| &question.id == id)
    }

    /// The eight subjects that every organization begins with, as its own editable wording.
    pub fn first() -> Self {
        Self { version: 1, questions: FIRST_QUESTIONS.iter().map(FirstQuestion::question).collect() }
    }
}

struct FirstQuestion {
    id: &'static str,
    kind: QuestionKind,
    wording: &'static str,
    help: &'static str,
    placeholder: &'static str,
    required: bool,
    options: &'static [&'static str],
}

impl FirstQuestion {
    fn question(&self) -> Question {
        Question {
            id: QuestionId::try_from(self.id.to_owned())
                .unwrap_or_else(|_| unreachable!("ids below are constants")),
            kind: self.kind,
            wording: self.wording.to_owned(),
            help: self.help.to_owned(),
            placeholder: self.placeholder.to_owned(),
            required: self.required,
            options: self.options.iter().map(|&option| option.to_owned()).collect(),
        }
    }
}

const FIRST_QUESTIONS: [FirstQuestion; 8] = [
    FirstQuestion {
        id: "primary_use_case",
        kind: QuestionKind::Textarea,
        wording: "What is the customer's primary use case?",
        help: "What they will do with the product in the first three months, in their words.",
        placeholder: "For example: route inbound leads to the right region",
        required: true,
        options: &[],
    },
    FirstQuestion {
        id: "top_goals",
        kind: QuestionKind::Textarea,
        wording: "What are their top three goals?",
        help: "What success looks like to them, with numbers where they gave some.",
        placeholder: "1. … 2. … 3. …",
        required: true,
        options: &[],
    },
    FirstQuestion {
        id: "risks",
        kind: QuestionKind::Textarea,
        wording: "Which risks and blockers do you know of?",
        help: "Anything that could delay the start or sour the mood: no record holds all of it.",
        placeholder: "",
        required: false,
        options: &[],
    },
    FirstQuestion {
        id: "stakeholders",
        kind: QuestionKind::Textarea,
        wording: "Who are the stakeholders and decision-makers?",
        help: "Name, role, and what each one cares about.",
        placeholder: "",
        required: true,
        options: &[],
    },
    FirstQuestion {
        id: "technical_environment",
        kind: QuestionKind::Textarea,
        wording: "What is their technical environment?",
        help: "Systems to connect, sign-on, data, and who owns them.",
        placeholder: "",
        required: false,
        options: &[],
    },
    FirstQuestion {
        id: "why_us",
        kind: QuestionKind::Textarea,
        wording: "Why did they choose us over others?",
        help: "What tipped it, and against whom.",
        placeholder: "",
        required: false,
        options: &[],
    },
    FirstQuestion {
        id: "objections",
        kind: QuestionKind::Textarea,
        wording: "What were their main objections and concerns?",
        help: "And how each was answered: the CSM will meet them again.",
        placeholder: "",
        required: false,
        options: &[],
    },
    FirstQuestion {
        id: "go_live",
        kind: QuestionKind::Text,
        wording: "When do they expect to go live?",
        help: "A date or a quarter, and what it hangs on.",
        placeholder: "For example: mid March, before their season starts",
        required: false,
        options: &[],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organization_begins_with_eight_distinct_questions() {
        let set = QuestionSet::first();
        let ids: std::collections::BTreeSet<_> = set.questions.iter().map(|q| q.id.as_str()).collect();
        assert_eq!(ids.len(), 8);
        assert!(set.questions.iter().any(|q| q.required));
    }
}
