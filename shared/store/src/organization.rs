//! The organization, its questions, people and template.

use crate::error::{StoreError, is_about_size};
use crate::handoff::{Consistency, handoff_from};
use crate::item::{from_item, packed_item, to_item, unpack_item};
use crate::keys::{self, Key, Kind, PK, SK};
use crate::plan::templates_item;
use crate::settings::{addresses, person_item, roster_item};
use crate::{Store, item::Item};
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Put, TransactWriteItem};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::organization::Organization;
use handoff_domain::plan::{Template, Templates};
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Loads, Roster, Turns};
use serde::{Deserialize, Serialize};

/// What the intake of a deal must know of its organization.
#[derive(Debug, Clone)]
pub struct Intake {
    /// The organization.
    pub organization: Organization,
    /// The questions that new handoffs begin with.
    pub questions: QuestionSet,
}

/// What each CSM carries, and when each was last given an account: maps, so that one entry can be changed in place.
#[derive(Serialize, Deserialize, Default)]
pub(crate) struct LoadsItem {
    #[serde(default)]
    pub(crate) loads: Loads,
    #[serde(default)]
    pub(crate) turns: Turns,
}

#[derive(Serialize)]
struct DirectoryEntry {}

impl Store {
    /// The organization and its current questions: one query. `None` for a portal that nobody connected.
    pub async fn get_intake(&self, id: &OrganizationId) -> Result<Option<Intake>, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", AttributeValue::S(keys::organization_partition(id)))
            .expression_attribute_values(":from", AttributeValue::S(keys::organization(id).sk))
            .expression_attribute_values(":to", AttributeValue::S(keys::questions(id).sk))
            .send()
            .await
            .map_err(StoreError::call("reading an organization"))?;
        let [Some(organization), Some(questions)] = [keys::organization(id), keys::questions(id)]
            .map(|key| answer.items().iter().find(|item| is_at(item, &key)).cloned())
        else {
            return Ok(None);
        };
        Ok(Some(Intake {
            organization: from_item(Kind::Organization, organization)?,
            questions: unpack_item(Kind::QuestionSet, questions)?,
        }))
    }

    /// The organization alone; may miss the last second. One read.
    pub async fn get_organization(&self, id: &OrganizationId) -> Result<Option<Organization>, StoreError> {
        let key = keys::organization(id).attributes();
        let call = self.client.get_item().table_name(&self.table).set_key(Some(key)).send().await;
        let found = call.map_err(StoreError::call("reading an organization"))?;
        found.item.map(|item| from_item(Kind::Organization, item)).transpose()
    }

    /// What a mail needs beside its entry: the organization, and with `about` that account's handoff as it is now. One read.
    pub async fn get_mail_setting(
        &self,
        id: &OrganizationId,
        about: Option<&AccountId>,
    ) -> Result<(Option<Organization>, Option<Handoff>), StoreError> {
        let Some(account) = about else { return Ok((self.get_organization(id).await?, None)) };
        let wanted = [keys::organization(id), keys::handoff(id, account)];
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [organization, handoff] = wanted.map(|key| found.remove(&key));
        let organization = organization.map(|item| from_item(Kind::Organization, item)).transpose()?;
        Ok((organization, handoff.map(handoff_from).transpose()?))
    }

    /// Makes an organization with its first questions, people and template: one transaction. `false` if it exists.
    pub async fn create_organization(
        &self,
        organization: &Organization,
        questions: &QuestionSet,
        roster: &Roster,
        template: &Template,
    ) -> Result<bool, StoreError> {
        let id = &organization.id;
        let version = keys::question_set(id, questions.version);
        let items = [
            to_item(Kind::Organization, &keys::organization(id), organization)?,
            packed_item(Kind::QuestionSet, &keys::questions(id), questions)?,
            packed_item(Kind::QuestionSet, &version, questions)?,
            roster_item(id, roster)?,
            to_item(Kind::Loads, &keys::loads(id), &LoadsItem::default())?,
            templates_item(id, &Templates::of(template.clone()))?,
            to_item(Kind::DirectoryEntry, &keys::directory(id), &DirectoryEntry {})?,
        ];
        let mut writes = Vec::with_capacity(items.len());
        for item in items {
            writes.push(self.put_new(item)?);
        }
        for address in addresses(roster) {
            writes.push(self.put_over(person_item(&address, id)?)?);
        }
        self.transact("making an organization", writes).await
    }

    /// All organizations that schedules look after: pages of the directory.
    pub async fn list_organizations(&self) -> Result<Vec<OrganizationId>, StoreError> {
        let mut organizations = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(":pk", AttributeValue::S(keys::DIRECTORY.to_owned()))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(StoreError::call("listing organizations"))?;
            let ids = page.items().iter().filter_map(|item| item.get(SK)?.as_s().ok().cloned());
            organizations.extend(ids.filter_map(|id| OrganizationId::parse(id).ok()));
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(organizations);
            }
        }
    }

    /// A put that refuses to replace.
    pub(crate) fn put_new(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK);
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }

    /// A put that replaces whatever stands there.
    pub(crate) fn put_over(&self, item: Item) -> Result<TransactWriteItem, StoreError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }

    /// Carries out one transaction; `false` when one of its conditions does not hold. Updates in place hold for items of
    /// the current format only and ask for the item that they met: an older one is brought up, and all is tried once more.
    pub(crate) async fn transact(
        &self,
        operation: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<bool, StoreError> {
        Ok(self.transact_or_why(operation, writes).await?.is_ok())
    }

    /// The same; where it does not hold, what DynamoDB says of each write, in their order.
    pub(crate) async fn transact_or_why(
        &self,
        operation: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Result<(), Vec<CancellationReason>>, StoreError> {
        match self.put_all(operation, writes.clone()).await? {
            Err(reasons) if self.met_older(&reasons).await? => self.put_all(operation, writes).await,
            outcome => Ok(outcome),
        }
    }

    /// One try of a transaction, whatever it meets.
    pub(crate) async fn put_all(
        &self,
        operation: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Result<(), Vec<CancellationReason>>, StoreError> {
        let call = self.client.transact_write_items().set_transact_items(Some(writes));
        match call.send().await {
            Ok(_) => Ok(Ok(())),
            Err(error) if is_condition_only(&error) => Ok(Err(reasons(&error).to_vec())),
            Err(error) if is_too_large(&error) => Err(StoreError::TooLarge { operation }),
            Err(error) => Err(StoreError::call(operation)(error)),
        }
    }

    /// Brings up the items of an older format that the transaction's updates in place met; whether there were any.
    async fn met_older(&self, refused: &[CancellationReason]) -> Result<bool, StoreError> {
        let mut any = false;
        for item in refused.iter().filter_map(|reason| reason.item()) {
            let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
            let kind = text(PK).zip(text(SK)).and_then(|(pk, sk)| Kind::at(pk, sk));
            any |= match kind {
                Some(kind) => self.was_older(kind, item).await?,
                None => false,
            };
        }
        Ok(any)
    }
}

type Refused = aws_sdk_dynamodb::error::SdkError<TransactWriteItemsError>;

fn reasons(error: &Refused) -> &[CancellationReason] {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            canceled.cancellation_reasons()
        }
        _ => &[],
    }
}

/// A builder's complaint about a missing field, as a store error: a bug of ours.
pub(crate) fn built(what: &'static str) -> impl FnOnce(aws_sdk_dynamodb::error::BuildError) -> StoreError {
    move |error| StoreError::shape(what)(error.into())
}

fn is_at(item: &Item, key: &Key) -> bool {
    item.get(SK).and_then(|sk| sk.as_s().ok()) == Some(&key.sk)
}

fn is_too_large(error: &Refused) -> bool {
    let service = error.as_service_error();
    service.is_some_and(|error| is_about_size(error.code(), error.message()))
        || reasons(error).iter().any(|reason| is_about_size(reason.code(), reason.message()))
}

fn is_condition_only(error: &Refused) -> bool {
    let codes: Vec<&str> = reasons(error).iter().filter_map(CancellationReason::code).collect();
    // A conflict with another transaction means the same to a caller as a condition: read again.
    codes.iter().all(|code| matches!(*code, "None" | "ConditionalCheckFailed" | "TransactionConflict"))
        && codes.iter().any(|code| *code != "None")
}
