//! One message from claim to outcome.

use crate::{Deps, endpoint, hubspot, slack};
use handoff_domain::delivery::{Delivery, Outcome, Standing};
use handoff_domain::integration::Target;
use handoff_runtime::{metrics, report};
use handoff_store::{DeliveryPage, StoreError};
use tracing::Instrument as _;

/// Where a message stands when this sender is through with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It arrived, or was given up.
    Settled {
        /// Which of the two.
        is_done: bool,
    },
    /// It is tried again later.
    Waiting,
    /// Another sender has it, or had it.
    Elsewhere,
}

impl Progress {
    fn of(delivery: &Delivery) -> Self {
        match delivery.standing {
            Standing::Delivered { .. } => Self::Settled { is_done: true },
            Standing::GivenUp { .. } => Self::Settled { is_done: false },
            _ => Self::Waiting,
        }
    }
}

/// Sends a message, if it is due and nobody else has it. `delivery` may be an old image: nothing leaves before the claim is written.
pub(crate) async fn work(deps: &Deps, delivery: Delivery) -> Result<Progress, StoreError> {
    let span = tracing::info_span!(
        "delivery",
        organization = %delivery.organization,
        account = delivery.account.as_ref().map(tracing::field::display),
        delivery = %delivery.id,
        target = %delivery.target,
    );
    let worked = Box::pin(claim_and_send(deps, delivery));
    let told = async { worked.await.inspect_err(|error| tracing::error!(error = report(error), "message")) };
    Box::pin(told).instrument(span).await
}

async fn claim_and_send(deps: &Deps, delivery: Delivery) -> Result<Progress, StoreError> {
    let Some(claimed) = delivery.claim(deps.clock.now()) else { return Ok(Progress::Elsewhere) };
    let page = deps.store.get_for_delivery(&claimed.organization, claimed.account.as_ref()).await?;
    let prepared = match &page {
        Some(page) => prepare(deps, page, claimed),
        None => claimed,
    };
    let Some(claimed) = deps.store.write_delivery(&prepared).await? else { return Ok(Progress::Elsewhere) };
    let outcome = match &page {
        Some(page) => Box::pin(send(deps, page, &claimed)).await?,
        None => Outcome::Never { words: "The organization is gone".to_owned() },
    };
    tell(&claimed, &outcome);
    let settled = claimed.settle(outcome, deps.clock.now());
    // Whoever wrote it meanwhile took it over after our time was up, and knows at least as much.
    Ok(deps
        .store
        .write_delivery(&settled)
        .await?
        .map_or(Progress::Elsewhere, |written| Progress::of(&written)))
}

/// With what is sent, from the first try on the same: a receiver that got it twice can tell.
fn prepare(deps: &Deps, page: &DeliveryPage, claimed: Delivery) -> Delivery {
    let payload = claimed.payload.clone().or_else(|| match &claimed.target {
        Target::HubSpot(_) => None,
        Target::Slack => Some(slack::payload(&deps.base_url, page, &claimed).to_string()),
        Target::Endpoint(_) => endpoint::payload(&deps.base_url, page, &claimed),
    });
    let company = page.about.as_ref().map(|(handoff, _)| handoff.account.company.clone());
    Delivery { payload, company: company.unwrap_or_default(), ..claimed }
}

async fn send(deps: &Deps, page: &DeliveryPage, claimed: &Delivery) -> Result<Outcome, StoreError> {
    match &claimed.target {
        Target::HubSpot(part) => hubspot::write(deps, page, claimed, *part).await,
        Target::Slack => Ok(slack::send(deps, page, claimed).await),
        Target::Endpoint(id) => endpoint::send(deps, page, claimed, id).await,
    }
}

/// The words of an outcome are for the admins' pages; a log gets none of them.
fn tell(claimed: &Delivery, outcome: &Outcome) {
    let target = match &claimed.target {
        Target::HubSpot(_) => "hubspot",
        Target::Slack => "slack",
        Target::Endpoint(_) => "endpoint",
    };
    match outcome {
        Outcome::Done { .. } => {
            metrics::DELIVERY_DONE.count(target);
            tracing::info!(tries = claimed.tries, "message delivered");
        }
        Outcome::Later { .. } => {
            metrics::DELIVERY_FAILED.count(target);
            tracing::warn!(tries = claimed.tries, "message not delivered");
        }
        Outcome::Never { .. } => {
            metrics::DELIVERY_FAILED.count(target);
            tracing::warn!(tries = claimed.tries, "message given up");
        }
    }
}
