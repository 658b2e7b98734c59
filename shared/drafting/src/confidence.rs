//! How much the evidence carries, by rule: how many sources agree, how plainly they say it, how old they are.

use crate::words::Words;
use handoff_domain::Timestamp;
use handoff_domain::draft::Confidence;
use handoff_domain::source::{Source, SourceKind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Older than this, in days before the close, a statement may have been overtaken.
const RECENT_DAYS: i32 = 120;

/// Older than this, in days before the close, it probably has been.
const OLD_DAYS: i32 = 240;

/// The day that ages are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    day: Date,
    is_close: bool,
}

impl Reference {
    /// The close date that the deal record names, else today.
    pub(crate) fn new(sources: &[Source], now: Timestamp) -> Self {
        let deals = sources.iter().filter(|source| source.kind == SourceKind::Deal);
        let close = deals.flat_map(|deal| deal.body.lines()).find_map(close_date);
        match close {
            Some(day) => Self { day, is_close: true },
            None => Self { day: day(now), is_close: false },
        }
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

/// What an answer rests on.
#[derive(Debug)]
pub(crate) struct Support<'a> {
    /// For each statement of the answer the distinct sources that carry it.
    pub(crate) statements: Vec<Vec<&'a Source>>,
    /// Whether each quote states the matter plainly.
    pub(crate) direct: bool,
    /// What the sources disagree about, in words for people.
    pub(crate) conflict: Option<String>,
}

/// From here on, lines are probable enough to be right nineteen times of twenty when they are recent.
const SURE: f32 = 0.82;

/// Below this, lines are probable enough to be shown and no more.
const VAGUE: f32 = 0.62;

/// The confidence of picked lines, and why: how probable they are, how many sources carry each, how old they are.
pub(crate) fn judge(
    statements: Vec<Vec<&Source>>,
    chance: f32,
    disagree: bool,
    reference: Reference,
    words: &Words,
) -> (Confidence, String) {
    if disagree {
        return (Confidence::Low, words.disagree.to_owned());
    }
    let all = || statements.iter().flatten();
    let newest = all().filter_map(|source| reference.age_days(source)).min();
    let agree = statements.iter().all(|sources| sources.len() > 1);
    let are = |kinds: &[SourceKind]| all().all(|source| kinds.contains(&source.kind));
    if are(&[SourceKind::Context]) {
        (Confidence::High, words.added.to_owned())
    } else if are(&[SourceKind::Website, SourceKind::Company]) {
        (Confidence::Low, words.reported.to_owned())
    } else if newest.is_some_and(|days| days > OLD_DAYS) {
        (Confidence::Low, words.old.to_owned())
    } else if chance < VAGUE {
        (Confidence::Low, words.vague.to_owned())
    } else if agree {
        (Confidence::High, words.agree.to_owned())
    } else if chance >= SURE {
        (Confidence::High, words.plain.to_owned())
    } else {
        (Confidence::Medium, words.once.to_owned())
    }
}

/// The confidence, and why, in one phrase for people.
pub(crate) fn weigh(support: &Support<'_>, reference: Reference) -> (Confidence, String) {
    if let Some(conflict) = &support.conflict {
        return (Confidence::Low, conflict.clone());
    }
    let sources: BTreeMap<&str, &Source> =
        support.statements.iter().flatten().map(|&source| (source.id.as_str(), source)).collect();
    let weakest = support.statements.iter().map(Vec::len).min().unwrap_or(0);
    let newest = sources.values().filter_map(|source| reference.age_days(source)).min();
    let all = |kinds: &[SourceKind]| sources.values().all(|source| kinds.contains(&source.kind));

    let level = if all(&[SourceKind::Context]) {
        Confidence::High
    } else if all(&[SourceKind::Website, SourceKind::Company])
        || !support.direct
        || newest.is_some_and(|days| days > OLD_DAYS)
    {
        Confidence::Low
    } else if weakest >= 2 && newest.is_some_and(|days| days <= RECENT_DAYS) {
        Confidence::High
    } else {
        Confidence::Medium
    };
    (level, reason(&sources, weakest, newest.map(|days| age(days, reference.is_close))))
}

fn reason(sources: &BTreeMap<&str, &Source>, weakest: usize, age: Option<String>) -> String {
    let mut kinds: BTreeMap<SourceKind, usize> = BTreeMap::new();
    for source in sources.values() {
        *kinds.entry(source.kind).or_default() += 1;
    }
    if kinds.keys().all(|&kind| kind == SourceKind::Context) {
        return "You added this".to_owned();
    }
    if weakest >= 2 {
        return format!("{} sources agree", capitalized(&count_word(sources.len())));
    }
    let named: Vec<String> = kinds.iter().map(|(&kind, &count)| counted(kind, count)).collect();
    let named = match named.as_slice() {
        [first, second] => format!("{first} and {second}"),
        [only] => only.clone(),
        _ => format!("{} sources", count_word(sources.len())),
    };
    let what = capitalized(&named);
    match age {
        Some(age) if sources.len() == 1 => format!("{what}, {age}"),
        Some(age) => format!("{what}, the newest {age}"),
        None => what,
    }
}

fn counted(kind: SourceKind, count: usize) -> String {
    let (one, many) = match kind {
        SourceKind::Deal => return "the deal record".to_owned(),
        SourceKind::Company => return "the company record".to_owned(),
        SourceKind::Context => return "what you added".to_owned(),
        SourceKind::Payload => return "pasted material".to_owned(),
        SourceKind::Pattern => return "similar customers".to_owned(),
        SourceKind::Contact => ("contact record", "contact records"),
        SourceKind::Note => ("note", "notes"),
        SourceKind::Email => ("e-mail", "e-mails"),
        SourceKind::Call => ("call", "calls"),
        SourceKind::Meeting => ("meeting", "meetings"),
        SourceKind::Task => ("task", "tasks"),
        SourceKind::Website => ("web page", "web pages"),
    };
    format!("{} {}", count_word(count), if count == 1 { one } else { many })
}

fn count_word(count: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(count).map_or_else(|| count.to_string(), |&word| word.to_owned())
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

fn age(days: i32, before_close: bool) -> String {
    let (amount, after) = (days.abs(), days < 0);
    let span = match amount {
        0 => return if before_close { "on the day of the close".to_owned() } else { "today".to_owned() },
        1 => "1 day".to_owned(),
        2..14 => format!("{amount} days"),
        14..61 => format!("{} weeks", amount / 7),
        _ => format!("{} months", amount / 30),
    };
    match (before_close, after) {
        (true, false) => format!("{span} before the close"),
        (true, true) => format!("{span} after the close"),
        (false, _) => format!("{span} old"),
    }
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

    fn weighed(statements: Vec<Vec<&Source>>, direct: bool) -> (Confidence, String) {
        let deal = source("deal", SourceKind::Deal, None, "Amount: 1\nClose date: 2026-11-20");
        let reference = Reference::new(&[deal], "2027-01-01T00:00:00Z".parse().unwrap());
        weigh(&Support { statements, direct, conflict: None }, reference)
    }

    #[test]
    fn agreement_age_and_directness_decide() {
        let (a, b) = (
            source("a", SourceKind::Note, Some("2026-11-01"), ""),
            source("b", SourceKind::Email, Some("2026-10-01"), ""),
        );
        let old = source("c", SourceKind::Email, Some("2026-07-18"), "");
        let ancient = source("d", SourceKind::Call, Some("2025-07-18"), "");
        assert_eq!(weighed(vec![vec![&a, &b]], true), (Confidence::High, "Two sources agree".into()));
        assert_eq!(
            weighed(vec![vec![&a], vec![&b]], true),
            (Confidence::Medium, "One note and one e-mail, the newest 2 weeks before the close".into())
        );
        assert_eq!(
            weighed(vec![vec![&old]], true),
            (Confidence::Medium, "One e-mail, 4 months before the close".into())
        );
        assert_eq!(weighed(vec![vec![&old]], false).0, Confidence::Low);
        assert_eq!(
            weighed(vec![vec![&ancient]], true),
            (Confidence::Low, "One call, 16 months before the close".into())
        );
    }

    #[test]
    fn what_the_ae_added_counts_most_and_a_website_least() {
        let (context, web) =
            (source("x", SourceKind::Context, None, ""), source("w", SourceKind::Website, None, ""));
        assert_eq!(weighed(vec![vec![&context]], true), (Confidence::High, "You added this".into()));
        assert_eq!(weighed(vec![vec![&web]], true), (Confidence::Low, "One web page".into()));
    }

    #[test]
    fn a_deal_without_close_date_is_counted_from_today() {
        let note = source("n", SourceKind::Note, Some("2026-11-10"), "");
        let reference = Reference::new(&[], "2026-11-22T00:00:00Z".parse().unwrap());
        let support = Support { statements: vec![vec![&note]], direct: true, conflict: None };
        assert_eq!(weigh(&support, reference).1, "One note, 12 days old");
    }
}
