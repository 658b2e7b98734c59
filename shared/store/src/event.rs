//! What happened to an account: written with the change that it tells of, never changed, read for the timeline.

use crate::Store;
use crate::error::StoreError;
use crate::item::{Item, from_item, to_item};
use crate::keys::{self, Kind};
use crate::organization::built;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use handoff_domain::event::Event;
use handoff_domain::id::{AccountId, OrganizationId};

/// The attribute and its value that tell an event from other items in the stream.
const KIND: (&str, &str) = ("kind", "event");

fn event_item(organization: &OrganizationId, account: &AccountId, event: &Event) -> Result<Item, StoreError> {
    let key = keys::event(organization, account, event);
    let mut item = to_item(Kind::Event, &key, event)?;
    item.insert(KIND.0.to_owned(), AttributeValue::S(KIND.1.to_owned()));
    let uncounted = keys::uncounted_partition(organization, keys::shard(account));
    crate::delivery::mark_untold(&mut item, organization, account, event);
    item.insert(keys::UNCOUNTED_PK.to_owned(), AttributeValue::S(uncounted));
    Ok(item)
}

pub(crate) fn event_from(item: Item) -> Result<Event, StoreError> {
    from_item(Kind::Event, item)
}

impl Store {
    /// The writes of these events, over themselves when they are repeated.
    pub(crate) fn put_events(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        events: &[Event],
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        events.iter().map(|event| self.put_over(event_item(organization, account, event)?)).collect()
    }

    /// The write of an event that happens once: refused when it stands there.
    pub(crate) fn put_event_once(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        event: &Event,
    ) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(event_item(organization, account, event)?))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", keys::PK);
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }

    /// The newest events of an account, the newest first, at most `most`: one query.
    pub async fn list_events(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        most: u16,
    ) -> Result<Vec<Event>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :prefix)")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_values(
                ":pk",
                AttributeValue::S(keys::account_partition(organization, account)),
            )
            .expression_attribute_values(":prefix", AttributeValue::S(keys::EVENT_PREFIX.to_owned()))
            .scan_index_forward(false)
            .limit(i32::from(most));
        let found = query.send().await.map_err(StoreError::call("reading a timeline"))?;
        found.items.unwrap_or_default().into_iter().map(event_from).collect()
    }
}
