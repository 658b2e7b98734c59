//! SQS: durable hand-over of work between functions. A message is kept once [`Queue::send`] returns.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{BoxError, ProvideErrorMetadata as _, SdkError};
use aws_sdk_sqs::types::{QueueAttributeName, SendMessageBatchRequestEntry};
use aws_types::SdkConfig;
use serde::Serialize;

/// SQS takes at most this many messages in one batch.
const BATCH_MAX: usize = 10;

/// One queue. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

/// Why a message is not known to be kept.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It cannot be written as JSON.
    #[error("a message could not be encoded")]
    Encode(#[source] serde_json::Error),
    /// SQS refused it, or did not answer: it may have been kept all the same.
    #[error("sending to a queue failed")]
    Send(#[source] BoxError),
    /// SQS did not note when a message shall come back.
    #[error("hiding a message failed")]
    Hide(#[source] BoxError),
    /// SQS did not tell about a queue.
    #[error("looking at a queue failed")]
    Read(#[source] BoxError),
    /// SQS did not put dead letters back.
    #[error("putting dead letters back failed")]
    PutBack(#[source] BoxError),
    /// SQS kept only a part of a batch.
    #[error("the queue refused {refused} of {sent} messages")]
    Partial {
        /// Messages refused.
        refused: usize,
        /// Messages sent.
        sent: usize,
    },
}

impl Queue {
    /// The queue with this URL.
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self { client: Client::new(config), url: url.into() }
    }

    /// The queue's name.
    pub fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or_default()
    }

    /// Lets a message that was received under `receipt` be received again only after so many seconds, 43,200 at most:
    /// one call.
    pub async fn hide(&self, receipt: &str, seconds: u32) -> Result<(), QueueError> {
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        let call = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(receipt);
        let hidden = call.visibility_timeout(seconds).send().await;
        hidden.map(|_| ()).map_err(|error| QueueError::Hide(Box::new(error)))
    }

    /// Sends one message as JSON: one call.
    pub async fn send(&self, message: &impl Serialize) -> Result<(), QueueError> {
        let body = serde_json::to_string(message).map_err(QueueError::Encode)?;
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).send().await;
        sent.map(|_| ()).map_err(failed)
    }

    /// The same for a message that nobody receives before `seconds` have passed, 900 at most.
    pub async fn send_after(&self, message: &impl Serialize, seconds: u32) -> Result<(), QueueError> {
        let body = serde_json::to_string(message).map_err(QueueError::Encode)?;
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
        let call = self.client.send_message().queue_url(&self.url).message_body(body).delay_seconds(seconds);
        call.send().await.map(|_| ()).map_err(failed)
    }

    /// Sends messages as JSON in batches of ten: one call each. After an error some may have been kept.
    pub async fn send_all<M: Serialize>(&self, messages: &[M]) -> Result<(), QueueError> {
        self.send_all_after(messages, 0).await
    }

    /// The same for messages that nobody receives before `seconds` have passed, 900 at most.
    pub async fn send_all_after<M: Serialize>(&self, messages: &[M], seconds: u32) -> Result<(), QueueError> {
        let delay = (seconds > 0).then(|| i32::try_from(seconds).unwrap_or(i32::MAX));
        for batch in messages.chunks(BATCH_MAX) {
            let mut entries = Vec::with_capacity(batch.len());
            for (index, message) in batch.iter().enumerate() {
                let body = serde_json::to_string(message).map_err(QueueError::Encode)?;
                let entry = SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body(body)
                    .set_delay_seconds(delay);
                entries.push(entry.build().map_err(|error| QueueError::Send(error.into()))?);
            }
            let call = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
            let refused = call.send().await.map_err(failed)?.failed.len();
            if refused > 0 {
                return Err(QueueError::Partial { refused, sent: batch.len() });
            }
        }
        Ok(())
    }
}

/// A queue's dead letters: messages that were received too often.
#[derive(Debug, Clone)]
pub struct DeadLetters {
    client: Client,
    url: String,
}

impl DeadLetters {
    /// The dead letters' queue with this URL.
    pub fn new(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self { client: Client::new(config), url: url.into() }
    }

    /// How many there are, about: one call.
    pub async fn count(&self) -> Result<u64, QueueError> {
        let waiting = self.read(QueueAttributeName::ApproximateNumberOfMessages).await?;
        Ok(waiting.and_then(|count| count.parse().ok()).unwrap_or(0))
    }

    /// Puts all of them back into the queue that they come from: two calls. Where that is under way already nothing is done.
    pub async fn put_back(&self) -> Result<(), QueueError> {
        let arn = self.read(QueueAttributeName::QueueArn).await?;
        let moved = self.client.start_message_move_task().set_source_arn(arn).send().await;
        match moved {
            Ok(_) => Ok(()),
            // SQS has no code of its own for this.
            Err(error) if error.message().is_some_and(|words| words.contains("already a task")) => Ok(()),
            Err(error) => Err(QueueError::PutBack(Box::new(error))),
        }
    }

    async fn read(&self, name: QueueAttributeName) -> Result<Option<String>, QueueError> {
        let asked = self.client.get_queue_attributes().queue_url(&self.url).attribute_names(name.clone());
        let answer = asked.send().await.map_err(|error| QueueError::Read(Box::new(error)))?;
        Ok(answer.attributes.and_then(|mut all| all.remove(&name)))
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static>(error: SdkError<E>) -> QueueError {
    QueueError::Send(Box::new(error))
}
