//! What flows back, and searches: in the shapes of HubSpot's documents, and never a note twice.

use crate::fake::{Fake, Reply, record};
use handoff_domain::email::EmailAddress;
use handoff_domain::id::DealId;
use handoff_domain::reconciliation::Place;
use handoff_hubspot::HubSpotError;
use jiff::Timestamp;
use serde_json::{Value, json};

fn deal() -> DealId {
    DealId::parse("1001").unwrap()
}

fn at() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn a_note_is_written_and_hangs_on_its_deal() {
    let (fake, hubspot) = Fake::start(|seen| {
        let status = if seen.method == "POST" { 201 } else { 200 };
        Reply { status, ..Reply::json(&record("77", &json!({}))) }
    })
    .await;
    assert_eq!(hubspot.create_note(&deal(), "<p>All of it</p>", at()).await.unwrap().as_deref(), Some("77"));
    assert!(hubspot.change_note("77", "<p>More</p>").await.unwrap());
    assert!(
        hubspot.set_deal_properties(&deal(), &[("handoff_state", "submitted".to_owned())]).await.unwrap()
    );
    assert!(hubspot.set_company_owner("5", "9").await.unwrap());
    let seen = fake.seen.lock().unwrap().clone();
    let told: Vec<_> = seen.iter().map(|seen| (seen.method.as_str(), seen.path.as_str())).collect();
    let expected = [
        ("POST", "/crm/objects/2026-09/notes"),
        ("PATCH", "/crm/objects/2026-09/notes/77"),
        ("PATCH", "/crm/objects/2026-09/deals/1001"),
        ("PATCH", "/crm/objects/2026-09/companies/5"),
    ];
    assert_eq!(told, expected);
    let body = seen[0].body.clone().unwrap();
    assert_eq!(body["associations"][0]["types"][0]["associationTypeId"], 214);
    fake.assert_by_the_book();
}

#[tokio::test]
async fn a_note_of_which_nothing_is_known_is_not_sent_again() {
    let (fake, hubspot) = Fake::start(|_| Reply::status(502)).await;
    let error = hubspot.create_note(&deal(), "x", at()).await.unwrap_err();
    assert!(!error.did_nothing() && error.is_retryable(), "{error}");
    assert_eq!(fake.seen.lock().unwrap().len(), 1);
    let (fake, hubspot) = Fake::start(|_| Reply::status(429)).await;
    assert!(hubspot.create_note(&deal(), "x", at()).await.unwrap_err().did_nothing());
    assert_eq!(fake.seen.lock().unwrap().len(), 3, "a refused one is");
}

#[tokio::test]
async fn a_refusal_is_told_in_hubspots_own_words_and_not_to_the_log() {
    let answer = json!({"status": "error", "message": "Property values were not valid", "errors": [{"message": "hs_note_body\nis not allowed to hold secret-7"}]});
    let (_, hubspot) = Fake::start(move |_| Reply { status: 400, ..Reply::json(&answer) }).await;
    let error = hubspot.create_note(&deal(), "x", at()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret-7"));
    let HubSpotError::Refused { status: 400, said } = error else { panic!("{error}") };
    assert_eq!(said.reveal(), "Property values were not valid hs_note_body is not allowed to hold secret-7");
}

#[tokio::test]
async fn a_note_is_found_by_its_marker_among_all_of_the_deals() {
    let (fake, hubspot) = Fake::start(|seen| {
        if seen.is("/associations/") {
            let to: Vec<Value> = (1..=150).map(|id| json!({"toObjectId": id.to_string(), "associationTypes": []})).collect();
            return Reply::json(&json!({"status": "COMPLETE", "results": [{"from": {"id": "1001"}, "to": to}], "startedAt": "2026-11-23T10:00:00Z", "completedAt": "2026-11-23T10:00:00Z"}));
        }
        let note = |id: String| {
            let body = if id == "120" { "<p>Ref hs1/d1001</p>" } else { "<p>else</p>" };
            record(&id, &json!({"hs_note_body": body}))
        };
        let notes: Vec<Value> = seen.ids().into_iter().map(note).collect();
        Reply::json(&json!({"status": "COMPLETE", "results": notes, "startedAt": "2026-11-23T10:00:00Z", "completedAt": "2026-11-23T10:00:00Z"}))
    })
    .await;
    assert_eq!(hubspot.find_note(&deal(), "Ref hs1/d1001").await.unwrap().as_deref(), Some("120"));
    assert_eq!(
        hubspot.find_note(&deal(), "Ref hs1/d1").await.unwrap().as_deref(),
        Some("120"),
        "a part of it is enough, so a marker ends"
    );
    assert_eq!(hubspot.find_note(&deal(), "Ref hs2/d1001").await.unwrap(), None);
    fake.assert_by_the_book();
}

#[tokio::test]
async fn an_owner_is_the_one_with_just_this_address() {
    let owners = json!({"results": [
        {"id": "8", "email": "ana.other@example.com", "type": "PERSON", "archived": false, "createdAt": "2026-11-23T10:00:00Z", "updatedAt": "2026-11-23T10:00:00Z"},
        {"id": "9", "email": "Ana@Example.com", "type": "PERSON", "archived": false, "createdAt": "2026-11-23T10:00:00Z", "updatedAt": "2026-11-23T10:00:00Z"},
    ]});
    let (fake, hubspot) = Fake::start(move |_| Reply::json(&owners)).await;
    let find = async |email: &str| hubspot.find_owner(&EmailAddress::parse(email).unwrap()).await.unwrap();
    assert_eq!(find("ana@example.com").await.as_deref(), Some("9"));
    assert_eq!(find("nobody@example.com").await, None);
    fake.assert_by_the_book();
}

#[tokio::test]
async fn searches_are_asked_as_the_specification_has_them() {
    let (fake, hubspot) = Fake::start(|_| Reply::json(&json!({"total": 0, "results": []}))).await;
    hubspot.search_won(Place::From(at())).await.unwrap();
    hubspot.search_won(Place::Exactly { at: at(), after: 7 }).await.unwrap();
    hubspot.search_older(at(), None).await.unwrap();
    hubspot.search_older(at(), Some("50")).await.unwrap();
    fake.assert_by_the_book();
    let seen = fake.seen.lock().unwrap().clone();
    let sorts: Vec<_> = seen.iter().map(|seen| seen.body.clone().unwrap()["sorts"][0].clone()).collect();
    assert_eq!(sorts, ["hs_lastmodifieddate", "hs_object_id", "-closedate", "-closedate"]);
}
