//! Updates of a handoff in place, alone or in one transaction with what they tell.

use crate::Store;
use crate::error::{StoreError, is_about_size};
use crate::format::{self, FORMAT};
use crate::handoff::handoff_from;
use crate::item::Item;
use crate::keys::{self, Kind};
use crate::organization::built;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};

/// Every update in place holds for items of the current format only: it would leave an older one half changed, and must
/// not touch a newer one.
pub(crate) const CURRENT: &str = "#format = :format";

/// An update under construction.
#[derive(Clone)]
pub(crate) struct Updating {
    pub(crate) call: UpdateItemFluentBuilder,
    pub(crate) sets: Vec<String>,
    pub(crate) removes: Vec<String>,
}

impl Updating {
    pub(crate) fn set(
        mut self,
        expression: impl Into<String>,
        placeholder: &str,
        value: AttributeValue,
    ) -> Self {
        self.sets.push(expression.into());
        self.call = self.call.expression_attribute_values(placeholder, value);
        self
    }

    /// Sets or removes one entry of a map that the item always has.
    pub(crate) fn entry(mut self, map: &str, name: String, id: &str, value: Option<AttributeValue>) -> Self {
        let (path, placeholder) = (format!("#{map}.#{name}"), format!(":{name}"));
        self.call = self
            .call
            .expression_attribute_names(format!("#{map}"), map)
            .expression_attribute_names(format!("#{name}"), id);
        match value {
            Some(value) => self.set(format!("{path} = {placeholder}"), &placeholder, value),
            None => {
                self.removes.push(path);
                self
            }
        }
    }
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) enum Refusal {
    Condition(Option<Box<Handoff>>),
    TooLarge,
}

impl Store {
    pub(crate) fn update_handoff(&self, organization: &OrganizationId, account: &AccountId) -> Updating {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::handoff(organization, account).attributes()))
            .return_values(ReturnValue::None)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Updating { call, sets: Vec::new(), removes: Vec::new() }
    }

    pub(crate) async fn finish(
        &self,
        call: UpdateItemFluentBuilder,
        sets: Vec<String>,
        removes: &[String],
        operation: &'static str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        self.finish_with(raised(call, sets, removes), operation).await
    }

    /// The same, with what it tells in one transaction.
    pub(crate) async fn finish_and_tell(
        &self,
        call: UpdateItemFluentBuilder,
        sets: Vec<String>,
        removes: &[String],
        told: Vec<TransactWriteItem>,
        operation: &'static str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let mut writes = vec![as_write(&raised(call, sets, removes))?];
        writes.extend(told);
        let reasons = match self.transact_or_why(operation, writes).await {
            Ok(Ok(())) => return Ok(Ok(())),
            Ok(Err(reasons)) => reasons,
            Err(StoreError::TooLarge { .. }) => return Ok(Err(Refusal::TooLarge)),
            Err(error) => return Err(error),
        };
        let refused = reasons.into_iter().next();
        match refused.filter(|reason| reason.code() == Some("ConditionalCheckFailed")) {
            Some(reason) => {
                let handoff = reason.item.map(handoff_from).transpose()?;
                Ok(Err(Refusal::Condition(handoff.map(Box::new))))
            }
            None => Err(StoreError::Contended { operation }),
        }
    }

    /// Sends the update; once more when it met a handoff of an older format, which is current by then.
    async fn finish_with(
        &self,
        call: UpdateItemFluentBuilder,
        operation: &'static str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let held = match sent(call.clone().send().await, operation)? {
            Err(Held::Item(Some(item))) if self.was_older(Kind::Handoff, &item).await? => {
                sent(call.send().await, operation)?
            }
            outcome => outcome,
        };
        match held {
            Ok(()) => Ok(Ok(())),
            Err(Held::Item(item)) => {
                let handoff = item.map(handoff_from).transpose()?;
                Ok(Err(Refusal::Condition(handoff.map(Box::new))))
            }
            Err(Held::TooLarge) => Ok(Err(Refusal::TooLarge)),
        }
    }
}

/// The whole update, with the revision raised.
fn raised(
    call: UpdateItemFluentBuilder,
    mut sets: Vec<String>,
    removes: &[String],
) -> UpdateItemFluentBuilder {
    sets.push("#revision = #revision + :step".to_owned());
    let mut expression = format!("SET {}", sets.join(", "));
    if !removes.is_empty() {
        expression = format!("{expression} REMOVE {}", removes.join(", "));
    }
    call.expression_attribute_names("#revision", "revision")
        .expression_attribute_values(":step", number(1))
        .update_expression(expression)
}

/// The update as a part of a transaction.
fn as_write(call: &UpdateItemFluentBuilder) -> Result<TransactWriteItem, StoreError> {
    let update = Update::builder()
        .set_table_name(call.get_table_name().clone())
        .set_key(call.get_key().clone())
        .set_update_expression(call.get_update_expression().clone())
        .set_condition_expression(call.get_condition_expression().clone())
        .set_expression_attribute_names(call.get_expression_attribute_names().clone())
        .set_expression_attribute_values(call.get_expression_attribute_values().clone())
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    Ok(TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build())
}

/// What stood in an update's way.
enum Held {
    Item(Option<Item>),
    TooLarge,
}

fn sent(
    answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
    operation: &'static str,
) -> Result<Result<(), Held>, StoreError> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
            match refused.into_err() {
                UpdateItemError::ConditionalCheckFailedException(held) => Ok(Err(Held::Item(held.item))),
                _ => Ok(Err(Held::Item(None))),
            }
        }
        Err(error) if is_too_large(&error) => Ok(Err(Held::TooLarge)),
        Err(error) => Err(StoreError::call(operation)(error)),
    }
}

fn is_too_large(error: &SdkError<UpdateItemError>) -> bool {
    let service = error.as_service_error();
    service.is_some_and(|error| is_about_size(error.code(), error.message()))
}
