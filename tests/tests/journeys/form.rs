//! The AE's page: saving, two tabs, new drafts, submitting twice.

use crate::rig::{Street, deal};
use reqwest::StatusCode;
use serde_json::json;

async fn invited() -> (Street, String, String) {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    (street, link, csrf)
}

#[tokio::test]
async fn what_is_typed_is_saved_and_shown_again() {
    let (street, link, csrf) = invited().await;
    let save = format!("{link}/answers");
    let fields =
        [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "First <b>thought</b> & more")];
    let (status, answer) = street.post_as_script(&save, &fields).await;
    assert_eq!((status, &answer["version"]), (StatusCode::OK, &json!(1)), "{answer}");
    let page = street.get(&link).await;
    assert!(page.html.contains("First &lt;b&gt;thought&lt;/b&gt; &amp; more"));
    let button = street.post(&save, &[("csrf", &csrf), ("version", "1"), ("note", "A word")]).await;
    assert_eq!((button.status, button.location), (StatusCode::SEE_OTHER, Some(link.clone())));
    assert!(street.get(&link).await.html.contains("A word"));
}

#[tokio::test]
async fn two_tabs_lose_nothing() {
    let (street, link, csrf) = invited().await;
    let save = format!("{link}/answers");
    let one = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "from the first tab")];
    assert_eq!(street.post_as_script(&save, &one).await.0, StatusCode::OK);
    let two = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "from the second tab")];
    let (status, held) = street.post_as_script(&save, &two).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(held["version"], 1);
    assert_eq!(held["answers"]["risks"], "from the first tab", "{held}");
    for path in [save.clone(), format!("{link}/submit")] {
        let mut fields = two.to_vec();
        fields.push(("csm", "grace-lin"));
        let page = street.post(&path, &fields).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert!(
            page.html.contains("from the first tab") && page.html.contains("from the second tab"),
            "{path}"
        );
    }
    assert!(street.mails_of("handoff_received").await.is_empty());
}

#[tokio::test]
async fn a_double_submit_answers_twice_and_happens_once() {
    let (street, link, csrf) = invited().await;
    let submit = format!("{link}/submit");
    let first =
        [("csrf", csrf.as_str()), ("version", "0"), ("csm", "grace-lin"), ("answers[risks]", "first")];
    let other =
        [("csrf", csrf.as_str()), ("version", "0"), ("csm", "mateo-rossi"), ("answers[risks]", "second")];
    let (a, b) = tokio::join!(street.post(&submit, &first), street.post(&submit, &other));
    let again = street.post(&submit, &other).await;
    assert_eq!(
        (a.status, b.status, again.status),
        (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
    );
    street.settle().await;
    assert_eq!(street.mails_of("handoff_received").await.len(), 1);
    assert_eq!(street.mails_of("handoff_receipt").await.len(), 1);
    let late = street.post_as_script(&format!("{link}/answers"), &first).await;
    assert_eq!(late.0, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_required_answer_or_a_csm_that_is_missing_is_named_and_nothing_typed_is_lost() {
    let (street, link, csrf) = invited().await;
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", "0"),
        ("answers[top_goals]", "  "),
        ("answers[why_us]", "typed just now"),
    ];
    let page = street.post(&format!("{link}/submit"), &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("typed just now"));
    assert!(page.html.contains("choose a CSM"), "{}", page.html);
    let strange = [("csrf", csrf.as_str()), ("version", "0"), ("csm", "robin-nobody")];
    assert_eq!(
        street.post(&format!("{link}/submit"), &strange).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let admin = [("csrf", csrf.as_str()), ("version", "0"), ("csm", "admin")];
    assert_eq!(street.post(&format!("{link}/submit"), &admin).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_placeholder_csm_tells_the_admin() {
    let (street, link, _) = invited().await;
    let done = street
        .submit(&link, "placeholder", &[("csm_name", "Kim Novak"), ("csm_email", "kim@example.com")])
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    street.settle().await;
    assert!(street.mails_of("handoff_received").await.is_empty());
    let [told] = street.mails_of("handoff_escalated").await.try_into().unwrap();
    assert!(told["text"].as_str().unwrap().contains("Kim Novak"), "{told}");
}

#[tokio::test]
async fn a_new_draft_keeps_what_was_edited_and_is_limited() {
    let (street, link, csrf) = invited().await;
    let edit = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "mine, not the machine's")];
    street.post(&format!("{link}/answers"), &edit).await;
    let context = "We promised a go-live on 2 February 2027 to their COO.";
    let ask = [("csrf", csrf.as_str()), ("context", context)];
    for round in 0..5 {
        let asked = street.post(&format!("{link}/redraft"), &ask).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "round {round}: {}", asked.html);
        street.settle().await;
    }
    let page = street.get(&link).await;
    assert!(
        page.html.contains("mine, not the machine&#39;s") || page.html.contains("mine, not the machine's")
    );
    assert_eq!(page.field("version"), "1", "a redraft is no save");
    let sixth = street.post(&format!("{link}/redraft"), &ask).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn forms_from_elsewhere_and_without_proof_are_refused() {
    let (street, link, csrf) = invited().await;
    let before = street.json("/local/table.json").await;
    let save = format!("{link}/answers");
    let without = street.post(&save, &[("version", "0"), ("answers[risks]", "x")]).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let body = format!("csrf={csrf}&version=0&answers%5Brisks%5D=x");
    for (name, value) in [("origin", "https://evil.test"), ("sec-fetch-site", "cross-site")] {
        let call =
            street.http.post(street.url(&save)).header("content-type", "application/x-www-form-urlencoded");
        let answer = call.header(name, value).body(body.clone()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(street.json("/local/table.json").await, before);
}
