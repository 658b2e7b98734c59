//! Deliveries that HubSpot signed and nobody can use: kept for a person to read, not retried.

use crate::Store;
use crate::error::StoreError;
use crate::item::packed_item;
use crate::keys::{self, Kind, TTL};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::message::Delivery;

/// How long an unusable delivery is kept, in seconds: 90 days.
const KEPT_SECONDS: i64 = 90 * 24 * 3600;

/// What is kept of a delivery's body, in characters of base64: an item holds 400 KB.
const BODY_MAX_CHARS: usize = 320 * 1024;

impl Store {
    /// Keeps an unusable delivery, the first 240 KB of a larger one; the same id again replaces it.
    pub async fn put_quarantine(&self, id: &str, delivery: &Delivery) -> Result<(), StoreError> {
        let mut kept = delivery.clone();
        kept.body.truncate(BODY_MAX_CHARS);
        let mut item = packed_item(Kind::Delivery, &keys::quarantine(kept.received_at, id), &kept)?;
        let until = delivery.received_at.as_second() + KEPT_SECONDS;
        item.insert(TTL.to_owned(), AttributeValue::N(until.to_string()));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        put.map(|_| ()).map_err(StoreError::call("keeping an unusable delivery"))
    }
}
