//! The routes as `interface.md` of the product promises them, over an embedded table.

mod aside;
mod documents;
mod harness;
mod input;
mod plan;
mod redraft;
mod settle;
mod submit;
mod turns;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use handoff_domain::handoff::HandoffState;
use handoff_testing::fixtures;
use harness::{Answer, Harness};

#[tokio::test]
async fn the_form_is_read_in_one_call_and_reading_changes_nothing() {
    let harness = Harness::start(Some("Drafted words")).await;
    let before = harness.table.dump().await;
    let page = harness.get("").await;
    assert_eq!((page.status, harness.calls()), (StatusCode::OK, 1));
    for words in [
        "Hand over Acme Health",
        "Drafted words",
        "48,000 USD",
        "Cora Lind",
        "8 of 8 drafted",
        "cut no-shows",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(page.body.len() < 60_000, "{}", page.body.len());
    let head = harness.request(Request::head(harness.path("")).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(harness.get("/sources/note-77").await.status, StatusCode::OK);
    assert_eq!(before, harness.table.dump().await);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let harness = Harness::start(None).await;
    for page in [
        harness.get("").await,
        harness.get("/nothing").await,
        harness.post("/answers", &[], true).await,
        harness.post("/opened", &[], true).await,
        harness.post("/answers", &[("version", "0"), ("note", "x")], false).await,
    ] {
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
        assert!(page.header("strict-transport-security").contains("includeSubDomains"));
        assert!(page.header("content-type").ends_with("charset=utf-8"), "{}", page.header("content-type"));
    }
    let form = harness.get("").await.body;
    let style = form.split("href=\"").find_map(|part| part.strip_prefix("/assets/")?.split_once(".css\""));
    let url = format!("/assets/{}.css", style.unwrap().0);
    let asset = harness.request(Request::get(url).body(Body::empty()).unwrap()).await;
    assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(asset.header("content-security-policy"), "default-src 'none'");
}

#[tokio::test]
async fn wrong_methods_and_addresses_get_fixed_pages() {
    let harness = Harness::start(None).await;
    let wrong = harness.request(Request::delete(harness.path("")).body(Body::empty()).unwrap()).await;
    assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    let wrong = harness.request(Request::get(harness.path("/submit")).body(Body::empty()).unwrap()).await;
    assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    let health = harness.request(Request::get("/health").body(Body::empty()).unwrap()).await;
    assert_eq!((health.status, health.body.as_str()), (StatusCode::OK, "ok"));
}

fn alike(one: &Answer, two: &Answer, what: &str) {
    assert_eq!(one.status, two.status, "{what}");
    assert_eq!(one.headers, two.headers, "{what}");
    assert_eq!(one.body, two.body, "{what}");
}

#[tokio::test]
async fn wrong_tokens_cannot_be_told_from_unknown_ones() {
    let harness = Harness::start(Some("Secret")).await;
    let token = harness.token.reveal();
    let organization = &harness.token.organization;
    let other = handoff_domain::id::AccountId::parse("d9").unwrap();
    let foreign_key = handoff_domain::link::LinkKey::new("another key of at least 32 bytes").unwrap();
    let variants = [
        fixtures::link_key().handoff_token(organization, &other, 1).reveal(),
        foreign_key.handoff_token(organization, &harness.token.account, 1).reveal(),
        format!("{token}A"),
        format!("{token}="),
        format!("{token}%00"),
        format!("{token}%3Fx=1"),
        format!("{token};a=b"),
        format!("%25{token}"),
        token.to_uppercase(),
        "..%2f..%2fetc".to_owned(),
        "%FF".to_owned(),
        "'%20OR%201=1--".to_owned(),
        "*".to_owned(),
        "undefined".to_owned(),
        "-1".to_owned(),
        "k7vJ2mB0nqXo4T1yU9sW3eR6zP8dC5fGhLaQxMiN_-4".to_owned(),
        "A".repeat(44),
        String::new(),
    ];
    let before = harness.table.dump().await;
    for method in ["GET", "HEAD", "POST"] {
        let mut first: Option<Answer> = None;
        for variant in &variants {
            let rest = if method == "POST" { "/submit" } else { "" };
            let request = Request::builder()
                .method(method)
                .uri(format!("/handoff/{variant}{rest}"))
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = harness.request(request.body(Body::from("csrf=x&version=0")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {variant}");
            match &first {
                Some(first) => alike(first, &answer, &format!("{method} {variant}")),
                None => first = Some(answer),
            }
        }
    }
    assert_eq!(before, harness.table.dump().await);
}

#[tokio::test]
async fn a_post_needs_our_origin_and_our_proof() {
    let harness = Harness::start(None).await;
    let csrf = fixtures::link_key().csrf(&harness.token);
    let post = |origin: &'static str, body: String| {
        let request = Request::post(harness.path("/answers"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", origin);
        harness.request(request.body(Body::from(body)).unwrap())
    };
    let good = format!("csrf={csrf}&version=0&note=x");
    assert_eq!(post("https://evil.test", good.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post(harness::BASE, "version=0&note=x".into()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post(harness::BASE, format!("csrf={csrf}&note=x")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(harness.stored().await.version, 0);
    assert_eq!(post(harness::BASE, good).await.status, StatusCode::SEE_OTHER);
    let request = Request::post(harness.path("/answers")).header("content-type", "application/json");
    assert_eq!(
        harness.request(request.body(Body::from("{}")).unwrap()).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let request = Request::post(harness.path("/answers")).header("content-length", "9999999");
    assert_eq!(
        harness.request(request.body(Body::empty()).unwrap()).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn an_expired_link_says_so_and_mails_a_fresh_one_once() {
    let harness = Harness::start(Some("x")).await;
    harness.post("/answers", &[("version", "0"), ("note", "Kept")], true).await;
    harness.advance_days(30);
    let page = harness.get("").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("Mail me a fresh link"));
    let late = harness.post("/answers", &[("version", "1"), ("note", "Typed too late")], false).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("Typed too late") && late.body.contains("Mail me a fresh link"));
    for _ in 0..2 {
        assert_eq!(harness.post("/renew", &[], false).await.status, StatusCode::SEE_OTHER);
    }
    let stored = harness.stored().await;
    assert_eq!((stored.link.unwrap().generation, stored.renewals, stored.note.as_str()), (2, 1, "Kept"));
    let replaced = harness.get_fresh().await;
    assert_eq!(replaced.status, StatusCode::GONE);
    assert!(replaced.body.contains("There is a newer link"));
    assert_eq!(harness.owed().await, ["handoff_link_renewed"]);
    assert!(!harness.table.dump().await.contains(&harness.token.reveal()));
}

#[tokio::test]
async fn a_skipped_handoff_says_so() {
    let harness = Harness::with(Some("x"), true, |handoff| handoff.state = HandoffState::Skipped).await;
    let page = harness.get("").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.body.contains("This handoff is closed"));
    let json = harness.post("/answers", &[("version", "0"), ("note", "x")], true).await;
    assert_eq!((json.status, json.json()["error"].as_str()), (StatusCode::GONE, Some("skipped")));
}

#[tokio::test]
async fn the_sample_events_reach_the_routes() {
    let harness = Harness::start(None).await;
    for (event, method) in [
        (include_str!("../../../events/handoff-form/get-form.json"), "GET"),
        (include_str!("../../../events/handoff-form/post-answers.json"), "POST"),
    ] {
        let request = lambda_http::request::from_str(event).unwrap().map(Body::new);
        assert_eq!(request.method(), method);
        // The samples hold a token that no key ever made.
        assert_eq!(harness.request(request).await.status, StatusCode::NOT_FOUND);
    }
}
