//! Nothing stands still unseen: what is past its time is told by the reminder sweep.

use crate::rig::{Street, deal};

async fn counts(street: &Street) -> [u64; 3] {
    let summary = street.run_schedule("reminder-sweep").await;
    assert_eq!(summary["incomplete"], 0, "{summary}");
    ["drafting", "awaiting_ae", "attention"].map(|state| summary["stuck"][state]["count"].as_u64().unwrap())
}

async fn swept(street: &Street, outcome: &str) -> u64 {
    street.run_schedule("reminder-sweep").await["settled"][outcome].as_u64().unwrap()
}

#[tokio::test]
async fn an_unanswered_handoff_is_reminded_then_ends_and_can_be_taken_up_again() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let mut reminded = 0;
    for _ in 0..29 * 24 {
        street.advance(3600).await;
        reminded += swept(&street, "reminded").await;
    }
    street.settle().await;
    let mails = street.mails_of("handoff_reminder").await;
    assert_eq!((reminded, mails.len()), (5, 5));
    assert!(mails.iter().all(|mail| mail["text"].as_str().unwrap().contains(&link)), "the link that lives");
    let digest = street.mails_of("digest").await;
    assert!(digest.iter().any(|mail| mail["text"].as_str().unwrap().contains("still no answer")));
    street.advance(2 * 86_400).await;
    assert_eq!((swept(&street, "expired").await, swept(&street, "expired").await), (1, 0));
    assert_eq!(counts(&street).await, [0, 0, 0]);
    let expired = street.get(&link).await;
    assert_eq!(expired.status, 410);
    let renewed = street.post(&format!("{link}/renew"), &[("csrf", &expired.field("csrf"))]).await;
    assert!(renewed.status.is_redirection() || renewed.status == 410, "{}", renewed.status);
    street.settle().await;
    assert_eq!(street.mails_of("handoff_link_renewed").await.len(), 1);
}

#[tokio::test]
async fn a_submitted_handoff_is_never_reminded_and_never_ends() {
    let street = Street::open().await;
    let submitted = street.deal("In German").await;
    street.close(&submitted).await;
    let link = street.link("handoff_invitation").await;
    street.submit(&link, "grace-lin", &[]).await;
    street.settle().await;
    for day in [3, 7, 31] {
        street.advance(day * 86_400).await;
        assert_eq!(swept(&street, "nothing").await, 0);
    }
    street.settle().await;
    assert_eq!((street.mails_of("handoff_reminder").await.len(), counts(&street).await), (0, [0, 0, 0]));
}

#[tokio::test]
async fn a_handoff_whose_ae_cannot_be_reached_is_told_at_once() {
    let street = Street::open().await;
    let deal = street.deal("The owner has no e-mail").await;
    street.close(&deal).await;
    assert_eq!(counts(&street).await, [0, 0, 1]);
}
