//! The door to HubSpot: what counts, what is kept, what is refused.

use crate::rig::{PORTAL, Street, deal, sign_v3, won, won_generic};
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn accounts(street: &Street) -> usize {
    street.items("HANDOFF").await.len()
}

#[tokio::test]
async fn duplicates_reorderings_and_both_event_forms_make_one_account_and_one_mail() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let batch = json!([won_generic(deal::RICH), won(deal::RICH), won(deal::RICH)]);
    for _ in 0..3 {
        assert_eq!(street.deliver(&batch).await, StatusCode::OK);
    }
    street.settle().await;
    street.advance(3 * 86_400).await;
    assert_eq!(street.deliver(&batch).await, StatusCode::OK);
    street.settle().await;
    assert_eq!(accounts(&street).await, 1);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_burst_of_the_same_delivery_at_once_makes_one_account() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "hubspot", "mode": "slow", "probability": 0.3, "seed": 7 }])).await;
    let events = json!([won(deal::RICH)]);
    let closing = format!("/local/deals/{}/close", deal::RICH);
    street.post_json(&closing, &json!({})).await;
    for _ in 0..5 {
        let (a, b) = tokio::join!(street.deliver(&events), street.deliver(&events));
        assert_eq!((a, b), (StatusCode::OK, StatusCode::OK));
    }
    street.settle().await;
    assert_eq!(accounts(&street).await, 1);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_claim_that_is_not_true_in_hubspot_makes_no_account() {
    let street = Street::open().await;
    assert_eq!(street.deliver(&json!([won(deal::RICH)])).await, StatusCode::OK);
    assert_eq!(street.deliver(&json!([won("999999999")])).await, StatusCode::OK);
    let mut foreign = won(deal::RICH);
    foreign["portalId"] = json!(1);
    assert_eq!(street.deliver(&json!([foreign])).await, StatusCode::OK);
    street.settle().await;
    assert_eq!(accounts(&street).await, 0);
    assert!(street.mails().await.is_empty());
}

#[tokio::test]
async fn a_hundred_events_of_many_deals_each_become_one_account() {
    let street = Street::open().await;
    let deals = street.json("/local/deals").await;
    let ids: Vec<String> =
        deals.as_array().unwrap().iter().map(|deal| deal["id"].as_str().unwrap().to_owned()).collect();
    for id in &ids {
        street.post_json(&format!("/local/deals/{id}/close"), &json!({})).await;
    }
    let events: Vec<Value> = (0..100).map(|index| won(&ids[index % ids.len()])).collect();
    assert_eq!(street.deliver(&Value::Array(events)).await, StatusCode::OK);
    street.settle().await;
    let made = accounts(&street).await;
    assert_eq!(
        made,
        street.mails_of("handoff_invitation").await.len() + street.mails_of("handoff_escalated").await.len()
    );
    assert!(made >= ids.len() - 2, "{made} of {}", ids.len());
}

#[tokio::test]
async fn an_event_that_cannot_concern_a_won_deal_costs_no_call() {
    let street = Street::open().await;
    street.settle().await;
    street.post_json("/local/calls/reset", &json!({})).await;
    let mut amount = won(deal::RICH);
    amount["propertyName"] = json!("amount");
    let contact = json!({"subscriptionType": "contact.creation", "portalId": PORTAL, "objectId": 5});
    assert_eq!(street.deliver(&json!([amount, contact])).await, StatusCode::OK);
    assert_eq!(street.deliver(&json!([])).await, StatusCode::OK);
    assert_eq!(street.json("/local/calls.json").await["aws_calls"], 0);
    assert_eq!(street.deliver(&json!([won(deal::RICH), won(deal::RICH)])).await, StatusCode::OK);
    assert_eq!(street.json("/local/calls.json").await["services"]["sqs"]["SendMessage"]["calls"], 1);
}

#[tokio::test]
async fn statuses_come_in_the_order_that_is_promised() {
    let street = Street::open().await;
    let url = street.url("/webhooks/hubspot");
    let get = street.http.get(&url).send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get.headers()["allow"], "POST");
    let large = street.http.post(&url).body(vec![b' '; 1_040_385]).send().await.unwrap();
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let forged = street.http.post(&url).header("content-type", "text/plain").body("[]").send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    let timestamp = street.now_ms().await.to_string();
    let signed = |body: &str| {
        street
            .http
            .post(&url)
            .header("x-hubspot-signature-v3", sign_v3("POST", &url, body, &timestamp))
            .header("x-hubspot-request-timestamp", &timestamp)
            .body(body.to_owned())
    };
    let plain = signed("[]").header("content-type", "text/plain").send().await.unwrap();
    assert_eq!(plain.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    street.advance(301).await;
    let stale = signed("[]").header("content-type", "application/json").send().await.unwrap();
    assert_eq!(stale.status(), StatusCode::UNAUTHORIZED);
    assert!(stale.text().await.unwrap().is_empty());
}

#[tokio::test]
async fn signed_nonsense_is_kept_for_a_person_and_not_retried() {
    let street = Street::open().await;
    for body in ["{", "nonsense", "{\"a\":1}", "\"\\ud800\"", "[[[["] {
        assert_eq!(street.deliver_raw(body).await, StatusCode::OK, "{body}");
    }
    let good = won(deal::RICH);
    let mixed = json!([good, 7, { "subscriptionType": "deal.propertyChange", "propertyName": "dealstage", "objectId": {} }]);
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    assert_eq!(street.deliver(&mixed).await, StatusCode::OK);
    street.settle().await;
    let table = street.json("/local/table.json").await;
    let quarantined = table.as_array().unwrap().iter().filter(|item| item["PK"]["S"] == "QUARANTINE").count();
    assert_eq!(quarantined, 6);
    assert_eq!(accounts(&street).await, 1);
    assert_eq!(street.json("/local/queues").await["dead"], 0);
}

#[tokio::test]
async fn when_the_queue_is_away_hubspot_is_asked_to_come_again() {
    let street = Street::open().await;
    street.faults(json!([{ "service": "sqs", "mode": "error", "probability": 1.0, "seed": 1 }])).await;
    assert_eq!(street.deliver(&json!([won(deal::RICH)])).await, StatusCode::SERVICE_UNAVAILABLE);
    street.faults(json!([])).await;
    assert_eq!(street.deliver(&json!([won(deal::RICH)])).await, StatusCode::OK);
}

#[tokio::test]
async fn a_workflow_call_makes_the_account_and_a_stale_one_is_not_lost() {
    let street = Street::open().await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    let path = format!("/webhooks/hubspot/workflow/{PORTAL}");
    let url = street.url(&path);
    let body = json!({ "objectId": deal::RICH.parse::<u64>().unwrap(), "properties": {} }).to_string();
    let timestamp = street.now_ms().await.to_string();
    let call = || {
        street
            .http
            .post(&url)
            .header("content-type", "application/json")
            .header("x-hubspot-signature-v3", sign_v3("POST", &url, &body, &timestamp))
            .header("x-hubspot-request-timestamp", &timestamp)
            .body(body.clone())
    };
    assert_eq!(call().send().await.unwrap().status(), StatusCode::OK);
    street.settle().await;
    assert_eq!(accounts(&street).await, 1);
    street.advance(400).await;
    assert_eq!(call().send().await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    let forged = street
        .http
        .post(&url)
        .header("content-type", "application/json")
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
}
