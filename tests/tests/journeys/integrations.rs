//! What flows on into other tools, over the whole street: never in the way of a submit, never lost, never twice.

use crate::rig::{Street, deal};
use reqwest::StatusCode;
use serde_json::{Value, json};

const ADMIN: &str = "admin@example.com";

async fn notes(street: &Street) -> Vec<Value> {
    street.json("/local/told.json").await["notes"].as_array().unwrap().clone()
}

/// A handoff that its AE has submitted to Grace Lin.
async fn hand_over(street: &Street) -> String {
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let gaps = ["primary_use_case", "top_goals", "stakeholders"].map(|id| format!("answers[{id}]"));
    let known: Vec<(&str, &str)> = gaps.iter().map(|name| (name.as_str(), "Known to the AE only.")).collect();
    let submitted = street.submit(&link, "grace-lin", &known).await;
    assert_eq!(submitted.status, StatusCode::SEE_OTHER, "{}", submitted.html);
    link
}

#[tokio::test]
async fn a_submit_is_done_while_hubspot_is_away_and_its_note_comes_once_it_is_back() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    hand_over(&street).await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_received").await.len(), 1, "nobody waits for HubSpot");
    assert_eq!(notes(&street).await.len(), 0);
    let admin = street.sign_in(ADMIN).await;
    let page = admin.get("/settings/integrations/messages?only=trouble").await;
    assert!(page.html.contains("HubSpot was not available"), "{}", page.html);
    street.faults(json!([])).await;
    street.advance(400).await;
    let swept = street.run_schedule("integration-sweep").await;
    assert_eq!((&swept["due"], &swept["delivered"]), (&json!(1), &json!(1)), "{swept}");
    assert_eq!(notes(&street).await.len(), 1);
    assert!(admin.get("/settings/integrations").await.html.contains("Written"));
}

#[tokio::test]
async fn lost_answers_of_hubspot_and_repeated_records_make_one_note() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let faults = json!([
        { "service": "hubspot", "mode": "lost_reply", "probability": 0.6, "seed": 11 },
        { "service": "dynamodb", "mode": "duplicate", "probability": 0.7, "seed": 5 },
    ]);
    street.faults(faults).await;
    hand_over(&street).await;
    street.settle().await;
    for _ in 0..4 {
        street.advance(7200).await;
        street.run_schedule("integration-sweep").await;
        assert!(notes(&street).await.len() <= 1);
    }
    street.faults(json!([])).await;
    for _ in 0..4 {
        street.advance(25 * 3600).await;
        street.run_schedule("integration-sweep").await;
    }
    assert_eq!(notes(&street).await.len(), 1);
}

#[tokio::test]
async fn another_csm_changes_the_note_and_adds_none() {
    let street = Street::open().await;
    hand_over(&street).await;
    street.settle().await;
    let admin = street.sign_in(ADMIN).await;
    let path = format!("/accounts/d{}/csm", deal::RICH);
    let moved = admin.post(&path, &path, &[("csm", "mateo-rossi"), ("reason", "Grace is away")]).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.html);
    street.settle().await;
    let notes = notes(&street).await;
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    let body = note["body"].as_str().unwrap();
    assert!(body.contains("Mateo Rossi") && !body.contains("to Grace Lin"), "{body}");
    let account = admin.get(&format!("/accounts/d{}", deal::RICH)).await;
    assert!(account.html.contains("In HubSpot"), "{}", account.html);
}
