//! A draft of the welcome mail: lines that say where their words come from.

use crate::draft::{DraftedBy, Usage};
use crate::id::{PromiseId, QuestionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a line rests on. Only what may be said to a customer can be named here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeSource {
    /// The submitted answer to this question.
    Answer(QuestionId),
    /// What Sales promised and the AE passed on.
    Promise(PromiseId),
}

/// Words of a source, exactly as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeCitation {
    /// Where they stand.
    pub source: WelcomeSource,
    /// The words.
    pub quote: String,
}

/// One line or sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeLine {
    /// What it says.
    pub text: String,
    /// What it rests on; none for our own words, which claim nothing about the customer.
    #[serde(default)]
    pub citations: Vec<WelcomeCitation>,
}

impl WelcomeLine {
    /// A line of our own words.
    pub fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), citations: Vec::new() }
    }
}

/// One paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomePart {
    /// What stands above the points; for a paragraph without points, the paragraph.
    pub text: String,
    /// Points below it.
    #[serde(default)]
    pub points: Vec<WelcomeLine>,
}

impl WelcomePart {
    /// A paragraph of our own words.
    pub fn own(text: impl Into<String>) -> Self {
        Self { text: text.into(), points: Vec::new() }
    }

    fn to_text(&self) -> String {
        let points = self.points.iter().map(|point| format!("\n- {}", point.text));
        std::iter::once(self.text.clone()).chain(points).collect()
    }
}

/// A whole draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeDraft {
    /// The subject.
    pub subject: String,
    /// The body, paragraph by paragraph.
    pub parts: Vec<WelcomePart>,
    /// Who wrote it.
    pub by: DraftedBy,
    /// From which round of the handoff.
    pub round: u32,
    /// When.
    pub at: Timestamp,
    /// Statements that were left out, because no answer proves them or they are not fit for a customer.
    #[serde(default)]
    pub withheld: u32,
    /// What it took of the model.
    #[serde(default)]
    pub usage: Usage,
}

impl WelcomeDraft {
    /// The body as the editor shows it: paragraphs with an empty line between, points with a hyphen.
    pub fn body(&self) -> String {
        self.parts.iter().map(WelcomePart::to_text).collect::<Vec<_>>().join("\n\n")
    }

    /// The lines that claim something, in their order.
    pub fn claims(&self) -> impl Iterator<Item = &WelcomeLine> {
        self.parts.iter().flat_map(|part| &part.points).filter(|line| !line.citations.is_empty())
    }
}
