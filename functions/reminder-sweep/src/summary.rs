//! What one run did and found, for whoever asked, for the log and for the alarms.

use crate::settle::Outcome;
use handoff_domain::Timestamp;
use handoff_domain::due::{Due, DueState};
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_runtime::metrics;
use serde::Serialize;
use std::collections::BTreeMap;

/// Handoffs that one run names in the log.
const NAMED_MAX: u64 = 50;

/// What stands still for one reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Stuck {
    /// How many handoffs.
    pub count: u64,
    /// How long the oldest is past its time, in seconds; 0 when there is none.
    pub oldest_seconds: i64,
}

/// What a sweep did and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Organizations of which not all was read: they are at the limit.
    pub incomplete: u32,
    /// Handoffs whose time had come, by what was made of them; every outcome is named.
    pub settled: BTreeMap<Outcome, u64>,
    /// Digests owed, one for an organization.
    pub digests: u32,
    /// What stands still all the same, by why; every reason is named.
    pub stuck: BTreeMap<DueState, Stuck>,
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            organizations: 0,
            incomplete: 0,
            settled: Outcome::ALL.map(|outcome| (outcome, 0)).into(),
            digests: 0,
            stuck: DueState::ALL.map(|state| (state, Stuck::default())).into(),
        }
    }
}

impl Summary {
    pub(crate) fn settled(&mut self, outcome: Outcome) {
        *self.settled.entry(outcome).or_default() += 1;
    }

    /// Waits for a person, or could not be settled.
    pub(crate) fn stands_still(
        &mut self,
        organization: &OrganizationId,
        account: &AccountId,
        due: Due,
        now: Timestamp,
    ) {
        let state = due.state;
        let seconds = now.duration_since(due.at).as_secs();
        let named: u64 = self.stuck.values().map(|stuck| stuck.count).sum();
        if named < NAMED_MAX {
            let state = state.as_str();
            tracing::warn!(%organization, %account, state, seconds, "handoff stands still");
        }
        let stuck = self.stuck.entry(state).or_default();
        stuck.count += 1;
        stuck.oldest_seconds = stuck.oldest_seconds.max(seconds);
    }

    pub(crate) fn tell(&self) {
        for (state, stuck) in &self.stuck {
            let (state, count, oldest_seconds) = (state.as_str(), stuck.count, stuck.oldest_seconds);
            tracing::info!(state, count, oldest_seconds, "swept");
            metrics::HANDOFFS_STUCK.record(state, stuck.count as f64);
            metrics::HANDOFFS_STUCK_OLDEST_SECONDS.record(state, stuck.oldest_seconds as f64);
        }
        if self.incomplete > 0 {
            tracing::warn!(organizations = self.incomplete, "not everything that is due was read");
        }
    }
}
