//! What can go wrong with a message, and whether it should come again.

use handoff_hubspot::HubSpotError;
use handoff_queue::QueueError;
use handoff_store::StoreError;

/// Why a message is not done.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The message is none of ours. Only the place is told: what stands there may be anybody's words.
    #[error("a message could not be read at line {line}, column {column}")]
    Message {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Its body is not the base64 that the webhook writes.
    #[error("a delivery's body could not be decoded")]
    Body(#[source] data_encoding::DecodeError),
    /// The table.
    #[error("the table did not do its part")]
    Store(#[from] StoreError),
    /// HubSpot.
    #[error("HubSpot did not do its part")]
    HubSpot(#[from] HubSpotError),
    /// The queue.
    #[error("the queue did not do its part")]
    Queue(#[from] QueueError),
    /// Another worker is at it, or was faster.
    #[error("another worker has this handoff")]
    Busy,
}

impl WorkerError {
    /// A message that is none of ours.
    pub(crate) fn message(error: &serde_json::Error) -> Self {
        Self::Message { line: error.line(), column: error.column() }
    }

    /// Whether this passes by itself, so that a warning is enough.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::HubSpot(error) => error.is_retryable(),
            Self::Queue(_) | Self::Busy => true,
            Self::Message { .. } | Self::Body(_) => false,
        }
    }
}
