//! A new link key: with the old one as the previous nothing is lost, without it every link is dead.

use crate::rig::{Street, deal};
use handoff_local::{DataDir, Options};
use reqwest::StatusCode;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

const OLD: &str = "the key of before the rotation, long enough";
const NEW: &str = "the key of after the rotation, long enough";

struct Rotation {
    directory: PathBuf,
}

impl Rotation {
    fn begin(name: &str) -> Self {
        Self {
            directory: std::env::temp_dir().join(format!("handoff-rotation-{name}-{}", std::process::id())),
        }
    }

    async fn street(&self, key: &str, previous: Option<&str>) -> Street {
        Street::open_with(Options {
            data_dir: DataDir::Path(self.directory.clone()),
            link_key: Some(key.to_owned()),
            link_key_previous: previous.map(str::to_owned),
            ..Options::for_tests()
        })
        .await
    }
}

impl Drop for Rotation {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// Closes a deal while SES takes nothing, and waits until a sender has tried its mail and written that it is still owed.
async fn close_with_ses_away(street: &Street, deal: &str) {
    street.faults(json!([{ "service": "ses", "mode": "throttle", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{deal}/close"), &json!({})).await;
    for _ in 0..600 {
        let table = street.json("/local/table.json").await;
        let is_tried = |item: &serde_json::Value| {
            let revision = item["revision"]["N"].as_str().and_then(|revision| revision.parse::<u32>().ok());
            item["kind"]["S"] == "outbox" && revision >= Some(2)
        };
        if table.as_array().unwrap().iter().any(is_tried) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the mail was never tried");
}

async fn stop(street: Street) {
    drop(street);
    tokio::time::sleep(Duration::from_millis(300)).await;
}

#[tokio::test]
async fn a_link_of_before_opens_saves_and_submits_also_from_a_page_that_was_open() {
    let rotation = Rotation::begin("alive");
    let street = rotation.street(OLD, None).await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    stop(street).await;

    let street = rotation.street(NEW, Some(OLD)).await;
    let fields = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "Their COO leaves.")];
    let (status, _) = street.post_as_script(&format!("{link}/answers"), &fields).await;
    assert_eq!(status, StatusCode::OK);
    assert!(street.get(&link).await.html.contains("Their COO leaves."));
    let done = street.submit(&link, "grace-lin", &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    street.settle().await;
    // The receipt repeats the living link, as it was issued.
    assert_eq!(street.link("handoff_receipt").await, link);
    assert_eq!(street.get(&link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_mail_that_was_owed_before_goes_out_with_a_link_that_opens() {
    let rotation = Rotation::begin("owed");
    let street = rotation.street(OLD, None).await;
    close_with_ses_away(&street, deal::RICH).await;
    assert!(street.mails().await.is_empty());
    stop(street).await;

    let street = rotation.street(NEW, Some(OLD)).await;
    street.advance(300).await;
    street.run_schedule("outbox-sweep").await;
    street.settle().await;
    let link = street.link("handoff_invitation").await;
    assert_eq!(street.get(&link).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_link_that_expired_before_is_renewed_under_the_new_key_and_known_as_replaced() {
    let rotation = Rotation::begin("renewed");
    let street = rotation.street(OLD, None).await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    street.advance(31 * 86_400).await;
    stop(street).await;

    let street = rotation.street(NEW, Some(OLD)).await;
    let expired = street.get(&link).await;
    assert_eq!(expired.status, StatusCode::GONE);
    street.post(&format!("{link}/renew"), &[("csrf", &expired.field("csrf"))]).await;
    street.settle().await;
    let fresh = street.link("handoff_link_renewed").await;
    assert_eq!(street.get(&link).await.status, StatusCode::GONE);
    stop(street).await;

    let street = rotation.street(NEW, None).await;
    assert_eq!(street.get(&fresh).await.status, StatusCode::OK, "issued under the new key");
    assert_eq!(street.get(&link).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn after_a_leak_no_link_of_before_opens_and_no_dead_one_is_mailed() {
    let rotation = Rotation::begin("leak");
    let street = rotation.street(OLD, None).await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let other = street.deal("In German").await;
    close_with_ses_away(&street, &other).await;
    stop(street).await;

    let street = rotation.street(NEW, None).await;
    assert_eq!(street.get(&link).await.status, StatusCode::NOT_FOUND);
    street.advance(300).await;
    street.run_schedule("outbox-sweep").await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1, "the one of before");
    let handoffs = street.items("HANDOFF").await;
    let marked = handoffs.iter().find(|item| item["id"]["S"] == format!("d{other}")).unwrap();
    assert_eq!(marked["attention"]["SS"], json!(["mail_failed"]));
}
