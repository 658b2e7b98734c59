//! Settings: each change in one transaction with its entry in the audit, and only while nobody else changed the same.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{Item, from_item, packed_item, to_item, unpack_item};
use crate::keys::{self, Key, Kind, PK, SK};
use crate::organization::built;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use handoff_domain::Timestamp;
use handoff_domain::audit::AuditEntry;
use handoff_domain::id::{AuditId, LogoId, OrganizationId};
use handoff_domain::logo::{ImageFormat, LogoImage};
use handoff_domain::organization::Organization;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::Roster;
use handoff_domain::sign_in::AddressHash;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const REVISION: &str = "revision";

/// The attribute that holds the image of a logo.
const IMAGE: &str = "image";

#[derive(Serialize, Deserialize)]
struct LogoItem {
    encoding: ImageFormat,
}

fn logo_item(id: &OrganizationId, image: &LogoImage) -> Result<Item, StoreError> {
    let told = LogoItem { encoding: image.logo.format };
    let mut item = to_item(Kind::Logo, &keys::logo(id, &image.logo.id), &told)?;
    item.insert(IMAGE.to_owned(), AttributeValue::B(Blob::new(image.bytes.clone())));
    Ok(item)
}

impl Store {
    /// Replaces the organization, one revision on, and keeps the image of a new logo. `false` when it changed since it was
    /// read.
    pub async fn save_organization(
        &self,
        organization: &Organization,
        logo: Option<&LogoImage>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut writes = vec![self.put_organization(organization)?, self.put_audit(&organization.id, audit)?];
        if let Some(image) = logo {
            writes.push(self.put_over(logo_item(&organization.id, image)?)?);
        }
        self.transact("saving an organization", writes).await
    }

    /// Replaces the roster, one revision on, keeps who knows which address, and with `organization` who hears of trouble.
    /// `before` is the roster as it was read; `false` when it changed since.
    pub async fn save_roster(
        &self,
        id: &OrganizationId,
        before: &Roster,
        after: &Roster,
        organization: Option<&Organization>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let mut after = after.clone();
        after.revision = before.revision + 1;
        let item = roster_item(id, &after)?;
        let mut writes = vec![self.put_revised(item, before.revision)?, self.put_audit(id, audit)?];
        let (old, new) = (addresses(before), addresses(&after));
        for address in new.difference(&old) {
            writes.push(self.put_over(person_item(address, id)?)?);
        }
        for address in old.difference(&new) {
            let delete = Delete::builder()
                .table_name(&self.table)
                .set_key(Some(keys::person(address, id).attributes()));
            let delete = delete.build().map_err(built("delete"))?;
            writes.push(TransactWriteItem::builder().delete(delete).build());
        }
        if let Some(organization) = organization {
            writes.push(self.put_organization(organization)?);
        }
        self.transact("saving a roster", writes).await
    }

    /// Publishes the next version of the questions. `false` when there is one of that number already.
    pub async fn publish_questions(
        &self,
        id: &OrganizationId,
        questions: &QuestionSet,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let version = keys::question_set(id, questions.version);
        let writes = vec![
            self.put_new(packed_item(Kind::QuestionSet, &version, questions)?)?,
            self.put_over(packed_item(Kind::QuestionSet, &keys::questions(id), questions)?)?,
            self.put_audit(id, audit)?,
        ];
        self.transact("publishing questions", writes).await
    }

    /// The current questions and, where one is named, a published version: one batch read.
    pub async fn get_questions(
        &self,
        id: &OrganizationId,
        version: Option<u32>,
        consistency: Consistency,
    ) -> Result<(Option<QuestionSet>, Option<QuestionSet>), StoreError> {
        let current = keys::questions(id);
        let named = version.map(|version| keys::question_set(id, version));
        let wanted: Vec<Key> = std::iter::once(current.clone()).chain(named.clone()).collect();
        let mut found = self.batch_get(&wanted, consistency).await?;
        let mut take =
            |key: &Key| found.remove(key).map(|item| unpack_item(Kind::QuestionSet, item)).transpose();
        Ok((take(&current)?, named.as_ref().map_or(Ok(None), take)?))
    }

    /// Changes of the settings, the newest first, all of them or those before the entry `after`: one query.
    pub async fn list_audit(
        &self,
        id: &OrganizationId,
        after: Option<(Timestamp, &AuditId)>,
        most: u16,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        // Every key sorts before this one: they begin with a digit.
        let end = after.map_or_else(|| ":".to_owned(), |(at, entry)| keys::audit(id, at, entry).sk);
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk < :end")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", AttributeValue::S(keys::audit_partition(id)))
            .expression_attribute_values(":end", AttributeValue::S(end))
            .scan_index_forward(false)
            .limit(i32::from(most))
            .send()
            .await
            .map_err(StoreError::call("reading the audit"))?;
        answer.items.unwrap_or_default().into_iter().map(|item| unpack_item(Kind::AuditEntry, item)).collect()
    }

    /// Writes anew which addresses the roster knows: mends what a restored or hand-made table lacks. The count of them;
    /// `None` without a roster.
    pub async fn index_people(&self, id: &OrganizationId) -> Result<Option<usize>, StoreError> {
        let mut found = self.get_organizations(std::slice::from_ref(id)).await?;
        let Some((_, roster)) = found.pop() else { return Ok(None) };
        let known = addresses(&roster);
        for address in &known {
            let item = person_item(address, id)?;
            let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
            put.map_err(StoreError::call("noting who knows an address"))?;
        }
        Ok(Some(known.len()))
    }

    /// The image of a logo and its format; `None` for one that never was. One read.
    pub async fn get_logo(
        &self,
        id: &OrganizationId,
        logo: &LogoId,
    ) -> Result<Option<(ImageFormat, Vec<u8>)>, StoreError> {
        let key = keys::logo(id, logo).attributes();
        let call = self.client.get_item().table_name(&self.table).set_key(Some(key)).send().await;
        let Some(mut item) = call.map_err(StoreError::call("reading a logo"))?.item else { return Ok(None) };
        let Some(AttributeValue::B(image)) = item.remove(IMAGE) else {
            return Err(StoreError::shape(Kind::Logo.as_str())("no image".into()));
        };
        let LogoItem { encoding } = from_item(Kind::Logo, item)?;
        Ok(Some((encoding, image.into_inner())))
    }

    fn put_organization(&self, organization: &Organization) -> Result<TransactWriteItem, StoreError> {
        let mut after = organization.clone();
        after.revision += 1;
        let item = to_item(Kind::Organization, &keys::organization(&after.id), &after)?;
        self.put_revised(item, organization.revision)
    }

    pub(crate) fn put_audit(
        &self,
        id: &OrganizationId,
        entry: &AuditEntry,
    ) -> Result<TransactWriteItem, StoreError> {
        self.put_over(packed_item(Kind::AuditEntry, &keys::audit(id, entry.at, &entry.id), entry)?)
    }

    /// A put that holds only for the revision that was read. Items from before revisions have none.
    pub(crate) fn put_revised(&self, item: Item, revision: u64) -> Result<TransactWriteItem, StoreError> {
        let condition = match revision {
            0 => "attribute_exists(#pk) AND (attribute_not_exists(#revision) OR #revision = :revision)",
            _ => "attribute_exists(#pk) AND #revision = :revision",
        };
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(condition)
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#revision", REVISION)
            .expression_attribute_values(":revision", AttributeValue::N(revision.to_string()));
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }
}

/// The roster, with its revision where a condition can see it.
pub(crate) fn roster_item(id: &OrganizationId, roster: &Roster) -> Result<Item, StoreError> {
    let mut item = packed_item(Kind::Roster, &keys::roster(id), roster)?;
    item.insert(REVISION.to_owned(), AttributeValue::N(roster.revision.to_string()));
    Ok(item)
}

/// That an organization knows an address: the key says it all.
pub(crate) fn person_item(address: &AddressHash, id: &OrganizationId) -> Result<Item, StoreError> {
    #[derive(serde::Serialize)]
    struct Known {}
    to_item(Kind::Person, &keys::person(address, id), &Known {})
}

/// The addresses that sign in.
pub(crate) fn addresses(roster: &Roster) -> BTreeSet<AddressHash> {
    let able = roster.members.iter().filter(|member| member.may_sign_in());
    able.map(|member| AddressHash::of(&member.email)).collect()
}
