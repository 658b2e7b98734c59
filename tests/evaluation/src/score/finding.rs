//! Conflicts and promises: which of gold's were found, and which of those shown are some.

use super::evidence::{ShownQuote, shown, states};
use crate::gold::{GoldConflict, GoldPromise, GoldVersion};
use crate::tally::Ratio;
use handoff_domain::finding::{Conflict, Promise, Version};
use handoff_domain::source::Source;

/// How the findings of one kind went.
#[derive(Debug, Clone, Default)]
pub struct FindingsScore {
    /// What should be found.
    pub gold: Vec<GoldFinding>,
    /// What is shown.
    pub shown: Vec<ShownFinding>,
}

impl FindingsScore {
    /// How many of gold's were found.
    pub fn recall(&self) -> Ratio {
        Ratio::count(self.gold.iter().map(|gold| gold.is_found))
    }

    /// How many of those shown are some.
    pub fn precision(&self) -> Ratio {
        Ratio::count(self.shown.iter().map(|shown| shown.is_right))
    }

    /// Those that were missed and those that are none.
    pub fn faults(&self) -> usize {
        let (recall, precision) = (self.recall(), self.precision());
        (recall.of - recall.hits) + (precision.of - precision.hits)
    }
}

/// A conflict or promise of gold.
#[derive(Debug, Clone)]
pub struct GoldFinding {
    /// What it says.
    pub says: String,
    /// Whether one that is shown is this one.
    pub is_found: bool,
}

/// A conflict or promise that is shown.
#[derive(Debug, Clone)]
pub struct ShownFinding {
    /// What it says.
    pub text: String,
    /// What it rests on.
    pub quotes: Vec<ShownQuote>,
    /// Whether gold has it.
    pub is_right: bool,
}

pub(super) fn conflicts(gold: &[GoldConflict], found: &[Conflict], sources: &[Source]) -> FindingsScore {
    let say = |conflict: &GoldConflict| {
        let versions: Vec<&str> = conflict.versions.iter().map(|version| version.says.as_str()).collect();
        format!("{}: {}", conflict.question, versions.join(" / "))
    };
    FindingsScore {
        gold: gold
            .iter()
            .map(|one| GoldFinding {
                says: say(one),
                is_found: found.iter().any(|other| is_same(one, other)),
            })
            .collect(),
        shown: found
            .iter()
            .map(|one| {
                let versions: Vec<&str> = one.versions.iter().map(|version| version.text.as_str()).collect();
                let quotes = one.versions.iter().flat_map(|version| shown(&version.citations, sources));
                ShownFinding {
                    text: format!("{}: {}", one.subject, versions.join(" / ")),
                    quotes: quotes.collect(),
                    is_right: gold.iter().any(|other| is_same(other, one)),
                }
            })
            .collect(),
    }
}

/// Whether two versions of the one are two versions of the other.
fn is_same(gold: &GoldConflict, found: &Conflict) -> bool {
    let is_version = |right: &GoldVersion, shown: &Version| {
        states(&shown.text, &shown.citations, &right.quotes, &right.terms).is_some()
    };
    let pairs: Vec<(usize, usize)> = gold
        .versions
        .iter()
        .enumerate()
        .flat_map(|(at, right)| {
            found.versions.iter().enumerate().map(move |(place, shown)| (at, right, place, shown))
        })
        .filter(|(_, right, _, shown)| is_version(right, shown))
        .map(|(at, _, place, _)| (at, place))
        .collect();
    pairs.iter().any(|one| pairs.iter().any(|other| one.0 != other.0 && one.1 != other.1))
}

pub(super) fn promises(gold: &[GoldPromise], found: &[Promise], sources: &[Source]) -> FindingsScore {
    let is_same = |right: &GoldPromise, shown: &Promise| {
        states(&shown.text, &shown.citations, &right.quotes, &right.terms).is_some()
    };
    FindingsScore {
        gold: gold
            .iter()
            .map(|one| GoldFinding {
                says: format!("{} ({}, {})", one.says, one.by, one.on),
                is_found: found.iter().any(|other| is_same(one, other)),
            })
            .collect(),
        shown: found
            .iter()
            .map(|one| ShownFinding {
                text: one.text.clone(),
                quotes: shown(&one.citations, sources),
                is_right: gold.iter().any(|other| is_same(other, one)),
            })
            .collect(),
    }
}
