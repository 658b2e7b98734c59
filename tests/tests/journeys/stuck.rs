//! Nothing stands still unseen: what is past its time is told by the reminder sweep.

use crate::rig::{Street, deal};

async fn counts(street: &Street) -> [u64; 3] {
    let summary = street.run_schedule("reminder-sweep").await;
    assert_eq!(summary["incomplete"], 0, "{summary}");
    ["drafting", "awaiting_ae", "attention"].map(|state| summary["stuck"][state]["count"].as_u64().unwrap())
}

#[tokio::test]
async fn an_unanswered_handoff_is_told_once_its_link_expires_and_a_submitted_one_never() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let submitted = street.deal("In German").await;
    street.close(&submitted).await;
    let link = street.link("handoff_invitation").await;
    street.submit(&link, "grace-lin", &[]).await;
    street.settle().await;
    let before = street.json("/local/table.json").await;
    assert_eq!(counts(&street).await, [0, 0, 0]);
    street.advance(31 * 86_400).await;
    assert_eq!(counts(&street).await, [0, 1, 0]);
    assert_eq!(street.json("/local/table.json").await, before, "the sweep writes nothing");
}

#[tokio::test]
async fn a_handoff_whose_ae_cannot_be_reached_is_told_at_once() {
    let street = Street::open().await;
    let deal = street.deal("The owner has no e-mail").await;
    street.close(&deal).await;
    assert_eq!(counts(&street).await, [0, 0, 1]);
}
