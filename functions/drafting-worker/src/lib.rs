//! The drafting worker.
//!
//! Trigger: SQS, the intake queue (whole deliveries), the drafting queue (single deals, accounts made by hand, new drafts
//! asked for, of answers and of the welcome mail) and the researched queue (what was read of a customer's website; nothing else is believed that comes from
//! there).
//! Reads: the organization, the deal and all that hangs on it in HubSpot. Writes: the account and its handoff (once,
//! by its key), drafts and sources, and the invitation that is owed. Calls: the drafter, once for each run.
//! Retries: a message that fails comes again, soon at first, then ever later; everything here may run twice.

mod by_hand;
mod config;
mod deal;
mod deliver;
mod error;
mod mails;
mod patience;
mod privacy;
mod redraft;
mod research;
mod run;
mod similar;
mod sources;
mod welcome;

pub use config::{Config, DrafterChoice};
pub use error::WorkerError;
pub use sources::gather;

use crate::deal::Cause;
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use data_encoding::BASE64URL_NOPAD;
use handoff_domain::id::CorrelationId;
use handoff_domain::link::LinkKey;
use handoff_domain::message::{Delivery, QueuedMessage, WorkerMessage};
use handoff_domain::research::Researched;
use handoff_drafting::Drafter;
use handoff_hubspot::{HubSpot, event};
use handoff_queue::Queue;
use handoff_runtime::batch::{each_message, receive_count};
use handoff_runtime::{Clock, correlate, metrics, new_correlation, report};
use handoff_store::Store;

/// What the worker works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The portal's API.
    pub hubspot: HubSpot,
    /// Where deliveries come from.
    pub intake_queue: Queue,
    /// Where single deals of a large delivery go, and come from.
    pub drafting_queue: Queue,
    /// Where websites to read go; `None` where they are not read.
    pub research_queue: Option<Queue>,
    /// Where what was read of them comes from.
    pub researched_queue: Queue,
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
        let Err(error) = work(deps, &message).await else { return true };
        if error.is_passing() {
            tracing::warn!(error = report(&error), "message comes again");
        } else {
            tracing::error!(error = report(&error), "message failed");
        }
        patience::come_back_later(deps, &message).await;
        false
    })
    .await
}

/// The message that is worked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a> {
    /// SQS's id of it.
    pub(crate) message: &'a str,
    /// How often it was received, this time included.
    pub(crate) receives: u32,
    pub(crate) correlation: CorrelationId,
}

async fn work(deps: &Deps, message: &SqsMessage) -> Result<(), WorkerError> {
    let body = message.body.as_deref().unwrap_or_default();
    let work = |correlation: Option<CorrelationId>| Work {
        message: message.message_id.as_deref().unwrap_or("unnamed"),
        receives: receive_count(message),
        correlation: correlation.unwrap_or_else(new_correlation),
    };
    if is_from(message, &deps.researched_queue) {
        // Who writes into this queue meets the open internet: whatever the message says, it is an answer or nothing.
        let answer: Researched = serde_json::from_str(body).map_err(|error| WorkerError::message(&error))?;
        return Box::pin(research::bring(deps, work(answer.correlation), &answer)).await;
    }
    let QueuedMessage { correlation, message: queued } =
        serde_json::from_str(body).map_err(|error| WorkerError::message(&error))?;
    let work = work(correlation);
    match queued {
        WorkerMessage::Delivered(delivery) => {
            correlate(Some(work.correlation));
            Box::pin(delivered(deps, work, &delivery)).await
        }
        // Boxed: the clients' futures nest deeper than the compiler cares to look.
        WorkerMessage::DealHint(hint) => {
            correlate(Some(work.correlation));
            Box::pin(deal::take_in(deps, work, &hint, Cause::Hint)).await
        }
        WorkerMessage::AccountMade(made) => {
            correlate(Some(work.correlation));
            Box::pin(by_hand::take_in(deps, work, &made, Cause::Hint)).await
        }
        WorkerMessage::RedraftAsked(asked) => Box::pin(redraft::bring(deps, &asked)).await,
        WorkerMessage::WelcomeAsked(asked) => Box::pin(welcome::bring(deps, &asked)).await,
        WorkerMessage::PersonDeleted(person) => Box::pin(privacy::forget(deps, &person)).await,
    }
}

/// Whether this queue handed the message out.
pub(crate) fn is_from(message: &SqsMessage, queue: &Queue) -> bool {
    let source = message.event_source_arn.as_deref().unwrap_or_default();
    source.rsplit(':').next() == Some(queue.name())
}

/// One deal is worked here and now; several become messages of their own, so that a slow one holds up nobody.
async fn delivered(deps: &Deps, work: Work<'_>, delivery: &Delivery) -> Result<(), WorkerError> {
    if delivery.unusable.is_some() {
        tracing::error!("unusable delivery quarantined");
        return quarantine(deps, work, delivery).await;
    }
    let body = BASE64URL_NOPAD.decode(delivery.body.as_bytes()).map_err(WorkerError::Body)?;
    let parsed = match event::parse(&delivery.route, &body) {
        Ok(parsed) => parsed,
        Err(reason) => {
            tracing::error!(%reason, "unusable delivery quarantined");
            let kept = Delivery { unusable: Some(reason.to_string()), ..delivery.clone() };
            return quarantine(deps, work, &kept).await;
        }
    };
    if let Some(first) = parsed.unusable.first() {
        tracing::error!(count = parsed.unusable.len(), reason = first.reason, "unusable events quarantined");
        let kept = Delivery { unusable: Some(first.reason.to_owned()), ..delivery.clone() };
        quarantine(deps, work, &kept).await?;
    }
    let queued = |message| QueuedMessage { correlation: Some(work.correlation), message };
    if !parsed.deleted.is_empty() {
        let messages = parsed.deleted.iter().cloned().map(|one| queued(WorkerMessage::PersonDeleted(one)));
        deps.drafting_queue.send_all(&messages.collect::<Vec<_>>()).await?;
    }
    match parsed.hints.as_slice() {
        [hint] => Box::pin(deal::take_in(deps, work, hint, Cause::Hint)).await,
        hints => {
            let hinted = |hint| queued(WorkerMessage::DealHint(hint));
            let messages: Vec<QueuedMessage> = hints.iter().cloned().map(hinted).collect();
            Ok(deps.drafting_queue.send_all(&messages).await?)
        }
    }
}

async fn quarantine(deps: &Deps, work: Work<'_>, delivery: &Delivery) -> Result<(), WorkerError> {
    deps.store.put_quarantine(work.message, delivery).await?;
    metrics::WEBHOOK_QUARANTINED.count();
    Ok(())
}
