//! Reasons to look, added in place: by whoever finds one, without reading the handoff first.

use crate::Store;
use crate::error::StoreError;
use crate::form::CURRENT;
use crate::format::{self, FORMAT};
use crate::handoff::SINCE;
use crate::item::to_attribute;
use crate::keys::{self, DUE_PK, DUE_SK};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::handoff::Attention;
use handoff_domain::id::{AccountId, OrganizationId};
use std::collections::HashMap;

/// The parts of an update that adds a reason, keeps the moment of the first one, and moves the handoff in the index of due
/// ones to that moment: what [`handoff_domain::handoff::Handoff::raise`] does, in the table.
pub(crate) struct Raise {
    pub(crate) update: String,
    pub(crate) condition: String,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Raise {
    pub(crate) fn new(
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let reasons = match to_attribute("reason to look", &reason)? {
            AttributeValue::S(reason) => AttributeValue::Ss(vec![reason]),
            _ => return Err(StoreError::shape("reason to look")("not a text".into())),
        };
        let partition = keys::due_partition(organization, keys::shard(account));
        let names = [
            ("#revision", "revision"),
            ("#since", SINCE),
            ("#due_pk", DUE_PK),
            ("#due_sk", DUE_SK),
            ("#attention", "attention"),
            ("#format", FORMAT),
        ];
        let values = [
            (":one", AttributeValue::N("1".to_owned())),
            (":now", AttributeValue::S(keys::sortable(now))),
            (":due_pk", AttributeValue::S(partition)),
            (":reason", reasons),
            (":format", format::current()),
        ];
        Ok(Self {
            // On the right stands what the item held before.
            update:
                "SET #revision = #revision + :one, #since = if_not_exists(#since, :now), #due_pk = :due_pk, \
                     #due_sk = if_not_exists(#since, :now) ADD #attention :reason"
                    .to_owned(),
            condition: CURRENT.to_owned(),
            names: names.map(|(name, is)| (name.to_owned(), is.to_owned())).into(),
            values: values.map(|(name, is)| (name.to_owned(), is)).into(),
        })
    }
}

impl Store {
    /// Adds a reason why someone should look; nothing when the account does not exist.
    pub async fn add_attention(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let raise = Raise::new(organization, account, reason, now)?;
        let call = self
            .update_handoff(organization, account)
            .call
            .condition_expression(raise.condition)
            .set_expression_attribute_names(Some(raise.names))
            .set_expression_attribute_values(Some(raise.values));
        self.finish_with(call, raise.update, "adding a reason to look").await.map(|_| ())
    }
}
