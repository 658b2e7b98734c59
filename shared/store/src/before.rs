//! Reading the oldest part of one partition whose sort keys begin with a moment, page by page.

use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::keys;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;

/// What is read.
pub(crate) struct Before {
    /// The index; `None` for the table itself.
    pub(crate) index: Option<&'static str>,
    /// Names of the partition key and the sort key.
    pub(crate) keys: (&'static str, &'static str),
    pub(crate) partition: String,
    pub(crate) moment: Timestamp,
    /// Items of one page.
    pub(crate) page: u16,
    /// Items in all, rounded up to whole pages.
    pub(crate) most: usize,
}

impl Store {
    /// Hands the items to `take`, the oldest first; whether there are more than were read.
    pub(crate) async fn read_before(
        &self,
        what: Before,
        operation: &'static str,
        mut take: impl FnMut(&Item),
    ) -> Result<bool, StoreError> {
        let (partition_key, sort_key) = what.keys;
        let call = self
            .client
            .query()
            .table_name(&self.table)
            .set_index_name(what.index.map(str::to_owned))
            .key_condition_expression("#pk = :pk AND #sk < :before")
            .expression_attribute_names("#pk", partition_key)
            .expression_attribute_names("#sk", sort_key)
            .expression_attribute_values(":pk", AttributeValue::S(what.partition))
            .expression_attribute_values(":before", AttributeValue::S(keys::sortable(what.moment)))
            .limit(i32::from(what.page));
        let (mut from, mut seen) = (None, 0);
        loop {
            let call = call.clone().set_exclusive_start_key(from);
            let listed = call.send().await.map_err(StoreError::call(operation))?;
            seen += listed.items().len();
            listed.items().iter().for_each(&mut take);
            from = listed.last_evaluated_key;
            if from.is_none() || seen >= what.most {
                return Ok(from.is_some());
            }
        }
    }
}
