//! The schedule reminder-sweep: tells which handoffs stand still, so that none does unseen.
//!
//! Reads the directory of organizations and, for each, the index of due handoffs, in bounded pages. It counts what is past
//! its time by why, tells how long the oldest is, and names each in the log by its ids, up to a number. It writes nothing
//! and sends nothing, so a run that fails or comes twice does no harm: the next one comes in five minutes.

mod config;

pub use config::Config;

use handoff_domain::Timestamp;
use handoff_domain::due::DueState;
use handoff_domain::id::OrganizationId;
use handoff_runtime::{Clock, metrics, report};
use handoff_store::{DueHandoff, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Entries read at once.
const PAGE: u16 = 100;

/// Entries that one run reads from each of an organization's shards: four times as many stuck handoffs are trouble enough.
const READ_MAX: usize = 500;

/// Handoffs that one run names in the log.
const NAMED_MAX: u64 = 50;

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Clock,
}

/// The scheduler's input.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Trigger {
    /// Which schedule.
    pub schedule: Schedule,
}

/// The schedules that this function serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Tells what stands still.
    ReminderSweep,
}

/// What stands still for one reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Stuck {
    /// How many handoffs.
    pub count: u64,
    /// How long the oldest is past its time, in seconds; 0 when there is none.
    pub oldest_seconds: i64,
}

/// What a sweep found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Organizations of which not all was read: they are at the limit.
    pub incomplete: u32,
    /// What stands still, by why; every reason is named.
    pub stuck: BTreeMap<DueState, Stuck>,
}

/// Looks at every organization. One that cannot be read does not stop the others, but then nothing is measured and the
/// run fails: a count without it would say that all is well.
pub async fn sweep(deps: &Deps) -> Result<Summary, StoreError> {
    let now = deps.clock.now();
    let stuck = DueState::ALL.map(|state| (state, Stuck::default())).into();
    let mut summary = Summary { organizations: 0, incomplete: 0, stuck };
    let mut failed = None;
    for organization in deps.store.list_organizations().await? {
        summary.organizations += 1;
        match deps.store.list_due(&organization, now, PAGE, READ_MAX).await {
            Ok(list) => {
                summary.incomplete += u32::from(list.more);
                list.handoffs.iter().for_each(|due| summary.add(&organization, due, now));
            }
            Err(error) => {
                summary.incomplete += 1;
                tracing::error!(%organization, error = report(&error), "due handoffs not listed");
                failed = Some(error);
            }
        }
    }
    if let Some(error) = failed {
        return Err(error);
    }
    summary.tell();
    Ok(summary)
}

impl Summary {
    fn add(&mut self, organization: &OrganizationId, found: &DueHandoff, now: Timestamp) {
        let state = found.due.state;
        let seconds = now.duration_since(found.due.at).as_secs();
        let named: u64 = self.stuck.values().map(|stuck| stuck.count).sum();
        if named < NAMED_MAX {
            let (state, account) = (state.as_str(), &found.account);
            tracing::warn!(%organization, %account, state, seconds, "handoff stands still");
        }
        let stuck = self.stuck.entry(state).or_default();
        stuck.count += 1;
        stuck.oldest_seconds = stuck.oldest_seconds.max(seconds);
    }

    fn tell(&self) {
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

#[cfg(test)]
mod tests;
