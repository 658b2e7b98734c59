//! The table's own definition, for the local run and for tests; on AWS the template says the same.

use crate::keys::{
    AE_SK, AES_INDEX, COMPANIES_INDEX, COMPANY_SK, CSM_PK, CSMS_INDEX, DUE_INDEX, DUE_PK, DUE_SK, LANE_PK,
    LANES_INDEX, LIST_PK, MADE_SK, PK, SK, UNCOUNTED_INDEX, UNCOUNTED_PK,
};
use crate::{due, listing};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

/// Every attribute that is a key of the table or of an index.
const KEYS: [&str; 11] =
    [PK, SK, DUE_PK, DUE_SK, LIST_PK, COMPANY_SK, AE_SK, LANE_PK, CSM_PK, MADE_SK, UNCOUNTED_PK];

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
    /// What is due by time, and the lists of accounts.
    pub indexes: Vec<GlobalSecondaryIndex>,
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
    let index = |name: &str, (partition, sort): (&str, &str), projected: &[&str]| {
        let names: Vec<String> = projected.iter().map(|name| (*name).to_owned()).collect();
        let kind = if names.is_empty() { ProjectionType::KeysOnly } else { ProjectionType::Include };
        let projection = Projection::builder()
            .projection_type(kind)
            .set_non_key_attributes((!names.is_empty()).then_some(names))
            .build();
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(schema(partition, KeyType::Hash))
            .key_schema(schema(sort, KeyType::Range))
            .projection(projection)
            .build()
            .expect("both required fields are set")
    };
    TableDefinition {
        attributes: KEYS.map(attribute).to_vec(),
        schema: vec![schema(PK, KeyType::Hash), schema(SK, KeyType::Range)],
        billing: BillingMode::PayPerRequest,
        stream: StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(StreamViewType::NewImage)
            .build()
            .expect("the required field is set"),
        indexes: vec![
            index(DUE_INDEX, (DUE_PK, DUE_SK), &due::PROJECTED),
            index(COMPANIES_INDEX, (LIST_PK, COMPANY_SK), &listing::PROJECTED),
            index(AES_INDEX, (LIST_PK, AE_SK), &listing::PROJECTED),
            index(LANES_INDEX, (LANE_PK, MADE_SK), &listing::PROJECTED_ON_LANES),
            index(CSMS_INDEX, (CSM_PK, MADE_SK), &listing::PROJECTED),
            index(UNCOUNTED_INDEX, (UNCOUNTED_PK, SK), &[]),
        ],
    }
}
