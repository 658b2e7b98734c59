//! Rows of totals: added to by the count, read by pages, mended by the operator.

use crate::Store;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::item::Item;
use crate::keys::{self, PK, SK};
use crate::organization::built;
use crate::update::{number, text};
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use handoff_domain::id::OrganizationId;
use handoff_domain::rollup::{Counts, Grain, Of, Period, Share, TotalsRow};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The attribute that says how often a row was changed.
pub(super) const REVISION: &str = "revision";

/// The attribute that says what whoever a row is about is called.
const NAME: &str = "name";

/// Counters of a row that are mended at once: an expression has an end.
const MENDED_MAX: usize = 200;

impl Store {
    pub(super) fn add_to_row(
        &self,
        organization: &OrganizationId,
        period: Period,
        of: &Of,
        name: &str,
        counts: &Counts,
    ) -> Result<TransactWriteItem, StoreError> {
        let update = self
            .row_update(organization, period, of, counts)
            .expression_attribute_values(":name", text(name));
        let update = update
            .expression_attribute_names("#name", NAME)
            .update_expression(format!("SET #format = :format, #name = :name ADD {}", adds(counts)))
            .condition_expression("attribute_not_exists(#pk) OR #format = :format")
            .expression_attribute_names("#pk", PK);
        Ok(TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build())
    }

    fn row_update(
        &self,
        organization: &OrganizationId,
        period: Period,
        of: &Of,
        counts: &Counts,
    ) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        let mut update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::totals(organization, period, of).attributes()))
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_names("#revision", REVISION)
            .expression_attribute_values(":format", format::current())
            .expression_attribute_values(":one", number(1));
        for (place, (counter, count)) in counts.iter().enumerate() {
            update = update
                .expression_attribute_names(format!("#c{place}"), counter)
                .expression_attribute_values(format!(":c{place}"), AttributeValue::N(count.to_string()));
        }
        update
    }

    /// The rows of one grain from one first day to another, both included: one query.
    pub async fn list_totals(
        &self,
        organization: &OrganizationId,
        grain: Grain,
        from: Date,
        to: Date,
    ) -> Result<Vec<TotalsRow>, StoreError> {
        let grain = grain.as_str();
        let rows =
            self.totals_between(organization, &format!("{grain}#{from}"), &format!("{grain}#{to}#~")).await?;
        Ok(rows.into_iter().map(|(row, _)| row).collect())
    }

    /// All rows, with how often each was changed; for the operator's recount.
    pub async fn all_totals(
        &self,
        organization: &OrganizationId,
    ) -> Result<Vec<(TotalsRow, u64)>, StoreError> {
        self.totals_between(organization, "", "~").await
    }

    async fn totals_between(
        &self,
        organization: &OrganizationId,
        from: &str,
        to: &str,
    ) -> Result<Vec<(TotalsRow, u64)>, StoreError> {
        let from = if from.is_empty() { " " } else { from };
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk BETWEEN :from AND :to")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", text(keys::totals_partition(organization)))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to));
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let page = query.clone().set_exclusive_start_key(start).send().await;
            let page = page.map_err(StoreError::call("reading totals"))?;
            start = page.last_evaluated_key;
            rows.extend(page.items.unwrap_or_default().iter().filter_map(readable));
            if start.is_none() {
                return Ok(rows);
            }
        }
    }

    /// Adds what a row lacks, if nobody changed it since it was read; `revision` is 0 for a row that is not there. `false` when
    /// somebody did, or something is left.
    pub async fn mend_row(
        &self,
        organization: &OrganizationId,
        row: &TotalsRow,
        revision: u64,
        missing: &Counts,
    ) -> Result<bool, StoreError> {
        let part: Counts =
            missing.iter().take(MENDED_MAX).map(|(name, count)| (name.clone(), *count)).collect();
        let adds = adds(&part);
        let update = self
            .row_update(organization, row.period, &row.of, &part)
            .update_expression(format!(
                "SET #format = :format, #name = if_not_exists(#name, :name) ADD {adds}"
            ))
            .expression_attribute_names("#name", NAME)
            .expression_attribute_values(":name", text(row.name.clone()));
        let update = if revision == 0 {
            update.condition_expression("attribute_not_exists(#pk)").expression_attribute_names("#pk", PK)
        } else {
            update
                .condition_expression("#revision = :was")
                .expression_attribute_values(":was", number(revision))
        };
        let write = TransactWriteItem::builder().update(update.build().map_err(built("update"))?).build();
        Ok(self.transact("mending totals", vec![write]).await? && missing.len() <= MENDED_MAX)
    }
}

/// What raises each counter and the row's revision, in the names that [`Store::row_update`] gives.
fn adds(counts: &Counts) -> String {
    let counters = (0..counts.len()).map(|place| format!("#c{place} :c{place}"));
    std::iter::once("#revision :one".to_owned()).chain(counters).collect::<Vec<_>>().join(", ")
}

pub(super) type Rows = BTreeMap<(Period, Of), (String, Counts)>;

/// The rows of all grains that these shares change.
pub(super) fn rows_of(shares: &[Share]) -> Rows {
    let mut rows = Rows::new();
    for share in shares {
        for grain in Grain::ALL {
            let period = Period { grain, start: grain.start(share.day) };
            let row = rows.entry((period, share.of.clone())).or_default();
            row.0.clone_from(&share.name);
            for (counter, count) in &share.counts {
                *row.1.entry(counter.clone()).or_default() += count;
            }
        }
    }
    for (_, counts) in rows.values_mut() {
        counts.retain(|_, count| *count != 0);
    }
    rows.retain(|_, (_, counts)| !counts.is_empty());
    rows
}

pub(super) fn numeric(item: &Item, name: &str) -> Option<i64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A row that cannot be read is told in the log and passed over.
fn readable(item: &Item) -> Option<(TotalsRow, u64)> {
    let key = item.get(SK).and_then(|key| key.as_s().ok());
    let read = || {
        let mut parts = key?.splitn(3, '#');
        let grain = Grain::parse(parts.next()?)?;
        let start = parts.next()?.parse().ok()?;
        let of = Of::parse(parts.next()?)?;
        let name = item.get(NAME).and_then(|name| name.as_s().ok()).cloned().unwrap_or_default();
        let counters = item.keys().filter(|name| ![FORMAT, REVISION].contains(&name.as_str()));
        let counts = counters.filter_map(|name| Some((name.clone(), numeric(item, name)?))).collect();
        let revision = numeric(item, REVISION).and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        Some((TotalsRow { period: Period { grain, start }, of, name, counts }, revision))
    };
    let found = read();
    if found.is_none() {
        tracing::error!(key, "unreadable row of totals");
    }
    found
}
