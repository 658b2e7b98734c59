//! Deliveries that HubSpot signed and nobody can use: kept for a person to read, not retried.

use crate::Store;
use crate::error::StoreError;
use crate::item::packed_item;
use crate::keys::{self, TTL};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::message::Delivery;

/// How long an unusable delivery is kept, in seconds: 90 days.
const KEPT_SECONDS: i64 = 90 * 24 * 3600;

impl Store {
    /// Keeps an unusable delivery; the same id again replaces it.
    pub async fn put_quarantine(&self, id: &str, delivery: &Delivery) -> Result<(), StoreError> {
        let mut item = packed_item("delivery", &keys::quarantine(delivery.received_at, id), delivery)?;
        let until = delivery.received_at.as_second() + KEPT_SECONDS;
        item.insert(TTL.to_owned(), AttributeValue::N(until.to_string()));
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        put.map(|_| ()).map_err(StoreError::call("keeping an unusable delivery"))
    }
}
