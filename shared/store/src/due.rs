//! The index of due handoffs: sparse, one entry for each handoff that waits for something, found by time. Its keys are
//! derived from the one rule [`Handoff::due`] with every write, never stored in the domain.

use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::keys::{self, DUE_INDEX, DUE_PK, DUE_SK, PK};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::due::{Due, DueState};
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::id::{AccountId, OrganizationId};

/// What the index carries beside its keys: enough to say why a handoff is due.
pub(crate) const PROJECTED: [&str; 2] = ["state", "attention"];

/// One handoff that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueHandoff {
    /// Which.
    pub account: AccountId,
    /// Since when, and why.
    pub due: Due,
}

/// Handoffs that are due, oldest first within each shard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueList {
    /// Those that were read.
    pub handoffs: Vec<DueHandoff>,
    /// Whether there are more than were read.
    pub more: bool,
}

/// Sets or removes the index's keys as the rule says.
pub(crate) fn index(item: &mut Item, handoff: &Handoff) {
    item.remove(DUE_PK);
    item.remove(DUE_SK);
    if let Some(due) = handoff.due() {
        let partition = keys::due_partition(&handoff.organization, keys::shard(&handoff.id));
        item.insert(DUE_PK.to_owned(), AttributeValue::S(partition));
        item.insert(DUE_SK.to_owned(), AttributeValue::S(keys::sortable(due.at)));
    }
}

impl Store {
    /// The organization's handoffs that became due before a moment, at most `most` of each of the index's shards, in
    /// pages of at most `page`. Read from the index, so a second or so behind the table.
    pub async fn list_due(
        &self,
        organization: &OrganizationId,
        before: Timestamp,
        page: u16,
        most: usize,
    ) -> Result<DueList, StoreError> {
        let mut list = DueList::default();
        for shard in 0..keys::SHARDS {
            self.list_due_shard(keys::due_partition(organization, shard), before, page, most, &mut list)
                .await?;
        }
        Ok(list)
    }

    async fn list_due_shard(
        &self,
        partition: String,
        before: Timestamp,
        page: u16,
        most: usize,
        list: &mut DueList,
    ) -> Result<(), StoreError> {
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("#pk = :pk AND #sk < :before")
            .expression_attribute_names("#pk", DUE_PK)
            .expression_attribute_names("#sk", DUE_SK)
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .expression_attribute_values(":before", AttributeValue::S(keys::sortable(before)))
            .limit(i32::from(page));
        let (mut from, mut seen) = (None, 0);
        loop {
            let call = call.clone().set_exclusive_start_key(from);
            let listed = call.send().await.map_err(StoreError::call("listing due handoffs"))?;
            seen += listed.items().len();
            list.handoffs.extend(listed.items().iter().filter_map(readable));
            from = listed.last_evaluated_key;
            if from.is_none() {
                return Ok(());
            }
            if seen >= most {
                list.more = true;
                return Ok(());
            }
        }
    }
}

/// An entry that cannot be read is told in the log and passed over.
fn readable(entry: &Item) -> Option<DueHandoff> {
    let text = |name: &str| entry.get(name).and_then(|value| value.as_s().ok());
    let read = || {
        let account = keys::account_of(text(PK)?)?;
        let state: HandoffState = serde_dynamo::from_attribute_value(entry.get("state")?.clone()).ok()?;
        let at = text(DUE_SK)?.parse().ok()?;
        let state = DueState::of(state, entry.contains_key("attention"))?;
        Some(DueHandoff { account, due: Due { at, state } })
    };
    let found = read();
    if found.is_none() {
        tracing::error!(key = text(PK), "unreadable entry of the due index");
    }
    found
}
