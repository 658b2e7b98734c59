//! The table's stream: events that nobody was told of become messages, and messages that are owed are sent.

use crate::dispatch::{Wishes, owe};
use crate::{Deps, send};
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use futures_util::{StreamExt as _, stream};
use handoff_domain::delivery::Delivery;
use handoff_runtime::report;
use handoff_store::{StoreError, Untold, delivery_from_image, untold_from_image};
use std::time::{Duration, Instant};

/// Messages that are under way at the same time: one endpoint that answers slowly must not hold up the others.
const AT_ONCE: usize = 4;

/// No message is begun after this; it is due, and the sweep comes for it.
const BUDGET: Duration = Duration::from_mins(1);

enum Work {
    Tell(Box<Untold>),
    Send(Box<Delivery>),
}

/// Works a batch. Records of other items are passed over; only what the table refused comes again.
pub async fn handle(deps: &Deps, event: Event) -> DynamoDbEventResponse {
    let began = Instant::now();
    let (mut response, mut wishes, mut to_send) =
        (DynamoDbEventResponse::default(), Wishes::default(), Vec::new());
    for record in event.records {
        let sequence = record.change.sequence_number.clone().unwrap_or_default();
        match work(record) {
            None => {}
            Some(Work::Tell(untold)) => {
                if let Err(error) = owe(deps, &mut wishes, &untold).await {
                    tracing::error!(organization = %untold.organization, error = report(&error), "messages not owed");
                    if error.is_retryable() {
                        response.batch_item_failures.push(failed(sequence));
                    }
                }
            }
            Some(Work::Send(delivery)) => to_send.push((sequence, *delivery)),
        }
    }
    let sent = stream::iter(to_send).map(async |(sequence, delivery)| {
        if began.elapsed() > BUDGET {
            return None;
        }
        let outcome = Box::pin(send::work(deps, delivery)).await;
        outcome.err().filter(StoreError::is_retryable).map(|_| sequence)
    });
    let failures: Vec<Option<String>> = sent.buffer_unordered(AT_ONCE).collect().await;
    response.batch_item_failures.extend(failures.into_iter().flatten().map(failed));
    response
}

fn failed(sequence: String) -> DynamoDbBatchItemFailure {
    let mut failure = DynamoDbBatchItemFailure::default();
    failure.item_identifier = Some(sequence);
    failure
}

fn work(record: EventRecord) -> Option<Work> {
    let image = record.change.new_image;
    let is_new = record.event_name == "INSERT";
    let read = || match untold_from_image(image.clone())? {
        Some(untold) if is_new => Ok(Some(Work::Tell(Box::new(untold)))),
        Some(_) => Ok(None),
        None => Ok(delivery_from_image(image)?.map(|delivery| Work::Send(Box::new(delivery)))),
    };
    read().unwrap_or_else(|error: StoreError| {
        // It will be as unreadable next time; a shard held up for a day would stop every other message.
        tracing::error!(error = report(&error), record = record.event_id, "unreadable event or message");
        None
    })
}
