//! The property map of a CRM record: text by name, and careful readings of it.

use crate::text;
use handoff_domain::account::Money;
use handoff_domain::id::DealId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::BTreeMap;

/// Longest number of an amount, in characters: more is absurd.
const AMOUNT_MAX_CHARACTERS: usize = 24;

/// The properties of one record. `null`, objects and arrays count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties(BTreeMap<String, String>);

impl Properties {
    pub(crate) fn from_value(value: Option<&Value>) -> Self {
        let entries = value.and_then(Value::as_object).into_iter().flatten();
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        Self(entries.filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect())
    }

    /// The value as HubSpot gave it; `None` when absent or blank.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// The value as one clean line; empty when absent.
    pub fn line(&self, name: &str) -> String {
        text::clean_line(self.raw(name).unwrap_or_default())
    }

    /// The value as clean text with its lines, markup taken out; empty when absent.
    pub fn rich(&self, name: &str) -> String {
        text::from_rich(self.raw(name).unwrap_or_default())
    }

    /// The value as clean text with its lines, as it was typed; empty when absent.
    pub fn plain(&self, name: &str) -> String {
        text::clean(self.raw(name).unwrap_or_default())
    }

    /// Whether the value is `true`.
    pub fn is_true(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    /// The value as a moment: RFC 3339, a date, or milliseconds since 1970.
    pub fn timestamp(&self, name: &str) -> Option<Timestamp> {
        let value = self.raw(name)?.trim();
        let from_date =
            || value.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
        let from_milliseconds = || Timestamp::from_millisecond(value.parse().ok()?).ok();
        value.parse().ok().or_else(from_milliseconds).or_else(from_date)
    }

    /// The value as an amount in the record's currency; `None` when it is not a plain decimal number.
    pub fn money(&self, name: &str) -> Option<Money> {
        let amount = self.raw(name)?.trim().to_owned();
        let digits = amount.strip_prefix('-').unwrap_or(&amount);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = is_digits(whole) && is_digits(fraction) && amount.len() <= AMOUNT_MAX_CHARACTERS;
        let currency = self.line("deal_currency_code");
        let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_alphabetic());
        let currency = if is_code { currency.to_ascii_uppercase() } else { String::new() };
        is_number.then_some(Money { amount, currency })
    }

    /// The value as record ids, separated by `;` or `,`; what is no id is left out.
    pub fn deal_ids(&self, name: &str) -> Vec<DealId> {
        let is_id = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts = self.raw(name).unwrap_or_default().split([';', ',']).map(str::trim);
        parts.filter(is_id).filter_map(|text| DealId::parse(text).ok()).collect()
    }
}

/// An enumeration value for people: `COMPUTER_SOFTWARE` becomes `Computer software`; everything else stays.
pub(crate) fn humanize(value: &str) -> String {
    let is_constant = value.contains(|c: char| c.is_ascii_uppercase())
        && value.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_constant || value.len() < 4 {
        return value.to_owned();
    }
    let words = value.to_ascii_lowercase().replace('_', " ");
    let mut characters = words.trim().chars();
    characters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + characters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn properties(value: Value) -> Properties {
        Properties::from_value(Some(&value))
    }

    #[test]
    fn wrong_types_and_nulls_count_as_absent() {
        let read = properties(json!({"a": null, "b": {"x": 1}, "c": [1], "d": 5, "e": true, "f": "  "}));
        assert_eq!((read.raw("a"), read.raw("b"), read.raw("c"), read.raw("f")), (None, None, None, None));
        assert_eq!((read.raw("d"), read.is_true("e")), (Some("5"), true));
        assert_eq!(Properties::from_value(Some(&json!("x"))), Properties::default());
        assert_eq!(Properties::from_value(None), Properties::default());
    }

    #[test]
    fn moments_come_in_three_spellings() {
        let read = properties(
            json!({"a": "2026-10-31T14:03:11.000Z", "b": "1793455391000", "c": "2026-10-31", "d": "soon", "e": "999999999999999999999"}),
        );
        assert_eq!(read.timestamp("a"), "2026-10-31T14:03:11Z".parse().ok());
        assert_eq!(read.timestamp("b"), "2026-10-31T14:03:11Z".parse().ok());
        assert_eq!(read.timestamp("c"), "2026-10-31T00:00:00Z".parse().ok());
        assert_eq!((read.timestamp("d"), read.timestamp("e"), read.timestamp("f")), (None, None, None));
    }

    #[test]
    fn only_plain_decimal_numbers_are_money() {
        for good in ["48000", "48000.50", "-1.0"] {
            assert_eq!(properties(json!({"amount": good})).money("amount").unwrap().amount, good);
        }
        for bad in [
            "",
            "1e9",
            "NaN",
            "1,000",
            "-",
            ".5",
            "5.",
            "1 000",
            "999999999999999999999999999999",
            "<b>5</b>",
        ] {
            assert_eq!(properties(json!({"amount": bad})).money("amount"), None, "{bad}");
        }
        let currency = |code: &str| {
            properties(json!({"amount": 5, "deal_currency_code": code})).money("amount").unwrap().currency
        };
        assert_eq!((currency("usd").as_str(), currency("dollars").as_str()), ("USD", ""));
    }

    #[test]
    fn merged_ids_are_read_one_by_one() {
        let read = properties(json!({"ids": "12;13; x;../1,14;"}));
        assert_eq!(read.deal_ids("ids").iter().map(DealId::as_str).collect::<Vec<_>>(), ["12", "13", "14"]);
    }

    #[test]
    fn constants_become_words() {
        assert_eq!(humanize("COMPUTER_SOFTWARE"), "Computer software");
        assert_eq!(humanize("SaaS"), "SaaS");
        assert_eq!(humanize("IT"), "IT");
        assert_eq!(humanize("500"), "500");
    }
}
