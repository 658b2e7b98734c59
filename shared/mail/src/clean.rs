//! What people and CRMs wrote, made safe to stand in a subject, a name or a paragraph. Escaping is not done here: that
//! is the business of whoever writes markup.

/// Longest subject, in characters.
pub const SUBJECT_MAX_CHARS: usize = 150;

/// Characters that turn the direction of the text after them: names that use them can pose as other text.
const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// U+FFFE and U+FFFF are no characters; the service behind the API could refuse the whole mail for one of them.
const fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

/// One line: control characters and line breaks of every kind become spaces, runs of white space become one space,
/// bidi controls go.
pub fn line(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|&c| !is_bidi_control(c) && !is_noncharacter(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    // White space in the sense of Unicode: U+0085, U+2028 and U+2029 are among it.
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line, or `otherwise` when nothing is left of it.
pub fn line_or(text: &str, otherwise: &str) -> String {
    let line = line(text);
    if line.is_empty() { otherwise.to_owned() } else { line }
}

/// A paragraph or several: every kind of line break becomes `\n`, at most one empty line in a row; other control
/// characters become spaces, bidi controls go.
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{0085}', '\u{2028}', '\u{2029}'], "\n");
    let kept = text.chars().filter(|&c| !is_bidi_control(c) && !is_noncharacter(c));
    let plain: String = kept.map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect();
    let mut lines: Vec<&str> = Vec::new();
    for line in plain.lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n").trim().to_owned()
}

/// One line of at most `max` characters; a cut shows as `…`.
pub fn short(text: &str, max: usize) -> String {
    let line = line(text);
    if line.chars().count() <= max {
        return line;
    }
    let kept: String = line.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A mail's subject: one line of at most [`SUBJECT_MAX_CHARS`] characters.
pub fn subject(text: &str) -> String {
    short(text, SUBJECT_MAX_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_stays_on_its_line() {
        assert_eq!(line("Acme\r\nBcc: x@evil.test"), "Acme Bcc: x@evil.test");
        assert_eq!(line("\t\tAc\u{0}me\u{2028}Inc\u{85} \u{202E}gnp.exe"), "Ac me Inc gnp.exe");
        assert_eq!(line_or(" \u{200F} ", "the customer"), "the customer");
    }

    #[test]
    fn paragraphs_keep_their_breaks_and_nothing_else() {
        assert_eq!(lines("\r\na\u{0}\r\n\r\n\n\nb\u{2029}c\t1 \u{202E}d\n"), "a\n\nb\nc 1 d");
    }

    #[test]
    fn a_cut_shows() {
        assert_eq!(short("four words are enough", 11), "four words…");
        assert_eq!(subject(&"ü".repeat(400)).chars().count(), SUBJECT_MAX_CHARS);
    }

    proptest! {
        #[test]
        fn no_subject_leaves_its_header(text in "(?s).*") {
            let subject = subject(&text);
            prop_assert!(subject.chars().count() <= SUBJECT_MAX_CHARS);
            let breaks_out = |c: char| c.is_control() || is_bidi_control(c) || ['\u{2028}', '\u{2029}'].contains(&c);
            prop_assert!(!subject.contains(breaks_out));
        }

        #[test]
        fn cleaning_twice_changes_nothing(text in "(?s).*") {
            prop_assert_eq!(lines(&lines(&text)), lines(&text));
            prop_assert_eq!(line(&line(&text)), line(&text));
        }
    }
}
