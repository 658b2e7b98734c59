//! What the schedules ask of the table when many handoffs wait: calls, units and time of one run, over HTTP against the local run,
//! at 1,000 and 100,000 handoffs, and with the index of due handoffs alone at 1,000,000. Not a test: it prints. A number as its
//! argument stands in the place of the million.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for people")]

use aws_sdk_dynamodb::Client as Table;
use handoff_local::{Options, Running, start};
use handoff_runtime::{Aws, Clock, Service, Timeouts};
use handoff_store::Store;
use handoff_testing::crowd;
use handoff_testing::table::environment;
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Instant;

const TABLE_NAME: &str = "handoff";

/// Handoffs whose time has come, in each size.
const PAST: usize = 25;

async fn post(street: &Running, path: &str) -> Value {
    let call = Client::new().post(format!("{}{path}", street.own_url)).json(&json!({}));
    call.send().await.unwrap().json().await.unwrap_or_default()
}

async fn tell(street: &Running, what: &str, schedule: &str) {
    post(street, "/local/calls/reset").await;
    let begun = Instant::now();
    let summary = post(street, &format!("/local/schedules/{schedule}/run")).await;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    let counts = Client::new().get(format!("{}/local/calls.json", street.own_url)).send().await.unwrap();
    let counts: Value = counts.json().await.unwrap();
    let operations = counts["services"]["dynamodb"].as_object().cloned().unwrap_or_default();
    let calls: Vec<String> =
        operations.iter().map(|(name, one)| format!("{} {name}", one["calls"])).collect();
    let (read, written) = (counts["read_units"].as_f64().unwrap(), counts["write_units"].as_f64().unwrap());
    println!("{what:<46} {:<58} {read:>7.1} read {written:>7.1} written {took:>8.1} ms", calls.join(", "));
    assert_eq!(summary["incomplete"].as_u64().unwrap_or_default(), 0, "{summary}");
}

async fn measure(count: usize, is_bare: bool) {
    // What other tools are told comes by the stream beside it, and is counted by the journeys.
    let street = start(Options { tells_other_tools: false, ..Options::for_tests() }).await.unwrap();
    let config = Aws::from_environment(&environment(&street.table_url)).unwrap();
    let config = config.config(Service::DynamoDb, Timeouts::WORKER);
    let (store, client) = (Store::new(&config, TABLE_NAME), Table::new(&config));
    let past = if is_bare { 0 } else { PAST };
    let now = Clock::system().now();
    let put = |items| assert!(street.table.import(items).is_ok());
    crowd::wait(&store, &client, (TABLE_NAME, count, past), (now, is_bare), put).await;
    if !is_bare {
        tell(&street, &format!("{count} handoffs, {past} whose time has come"), "reminder-sweep").await;
    }
    tell(&street, &format!("{count} handoffs, nothing to do"), "reminder-sweep").await;
    if !is_bare {
        tell(&street, &format!("{count} handoffs, the count of what is new"), "analytics-rollup").await;
        tell(&street, &format!("{count} handoffs, nothing new to count"), "analytics-rollup").await;
        tell(&street, &format!("{count} handoffs, nothing to tell"), "integration-sweep").await;
    }
    street.shutdown().await;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let most = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(1_000_000);
    measure(1_000, false).await;
    measure(100_000.min(most), false).await;
    println!("the index of due handoffs alone:");
    measure(most, true).await;
}
