//! The limits that all processes keep together: one number each, raised by whoever takes slots.

use crate::Store;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::keys;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use handoff_domain::Timestamp;
use handoff_domain::pace::{Ledger, Limit, Promise, Rate, Slots};
use std::error::Error;

/// From when on the limit is full again, in microseconds since 1970.
const FULL_AT: &str = "full_at";
/// How often two who begin at the same moment try again.
const ROUNDS: usize = 8;

impl Store {
    /// Takes the next slots of a limit: one write, or two where `busy` is wrong about whether others are at it.
    pub async fn reserve_slots(
        &self,
        limit: Limit,
        rate: &Rate,
        busy: bool,
        now: Timestamp,
    ) -> Result<Slots, StoreError> {
        let fresh = Slots::next(None, rate.bundle, rate, now);
        let length = fresh.full_at.as_microsecond().saturating_sub(now.as_microsecond());
        let mut behind = busy;
        for _ in 0..ROUNDS {
            let moved = if behind {
                self.move_full_at(limit, "#full = #full + :by", "#full >= :now", (length, now)).await?
            } else {
                let by = (fresh.full_at.as_microsecond(), now);
                let nobody = "attribute_not_exists(#full) OR #full < :now";
                self.move_full_at(limit, "#full = :by", nobody, by).await?
            };
            if let Some(full_at) = moved {
                return Ok(Slots { full_at, count: rate.bundle });
            }
            behind = !behind;
        }
        Err(StoreError::Contended { operation: "taking slots of a limit" })
    }

    /// `None` where the condition does not hold.
    async fn move_full_at(
        &self,
        limit: Limit,
        change: &str,
        condition: &str,
        (by, now): (i64, Timestamp),
    ) -> Result<Option<Timestamp>, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::pace(limit).attributes()))
            .update_expression(format!("SET {change}, #format = :format"))
            .condition_expression(condition)
            .expression_attribute_names("#full", FULL_AT)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current())
            .expression_attribute_values(":by", AttributeValue::N(by.to_string()))
            .expression_attribute_values(":now", AttributeValue::N(now.as_microsecond().to_string()))
            .return_values(ReturnValue::UpdatedNew);
        match update.send().await {
            Ok(updated) => {
                let full = updated.attributes().and_then(|item| item.get(FULL_AT)?.as_n().ok()?.parse().ok());
                Ok(full.and_then(|full| Timestamp::from_microsecond(full).ok()))
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateItemError::is_conditional_check_failed_exception) =>
            {
                Ok(None)
            }
            Err(error) => Err(StoreError::call("taking slots of a limit")(error)),
        }
    }
}

impl Ledger for Store {
    fn reserve<'a>(
        &'a self,
        limit: Limit,
        rate: &'a Rate,
        busy: bool,
        now: Timestamp,
    ) -> Promise<'a, Result<Slots, Box<dyn Error + Send + Sync>>> {
        Box::pin(async move { self.reserve_slots(limit, rate, busy, now).await.map_err(Into::into) })
    }
}
