//! The schedule analytics-rollup: counts what happened into totals of days, weeks and months, once, and owes the weekly mail.
//!
//! Trigger: EventBridge Scheduler, every five minutes. Reads: the directory of organizations; for each the index of events that are
//! not counted yet, bounded, and who gets the weekly mail; for each account with such events one query. Writes: one transaction
//! for each such account: what it adds now in the place of what it added before, and the marks of its events. A run that comes
//! twice, at once or after a crash counts nothing twice: an account's share is worked out from its records and replaces the
//! one before. Cost grows with new facts only.

mod config;
mod fold;
mod summary;
mod weekly;

pub use config::Config;
pub use fold::{Counted, count_account};
pub use summary::Summary;

use handoff_domain::Timestamp;
use handoff_domain::id::OrganizationId;
use handoff_runtime::{Clock, report};
use handoff_store::{Store, StoreError};
use serde::Deserialize;
use std::time::{Duration, Instant};

/// Events read from each of an organization's shards before their accounts are counted.
const READ: i32 = 200;

/// How long one run counts; what is left is the next one's. Well under the function's timeout.
const BUDGET: Duration = Duration::from_secs(40);

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
    /// Counts what happened.
    AnalyticsRollup,
}

/// Counts for every organization. One that cannot be counted does not stop the others, but then the run fails.
pub async fn count(deps: &Deps) -> Result<Summary, StoreError> {
    let (now, began) = (deps.clock.now(), Instant::now());
    let mut summary = Summary::default();
    let mut failed = None;
    for organization in deps.store.list_organizations().await? {
        summary.organizations += 1;
        if let Err(error) = count_organization(deps, &organization, (now, began), &mut summary).await {
            summary.incomplete += 1;
            tracing::error!(%organization, error = report(&error), "organization not counted");
            failed = Some(error);
        }
    }
    summary.tell();
    failed.map_or(Ok(summary), Err)
}

async fn count_organization(
    deps: &Deps,
    id: &OrganizationId,
    (now, began): (Timestamp, Instant),
    summary: &mut Summary,
) -> Result<(), StoreError> {
    loop {
        let list = deps.store.list_uncounted(id, READ).await?;
        let mut stale = list.accounts.len();
        for account in &list.accounts {
            if began.elapsed() > BUDGET {
                summary.left_since(list.oldest, now);
                return Ok(());
            }
            let counted = match count_account(&deps.store, id, account).await {
                // One item that cannot be read must not stop the others.
                Err(error @ (StoreError::Shape { .. } | StoreError::NewerFormat { .. })) => {
                    tracing::error!(organization = %id, %account, error = report(&error), "account not counted");
                    summary.left_since(list.oldest, now);
                    Counted::default()
                }
                counted => counted?,
            };
            summary.accounts += u64::from(counted.events > 0);
            summary.facts += counted.events;
            stale -= usize::from(counted.events == 0);
        }
        // Where the index tells nothing new, it is only behind.
        if !list.more || stale == 0 {
            break;
        }
    }
    summary.weekly += u32::from(weekly::owe(deps, id, now).await?);
    Ok(())
}

#[cfg(test)]
mod tests;
