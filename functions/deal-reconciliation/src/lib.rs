//! The schedule deal-reconciliation: finds the won deals that no webhook told of.
//!
//! Trigger: EventBridge Scheduler, every five minutes. Reads: the directory of organizations; for each how far its deals were looked
//! through (one batch read), HubSpot's search from there on, and for each page which accounts exist (one batch read for every
//! hundred). Writes: a hint for each deal without an account into the drafting queue, where the worker reads the deal again and
//! decides, and after each page how far it came. Stopped between the two, the next run reads the page again: the account's key makes
//! a second hint harmless. One run at a time walks an organization's deals, at two searches a second, so that five are never
//! reached, whatever else is asked.

mod config;
mod summary;
mod walk;

pub use config::Config;
pub use summary::Summary;
pub use walk::WalkError;

use handoff_hubspot::HubSpot;
use handoff_queue::Queue;
use handoff_runtime::{Clock, report};
use handoff_store::{Store, StoreError};
use serde::Deserialize;
use std::time::{Duration, Instant};

/// How long one run walks; what is left is the next one's. Well under the function's timeout.
const BUDGET: Duration = Duration::from_secs(90);

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The portal's API.
    pub hubspot: HubSpot,
    /// Where hints go.
    pub drafting_queue: Queue,
    /// The time.
    pub clock: Clock,
    /// How long one run walks.
    pub budget: Duration,
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
    /// Finds the won deals that no webhook told of.
    DealReconciliation,
}

/// Looks through every organization's deals. One that fails does not stop the others and is told in the summary; what HubSpot
/// does not answer is no failure of the run, since the next one asks again.
pub async fn reconcile(deps: &Deps) -> Result<Summary, StoreError> {
    let began = Instant::now();
    let mut summary = Summary::default();
    let mut failed = None;
    for organization in deps.store.list_organizations().await? {
        summary.organizations += 1;
        match walk::through(deps, &organization, began, &mut summary).await {
            Ok(()) => {}
            Err(WalkError::HubSpot(error)) => {
                summary.incomplete += 1;
                tracing::warn!(%organization, error = report(&error), "deals not looked through");
            }
            Err(WalkError::Queue(error)) => {
                summary.incomplete += 1;
                tracing::error!(%organization, error = report(&error), "hints not kept");
            }
            Err(WalkError::Store(error)) => {
                summary.incomplete += 1;
                tracing::error!(%organization, error = report(&error), "deals not looked through");
                failed = Some(error);
            }
        }
    }
    summary.tell();
    failed.map_or(Ok(summary), Err)
}

#[cfg(test)]
mod tests;
