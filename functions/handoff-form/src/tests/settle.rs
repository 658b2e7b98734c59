//! Settling conflicts, passing promises on, and the pages that show both.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_domain::answer::AnswerValue;
use handoff_domain::finding::Settlement;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{ConflictId, PromiseId, QuestionId};

const DRAFTED: &str = "Drafted";
const EARLY: &str = "2 February 2027";

fn settled(handoff: &Handoff) -> Option<&Settlement> {
    handoff.settled.get(&ConflictId::parse("c-go-live").unwrap())
}

fn go_live(handoff: &Handoff) -> Option<String> {
    let answer = handoff.answers.get(&QuestionId::parse("go_live").unwrap())?;
    answer.value.as_ref().map(AnswerValue::to_plain_text)
}

#[tokio::test]
async fn every_finding_stands_on_the_page_with_its_words() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let page = harness.get("").await.body;
    for words in [
        "Sources disagree: Go-live date",
        "name=\"conflicts[c-go-live]\" value=\"0\"",
        "we go live on 2 February",
        "name=\"conflicts[c-sites]\" value=\"neither\"",
        "2 points where sources disagree",
        "What we promised",
        "two days of training on site, no charge",
        "7 of 9 similar customers named",
        "Left out (2)",
        "not in the sources, no quote supports it",
        "1 statement left out: it speaks to a machine",
        "What changed",
        "This is the new draft",
        "1 e-mail",
        "1 note",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("They close in August</textarea>"));
    let source = harness.get("/sources/email-9").await;
    assert_eq!(source.status, StatusCode::OK);
    for words in
        ["Sources disagree: Go-live date", "Promise: The price stays", "<mark id=\"quote-1\">we go live"]
    {
        assert!(source.body.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_choice_that_brings_its_answer_is_one_call() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    harness.get("").await;
    harness.post("/opened", &[], true).await;
    harness.calls();
    let fields = [("version", "0"), ("conflicts[c-go-live]", "0"), ("answers[go_live]", EARLY)];
    let saved = harness.post("/answers", &fields, true).await;
    assert_eq!((saved.status, harness.calls()), (StatusCode::OK, 1));
    assert_eq!(saved.json(), serde_json::json!({"version": 1}));
    let stored = harness.stored().await;
    assert_eq!((settled(&stored), go_live(&stored).as_deref()), (Some(&Settlement::Version(0)), Some(EARLY)));
    let promise = [("version", "1"), ("promises[p-price]", "drop")];
    assert_eq!(harness.post("/answers", &promise, true).await.status, StatusCode::OK);
    assert_eq!(harness.calls(), 1);
}

#[tokio::test]
async fn a_choice_alone_tells_the_answer_that_follows() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let saved = harness.post("/answers", &[("version", "0"), ("conflicts[c-go-live]", "0")], true).await;
    assert_eq!(saved.json(), serde_json::json!({"version": 1, "answers": {"go_live": EARLY}}));
    let back = harness.post("/answers", &[("version", "1"), ("conflicts[c-go-live]", "")], true).await;
    assert_eq!(back.json()["answers"]["go_live"], DRAFTED);
    assert_eq!(settled(&harness.stored().await), None);
    let unattached = harness.post("/answers", &[("version", "2"), ("conflicts[c-sites]", "1")], true).await;
    assert_eq!(unattached.json(), serde_json::json!({"version": 3}));
}

#[tokio::test]
async fn without_script_the_whole_page_is_sent_and_typed_words_stay() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let page = |answer: &'static str, choice: &'static str| {
        [
            ("answers[go_live]", answer),
            ("conflicts[c-go-live]", choice),
            ("conflicts[c-sites]", ""),
            ("promises[p-price]", "drop"),
            ("promises[p-training]", "drop"),
            ("promises[p-training]", "keep"),
        ]
    };
    let send = |version: &'static str, fields: [(&'static str, &'static str); 6]| {
        let fields = [&[("version", version)][..], &fields].concat();
        let harness = &harness;
        async move { harness.post("/answers", &fields, false).await.status }
    };
    assert_eq!(send("0", page(DRAFTED, "0")).await, StatusCode::SEE_OTHER);
    let stored = harness.stored().await;
    assert_eq!(go_live(&stored).as_deref(), Some(EARLY));
    assert_eq!(stored.dropped_promises, [PromiseId::parse("p-price").unwrap()].into());
    let shown = harness.get_fresh().await.body;
    assert!(shown.contains("As you settled it") && shown.contains("1 point where sources disagree"));
    assert_eq!(send("1", page("Not before Easter", "1")).await, StatusCode::SEE_OTHER);
    let stored = harness.stored().await;
    assert_eq!(go_live(&stored).as_deref(), Some("Not before Easter"));
    assert_eq!(settled(&stored), Some(&Settlement::Version(1)));
}

#[tokio::test]
async fn choices_that_are_gone_are_named_and_nothing_typed_is_lost() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let fields = [
        ("version", "0"),
        ("conflicts[c-go-live]", "7"),
        ("conflicts[gone]", "0"),
        ("promises[gone]", "drop"),
        ("promises[p-price]", "drop"),
        ("note", "Typed"),
    ];
    let json = harness.post("/answers", &fields, true).await;
    assert_eq!(json.status, StatusCode::UNPROCESSABLE_ENTITY);
    let json = json.json();
    for field in ["conflicts[c-go-live]", "conflicts[gone]", "promises[gone]"] {
        assert!(json["errors"][field].is_string(), "{field}");
    }
    let page = harness.post("/answers", &fields, false).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("Typed") && page.body.contains("href=\"#conflict-c-go-live\""));
    assert!(!page.body.contains(
        "id=\"promise-p-price\" type=\"checkbox\" name=\"promises[p-price]\" value=\"keep\" checked"
    ));
    assert_eq!(harness.stored().await.version, 0);
}

#[tokio::test]
async fn a_stale_form_keeps_choices_and_shows_the_stored_ones() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let first = [("version", "0"), ("conflicts[c-go-live]", "neither"), ("promises[p-price]", "drop")];
    harness.post("/answers", &first, true).await;
    let stale = [("version", "0"), ("conflicts[c-go-live]", "1"), ("promises[p-price]", "keep")];
    let json = harness.post("/answers", &stale, true).await;
    assert_eq!(json.status, StatusCode::CONFLICT);
    assert_eq!(json.json()["conflicts"], serde_json::json!({"c-go-live": "neither"}));
    assert_eq!(json.json()["promises"], serde_json::json!({"p-price": "drop"}));
    let page = harness.post("/answers", &stale, false).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    for words in [
        "id=\"conflict-c-go-live-1\" type=\"radio\" name=\"conflicts[c-go-live]\" value=\"1\" checked",
        "data-conflict=\"conflicts[c-go-live]\" data-stored=\"[&quot;neither&quot;]\"",
        "data-conflict=\"promises[p-price]\" data-stored=\"[&quot;drop&quot;]\"",
        "value=\"keep\" checked",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert_eq!(settled(&harness.stored().await), Some(&Settlement::Neither));
}

#[tokio::test]
async fn a_submit_freezes_choices_and_carries_them_to_the_csm() {
    let harness = Harness::with_findings(Some(DRAFTED)).await;
    let fields = [
        ("version", "0"),
        ("csm", "cora"),
        ("conflicts[c-go-live]", "0"),
        ("answers[go_live]", DRAFTED),
        ("promises[p-price]", "drop"),
    ];
    assert_eq!(harness.post("/submit", &fields, false).await.status, StatusCode::SEE_OTHER);
    let stored = harness.stored().await;
    let submission = stored.submission.as_ref().unwrap();
    assert_eq!(submission.answers[&QuestionId::parse("go_live").unwrap()].value.to_plain_text(), EARLY);
    assert_eq!(submission.dropped_promises.len(), 1);
    let receipt = harness.get_fresh().await.body;
    for words in
        ["2 February 2027 (not Mid March)", "Left open", "Two days of training", "One promise was left out"]
    {
        assert!(receipt.contains(words), "{words}");
    }
    assert!(!receipt.contains("The price stays the same"));
}
