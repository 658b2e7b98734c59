//! What travels through the queues: hints and requests, each complete in itself.

use crate::handoff::Origin;
use crate::id::{AccountId, CorrelationId, DealId, OrganizationId, PortalId, QuestionId, RunId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message as the queues carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuedMessage {
    /// Whose way it is a step of. Absent in messages that no delivery caused, and in those of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<CorrelationId>,
    /// What it says.
    #[serde(flatten)]
    pub message: WorkerMessage,
}

/// What the intake queue and the drafting queue carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum WorkerMessage {
    /// A signed delivery of HubSpot, kept whole. Its events are hints: each deal is read again.
    Delivered(Delivery),
    /// One deal that may be won.
    DealHint(DealHint),
    /// An AE asked for new drafts.
    RedraftAsked(RedraftAsked),
    /// An account was made by hand; its handoff waits to be drafted.
    AccountMade(AccountMade),
    /// A CSM asked for a draft of the welcome mail.
    WelcomeAsked(WelcomeAsked),
    /// A person of a customer was deleted in HubSpot for privacy.
    PersonDeleted(PersonDeleted),
}

/// A contact that was deleted for privacy: it is taken out of everything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PersonDeleted {
    /// Whose.
    pub portal: PortalId,
    /// HubSpot's id of the contact, in digits.
    pub contact: String,
}

/// How HubSpot delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryRoute {
    /// App webhooks: a JSON array of events.
    App,
    /// A workflow's webhook action: one deal; the portal stands in the signed address.
    Workflow(PortalId),
}

/// One delivery that HubSpot signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Which route it came in by.
    pub route: DeliveryRoute,
    /// When it came.
    pub received_at: Timestamp,
    /// The raw body, as URL-safe base64 without padding: SQS refuses some characters that JSON allows.
    pub body: String,
    /// Set when the body cannot be used; it is kept for a person to read, and nothing else is done with it.
    pub unusable: Option<String>,
}

/// One deal to read again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DealHint {
    /// Whose.
    pub portal: PortalId,
    /// Which.
    pub deal: DealId,
    /// How it became known. An imported one may be older than the organization's handoffs.
    #[serde(default, skip_serializing_if = "Origin::is_told")]
    pub origin: Origin,
}

/// An account that was made by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMade {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub account: AccountId,
}

/// A draft of the welcome mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeAsked {
    /// Whose.
    pub organization: OrganizationId,
    /// Which account.
    pub account: AccountId,
    /// The run that was promised.
    pub run: RunId,
}

/// New drafts for one question or for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedraftAsked {
    /// Whose.
    pub organization: OrganizationId,
    /// Which handoff.
    pub account: AccountId,
    /// The run that was promised.
    pub run: RunId,
    /// One question, or all.
    pub question: Option<QuestionId>,
    /// What the AE added; may be empty.
    pub context: String,
    /// Whether what a person edited is replaced as well.
    pub overwrite: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_from_before_correlation_ids_still_reads() {
        let old = r#"{"type":"deal_hint","portal":62515,"deal":"901"}"#;
        let read: QueuedMessage = serde_json::from_str(old).unwrap();
        assert_eq!(read.correlation, None);
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
        let new = QueuedMessage { correlation: Some(CorrelationId::from_random(7)), ..read };
        let text = serde_json::to_string(&new).unwrap();
        assert_eq!(serde_json::from_str::<QueuedMessage>(&text).unwrap(), new);
        assert_eq!(serde_json::from_str::<WorkerMessage>(&text).unwrap(), new.message, "older readers go on");
    }
}
