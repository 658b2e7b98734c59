//! SQS's event source: batches to a function, partial failures honoured.

use super::{Pace, invoke};
use crate::aws::faults::{Faults, Service};
use crate::aws::queues::{QueueName, Queues, Received};
use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use serde_json::json;
use std::collections::HashSet;
use std::future::Future;
use std::time::Duration;

/// One queue and how it is worked.
#[derive(Debug, Clone)]
pub(crate) struct QueuePump {
    pub(crate) queues: Queues,
    pub(crate) faults: Faults,
    pub(crate) queue: QueueName,
    pub(crate) function: &'static str,
    pub(crate) timeout: Duration,
    pub(crate) pace: Pace,
}

impl QueuePump {
    /// Waits until there may be something.
    pub(crate) async fn idle(&self) {
        self.queues.wait(self.pace.look).await;
    }

    /// One look at the queue, and one invocation if there is something; whether there was.
    pub(crate) async fn turn<H, F>(&self, handle: &H) -> bool
    where
        H: Fn(SqsEvent) -> F,
        F: Future<Output = SqsBatchResponse> + Send + 'static,
    {
        let batch = self.queues.receive(self.queue).unwrap_or_else(|error| {
            tracing::error!(error = handoff_runtime::report(&error), "queue");
            Vec::new()
        });
        if batch.is_empty() {
            return false;
        }
        let failed = match event(self.queue, &batch) {
            Some(event) => match invoke(&self.faults, self.function, self.timeout, handle(event)).await {
                Some(response) if !self.faults.dies_before(Service::Sqs, "DeleteMessage") => {
                    Failed::Some(response)
                }
                _ => Failed::All,
            },
            None => Failed::All,
        };
        for message in &batch {
            let outcome = if failed.holds(&message.id) {
                self.queues.give_back(message, self.pace.retry_after(message.count), self.pace.as_asked)
            } else {
                self.queues.delete(message.row)
            };
            if let Err(error) = outcome {
                tracing::error!(error = handoff_runtime::report(&error), "queue");
            }
        }
        true
    }
}

enum Failed {
    All,
    Some(SqsBatchResponse),
}

impl Failed {
    fn holds(&self, id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(response) => {
                let ids: HashSet<&str> = response
                    .batch_item_failures
                    .iter()
                    .map(|failure| failure.item_identifier.as_str())
                    .collect();
                // An empty id means the whole batch, as on AWS.
                ids.contains("") || ids.contains(id)
            }
        }
    }
}

fn event(queue: QueueName, batch: &[Received]) -> Option<SqsEvent> {
    let record = |message: &Received| {
        json!({
            "messageId": message.id,
            "receiptHandle": message.receipt(),
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": message.count.to_string(),
                "SentTimestamp": message.sent_ms.to_string(),
                "SenderId": "local",
                "ApproximateFirstReceiveTimestamp": message.first_received_ms.to_string(),
            },
            "messageAttributes": {},
            "md5OfBody": format!("{:x}", md5::compute(&message.body)),
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:us-east-1:000000000000:{}", queue.as_str()),
            "awsRegion": "us-east-1",
        })
    };
    serde_json::from_value(json!({"Records": batch.iter().map(record).collect::<Vec<_>>()})).ok()
}
