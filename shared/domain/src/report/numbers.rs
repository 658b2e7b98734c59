//! What can be read off the counters of one row, or of several added up.

use crate::answer::Change;
use crate::rollup::{Counts, quantile};

/// A part of a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Part {
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
}

impl Part {
    /// Between 0 and 1; `None` of nothing.
    pub fn rate(self) -> Option<f64> {
        (self.whole > 0).then(|| self.part as f64 / self.whole as f64)
    }

    /// In whole percent; `None` of nothing.
    pub fn percent(self) -> Option<i64> {
        (self.whole > 0).then(|| (200 * self.part + self.whole) / (2 * self.whole))
    }
}

/// How answers came to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// The draft, as it was.
    pub as_it_was: i64,
    /// The draft, lightly edited.
    pub lightly_edited: i64,
    /// The draft, rewritten.
    pub rewritten: i64,
    /// No draft.
    pub from_nothing: i64,
}

impl Made {
    /// The AI acceptance rate: drafts that were kept as they were or edited lightly, of all that stood there.
    pub fn kept(self) -> Part {
        let part = self.as_it_was + self.lightly_edited;
        Part { part, whole: part + self.rewritten }
    }

    /// Answers without a draft, of all.
    pub fn undrafted(self) -> Part {
        Part { part: self.from_nothing, whole: self.all() }
    }

    /// All answers.
    pub fn all(self) -> i64 {
        self.as_it_was + self.lightly_edited + self.rewritten + self.from_nothing
    }

    /// In the order of [`Change::ALL`].
    pub fn parts(self) -> [i64; 4] {
        [self.as_it_was, self.lightly_edited, self.rewritten, self.from_nothing]
    }
}

/// Counters, and what they say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers(Counts);

impl Numbers {
    /// Of these counters.
    pub fn new(mut counts: Counts) -> Self {
        counts.retain(|_, count| *count != 0);
        Self(counts)
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One counter.
    pub fn get(&self, counter: &str) -> i64 {
        self.0.get(counter).copied().unwrap_or(0)
    }

    /// Handoffs that were handed over, of those that ended: expired and skipped ones count against it.
    pub fn completion(&self) -> Part {
        let part = self.get("done");
        Part { part, whole: part + self.get("lost_expired") + self.get("lost_skipped") }
    }

    /// The time to handoff that a share of all needed at most, in minutes.
    pub fn wait(&self, share: f64) -> Option<f64> {
        quantile(&self.0, "wait:", share)
    }

    /// How many handoffs took how long: the bounds of a class in hours, the last one open, and how many.
    pub fn waits(&self, bounds: &[i64]) -> Vec<i64> {
        let mut classes = vec![0; bounds.len() + 1];
        for (counter, count) in &self.0 {
            let Some(bucket) = counter.strip_prefix("wait:").and_then(|rest| rest.parse().ok()) else {
                continue;
            };
            let hours = crate::rollup::wait_minutes(bucket) / 60.0;
            let class = bounds.iter().position(|bound| hours <= *bound as f64).unwrap_or(bounds.len());
            if let Some(class) = classes.get_mut(class) {
                *class += count;
            }
        }
        classes
    }

    /// How the answers came to be.
    pub fn made(&self) -> Made {
        let [as_it_was, lightly_edited, rewritten, from_nothing] =
            Change::ALL.map(|change| self.get(change.as_str()));
        Made { as_it_was, lightly_edited, rewritten, from_nothing }
    }

    /// The mean score of the ratings, 1 to 5.
    pub fn score(&self) -> Option<f64> {
        Part { part: self.get("score"), whole: self.get("ratings") }.rate()
    }

    /// Handoffs after which the customer had to repeat something, of those rated.
    pub fn repeated(&self) -> Part {
        Part { part: self.get("repeated"), whole: self.get("ratings") }
    }

    /// Answers that a CSM found useful, of those that one was judged.
    pub fn useful(&self) -> Part {
        let part = self.get("useful");
        Part { part, whole: part + self.get("not_useful") + self.get("wrong") }
    }

    /// Answers that were not true, of those judged.
    pub fn wrong(&self) -> Part {
        Part { part: self.get("wrong"), whole: self.useful().whole }
    }

    /// What a handoff cost, in dollars: model, mails and calls of those made in this time; `None` where none was made.
    pub fn dollars_per_handoff(&self, prices: Prices) -> Option<f64> {
        let created = self.get("created");
        (created > 0).then(|| self.dollars(prices) / created as f64)
    }

    /// What the handoffs of this time cost, in dollars.
    pub fn dollars(&self, prices: Prices) -> f64 {
        let model = self.get("microdollars") as f64 / 1e6;
        model + self.get("mails") as f64 * prices.mail + self.get("created") as f64 * prices.calls
    }
}

/// What is paid beside the model, in dollars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prices {
    /// For one mail.
    pub mail: f64,
    /// For the calls of one handoff: functions, table, queues, logs.
    pub calls: f64,
}

impl Default for Prices {
    /// SES in `us-east-1`, and what grows with each handoff by `make cost`, without model and mails.
    fn default() -> Self {
        Self { mail: 0.0001, calls: 0.000_15 }
    }
}
