//! An account made by hand: drafted from what was typed and pasted, without HubSpot.

use crate::deal::Cause;
use crate::deliver::{deliver, give_up};
use crate::error::WorkerError;
use crate::patience::RECEIVES_MAX;
use crate::run::claim;
use crate::{Deps, Work, research, sources};
use handoff_domain::handoff::HandoffState;
use handoff_domain::message::{AccountMade, WorkerMessage};
use handoff_hubspot::Gathered;
use handoff_runtime::metrics;

/// Drafts the handoff of an account that was made by hand. Safe to repeat, and to run twice at once; the last failure
/// marks the handoff, as for a deal.
pub(crate) async fn take_in(
    deps: &Deps,
    work: Work<'_>,
    made: &AccountMade,
    cause: Cause<'_>,
) -> Result<(), WorkerError> {
    let taken = Box::pin(draft(deps, work, made, cause)).await;
    let is_ours = !matches!(taken, Ok(()) | Err(WorkerError::Busy));
    if is_ours && work.receives >= RECEIVES_MAX {
        give_up(deps, &made.organization, &made.account).await?;
    }
    taken
}

async fn draft(deps: &Deps, work: Work<'_>, made: &AccountMade, cause: Cause<'_>) -> Result<(), WorkerError> {
    let (organization, account) = (&made.organization, &made.account);
    let Some(intake) = deps.store.get_intake(organization).await? else {
        tracing::warn!(%organization, "account of an unknown organization dropped");
        return Ok(());
    };
    let Some((mut handoff, payload)) = deps.store.get_by_hand(organization, account).await? else {
        tracing::warn!(%organization, %account, "no such account was made by hand");
        return Ok(());
    };
    if handoff.state != HandoffState::Drafting {
        tracing::info!(%organization, %account, "account is drafted");
        return Ok(());
    }
    let now = deps.clock.now();
    let next = WorkerMessage::AccountMade(made.clone());
    if matches!(cause, Cause::Hint) && research::is_awaited(&handoff, now) {
        return research::ask_again(deps, work, &handoff, next).await;
    }
    let mine = claim(work.message, now);
    let held = handoff.claim.as_ref().is_some_and(|claim| now < claim.until && claim.run != mine.run);
    if held || !deps.store.take_claim(&handoff, &mine).await? {
        return Err(WorkerError::Busy);
    }
    if handoff.claim.is_none() && handoff.research.is_none() {
        metrics::HANDOFF_CREATED.count();
    }
    handoff.claim = Some(mine);
    handoff.revision += 1;
    handoff.correlation.get_or_insert(work.correlation);
    let website = handoff.account.website.clone();
    if deps.research_queue.is_some() && handoff.research.is_none() && !website.is_empty() {
        return research::ask(deps, work, &handoff, next, website).await;
    }
    let mut gathered = Gathered {
        account: handoff.account.clone(),
        ae: handoff.ae.clone(),
        ae_attention: None,
        sources: handoff_sources::typed(&handoff.account),
        gaps: Vec::new(),
    };
    gathered.sources.extend(handoff_sources::split(&payload));
    research::add(cause, &handoff, &mut gathered);
    sources::prepare(&mut gathered);
    deliver(deps, &intake, &handoff, gathered).await
}
