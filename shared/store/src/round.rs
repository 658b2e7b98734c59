//! What moves a handoff on: drafts that arrive, links that are replaced, the submit. Each is one transaction that
//! holds only while the handoff's revision is the one that was read.

use crate::Store;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::handoff::handoff_item;
use crate::item::packed_item;
use crate::keys::{self, Kind, TTL};
use crate::organization::built;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use handoff_domain::draft::Drafts;
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::RunId;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::pattern::HistoryEntry;
use handoff_domain::plan::Plan;
use handoff_domain::source::Source;
use serde::{Deserialize, Serialize};

/// Raw bytes of sources in one item: compressed or not, it stays under DynamoDB's 400 KB.
const CHUNK_MAX_BYTES: usize = 380 * 1024;

/// Raw bytes of sources in one handoff: under DynamoDB's 4 MB for a transaction, whatever they compress to.
pub const SOURCES_MAX_BYTES: usize = 3 * 1024 * 1024;

/// Some of the sources that one run read.
#[derive(Serialize, Deserialize)]
pub(crate) struct SourcesChunk {
    pub(crate) run: RunId,
    pub(crate) sources: Vec<Source>,
}

impl Store {
    /// Keeps what a draft run made and read, the handoff as it is then, the mails that are owed for it, and tells it.
    /// `false` when the handoff changed since `before` was read: read again and decide anew.
    pub async fn keep_drafts(
        &self,
        before: &Handoff,
        after: &Handoff,
        drafts: &Drafts,
        sources: &[Source],
        owed: &[OutboxEntry],
        told: &[Event],
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.put_handoff(before, after)?];
        let key = keys::drafts(&after.organization, &after.id);
        writes.push(self.put_over(packed_item(Kind::Drafts, &key, drafts)?)?);
        for (index, sources) in chunks(sources).into_iter().enumerate() {
            let key = keys::sources(&after.organization, &after.id, index);
            let chunk = SourcesChunk { run: drafts.run.id.clone(), sources };
            let mut item = packed_item(Kind::Sources, &key, &chunk)?;
            if let Some(until) = after.material_until {
                item.insert(TTL.to_owned(), AttributeValue::N(until.as_second().to_string()));
            }
            writes.push(self.put_over(item)?);
        }
        self.push_what_follows(&mut writes, after, owed, told)?;
        self.transact("keeping drafts", writes).await
    }

    /// Replaces the handoff, owes mails for it and tells what happened; `false` when it changed since `before` was read.
    pub async fn replace_handoff(
        &self,
        before: &Handoff,
        after: &Handoff,
        owed: &[OutboxEntry],
        told: &[Event],
    ) -> Result<bool, StoreError> {
        self.replace_with(before, after, Vec::new(), owed, told, "replacing a handoff").await
    }

    /// The same with further writes in the transaction.
    pub(crate) async fn replace_with(
        &self,
        before: &Handoff,
        after: &Handoff,
        more: Vec<TransactWriteItem>,
        owed: &[OutboxEntry],
        told: &[Event],
        operation: &'static str,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.put_handoff(before, after)?];
        writes.extend(more);
        writes.extend(self.shift_loads(before, after)?);
        self.push_what_follows(&mut writes, after, owed, told)?;
        self.transact(operation, writes).await
    }

    /// What each CSM carries, and whose turn it was, changed where the step changes it.
    fn shift_loads(
        &self,
        before: &Handoff,
        after: &Handoff,
    ) -> Result<Option<TransactWriteItem>, StoreError> {
        let (from, to) = (before.carried_by(), after.carried_by());
        let in_charge = |handoff: &Handoff| handoff.csm_in_charge().map(|(csm, _)| csm.clone());
        let given = after.assigned.as_ref().filter(|now| in_charge(before).as_ref() != Some(&now.csm));
        if from == to && given.is_none() {
            return Ok(None);
        }
        let (from, to) = if from == to { (None, None) } else { (from, to) };
        let number = |number: &str| AttributeValue::N(number.to_owned());
        let mut sets = Vec::new();
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::loads(&after.organization).attributes()))
            .condition_expression("#format = :format")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current());
        if from.is_some() || to.is_some() {
            update = update
                .expression_attribute_names("#loads", "loads")
                .expression_attribute_values(":one", number("1"));
        }
        if let Some(csm) = to {
            sets.push("#loads.#to = if_not_exists(#loads.#to, :none) + :one");
            update = update
                .expression_attribute_names("#to", csm.as_str())
                .expression_attribute_values(":none", number("0"));
        }
        if let Some(csm) = from {
            // One that was never counted stays at nothing.
            sets.push("#loads.#from = if_not_exists(#loads.#from, :one) - :one");
            update = update.expression_attribute_names("#from", csm.as_str());
        }
        if let Some(given) = given {
            sets.push("#turns.#given = :at");
            update = update
                .expression_attribute_names("#turns", "turns")
                .expression_attribute_names("#given", given.csm.as_str())
                .expression_attribute_values(":at", AttributeValue::S(given.at.to_string()));
        }
        let update = update.update_expression(format!("SET {}", sets.join(", ")));
        Ok(Some(TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build()))
    }

    /// The submit, whole: answers frozen, the CSM's load raised, the plan laid where there is none yet, the mails owed, and where industry and
    /// size are known what it named for later handoffs. `false` when the handoff changed since `before` was read.
    pub async fn submit(
        &self,
        before: &Handoff,
        after: &Handoff,
        plan: Option<&Plan>,
        entry: &OutboxEntry,
        history: Option<&HistoryEntry>,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.put_handoff(before, after)?];
        if let Some(plan) = plan {
            writes.push(self.put_plan(after, None, plan)?);
        }
        writes.extend(self.shift_loads(before, after)?);
        if let Some(history) = history {
            let item = packed_item(Kind::History, &keys::history(history), history)?;
            writes.push(self.put_over(item)?);
        }
        let mut told: Vec<Event> = Event::submitted(after, plan).into_iter().collect();
        let now = told.first().map_or(after.created_at, |submitted| submitted.at);
        told.extend(Event::attention(before, after, &Who::System, now));
        self.push_what_follows(&mut writes, after, std::slice::from_ref(entry), &told)?;
        self.transact("submitting a handoff", writes).await
    }

    fn put_handoff(&self, before: &Handoff, after: &Handoff) -> Result<TransactWriteItem, StoreError> {
        let mut after = after.clone();
        after.revision = before.revision + 1;
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(handoff_item(&after)?))
            .condition_expression("#revision = :revision AND #state = :state")
            .expression_attribute_names("#revision", "revision")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":revision", AttributeValue::N(before.revision.to_string()))
            .expression_attribute_values(":state", AttributeValue::S(before.state.as_str().to_owned()));
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }

    pub(crate) fn push_what_follows(
        &self,
        writes: &mut Vec<TransactWriteItem>,
        handoff: &Handoff,
        owed: &[OutboxEntry],
        told: &[Event],
    ) -> Result<(), StoreError> {
        for entry in owed {
            writes.push(self.put_over(crate::outbox::entry_item(entry)?)?);
        }
        writes.extend(self.put_events(&handoff.organization, &handoff.id, told)?);
        Ok(())
    }
}

/// What one source counts for, in bytes.
pub fn stored_bytes(source: &Source) -> usize {
    source.body.len() + source.title.len() + 400
}

fn chunks(sources: &[Source]) -> Vec<Vec<Source>> {
    let mut chunks = vec![Vec::new()];
    let (mut filled, mut total) = (0, 0);
    for source in sources {
        let size = stored_bytes(source);
        total += size;
        if total > SOURCES_MAX_BYTES {
            break;
        }
        if filled + size > CHUNK_MAX_BYTES && filled > 0 {
            chunks.push(Vec::new());
            filled = 0;
        }
        filled += size;
        if let Some(chunk) = chunks.last_mut() {
            chunk.push(source.clone());
        }
    }
    chunks
}
