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
    assert!(text.ends_with("Go-live | May"), "{text}");
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
fn lists_breaks_images_and_addresses_stay_readable() {
    let text = from_rich(
        "<ul><li>One<li>Two</ul>a<br>b <img alt='Chart'> <o:p></o:p>Kim &lt;kim@acme.test&gt; <lee@acme.test>",
    );
    assert_eq!(text, "- One\n- Two\na\nb Chart Kim <kim@acme.test> <lee@acme.test>");
    assert_eq!(from_rich("From: Kim <kim@acme.test>\nHi"), "From: Kim <kim@acme.test>\nHi");
    assert_eq!(from_rich("<pre>a\n  b</pre>"), "a\n  b");
}

#[test]
fn the_most_hostile_markup_of_a_note_costs_a_moment() {
    let start = std::time::Instant::now();
    let fill = |piece: &str| piece.repeat(65_536 / piece.len());
    for piece in [
        "<div>",
        "<b>",
        "<ul><li>",
        "<table><tr><td colspan=1000000>",
        "<hr>",
        "<ol start=99999999999><li>",
        "<sup>",
        "<pre>",
        "<",
        "&",
        "<!--",
        "<a a",
        "&#x0;",
        "<svg><math>",
        "</p>",
    ] {
        assert!(from_rich(&fill(piece)).len() <= SOURCE_BODY_MAX_BYTES, "{piece}");
    }
    let attributes: String = (0..9_000).flat_map(|n| [" a".to_owned(), n.to_string()]).collect();
    assert_eq!(from_rich(&format!("<p{attributes}>x")), "x");
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[<>/&;a-z!\\-\"= \\PC]{0,200}") {
        let plain = from_rich(&text);
        prop_assert!(!plain.chars().any(|c| c.is_control() && c != '\n'));
        let _ = title(&text);
    }
}
