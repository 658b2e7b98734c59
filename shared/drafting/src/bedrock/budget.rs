//! Which sources the model reads, and how much of each: the same choice for the same sources, every time.

use crate::clean;
use handoff_domain::source::{Source, SourceGap, SourceKind};
use std::collections::BTreeMap;

/// All source text in one request, in characters: about 30,000 tokens, which every current model can hold.
pub(super) const SOURCES_MAX_CHARS: usize = 120_000;

/// Text of one source, in characters: a long transcript must not push out everything else.
pub(super) const SOURCE_MAX_CHARS: usize = 16_000;

/// Shortest rest of a source that is worth reading, in characters.
const WORTH_READING_CHARS: usize = 400;

/// Stands where the middle of a long source was cut out.
const CUT: &str = "\n[… cut …]\n";

/// One source as the model reads it.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    /// The whole source.
    pub(super) source: &'a Source,
    /// What the model reads of it.
    pub(super) text: String,
}

/// What the model reads, in the order in which it was written, and what it does not.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) excerpts: Vec<Excerpt<'a>>,
    pub(super) left_out: Vec<SourceGap>,
}

/// Picks the newest of each kind in turn until the budget is used; records and what the AE added come first.
pub(super) fn choose(sources: &[Source], budget_chars: usize) -> Reading<'_> {
    let mut left_chars = budget_chars;
    let mut reading = Reading { excerpts: Vec::new(), left_out: Vec::new() };
    for source in in_turn(sources) {
        let text = clean::visible(&source.body);
        if text.trim().is_empty() {
            continue;
        }
        let length = text.chars().count();
        let room = left_chars.min(SOURCE_MAX_CHARS);
        if length > room && room < WORTH_READING_CHARS {
            reading
                .left_out
                .push(gap(source, "was left out: there was more material than the model reads at once"));
            continue;
        }
        let text = if length > room {
            reading.left_out.push(gap(source, "was read in part only: it is too long to be read whole"));
            head_and_tail(&text, room)
        } else {
            text
        };
        left_chars = left_chars.saturating_sub(text.chars().count());
        reading.excerpts.push(Excerpt { source, text });
    }
    reading
        .excerpts
        .sort_by_key(|excerpt| (excerpt.source.date, excerpt.source.kind, excerpt.source.id.clone()));
    reading
}

/// First what the AE added and the records, then the newest of each kind, the second newest of each, and so on.
fn in_turn(sources: &[Source]) -> Vec<&Source> {
    let mut kinds: BTreeMap<SourceKind, Vec<&Source>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.kind != SourceKind::Pattern) {
        kinds.entry(source.kind).or_default().push(source);
    }
    let mut ordered: Vec<(usize, usize, &Source)> = Vec::new();
    for (kind, mut of_kind) in kinds {
        of_kind.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.id.cmp(&b.id)));
        let round = |index: usize| if is_record(kind) { 0 } else { index + 1 };
        ordered.extend(
            of_kind.into_iter().enumerate().map(|(index, source)| (round(index), rank(kind), source)),
        );
    }
    ordered.sort_by_key(|&(round, rank, _)| (round, rank));
    ordered.into_iter().map(|(_, _, source)| source).collect()
}

fn is_record(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Context | SourceKind::Deal | SourceKind::Company | SourceKind::Contact)
}

/// Within one turn, what tends to say more comes first.
fn rank(kind: SourceKind) -> usize {
    const ORDER: [SourceKind; 11] = [
        SourceKind::Context,
        SourceKind::Deal,
        SourceKind::Company,
        SourceKind::Contact,
        SourceKind::Note,
        SourceKind::Meeting,
        SourceKind::Call,
        SourceKind::Payload,
        SourceKind::Email,
        SourceKind::Task,
        SourceKind::Website,
    ];
    ORDER.iter().position(|&known| known == kind).unwrap_or(ORDER.len())
}

/// Two thirds from the beginning and one from the end, where next steps tend to stand.
fn head_and_tail(text: &str, room: usize) -> String {
    let room = room.saturating_sub(CUT.chars().count());
    let chars: Vec<char> = text.chars().collect();
    let head: String = chars.iter().take(room * 2 / 3).collect();
    let tail: String = chars.iter().skip(chars.len().saturating_sub(room / 3)).collect();
    format!("{head}{CUT}{tail}")
}

fn gap(source: &Source, what: &str) -> SourceGap {
    SourceGap { kind: source.kind, reason: format!("“{}” {what}", clean::one_line(&source.title)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::id::SourceId;

    fn source(id: &str, kind: SourceKind, day: i8, chars: usize) -> Source {
        let date = format!("2026-10-{day:02}T09:00:00Z").parse().unwrap();
        let body = "word ".repeat(chars / 5);
        Source {
            id: SourceId::parse(id).unwrap(),
            kind,
            title: id.into(),
            author: None,
            date: Some(date),
            body,
        }
    }

    #[test]
    fn the_newest_of_each_kind_comes_first_and_what_is_left_out_is_told() {
        let sources = [
            source("old-note", SourceKind::Note, 1, 1000),
            source("new-note", SourceKind::Note, 9, 1000),
            source("mail", SourceKind::Email, 2, 1000),
            source("deal", SourceKind::Deal, 3, 1000),
            source("pattern", SourceKind::Pattern, 9, 1000),
        ];
        let reading = choose(&sources, 3100);
        let read: Vec<&str> = reading.excerpts.iter().map(|e| e.source.id.as_str()).collect();
        assert_eq!(read, ["mail", "deal", "new-note"]);
        assert_eq!(reading.left_out.len(), 1);
        assert!(reading.left_out[0].reason.contains("old-note"));
    }

    #[test]
    fn a_long_source_keeps_its_beginning_and_its_end() {
        let mut long = source("call", SourceKind::Call, 1, 100_000);
        long.body = format!("first {} last", long.body);
        let sources = [long];
        let reading = choose(&sources, SOURCES_MAX_CHARS);
        let text = &reading.excerpts[0].text;
        assert!(text.starts_with("first") && text.ends_with("last") && text.contains("[… cut …]"));
        assert!(text.chars().count() <= SOURCE_MAX_CHARS);
        assert_eq!(reading.left_out.len(), 1);
    }
}
