//! Day, week and month totals: which events are not counted yet, what an account has added, and the rows.

mod rows;

use crate::Store;
use crate::error::StoreError;
use crate::event::event_from;
use crate::handoff::handoff_from;
use crate::item::{Item, packed_item, unpack_item};
use crate::keys::{self, EVENT_PREFIX, Kind, PK, SK, UNCOUNTED_INDEX, UNCOUNTED_PK};
use crate::organization::built;
use crate::update::text;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use handoff_domain::event::Event;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::rollup::Contribution;
use rows::{REVISION, numeric, rows_of};
use std::collections::HashMap;

/// Rows that one transaction changes; with the account's own item and the marks it stays under DynamoDB's hundred.
const ROWS_MAX: usize = 60;

/// Marks that one transaction takes away.
const MARKS_MAX: usize = 35;

/// Accounts of which something is not counted yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uncounted {
    /// The accounts, those with the oldest event first; each once.
    pub accounts: Vec<AccountId>,
    /// When the oldest of the events happened.
    pub oldest: Option<handoff_domain::Timestamp>,
    /// Whether there are more than were read.
    pub more: bool,
}

/// Everything that an account's share of the totals is worked out from.
#[derive(Debug, Clone)]
pub struct ToCount {
    /// The handoff.
    pub handoff: Handoff,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
    /// What the totals hold of it.
    pub folded: Contribution,
    revision: u64,
    marked: Vec<String>,
}

impl ToCount {
    /// Events that are not counted yet.
    pub fn uncounted(&self) -> usize {
        self.marked.len()
    }
}

impl Store {
    /// Accounts of which something is not counted yet, from at most `most` events of each shard. Read from the index, so a
    /// second or so behind the table.
    pub async fn list_uncounted(
        &self,
        organization: &OrganizationId,
        most: i32,
    ) -> Result<Uncounted, StoreError> {
        let mut found: Vec<(String, AccountId)> = Vec::new();
        let mut list = Uncounted::default();
        for shard in 0..keys::SHARDS {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(UNCOUNTED_INDEX)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", UNCOUNTED_PK)
                .expression_attribute_values(":pk", text(keys::uncounted_partition(organization, shard)))
                .limit(most);
            let page = query.send().await.map_err(StoreError::call("listing events to count"))?;
            list.more |= page.last_evaluated_key.is_some();
            found.extend(page.items().iter().filter_map(|item| {
                let account = keys::account_of(item.get(PK)?.as_s().ok()?)?;
                Some((item.get(SK)?.as_s().ok()?.clone(), account))
            }));
        }
        found.sort();
        let at = |sk: &str| sk.strip_prefix(EVENT_PREFIX)?.split('#').next()?.parse().ok();
        list.oldest = found.first().and_then(|(sk, _)| at(sk));
        for (_, account) in found {
            if !list.accounts.contains(&account) {
                list.accounts.push(account);
            }
        }
        Ok(list)
    }

    /// The organization's accounts, page by page; `None` at the end.
    pub async fn list_account_ids(
        &self,
        organization: &OrganizationId,
        from: Option<Item>,
    ) -> Result<(Vec<AccountId>, Option<Item>), StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(keys::COMPANIES_INDEX)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", keys::LIST_PK)
            .expression_attribute_values(":pk", text(keys::list_partition(organization)))
            .set_exclusive_start_key(from);
        let page = query.send().await.map_err(StoreError::call("listing accounts"))?;
        let id = |item: &Item| keys::account_of(item.get(PK)?.as_s().ok()?);
        Ok((page.items().iter().filter_map(id).collect(), page.last_evaluated_key))
    }

    /// What an account's share is worked out from: one query, which no replica's lag can spoil. `None` when it is gone.
    pub async fn get_to_count(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<ToCount>, StoreError> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(keys::account_partition(organization, account)))
            .expression_attribute_values(":from", text(EVENT_PREFIX))
            .expression_attribute_values(":to", text(keys::handoff(organization, account).sk))
            .consistent_read(true);
        let (mut handoff, mut events, mut marked) = (None, Vec::new(), Vec::new());
        let (mut folded, mut revision, mut from) = (Contribution::default(), 0, None);
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await;
            let page = page.map_err(StoreError::call("reading what is to be counted"))?;
            from = page.last_evaluated_key;
            for item in page.items.unwrap_or_default() {
                let key = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
                match key(PK).zip(key(SK)).and_then(|(pk, sk)| Kind::at(pk, sk)) {
                    Some(Kind::Event) => {
                        marked.extend(item.get(UNCOUNTED_PK).and(key(SK)).cloned());
                        events.push(event_from(item)?);
                    }
                    Some(Kind::Folded) => {
                        revision = numeric(&item, REVISION).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
                        folded = unpack_item(Kind::Folded, item)?;
                    }
                    Some(Kind::Handoff) => handoff = Some(handoff_from(item)?),
                    _ => {}
                }
            }
            if from.is_none() {
                break;
            }
        }
        Ok(handoff.map(|handoff| ToCount { handoff, events, folded, revision, marked }))
    }

    /// Makes the totals hold `now` in the place of what they hold of this account, and takes the marks of the events it was
    /// worked out from: one transaction. What is too much for one is left for the next; `false` when somebody else counted
    /// the account since it was read, or something is left.
    pub async fn put_counted(&self, read: &ToCount, now: &Contribution) -> Result<bool, StoreError> {
        let (organization, account) = (&read.handoff.organization, &read.handoff.id);
        let mut shares = now.since(&read.folded);
        let mut is_all = true;
        while rows_of(&shares).len() > ROWS_MAX {
            shares.pop();
            is_all = false;
        }
        if shares.is_empty() && read.marked.is_empty() {
            return Ok(true);
        }
        let mut writes = Vec::new();
        if !shares.is_empty() {
            let held = if is_all { now.clone() } else { read.folded.with(&shares) };
            let item = packed_item(Kind::Folded, &keys::folded(organization, account), &held)?;
            writes.push(
                self.put_next(item, usize::try_from(read.revision).unwrap_or(usize::MAX).saturating_add(1))?,
            );
        }
        for ((period, of), (name, counts)) in rows_of(&shares) {
            writes.push(self.add_to_row(organization, period, &of, &name, &counts)?);
        }
        let marks = if is_all { read.marked.as_slice() } else { &[] };
        for mark in marks.iter().take(MARKS_MAX) {
            writes.push(self.take_mark(organization, account, mark)?);
        }
        let is_done = is_all && marks.len() <= MARKS_MAX;
        Ok(self.transact("counting an account", writes).await? && is_done)
    }

    fn take_mark(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        mark: &str,
    ) -> Result<TransactWriteItem, StoreError> {
        let key = HashMap::from([
            (PK.to_owned(), text(keys::account_partition(organization, account))),
            (SK.to_owned(), text(mark)),
        ]);
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(key))
            .update_expression("REMOVE #mark")
            // Without it, an event that was deleted meanwhile would come back empty.
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#mark", UNCOUNTED_PK)
            .expression_attribute_names("#pk", PK);
        Ok(TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build())
    }
}
