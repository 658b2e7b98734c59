//! What other tools are told: events that nobody looked at yet, the messages that came of them, what flowed back into HubSpot.
//!
//! An event that other tools may be told of is written with the keys of the due index, and loses them once its messages are owed. So
//! what the stream misses is found by time, as everything else that is due.

use crate::Store;
use crate::before::Before;
use crate::error::StoreError;
use crate::event::event_from;
use crate::handoff::{Consistency, handoff_from};
use crate::item::{Item, from_item, packed_item, to_item, unpack_item};
use crate::keys::{self, DUE_INDEX, DUE_PK, DUE_SK, Key, Kind, PK, SK, TTL};
use crate::update::text;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::audit::AuditEntry;
use handoff_domain::delivery::{Delivery, Standing};
use handoff_domain::draft::Drafts;
use handoff_domain::event::Event;
use handoff_domain::fact::Fact;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, DeliveryId, OrganizationId};
use handoff_domain::integration::{FlowBack, Integrations};
use handoff_domain::organization::Organization;
use handoff_domain::roster::Roster;

/// The attribute and its value that the stream mapping filters on.
const KIND: (&str, &str) = ("kind", "delivery");
/// The attribute that tells an owed message from one under way, in the stream.
const STATE: &str = "state";
const REVISION: &str = "revision";
/// What the state of an owed message is.
const OWED: &str = "owed";

/// An event of which other tools may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Whose.
    pub organization: OrganizationId,
    /// About whom.
    pub account: AccountId,
    /// What happened.
    pub event: Event,
}

/// One message that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueDelivery {
    /// Whose.
    pub organization: OrganizationId,
    /// Which.
    pub id: DeliveryId,
}

/// What a message is made of.
#[derive(Debug, Clone)]
pub struct DeliveryPage {
    /// The organization.
    pub organization: Organization,
    /// What it wants told.
    pub integrations: Integrations,
    /// Its people.
    pub roster: Roster,
    /// The account; `None` for a test, and for one that is gone.
    pub about: Option<(Handoff, Option<Drafts>)>,
    /// What of it flowed back so far.
    pub flow_back: FlowBack,
}

/// Gives an event the keys by which it is found until it is told.
pub(crate) fn mark_untold(
    item: &mut Item,
    organization: &OrganizationId,
    account: &AccountId,
    event: &Event,
) {
    if Fact::of(event).is_some() {
        let partition = keys::untold_partition(organization, keys::shard(account));
        item.insert(DUE_PK.to_owned(), text(partition));
        item.insert(DUE_SK.to_owned(), text(keys::sortable(event.at)));
    }
}

fn state(delivery: &Delivery) -> &'static str {
    match delivery.standing {
        Standing::Owed { .. } => OWED,
        Standing::Sending { .. } => "sending",
        Standing::Waiting { .. } => "waiting",
        Standing::Delivered { .. } => "delivered",
        Standing::GivenUp { .. } => "given_up",
    }
}

fn delivery_item(delivery: &Delivery) -> Result<Item, StoreError> {
    let key = keys::delivery(&delivery.organization, &delivery.id);
    let mut item = packed_item(Kind::OutgoingDelivery, &key, delivery)?;
    item.insert(KIND.0.to_owned(), text(KIND.1));
    item.insert(STATE.to_owned(), text(state(delivery)));
    item.insert(REVISION.to_owned(), AttributeValue::N(delivery.revision.to_string()));
    if let Some(due) = delivery.due() {
        let partition = keys::deliver_partition(&delivery.organization, keys::shard_of(delivery.id.as_str()));
        item.insert(DUE_PK.to_owned(), text(partition));
        item.insert(DUE_SK.to_owned(), text(keys::sortable(due)));
    }
    if let Some(until) = delivery.kept_until() {
        item.insert(TTL.to_owned(), AttributeValue::N(until.as_second().to_string()));
    }
    Ok(item)
}

fn delivery_from(item: Item) -> Result<Delivery, StoreError> {
    unpack_item(Kind::OutgoingDelivery, item)
}

fn holds(image: &Item, name: &str, value: &str) -> bool {
    image.get(name).and_then(|found| found.as_s().ok()).is_some_and(|found| found == value)
}

/// The untold event in a stream record's new image; `None` when the item is something else, or was told.
pub fn untold_from_image(image: serde_dynamo::Item) -> Result<Option<Untold>, StoreError> {
    let image: Item = image.into();
    if holds(&image, "kind", "event") && image.contains_key(DUE_PK) { untold_from(image) } else { Ok(None) }
}

/// The owed message in a stream record's new image; `None` when the item is something else, or not owed.
pub fn delivery_from_image(image: serde_dynamo::Item) -> Result<Option<Delivery>, StoreError> {
    let image: Item = image.into();
    let is_owed = holds(&image, KIND.0, KIND.1) && holds(&image, STATE, OWED);
    if is_owed { delivery_from(image).map(Some) } else { Ok(None) }
}

fn untold_from(item: Item) -> Result<Option<Untold>, StoreError> {
    let partition = item.get(PK).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
    let ids = keys::organization_of(&partition).zip(keys::account_of(&partition));
    let Some((organization, account)) = ids else { return Ok(None) };
    Ok(Some(Untold { organization, account, event: event_from(item)? }))
}

fn key_of(item: &Item) -> Option<Key> {
    let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
    Some(Key { pk: text(PK)?, sk: text(SK)? })
}

impl Store {
    /// What the organization wants told: one read. `None` when there is no such organization.
    pub async fn get_integrations(
        &self,
        id: &OrganizationId,
        consistency: Consistency,
    ) -> Result<Option<(Organization, Integrations)>, StoreError> {
        let wanted = [keys::organization(id), keys::integrations(id)];
        let mut found = self.batch_get(&wanted, consistency).await?;
        let [organization, integrations] = wanted.map(|key| found.remove(&key));
        let Some(organization) = organization else { return Ok(None) };
        let integrations = integrations.map(|item| from_item(Kind::Integrations, item)).transpose()?;
        Ok(Some((from_item(Kind::Organization, organization)?, integrations.unwrap_or_default())))
    }

    /// Keeps what it wants told, one revision on, with who changed it; `false` when somebody changed it since it was read.
    pub async fn put_integrations(
        &self,
        id: &OrganizationId,
        after: &Integrations,
        audit: Option<&AuditEntry>,
    ) -> Result<bool, StoreError> {
        let next = Integrations { revision: after.revision + 1, ..after.clone() };
        let item = to_item(Kind::Integrations, &keys::integrations(id), &next)?;
        let mut writes = vec![self.put_next(item, usize::try_from(next.revision).unwrap_or(usize::MAX))?];
        if let Some(entry) = audit {
            writes.push(self.put_audit(id, entry)?);
        }
        self.transact("keeping what is told to other tools", writes).await
    }

    /// Owes messages, each unless it is there, and then takes the event's mark. Stopped in between, the event is found again.
    pub async fn owe_deliveries(&self, untold: &Untold, deliveries: &[Delivery]) -> Result<(), StoreError> {
        for delivery in deliveries {
            self.put_delivery(delivery).await?;
        }
        let key = keys::event(&untold.organization, &untold.account, &untold.event);
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("REMOVE #due_pk, #due_sk")
            // Without it, an event that was deleted meanwhile would come back empty.
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#due_pk", DUE_PK)
            .expression_attribute_names("#due_sk", DUE_SK);
        unless_refused(update.send().await.map(drop), "noting an event as told").map(drop)
    }

    /// Owes one message; `false` when it is there already.
    pub async fn put_delivery(&self, delivery: &Delivery) -> Result<bool, StoreError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(delivery_item(delivery)?))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK);
        unless_refused(put.send().await.map(drop), "owing a message")
    }

    /// Writes a message while its revision is the one that was read, and returns it with the next; `None` when somebody else wrote
    /// it, or it is gone.
    pub async fn write_delivery(&self, delivery: &Delivery) -> Result<Option<Delivery>, StoreError> {
        let next = Delivery { revision: delivery.revision + 1, ..delivery.clone() };
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(delivery_item(&next)?))
            .condition_expression("#revision = :revision")
            .expression_attribute_names("#revision", REVISION)
            .expression_attribute_values(":revision", AttributeValue::N(delivery.revision.to_string()));
        let is_written = unless_refused(put.send().await.map(drop), "writing a message")?;
        Ok(is_written.then_some(next))
    }

    /// One message as it is now.
    pub async fn get_delivery(
        &self,
        organization: &OrganizationId,
        id: &DeliveryId,
    ) -> Result<Option<Delivery>, StoreError> {
        let key = keys::delivery(organization, id);
        let mut found = self.batch_get(std::slice::from_ref(&key), Consistency::Strong).await?;
        found.remove(&key).map(delivery_from).transpose()
    }

    /// Messages, the newest first, at most `most`, from before one on.
    pub async fn list_deliveries(
        &self,
        organization: &OrganizationId,
        before: Option<&DeliveryId>,
        most: u16,
    ) -> Result<Vec<Delivery>, StoreError> {
        // No id begins with a letter after `m`.
        let before = before.map_or("n", |id| id.as_str());
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk < :before")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(keys::deliveries_partition(organization)))
            .expression_attribute_values(":before", text(before))
            .scan_index_forward(false)
            .limit(i32::from(most));
        let found = query.send().await.map_err(StoreError::call("listing messages"))?;
        found.items.unwrap_or_default().into_iter().map(delivery_from).collect()
    }

    /// Events that happened before a moment and were not told, at most `most` of each shard.
    pub async fn list_untold(
        &self,
        organization: &OrganizationId,
        before: Timestamp,
        most: u16,
    ) -> Result<Vec<Untold>, StoreError> {
        let marked =
            self.list_marked(before, most, |shard| keys::untold_partition(organization, shard)).await?;
        let found = self.batch_get(&marked, Consistency::Strong).await?;
        let still = found.into_values().filter(|item| item.contains_key(DUE_PK));
        let mut untold: Vec<Untold> =
            still.filter_map(|item| untold_from(item).transpose()).collect::<Result<_, _>>()?;
        untold.sort_by_key(|one| one.event.at);
        Ok(untold)
    }

    /// Messages that became due before a moment, at most `most` of each shard.
    pub async fn list_due_deliveries(
        &self,
        organization: &OrganizationId,
        before: Timestamp,
        most: u16,
    ) -> Result<Vec<DueDelivery>, StoreError> {
        let marked =
            self.list_marked(before, most, |shard| keys::deliver_partition(organization, shard)).await?;
        let id = |key: Key| DeliveryId::parse(key.sk).ok();
        let due = marked.into_iter().filter_map(id);
        Ok(due.map(|id| DueDelivery { organization: organization.clone(), id }).collect())
    }

    async fn list_marked(
        &self,
        before: Timestamp,
        most: u16,
        partition: impl Fn(u8) -> String,
    ) -> Result<Vec<Key>, StoreError> {
        let mut marked = Vec::new();
        for shard in 0..keys::SHARDS {
            let what = Before {
                index: Some(DUE_INDEX),
                keys: (DUE_PK, DUE_SK),
                partition: partition(shard),
                moment: before,
                page: most,
                most: usize::from(most),
            };
            self.read_before(what, "listing what is to be told", |item| marked.extend(key_of(item))).await?;
        }
        Ok(marked)
    }

    /// What a message is made of: one batch read. `None` for an organization that is gone.
    pub async fn get_for_delivery(
        &self,
        organization: &OrganizationId,
        account: Option<&AccountId>,
    ) -> Result<Option<DeliveryPage>, StoreError> {
        let beside =
            [keys::organization(organization), keys::integrations(organization), keys::roster(organization)];
        let about = account.map(|account| {
            [
                keys::handoff(organization, account),
                keys::drafts(organization, account),
                keys::flow_back(organization, account),
            ]
        });
        let wanted: Vec<Key> = beside.iter().chain(about.iter().flatten()).cloned().collect();
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [organization, integrations, roster] = beside.map(|key| found.remove(&key));
        let Some(organization) = organization else { return Ok(None) };
        let integrations = integrations.map(|item| from_item(Kind::Integrations, item)).transpose()?;
        let roster = roster.map(|item| unpack_item(Kind::Roster, item)).transpose()?;
        let mut page = DeliveryPage {
            organization: from_item(Kind::Organization, organization)?,
            integrations: integrations.unwrap_or_default(),
            roster: roster.unwrap_or_default(),
            about: None,
            flow_back: FlowBack::default(),
        };
        if let Some([handoff, drafts, flow_back]) = about.map(|keys| keys.map(|key| found.remove(&key))) {
            let drafts = drafts.map(|item| unpack_item(Kind::Drafts, item)).transpose()?;
            page.about = handoff.map(handoff_from).transpose()?.map(|handoff| (handoff, drafts));
            page.flow_back = flow_back.map(flow_back_from).transpose()?.unwrap_or_default();
        }
        Ok(Some(page))
    }

    /// What of an account flowed back, as it is now.
    pub async fn get_flow_back(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<FlowBack, StoreError> {
        let key = keys::flow_back(organization, account);
        let mut found = self.batch_get(std::slice::from_ref(&key), Consistency::Strong).await?;
        Ok(found.remove(&key).map(flow_back_from).transpose()?.unwrap_or_default())
    }

    /// Keeps what of an account flowed back, one revision on; `None` when somebody wrote it since it was read.
    pub async fn put_flow_back(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        after: &FlowBack,
    ) -> Result<Option<FlowBack>, StoreError> {
        let next = FlowBack { revision: after.revision + 1, ..after.clone() };
        let item = packed_item(Kind::FlowBack, &keys::flow_back(organization, account), &next)?;
        let write = self.put_next(item, usize::try_from(next.revision).unwrap_or(usize::MAX))?;
        let is_kept = self.transact("keeping what flowed back", vec![write]).await?;
        Ok(is_kept.then_some(next))
    }
}

pub(crate) fn flow_back_from(item: Item) -> Result<FlowBack, StoreError> {
    unpack_item(Kind::FlowBack, item)
}

/// Whether a write was carried out; `false` when its condition does not hold.
fn unless_refused<E>(
    outcome: Result<(), aws_sdk_dynamodb::error::SdkError<E>>,
    operation: &'static str,
) -> Result<bool, StoreError>
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match outcome {
        Ok(()) => Ok(true),
        Err(error) => {
            let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
            if code == Some("ConditionalCheckFailedException") {
                return Ok(false);
            }
            Err(StoreError::call(operation)(error))
        }
    }
}
