//! One organization: page by page from where the last walk ended, a hint for each deal without an account.

use crate::{Deps, Summary};
use handoff_domain::handoff::Origin;
use handoff_domain::id::{AccountId, DealId, OrganizationId, RunId};
use handoff_domain::intake::judge;
use handoff_domain::message::{DealHint, QueuedMessage, WorkerMessage};
use handoff_domain::organization::Organization;
use handoff_domain::reconciliation::{HINT_DELAY_SECONDS, Reconciliation, Trouble};
use handoff_hubspot::search::Changed;
use handoff_hubspot::{Deal, HubSpotError};
use handoff_queue::QueueError;
use handoff_runtime::{metrics, new_correlation};
use handoff_store::StoreError;
use std::collections::BTreeSet;
use std::time::Instant;

/// Accounts of one batch read.
const READ_AT_ONCE: usize = 100;

/// Why a walk stopped.
#[derive(Debug, thiserror::Error)]
pub enum WalkError {
    /// HubSpot did not answer.
    #[error("HubSpot's search failed")]
    HubSpot(#[source] HubSpotError),
    /// The table did not.
    #[error("the table failed")]
    Store(#[from] StoreError),
    /// The queue did not take the hints.
    #[error("the queue failed")]
    Queue(#[from] QueueError),
}

/// Walks to the newest change, or until time is over.
pub(crate) async fn through(
    deps: &Deps,
    id: &OrganizationId,
    began: Instant,
    summary: &mut Summary,
) -> Result<(), WalkError> {
    let Some((organization, held)) = deps.store.get_for_reconciliation(id).await? else { return Ok(()) };
    let taken =
        RunId::parse(new_correlation().to_string()).ok().and_then(|run| held.begin(run, deps.clock.now()));
    let Some(taken) = taken else {
        summary.busy += 1;
        return Ok(());
    };
    let Some(mut state) = deps.store.put_reconciliation(id, &taken).await? else {
        summary.busy += 1;
        return Ok(());
    };
    loop {
        let turned = turn(deps, &organization, &state, summary).await;
        let after = match &turned {
            Ok(after) => after.clone(),
            Err(error) => state.stopped(trouble(error), deps.clock.now()),
        };
        let is_over = began.elapsed() > deps.budget && after.resume.is_some();
        let after = if is_over { after.stopped(None, deps.clock.now()) } else { after };
        let Some(kept) = deps.store.put_reconciliation(id, &after).await? else {
            // Taken to be dead, and followed: the other one goes on from the same place.
            summary.busy += 1;
            return Ok(());
        };
        turned?;
        if is_over {
            summary.incomplete += 1;
            return Ok(());
        }
        if kept.resume.is_none() {
            summary.ended += 1;
            return Ok(());
        }
        state = kept;
    }
}

/// One page: a search, a batch read for every hundred deals, the hints.
async fn turn(
    deps: &Deps,
    organization: &Organization,
    state: &Reconciliation,
    summary: &mut Summary,
) -> Result<Reconciliation, WalkError> {
    let place = state.place(organization.handoffs_from);
    let changed = deps.hubspot.search_won(place).await.map_err(WalkError::HubSpot)?;
    let missing = missing(deps, organization, &changed).await?;
    let hint = |deal: &DealId| QueuedMessage {
        correlation: Some(new_correlation()),
        message: WorkerMessage::DealHint(DealHint {
            portal: organization.portal,
            deal: deal.clone(),
            origin: Origin::Found,
        }),
    };
    let hints: Vec<QueuedMessage> = missing.into_iter().map(hint).collect();
    deps.drafting_queue.send_all_after(&hints, HINT_DELAY_SECONDS).await?;
    let found = u64::try_from(hints.len()).unwrap_or(u64::MAX);
    summary.pages += 1;
    summary.deals += u64::try_from(changed.deals.len()).unwrap_or(u64::MAX);
    summary.found += found;
    Ok(state.walked(place, &changed.page(), found, deps.clock.now()))
}

/// Deals that count and have no account, neither their own nor that of a deal that was merged into them.
async fn missing<'a>(
    deps: &Deps,
    organization: &Organization,
    changed: &'a Changed,
) -> Result<Vec<&'a DealId>, StoreError> {
    let counts = |deal: &&Deal| judge(&deal.facts, organization).is_ok();
    let deals: Vec<&Deal> = changed.deals.iter().map(|found| &found.deal).filter(counts).collect();
    let keys = |deal: &Deal| {
        std::iter::once(deal.id.account())
            .chain(deal.merged_ids.iter().map(DealId::account))
            .collect::<Vec<_>>()
    };
    let wanted: BTreeSet<AccountId> = deals.iter().flat_map(|deal| keys(deal)).collect();
    let wanted: Vec<AccountId> = wanted.into_iter().collect();
    let mut known = BTreeSet::new();
    for some in wanted.chunks(READ_AT_ONCE) {
        known.extend(deps.store.existing_accounts(&organization.id, some).await?);
    }
    let is_missing = |deal: &&Deal| !keys(deal).iter().any(|account| known.contains(account));
    Ok(deals.into_iter().filter(is_missing).map(|deal| &deal.id).collect())
}

/// What an admin can do something about.
fn trouble(error: &WalkError) -> Option<Trouble> {
    let WalkError::HubSpot(error) = error else { return None };
    let (trouble, reason) = match error {
        HubSpotError::Unauthorized { .. } => (Trouble::Unauthorized, "unauthorized"),
        HubSpotError::RateLimited { is_daily: true, .. } => (Trouble::DailyLimit, "daily_limit"),
        HubSpotError::Refused { .. } | HubSpotError::Misconfigured(_) => (Trouble::Refused, "refused"),
        HubSpotError::RateLimited { .. } => (Trouble::Unavailable, "rate_limited"),
        _ => (Trouble::Unavailable, "unavailable"),
    };
    metrics::SEARCH_FAILED.count(reason);
    Some(trouble)
}
