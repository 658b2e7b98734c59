//! Numbers of something: `28 buildings`, `eight counters`, `52 Filialen`.

use crate::extractive::{Passage, stem_of};

/// Smallest number that two sources can meaningfully disagree about.
const COUNT_MIN: u32 = 3;

/// Units of time, of money and of measure: numbers of these are goals and terms.
const MEASURES: &str = " day days hour hours minute minutes week weeks month months year years percent usd eur gbp euro euros dollar \
    dollars k m mb gb km kg tag tage tagen stunde stunden minuten woche wochen monat monate monaten monaten jahr jahre jahren \
    prozent uhr jour jours heure heures minutes semaine semaines mois an ans pour points point questions question times time \
    am pm st nd rd th working business slides pages seiten janvier february january march april may june july august september \
    october november december januar februar märz mai juni juli oktober dezember mars avril juin juillet août octobre novembre \
    décembre and or of to per in on at for from with und oder bis von mit für et ou de à par sur avec the a an y o ";

const WORDS: [&[&str]; 12] = [
    &["three", "drei", "trois", "tres"],
    &["four", "vier", "quatre", "cuatro"],
    &["five", "fünf", "cinq", "cinco"],
    &["six", "sechs", "seis"],
    &["seven", "sieben", "siete"],
    &["eight", "acht", "huit", "ocho"],
    &["nine", "neun", "neuf", "nueve"],
    &["ten", "zehn", "dix", "diez"],
    &["eleven", "elf", "onze", "once"],
    &["twelve", "zwölf", "douze", "doce"],
    &["thirteen", "dreizehn", "treize"],
    &["fourteen", "vierzehn", "quatorze"],
];

/// So many of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    /// How many.
    pub(super) number: u32,
    /// Of what, as it stands.
    pub(super) unit: String,
    /// Of what, as a stem.
    pub(super) stem: String,
}

/// What the passage counts: a number and, right behind it, the word for what is counted.
pub(super) fn counts(passage: &Passage<'_>) -> Vec<Count> {
    let text = passage.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    let count = |pair: &[&str]| {
        let number = number(pair[0])?;
        let unit = pair[1].trim_matches(|c: char| !c.is_alphanumeric());
        let is_word = unit.chars().count() >= 4 && unit.chars().all(char::is_alphabetic);
        let is_counted = is_word && !MEASURES.contains(&format!(" {} ", unit.to_lowercase()));
        is_counted.then(|| Count { number, unit: unit.to_owned(), stem: stem_of(unit) })
    };
    words.windows(2).filter_map(count).collect()
}

fn number(word: &str) -> Option<u32> {
    let bare = word.trim_start_matches(['(', '~', '±', '"', '„', '«']);
    let lower = bare.to_lowercase();
    if let Some(at) = WORDS.iter().position(|names| names.contains(&lower.as_str())) {
        return u32::try_from(at + 3).ok();
    }
    let digits: String = bare.chars().filter(|c| !matches!(c, ',' | '.' | '\'' | '’')).collect();
    let is_grouped = bare.split([',', '.', '\'', '’']).skip(1).all(|group| group.len() == 3);
    digits.parse().ok().filter(|number| *number >= COUNT_MIN && is_grouped)
}
