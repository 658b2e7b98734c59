//! The eight first questions, and how strongly a passage's features speak for each of them.

use handoff_domain::id::QuestionId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The ids of the first questions, which they keep through all versions, in the order of the columns of `weights.txt`.
pub(crate) const SUBJECTS: [&str; 8] = [
    "primary_use_case",
    "top_goals",
    "risks",
    "stakeholders",
    "technical_environment",
    "why_us",
    "objections",
    "go_live",
];

/// Columns of the weights: the subjects, and the four below.
pub(crate) const COLUMNS: usize = 12;

/// The column of promises.
pub(crate) const PROMISE: usize = 8;

/// The column of words that ask for single sign-on.
pub(crate) const SSO_WANTED: usize = 9;

/// The column of words that do without it.
pub(crate) const SSO_REFUSED: usize = 10;

/// The column of words that want a system connected which they name.
pub(crate) const CONNECTED: usize = 11;

/// How probable the best passage must be that a question is not left open. These and the next follow from what `make
/// learn` prints for deals that were left out of the learning.
pub(crate) const OPEN_CHANCES: [f32; 8] = [0.4, 0.5, 0.42, 0.5, 0.55, 0.5, 0.5, 0.5];

/// How probable a passage must be to be shown beside it.
pub(crate) const CLAIM_CHANCES: [f32; 8] = [0.33, 0.34, 0.31, 0.37, 0.44, 0.34, 0.37, 0.48];

/// The weights of each feature for each column.
static WEIGHTS: LazyLock<BTreeMap<&'static str, [f32; COLUMNS]>> =
    LazyLock::new(|| parse(include_str!("weights.txt")));

/// The place of a question's subject in [`SUBJECTS`], if it has one that we know.
pub(crate) fn subject(question: &QuestionId) -> Option<usize> {
    SUBJECTS.iter().position(|subject| *subject == question.as_str())
}

/// A concept that weighs at least this much for a subject tells of it by itself.
const TELLING: f32 = 0.45;

/// The concepts that tell of a subject by themselves.
pub(crate) fn telling_concepts(subject: usize) -> impl Iterator<Item = &'static str> {
    WEIGHTS.iter().filter(move |(_, weights)| weights[subject] >= TELLING).map(|(name, _)| *name)
}

/// How probable it is, for each column, that a passage with these features is one: from 0 to 1.
pub(crate) fn chances(features: &BTreeSet<String>) -> [f32; COLUMNS] {
    let mut sums = WEIGHTS.get("always").copied().unwrap_or_default();
    for weights in features.iter().filter_map(|feature| WEIGHTS.get(feature.as_str())) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += weight;
        }
    }
    sums.map(|sum| 1.0 / (1.0 + (-sum).exp()))
}

fn parse(text: &'static str) -> BTreeMap<&'static str, [f32; COLUMNS]> {
    let row = |line: &'static str| {
        let mut parts = line.split_whitespace();
        let name = parts.next()?;
        let mut weights = [0.0; COLUMNS];
        for (weight, part) in weights.iter_mut().zip(parts) {
            *weight = part.parse().ok()?;
        }
        Some((name, weights))
    };
    text.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}
