//! What one run did, for whoever asked, for the log and for the alarms.

use handoff_domain::Timestamp;
use handoff_runtime::metrics;
use serde::Serialize;

/// What a run counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Organizations of which not all was counted.
    pub incomplete: u32,
    /// Accounts of which something was new.
    pub accounts: u64,
    /// Events that were not counted before.
    pub facts: u64,
    /// How old the oldest event is that waits for the next run, in seconds; 0 when none does.
    pub oldest_seconds: i64,
    /// Weekly mails owed, one for an organization.
    pub weekly: u32,
}

impl Summary {
    pub(crate) fn left_since(&mut self, oldest: Option<Timestamp>, now: Timestamp) {
        self.incomplete += 1;
        let seconds = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
        self.oldest_seconds = self.oldest_seconds.max(seconds);
    }

    pub(crate) fn tell(&self) {
        metrics::FACTS_COUNTED.add(self.facts);
        metrics::FACTS_OLDEST_SECONDS.record(self.oldest_seconds as f64);
        tracing::info!(accounts = self.accounts, facts = self.facts, incomplete = self.incomplete, "counted");
    }
}
