//! Finds quoted words in their source. What is shown as quote is cut out of the source's own text.

use crate::clean::is_deceptive;
use crate::fold::Folded;
use crate::machine::machine_ranges;
use handoff_domain::draft::Citation;
use handoff_domain::id::SourceId;
use handoff_domain::source::Source;
use std::ops::Range;

/// Characters of the surroundings that are shown on each side of a quote.
const SURROUNDINGS_MAX_CHARS: usize = 160;

/// Letters and digits that a quote needs to mean anything.
const QUOTE_MIN_CHARS: usize = 3;

/// Longest quote, in characters: more is a document, not evidence.
const QUOTE_MAX_CHARS: usize = 1000;

/// Longest word that a quote is widened by, in characters, when it begins or ends inside one.
const WORD_MAX_CHARS: usize = 40;

/// Why a quote is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No source has this id.
    #[error("no such source")]
    UnknownSource,
    /// Under three letters or digits, or no whole word.
    #[error("the quote is too short to mean anything")]
    TooShort,
    /// More than a thousand characters.
    #[error("the quote is too long to be evidence")]
    TooLong,
    /// The words do not stand in the source that is named.
    #[error("the words do not stand in the source")]
    NotFound,
    /// The passage speaks to a machine, or hides characters.
    #[error("the passage is addressed to a machine or hides characters")]
    NotForPeople,
}

/// The sources of one run, made ready for finding quotes in them.
#[derive(Debug)]
pub struct Evidence<'a> {
    entries: Vec<Entry<'a>>,
}

#[derive(Debug)]
struct Entry<'a> {
    source: &'a Source,
    folded: Folded,
    machine: Vec<Range<usize>>,
}

impl<'a> Evidence<'a> {
    /// Reads every body once.
    pub fn new(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let entry = |source: &'a Source| Entry {
            source,
            folded: Folded::new(&source.body),
            machine: machine_ranges(&source.body),
        };
        Self { entries: sources.into_iter().map(entry).collect() }
    }

    /// Finds `quote` in the body of source `id`, whatever the Unicode form, white space, quote marks and dashes, and
    /// cuts it out as it stands there, in whole words. Of several places the first that stands in whole words counts.
    pub fn cite(&self, id: &SourceId, quote: &str) -> Result<Citation, Refusal> {
        let entry = self.entries.iter().find(|entry| &entry.source.id == id).ok_or(Refusal::UnknownSource)?;
        if quote.chars().count() > QUOTE_MAX_CHARS {
            return Err(Refusal::TooLong);
        }
        let folded = Folded::new(quote);
        let exact = folded.trimmed();
        if exact.chars().filter(|c| c.is_alphanumeric()).count() < QUOTE_MIN_CHARS {
            return Err(Refusal::TooShort);
        }
        // Models like to set a quote in quote marks or to end it with dots: what is meant are the words inside.
        let bare = exact.trim_matches(|c: char| c == '\'' || c == '.' || c.is_whitespace());
        let range = entry.find(exact).or_else(|| entry.find(bare)).ok_or(Refusal::NotFound)?;
        if entry.is_for_people(&range) {
            Ok(citation_at(entry.source, range))
        } else {
            Err(Refusal::NotForPeople)
        }
    }
}

impl Entry<'_> {
    fn find(&self, needle: &str) -> Option<Range<usize>> {
        let body = &self.source.body;
        let mut first = None;
        for range in self.folded.find(needle) {
            let whole = in_whole_words(body, &range);
            if whole == range {
                return Some(range);
            }
            first.get_or_insert(whole);
        }
        first
    }

    fn is_for_people(&self, range: &Range<usize>) -> bool {
        !self.machine.iter().any(|machine| machine.start < range.end && range.start < machine.end)
            && !self.source.body[range.clone()].chars().any(is_deceptive)
    }
}

/// The citation of `range` in the source's body, with what stands around it. The range must lie on characters.
pub(crate) fn citation_at(source: &Source, range: Range<usize>) -> Citation {
    let (before, after) = (&source.body[..range.start], &source.body[range.end..]);
    Citation {
        source: source.id.clone(),
        quote: source.body[range].to_owned(),
        before: tail(before).to_owned(),
        after: head(after).to_owned(),
    }
}

/// Widens a range that begins or ends inside a word, so that `we can` is never cut out of `we cannot`.
fn in_whole_words(body: &str, range: &Range<usize>) -> Range<usize> {
    let grow = |inside: Option<char>, outside: &mut dyn Iterator<Item = char>| -> usize {
        if !inside.is_some_and(is_word_char) {
            return 0;
        }
        let word: Vec<char> = outside.take_while(|&c| is_word_char(c)).take(WORD_MAX_CHARS + 1).collect();
        if word.len() > WORD_MAX_CHARS { 0 } else { word.iter().map(|c| c.len_utf8()).sum() }
    };
    let quote = &body[range.clone()];
    let left = grow(quote.chars().next(), &mut body[..range.start].chars().rev());
    let right = grow(quote.chars().next_back(), &mut body[range.end..].chars());
    range.start - left..range.end + right
}

/// Letters and digits of scripts that set words apart with spaces.
fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() && !('\u{2e80}'..='\u{9fff}').contains(&c) && !('\u{e00}'..='\u{eff}').contains(&c)
}

fn tail(text: &str) -> &str {
    let text = text.rfind(is_deceptive).map_or(text, |at| &text[at..]).trim_start_matches(is_deceptive);
    let Some((cut, _)) =
        text.char_indices().rev().nth(SURROUNDINGS_MAX_CHARS - 1).filter(|&(cut, _)| cut > 0)
    else {
        return text;
    };
    let starts_a_word = text[..cut].ends_with(char::is_whitespace);
    let shown = &text[cut..];
    if starts_a_word { shown } else { shown.find(char::is_whitespace).map_or(shown, |at| &shown[at..]) }
}

fn head(text: &str) -> &str {
    let text = text.find(is_deceptive).map_or(text, |at| &text[..at]);
    let Some((cut, _)) = text.char_indices().nth(SURROUNDINGS_MAX_CHARS) else {
        return text;
    };
    let shown = &text[..cut];
    if text[cut..].starts_with(char::is_whitespace) {
        shown
    } else {
        shown.rfind(char::is_whitespace).map_or(shown, |at| &shown[..at])
    }
}

#[cfg(test)]
mod tests;
