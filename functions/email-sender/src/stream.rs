//! The table's stream: one record after the other, failures told by sequence number.

use crate::{Deps, entry};
use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use handoff_domain::outbox::OutboxEntry;
use handoff_runtime::report;

/// The one kind of record that brings new mails. A change is a sender's or an event's own write; what it leaves open is
/// the sweep's, or else a mail that SES does not take now would be tried again at once, for ever.
const INSERT: &str = "INSERT";

/// Sends what the records owe. Records of other items, removals and changes are passed over.
pub async fn handle(deps: &Deps, event: Event) -> DynamoDbEventResponse {
    let mut response = DynamoDbEventResponse::default();
    for record in event.records {
        let sequence = record.change.sequence_number.clone().unwrap_or_default();
        // The others go on: sending is safe to repeat, and one stuck entry must not hold up the mails after it.
        if !is_done(deps, record).await {
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = Some(sequence);
            response.batch_item_failures.push(failure);
        }
    }
    response
}

async fn is_done(deps: &Deps, record: EventRecord) -> bool {
    let Some(entry) = owed(record) else { return true };
    match entry::work(deps, entry).await {
        Ok(_) => true,
        Err(error) => !error.is_retryable(),
    }
}

fn owed(record: EventRecord) -> Option<OutboxEntry> {
    if record.event_name != INSERT {
        return None;
    }
    handoff_store::outbox_from_image(record.change.new_image).unwrap_or_else(|error| {
        // It will be as unreadable next time; a shard held up for a day would stop every other mail.
        tracing::error!(error = report(&error), record = record.event_id, "unreadable outbox entry");
        None
    })
}
