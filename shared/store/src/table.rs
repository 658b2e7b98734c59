//! The table's own definition, for the local run and for tests; on AWS the template says the same.

use crate::due;
use crate::keys::{DUE_INDEX, DUE_PK, DUE_SK, PK, SK};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

/// The parts of a CreateTable call.
#[derive(Debug, Clone)]
pub struct TableDefinition {
    /// Key attributes.
    pub attributes: Vec<AttributeDefinition>,
    /// Partition and sort key.
    pub schema: Vec<KeySchemaElement>,
    /// On demand.
    pub billing: BillingMode,
    /// New images: what the mail sender reads.
    pub stream: StreamSpecification,
    /// What is due, by time.
    pub index: GlobalSecondaryIndex,
}

/// What a CreateTable call needs besides the name.
///
/// # Panics
/// Never: all required parts are set here.
#[allow(clippy::expect_used, reason = "the builders' required fields are the constants above")]
pub fn table_definition() -> TableDefinition {
    let attribute = |name: &str| {
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .expect("both required fields are set")
    };
    let schema = |name: &str, kind| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .expect("both required fields are set")
    };
    TableDefinition {
        attributes: vec![attribute(PK), attribute(SK), attribute(DUE_PK), attribute(DUE_SK)],
        schema: vec![schema(PK, KeyType::Hash), schema(SK, KeyType::Range)],
        billing: BillingMode::PayPerRequest,
        stream: StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::NewImage)
            .build()
            .expect("the required field is set"),
        index: GlobalSecondaryIndex::builder()
            .index_name(DUE_INDEX)
            .key_schema(schema(DUE_PK, KeyType::Hash))
            .key_schema(schema(DUE_SK, KeyType::Range))
            .projection(
                Projection::builder()
                    .projection_type(ProjectionType::Include)
                    .set_non_key_attributes(Some(due::PROJECTED.map(str::to_owned).to_vec()))
                    .build(),
            )
            .build()
            .expect("both required fields are set"),
    }
}
