//! The index of due handoffs: sparse, one entry for each handoff for which a sweep must do something, found by time. Its keys are
//! derived from the one rule [`Handoff::due`] with every write, never stored in the domain.

use crate::Store;
use crate::before::Before;
use crate::error::StoreError;
use crate::item::Item;
use crate::keys::{self, DUE_INDEX, DUE_PK, DUE_SK, PK};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::due::{Due, DueState};
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::id::{AccountId, OrganizationId};

/// What the index carries beside its keys: enough to say why a handoff is due.
pub(crate) const PROJECTED: [&str; 1] = ["state"];

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
            let partition = keys::due_partition(organization, shard);
            let keys = (DUE_PK, DUE_SK);
            let what = Before { index: Some(DUE_INDEX), keys, partition, moment: before, page, most };
            let take = |entry: &Item| list.handoffs.extend(readable(entry));
            list.more |= self.read_before(what, "listing due handoffs", take).await?;
        }
        Ok(list)
    }
}

/// An entry that cannot be read is told in the log and passed over.
fn readable(entry: &Item) -> Option<DueHandoff> {
    let text = |name: &str| entry.get(name).and_then(|value| value.as_s().ok());
    let read = || {
        let account = keys::account_of(text(PK)?)?;
        let state: HandoffState = serde_dynamo::from_attribute_value(entry.get("state")?.clone()).ok()?;
        let at = text(DUE_SK)?.parse().ok()?;
        let state = DueState::of(state)?;
        Some(DueHandoff { account, due: Due { at, state } })
    };
    let found = read();
    if found.is_none() {
        tracing::error!(key = text(PK), "unreadable entry of the due index");
    }
    found
}
