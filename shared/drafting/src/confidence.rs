//! How much the evidence carries, by rule: how many sources agree, how plainly they say it, how old they are.

use crate::words::Words;
use handoff_domain::Timestamp;
use handoff_domain::draft::Confidence;
use handoff_domain::source::{Source, SourceKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Older than this, in days before the close, a statement may have been overtaken.
const RECENT_DAYS: i32 = 120;

/// Older than this, in days before the close, it probably has been.
const OLD_DAYS: i32 = 240;

/// The day that ages are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    day: Date,
}

impl Reference {
    /// The close date that the deal record names, else today.
    pub(crate) fn new(sources: &[Source], now: Timestamp) -> Self {
        let deals = sources.iter().filter(|source| source.kind == SourceKind::Deal);
        let close = deals.flat_map(|deal| deal.body.lines()).find_map(close_date);
        Self { day: close.unwrap_or_else(|| day(now)) }
    }

    fn age_days(self, source: &Source) -> Option<i32> {
        source.date.map(|date| (self.day - day(date)).get_days())
    }
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn close_date(line: &str) -> Option<Date> {
    let (label, value) = line.split_once(':')?;
    let label: String = label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if label != "closedate" {
        return None;
    }
    value.trim().get(..10)?.parse().ok()
}

/// How plainly the evidence says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Plainness {
    /// How probable it is, from 0 to 1, that picked lines answer.
    Chance(f32),
    /// Whether the quotes that a model chose state the matter themselves.
    Direct(bool),
}

/// From here on, lines are probable enough to be right nineteen times of twenty when they are recent.
const SURE: f32 = 0.82;

/// Below this, lines are probable enough to be shown and no more.
const VAGUE: f32 = 0.62;

/// The confidence, and why, in one phrase for people. `statements`: for each statement of the answer the distinct sources
/// that carry it.
pub(crate) fn judge(
    statements: &[Vec<&Source>],
    plainness: Plainness,
    disagree: bool,
    reference: Reference,
    words: &Words,
) -> (Confidence, String) {
    let all = || statements.iter().flatten();
    let newest = all().filter_map(|source| reference.age_days(source)).min();
    let agree = statements.iter().all(|sources| sources.len() > 1);
    let are = |kinds: &[SourceKind]| all().all(|source| kinds.contains(&source.kind));
    let is_recent = newest.is_some_and(|days| days <= RECENT_DAYS);
    let (is_vague, is_agreed, is_sure) = match plainness {
        Plainness::Chance(chance) => (chance < VAGUE, agree, chance >= SURE),
        Plainness::Direct(direct) => (!direct, agree && is_recent, false),
    };
    let (level, why) = if disagree {
        (Confidence::Low, words.disagree)
    } else if are(&[SourceKind::Context]) {
        (Confidence::High, words.added)
    } else if are(&[SourceKind::Website, SourceKind::Company]) {
        (Confidence::Low, words.reported)
    } else if newest.is_some_and(|days| days > OLD_DAYS) {
        (Confidence::Low, words.old)
    } else if is_vague {
        (Confidence::Low, words.vague)
    } else if is_agreed {
        (Confidence::High, words.agree)
    } else if is_sure {
        (Confidence::High, words.plain)
    } else {
        (Confidence::Medium, if agree { words.agree } else { words.once })
    };
    (level, why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::id::SourceId;

    fn source(id: &str, kind: SourceKind, date: Option<&str>, body: &str) -> Source {
        let date = date.map(|date| format!("{date}T09:00:00Z").parse().unwrap());
        Source {
            id: SourceId::parse(id).unwrap(),
            kind,
            title: id.into(),
            author: None,
            date,
            body: body.into(),
        }
    }

    fn judged(statements: &[Vec<&Source>], plainness: Plainness) -> (Confidence, String) {
        let deal = source("deal", SourceKind::Deal, None, "Amount: 1\nClose date: 2026-11-20");
        let reference = Reference::new(&[deal], "2027-01-01T00:00:00Z".parse().unwrap());
        judge(statements, plainness, false, reference, &Words::of("en"))
    }

    #[test]
    fn agreement_age_and_directness_decide() {
        let (a, b) = (
            source("a", SourceKind::Note, Some("2026-11-01"), ""),
            source("b", SourceKind::Email, Some("2026-10-01"), ""),
        );
        let old = source("c", SourceKind::Email, Some("2026-07-18"), "");
        let ancient = source("d", SourceKind::Call, Some("2025-07-18"), "");
        let (plain, vague) = (Plainness::Direct(true), Plainness::Direct(false));
        assert_eq!(judged(&[vec![&a, &b]], plain), (Confidence::High, "Several sources agree".into()));
        assert_eq!(judged(&[vec![&a], vec![&b]], plain), (Confidence::Medium, "Stated once".into()));
        assert_eq!(judged(&[vec![&old, &old]], plain), (Confidence::Medium, "Several sources agree".into()));
        assert_eq!(judged(&[vec![&a, &b]], vague), (Confidence::Low, "Only touched on".into()));
        assert_eq!(judged(&[vec![&ancient]], plain), (Confidence::Low, "Said long before the close".into()));
        assert_eq!(judged(&[vec![&a]], Plainness::Chance(0.9)).0, Confidence::High);
        assert_eq!(judged(&[vec![&a]], Plainness::Chance(0.7)).0, Confidence::Medium);
        assert_eq!(judged(&[vec![&a]], Plainness::Chance(0.5)).0, Confidence::Low);
    }

    #[test]
    fn what_the_ae_added_counts_most_and_a_website_least() {
        let (context, web) =
            (source("x", SourceKind::Context, None, ""), source("w", SourceKind::Website, None, ""));
        for plainness in [Plainness::Direct(true), Plainness::Chance(0.9)] {
            assert_eq!(judged(&[vec![&context]], plainness), (Confidence::High, "You added this".into()));
            let web = judged(&[vec![&web]], plainness);
            assert_eq!(web, (Confidence::Low, "Only from a web page or a company record".into()));
        }
    }

    #[test]
    fn sources_that_disagree_are_never_more_than_low() {
        let context = source("x", SourceKind::Context, None, "");
        let reference = Reference::new(&[], "2026-11-22T00:00:00Z".parse().unwrap());
        let words = Words::of("de");
        let told = judge(&[vec![&context]], Plainness::Direct(true), true, reference, &words);
        assert_eq!(told.0, Confidence::Low);
        assert!(told.1.contains("widersprechen"), "in the organization's language: {}", told.1);
    }

    #[test]
    fn a_deal_without_close_date_is_counted_from_today() {
        let note = source("n", SourceKind::Note, Some("2026-01-10"), "");
        let reference = Reference::new(&[], "2026-11-22T00:00:00Z".parse().unwrap());
        let told = judge(&[vec![&note]], Plainness::Direct(true), false, reference, &Words::of("en"));
        assert_eq!(told.1, "Said long before the close");
    }
}
