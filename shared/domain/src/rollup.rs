//! What one account adds to the numbers of its organization: a pure function of its handoff and its events, so that what was
//! counted can be counted again, and a fact that comes late, or twice, changes nothing but what it must.

mod fold;
mod totals;
mod wait;

pub use totals::{Counts, Period, Totals, TotalsRow};
pub use wait::{WAIT_ERROR_PERCENT, quantile, wait_bucket, wait_minutes, whole};

use crate::id::MemberId;
use jiff::civil::{Date, Weekday};
use jiff::{ToSpan as _, civil};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Whose numbers a row holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The organization's, with those of its questions, kinds of sources, models and templates.
    Organization,
    /// One AE's, by a short hash of their address.
    Ae(String),
    /// One CSM's.
    Csm(MemberId),
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("ORG"),
            Self::Ae(id) => write!(f, "AE#{id}"),
            Self::Csm(id) => write!(f, "CSM#{id}"),
        }
    }
}

impl Of {
    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once('#') {
            None => (text == "ORG").then_some(Self::Organization),
            Some(("AE", id)) => Some(Self::Ae(id.to_owned())),
            Some(("CSM", id)) => MemberId::parse(id).ok().map(Self::Csm),
            Some(_) => None,
        }
    }
}

/// How long a row's time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A day.
    Day,
    /// A week, from Monday on.
    Week,
    /// A month.
    Month,
}

impl Grain {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The name, as keys and addresses spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Reads what [`Grain::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grain| grain.as_str() == text)
    }

    /// The first day of the time that a day lies in.
    pub fn start(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let back = i64::from(day.weekday().since(Weekday::Monday));
                day.checked_sub(back.days()).unwrap_or(day)
            }
            Self::Month => civil::date(day.year(), day.month(), 1),
        }
    }

    /// The first day of the time so many before.
    pub fn back(self, start: Date, count: i64) -> Date {
        let span = match self {
            Self::Day => count.days(),
            Self::Week => count.weeks(),
            Self::Month => count.months(),
        };
        start.checked_sub(span).unwrap_or(start)
    }
}

/// What one account adds on one day to one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The day, in the account's time zone.
    pub day: Date,
    /// Whose row.
    pub of: Of,
    /// What they are called; empty for the organization.
    pub name: String,
    /// By counter; none of them is 0.
    pub counts: Counts,
}

/// All that one account adds, by day and row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// In the order of day and row.
    pub shares: Vec<Share>,
}

impl Contribution {
    /// With these shares added.
    pub fn with(&self, shares: &[Share]) -> Self {
        let none = Self::default();
        let both = Self { shares: self.shares.iter().chain(shares).cloned().collect() };
        Self { shares: both.since(&none) }
    }

    /// What must be added to the totals so that they hold this in the place of `before`.
    pub fn since(&self, before: &Self) -> Vec<Share> {
        let mut changed: BTreeMap<(Date, Of), (String, Counts)> = BTreeMap::new();
        for (shares, sign) in [(&before.shares, -1), (&self.shares, 1)] {
            for share in shares {
                let entry = changed.entry((share.day, share.of.clone())).or_default();
                entry.0.clone_from(&share.name);
                for (counter, count) in &share.counts {
                    *entry.1.entry(counter.clone()).or_default() += sign * count;
                }
            }
        }
        let told = changed.into_iter().filter_map(|((day, of), (name, mut counts))| {
            counts.retain(|_, count| *count != 0);
            (!counts.is_empty()).then_some(Share { day, of, name, counts })
        });
        told.collect()
    }
}

#[cfg(test)]
mod tests;
