//! Owed mails: found by the stream, found again by the sweep, written by whoever sends them.

use crate::Store;
use crate::before::Before;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{Item, packed_item, unpack_item};
use crate::keys::{self, Kind, PK, SK};
use crate::organization::built;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, TransactWriteItem};
use handoff_domain::Timestamp;
use handoff_domain::event::Event;
use handoff_domain::handoff::Attention;
use handoff_domain::id::OrganizationId;
use handoff_domain::outbox::{MailStatus, OutboxEntry, OutboxKey};

/// The attribute and its value that the stream mapping filters on.
const KIND: (&str, &str) = ("kind", "outbox");
const REVISION: &str = "revision";

/// Entries that one listing reads from a shard: they are held in memory all at once.
const LISTED_MAX: usize = 500;

pub(crate) fn entry_item(entry: &OutboxEntry) -> Result<Item, StoreError> {
    let mut item = packed_item(Kind::OutboxEntry, &keys::outbox(&entry.key), entry)?;
    item.insert(KIND.0.to_owned(), AttributeValue::S(KIND.1.to_owned()));
    item.insert(REVISION.to_owned(), AttributeValue::N(entry.revision.to_string()));
    Ok(item)
}

/// The entry in a stream record's new image; `None` when the item is something else.
pub fn outbox_from_image(image: serde_dynamo::Item) -> Result<Option<OutboxEntry>, StoreError> {
    let image: Item = image.into();
    let is_entry = image.get(KIND.0).and_then(|kind| kind.as_s().ok()).is_some_and(|kind| kind == KIND.1);
    if is_entry { entry_from(image).map(Some) } else { Ok(None) }
}

fn entry_from(item: Item) -> Result<OutboxEntry, StoreError> {
    unpack_item(Kind::OutboxEntry, item)
}

impl Store {
    /// Writes an entry while its revision is the one that was read, and returns it with the next. `None` when somebody
    /// else wrote it, or it is gone. A settled entry is deleted, and what became of its mails is told; if one of them
    /// failed, the handoff is marked in the same transaction.
    pub async fn write_outbox(
        &self,
        entry: &OutboxEntry,
        now: Timestamp,
    ) -> Result<Option<OutboxEntry>, StoreError> {
        let mut next = entry.clone();
        next.revision += 1;
        let expected = AttributeValue::N(entry.revision.to_string());
        if !entry.is_settled() {
            let put = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(entry_item(&next)?))
                .condition_expression("#revision = :revision")
                .expression_attribute_names("#revision", REVISION)
                .expression_attribute_values(":revision", expected);
            return unless_changed(put.send().await.map(|_| ()), next, "writing an outbox entry");
        }
        let settled = self.transact("settling an outbox entry", self.settled(entry, now)?).await?;
        Ok(settled.then_some(next))
    }

    /// The entry goes, what became of its mails is told, and a handoff whose mail failed is marked.
    fn settled(&self, entry: &OutboxEntry, now: Timestamp) -> Result<Vec<TransactWriteItem>, StoreError> {
        let delete = Delete::builder()
            .table_name(&self.table)
            .set_key(Some(keys::outbox(&entry.key).attributes()))
            .condition_expression("#revision = :revision")
            .expression_attribute_names("#revision", REVISION)
            .expression_attribute_values(":revision", AttributeValue::N(entry.revision.to_string()));
        let delete = TransactWriteItem::builder().delete(delete.build().map_err(built("delete"))?).build();
        let mut writes = vec![delete];
        // Without an account nobody has to look: who asked for a sign-in link asks again.
        let Some(account) = &entry.key.account else { return Ok(writes) };
        let organization = &entry.key.organization;
        let failed = entry.mails.iter().any(|mail| matches!(mail.status, MailStatus::Failed { .. }));
        if failed {
            writes.push(self.raise(organization, account, Attention::MailFailed, now)?);
        }
        writes.extend(self.put_events(organization, account, &Event::settled(entry, now))?);
        Ok(writes)
    }

    /// One entry; `None` when it is settled and gone.
    pub async fn get_outbox(
        &self,
        key: &OutboxKey,
        consistency: Consistency,
    ) -> Result<Option<OutboxEntry>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(keys::outbox(key).attributes()))
            .consistent_read(consistency == Consistency::Strong);
        let found = call.send().await.map_err(StoreError::call("reading an outbox entry"))?;
        found.item.map(entry_from).transpose()
    }

    /// Entries owed before a moment, oldest first in each shard, read in pages of `page`. At most 500 of each
    /// shard, rounded up to whole pages, so that entries which only wait do not hide the ones behind them. An entry that
    /// cannot be read is told in the log and passed over.
    pub async fn list_owed(
        &self,
        organization: &OrganizationId,
        owed_before: Timestamp,
        page: u16,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        let mut entries = Vec::new();
        for shard in 0..keys::SHARDS {
            let partition = keys::outbox_partition(organization, shard);
            let (moment, most) = (owed_before, LISTED_MAX);
            let what = Before { index: None, keys: (PK, SK), partition, moment, page, most };
            let take = |item: &Item| entries.extend(readable(item));
            self.read_before(what, "listing owed mails", take).await?;
        }
        Ok(entries)
    }
}

/// One bad entry must not keep an organization's other mails from being sent.
fn readable(item: &Item) -> Option<OutboxEntry> {
    entry_from(item.clone())
        .inspect_err(|_| {
            let sort_key = item.get(SK).and_then(|key| key.as_s().ok());
            tracing::error!(sort_key, "unreadable outbox entry");
        })
        .ok()
}

fn unless_changed<E>(
    outcome: Result<(), aws_sdk_dynamodb::error::SdkError<E>>,
    next: OutboxEntry,
    operation: &'static str,
) -> Result<Option<OutboxEntry>, StoreError>
where
    E: std::error::Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + Send + Sync + 'static,
{
    match outcome {
        Ok(()) => Ok(Some(next)),
        Err(error) => {
            let code = error.as_service_error().and_then(aws_sdk_dynamodb::error::ProvideErrorMetadata::code);
            if code == Some("ConditionalCheckFailedException") {
                return Ok(None);
            }
            Err(StoreError::call(operation)(error))
        }
    }
}
