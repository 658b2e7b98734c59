//! Asking for new drafts.

use super::harness::Harness;
use axum::http::StatusCode;

#[tokio::test]
async fn a_wish_is_saved_counted_and_queued() {
    let harness = Harness::start(Some("Drafted")).await;
    let fields = [
        ("version", "0"),
        ("answers[risks]", "Mine"),
        ("question", "why_us"),
        ("context[why_us]", "Price did not matter"),
        ("context", "for all"),
        ("overwrite[why_us]", "yes"),
    ];
    let asked = harness.post("/redraft", &fields, false).await;
    assert_eq!((asked.status, asked.header("location")), (StatusCode::SEE_OTHER, harness.path("").as_str()));
    let stored = harness.stored().await;
    assert_eq!((stored.version, stored.redrafts), (1, 1));
    assert_eq!(stored.redraft.unwrap().question.unwrap().as_str(), "why_us");
    let queued = harness.queued.lock().unwrap().join("\n");
    assert!(
        queued.contains("Price did not matter") && queued.contains("why_us") && !queued.contains("for all")
    );
    assert!(queued.contains("overwrite\\\":true"));
    let page = harness.get_fresh().await.body;
    assert!(page.contains("A new draft is on its way") && page.contains("Mine"));
    let again = harness.post("/redraft", &[("context", "Second wish")], false).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("Second wish"));
}

#[tokio::test]
async fn a_new_draft_that_never_came_is_not_waited_for() {
    let harness = Harness::start(Some("Drafted")).await;
    let first = harness.post("/redraft", &[("context", "First wish")], false).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    harness.advance_minutes(9);
    let page = harness.get_fresh().await.body;
    assert!(page.contains("A new draft is on its way") && !page.contains("Ask for a new draft"));
    harness.advance_minutes(2);
    let page = harness.get_fresh().await.body;
    assert!(!page.contains("A new draft is on its way") && page.contains("Ask for a new draft"));
    assert!(!page.contains("data-redraft"));
    let second = harness.post("/redraft", &[("context", "Second wish")], false).await;
    assert_eq!((second.status, harness.stored().await.redrafts), (StatusCode::SEE_OTHER, 2));
}

#[tokio::test]
async fn a_wish_whose_answer_was_lost_is_queued_all_the_same() {
    let harness = Harness::start(Some("Drafted")).await;
    harness.lose_next_answer();
    let asked = harness.post("/redraft", &[("context", "Said once")], false).await;
    assert_eq!((asked.status, harness.calls()), (StatusCode::SEE_OTHER, 2));
    assert_eq!(harness.stored().await.redrafts, 1);
    let queued = harness.queued.lock().unwrap().join("\n");
    assert!(queued.contains("Said once") && queued.contains("overwrite\\\":false"));
}

#[tokio::test]
async fn a_sixth_wish_is_refused_and_its_words_stay() {
    let harness = Harness::with(Some("Drafted"), true, |handoff| handoff.redrafts = 5).await;
    let refused = harness.post("/redraft", &[("context", "Once more")], false).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("Once more"));
    assert_eq!(
        harness.post("/redraft", &[("question", "nothing")], false).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(harness.stored().await.redrafts, 5);
}

#[tokio::test]
async fn without_the_queue_the_wish_is_taken_back_and_nothing_is_lost() {
    let harness = Harness::with(Some("Drafted"), false, |_| {}).await;
    let fields =
        [("version", "0"), ("note", "Typed"), ("question", "risks"), ("context[risks]", "My context")];
    let refused = harness.post("/redraft", &fields, false).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "30"));
    assert!(refused.body.contains("My context") && refused.body.contains("Typed"));
    let stored = harness.stored().await;
    assert_eq!((stored.redrafts, stored.redraft, stored.note.as_str()), (0, None, "Typed"));
}
