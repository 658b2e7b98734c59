//! The submit: once, whole, or not at all.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_domain::handoff::{Attention, HandoffState};

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
