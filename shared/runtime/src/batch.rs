//! How a queue's batch is worked: each message for itself, failures told by id, the rest done.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use std::future::Future;
use tracing::Instrument as _;

/// Works every message of a batch, one after the other, and answers with the ids of those that shall come again.
/// `work` returns whether the message is done; it has told its error itself.
pub async fn each_message<W, F>(event: SqsEvent, mut work: W) -> SqsBatchResponse
where
    W: FnMut(SqsMessage) -> F,
    F: Future<Output = bool>,
{
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        let span = tracing::info_span!("message", id, correlation = tracing::field::Empty);
        if !work(message).instrument(span).await {
            response.add_failure(id);
        }
    }
    response
}

/// How often this message was received, this time included; 1 when the event does not say.
pub fn receive_count(message: &SqsMessage) -> u32 {
    message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_bad_message_does_not_return_the_others() {
        let event: SqsEvent = serde_json::from_value(serde_json::json!({"Records": [
            {"messageId": "a", "body": "1"}, {"messageId": "b", "body": "2", "attributes": {"ApproximateReceiveCount": "3"}}
        ]}))
        .unwrap();
        assert_eq!(receive_count(&event.records[0]), 1);
        assert_eq!(receive_count(&event.records[1]), 3);
        let response =
            each_message(event, |message| async move { message.body.as_deref() == Some("1") }).await;
        let failed: Vec<_> =
            response.batch_item_failures.iter().map(|f| f.item_identifier.as_str()).collect();
        assert_eq!(failed, ["b"]);
    }
}
