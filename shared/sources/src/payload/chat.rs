//! Lines of chats and transcripts: who says what, and when.

use crate::mail::date;
use handoff_domain::source::SourceKind;
use jiff::Timestamp;
use regex_lite::{Captures, Regex};
use std::sync::LazyLock;

/// Lines among which a conversation must show itself.
const WINDOW_LINES: usize = 12;
/// Longest name, in words.
const NAME_MAX_WORDS: usize = 4;

/// What one person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) name: String,
    pub(super) words: String,
    pub(super) date: Option<Timestamp>,
    pub(super) is_timed: bool,
    /// Counted from the beginning of a recording.
    is_offset: bool,
}

/// `[10:02] Ana: ...`, `10:02 Ana: ...`, `[12.10.26, 10:02] Ana: ...`, `12/10/26, 10:02 - Ana: ...`, `[00:01:10] Ana: ...`.
static TIMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\[(]?((?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?)(\d{1,2}:\d{2}(?::\d{2})?)(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?Uhr)?[\])]?\s*[-–]?\s*([^:\[\]]{1,40}):\s+(.*)$").ok()
});

/// `Ana Ellis  10:02 AM` or `Ana Ellis [10:02]`, alone on its line; the words follow.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^([^\d:\[\](),]{2,40}?)[,]?\s+[\[(]?((?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+)?)(\d{1,2}:\d{2}(?::\d{2})?)(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?$").ok()
});

/// `Ana Ellis: ...`
static LABELLED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([^:\d\[\](),]{2,40}):\s+(\S.*)$").ok());

/// What is said on the first line, or under it; with how many lines it takes.
pub(super) fn read(lines: &[&str]) -> Option<(Spoken, usize)> {
    let line = lines.first()?.trim();
    if let Some(found) = captures(&TIMED, line) {
        return spoken(group(&found, 3), group(&found, 4), group(&found, 1), group(&found, 2))
            .map(|one| (one, 1));
    }
    if let Some(found) = captures(&NAMED, line) {
        let words = lines.get(1).map(|next| next.trim()).filter(|next| !next.is_empty())?;
        return spoken(group(&found, 1), words, group(&found, 2), group(&found, 3)).map(|one| (one, 2));
    }
    let found = captures(&LABELLED, line)?;
    spoken(group(&found, 1), group(&found, 2), "", "").map(|one| (one, 1))
}

fn captures<'a>(regex: &'static LazyLock<Option<Regex>>, line: &'a str) -> Option<Captures<'a>> {
    regex.as_ref()?.captures(line)
}

fn group<'a>(found: &Captures<'a>, at: usize) -> &'a str {
    found.get(at).map_or("", |group| group.as_str())
}

fn spoken(name: &str, words: &str, day: &str, time: &str) -> Option<Spoken> {
    let name = name.trim();
    let is_name = (1..=NAME_MAX_WORDS).contains(&name.split_whitespace().count())
        && name.split_whitespace().all(|word| word.chars().next().is_some_and(char::is_uppercase));
    is_name.then(|| Spoken {
        name: name.to_owned(),
        words: words.trim().to_owned(),
        date: date::read(&format!("{day} {time}"), None),
        is_timed: !time.is_empty(),
        is_offset: time.matches(':').count() == 2 && day.is_empty()
            || time.starts_with("00:") && day.is_empty(),
    })
}

/// Whether the first line is said at a time.
pub(super) fn is_timed(lines: &[&str]) -> bool {
    read(lines).is_some_and(|(spoken, _)| spoken.is_timed)
}

fn ahead(lines: &[&str]) -> Vec<Spoken> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len().min(WINDOW_LINES) {
        match read(lines.get(at..).unwrap_or_default()) {
            Some((spoken, taken)) => {
                found.push(spoken);
                at += taken;
            }
            None => at += 1,
        }
    }
    found
}

/// Whether a conversation begins here: two timed lines, or without times two people who take turns. A list of labels,
/// such as `Goals: ...` and `Budget: ...`, names each only once.
pub(super) fn is_conversation(lines: &[&str]) -> bool {
    let found = ahead(lines);
    let timed = found.iter().filter(|spoken| spoken.is_timed).count();
    let returns = found.iter().enumerate().any(|(at, spoken)| {
        let before = found.get(..at).unwrap_or_default();
        before.iter().any(|other| other.name == spoken.name)
            && before.iter().any(|other| other.name != spoken.name)
    });
    found.first().is_some_and(|first| first.is_timed) && timed >= 2 || returns && found.len() >= 3
}

/// A transcript where times count from the beginning, or where there are none; else a chat.
pub(super) fn kind(lines: &[&str]) -> SourceKind {
    let found = ahead(lines);
    let is_call = found.iter().all(|spoken| !spoken.is_timed) || found.iter().any(|spoken| spoken.is_offset);
    if is_call { SourceKind::Call } else { SourceKind::Note }
}
