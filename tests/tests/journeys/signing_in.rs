//! Signing in by mail through the whole street: the page, the outbox, the mail, the session, and what ends it.

use crate::rig::{Page, Street};
use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};
use std::collections::BTreeMap;

/// A browser of its own: the cookies that it was given.
#[derive(Default)]
struct Browser(BTreeMap<String, String>);

impl Browser {
    async fn send(&mut self, call: reqwest::RequestBuilder) -> Page {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = call.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.0.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
        Page { status: answer.status(), location, html: answer.text().await.unwrap() }
    }

    async fn get(&mut self, street: &Street, path: &str) -> Page {
        self.send(street.http.get(street.url(path))).await
    }

    async fn post(&mut self, street: &Street, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(street.form(path, fields)).await
    }

    async fn ask(&mut self, street: &Street, email: &str) -> Page {
        let csrf = self.get(street, "/sign-in").await.field("csrf");
        self.post(street, "/sign-in", &[("csrf", &csrf), ("email", email), ("then", "/help")]).await
    }
}

async fn mailed_link(street: &Street) -> String {
    let mail = street.mails_of("sign_in").await.pop().expect("a mail");
    let text = mail["text"].as_str().unwrap();
    text[text.find("/sign-in/").unwrap()..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_mailed_link_opens_a_session_once_and_time_ends_both() {
    let street = Street::open().await;
    let mut stranger = Browser::default();
    assert_eq!(stranger.ask(&street, "nobody@example.com").await.status, StatusCode::SEE_OTHER);
    let mut browser = Browser::default();
    assert_eq!(browser.ask(&street, "admin@example.com").await.status, StatusCode::SEE_OTHER);
    street.settle().await;
    assert_eq!(street.mails_of("sign_in").await.len(), 1, "strangers get no mail");
    let link = mailed_link(&street).await;
    let csrf = browser.get(&street, &link).await.field("csrf");
    let entered = browser.post(&street, &link, &[("csrf", &csrf)]).await;
    assert_eq!((entered.status, entered.location.as_deref()), (StatusCode::SEE_OTHER, Some("/help")));
    assert!(browser.get(&street, "/help").await.html.contains("Robin Admin"));
    assert_eq!(stranger.get(&street, &link).await.status, StatusCode::GONE, "once");
    street.advance(13 * 3600).await;
    assert_eq!(browser.get(&street, "/help").await.status, StatusCode::SEE_OTHER, "nobody used it");

    browser.ask(&street, "admin@example.com").await;
    street.settle().await;
    let late = mailed_link(&street).await;
    street.advance(601).await;
    assert_eq!(browser.get(&street, &late).await.status, StatusCode::GONE, "ten minutes");
}

/// What the table was asked for by one wish to sign in, by operation.
async fn asked_of_the_table(street: &Street, email: &str) -> BTreeMap<String, u64> {
    let mut browser = Browser::default();
    let csrf = browser.get(street, "/sign-in").await.field("csrf");
    street.settle().await;
    street.post_json("/local/calls/reset", &serde_json::json!({})).await;
    let asked =
        browser.post(street, "/sign-in", &[("csrf", &csrf), ("email", email), ("then", "/help")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let counts = street.json("/local/calls.json").await;
    let operations = counts["services"]["dynamodb"].as_object().unwrap();
    operations.iter().map(|(name, one)| (name.clone(), one["calls"].as_u64().unwrap())).collect()
}

#[tokio::test]
async fn known_and_unknown_addresses_ask_the_same_of_the_table() {
    let street = Street::open().await;
    let (known, unknown) = (
        asked_of_the_table(&street, "admin@example.com").await,
        asked_of_the_table(&street, "nobody@example.com").await,
    );
    // The known one's mail may be under way already: its sender claims, reads and settles.
    for operation in ["Query", "UpdateItem", "BatchGetItem", "DeleteItem"] {
        assert_eq!(known.get(operation), unknown.get(operation), "{operation}: {known:?} {unknown:?}");
    }
    assert_eq!(unknown.get("TransactWriteItems"), Some(&1), "{unknown:?}");
    assert!(known.get("TransactWriteItems") >= Some(&1), "{known:?}");
    assert!(unknown.contains_key("Query") && unknown.contains_key("UpdateItem"), "{unknown:?}");
}
