//! Both triggers, and the stream's two steps.

use super::*;
use crate::{Schedule, Trigger, handle};
use aws_lambda_events::event::dynamodb::Event as StreamEvent;
use std::path::Path;

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/integration-sender").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// The stream's records of all items of one kind, as the table holds them.
async fn records(street: &Street, kind: &str) -> StreamEvent {
    let mut event: StreamEvent = serde_json::from_str(&sample("event-insert.json")).unwrap();
    let record = event.records.remove(0);
    let is_kind = |item: &handoff_testing::table::Item| {
        item.get("kind").is_some_and(|found| found.as_s().unwrap() == kind)
    };
    for item in street.table.items().await.into_iter().filter(is_kind) {
        let image: std::collections::HashMap<String, serde_dynamo::AttributeValue> =
            item.into_iter().map(|(name, value)| (name, value.into())).collect();
        let mut next = record.clone();
        next.change.new_image = image.into();
        next.event_name = "INSERT".to_owned();
        event.records.push(next);
    }
    event
}

#[tokio::test]
async fn the_stream_owes_a_message_and_then_sends_it_each_once() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    let events = records(&street, "event").await;
    for _ in 0..3 {
        assert_eq!(handle(&street.deps, events.clone()).await.batch_item_failures.len(), 0);
    }
    let owed = records(&street, "delivery").await;
    assert_eq!(owed.records.len(), 1);
    for _ in 0..3 {
        assert_eq!(handle(&street.deps, owed.clone()).await.batch_item_failures.len(), 0);
    }
    assert_eq!(street.world.inside().asked, ["create note"]);
    assert_eq!(street.told().await, SweepSummary { organizations: 1, ..SweepSummary::default() });
}

#[tokio::test]
async fn what_an_outage_of_the_stream_left_is_told_in_one_sweep() {
    let street = street(|_| nothing()).await;
    for number in 0..120 {
        street.happens(&format!("opened-{number}"), What::Opened).await;
    }
    assert_eq!(street.told().await.untold, 120, "more than a page");
    assert_eq!(street.swept().await.untold, 0);
}

#[tokio::test]
async fn the_writes_of_a_sender_are_no_new_messages() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    street.told().await;
    let settled = records(&street, "delivery").await;
    handle(&street.deps, settled).await;
    let told = records(&street, "event").await;
    handle(&street.deps, told).await;
    assert_eq!(street.world.inside().asked, ["create note"]);
}

#[tokio::test]
async fn a_table_that_is_away_brings_the_record_back() {
    let mut street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    let events = records(&street, "event").await;
    let nowhere = handoff_testing::table::environment("http://127.0.0.1:9");
    let aws = handoff_runtime::Aws::from_environment(&nowhere).unwrap();
    let quick = handoff_runtime::Timeouts { attempts: 1, ..handoff_runtime::Timeouts::WORKER };
    street.deps.store =
        handoff_store::Store::new(&aws.config(handoff_runtime::Service::DynamoDb, quick), "away");
    let untold = events.records.iter().filter(|record| {
        let image: std::collections::HashMap<String, serde_dynamo::AttributeValue> =
            record.change.new_image.clone().into();
        image.contains_key("due_pk")
    });
    let untold = untold.count();
    assert_eq!(handle(&street.deps, events).await.batch_item_failures.len(), untold);
}

#[test]
fn both_triggers_are_told_apart() {
    assert!(matches!(serde_json::from_str(&sample("event-insert.json")).unwrap(), Trigger::Stream(_)));
    let sweep = serde_json::from_str(&sample("integration-sweep.json")).unwrap();
    assert!(matches!(sweep, Trigger::Schedule { schedule: Schedule::IntegrationSweep }));
    assert!(serde_json::from_str::<Trigger>(r#"{"schedule":"other"}"#).is_err());
}

#[test]
fn the_sample_event_holds_one_untold_event() {
    let mut event: StreamEvent = serde_json::from_str(&sample("event-insert.json")).unwrap();
    let image = event.records.remove(0).change.new_image;
    let untold = handoff_store::untold_from_image(image).unwrap().unwrap();
    assert_eq!(Fact::of(&untold.event), Some(Fact::Submitted));
}

/// Writes the sample again when the stored form changed: `cargo test -p integration-sender -- --ignored sample`.
#[tokio::test]
#[ignore = "writes into the repository"]
async fn write_the_sample_event() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    let mut sample: serde_json::Value = serde_json::from_str(&sample("event-insert.json")).unwrap();
    let events = records(&street, "event").await;
    let submitted = events.records.into_iter().find(|record| {
        let untold = handoff_store::untold_from_image(record.change.new_image.clone()).unwrap();
        untold.is_some_and(|untold| Fact::of(&untold.event) == Some(Fact::Submitted))
    });
    let image = serde_json::to_value(&submitted.unwrap().change.new_image).unwrap();
    let keys: serde_json::Map<_, _> =
        ["PK", "SK"].map(|name| (name.to_owned(), image[name].clone())).into_iter().collect();
    sample["Records"][0]["dynamodb"]["Keys"] = keys.into();
    sample["Records"][0]["dynamodb"]["NewImage"] = image;
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/integration-sender/event-insert.json");
    std::fs::write(path, serde_json::to_string_pretty(&sample).unwrap() + "\n").unwrap();
}
