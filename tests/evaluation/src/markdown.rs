//! The report as Markdown: tables, and what went wrong beside the figures.

use crate::score::DealScore;
use crate::tables::{Part, Scored, Table, total};
use std::fmt::Write as _;
use std::time::Duration;

/// The tables of all parts.
pub fn render(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        put(&mut text, format_args!("### The part \"{}\"\n", part.split.as_str()));
        for one in &part.tables {
            table(&mut text, one);
        }
        put(&mut text, format_args!("{}\n", part.order));
    }
    text
}

fn table(text: &mut String, table: &Table) {
    put(text, format_args!("| {} |", table.heads.join(" | ")));
    put(text, format_args!("| --- |{}", " ---: |".repeat(table.heads.len().saturating_sub(1))));
    for row in &table.rows {
        put(text, format_args!("| {} |", row.join(" | ")));
    }
    text.push('\n');
}

/// Time, and faults of the set or of a run: no figures to keep.
pub fn aside(scored: &[Scored<'_>]) -> String {
    let all = total(scored);
    let each = |time: Duration| time.as_secs_f64() * 1000.0 / all.deals.max(1) as f64;
    let slowest = scored.iter().map(|one| one.score.tally.drafting).max().unwrap_or_default();
    let mut text = String::new();
    put(
        &mut text,
        format_args!(
            "Per deal: {:.0} ms to read it, {:.0} ms to draft it ({} ms at most).",
            each(all.gathering),
            each(all.drafting),
            slowest.as_millis()
        ),
    );
    for one in scored {
        faults(&mut text, &one.deal.name, one.score);
    }
    text
}

fn faults(text: &mut String, name: &str, score: &DealScore) {
    if let Some(fallback) = &score.fallback {
        put(text, format_args!("{name}: the model did not write: {fallback}"));
    }
    for lost in &score.lost_gold {
        put(text, format_args!("{name}: gold of {} stands nowhere: {}", lost.source, lost.quote));
    }
    for quote in score.quotes().filter(|quote| !quote.is_verbatim) {
        put(text, format_args!("{name}: shown quote NOT in {}: {}", quote.source, quote.quote));
    }
}

/// A line of words.
pub(crate) fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = writeln!(text, "{words}");
}
