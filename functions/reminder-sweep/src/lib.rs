//! The schedule reminder-sweep: moves on what time moves on. Reminds AEs, ends links, gives up drafting that never ends,
//! tells the admins once a day what waits for them, and how much stands still.
//!
//! Trigger: EventBridge Scheduler, every five minutes. Reads: the directory of organizations; for each its rhythm (one batch
//! read) and the index of due handoffs, in bounded pages; each handoff whose time has come, with its drafts. Writes: one
//! transaction for each such handoff, on the revision that was read, with what is told and the mail that is owed. A run that
//! comes twice, at once or after a crash finds what is left; nothing is sent from here.

mod config;
mod digest;
mod settle;
mod summary;

pub use config::Config;
pub use settle::Outcome;
pub use summary::{Stuck, Summary};

use futures_util::StreamExt as _;
use futures_util::stream;
use handoff_domain::Timestamp;
use handoff_domain::due::{Due, DueState};
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::listing::{Lane, Listed};
use handoff_domain::organization::Organization;
use handoff_runtime::{Clock, report};
use handoff_store::{DueHandoff, Store, StoreError};
use serde::Deserialize;
use std::time::{Duration, Instant};

/// Entries read at once.
const PAGE: u16 = 100;

/// Entries that one run reads from each of an organization's shards; the next run goes on.
const READ_MAX: usize = 500;

/// Handoffs that wait for a person, read to tell how long they do: the oldest, which is enough for an alarm.
const ASKING_READ: usize = 50;

/// Handoffs that are settled at once.
const AT_ONCE: usize = 8;

/// How long one run settles handoffs; what is left is the next one's. Well under the function's timeout.
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
    /// Moves on what time moves on.
    ReminderSweep,
}

/// Looks at every organization. One that cannot be read or written does not stop the others, but then the run fails: a
/// count without it would say that all is well.
pub async fn sweep(deps: &Deps) -> Result<Summary, StoreError> {
    let (now, began) = (deps.clock.now(), Instant::now());
    let mut summary = Summary::default();
    let mut failed = None;
    for organization in deps.store.list_organizations().await? {
        summary.organizations += 1;
        if let Err(error) = sweep_organization(deps, &organization, (now, began), &mut summary).await {
            summary.incomplete += 1;
            tracing::error!(%organization, error = report(&error), "organization not swept");
            failed = Some(error);
        }
    }
    match failed {
        Some(error) => Err(error),
        None => {
            summary.tell();
            Ok(summary)
        }
    }
}

async fn sweep_organization(
    deps: &Deps,
    id: &OrganizationId,
    (now, began): (Timestamp, Instant),
    summary: &mut Summary,
) -> Result<(), StoreError> {
    let Some((organization, mark)) = deps.store.get_for_sweep(id).await? else { return Ok(()) };
    let list = deps.store.list_due(id, now, PAGE, READ_MAX).await?;
    summary.incomplete += u32::from(list.more);
    let (acts, waits): (Vec<_>, Vec<_>) = list.handoffs.into_iter().partition(|due| due.due.acts_at() <= now);
    let settled = stream::iter(acts).map(|due| settle(deps, &organization, due, (now, began)));
    let mut settled = settled.buffer_unordered(AT_ONCE);
    let mut failed = None;
    while let Some((due, outcome)) = settled.next().await {
        match outcome {
            Ok(Some(outcome)) => summary.settled(outcome),
            Ok(None) => summary.stands_still(id, &due.account, due.due, now),
            Err(error) => {
                summary.stands_still(id, &due.account, due.due, now);
                failed = Some(error);
            }
        }
    }
    for due in waits {
        summary.stands_still(id, &due.account, due.due, now);
    }
    let (asking, _) = deps.store.list_lane(id, Lane::Attention, ASKING_READ).await?;
    for (account, due) in asking.iter().filter_map(asks_for_a_person) {
        summary.stands_still(id, account, due, now);
    }
    summary.digests += u32::from(digest::owe(deps, &organization, &mark, now).await?);
    failed.map_or(Ok(()), Err)
}

/// What waits for a person, and since when; `None` where the sweep itself goes on.
fn asks_for_a_person(listed: &Listed) -> Option<(&AccountId, Due)> {
    let asks = listed.attention.iter().any(|reason| reason.is_for_a_person());
    let at = listed.attention_since.unwrap_or(listed.created_at);
    asks.then_some((&listed.account, Due { at, state: DueState::Attention }))
}

/// What became of it; `None` when the time of this run is used up.
async fn settle(
    deps: &Deps,
    organization: &Organization,
    due: DueHandoff,
    (now, began): (Timestamp, Instant),
) -> (DueHandoff, Result<Option<Outcome>, StoreError>) {
    if began.elapsed() > BUDGET {
        return (due, Ok(None));
    }
    let outcome = settle::settle(deps, organization, &due.account, now).await;
    (due, outcome.map(Some))
}

#[cfg(test)]
mod tests;
