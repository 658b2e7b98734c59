//! Headings that say what follows: `Meeting notes 2026-10-12`, `## Call with Dana`, `Transkript:`.

use crate::mail::date;
use crate::words::stream;
use handoff_domain::source::SourceKind;
use jiff::Timestamp;
use regex_lite::Regex;
use std::sync::LazyLock;

/// Longest heading, in characters.
const HEADING_MAX_CHARS: usize = 90;
/// A heading without a mark or a date has no more words.
const BARE_MAX_WORDS: usize = 4;
/// Words at whose beginning it says its kind.
const KIND_WORDS: usize = 4;

/// What a heading tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) kind: SourceKind,
    pub(super) title: String,
    pub(super) date: Option<Timestamp>,
    pub(super) author: Option<String>,
}

/// How words begin that name a kind, in English, German, French and Spanish. The earlier ones win.
const KINDS: [(SourceKind, &[&str]); 4] = [
    (
        SourceKind::Call,
        &[
            "transcript",
            "transkript",
            "transcription",
            "transcripción",
            "call",
            "anruf",
            "telefonat",
            "appel",
            "llamada",
            "phone",
        ],
    ),
    (
        SourceKind::Meeting,
        &[
            "meeting",
            "besprechung",
            "termin",
            "workshop",
            "réunion",
            "reunión",
            "demo",
            "kickoff",
            "kick",
            "discovery",
            "onsite",
            "protokoll",
            "minutes",
        ],
    ),
    (SourceKind::Email, &["email", "mail", "courriel", "correo"]),
    (
        SourceKind::Note,
        &[
            "note",
            "notiz",
            "notas",
            "internal",
            "intern",
            "memo",
            "slack",
            "chat",
            "update",
            "summary",
            "zusammenfassung",
        ],
    ),
];

static BY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:by|von|par|por)\s+([A-ZÀ-Þ][^\s,:;()]+(?:\s[A-ZÀ-Þ][^\s,:;()]+)?)").ok()
});

/// What stands around a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) is_after_blank: bool,
    /// Inside of an e-mail less counts as a heading: people write `Meeting notes` into mails.
    pub(super) is_in_mail: bool,
    /// Whether a conversation with times begins right below.
    pub(super) is_above_chat: bool,
}

/// Reads a line as a heading.
pub(super) fn read(line: &str, place: Place) -> Option<Heading> {
    let bare = line.trim().trim_start_matches('#').trim_matches(['*', '=', '_', ' ']);
    let is_marked = line.trim_start().starts_with('#') || line.trim_start().starts_with("==");
    let text = bare.trim_end_matches(':').trim();
    if text.is_empty()
        || text.chars().count() > HEADING_MAX_CHARS
        || text.ends_with(['.', '!', '?', ',', ';'])
    {
        return None;
    }
    let words =
        stream(&text.replace("e-mail", "email").replace("E-Mail", "email").replace("E-mail", "email"));
    let first: Vec<&str> = words.split_whitespace().take(KIND_WORDS).collect();
    let names = |stem: &&'static str| first.iter().any(|word| word.starts_with(*stem));
    let kind = KINDS.iter().find(|(_, stems)| stems.iter().any(names)).map(|(kind, _)| *kind);
    let date = date::read(text, None);
    let is_short =
        words.split_whitespace().filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit())).count()
            <= BARE_MAX_WORDS;
    let says = date.is_some() || place.is_above_chat;
    let is_heading = match kind {
        Some(_) if place.is_in_mail => is_marked || place.is_after_blank && is_short && says,
        Some(_) => {
            let stands_alone = place.is_after_blank && (says || bare.ends_with(':') || is_short);
            is_marked || stands_alone && !text.contains(": ")
        }
        None => is_marked && date.is_some(),
    };
    let author = BY.as_ref().and_then(|regex| regex.captures(text)).and_then(|found| found.get(1));
    is_heading.then(|| Heading {
        kind: kind.unwrap_or(SourceKind::Note),
        title: text.to_owned(),
        date,
        author: author.map(|name| name.as_str().to_owned()),
    })
}
