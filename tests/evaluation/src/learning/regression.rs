//! Logistic regression, one subject against the rest, with a ridge: coordinate descent, the same result every time.

use super::{Lesson, SUBJECTS, is_wording};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much large weights cost. Chosen by what holds for deals that were left out.
const RIDGE: f64 = 10.0;

/// A sentence by itself counts for this much of a passage of a deal, which has its surroundings.
const SENTENCE_WEIGHT: f64 = 0.7;

/// One that stands among others of its made-up deal.
const GROUPED_WEIGHT: f64 = 0.85;

/// A feature that weighs less than this for every subject tells nothing, and is left out.
const WEIGHT_MIN: f64 = 0.1;

const ROUNDS_MAX: usize = 60;
const STEP_MIN: f64 = 3e-3;

/// Every lesson is learned once more without its words, and counts for this much: languages of which there are no lessons
/// have concepts and shapes only.
const WORDLESS_WEIGHT: f64 = 0.3;

/// Lessons as numbers: for each feature the lessons that have it. Each lesson has a second row, without its words, behind
/// all first ones.
#[derive(Debug)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Vec<usize>>,
    rows: Vec<Vec<usize>>,
    answers: Vec<[bool; SUBJECTS.len()]>,
    weights: Vec<f64>,
}

impl Table {
    /// Of all lessons; features that are not named are left out.
    pub fn new(lessons: &[Lesson], names: Vec<String>) -> Self {
        let places: BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        let seen = |lesson: &Lesson, with_words: bool| -> Vec<usize> {
            let features = lesson.example.features.iter().filter(|name| with_words || !is_wording(name));
            let found = features.filter_map(|feature| places.get(feature.as_str()).copied());
            std::iter::once(0).chain(found).collect()
        };
        let whole = lessons.iter().map(|lesson| seen(lesson, true));
        let rows: Vec<Vec<usize>> = whole.chain(lessons.iter().map(|lesson| seen(lesson, false))).collect();
        let mut columns = vec![Vec::new(); names.len()];
        for (row, seen) in rows.iter().enumerate() {
            for &column in seen {
                columns[column].push(row);
            }
        }
        let weight = |lesson: &Lesson| match (lesson.deal, lesson.group) {
            (Some(_), _) => 1.0,
            (None, Some(_)) => GROUPED_WEIGHT,
            (None, None) => SENTENCE_WEIGHT,
        };
        let wordless = lessons.iter().map(|lesson| WORDLESS_WEIGHT * weight(lesson));
        let weights = lessons.iter().map(weight).chain(wordless).collect();
        let answers = lessons.iter().chain(lessons).map(|lesson| lesson.answers).collect();
        Self { names, columns, rows, answers, weights }
    }

    /// The weights of a subject, learned from the lessons for which `is_used` holds, by their place in the list.
    pub fn learn(&self, subject: usize, is_used: impl Fn(usize) -> bool) -> Vec<f64> {
        let used: Vec<f64> = self
            .weights
            .iter()
            .enumerate()
            .map(|(row, &weight)| if is_used(row % (self.rows.len() / 2)) { weight } else { 0.0 })
            .collect();
        let mut learned = vec![0.0; self.columns.len()];
        let mut sums = vec![0.0; self.rows.len()];
        for _ in 0..ROUNDS_MAX {
            let mut largest = 0.0_f64;
            for (column, rows) in self.columns.iter().enumerate() {
                let ridge = if column == 0 { 0.01 } else { RIDGE };
                let (mut slope, mut bend) = (ridge * learned[column], ridge);
                for &row in rows {
                    let chance = chance(sums[row]);
                    slope += used[row] * (chance - f64::from(u8::from(self.answers[row][subject])));
                    bend += used[row] * (chance * (1.0 - chance)).max(0.02);
                }
                let step = (-slope / bend).clamp(-1.0, 1.0);
                learned[column] += step;
                for &row in rows {
                    sums[row] += step;
                }
                largest = largest.max(step.abs());
            }
            if largest < STEP_MIN {
                break;
            }
        }
        learned
    }

    /// The features that weigh enough for some subject, `always` among them.
    pub fn telling(&self, learned: &[Vec<f64>]) -> Vec<String> {
        let weighs = |at: usize| at == 0 || learned.iter().any(|weights| weights[at].abs() >= WEIGHT_MIN);
        (0..self.names.len()).filter(|&at| weighs(at)).map(|at| self.names[at].clone()).collect()
    }

    /// How probable it is, by these weights, that the lesson answers.
    pub fn chance(&self, row: usize, learned: &[f64]) -> f64 {
        chance(self.rows[row].iter().map(|&column| learned[column]).sum())
    }

    /// The file of weights.
    pub fn render(&self, learned: &[Vec<f64>]) -> String {
        let subjects = SUBJECTS.map(|(question, _)| question).join(" ");
        let mut text = format!("# Learned by `make learn`: a feature and its weights for {subjects}.\n");
        for (at, name) in self.names.iter().enumerate() {
            let row: Vec<String> = learned.iter().map(|weights| format!("{:.2}", weights[at])).collect();
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{name} {}", row.join(" "));
        }
        text
    }
}

fn chance(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}
