//! Industry and size, so that what different people typed into a CRM counts as the same.

use crate::account::Account;
use serde::{Deserialize, Serialize};

/// Longest industry in a key, in characters.
const INDUSTRY_MAX_CHARS: usize = 60;

/// Words of an industry that tell nothing.
const SMALL_WORDS: [&str; 8] = ["and", "the", "of", "und", "et", "y", "industry", "sector"];

/// What people type, and HubSpot's own name of it.
const ALIASES: [(&str, &str); 13] = [
    ("software", "computer-software"),
    ("saas", "computer-software"),
    ("it", "information-technology-services"),
    ("it-services", "information-technology-services"),
    ("information-technology", "information-technology-services"),
    ("healthcare", "hospital-health-care"),
    ("health-care", "hospital-health-care"),
    ("hospitals", "hospital-health-care"),
    ("bank", "banking"),
    ("banks", "banking"),
    ("education", "education-management"),
    ("logistics", "logistics-supply-chain"),
    ("legal", "legal-services"),
];

/// How many people work there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SizeBand {
    /// 1 to 10.
    #[serde(rename = "1-10")]
    To10,
    /// 11 to 50.
    #[serde(rename = "11-50")]
    To50,
    /// 51 to 200.
    #[serde(rename = "51-200")]
    To200,
    /// 201 to 1,000.
    #[serde(rename = "201-1000")]
    To1000,
    /// 1,001 to 5,000.
    #[serde(rename = "1001-5000")]
    To5000,
    /// 5,001 and more.
    #[serde(rename = "5001+")]
    Over5000,
}

impl SizeBand {
    /// All of them, the smallest first.
    pub const ALL: [Self; 6] =
        [Self::To10, Self::To50, Self::To200, Self::To1000, Self::To5000, Self::Over5000];

    /// The band as the table spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::To10 => "1-10",
            Self::To50 => "11-50",
            Self::To200 => "51-200",
            Self::To1000 => "201-1000",
            Self::To5000 => "1001-5000",
            Self::Over5000 => "5001+",
        }
    }

    /// Reads a number or a range as people write it: `120`, `1,200`, `51-200`, `5.001+`. A range counts by its upper
    /// end. `None` when it says no number of people.
    pub fn of(text: &str) -> Option<Self> {
        let numbers = numbers(text);
        let number = *numbers.get(..2).and_then(<[u64]>::last).or_else(|| numbers.first())?;
        let number = number.max(*numbers.first()?);
        Some(match number {
            0 => return None,
            1..=10 => Self::To10,
            11..=50 => Self::To50,
            51..=200 => Self::To200,
            201..=1000 => Self::To1000,
            1001..=5000 => Self::To5000,
            _ => Self::Over5000,
        })
    }
}

/// The whole numbers of a text; a group of three digits after a mark or a space belongs to the number before it.
fn numbers(text: &str) -> Vec<u64> {
    let mut groups: Vec<(String, Option<char>)> = Vec::new();
    let mut mark = None;
    for c in text.chars() {
        match (c.is_ascii_digit(), groups.last_mut(), mark) {
            (true, Some((digits, _)), Some('0')) => digits.push(c),
            (true, _, mark) => groups.push((c.to_string(), mark)),
            (false, _, Some('0')) => {
                mark = Some(c);
                continue;
            }
            // Two marks part two numbers.
            (false, ..) => {
                mark = Some(';');
                continue;
            }
        }
        mark = Some('0');
    }
    let mut numbers: Vec<String> = Vec::new();
    for (digits, mark) in groups {
        let goes_on =
            digits.len() == 3 && matches!(mark, Some('.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}'));
        match numbers.last_mut().filter(|_| goes_on) {
            Some(number) => number.push_str(&digits),
            None => numbers.push(digits),
        }
    }
    numbers.iter().filter_map(|number| number.parse().ok()).collect()
}

/// Where a customer is counted: its industry and size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Segment {
    industry: String,
    band: SizeBand,
}

impl Segment {
    /// The account's segment; `None` when industry or size are not known.
    pub fn of(account: &Account) -> Option<Self> {
        Some(Self { industry: industry_key(&account.industry)?, band: SizeBand::of(&account.size)? })
    }

    /// The industry in lower case, words joined by `-`; never a `#`.
    pub fn industry(&self) -> &str {
        &self.industry
    }

    /// The size.
    pub fn band(&self) -> SizeBand {
        self.band
    }
}

/// What people typed as an industry, so that the same ones compare equal; `None` when it says nothing.
pub(crate) fn industry_key(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && !SMALL_WORDS.contains(word)).collect();
    let key: String = words.join("-").chars().take(INDUSTRY_MAX_CHARS).collect();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == key).map(|(_, name)| (*name).to_owned());
    alias.or(Some(key)).filter(|key| !key.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, band) in [
            ("1", Some("1-10")),
            ("10", Some("1-10")),
            ("11-50", Some("11-50")),
            ("51 - 200", Some("51-200")),
            ("about 120 people", Some("51-200")),
            ("1,000", Some("201-1000")),
            ("1.001", Some("1001-5000")),
            ("1 200", Some("1001-5000")),
            ("5,001+", Some("5001+")),
            ("10,001+ employees", Some("5001+")),
            ("201 to 1000", Some("201-1000")),
            ("", None),
            ("0", None),
            ("many", None),
        ] {
            assert_eq!(SizeBand::of(text).map(SizeBand::as_str), band, "{text}");
        }
    }

    #[test]
    fn industries_are_the_same_however_they_are_spelled() {
        for (text, key) in [
            ("COMPUTER_SOFTWARE", Some("computer-software")),
            ("Computer software", Some("computer-software")),
            ("SaaS", Some("computer-software")),
            ("Hospital & Health Care", Some("hospital-health-care")),
            ("HOSPITAL_HEALTH_CARE", Some("hospital-health-care")),
            ("a#b", Some("a-b")),
            (" & ", None),
            ("", None),
        ] {
            assert_eq!(industry_key(text).as_deref(), key, "{text}");
        }
    }
}
