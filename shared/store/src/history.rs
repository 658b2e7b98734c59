//! What submitted handoffs named, by industry and size.

use crate::Store;
use crate::error::StoreError;
use crate::item::unpack_item;
use crate::keys::{self, Kind, PK};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::id::OrganizationId;
use handoff_domain::pattern::{HISTORY_MAX, HistoryEntry, Segment};

impl Store {
    /// The newest entries of a segment, [`HISTORY_MAX`] at most: one query of one partition.
    pub async fn list_history(
        &self,
        organization: &OrganizationId,
        segment: &Segment,
    ) -> Result<Vec<HistoryEntry>, StoreError> {
        let partition = keys::history_partition(organization, segment);
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .scan_index_forward(false)
            .limit(i32::try_from(HISTORY_MAX).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(StoreError::call("reading the history"))?;
        answer.items.unwrap_or_default().into_iter().map(|item| unpack_item(Kind::History, item)).collect()
    }
}
