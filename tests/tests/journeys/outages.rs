//! When others are away: HubSpot, SES, the table, a restart in the middle.

use crate::rig::{Street, deal};
use handoff_local::{DataDir, Options};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn hubspot_down_for_a_while_only_delays_the_invitation() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(street.mails().await.is_empty());
    street.faults(json!([])).await;
    street.advance(1800).await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
    assert_eq!(street.items("HANDOFF").await.len(), 1);
}

#[tokio::test]
async fn a_message_that_failed_comes_back_when_the_worker_asked() {
    let street = Street::open_with(Options { fast_pumps: false, ..Options::for_tests() }).await;
    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    let asked = async || {
        let calls = street.json("/local/calls.json").await;
        calls["services"]["sqs"]["ChangeMessageVisibility"].clone()
    };
    for _ in 0..100 {
        if asked().await["calls"] == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!((&asked().await["calls"], &asked().await["failed"]), (&json!(1), &json!(0)));
    street.faults(json!([])).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert!(street.mails().await.is_empty(), "ten seconds are not over");
    street.advance(12).await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
    assert_eq!(asked().await["calls"], 1, "what succeeds asks for nothing");
}

#[tokio::test]
async fn ses_throttling_loses_and_doubles_no_mail() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "ses", "mode": "throttle", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(street.mails().await.is_empty());
    street.faults(json!([])).await;
    street.advance(300).await;
    street.run_schedule("outbox-sweep").await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_of_ses_is_mended_by_its_event_without_a_second_mail() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "ses", "mode": "lost_reply", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    street.faults(json!([])).await;
    for _ in 0..3 {
        street.advance(700).await;
        street.run_schedule("outbox-sweep").await;
    }
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_flaky_table_loses_and_doubles_nothing() {
    let street = Street::open().await;
    street
        .faults(json!([
            { "service": "dynamodb", "mode": "throttle", "probability": 0.15, "seed": 11 },
            { "service": "dynamodb", "mode": "lost_reply", "probability": 0.1, "seed": 12 }
        ]))
        .await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        street.advance(1900).await;
    }
    street.faults(json!([])).await;
    street.advance(1900).await;
    street.run_schedule("outbox-sweep").await;
    street.settle().await;
    assert_eq!(street.items("HANDOFF").await.len(), 1);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn state_survives_a_restart() {
    let directory = std::env::temp_dir().join(format!("handoff-journey-{}", std::process::id()));
    let options = || Options { data_dir: DataDir::Path(directory.clone()), ..Options::for_tests() };
    let link = {
        let street = Street::open_with(options()).await;
        street.close(deal::RICH).await;
        street.link("handoff_invitation").await
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    let street = Street::open_with(options()).await;
    assert!(street.get(&link).await.html.contains("Brightwater"));
    assert_eq!(street.mails().await.len(), 1);
    std::fs::remove_dir_all(directory).unwrap();
}
