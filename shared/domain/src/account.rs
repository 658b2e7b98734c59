//! The customer: what Sales knew in facts and figures.

use crate::id::DealId;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// Where an account stands in its life as a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Sales is handing it over.
    Handoff,
    /// The CSM has it.
    Onboarding,
    /// It uses the product.
    Live,
    /// It left.
    Cancelled,
}

/// A person at the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Full name; may be empty.
    pub name: String,
    /// Address as the CRM holds it, for people to read; not checked.
    #[serde(default)]
    pub email: String,
    /// Phone as the CRM holds it.
    #[serde(default)]
    pub phone: String,
    /// Job title as the CRM holds it.
    #[serde(default)]
    pub title: String,
}

/// Money as the CRM holds it: a decimal number as text, and a currency code that may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// For example `48000` or `48000.50`.
    pub amount: String,
    /// ISO 4217, for example `USD`; empty when the CRM does not say.
    #[serde(default)]
    pub currency: String,
}

impl Money {
    /// For people: grouped thousands, decimals only if they say something, then the currency: `48,000 USD`.
    pub fn to_plain_text(&self) -> String {
        let (sign, digits) =
            self.amount.strip_prefix('-').map_or(("", self.amount.as_str()), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.chars().count() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let fraction =
            if fraction.trim_end_matches('0').is_empty() { String::new() } else { format!(".{fraction}") };
        format!("{sign}{grouped}{fraction} {}", self.currency).trim_end().to_owned()
    }
}

/// The account as summary: everything about the customer that pages and mails begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The company's name, or the deal's when there is no company.
    pub company: String,
    /// The deal's name; empty for an account made by hand.
    #[serde(default)]
    pub deal_name: String,
    /// The deal it was made from.
    pub deal: Option<DealId>,
    /// Annual recurring revenue, or the deal's amount where the CRM holds no ARR.
    pub arr: Option<Money>,
    /// When the deal closed, in the organization's time zone.
    pub close_date: Option<Date>,
    /// When it entered the won stage.
    pub won_at: Option<Timestamp>,
    /// People at the customer.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// The company's website as the CRM holds it.
    #[serde(default)]
    pub website: String,
    /// The company's industry as the CRM holds it.
    #[serde(default)]
    pub industry: String,
    /// Number of employees as the CRM holds it.
    #[serde(default)]
    pub size: String,
    /// Where it stands.
    pub status: AccountStatus,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_like_money() {
        let text = |amount: &str, currency: &str| {
            Money { amount: amount.into(), currency: currency.into() }.to_plain_text()
        };
        assert_eq!(text("48000", "USD"), "48,000 USD");
        assert_eq!(text("1234567.50", ""), "1,234,567.50");
        assert_eq!(text("-900.00", "EUR"), "-900 EUR");
        assert_eq!(text("0", "USD"), "0 USD");
    }
}
