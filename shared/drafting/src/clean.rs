//! What is shown must be what it looks like: no hidden characters, no address that stands in no source.

use linkify::{LinkFinder, LinkKind};

/// Whether the character hides or reorders what stands around it. Writing programs never leave these behind by chance.
pub(crate) fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}' | '\u{e0000}'..='\u{e01ef}')
}

/// Whether the character shows nothing by itself: controls, direction marks, joiners, tags.
fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || is_deceptive(c)
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The text without invisible characters; line breaks become `\n`.
pub(crate) fn visible(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|&c| !is_invisible(c)).collect()
}

/// One line: no invisible characters, white space collapsed.
pub(crate) fn one_line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without the addresses (web or e-mail, with or without a scheme) that `stands_in_source` denies.
pub(crate) fn without_strange_links(text: &str, stands_in_source: impl Fn(&str) -> bool) -> String {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]);
    finder.url_must_have_scheme(false);
    finder
        .spans(text)
        .filter(|span| span.kind().is_none() || stands_in_source(span.as_str()))
        .map(|span| span.as_str())
        .collect::<String>()
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_go_and_letters_stay() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{7}d\u{e0041}é\n\tx\u{feff}"), "abcdé\n\tx");
        assert_eq!(one_line("  a \n b\u{a0}c "), "a b c");
    }

    #[test]
    fn only_addresses_of_a_source_stay() {
        let known = |link: &str| link.contains("good.test");
        let text = "See https://good.test/a and https://evil.test/c?d=1, or evil.com/x.";
        assert_eq!(without_strange_links(text, known), "See https://good.test/a and , or .");
    }
}
