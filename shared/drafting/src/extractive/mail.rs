//! Which lines of a message its author wrote: repeated quotes, reply headers, signatures and disclaimers are not.

use crate::extractive::language::padded;
use handoff_domain::source::SourceKind;
use regex_lite::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// The line above a repeated message, in the languages of common mail programs.
static REPLY_HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(on\s.{4,200}wrote|am\s.{4,200}schrieb.{0,120}|le\s.{4,200}a\sécrit|el\s.{4,200}escribió|il\s.{4,200}ha\sscritto|op\s.{4,200}schreef.{0,120})\s*:\s*$|^\s*[-_]{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|mensaje original)|^\s*_{10,}\s*$",
    )
    .ok()
});

/// A line of a repeated message's own header.
static HEADER_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*\*?(from|sent|to|cc|von|gesendet|an|de|envoyé|enviado|à|para)\*?:\s").ok()
});

/// Longest line above a repeated message, in bytes.
const REPLY_HEADER_MAX_BYTES: usize = 400;

/// What ends a message; the signature follows.
const CLOSINGS: [&str; 26] = [
    "best",
    "best regards",
    "kind regards",
    "regards",
    "warm regards",
    "all the best",
    "cheers",
    "thanks",
    "thank you",
    "many thanks",
    "thanks again",
    "thanks so much",
    "sincerely",
    "best wishes",
    "talk soon",
    "mit freundlichen grüßen",
    "freundliche grüße",
    "viele grüße",
    "beste grüße",
    "liebe grüße",
    "mit besten grüßen",
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "saludos",
    "un saludo",
];

/// Lines that mail programs and lawyers add.
const ADDED: [&str; 8] = [
    " sent from my ",
    " gesendet von meinem ",
    " envoyé de mon ",
    " this email is confidential ",
    " this e mail is confidential ",
    " intended recipient",
    " confidential and intended ",
    " think before you print ",
];

/// Lines of a signature that is not the last thing in its text, at most.
const SIGNATURE_MAX_LINES: usize = 6;

/// The byte ranges of the lines that the author wrote, without their line ends.
pub(crate) fn own_lines(body: &str, kind: SourceKind) -> Vec<Range<usize>> {
    let mut own = Vec::new();
    let mut skip = Skip::Nothing;
    let lines = lines(body);
    for (index, range) in lines.iter().enumerate() {
        let line = body[range.clone()].trim();
        let next = lines.get(index + 1).map_or("", |next| body[next.clone()].trim());
        skip = skip.after(line, kind);
        match skip {
            Skip::Quoted if line.starts_with('>') => continue,
            Skip::Quoted
                if line.is_empty()
                    || kind == SourceKind::Email && !quotes_with_marks(body, &lines[index..]) =>
            {
                continue;
            }
            Skip::Signature(_) => {
                if starts_reply(line, next) {
                    skip = Skip::Quoted;
                }
                continue;
            }
            _ => skip = Skip::Nothing,
        }
        if line.starts_with('>') {
        } else if starts_reply(line, next) {
            skip = Skip::Quoted;
        } else if is_closing(line) {
            skip = Skip::Signature(0);
        } else if !line.is_empty() && !is_added(line) {
            own.push(range.clone());
        }
    }
    own
}

/// What is being passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skip {
    Nothing,
    Quoted,
    /// So many lines of it so far.
    Signature(usize),
}

impl Skip {
    /// A signature ends an e-mail; in pasted material and notes it ends at a blank line or after a few lines.
    fn after(self, line: &str, kind: SourceKind) -> Self {
        match self {
            Self::Signature(count)
                if kind != SourceKind::Email
                    && (count >= SIGNATURE_MAX_LINES || count > 0 && line.is_empty()) =>
            {
                Self::Nothing
            }
            Self::Signature(count) => Self::Signature(count + usize::from(!line.is_empty())),
            other => other,
        }
    }
}

fn lines(body: &str) -> Vec<Range<usize>> {
    let mut offset = 0;
    let range = |line: &str| {
        let start = offset;
        offset += line.len();
        start..start + line.trim_end().len()
    };
    body.split_inclusive('\n').map(range).collect()
}

/// Whether the repeated message marks its lines with `>`, so that what follows without a mark is the author's again.
fn quotes_with_marks(body: &str, rest: &[Range<usize>]) -> bool {
    let before = rest.first().map_or(body.len(), |line| line.start);
    body[..before]
        .lines()
        .next_back()
        .is_some_and(|line| line.trim_start().starts_with('>') || line.trim().is_empty())
        && body[..before]
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| line.trim_start().starts_with('>'))
}

fn starts_reply(line: &str, next: &str) -> bool {
    if line.len() > REPLY_HEADER_MAX_BYTES {
        return false;
    }
    let matches =
        |regex: &Option<Regex>, text: &str| regex.as_ref().is_some_and(|regex| regex.is_match(text));
    let over_two_lines = || {
        let joined = format!("{line} {next}");
        (line.starts_with("On ") || line.starts_with("Am ") || line.starts_with("Le "))
            && matches(&REPLY_HEADER, &joined)
    };
    matches(&REPLY_HEADER, line)
        || matches(&HEADER_LINE, line) && matches(&HEADER_LINE, next)
        || over_two_lines()
}

fn is_closing(line: &str) -> bool {
    let line = line.trim();
    line == "--" || CLOSINGS.contains(&line.trim_end_matches([',', '!', '.']).to_lowercase().as_str())
}

fn is_added(line: &str) -> bool {
    let padded = padded(line);
    ADDED.iter().any(|added| padded.contains(added))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(body: &str, kind: SourceKind) -> Vec<&str> {
        own_lines(body, kind).into_iter().map(|range| &body[range]).collect()
    }

    #[test]
    fn repeated_messages_and_signatures_are_not_the_authors() {
        let body = "Hi Tom,\nWe go live in May.\n\nBest regards,\nDana Kim\nVP Ops\n\nOn Tue, 3 Nov 2026 at 10:00, Tom <t@us.test> wrote:\n> When do you go live?\n> Tom";
        assert_eq!(own(body, SourceKind::Email), ["Hi Tom,", "We go live in May."]);
    }

    #[test]
    fn answers_between_marked_lines_are_kept() {
        let body = "On 3 Nov 2026, Tom wrote:\n> When?\n\nIn May.\n> Who?\nDana.";
        assert_eq!(own(body, SourceKind::Email), ["In May.", "Dana."]);
    }

    #[test]
    fn the_thread_below_an_outlook_header_is_left_out() {
        let body =
            "Passt für uns.\n\nVon: Tom Weber\nGesendet: Montag\nAn: Dana\nBetreff: Start\n\nGeht Mai?";
        assert_eq!(own(body, SourceKind::Email), ["Passt für uns."]);
        let body = "Yes.\n\nAm 3. Nov. 2026 um 10:00 schrieb Tom Weber <t@us.test>:\nGeht Mai?";
        assert_eq!(own(body, SourceKind::Email), ["Yes."]);
    }

    #[test]
    fn pasted_threads_go_on_after_a_signature() {
        let body = "We want SSO.\nThanks,\nDana\n\nTom: noted, go-live in May.";
        assert_eq!(own(body, SourceKind::Payload), ["We want SSO.", "Tom: noted, go-live in May."]);
    }
}
