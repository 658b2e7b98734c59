//! Comparing words: verbatim, overlapping, and by terms. Written apart from the drafting crate, which is what it checks.

use unicode_normalization::UnicodeNormalization as _;

/// Words that a common run needs, or all of the shorter text where that has fewer.
const RUN_MIN_WORDS: usize = 3;
/// A term of so many characters or fewer must stand as a word of its own.
const SHORT_TERM_CHARS: usize = 3;

/// The text in Unicode's composed form, each run of white space one space, none at the ends.
pub fn fold(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the quote stands in the body, white space and Unicode's forms aside.
pub fn is_verbatim(quote: &str, body: &str) -> bool {
    let quote = fold(quote);
    !quote.is_empty() && fold(body).contains(&quote)
}

fn words(text: &str) -> Vec<String> {
    let lower = fold(text).to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether two quotes of one source are about the same place of it: a run of words that both hold is at least half of
/// the shorter one.
pub fn overlaps(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let shorter = one.len().min(other.len());
    let run = common_run(&one, &other);
    shorter > 0 && run * 2 >= shorter && run >= RUN_MIN_WORDS.min(shorter)
}

/// Words of the longest run that both hold.
fn common_run(one: &[String], other: &[String]) -> usize {
    let mut longest = 0;
    let mut before = vec![0; other.len()];
    for word in one {
        let mut diagonal = 0;
        for (cell, candidate) in before.iter_mut().zip(other) {
            let run = if word == candidate { diagonal + 1 } else { 0 };
            diagonal = std::mem::replace(cell, run);
            longest = longest.max(run);
        }
    }
    longest
}

/// The text without what its lines say of their source at their end: `(Ana Ellis, call, 3 Jun 2026)`. A year that a note was
/// written in is no date that it states.
fn without_attributions(text: &str) -> String {
    text.lines().map(without_attribution).collect::<Vec<_>>().join("\n")
}

fn without_attribution(line: &str) -> &str {
    let line = line.trim_end();
    let Some((words, inside)) = line.strip_suffix(')').and_then(|line| line.rsplit_once('(')) else {
        return line;
    };
    let ends_in_year = inside.rsplit(' ').next().is_some_and(is_year);
    if ends_in_year && inside.contains(", ") { words.trim_end() } else { line }
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text holds one alternative of each list of terms, in any case.
pub fn holds_terms(text: &str, terms: &[Vec<String>]) -> bool {
    let text = fold(&without_attributions(text)).to_lowercase();
    !terms.is_empty() && terms.iter().all(|any| any.iter().any(|term| holds_term(&text, term)))
}

fn holds_term(text: &str, term: &str) -> bool {
    let term = fold(term).to_lowercase();
    if term.is_empty() {
        return false;
    }
    let is_short = term.chars().count() <= SHORT_TERM_CHARS;
    text.match_indices(&term).any(|(at, found)| {
        let (before, after) = text.split_at(at);
        let after = after.get(found.len()..).unwrap_or_default();
        if is_short && !is_word_between(before, after) {
            return false;
        }
        !(begins_with_digit(&term) && ends_in_number(before)
            || ends_with_digit(&term) && goes_on_as_number(after))
    })
}

fn is_word_between(before: &str, after: &str) -> bool {
    !before.chars().next_back().is_some_and(char::is_alphanumeric)
        && !after.chars().next().is_some_and(char::is_alphanumeric)
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether a number that stands here would go on: `40` is not in `1,400`.
fn ends_in_number(before: &str) -> bool {
    ends_with_digit(before) || before.strip_suffix([',', '.']).is_some_and(ends_with_digit)
}

fn goes_on_as_number(after: &str) -> bool {
    begins_with_digit(after) || after.strip_prefix([',', '.']).is_some_and(begins_with_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(lists: &[&[&str]]) -> Vec<Vec<String>> {
        lists.iter().map(|list| list.iter().map(|&term| term.to_owned()).collect()).collect()
    }

    #[test]
    fn verbatim_is_every_character_but_for_white_space_and_unicode_forms() {
        assert!(is_verbatim("caf\u{e9}  is\nopen", "The cafe\u{301} is open."));
        assert!(!is_verbatim("the cafe is open", "The cafe\u{301} is open."));
        assert!(!is_verbatim("Is open", "The cafe is open."));
        assert!(!is_verbatim("  ", "The cafe is open."));
    }

    #[test]
    fn quotes_overlap_when_half_of_the_shorter_is_a_common_run() {
        assert!(overlaps("We go live in March", "Anna said: we go live in March, if IT is ready."));
        assert!(overlaps("go live in March after the audit", "we go live in March"));
        assert!(!overlaps(
            "we go live in March after the spring audit is done",
            "the audit is done in spring by us"
        ));
        assert!(!overlaps("in the end we lost", "in the summer it rains"));
        assert!(overlaps("Head of IT", "Head of IT, London"));
        assert!(!overlaps("Head of IT", "Head of sales"));
        assert!(!overlaps("", ""));
    }

    #[test]
    fn terms_want_one_of_each_list_in_any_case() {
        let both = terms(&[&["spreadsheet", "Tabelle"], &["returns", "Retoure"]]);
        assert!(holds_terms("Kundenretouren liegen in einer TABELLE", &both));
        assert!(!holds_terms("Retouren liegen im Regal", &both));
        assert!(!holds_terms("anything", &[]));
    }

    #[test]
    fn what_a_line_says_of_its_source_holds_no_term() {
        let october = terms(&[&["October"]]);
        assert!(!holds_terms("They start soon. (Ana Ellis, note, 3 October 2026)", &october));
        assert!(holds_terms("They start soon (in October 2026)", &october));
        assert!(holds_terms("They start in October. (Ana Ellis, note, 3 May 2026)\n- more", &october));
    }

    #[test]
    fn short_terms_and_numbers_stand_alone() {
        assert!(holds_terms("their IT team", &terms(&[&["it"]])));
        assert!(!holds_terms("a wait of a week", &terms(&[&["it"]])));
        assert!(!holds_terms("1,400 desks and 40.5 hours", &terms(&[&["400", "40"]])));
        assert!(!holds_terms("1,400 desks", &terms(&[&["1,4"]])));
        assert!(holds_terms("from 40 to 60.", &terms(&[&["60"]])));
    }
}
