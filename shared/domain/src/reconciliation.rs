//! Finding the won deals that no webhook told of: how far HubSpot was looked through, and where to look next.
//!
//! A walk goes by `hs_lastmodifieddate`, in HubSpot's own time, so that our clock does not matter. Each page begins where the one before
//! ended instead of counting results: what changes meanwhile moves to the end of the order, and a page number would skip what
//! slides into its place. Nor does HubSpot's limit of 10,000 results for one query ever come near.

use crate::id::RunId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Deals of one page; HubSpot's own limit.
pub const PAGE: usize = 200;

/// How far before the newest deal that was seen the next walk begins: the search may learn of a change later than this of another.
pub const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// How long a run that told nothing more is taken to be alive.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// How long the hint of a deal waits, in seconds, so that a webhook that is on its way comes first.
pub const HINT_DELAY_SECONDS: u32 = 120;

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Deals changed at this moment or later, the oldest change first.
    From(Timestamp),
    /// Deals changed at exactly this moment with a greater id, by id: more of them than a page holds.
    Exactly {
        /// The moment.
        at: Timestamp,
        /// The last id that was seen; 0 for none.
        after: u64,
    },
}

impl Place {
    /// Where the next page begins, after this one; `None` after the last page.
    pub fn next(self, page: &Page) -> Option<Self> {
        let is_full = page.is_full;
        match (self, page.deals.last()) {
            (Self::From(begin), Some((last, _))) if is_full && *last <= begin => {
                Some(Self::Exactly { at: begin, after: 0 })
            }
            (Self::From(_), Some((last, _))) if is_full => Some(Self::From(*last)),
            (Self::From(_), _) => None,
            (Self::Exactly { at, .. }, Some((_, id))) if is_full => Some(Self::Exactly { at, after: *id }),
            (Self::Exactly { at, .. }, _) => {
                at.checked_add(SignedDuration::from_millis(1)).ok().map(Self::From)
            }
        }
    }
}

/// One page, as far as it says where the next one begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// When each deal was changed, and its id as a number, in the order of the search.
    pub deals: Vec<(Timestamp, u64)>,
    /// Whether it held as many as a page can, those that could not be read included.
    pub is_full: bool,
}

/// Who walks, and until when nobody else may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The run.
    pub run: RunId,
    /// Until when it is taken to be alive.
    pub until: Timestamp,
}

/// Why HubSpot cannot be looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The token is not accepted (401), or lacks a scope (403).
    Unauthorized,
    /// The limit of the day is reached.
    DailyLimit,
    /// HubSpot refused the search itself.
    Refused,
    /// No answer, or none that could be read.
    Unavailable,
}

/// Won deals without an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDeals {
    /// When they were found.
    pub at: Timestamp,
    /// How many deals.
    pub deals: u64,
}

/// How far an organization's deals were looked through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The newest change that was seen.
    pub through: Option<Timestamp>,
    /// Where a walk that did not come to its end goes on.
    pub resume: Option<Place>,
    /// Who walks.
    pub lease: Option<Lease>,
    /// When a walk came to its end last, by our clock.
    pub ended_at: Option<Timestamp>,
    /// What the last walk that found something found.
    pub found: Option<FoundDeals>,
    /// Why it cannot be looked through now, and since when.
    pub trouble: Option<(Trouble, Timestamp)>,
    /// Raised by each write, so that two runs notice each other.
    #[serde(default)]
    pub revision: u64,
}

impl Reconciliation {
    /// Taken by a run; `None` while another one is alive.
    pub fn begin(&self, run: RunId, now: Timestamp) -> Option<Self> {
        let is_held = self.lease.as_ref().is_some_and(|lease| now < lease.until && lease.run != run);
        (!is_held).then(|| Self { lease: lease(run, now), ..self.clone() })
    }

    /// Where the walk begins: where the last one stopped, else a little before the newest change that was seen, else when
    /// the organization's handoffs began.
    pub fn place(&self, handoffs_from: Timestamp) -> Place {
        let seen = self.through.unwrap_or(handoffs_from);
        self.resume.unwrap_or_else(|| Place::From(seen.checked_sub(OVERLAP).unwrap_or(seen)))
    }

    /// After a page, of which `found` deals count and have no account.
    pub fn walked(&self, from: Place, page: &Page, found: u64, now: Timestamp) -> Self {
        let newest = page.deals.iter().map(|(at, _)| *at).max();
        let mut after = self.clone();
        after.through = after.through.max(newest);
        after.resume = from.next(page);
        after.trouble = None;
        after.lease = self.lease.as_ref().and_then(|held| lease(held.run.clone(), now));
        if found > 0 {
            // The pages of one walk are one finding.
            let sum = after.found.filter(|_| self.resume.is_some()).map_or(0, |before| before.deals);
            after.found = Some(FoundDeals { at: now, deals: sum + found });
        }
        if after.resume.is_none() {
            after.ended_at = Some(now);
            after.lease = None;
        }
        after
    }

    /// Let go, because time is over or HubSpot does not answer; the next run goes on from here.
    pub fn stopped(&self, trouble: Option<Trouble>, now: Timestamp) -> Self {
        let since = |kind| self.trouble.filter(|(known, _)| *known == kind).unwrap_or((kind, now));
        Self { lease: None, trouble: trouble.map(since), ..self.clone() }
    }
}

fn lease(run: RunId, now: Timestamp) -> Option<Lease> {
    now.checked_add(LEASE).ok().map(|until| Lease { run, until })
}

#[cfg(test)]
mod tests;
