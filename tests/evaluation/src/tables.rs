//! The figures as tables, for Markdown and for the page alike.

use crate::deals::{EvaluationDeal, Split};
use crate::score::{DealScore, QuestionScore};
use crate::tally::{LEVELS, Ratio, Tally};
use handoff_domain::draft::Usage;

/// A deal with how it went.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// Which deal.
    pub deal: &'a EvaluationDeal,
    /// How it went.
    pub score: &'a DealScore,
}

/// Everything of these deals, added up.
pub fn total(scored: &[Scored<'_>]) -> Tally {
    scored.iter().map(|one| &one.score.tally).sum()
}

/// A table: the first column names the row, the others hold figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Above the columns.
    pub heads: Vec<String>,
    /// Each as long as `heads`; words in back quotes are code.
    pub rows: Vec<Vec<String>>,
}

/// The figures of one part of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which one.
    pub split: Split,
    /// By language, by question, by confidence.
    pub tables: [Table; 3],
    /// Whether confidence is in the right order, as a sentence.
    pub order: &'static str,
}

/// The figures of each part that has deals among these.
pub fn parts(scored: &[Scored<'_>]) -> Vec<Part> {
    let of = |split| scored.iter().copied().filter(|one| one.deal.split == split).collect::<Vec<_>>();
    let parts = Split::ALL.map(|split| (split, of(split)));
    parts.iter().filter(|(_, deals)| !deals.is_empty()).map(|(split, deals)| part(*split, deals)).collect()
}

fn part(split: Split, scored: &[Scored<'_>]) -> Part {
    let all = total(scored);
    let order = if all.is_monotone() {
        "No level of confidence is right more often than the one above it."
    } else {
        "A level of confidence is right more often than the one above it."
    };
    Part { split, tables: [by_language(scored), by_question(scored), by_confidence(&all)], order }
}

type Measure = (&'static str, fn(&Tally) -> String);

const MEASURES: [Measure; 19] = [
    ("Deals", |tally| tally.deals.to_string()),
    ("Recall of needed facts", |tally| share(tally.facts)),
    ("… by quotes alone", |tally| share(tally.facts_cited)),
    ("Precision of claims", |tally| share(tally.claims)),
    ("… by quotes alone", |tally| share(tally.claims_cited)),
    ("Quotes found verbatim", |tally| share(tally.quotes)),
    ("Correct \"not in the sources\"", |tally| share(tally.open)),
    ("Wrongly left open", |tally| share(tally.wrongly_open)),
    ("Yes/no exact", |tally| share(tally.yes_no)),
    ("Multi-select exact", |tally| share(tally.multi_select)),
    ("Precision of options", |tally| share(tally.option_precision)),
    ("Recall of options", |tally| share(tally.option_recall)),
    ("Recall of conflicts", |tally| share(tally.conflict_recall)),
    ("Precision of conflicts", |tally| share(tally.conflict_precision)),
    ("Recall of promises", |tally| share(tally.promise_recall)),
    ("Precision of promises", |tally| share(tally.promise_precision)),
    ("Calibration error", |tally| tally.calibration_error().map_or_else(none, |error| format!("{error:.3}"))),
    ("Words of a text answer", |tally| tally.words.share().map_or_else(none, |words| format!("{words:.0}"))),
    ("Tokens in, out; from cache, into it; dollars", |tally| usage(tally.usage)),
];

fn by_language(scored: &[Scored<'_>]) -> Table {
    let of = |language: &str| {
        let spoken = scored.iter().filter(|one| one.deal.gold.language == language);
        spoken.map(|one| &one.score.tally).sum::<Tally>()
    };
    let mut columns = vec![("All", total(scored))];
    columns.extend(["en", "de", "fr"].map(|language| (language, of(language))));
    columns.retain(|(_, tally)| tally.deals > 0);
    let row = |(name, show): Measure| {
        let cells = columns.iter().map(|(_, tally)| show(tally));
        std::iter::once(name.to_owned()).chain(cells).collect()
    };
    let heads = std::iter::once("Measure").chain(columns.iter().map(|(head, _)| *head));
    Table { heads: heads.map(str::to_owned).collect(), rows: MEASURES.into_iter().map(row).collect() }
}

fn by_question(scored: &[Scored<'_>]) -> Table {
    let asked: Vec<&QuestionScore> = scored.iter().flat_map(|one| &one.score.questions).collect();
    let mut ids: Vec<&str> = Vec::new();
    for question in &asked {
        if !ids.contains(&question.id.as_str()) {
            ids.push(&question.id);
        }
    }
    let row = |id: &&str| {
        let tally: Tally =
            asked.iter().filter(|question| question.id == **id).map(|question| &question.tally).sum();
        let (mut recall, mut precision) = (tally.facts, tally.claims);
        recall += tally.option_recall;
        precision += tally.option_precision;
        recall += tally.yes_no_recall;
        precision += tally.yes_no_precision;
        let cells = [recall, precision, tally.open, tally.wrongly_open].map(share);
        std::iter::once(format!("`{id}`")).chain(cells).collect()
    };
    let heads = ["Question", "Recall", "Precision", "Correct \"not in the sources\"", "Wrongly left open"];
    Table { heads: heads.map(str::to_owned).to_vec(), rows: ids.iter().map(row).collect() }
}

fn by_confidence(tally: &Tally) -> Table {
    let rows = LEVELS
        .iter()
        .zip(tally.levels)
        .map(|((level, nominal), right)| vec![format!("{level:?}"), format!("{nominal:.2}"), share(right)]);
    Table { heads: ["Confidence", "Stands for", "Right"].map(str::to_owned).to_vec(), rows: rows.collect() }
}

/// `0.74 (120/162)`.
pub fn share(ratio: Ratio) -> String {
    ratio.share().map_or_else(none, |share| format!("{share:.2} ({}/{})", ratio.hits, ratio.of))
}

fn none() -> String {
    "–".to_owned()
}

fn usage(usage: Usage) -> String {
    if usage == Usage::default() {
        return none();
    }
    let dollars = usage
        .microdollars
        .map_or_else(|| "no price".to_owned(), |micro| format!("${:.4}", micro as f64 / 1_000_000.0));
    format!(
        "{}, {}; {}, {}; {dollars}",
        usage.tokens_in, usage.tokens_out, usage.cache_read, usage.cache_written
    )
}
