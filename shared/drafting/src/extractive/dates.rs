//! Dates as people write them in notes: days, months, quarters, in four languages.

use regex_lite::Regex;
use std::sync::LazyLock;

/// A date that a text names, as far as it names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mention {
    /// If named.
    pub(crate) year: Option<i16>,
    /// First and last month that it may mean; a quarter spans three.
    pub(crate) months: (i8, i8),
    /// If named.
    pub(crate) day: Option<i8>,
}

impl Mention {
    /// Whether both may mean the same date.
    pub(crate) fn agrees(self, other: Self) -> bool {
        let same = |a: Option<i16>, b: Option<i16>| a.is_none() || b.is_none() || a == b;
        let overlap = self.months.0 <= other.months.1 && other.months.0 <= self.months.1;
        same(self.year, other.year) && overlap && same(self.day.map(i16::from), other.day.map(i16::from))
    }
}

/// Month names by their beginnings, from January.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "januar", "jänner", "janvier", "janv", "enero", "ene"],
    &["february", "feb", "februar", "février", "févr", "febrero"],
    &["march", "mar", "märz", "mrz", "mars", "marzo"],
    &["april", "apr", "avril", "avr", "abril", "abr"],
    &["may", "mai", "mayo"],
    &["june", "jun", "juni", "juin", "junio"],
    &["july", "jul", "juli", "juillet", "juil", "julio"],
    &["august", "aug", "août", "agosto", "ago"],
    &["september", "sep", "sept", "septembre", "septiembre"],
    &["october", "oct", "oktober", "okt", "octobre", "octubre"],
    &["november", "nov", "novembre", "noviembre"],
    &["december", "dec", "dezember", "dez", "décembre", "déc", "diciembre", "dic"],
];

static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(20\d\d)-(\d\d)-(\d\d)\b").ok());
static DOTTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})\.(\d{1,2})\.(20\d\d|\d\d)?").ok());
static SLASHED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(\d{1,2})/(\d{1,2})/(20\d\d)\b").ok());
static QUARTER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:q([1-4])|([1-4])\. quartal|t([1-4]))\b[ /'’]*(20\d\d)?").ok());

/// Every date that the text names, in no particular order. A day alone or a year alone is none.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let lower = text.to_lowercase();
    let mut found = numeric(&lower);
    found.extend(named(&lower));
    found
}

/// The dates that a text names as precisely as any: days, where it names days.
pub(crate) fn precise(text: &str) -> Vec<Mention> {
    let all = mentions(text);
    let has_day = all.iter().any(|mention| mention.day.is_some());
    all.into_iter().filter(|mention| mention.day.is_some() || !has_day).collect()
}

/// Whether folded words say that a date is not the one: the one that is stands elsewhere.
pub(crate) fn is_denied(words: &str) -> bool {
    const DENIALS: [&str; 20] = [
        " not realistic ",
        " unrealistic ",
        " not possible ",
        " too early ",
        " no longer ",
        " not in ",
        " not before ",
        " won't ",
        " forget ",
        " is off ",
        " nicht möglich ",
        " zu früh ",
        " nicht vor ",
        " nicht zu halten ",
        " klappt nicht ",
        " trop tôt ",
        " pas avant ",
        " pas possible ",
        " no es posible ",
        " no antes ",
    ];
    DENIALS.iter().any(|denial| words.contains(denial))
}

fn numeric(lower: &str) -> Vec<Mention> {
    let number =
        |text: Option<regex_lite::Match<'_>>| text.and_then(|text| text.as_str().parse::<i16>().ok());
    let mut found = Vec::new();
    let mut add = |year: Option<i16>, month: Option<i16>, day: Option<i16>| {
        let month = month.and_then(|month| i8::try_from(month).ok()).filter(|month| (1..=12).contains(month));
        let day = day.and_then(|day| i8::try_from(day).ok()).filter(|day| (1..=31).contains(day));
        if let (Some(month), Some(day)) = (month, day) {
            let year = year.map(|year| if year < 100 { 2000 + year } else { year });
            found.push(Mention { year, months: (month, month), day: Some(day) });
        }
    };
    for captures in captures(&ISO, lower) {
        add(number(captures.get(1)), number(captures.get(2)), number(captures.get(3)));
    }
    for captures in captures(&DOTTED, lower) {
        add(number(captures.get(3)), number(captures.get(2)), number(captures.get(1)));
    }
    for captures in captures(&SLASHED, lower) {
        add(number(captures.get(3)), number(captures.get(1)), number(captures.get(2)));
    }
    for captures in captures(&QUARTER, lower) {
        let quarter = (1..=3)
            .find_map(|group| number(captures.get(group)))
            .and_then(|quarter| i8::try_from(quarter).ok());
        let first = quarter.unwrap_or(1) * 3 - 2;
        found.push(Mention { year: number(captures.get(4)), months: (first, first + 2), day: None });
    }
    found
}

fn captures<'t>(
    regex: &'t LazyLock<Option<Regex>>,
    text: &'t str,
) -> impl Iterator<Item = regex_lite::Captures<'t>> {
    regex.as_ref().into_iter().flat_map(move |regex| regex.captures_iter(text))
}

/// Month names with the day before or behind them and the year behind.
fn named(lower: &str) -> Vec<Mention> {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let Some(month) =
            MONTHS.iter().position(|names| names.contains(word)).and_then(|at| i8::try_from(at + 1).ok())
        else {
            continue;
        };
        let before = index.checked_sub(1).and_then(|at| words.get(at)).copied();
        let of = before
            .filter(|&word| ["of", "de"].contains(&word))
            .and_then(|_| words.get(index.checked_sub(2)?))
            .copied();
        let after = words.get(index + 1).copied();
        let day = [before, of, after].into_iter().flatten().find_map(day_number);
        let year = [after, words.get(index + 2).copied(), words.get(index + 3).copied()]
            .into_iter()
            .flatten()
            .find_map(year_number);
        if is_ambiguous(word) && day.is_none() && year.is_none() && !before.is_some_and(leads_to_a_date) {
            continue;
        }
        found.push(Mention { year, months: (month, month), day });
    }
    found
}

/// Words that are month names and something else besides.
fn is_ambiguous(word: &str) -> bool {
    ["may", "march", "mar", "mars", "mai", "jan", "sept", "dec", "ago", "abr", "ene"].contains(&word)
}

fn leads_to_a_date(word: &str) -> bool {
    const LEADING: [&str; 28] = [
        "in", "by", "until", "before", "after", "early", "mid", "late", "end", "of", "from", "since", "next",
        "this", "around", "im", "bis", "ab", "anfang", "mitte", "ende", "en", "début", "fin", "mi", "de",
        "avant", "for",
    ];
    LEADING.contains(&word)
}

fn day_number(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year_number(word: &str) -> Option<i16> {
    word.parse().ok().filter(|year| (2000..2100).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Mention {
        let found = mentions(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0]
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let march = Mention { year: Some(2027), months: (3, 3), day: Some(15) };
        for text in [
            "2027-03-15",
            "15 March 2027",
            "March 15th, 2027",
            "15. März 2027",
            "15.03.2027",
            "le 15 mars 2027",
            "15 de marzo de 2027",
            "03/15/2027",
        ] {
            assert!(one(text).agrees(march) && one(text).day == Some(15), "{text}");
        }
        assert_eq!(one("mid March"), Mention { year: None, months: (3, 3), day: None });
        assert_eq!(one("by the end of Q1 2027").months, (1, 3));
        assert_eq!(one("im 2. Quartal 2027").months, (4, 6));
    }

    #[test]
    fn words_that_only_look_like_months_are_none() {
        for text in ["They may need help", "We march on", "version 2.1", "call at 10:30", "500 users"] {
            assert_eq!(mentions(text), [], "{text}");
        }
    }

    #[test]
    fn a_month_agrees_with_its_quarter_and_not_with_another_month() {
        assert!(one("Q1 2027").agrees(one("in March")));
        assert!(!one("in April").agrees(one("1 March")));
    }
}
