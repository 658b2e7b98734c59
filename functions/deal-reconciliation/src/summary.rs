//! What one run did, for whoever asked, for the log and for the alarms.

use handoff_runtime::metrics;
use serde::Serialize;

/// What a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Organizations whose deals were looked through to the newest.
    pub ended: u32,
    /// Organizations where the next run goes on.
    pub incomplete: u32,
    /// Organizations that another run is at.
    pub busy: u32,
    /// Searches.
    pub pages: u64,
    /// Won deals that were looked at.
    pub deals: u64,
    /// Deals without an account, for each of which a hint was sent.
    pub found: u64,
}

impl Summary {
    pub(crate) fn tell(&self) {
        metrics::DEALS_LOOKED_THROUGH.add(u64::from(self.ended));
        tracing::info!(
            pages = self.pages,
            deals = self.deals,
            found = self.found,
            incomplete = self.incomplete,
            busy = self.busy,
            "deals looked through"
        );
    }
}
