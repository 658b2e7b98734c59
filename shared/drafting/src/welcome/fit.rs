//! Whether a line may be said to the customer whom it speaks of, and how.

use crate::clean;
use crate::extractive::passages;
use crate::machine::speaks_to_a_machine;
use crate::words::Words;
use linkify::LinkFinder;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// Longest line, in characters.
const LINE_MAX_CHARS: usize = 300;

/// A sentence of fewer words says nothing by itself.
const SENTENCE_MIN_WORDS: usize = 3;

/// How words begin that colleagues use of a customer and never to one, in the languages that answers come in. A line with
/// one of them costs the mail less than it could cost the customer's trust.
const BETWEEN_US: [&str; 74] = [
    "risk",
    "blocker",
    "concern",
    "worr",
    "objection",
    "skeptic",
    "sceptic",
    "hesita",
    "champion",
    "detractor",
    "decision-maker",
    "politic",
    "internal",
    "confidential",
    "competit",
    "rival",
    "discount",
    "margin",
    "pricing",
    "budget",
    "upsell",
    "churn",
    "renewal",
    "upset",
    "angry",
    "annoy",
    "frustrat",
    "unhapp",
    "difficult",
    "careful",
    "beware",
    "nervous",
    "layoff",
    "lawsuit",
    "weak",
    "afraid",
    "doubt",
    // German.
    "risik",
    "bedenken",
    "sorge",
    "einwand",
    "einwänd",
    "skep",
    "vertraulich",
    "wettbewerb",
    "konkurren",
    "rabatt",
    "preis",
    "kündig",
    "verärger",
    "unzufrieden",
    "schwierig",
    "vorsicht",
    "heikel",
    "zweifel",
    // French.
    "risque",
    "inquiét",
    "réticen",
    "confidentiel",
    "concurren",
    "remise",
    "rabais",
    "résili",
    "mécontent",
    "difficile",
    "méfi",
    "doute",
    // Spanish.
    "riesgo",
    "preocup",
    "objeci",
    "competencia",
    "descuento",
    "presupuesto",
    "molest",
];

/// The same, where only the whole word says so.
const BETWEEN_US_WHOLE: [&str; 9] =
    ["arr", "acv", "mrr", "secret", "fired", "intern", "interne", "prix", "precio"];

/// What stands before what they want, and is said by whoever tells of them.
const TOLD_OF: [&str; 26] = [
    "they want to ",
    "they would like to ",
    "they need to ",
    "they plan to ",
    "they hope to ",
    "they aim to ",
    "they expect to ",
    "they are looking to ",
    "the customer wants to ",
    "customer wants to ",
    "the team wants to ",
    "goal: ",
    "goal is to ",
    "the goal is to ",
    "their goal is to ",
    "use case: ",
    "go-live: ",
    "go live: ",
    "sie möchten ",
    "sie wollen ",
    "der kunde möchte ",
    "ziel: ",
    "ils veulent ",
    "ils souhaitent ",
    "quieren ",
    "objectif : ",
];

/// What is said between colleagues, sentence by sentence, made ready for finding it again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Internal {
    sentences: BTreeSet<Vec<String>>,
}

impl Internal {
    pub(super) fn of(texts: &[String]) -> Self {
        let all = texts.iter().flat_map(|text| sentences(text)).map(words);
        Self { sentences: all.filter(|words| words.len() >= SENTENCE_MIN_WORDS).collect() }
    }

    /// Whether one of its sentences stands in this line.
    pub(crate) fn holds(&self, line: &str) -> bool {
        let words = words(line);
        self.sentences.iter().any(|one| words.windows(one.len()).any(|window| window == one))
    }
}

fn words(text: &str) -> Vec<String> {
    text.unicode_words().map(str::to_lowercase).collect()
}

/// The sentences of an answer as they stand in it: without the signs of a list, and without the remark in brackets that
/// names their source.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().flat_map(|line| line.split("); "));
    let of_line = |line| {
        let whole: &str = bare(line);
        passages::sentences(whole, 0..whole.len()).into_iter().map(move |range| bare(&whole[range]))
    };
    let all = lines.flat_map(of_line);
    all.filter(|sentence| sentence.chars().any(char::is_alphabetic))
}

fn bare(sentence: &str) -> &str {
    let sentence = sentence.trim().trim_start_matches(['-', '*', '•', '–', '·']).trim_start();
    let unnumbered = sentence.trim_start_matches(|c: char| c.is_ascii_digit());
    let sentence = match unnumbered.strip_prefix(['.', ')']) {
        Some(rest) if unnumbered.len() < sentence.len() && rest.starts_with(' ') => rest.trim_start(),
        _ => sentence,
    };
    match sentence.rfind(" (") {
        Some(at) if at > 0 && Words::names_a_source(sentence[at + 2..].trim_end_matches(')')) => {
            sentence[..at].trim_end()
        }
        _ => sentence,
    }
}

/// Whether it can be said to anybody: short, plain, no address, no order to a machine, nothing that a name is filled into.
pub(crate) fn is_fit(line: &str) -> bool {
    let is_plain = line.chars().count() <= LINE_MAX_CHARS && clean::visible(line) == line;
    let has_link = LinkFinder::new().url_must_have_scheme(false).links(line).next().is_some();
    is_plain && !has_link && !speaks_to_a_machine(line) && !line.contains(['{', '}'])
}

/// Whether it speaks of the customer as colleagues do.
pub(crate) fn is_between_us(line: &str) -> bool {
    line.unicode_words().map(str::to_lowercase).any(|word| {
        BETWEEN_US_WHOLE.contains(&word.as_str()) || BETWEEN_US.iter().any(|sign| word.starts_with(sign))
    })
}

/// The line as it is said to them: without who tells of them, beginning with a capital. Empty where they would still be
/// spoken of as if they were not there, in the language whose words for that are no others.
pub(super) fn said_to_them(quote: &str, company: &str) -> String {
    let company = company.trim().to_lowercase();
    let own = [format!("{company} wants to "), format!("{company} möchte "), format!("{company} veut ")];
    let lower = quote.to_lowercase();
    let told = TOLD_OF.iter().copied().chain(own.iter().map(String::as_str).filter(|_| !company.is_empty()));
    // Lower case may have another length in bytes; only where it has the same is the place the same.
    let rest = told
        .filter(|told| lower.len() == quote.len() && lower.starts_with(told))
        .find_map(|told| quote.get(told.len()..))
        .unwrap_or(quote);
    let text = rest.unicode_words().next().map_or_else(String::new, |_| capitalized(rest.trim()));
    second_person(&text)
}

/// English words for people who are not there, and what they are called to their face.
const FACES: [(&str, &str); 8] = [
    ("they", "you"),
    ("their", "your"),
    ("them", "you"),
    ("theirs", "yours"),
    ("they're", "you're"),
    ("they've", "you've"),
    ("they'd", "you'd"),
    ("themselves", "yourselves"),
];

fn second_person(text: &str) -> String {
    let swapped = text.split_word_bounds().map(|word| {
        let plain = word.to_lowercase().replace('’', "'");
        match FACES.iter().find(|(away, _)| *away == plain) {
            Some((_, face)) if word.starts_with(char::is_uppercase) => capitalized(face),
            Some((_, face)) => (*face).to_owned(),
            None => word.to_owned(),
        }
    });
    swapped.collect()
}

pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
