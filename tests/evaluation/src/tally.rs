//! Counts that add up: over questions, languages and parts.

use handoff_domain::draft::{Confidence, Usage};
use std::ops::AddAssign;
use std::time::Duration;

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ratio {
    /// Of those, how many are.
    pub hits: usize,
    /// All.
    pub of: usize,
}

impl Ratio {
    /// How many of these are.
    pub fn count(all: impl IntoIterator<Item = bool>) -> Self {
        let mut ratio = Self::default();
        for hit in all {
            ratio += Self { hits: usize::from(hit), of: 1 };
        }
        ratio
    }

    /// From 0 to 1; nothing when there are none at all.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}

impl AddAssign for Ratio {
    fn add_assign(&mut self, other: Self) {
        self.hits += other.hits;
        self.of += other.of;
    }
}

/// The levels of confidence with the share of right statements that each one stands for.
pub const LEVELS: [(Confidence, f64); 3] =
    [(Confidence::High, 0.95), (Confidence::Medium, 0.85), (Confidence::Low, 0.65)];

/// Everything that is counted; `docs/evaluation.md` says what each one means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Needed facts that are stated.
    pub facts: Ratio,
    /// Those whose own words are cited.
    pub facts_cited: Ratio,
    /// Shown claims of text questions that are right.
    pub claims: Ratio,
    /// Those that cite the words of a fact.
    pub claims_cited: Ratio,
    /// Questions without an answer in the sources that were left open.
    pub open: Ratio,
    /// Questions with an answer in the sources that were left open.
    pub wrongly_open: Ratio,
    /// Yes/no questions answered exactly, those that are rightly left open included.
    pub yes_no: Ratio,
    /// Yes/no questions with an answer in the sources that were answered exactly.
    pub yes_no_recall: Ratio,
    /// Yes/no answers that are right.
    pub yes_no_precision: Ratio,
    /// Multi-selects answered exactly.
    pub multi_select: Ratio,
    /// Chosen options that are right.
    pub option_precision: Ratio,
    /// Right options that were chosen.
    pub option_recall: Ratio,
    /// Shown quotes that stand in their source.
    pub quotes: Ratio,
    /// Gold conflicts that were found.
    pub conflict_recall: Ratio,
    /// Shown conflicts that are some.
    pub conflict_precision: Ratio,
    /// Gold promises that were found.
    pub promise_recall: Ratio,
    /// Shown promises that are some.
    pub promise_precision: Ratio,
    /// Right statements by level, in the order of [`LEVELS`].
    pub levels: [Ratio; 3],
    /// Words of text answers, of so many answers.
    pub words: Ratio,
    /// Tokens and dollars.
    pub usage: Usage,
    /// Deals.
    pub deals: usize,
    /// Time to read the deals from the CRM.
    pub gathering: Duration,
    /// Time to draft.
    pub drafting: Duration,
}

impl Tally {
    /// Counts statements of an answer under its confidence.
    pub fn count_level(&mut self, confidence: Option<Confidence>, right: Ratio) {
        for ((level, _), count) in LEVELS.iter().zip(&mut self.levels) {
            if confidence == Some(*level) {
                *count += right;
            }
        }
    }

    /// How far, on average over all statements, what a level stands for is from the share of its statements that are right.
    pub fn calibration_error(&self) -> Option<f64> {
        let all: usize = self.levels.iter().map(|level| level.of).sum();
        let apart = LEVELS.iter().zip(self.levels).filter_map(|((_, nominal), level)| {
            level.share().map(|share| (share - nominal).abs() * level.of as f64)
        });
        (all > 0).then(|| apart.sum::<f64>() / all as f64)
    }

    /// Whether no level is right more often than the one above it; levels without statements are passed over.
    pub fn is_monotone(&self) -> bool {
        let shares: Vec<f64> = self.levels.iter().filter_map(|level| level.share()).collect();
        shares.is_sorted_by(|higher, lower| higher >= lower)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.facts += other.facts;
        self.facts_cited += other.facts_cited;
        self.claims += other.claims;
        self.claims_cited += other.claims_cited;
        self.open += other.open;
        self.wrongly_open += other.wrongly_open;
        self.yes_no += other.yes_no;
        self.yes_no_recall += other.yes_no_recall;
        self.yes_no_precision += other.yes_no_precision;
        self.multi_select += other.multi_select;
        self.option_precision += other.option_precision;
        self.option_recall += other.option_recall;
        self.quotes += other.quotes;
        self.conflict_recall += other.conflict_recall;
        self.conflict_precision += other.conflict_precision;
        self.promise_recall += other.promise_recall;
        self.promise_precision += other.promise_precision;
        for (level, more) in self.levels.iter_mut().zip(other.levels) {
            *level += more;
        }
        self.words += other.words;
        self.usage = add_usage(self.usage, other.usage);
        self.deals += other.deals;
        self.gathering += other.gathering;
        self.drafting += other.drafting;
    }
}

fn add_usage(one: Usage, other: Usage) -> Usage {
    Usage {
        tokens_in: one.tokens_in + other.tokens_in,
        tokens_out: one.tokens_out + other.tokens_out,
        cache_read: one.cache_read + other.cache_read,
        cache_written: one.cache_written + other.cache_written,
        microdollars: match (one.microdollars, other.microdollars) {
            (None, None) => None,
            (one, other) => Some(one.unwrap_or(0) + other.unwrap_or(0)),
        },
    }
}

impl<'a> std::iter::Sum<&'a Self> for Tally {
    fn sum<I: Iterator<Item = &'a Self>>(tallies: I) -> Self {
        let mut all = Self::default();
        for tally in tallies {
            all += *tally;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(hits: usize, of: usize) -> Ratio {
        Ratio { hits, of }
    }

    #[test]
    fn nothing_of_nothing_is_no_share() {
        assert_eq!(ratio(0, 0).share(), None);
        assert_eq!(ratio(0, 3).share(), Some(0.0));
    }

    #[test]
    fn the_calibration_error_weighs_levels_by_their_statements() {
        let tally = Tally { levels: [ratio(9, 10), ratio(0, 0), ratio(15, 30)], ..Tally::default() };
        let expected = (0.05 * 10.0 + 0.15 * 30.0) / 40.0;
        assert!((tally.calibration_error().unwrap() - expected).abs() < 1e-9);
        assert_eq!(Tally::default().calibration_error(), None);
    }

    #[test]
    fn levels_are_monotone_when_no_lower_one_is_right_more_often() {
        let with = |levels| Tally { levels, ..Tally::default() };
        assert!(with([ratio(9, 10), ratio(0, 0), ratio(1, 2)]).is_monotone());
        assert!(!with([ratio(5, 10), ratio(6, 10), ratio(1, 2)]).is_monotone());
        assert!(!with([ratio(5, 10), ratio(0, 0), ratio(3, 4)]).is_monotone());
    }

    #[test]
    fn dollars_stay_unknown_until_one_is_known() {
        let priced = Usage { microdollars: Some(5), ..Usage::default() };
        assert_eq!(add_usage(Usage::default(), Usage::default()).microdollars, None);
        assert_eq!(add_usage(priced, Usage::default()).microdollars, Some(5));
    }
}
