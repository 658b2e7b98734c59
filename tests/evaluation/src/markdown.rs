//! The report as Markdown tables.

use crate::deals::Split;
use crate::score::DealScore;
use crate::tally::{LEVELS, Ratio, Tally};
use std::fmt::Write as _;

/// One deal with how it went.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// Which deal.
    pub deal: &'a crate::deals::EvaluationDeal,
    /// How it went.
    pub score: &'a DealScore,
}

type Measure = (&'static str, fn(&Tally) -> String);

const MEASURES: [Measure; 18] = [
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
    ("Tokens in, out; from cache, into it; dollars", usage),
];

/// The tables of one part of the set.
pub fn part(split: Split, scored: &[Scored<'_>]) -> String {
    let mut text = format!("### Part \"{}\"\n\n", split.as_str());
    measures(&mut text, scored);
    questions(&mut text, scored);
    levels(&mut text, &total(scored));
    text
}

/// Time and faults, which are no figures to keep.
pub fn aside(scored: &[Scored<'_>]) -> String {
    let all = total(scored);
    let each = |time: std::time::Duration| time.as_secs_f64() * 1000.0 / all.deals.max(1) as f64;
    let slowest = scored.iter().map(|one| one.score.tally.drafting).max().unwrap_or_default();
    let mut text = format!(
        "Per deal: {:.0} ms to read it, {:.0} ms to draft it ({:.0} ms at most).\n",
        each(all.gathering),
        each(all.drafting),
        slowest.as_secs_f64() * 1000.0
    );
    for one in scored {
        if let Some(fallback) = &one.score.fallback {
            line(&mut text, &format!("{}: the model did not write: {fallback}", one.deal.name));
        }
        for lost in &one.score.lost_gold {
            line(&mut text, &format!("{}: gold quote not in {}: {}", one.deal.name, lost.source, lost.quote));
        }
        for quote in not_verbatim(one.score) {
            line(&mut text, &format!("{}: shown quote NOT in its source: {quote}", one.deal.name));
        }
    }
    text
}

fn not_verbatim(score: &DealScore) -> impl Iterator<Item = String> {
    let claims = score.questions.iter().flat_map(|question| &question.claims).flat_map(|claim| &claim.quotes);
    let findings = score.conflicts.shown.iter().chain(&score.promises.shown).flat_map(|shown| &shown.quotes);
    let bad = claims.chain(findings).filter(|quote| !quote.is_verbatim);
    bad.map(|quote| format!("{}: {}", quote.source, quote.quote))
}

/// Everything of these deals, added up.
pub fn total(scored: &[Scored<'_>]) -> Tally {
    scored.iter().map(|one| &one.score.tally).sum()
}

fn measures(text: &mut String, scored: &[Scored<'_>]) {
    let languages = ["en", "de", "fr"];
    let of = |language: &str| {
        scored
            .iter()
            .filter(|one| one.deal.gold.language == language)
            .map(|one| &one.score.tally)
            .sum::<Tally>()
    };
    let mut columns = vec![("All", total(scored))];
    columns.extend(languages.map(|language| (language, of(language))));
    columns.retain(|(_, tally)| tally.deals > 0);
    let heads: Vec<&str> = columns.iter().map(|(head, _)| *head).collect();
    line(text, &format!("| Measure | {} |", heads.join(" | ")));
    line(text, &format!("| --- |{}", " ---: |".repeat(columns.len())));
    for (name, show) in MEASURES {
        let cells: Vec<String> = columns.iter().map(|(_, tally)| show(tally)).collect();
        line(text, &format!("| {name} | {} |", cells.join(" | ")));
    }
    text.push('\n');
}

fn questions(text: &mut String, scored: &[Scored<'_>]) {
    let mut ids: Vec<&str> = Vec::new();
    for question in scored.iter().flat_map(|one| &one.score.questions) {
        if !ids.contains(&question.id.as_str()) {
            ids.push(&question.id);
        }
    }
    line(text, "| Question | Recall | Precision | Correct \"not in the sources\" | Wrongly left open |");
    line(text, "| --- | ---: | ---: | ---: | ---: |");
    for id in ids {
        let asked = scored.iter().flat_map(|one| &one.score.questions).filter(|question| question.id == id);
        let tally: Tally = asked.map(|question| &question.tally).sum();
        let (mut recall, mut precision) = (tally.facts, tally.claims);
        recall += tally.option_recall;
        recall += tally.yes_no;
        precision += tally.option_precision;
        precision += tally.yes_no;
        let cells = [recall, precision, tally.open, tally.wrongly_open].map(share);
        line(text, &format!("| `{id}` | {} |", cells.join(" | ")));
    }
    text.push('\n');
}

fn levels(text: &mut String, tally: &Tally) {
    line(text, "| Confidence | Stands for | Right |");
    line(text, "| --- | ---: | ---: |");
    for ((level, nominal), right) in LEVELS.iter().zip(tally.levels) {
        line(text, &format!("| {level:?} | {nominal:.2} | {} |", share(right)));
    }
    let order = if tally.is_monotone() {
        "No level is right more often than the one above it."
    } else {
        "A level is right more often than the one above it."
    };
    line(text, &format!("\n{order}\n"));
}

fn line(text: &mut String, words: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{words}");
}

/// `0.74 (120/162)`.
pub fn share(ratio: Ratio) -> String {
    ratio.share().map_or_else(none, |share| format!("{share:.2} ({}/{})", ratio.hits, ratio.of))
}

fn none() -> String {
    "–".to_owned()
}

fn usage(tally: &Tally) -> String {
    let usage = tally.usage;
    if usage == handoff_domain::draft::Usage::default() {
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
