//! Markup, hidden characters, sizes.

use super::*;
use proptest::prelude::*;

#[test]
fn markup_becomes_lines_and_nothing_is_wrapped() {
    let long = "word ".repeat(500);
    let text =
        from_rich(&format!("<p>Goals:</p><ul><li>One &amp; two</li><li><b>Three</b></li></ul><p>{long}</p>"));
    assert!(text.starts_with("Goals:\n"), "{text}");
    assert!(text.contains("One & two\n"), "{text}");
    assert!(text.contains("Three"), "{text}");
    assert!(text.lines().any(|line| line.len() > 2_000), "wrapped");
}

#[test]
fn plain_text_stays_as_it_was_typed() {
    for text in ["Budget <5M & rising\n- first\n- second", "a < b", "R&D team; see notes", "x\n\ny"] {
        assert_eq!(from_rich(text), text);
    }
}

#[test]
fn lines_of_a_body_without_block_tags_are_kept() {
    assert_eq!(from_rich("first\nsecond <b>bold</b>"), "first\nsecond bold");
}

#[test]
fn scripts_and_styles_are_no_text() {
    let text = from_rich("<style>p{}</style><script>alert(1)</script><p>Shown</p>");
    assert_eq!(text, "Shown");
}

#[test]
fn links_keep_their_words_and_tables_their_cells() {
    let text = from_rich(
        "<p>See <a href=\"https://x.test/\">the plan</a></p><table><tr><td>Go-live</td><td>May</td></tr></table>",
    );
    assert!(text.contains("See the plan"), "{text}");
    assert!(text.contains("Go-live") && text.contains("May"), "{text}");
    assert!(!text.contains('─') && !text.contains("[1]"), "{text}");
}

#[test]
fn what_hides_or_turns_text_is_taken_out() {
    assert_eq!(clean("a\u{202e}b\u{200b}c\u{0}d\u{feff}e\u{e0041}f"), "abcdef");
    assert_eq!(clean("ignore\u{2028}this\u{85}line"), "ignore\nthis\nline");
    assert_eq!(clean("a\u{200d}b"), "ab");
    assert_eq!(clean("👩\u{200d}💻 می\u{200c}خواهم"), "👩\u{200d}💻 می\u{200c}خواهم");
    assert_eq!(clean("👩\u{200d}\u{200d}\u{200d}"), "👩\u{200d}");
    assert_eq!(clean_line("  a \n b\t\u{a0}c "), "a b c");
}

#[test]
fn sizes_end_on_whole_characters() {
    assert!(clean(&"ü".repeat(SOURCE_BODY_MAX_BYTES)).len() <= SOURCE_BODY_MAX_BYTES);
    assert_eq!(title(&"é".repeat(500)).chars().count(), TITLE_MAX_CHARACTERS + 1);
}

#[test]
fn hostile_markup_costs_neither_stack_nor_memory() {
    let deep = |tag: &str| tag.repeat(65_536 / tag.len());
    for tag in [
        "<div>",
        "<b>",
        "<blockquote>",
        "<ul><li>",
        "<table><tr><td>",
        "<hr>",
        "<HR/>",
        "<ol start=99999999999><li>",
        "<sup>",
        "<pre>",
    ] {
        let text = from_rich(&deep(tag));
        assert!(text.len() <= SOURCE_BODY_MAX_BYTES, "{tag}");
    }
    let rows = format!("<table>{}</table>", "<tr><td colspan=1000000>a<td rowspan=9999>b".repeat(1_000));
    assert!(from_rich(&rows).contains('a'));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[<>/&;a-z!\\-\"= \\PC]{0,200}") {
        let plain = from_rich(&text);
        prop_assert!(!plain.chars().any(|c| c.is_control() && c != '\n'));
        let _ = title(&text);
    }
}
