//! Reasons to look, added in place: by whoever finds one, without reading the handoff first.

use crate::Store;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::handoff::SINCE;
use crate::item::to_attribute;
use crate::keys::{self, LANE_PK};
use crate::organization::built;
use crate::update::CURRENT;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use handoff_domain::Timestamp;
use handoff_domain::event::Event;
use handoff_domain::handoff::Attention;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::listing::Lane;

/// On the right stands what the item held before.
const RAISE: &str = "SET #revision = #revision + :one, #since = if_not_exists(#since, :now), \
                     #lane_pk = :lane_pk ADD #attention :reasons";

impl Store {
    /// Adds a reason why someone should look, and tells it; nothing when the account does not exist, or the reason stands.
    pub async fn add_attention(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let told = Event::attention_raised(reason, now);
        let mut writes = vec![self.raise_once(organization, account, reason, now)?];
        writes.extend(self.put_events(organization, account, &[told])?);
        self.transact("adding a reason to look", writes).await.map(|_| ())
    }

    /// Notes that a mail will never arrive, once, and that someone should look; nothing when it was noted before, or the
    /// account does not exist. `lost` is [`Event::mail_lost`].
    pub async fn note_lost_mail(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        lost: &Event,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let writes = vec![
            self.raise(organization, account, Attention::MailFailed, now)?,
            self.put_event_once(organization, account, lost)?,
        ];
        self.transact("noting a lost mail", writes).await.map(|_| ())
    }

    /// Adds a reason, keeps the moment of the first one, and moves the handoff in the lists to where it is looked for:
    /// what [`handoff_domain::handoff::Handoff::raise`] does, in the table.
    pub(crate) fn raise(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        self.raise_if(CURRENT.to_owned(), organization, account, reason, now)
    }

    fn raise_once(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let condition = format!("{CURRENT} AND NOT contains(#attention, :reason)");
        self.raise_if(condition, organization, account, reason, now)
    }

    fn raise_if(
        &self,
        condition: String,
        organization: &OrganizationId,
        account: &AccountId,
        reason: Attention,
        now: Timestamp,
    ) -> Result<TransactWriteItem, StoreError> {
        let AttributeValue::S(reason) = to_attribute("reason to look", &reason)? else {
            return Err(StoreError::shape("reason to look")("not a text".into()));
        };
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::handoff(organization, account).attributes()))
            .update_expression(RAISE)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .expression_attribute_names("#revision", "revision")
            .expression_attribute_names("#since", SINCE)
            .expression_attribute_names("#lane_pk", LANE_PK)
            .expression_attribute_names("#attention", "attention")
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":now", AttributeValue::S(keys::sortable(now)))
            .expression_attribute_values(
                ":lane_pk",
                AttributeValue::S(keys::lane_partition(organization, Lane::Attention)),
            )
            .expression_attribute_values(":reasons", AttributeValue::Ss(vec![reason.clone()]))
            .expression_attribute_values(":format", format::current());
        if condition.contains(":reason)") {
            update = update.expression_attribute_values(":reason", AttributeValue::S(reason));
        }
        let update = update.condition_expression(condition);
        Ok(TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build())
    }
}
