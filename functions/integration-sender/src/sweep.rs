//! The schedule integration-sweep: what the stream missed, and what is to be tried again.

use crate::dispatch::{Wishes, owe};
use crate::send::Progress;
use crate::{Deps, send};
use handoff_domain::id::OrganizationId;
use handoff_runtime::{metrics, report};
use handoff_store::{Consistency, StoreError};
use jiff::SignedDuration;
use serde::Serialize;
use std::time::{Duration, Instant};

/// Younger events are the stream's business, in seconds.
const UNTOLD_AT_LEAST: SignedDuration = SignedDuration::from_secs(120);

/// Read at once from each shard, of events and of messages: four shards of this are one batch read.
const PAGE: u16 = 25;

/// Nothing is begun after this; what is left is the next sweep's.
const BUDGET: Duration = Duration::from_secs(90);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SweepSummary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Events that the stream had missed.
    pub untold: u32,
    /// Messages that were due.
    pub due: u32,
    /// Of them, those that arrived.
    pub delivered: u32,
    /// Of them, those that wait for another try.
    pub waiting: u32,
    /// Of them, those that were given up.
    pub given_up: u32,
}

/// Works what is due in every organization. One that fails does not stop the others.
pub async fn sweep(deps: &Deps) -> Result<SweepSummary, StoreError> {
    let (mut summary, began, mut failed) = (SweepSummary::default(), Instant::now(), None);
    for organization in deps.store.list_organizations().await? {
        summary.organizations += 1;
        if let Err(error) = sweep_organization(deps, &organization, began, &mut summary).await {
            tracing::error!(%organization, error = report(&error), "messages not swept");
            failed = Some(error);
        }
    }
    metrics::EVENTS_UNTOLD.record(f64::from(summary.untold));
    tracing::info!(
        organizations = summary.organizations,
        untold = summary.untold,
        due = summary.due,
        delivered = summary.delivered,
        waiting = summary.waiting,
        given_up = summary.given_up,
        "messages swept"
    );
    failed.map_or(Ok(summary), Err)
}

async fn sweep_organization(
    deps: &Deps,
    organization: &OrganizationId,
    began: Instant,
    summary: &mut SweepSummary,
) -> Result<(), StoreError> {
    if deps.link_keys.is_rotating() {
        reseal(deps, organization).await?;
    }
    let mut wishes = Wishes::default();
    let missed = deps.clock.now().checked_sub(UNTOLD_AT_LEAST).unwrap_or_default();
    // Page after page: after an outage of hours there are thousands. What was told stays in the index for a moment, and is not handed out.
    loop {
        let page = deps.store.list_untold(organization, missed, PAGE).await?;
        for untold in &page {
            summary.untold += 1;
            owe(deps, &mut wishes, untold).await?;
        }
        if page.is_empty() || began.elapsed() > BUDGET / 2 {
            break;
        }
    }
    for due in deps.store.list_due_deliveries(organization, deps.clock.now(), PAGE).await? {
        if began.elapsed() > BUDGET {
            break;
        }
        let Some(delivery) = deps.store.get_delivery(organization, &due.id).await? else { continue };
        match Box::pin(send::work(deps, delivery)).await? {
            Progress::Settled { is_done } => {
                summary.due += 1;
                summary.delivered += u32::from(is_done);
                summary.given_up += u32::from(!is_done);
            }
            Progress::Waiting => {
                summary.due += 1;
                summary.waiting += 1;
            }
            Progress::Elsewhere => {}
        }
    }
    Ok(())
}

/// During a rotation of the link key: what the other key sealed is sealed anew, so that it opens when that key is gone. An admin who saves
/// at this moment has the last word; the next sweep looks again.
async fn reseal(deps: &Deps, organization: &OrganizationId) -> Result<(), StoreError> {
    let found = deps.store.get_integrations(organization, Consistency::Strong).await?;
    let resealed = found
        .and_then(|(_, integrations)| integrations.resealed(&deps.link_keys, organization, rand::random));
    if let Some(resealed) = resealed {
        let is_kept = deps.store.put_integrations(organization, &resealed, None).await?;
        tracing::info!(%organization, is_kept, "secrets sealed under the current link key");
    }
    Ok(())
}
