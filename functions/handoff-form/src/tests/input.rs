//! Saving, conflicts, and the strings that break other people's software.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_runtime::Environment;

const NOTE: &str = "name=\"note\"";

#[tokio::test]
async fn a_save_is_one_call_and_the_next_page_shows_it() {
    let harness = Harness::start(None).await;
    harness.post("/opened", &[], true).await;
    harness.calls();
    let fields = [("version", "0"), ("answers[risks]", "The COO leaves"), ("csm", "cora")];
    let first = harness.post("/answers", &fields, true).await;
    assert_eq!(
        (first.status, first.json()["version"].as_u64(), harness.calls()),
        (StatusCode::OK, Some(1), 2)
    );
    let second = harness.post("/answers", &[("version", "1"), ("note", "Hm")], true).await;
    assert_eq!((second.json()["version"].as_u64(), harness.calls()), (Some(2), 1));
    assert!(second.header("set-cookie").starts_with("__Host-fresh=1; Path=/; Max-Age=60; HttpOnly"));
    let page = harness.get_fresh().await.body;
    assert!(page.contains("The COO leaves") && page.contains("value=\"cora\" checked"));
    assert!(harness.stored().await.opened_at.is_some());
    let form = harness.post("/answers", &[("version", "2"), ("note", "")], false).await;
    assert_eq!((form.status, form.header("location")), (StatusCode::SEE_OTHER, harness.path("").as_str()));
}

#[tokio::test]
async fn a_version_that_no_handoff_reaches_is_refused() {
    let harness = Harness::start(None).await;
    let fields = [("version", "18446744073709551615"), ("note", "x")];
    for route in ["/answers", "/submit", "/redraft"] {
        assert_eq!(harness.post(route, &fields, true).await.status, StatusCode::BAD_REQUEST, "{route}");
    }
}

#[tokio::test]
async fn a_stale_save_loses_neither_text() {
    let harness = Harness::start(Some("Drafted")).await;
    harness
        .post("/answers", &[("version", "0"), ("answers[risks]", "From tab one"), ("note", "N1")], true)
        .await;
    let stale = [("version", "0"), ("answers[risks]", "From tab two"), ("note", "N2")];
    let json = harness.post("/answers", &stale, true).await;
    assert_eq!(json.status, StatusCode::CONFLICT);
    assert_eq!(json.json()["version"], 1);
    assert_eq!(json.json()["answers"]["risks"], "From tab one");
    let page = harness.post("/answers", &stale, false).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    for words in ["From tab one", "From tab two", "N1", "N2", "name=\"version\" value=\"1\""] {
        assert!(page.body.contains(words), "{words}");
    }
    let submit = harness.post("/submit", &[&stale[..], &[("csm", "cora")]].concat(), false).await;
    assert_eq!(submit.status, StatusCode::CONFLICT);
    assert!(submit.body.contains("From tab one") && submit.body.contains("From tab two"));
    assert_eq!(harness.stored().await.note, "N1");
}

#[tokio::test]
async fn what_cannot_be_kept_is_named_by_field() {
    let harness = Harness::start(None).await;
    let long = "x".repeat(20 * 1024 + 1);
    let fields =
        [("version", "0"), ("answers[risks]", long.as_str()), ("answers[nothing]", "?"), ("note", "kept")];
    let json = harness.post("/answers", &fields, true).await;
    assert_eq!(json.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(json.json()["errors"]["answers[risks]"].as_str().unwrap().contains("too long"));
    assert!(json.json()["errors"]["answers[nothing]"].is_string());
    let page = harness.post("/answers", &fields, false).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains(&long) && page.body.contains("href=\"#q-risks\"") && page.body.contains("kept")
    );
    assert_eq!(harness.stored().await.version, 0);
}

#[tokio::test]
async fn an_opening_is_noted_once_a_person_touches_the_page() {
    let harness = Harness::start(None).await;
    assert_eq!(harness.post("/opened", &[], true).await.status, StatusCode::NO_CONTENT);
    let first = harness.stored().await.opened_at;
    assert!(first.is_some());
    harness.advance_days(1);
    assert_eq!(harness.post("/opened", &[], true).await.status, StatusCode::NO_CONTENT);
    assert_eq!(harness.stored().await.opened_at, first);
}

/// The strings of the shared test data; none, with a word about it, where they are not at hand.
fn hostile_strings() -> Vec<String> {
    let environment = Environment::from_process();
    let Some(folder) = environment.get("TEST_DATA_DIR") else {
        #[allow(clippy::print_stderr, reason = "says why a test did nothing")]
        {
            eprintln!("skipped: TEST_DATA_DIR is not set");
        }
        return Vec::new();
    };
    let read = |name: &str| -> serde_json::Value {
        let path = std::path::Path::new(folder).join("vectors").join(name);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    let mut strings = Vec::new();
    collect(&read("naughty-strings.json"), &mut strings);
    collect(&read("html-xss-payloads.json")["cases"], &mut strings);
    strings
}

fn collect(value: &serde_json::Value, strings: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => strings.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| collect(item, strings)),
        _ => {}
    }
}

fn note_of(page: &str) -> String {
    let field = page.split_once(NOTE).unwrap().1;
    let text = field.split_once('>').unwrap().1.split_once("</textarea>").unwrap().0;
    let text = text.strip_prefix('\n').unwrap();
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[tokio::test]
async fn hostile_strings_are_kept_and_shown_as_text() {
    let strings = hostile_strings();
    let harness = Harness::start(Some("Drafted")).await;
    let markers = harness.get("").await.body;
    let count = |page: &str, what: &str| page.to_lowercase().matches(what).count();
    let (scripts, forms) = (count(&markers, "<script"), count(&markers, "<form"));
    for (version, text) in strings.iter().enumerate() {
        let version = version.to_string();
        let fields = [
            ("version", version.as_str()),
            ("answers[risks]", text),
            ("answers[go_live]", text),
            ("note", text),
            ("csm", "placeholder"),
            ("csm_name", text),
            ("csm_email", text),
        ];
        let saved = harness.post("/answers", &fields, true).await;
        if saved.status == StatusCode::UNPROCESSABLE_ENTITY {
            let short = [&fields[..4], &[("csm", "")]].concat();
            assert_eq!(harness.post("/answers", &short, true).await.status, StatusCode::OK, "{text:?}");
        } else {
            assert_eq!(saved.status, StatusCode::OK, "{text:?}");
        }
        let page = harness.get_fresh().await.body;
        assert_eq!((count(&page, "<script"), count(&page, "<form")), (scripts, forms), "{text:?}");
        assert!(!page.contains("<img") && !page.contains("<iframe"), "{text:?}");
        assert_eq!(note_of(&page), text.replace("\r\n", "\n"));
        let refused = harness.post("/answers", &[("version", "x"), ("note", text)], false).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    }
}
