//! The drafting worker.
//!
//! Trigger: SQS, the intake queue (whole deliveries) and the drafting queue (single deals, new drafts asked for).
//! Reads: the organization, the deal and all that hangs on it in HubSpot. Writes: the account and its handoff (once,
//! by its key), drafts and sources, and the invitation that is owed. Calls: the drafter, once for each run.
//! Retries: a message that fails comes again; everything here may run twice.

mod config;
mod deal;
mod error;
mod mails;
mod redraft;
mod sources;

pub use config::{Config, DrafterChoice};
pub use error::WorkerError;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use data_encoding::BASE64URL_NOPAD;
use handoff_domain::link::LinkKey;
use handoff_domain::message::{Delivery, WorkerMessage};
use handoff_drafting::Drafter;
use handoff_hubspot::{HubSpot, event};
use handoff_queue::Queue;
use handoff_runtime::batch::{each_message, receive_count};
use handoff_runtime::{Clock, report};
use handoff_store::Store;

/// From this try on, what HubSpot does not give is told as a gap instead of waited for.
pub(crate) const PATIENT_TRIES: u32 = 4;

/// What the worker works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The portal's API.
    pub hubspot: HubSpot,
    /// Where single deals of a large delivery go.
    pub drafting_queue: Queue,
    /// Who drafts.
    pub drafter: Drafter,
    /// The key that links are derived under.
    pub link_key: LinkKey,
    /// The time.
    pub clock: Clock,
}

/// Works a batch; messages that shall come again are named in the answer.
pub async fn handle(deps: &Deps, event: SqsEvent) -> SqsBatchResponse {
    each_message(event, |message| async move {
        match work(deps, &message).await {
            Ok(()) => true,
            Err(error) if error.is_passing() => {
                tracing::warn!(error = report(&error), "message comes again");
                false
            }
            Err(error) => {
                tracing::error!(error = report(&error), "message failed");
                false
            }
        }
    })
    .await
}

async fn work(deps: &Deps, message: &SqsMessage) -> Result<(), WorkerError> {
    let id = message.message_id.as_deref().unwrap_or("unnamed");
    let receives = receive_count(message);
    match serde_json::from_str(message.body.as_deref().unwrap_or_default()).map_err(WorkerError::Message)? {
        WorkerMessage::Delivered(delivery) => Box::pin(delivered(deps, id, &delivery, receives)).await,
        // Boxed: the clients' futures nest deeper than the compiler cares to look.
        WorkerMessage::DealHint(hint) => Box::pin(deal::take_in(deps, id, &hint, receives)).await,
        WorkerMessage::RedraftAsked(asked) => Box::pin(redraft::bring(deps, &asked)).await,
    }
}

/// One deal is worked here and now; several become messages of their own, so that a slow one holds up nobody.
async fn delivered(deps: &Deps, id: &str, delivery: &Delivery, receives: u32) -> Result<(), WorkerError> {
    if delivery.unusable.is_some() {
        tracing::error!(id, "unusable delivery quarantined");
        return Ok(deps.store.put_quarantine(id, delivery).await?);
    }
    let body = BASE64URL_NOPAD.decode(delivery.body.as_bytes()).map_err(WorkerError::Body)?;
    let parsed = match event::parse(&delivery.route, &body) {
        Ok(parsed) => parsed,
        Err(reason) => {
            tracing::error!(id, %reason, "unusable delivery quarantined");
            let kept = Delivery { unusable: Some(reason.to_string()), ..delivery.clone() };
            return Ok(deps.store.put_quarantine(id, &kept).await?);
        }
    };
    if let Some(first) = parsed.unusable.first() {
        tracing::error!(
            id,
            count = parsed.unusable.len(),
            reason = first.reason,
            "unusable events quarantined"
        );
        let kept = Delivery { unusable: Some(first.reason.to_owned()), ..delivery.clone() };
        deps.store.put_quarantine(id, &kept).await?;
    }
    match parsed.hints.as_slice() {
        [hint] => Box::pin(deal::take_in(deps, id, hint, receives)).await,
        hints => {
            let messages: Vec<WorkerMessage> = hints.iter().cloned().map(WorkerMessage::DealHint).collect();
            Ok(deps.drafting_queue.send_all(&messages).await?)
        }
    }
}
