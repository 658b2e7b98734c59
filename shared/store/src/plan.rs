//! An account's plan, and the templates that plans are made from.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{Item, packed_item, unpack_item};
use crate::keys::{self, Key, Kind};
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use handoff_domain::audit::AuditEntry;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{OrganizationId, TemplateId};
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::plan::{Moved, Plan, Template, Templates};

/// The attribute that a condition can see; the value itself is compressed.
const REVISION: &str = "revision";

impl Store {
    /// Replaces the plan, or lays the first one, tells it, and owes mails for it: one transaction, which carries the handoff
    /// and its CSM's load along where the account's status follows. `false` when the plan, or the handoff that has to change
    /// with it, is not as it was read.
    pub async fn replace_plan(
        &self,
        handoff: &Handoff,
        plan: Option<&Plan>,
        moved: &Moved,
        owed: &[OutboxEntry],
    ) -> Result<bool, StoreError> {
        const OPERATION: &str = "replacing a plan";
        let put = self.put_plan(handoff, plan, &moved.plan)?;
        if moved.handoff != *handoff {
            let (before, after) = (handoff, &moved.handoff);
            return self.replace_with(before, after, vec![put], owed, &moved.told, OPERATION).await;
        }
        let mut writes = vec![put];
        self.push_what_follows(&mut writes, handoff, owed, &moved.told)?;
        self.transact(OPERATION, writes).await
    }

    /// The put of a plan where `before` stands, or none: for transactions that do more.
    pub(crate) fn put_plan(
        &self,
        handoff: &Handoff,
        before: Option<&Plan>,
        after: &Plan,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = packed_item(Kind::Plan, &keys::plan(&handoff.organization, &handoff.id), after)?;
        item.insert(REVISION.to_owned(), AttributeValue::N(after.revision.to_string()));
        match before {
            None => self.put_new(item),
            Some(before) => self.put_revised(item, before.revision),
        }
    }

    /// The templates and, where one is named, an earlier version: one batch read. `None` for an organization without any.
    pub async fn get_templates(
        &self,
        id: &OrganizationId,
        version: Option<(&TemplateId, u32)>,
        consistency: Consistency,
    ) -> Result<Option<(Templates, Option<Template>)>, StoreError> {
        let current = keys::templates(id);
        let named = version.map(|(template, version)| keys::template_version(id, template, version));
        let wanted: Vec<Key> = std::iter::once(current.clone()).chain(named.clone()).collect();
        let mut found = self.batch_get(&wanted, consistency).await?;
        let Some(templates) = found.remove(&current) else { return Ok(None) };
        let old = named.and_then(|key| found.remove(&key));
        let old = old.map(|item| unpack_item(Kind::TemplateVersion, item)).transpose()?;
        Ok(Some((unpack_item(Kind::Templates, templates)?, old)))
    }

    /// Replaces the templates, keeps the version that was replaced, and notes it in the audit: one transaction. `false` when
    /// somebody changed them since they were read.
    pub async fn save_templates(
        &self,
        id: &OrganizationId,
        before: &Templates,
        after: &Templates,
        replaced: Option<&Template>,
        audit: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let put = self.put_revised(templates_item(id, after)?, before.revision)?;
        let mut writes = vec![put, self.put_audit(id, audit)?];
        if let Some(old) = replaced {
            let key = keys::template_version(id, &old.id, old.version);
            writes.push(self.put_new(packed_item(Kind::TemplateVersion, &key, old)?)?);
        }
        self.transact("saving templates", writes).await
    }
}

/// The templates, with their revision where a condition can see it.
pub(crate) fn templates_item(id: &OrganizationId, templates: &Templates) -> Result<Item, StoreError> {
    let mut item = packed_item(Kind::Templates, &keys::templates(id), templates)?;
    item.insert(REVISION.to_owned(), AttributeValue::N(templates.revision.to_string()));
    Ok(item)
}
