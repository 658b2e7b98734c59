//! Poison: a message that cannot be worked holds up nobody, lies where an admin sees it, and can be put back as often as they like.

use crate::rig::{Page, SignedIn, Street, deal};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

const BOARD: &str = "/handoffs";
const PLACES: [(&str, &str); 4] = [
    ("intake", "1 message from HubSpot could not be worked"),
    ("drafting", "1 handoff could not be drafted"),
    ("researched", "1 reading of a website could not be used"),
    ("mail-events", "1 report on a mail could not be noted"),
];

async fn dead(street: &Street, count: u64) {
    for _ in 0..400 {
        // What failed comes back later and later; the clock runs ahead of it.
        street.advance(6 * 3600).await;
        let queues = street.json("/local/queues").await;
        if queues["dead"] == count && queues["pending"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not {count} dead: {}", street.json("/local/queues").await);
}

async fn try_again(admin: &SignedIn<'_>, place: &str) -> Page {
    let put_back = admin.post(BOARD, &format!("/handoffs/dead-letters/{place}"), &[]).await;
    assert_eq!(put_back.status, StatusCode::SEE_OTHER, "{}", put_back.html);
    put_back
}

#[tokio::test]
async fn a_poisoned_message_in_each_queue_holds_up_nobody_and_is_seen_on_the_board() {
    let street = Street::open().await;
    for (place, _) in PLACES {
        street.post_json(&format!("/local/queues/{place}/messages"), &json!({"type": "poison"})).await;
        street.post_json(&format!("/local/queues/{place}/messages"), &Value::Null).await;
    }
    street.close(deal::RICH).await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1, "the others go on");
    dead(&street, 8).await;
    let admin = street.sign_in("admin@example.com").await;
    let board = admin.get(BOARD).await.html;
    for (_, words) in PLACES {
        let several = words.replace("1 message", "2 messages").replace("1 handoff", "2 handoffs");
        let several = several.replace("1 reading", "2 readings").replace("1 report", "2 reports");
        let several = several.replace("of a website", "of websites").replace("on a mail", "on mails");
        assert!(board.contains(&several), "{several} is not in {board}");
    }
    assert!(!board.contains("poison"), "what stands in it is nobody's business here");
    // Poison stays poison, however often somebody tries.
    for _ in 0..2 {
        let admin = street.sign_in("admin@example.com").await;
        for (place, _) in PLACES {
            let again = try_again(&admin, place).await;
            let page = admin.get(again.location.as_deref().unwrap()).await.html;
            assert!(page.contains("They are being tried again"), "{page}");
        }
        dead(&street, 8).await;
    }
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_deal_that_died_is_put_back_twice_and_becomes_one_account() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    dead(&street, 1).await;
    let admin = street.sign_in("admin@example.com").await;
    let board = admin.get(BOARD).await.html;
    assert!(board.contains(PLACES[0].1), "{board}");
    street.faults(json!([])).await;
    try_again(&admin, "intake").await;
    try_again(&admin, "intake").await;
    street.settle().await;
    try_again(&admin, "intake").await;
    street.settle().await;
    assert_eq!(street.items("HANDOFF").await.len(), 1);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
    assert!(!admin.get(BOARD).await.html.contains("could not be"), "nothing lies there any more");
    // Somebody who is no admin, and a place that there is not.
    let csm = street.sign_in("grace.lin@northwind.example").await;
    let refused = csm.post("/accounts", "/handoffs/dead-letters/intake", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let nowhere = admin.post(BOARD, "/handoffs/dead-letters/research", &[]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_board_stands_while_the_queues_are_away() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let admin = street.sign_in("admin@example.com").await;
    street.faults(json!([{ "service": "sqs", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    let board = admin.get(BOARD).await;
    assert_eq!(board.status, StatusCode::OK);
    assert!(board.html.contains("could not be found out") && board.html.contains("Brightwater"));
}
