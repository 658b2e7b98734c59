//! The table: dynoxide inside this program, served over real HTTP, behind a layer that counts calls and capacity.

use crate::aws::calls::{Calls, operation};
use crate::aws::faults::Service;
use crate::aws::proxy::{Proxy, respond};
use crate::aws::shapes::internal_error;
use crate::options::DataDir;
use aws_sdk_dynamodb::types::{GlobalSecondaryIndex, Projection, ProjectionType};
use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use dynoxide::Database;
use handoff_testing::engine::{self, EngineError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;

/// The table's name in the local run.
pub const TABLE_NAME: &str = "handoff";
const REQUEST_MAX_BYTES: usize = 16 * 1024 * 1024;

const READS: [&str; 5] = ["GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"];
/// Operations that change items.
pub(crate) const WRITES: [&str; 5] =
    ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];

/// The table could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// dynoxide says no.
    #[error("the embedded table does not work")]
    Engine(#[source] dynoxide::DynoxideError),
    /// It does not open.
    #[error(transparent)]
    Start(#[from] EngineError),
    /// A request or an answer has another shape than expected.
    #[error("the embedded table speaks another shape than expected")]
    Shape(#[source] serde_json::Error),
}

/// The table itself, for pages and pumps: nothing that goes this way is counted or fails by request.
#[derive(Clone)]
pub struct Table {
    database: Database,
    written: Arc<Notify>,
    /// The stream's name. To describe the table counts all of its items, which no turn of a pump may cost.
    stream: Arc<OnceLock<Value>>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Table(..)")
    }
}

fn request<T: DeserializeOwned>(body: Value) -> Result<T, TableError> {
    serde_json::from_value(body).map_err(TableError::Shape)
}

fn answer(body: impl serde::Serialize) -> Result<Value, TableError> {
    serde_json::to_value(body).map_err(TableError::Shape)
}

impl Table {
    /// Opens the file `table.db` of the data directory, or memory, and makes the table when it is not there.
    pub fn open(data_dir: &DataDir) -> Result<Self, TableError> {
        let file = match data_dir {
            DataDir::Memory => None,
            DataDir::Path(path) => Some(path.join("table.db")),
        };
        let database = engine::open(file.as_deref())?;
        let table = Self { database, written: Arc::new(Notify::new()), stream: Arc::new(OnceLock::new()) };
        match table.database.get_table_metadata(TABLE_NAME).map_err(TableError::Engine)? {
            None => {
                table.database.create_table(request(definition())?).map_err(TableError::Engine)?;
            }
            Some(_) => table.add_missing_index()?,
        }
        Ok(table)
    }

    /// A data directory may be older than the table's index.
    fn add_missing_index(&self) -> Result<(), TableError> {
        let described = self.database.describe_table(request(json!({"TableName": TABLE_NAME}))?);
        let described = answer(described.map_err(TableError::Engine)?)?;
        if described["Table"]["GlobalSecondaryIndexes"].is_array() {
            return Ok(());
        }
        let defined = definition();
        let update = json!({
            "TableName": TABLE_NAME,
            "AttributeDefinitions": defined["AttributeDefinitions"],
            "GlobalSecondaryIndexUpdates": [{ "Create": defined["GlobalSecondaryIndexes"][0] }],
        });
        self.database.update_table(request(update)?).map_err(TableError::Engine)?;
        Ok(())
    }

    /// Every item in DynamoDB's JSON, or those whose sort key is `sort_key`.
    pub fn scan(&self, sort_key: Option<&str>) -> Result<Vec<Value>, TableError> {
        let mut items = Vec::new();
        let mut start = Value::Null;
        loop {
            let mut body = json!({"TableName": TABLE_NAME});
            if let Some(sort_key) = sort_key {
                body["FilterExpression"] = json!("SK = :sk");
                body["ExpressionAttributeValues"] = json!({":sk": {"S": sort_key}});
            }
            if !start.is_null() {
                body["ExclusiveStartKey"] = start;
            }
            let page = answer(self.database.scan(request(body)?).map_err(TableError::Engine)?)?;
            items.extend(page["Items"].as_array().cloned().unwrap_or_default());
            start = page["LastEvaluatedKey"].clone();
            if start.is_null() {
                return Ok(items);
            }
        }
    }

    fn stream(&self) -> Result<&Value, TableError> {
        if let Some(known) = self.stream.get() {
            return Ok(known);
        }
        let described = self.database.describe_table(request(json!({"TableName": TABLE_NAME}))?);
        let mut described = answer(described.map_err(TableError::Engine)?)?;
        Ok(self.stream.get_or_init(|| described["Table"]["LatestStreamArn"].take()))
    }

    /// Puts many items at once, given in DynamoDB's JSON, as the import from S3 does: the indexes follow, the stream
    /// tells nothing. Returns how many there were; all of them are written or none.
    pub fn import(&self, items: Vec<Value>) -> Result<usize, TableError> {
        let items = items.into_iter().map(request).collect::<Result<_, _>>()?;
        let options = dynoxide::ImportOptions::default();
        let done = self.database.import_items(TABLE_NAME, items, options).map_err(TableError::Engine)?;
        self.written.notify_waiters();
        Ok(done.items_imported)
    }

    /// The stream's records after a sequence number, oldest first, in the stream API's JSON.
    pub fn stream_after(&self, sequence: Option<&str>, limit: usize) -> Result<Vec<Value>, TableError> {
        let mut body = json!({
            "StreamArn": self.stream()?,
            "ShardId": dynoxide::streams::shard_id(TABLE_NAME),
            "ShardIteratorType": "TRIM_HORIZON",
        });
        if let Some(sequence) = sequence {
            body["ShardIteratorType"] = json!("AFTER_SEQUENCE_NUMBER");
            body["SequenceNumber"] = json!(sequence);
        }
        let iterator = answer(self.database.get_shard_iterator(request(body)?).map_err(TableError::Engine)?)?;
        let body = json!({"ShardIterator": iterator["ShardIterator"], "Limit": limit});
        let records = answer(self.database.get_records(request(body)?).map_err(TableError::Engine)?)?;
        Ok(records["Records"].as_array().cloned().unwrap_or_default())
    }

    /// Returns when something was written, or after `at_most`.
    pub(crate) async fn wait(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.written.notified()).await;
    }

    /// dynoxide's own server needs a handle of its own.
    pub(crate) fn database(&self) -> Database {
        self.database.clone()
    }
}

/// The CreateTable call, from the store's own definition.
fn definition() -> Value {
    let table = handoff_store::table_definition();
    let attributes = table.attributes.iter().map(
        |attribute| json!({"AttributeName": attribute.attribute_name(), "AttributeType": attribute.attribute_type().as_str()}),
    );
    let schema = table
        .schema
        .iter()
        .map(|key| json!({"AttributeName": key.attribute_name(), "KeyType": key.key_type().as_str()}));
    json!({
        "TableName": TABLE_NAME,
        "GlobalSecondaryIndexes": table.indexes.iter().map(index).collect::<Vec<_>>(),
        "AttributeDefinitions": attributes.collect::<Vec<_>>(),
        "KeySchema": schema.collect::<Vec<_>>(),
        "BillingMode": table.billing.as_str(),
        "StreamSpecification": {
            "StreamEnabled": table.stream.stream_enabled(),
            "StreamViewType": table.stream.stream_view_type().map(aws_sdk_dynamodb::types::StreamViewType::as_str),
        },
    })
}

fn index(index: &GlobalSecondaryIndex) -> Value {
    let schema = index
        .key_schema()
        .iter()
        .map(|key| json!({"AttributeName": key.attribute_name(), "KeyType": key.key_type().as_str()}));
    let projection = index.projection();
    let kind = projection.and_then(Projection::projection_type).map(ProjectionType::as_str);
    let mut projected = json!({ "ProjectionType": kind });
    let names = projection.map(Projection::non_key_attributes).filter(|names| !names.is_empty());
    if let Some(names) = names {
        projected["NonKeyAttributes"] = json!(names);
    }
    json!({
        "IndexName": index.index_name(),
        "KeySchema": schema.collect::<Vec<_>>(),
        "Projection": projected,
    })
}

/// The layer in front of dynoxide's server.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    pub(crate) proxy: Proxy,
    pub(crate) calls: Calls,
    pub(crate) table: Table,
}

pub(crate) fn router(front: Front) -> Router {
    Router::new().fallback(pass).with_state(front)
}

async fn pass(State(front): State<Front>, request: Request) -> Response {
    let operation = operation(Service::DynamoDb, &request);
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, REQUEST_MAX_BYTES).await else {
        return internal_error(Service::DynamoDb);
    };
    let is_write = WRITES.contains(&operation.as_str());
    let body = if is_write || READS.contains(&operation.as_str()) { ask_for_capacity(body) } else { body };
    match front.proxy.send(parts.method, "/", parts.headers, body).await {
        Ok((status, headers, body)) => {
            if status.is_success() {
                note_units(&front.calls, &operation, is_write, &body);
            }
            if is_write {
                front.table.written.notify_waiters();
            }
            respond(status, headers, body)
        }
        Err(error) => {
            tracing::error!(error = handoff_runtime::report(&error), "table");
            internal_error(Service::DynamoDb)
        }
    }
}

/// Asks DynamoDB to report capacity where the caller did not. The further field does no harm to anyone.
fn ask_for_capacity(body: bytes::Bytes) -> bytes::Bytes {
    match serde_json::from_slice(&body) {
        Ok(Value::Object(mut fields)) if !fields.contains_key("ReturnConsumedCapacity") => {
            fields.insert("ReturnConsumedCapacity".to_owned(), json!("TOTAL"));
            Value::Object(fields).to_string().into()
        }
        _ => body,
    }
}

fn note_units(calls: &Calls, operation: &str, is_write: bool, body: &[u8]) {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else { return };
    let consumed = &answer["ConsumedCapacity"];
    let units = |one: &Value| one["CapacityUnits"].as_f64().unwrap_or(0.0);
    let total: f64 = consumed.as_array().map_or_else(|| units(consumed), |list| list.iter().map(units).sum());
    let (read, write) = if is_write { (0.0, total) } else { (total, 0.0) };
    calls.add_units(operation, read, write);
}
