//! How many tokens a text has, roughly: no tokenizer of these models is published.

use tokenx_rs::estimate_token_count;

/// The estimate is some percent off; a request that is too long is refused as a whole.
const MARGIN_PERCENT: usize = 15;

/// Tokens that a model will count for this text, rather too many than too few.
pub fn count(text: &str) -> usize {
    estimate_token_count(text) * (100 + MARGIN_PERCENT) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_about_a_token_for_four_letters_and_never_none() {
        let english =
            "They want to replace three regional spreadsheets with one returns desk for all stores. "
                .repeat(100);
        let counted = count(&english);
        assert!((english.len() / 6..english.len() / 3).contains(&counted), "{counted}");
        for odd in ["日本語のテキストです", "\u{0}\u{1}", "👩‍👩‍👧‍👦", "ﷺ", "a"] {
            assert!(count(odd) > 0, "{odd:?}");
        }
        assert_eq!(count(""), 0);
    }
}
