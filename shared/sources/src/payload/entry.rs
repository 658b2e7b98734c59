//! Dated entries: `2026-10-12: spoke with Dana`.

use crate::mail::date;
use jiff::Timestamp;
use regex_lite::Regex;
use std::sync::LazyLock;

/// Longest title, in characters; what follows is in the body anyway.
const TITLE_MAX_CHARS: usize = 80;

/// A line that begins with a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) date: Option<Timestamp>,
    pub(super) author: Option<String>,
}

/// The date, then perhaps a name in brackets or before a colon, then the words.
static ENTRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:[-*•]\s+)?((?:\d{4}-\d{2}-\d{2})|(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4})|(?:\d{1,2}/\d{1,2}/\d{2,4})|(?:\d{1,2}\.?\s[A-Za-zéûäÄÉ]{3,10}\.?,?\s\d{4})|(?:[A-Z][a-z]{2,9}\.?\s\d{1,2},\s\d{4}))(?:,?\s\d{1,2}:\d{2})?(?:\s*[\[(]([^\])]{2,40})[\])])?\s*(?:[:–—|-]|$)\s*(.*)$").ok()
});

/// Reads a line as a dated entry.
pub(super) fn read(line: &str) -> Option<Entry> {
    let found = ENTRY.as_ref()?.captures(line.trim())?;
    let text = |at: usize| found.get(at).map_or("", |group| group.as_str().trim());
    let date = date::read(text(1), None);
    let author = Some(text(2)).filter(|name| name.chars().next().is_some_and(char::is_uppercase));
    let title = if text(3).is_empty() { text(1) } else { text(3) };
    Some(Entry {
        title: title.chars().take(TITLE_MAX_CHARS).collect(),
        date,
        author: author.map(str::to_owned),
    })
}
