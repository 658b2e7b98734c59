//! The customer's website: asked for before the first draft, waited for a minute, and believed only as far as an answer to
//! that question may be. Whichever comes first drafts: the answer, or the message that ends the wait.

use crate::by_hand;
use crate::deal::{self, Cause};
use crate::error::WorkerError;
use crate::run::run_of;
use crate::{Deps, Work};
use handoff_domain::Timestamp;
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::limits::{RESEARCH_WAIT_MARGIN_SECONDS, RESEARCH_WAIT_SECONDS};
use handoff_domain::message::{AccountMade, DealHint, QueuedMessage, WorkerMessage};
use handoff_domain::research::{Research, ResearchWanted, Researched, WebGap};
use handoff_domain::source::SourceGap;
use handoff_hubspot::Gathered;
use handoff_runtime::{correlate, metrics};

/// Whether an answer is still waited for.
pub(crate) fn is_awaited(handoff: &Handoff, now: Timestamp) -> bool {
    handoff.research.as_ref().is_some_and(|research| research.is_awaited(now))
}

/// Gives the claim back, keeps on the handoff that it waits, and asks. What is kept first is asked again should this run
/// break off in between: its message comes back, and names the same ticket.
pub(crate) async fn ask(
    deps: &Deps,
    work: Work<'_>,
    before: &Handoff,
    next: WorkerMessage,
    website: String,
) -> Result<(), WorkerError> {
    let mut after = before.clone();
    after.claim = None;
    after.account.website = website;
    after.research = Some(Research { ticket: run_of(work.message), asked_at: deps.clock.now() });
    if !deps.store.replace_handoff(before, &after, &[], &[]).await? {
        return Err(WorkerError::Busy);
    }
    tracing::info!(organization = %after.organization, account = %after.id, "website asked for");
    ask_again(deps, work, &after, next).await
}

/// Sends the question, if this message is the one that has it; every other one has nothing to do while the answer is
/// waited for.
pub(crate) async fn ask_again(
    deps: &Deps,
    work: Work<'_>,
    handoff: &Handoff,
    next: WorkerMessage,
) -> Result<(), WorkerError> {
    let (Some(research), Some(queue)) = (&handoff.research, &deps.research_queue) else { return Ok(()) };
    if research.ticket != run_of(work.message) {
        tracing::info!(organization = %handoff.organization, account = %handoff.id, "website is waited for");
        return Ok(());
    }
    let correlation = Some(work.correlation);
    let wanted = ResearchWanted {
        correlation,
        organization: handoff.organization.clone(),
        account: handoff.id.clone(),
        ticket: research.ticket.clone(),
        website: handoff.account.website.clone(),
    };
    let end_of_wait = QueuedMessage { correlation, message: next };
    let seconds = RESEARCH_WAIT_SECONDS + RESEARCH_WAIT_MARGIN_SECONDS;
    // First what ends the wait: without it a question that is never answered would hold the handoff for ever.
    deps.drafting_queue.send_after(&end_of_wait, u32::try_from(seconds).unwrap_or_default()).await?;
    Ok(queue.send(&wanted).await?)
}

/// Goes on with the handoff that waits for this answer. One that nobody waits for changes nothing, and makes nothing.
pub(crate) async fn bring(deps: &Deps, work: Work<'_>, answer: &Researched) -> Result<(), WorkerError> {
    let held = deps.store.get_with_sources(&answer.organization, &answer.account).await?;
    let belongs = |handoff: &Handoff| {
        handoff.state == HandoffState::Drafting
            && handoff.research.as_ref().is_some_and(|research| research.ticket == answer.ticket)
    };
    let Some(handoff) = held.map(|(handoff, _, _)| handoff).filter(belongs) else {
        tracing::info!(organization = %answer.organization, account = %answer.account, "answer that nobody waits for");
        return Ok(());
    };
    // Its own way, whatever the answer says.
    correlate(handoff.correlation);
    let work = Work { correlation: handoff.correlation.unwrap_or(work.correlation), ..work };
    let cause = Cause::Researched(&handoff, answer);
    match (handoff.organization.portal(), handoff.account.deal.clone()) {
        (Some(portal), Some(deal)) => {
            deal::take_in(deps, work, &DealHint { portal, deal, origin: handoff.origin }, cause).await
        }
        _ => {
            let (organization, account) = (handoff.organization.clone(), handoff.id.clone());
            by_hand::take_in(deps, work, &AccountMade { organization, account }, cause).await
        }
    }
}

/// Adds what was read of the website, or why nothing was, where it was asked for.
pub(crate) fn add(cause: Cause<'_>, handoff: &Handoff, gathered: &mut Gathered) {
    match (cause, &handoff.research) {
        (Cause::Researched(_, answer), _) => {
            gathered.sources.extend(answer.sources());
            gathered.gaps.extend(answer.gaps());
        }
        (Cause::Hint, Some(_)) => {
            metrics::RESEARCH_LATE.count();
            gathered.gaps.push(SourceGap::from(WebGap::TimedOut));
        }
        (Cause::Hint, None) => {}
    }
}
