//! The submit: once, whole, or not at all.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_domain::handoff::{Attention, Changes, HandoffState};

#[tokio::test]
async fn accepting_as_it_is_hands_over_in_two_calls() {
    let harness = Harness::start(Some("Drafted")).await;
    let fields = [("version", "0"), ("csm", "cora"), ("note", "Be gentle")];
    let done = harness.post("/submit", &fields, false).await;
    assert_eq!(
        (done.status, done.header("location"), harness.calls()),
        (StatusCode::SEE_OTHER, harness.path("").as_str(), 2)
    );
    let stored = harness.stored().await;
    let submission = stored.submission.unwrap();
    assert_eq!(
        (stored.state, submission.csm_name.as_str(), submission.answers.len()),
        (HandoffState::Submitted, "Cora Lind", 8)
    );
    let receipt = harness.get_fresh().await;
    assert_eq!(receipt.status, StatusCode::OK);
    assert!(receipt.body.contains("Acme Health is handed over") && receipt.body.contains("Be gentle"));
    assert!(!receipt.body.contains("<form"));
    assert_eq!(harness.owed().await, ["handoff_received", "handoff_receipt"]);
}

#[tokio::test]
async fn a_repeat_answers_as_the_first_did_and_changes_nothing() {
    let harness = Harness::start(Some("Drafted")).await;
    harness.post("/submit", &[("version", "0"), ("csm", "cora")], false).await;
    let before = harness.table.dump().await;
    let again = harness.post("/submit", &[("version", "0"), ("csm", "sam"), ("note", "other")], false).await;
    assert_eq!((again.status, again.header("location")), (StatusCode::SEE_OTHER, harness.path("").as_str()));
    let late = harness.post("/answers", &[("version", "1"), ("note", "Too late")], false).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Too late"));
    let json = harness.post("/answers", &[("version", "1"), ("note", "Too late")], true).await;
    assert_eq!((json.status, json.json()["state"].as_str()), (StatusCode::CONFLICT, Some("submitted")));
    assert_eq!(before, harness.table.dump().await);
}

#[tokio::test]
async fn an_opening_in_between_does_not_stop_a_submit() {
    let harness = Harness::start(Some("Drafted")).await;
    let (store, token) = (harness.table.store.clone(), harness.token.clone());
    harness.before_the_next_transaction(async move {
        let now = handoff_testing::fixtures::now();
        store.record_opened(&token.organization, &token.account, &token.hash(), now).await.unwrap();
    });
    let done = harness.post("/submit", &[("version", "0"), ("csm", "cora")], false).await;
    assert_eq!((done.status, harness.calls()), (StatusCode::SEE_OTHER, 4));
    assert_eq!(harness.stored().await.state, HandoffState::Submitted);
    assert_eq!(harness.owed().await, ["handoff_received", "handoff_receipt"]);
}

#[tokio::test]
async fn a_save_in_between_stops_a_submit() {
    let harness = Harness::start(Some("Drafted")).await;
    let (store, token) = (harness.table.store.clone(), harness.token.clone());
    harness.before_the_next_transaction(async move {
        let changes = Changes { note: Some("From tab one".to_owned()), ..Changes::default() };
        let now = handoff_testing::fixtures::now();
        store
            .save_answers(&token.organization, &token.account, &token.hash(), 0, &changes, now)
            .await
            .unwrap();
    });
    let fields = [("version", "0"), ("csm", "cora"), ("note", "From tab two")];
    let refused = harness.post("/submit", &fields, false).await;
    assert_eq!((refused.status, harness.calls()), (StatusCode::CONFLICT, 3));
    assert!(refused.body.contains("From tab one") && refused.body.contains("From tab two"));
    assert_eq!(harness.stored().await.note, "From tab one");
}

#[tokio::test]
async fn a_stale_version_is_told_at_once() {
    let harness = Harness::start(Some("Drafted")).await;
    let refused = harness.post("/submit", &[("version", "7"), ("csm", "cora")], true).await;
    assert_eq!((refused.status, harness.calls()), (StatusCode::CONFLICT, 1));
}

#[tokio::test]
async fn ten_submits_at_once_are_one() {
    let harness = Harness::start(Some("Drafted")).await;
    let fields = [("version", "0"), ("csm", "cora")];
    let posts: Vec<_> = (0..10).map(|_| harness.post("/submit", &fields, false)).collect();
    for post in futures_util::future::join_all(posts).await {
        assert_eq!(post.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(harness.owed().await, ["handoff_received", "handoff_receipt"]);
}

#[tokio::test]
async fn open_questions_are_listed_and_everything_typed_is_kept() {
    let harness = Harness::start(None).await;
    let fields = [
        ("version", "0"),
        ("answers[primary_use_case]", "Typed use case"),
        ("note", "Typed note"),
        ("csm", "gone"),
    ];
    let page = harness.post("/submit", &fields, false).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in
        ["Typed use case", "Typed note", "href=\"#q-top_goals\"", "href=\"#csm\"", "aria-invalid=\"true\""]
    {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(!page.body.contains("href=\"#q-primary_use_case\""));
    let json = harness.post("/submit", &fields, true).await;
    assert!(json.json()["errors"]["answers[stakeholders]"].is_string());
    assert_eq!(harness.stored().await.state, HandoffState::AwaitingAe);
}

#[tokio::test]
async fn a_placeholder_hands_over_and_calls_an_admin() {
    let harness = Harness::start(Some("Drafted")).await;
    let fields = [("version", "0"), ("csm", "placeholder"), ("csm_name", "Kim Soto"), ("csm_email", "")];
    assert_eq!(harness.post("/submit", &fields, false).await.status, StatusCode::SEE_OTHER);
    let stored = harness.stored().await;
    assert!(stored.attention.contains(&Attention::CsmMissing));
    assert_eq!(harness.owed().await, ["handoff_escalated", "handoff_receipt"]);
    assert!(harness.get_fresh().await.body.contains("Kim Soto"));
}
