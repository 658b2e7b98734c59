//! The numbers in a text, compared by value: `48,000`, `48.000` and `48k` are the same; `four` is 4.

use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// Number words of the languages that sources come in, by value from 1.
const WORDS: [&[&str]; 12] = [
    &["one", "eins", "ein", "eine", "einen", "un", "une", "uno", "una", "first"],
    &["two", "zwei", "deux", "dos", "second", "both"],
    &["three", "drei", "trois", "tres", "third"],
    &["four", "vier", "quatre", "cuatro", "fourth"],
    &["five", "fünf", "cinq", "cinco", "fifth"],
    &["six", "sechs", "seis", "sixth"],
    &["seven", "sieben", "sept", "siete"],
    &["eight", "acht", "huit", "ocho"],
    &["nine", "neun", "neuf", "nueve"],
    &["ten", "zehn", "dix", "diez"],
    &["eleven", "elf", "onze", "once"],
    &["twelve", "zwölf", "douze", "doce", "dozen"],
];

/// The numbers that `text` names, as digits without separators.
pub(crate) fn numbers(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let mut found = digit_groups(&lower);
    for word in lower.unicode_words() {
        if let Some(index) = WORDS.iter().position(|words| words.contains(&word)) {
            found.insert((index + 1).to_string());
        }
    }
    found
}

/// The numbers written with digits in `text`, as digits without separators, `k` and `m` also written out.
pub(crate) fn digit_groups(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.to_lowercase().chars().collect();
    let mut found = BTreeSet::new();
    let mut index = 0;
    while index < chars.len() {
        if !chars[index].is_ascii_digit() {
            index += 1;
            continue;
        }
        let mut digits = String::new();
        while index < chars.len() && (chars[index].is_ascii_digit() || is_separator(&chars, index)) {
            if chars[index].is_ascii_digit() {
                digits.push(chars[index]);
            }
            index += 1;
        }
        let zeros = match chars.get(index) {
            Some('k') => 3,
            Some('m') if !chars.get(index + 1).is_some_and(|c| c.is_alphabetic()) => 6,
            _ => 0,
        };
        if zeros > 0 {
            found.insert(format!("{digits}{}", "0".repeat(zeros)));
        }
        found.insert(without_leading_zeros(&digits));
    }
    found
}

fn without_leading_zeros(digits: &str) -> String {
    let bare = digits.trim_start_matches('0');
    if bare.is_empty() { "0".to_owned() } else { bare.to_owned() }
}

/// A comma, dot, apostrophe or thin space with exactly three digits behind it, inside a number.
fn is_separator(chars: &[char], index: usize) -> bool {
    matches!(chars[index], ',' | '.' | '\'' | '’' | '\u{a0}' | '\u{202f}')
        && chars.get(index + 1..index + 4).is_some_and(|next| next.iter().all(char::is_ascii_digit))
        && !chars.get(index + 4).is_some_and(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_is_the_same_number() {
        for text in ["48,000 USD", "48.000 €", "48k", "48\u{202f}000"] {
            assert!(digit_groups(text).contains("48000"), "{text}");
        }
        assert!(numbers("in six weeks").contains("6"));
        assert_eq!(digit_groups("2027-03-05"), ["2027", "3", "5"].map(String::from).into());
        assert!(digit_groups("ZX-CANARY-7731").contains("7731"));
    }
}
