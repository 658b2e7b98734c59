//! What similar customers named is counted beside the drafts, and nothing of theirs is shown.

use crate::by_hand::made;
use crate::rig::Street;
use reqwest::StatusCode;
use serde_json::json;

const CANARY: &str = "Zyxwvia";

async fn software(street: &Street, name: &str) -> String {
    let fields = json!({"company": name, "ae": "ana@example.com", "industry": "Computer software", "size": "51-200",
        "contacts": format!("{name} Person, CEO"), "raw_payload": format!("{name} asked for a quote.")});
    made(street, fields).await
}

#[tokio::test]
async fn what_similar_customers_named_is_a_suggestion_without_a_word_of_theirs() {
    let street = Street::open().await;
    for number in 1..=6 {
        software(&street, &format!("{CANARY} {number}")).await;
        let link = street.link("handoff_invitation").await;
        let pattern = street.get(&format!("{link}/sources/pattern-1")).await;
        assert_eq!(
            pattern.status == StatusCode::OK,
            number > 5,
            "of fewer than five others, one could be told"
        );
        let risks = format!("{CANARY} fears that the training of {CANARY}{number} takes long.");
        let note = format!("{CANARY} note");
        let answers = [
            ("answers[primary_use_case]", "Nothing to count."),
            ("answers[top_goals]", "Nothing to count."),
            ("answers[stakeholders]", "Nothing to count."),
            ("answers[risks]", risks.as_str()),
            ("note", note.as_str()),
        ];
        let done = street.submit(&link, "grace-lin", &answers).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
        street.settle().await;
    }
    software(&street, "Newcomer").await;
    let link = street.link("handoff_invitation").await;
    let pattern = street.get(&format!("{link}/sources/pattern-1")).await;
    assert_eq!(pattern.status, StatusCode::OK);
    assert!(pattern.html.contains("6 of 6 similar customers named training"), "{}", pattern.html);
    let form = street.get(&link).await;
    for page in [&pattern.html, &form.html] {
        assert!(!page.contains(CANARY), "{page}");
    }
    assert!(!form.html.contains("answers[risks]\" value=\"training"), "a suggestion is no answer");

    // Another industry has another history, and an unknown one none.
    let fields =
        json!({"company": "Elsewhere", "ae": "ana@example.com", "industry": "Retail", "size": "51-200"});
    made(&street, fields).await;
    let link = street.link("handoff_invitation").await;
    assert_eq!(street.get(&format!("{link}/sources/pattern-1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_query_is_made_where_industry_and_size_are_known() {
    let street = Street::open().await;
    street.post_json("/local/calls/reset", &json!({})).await;
    made(&street, json!({"company": "Small", "ae": "ana@example.com", "size": "51-200"})).await;
    let without = street.json("/local/calls.json").await["services"]["dynamodb"]["Query"]["calls"].clone();
    street.post_json("/local/calls/reset", &json!({})).await;
    made(
        &street,
        json!({"company": "Known", "ae": "ana@example.com", "size": "51-200", "industry": "Retail"}),
    )
    .await;
    let with = street.json("/local/calls.json").await["services"]["dynamodb"]["Query"]["calls"].clone();
    assert_eq!(
        with.as_u64().unwrap(),
        without.as_u64().unwrap() + 1,
        "one query, where industry and size are known"
    );
}
