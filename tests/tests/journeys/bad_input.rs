//! Nasty text in every field: escaped, kept, nothing broken.

use crate::rig::{Street, deal};
use reqwest::StatusCode;
use serde_json::Value;

/// A file of test data, when it is at hand: `TEST_DATA_DIR` or the folder beside the repository.
fn vectors(name: &str) -> Option<Value> {
    #[allow(clippy::disallowed_methods, reason = "a test's own setting")]
    let root = std::env::var("TEST_DATA_DIR")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let text = std::fs::read_to_string(format!("{root}/vectors/{name}")).ok();
    if text.is_none() {
        println!("skipped: {name} is not in TEST_DATA_DIR");
    }
    text.map(|text| serde_json::from_str(&text).unwrap())
}

fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|entry| strings(entry, into)),
        Value::Object(map) => map.values().for_each(|entry| strings(entry, into)),
        _ => {}
    }
}

#[tokio::test]
async fn nasty_strings_are_saved_shown_and_mailed_as_text() {
    let mut texts = Vec::new();
    for name in ["naughty-strings.json", "html-xss-payloads.json"] {
        let Some(value) = vectors(name) else { return };
        strings(&value, &mut texts);
    }
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    let fields = ["answers[risks]", "answers[go_live]", "note", "csm_name", "csm", "context"];
    for (index, text) in texts.iter().enumerate().step_by(3) {
        let version = street.get(&link).await.field("version");
        let field = fields[index % 3];
        let fields = [("csrf", csrf.as_str()), ("version", version.as_str()), (field, text.as_str())];
        let (status, answer) = street.post_as_script(&format!("{link}/answers"), &fields).await;
        assert!(
            status == StatusCode::OK || status == StatusCode::UNPROCESSABLE_ENTITY,
            "{status} {answer} for {text:?}"
        );
        let page = street.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_harmless(&page.html, text);
    }
    let done = street
        .submit(&link, "grace-lin", &[("note", &texts.join("\n")[..18_000.min(texts.join("\n").len())])])
        .await;
    assert!(
        [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY].contains(&done.status),
        "{}",
        done.status
    );
    street.settle().await;
    for mail in street.mails().await {
        assert_harmless(mail["html"].as_str().unwrap(), "a mail");
    }
}

/// No element that nobody of us wrote: scripts come from our own assets only, no handlers, no foreign addresses.
fn assert_harmless(html: &str, text: &str) {
    let lower = html.to_lowercase();
    for (at, _) in lower.match_indices("<script") {
        assert!(
            lower[at..].starts_with("<script src=\"/assets/")
                || lower[at..].starts_with("<script type=\"module\" src=\"/assets/")
                || lower[at..].starts_with("<script defer src=\"/assets/"),
            "{text:?}: {}",
            &html[at..(at + 80).min(html.len())]
        );
    }
    for bad in ["<iframe", "<svg onload", "<img src=x", "<object", "<embed"] {
        assert!(!lower.contains(bad), "{bad} for {text:?}");
    }
}

#[tokio::test]
async fn the_naughty_deal_becomes_a_readable_form() {
    let street = Street::open().await;
    let naughty = street.deal("Naughty").await;
    street.close(&naughty).await;
    let link = street.link("handoff_invitation").await;
    let page = street.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_harmless(&page.html, "the naughty deal");
}

#[tokio::test]
async fn an_injection_in_a_note_answers_no_question() {
    let street = Street::open().await;
    let hostile = street.deal("Hostile").await;
    street.close(&hostile).await;
    let page = street.get(&street.link("handoff_invitation").await).await;
    for (at, _) in page.html.match_indices("<textarea") {
        let field = page.html[at..].split("</textarea>").next().unwrap().to_lowercase();
        assert!(!field.contains("ignore all previous") && !field.contains("ignore previous"), "{field}");
    }
}
