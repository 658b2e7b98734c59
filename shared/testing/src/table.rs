//! A table of its own for each test: the embedded DynamoDB emulator in memory, over HTTP on a free port.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_types::SdkConfig;
use handoff_runtime::{Aws, Environment, Service, Timeouts};
use handoff_store::{Store, table_definition};
use std::collections::HashMap;
use tokio::sync::oneshot;

/// One item.
pub type Item = HashMap<String, AttributeValue>;

/// Name of the table in tests.
pub const TABLE: &str = "handoff-test";

/// A running emulator with the table made. Stops when dropped.
#[allow(missing_debug_implementations, reason = "dynoxide's database has none")]
pub struct TestTable {
    /// The store under test.
    pub store: Store,
    /// For clients of a test's own.
    pub config: SdkConfig,
    /// For looking into the table.
    pub client: Client,
    database: dynoxide::Database,
    _stop: oneshot::Sender<()>,
}

impl TestTable {
    /// Every item.
    pub async fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut pages = self.client.scan().table_name(TABLE).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            items.push(item.unwrap());
        }
        items
    }

    /// Puts items that are given as a JSON array in DynamoDB's own spelling.
    pub async fn load(&self, items: &str) {
        for item in serde_json::from_str::<Vec<serde_dynamo::Item>>(items).unwrap() {
            self.put(item.into()).await;
        }
    }

    /// Puts very many items at once, given in DynamoDB's JSON: the indexes follow, the stream tells nothing.
    pub fn import(&self, items: Vec<serde_json::Value>) {
        let items = items.into_iter().map(|item| serde_json::from_value(item).unwrap()).collect();
        self.database.import_items(TABLE, items, dynoxide::ImportOptions::default()).unwrap();
    }

    /// Puts one item as it is.
    pub async fn put(&self, item: Item) {
        self.client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
    }

    /// Every item, as text that a test can search or compare.
    pub async fn dump(&self) -> String {
        let items = self.items().await.into_iter();
        let mut items: Vec<String> = items.map(|item| canonical(&AttributeValue::M(item))).collect();
        items.sort();
        items.join("\n")
    }
}

/// The value as text that is the same for equal values: maps and sets have no order of their own.
fn canonical(value: &AttributeValue) -> String {
    match value {
        AttributeValue::M(map) => {
            let mut entries: Vec<String> =
                map.iter().map(|(name, value)| format!("{name}={}", canonical(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(" "))
        }
        AttributeValue::L(list) => format!("[{}]", list.iter().map(canonical).collect::<Vec<_>>().join(" ")),
        AttributeValue::Ss(set) => {
            let mut entries = set.clone();
            entries.sort();
            format!("{entries:?}")
        }
        other => format!("{other:?}"),
    }
}

/// An environment whose AWS is at `endpoint`.
pub fn environment(endpoint: &str) -> Environment {
    Environment::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", endpoint),
    ])
}

/// Starts an emulator and makes the table.
pub async fn table() -> TestTable {
    let database = crate::engine::open(None).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), async {
        let _ = stopped.await;
    }));
    let aws = Aws::from_environment(&environment(&url)).unwrap();
    let config = aws.config(Service::DynamoDb, Timeouts::WORKER);
    let client = Client::new(&config);
    let definition = table_definition();
    client
        .create_table()
        .table_name(TABLE)
        .set_attribute_definitions(Some(definition.attributes))
        .set_key_schema(Some(definition.schema))
        .billing_mode(definition.billing)
        .set_global_secondary_indexes(Some(definition.indexes))
        .stream_specification(definition.stream)
        .send()
        .await
        .unwrap();
    TestTable { store: Store::new(&config, TABLE), config, client, database, _stop: stop }
}
