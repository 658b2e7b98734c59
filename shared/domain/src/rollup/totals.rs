//! Rows of totals, and what can be read off them.

use super::{Contribution, Grain, Of};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Counters by name. The names are a closed list with ids of questions, kinds, models and templates in them: see `fold`.
pub type Counts = BTreeMap<String, i64>;

/// Which time a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// How long it is.
    pub grain: Grain,
    /// Its first day.
    pub start: Date,
}

/// One row of totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotalsRow {
    /// The time.
    pub period: Period,
    /// Whose.
    pub of: Of,
    /// What they are called.
    pub name: String,
    /// By counter; a counter that went back to 0 may be left out.
    pub counts: Counts,
}

/// Rows by time and whose they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    rows: BTreeMap<(Period, Of), Counts>,
}

impl Totals {
    /// Nothing counted.
    pub fn new() -> Self {
        Self::default()
    }

    /// With what one account adds, in each grain.
    pub fn add(&mut self, contribution: &Contribution) {
        for share in &contribution.shares {
            for grain in Grain::ALL {
                let period = Period { grain, start: grain.start(share.day) };
                self.add_counts(period, &share.of, &share.counts);
            }
        }
    }

    /// With one row that was read.
    pub fn add_row(&mut self, row: &TotalsRow) {
        self.add_counts(row.period, &row.of, &row.counts);
    }

    fn add_counts(&mut self, period: Period, of: &Of, counts: &Counts) {
        let row = self.rows.entry((period, of.clone())).or_default();
        for (counter, count) in counts {
            *row.entry(counter.clone()).or_default() += count;
        }
    }

    /// The rows, without counters that are 0 and rows that hold none.
    pub fn rows(&self) -> BTreeMap<(Period, Of), Counts> {
        let rows = self.rows.iter().map(|(key, counts)| {
            let counts: Counts =
                counts.iter().filter(|(_, count)| **count != 0).map(|(k, v)| (k.clone(), *v)).collect();
            (key.clone(), counts)
        });
        rows.filter(|(_, counts)| !counts.is_empty()).collect()
    }

    /// What differs from `other`, as lines for people: row, counter, here, there.
    pub fn differences(&self, other: &Self) -> Vec<(Period, Of, String, i64, i64)> {
        let (here, there) = (self.rows(), other.rows());
        let keys = here.keys().chain(there.keys()).collect::<std::collections::BTreeSet<_>>();
        let none = Counts::new();
        let mut told = Vec::new();
        for key in keys {
            let (mine, theirs) = (here.get(key).unwrap_or(&none), there.get(key).unwrap_or(&none));
            let counters = mine.keys().chain(theirs.keys()).collect::<std::collections::BTreeSet<_>>();
            for counter in counters {
                let pair =
                    (mine.get(counter).copied().unwrap_or(0), theirs.get(counter).copied().unwrap_or(0));
                if pair.0 != pair.1 {
                    told.push((key.0, key.1.clone(), counter.clone(), pair.0, pair.1));
                }
            }
        }
        told
    }
}
