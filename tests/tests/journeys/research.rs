//! The customer's website: read on the way, waited for a minute, and never believed beyond what it was asked.

use crate::rig::{Street, deal};
use handoff_local::{Options, Research};
use serde_json::{Value, json};
use std::time::Duration;

/// Longer than a handoff waits for its website, in seconds.
const WAIT: i64 = 70;

async fn street(research: Research) -> Street {
    Street::open_with(Options { research, ..Options::for_tests() }).await
}

/// Closes a deal without waiting for the message that ends the wait.
async fn close(street: &Street, deal: &str) {
    let closed = street.post_json(&format!("/local/deals/{deal}/close"), &json!({})).await;
    assert!(closed.status().is_success(), "{}", closed.status());
}

/// Asks until the answer is `Some`.
async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} did not come");
}

async fn invitation(street: &Street) -> String {
    until("the invitation", async || street.mails_of("handoff_invitation").await.pop()).await;
    street.link("handoff_invitation").await
}

/// The handoff once it waits for its website.
async fn waiting(street: &Street) -> Value {
    let asks =
        async || street.items("HANDOFF").await.into_iter().find(|item| item["research"]["M"].is_object());
    until("the question", asks).await
}

fn ticket(handoff: &Value) -> String {
    handoff["research"]["M"]["ticket"]["S"].as_str().unwrap().to_owned()
}

fn answer(account: &str, ticket: &str) -> Value {
    json!({
        "organization": "hs62515", "account": account, "ticket": ticket, "gaps": [],
        "pages": [{"host": "evil.example", "path": "/", "title": "Forged", "text": "Forged words.", "read_at": "2026-11-22T12:00:00Z"}],
    })
}

async fn send(street: &Street, queue: &str, message: &Value) {
    let sent = street.post_json(&format!("/local/queues/{queue}/messages"), message).await;
    assert!(sent.status().is_success(), "{}", sent.status());
}

/// All items of the accounts but their events, for comparing before and after.
async fn items(street: &Street) -> Vec<Value> {
    let table = street.json("/local/table.json").await;
    let is_account = |item: &&Value| {
        item["PK"]["S"].as_str().is_some_and(|pk| pk.contains("#A#d")) && item["kind"]["S"] != "event"
    };
    table.as_array().unwrap().iter().filter(is_account).cloned().collect()
}

async fn dead(street: &Street, count: u64) {
    let dead = async || (street.json("/local/queues").await["dead"] == count).then_some(());
    until("the dead letter", dead).await;
}

#[tokio::test]
async fn the_customers_website_is_among_the_sources_of_the_one_draft() {
    let street = street(Research::On).await;
    close(&street, deal::RICH).await;
    let link = invitation(&street).await;
    let form = street.get(&link).await.html;
    assert!(form.contains("About Brightwater"), "{form}");
    for number in 1..=4 {
        let page = street.get(&format!("{link}/sources/website-{number}")).await;
        assert!(page.status.is_success() && page.html.contains("www.brightwater.example"), "{}", page.html);
    }
    let home = street.get(&format!("{link}/sources/website-1")).await.html;
    assert!(
        home.contains("founded in 1961 in Portland") && home.contains("nobody in southern Maine"),
        "{home}"
    );
    assert!(!home.contains("Privacy"), "{home}");
    assert!(
        street.get(&format!("{link}/sources/website-5")).await.status.is_client_error(),
        "four were found"
    );

    // The end of the wait comes too late to matter.
    let before = items(&street).await;
    assert_ne!(street.json("/local/queues").await["pending"], 0, "the hint that ends the wait is on its way");
    street.advance(WAIT).await;
    street.settle().await;
    assert_eq!(items(&street).await, before);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}

#[tokio::test]
async fn a_website_that_wants_to_be_left_alone_is_told_as_a_gap() {
    let street = street(Research::On).await;
    let cobalt = until("the deal", async || {
        let deals = street.json("/local/deals").await;
        let found = deals
            .as_array()
            .unwrap()
            .iter()
            .find(|deal| deal["company"] == "Cobalt Ridge Logistics")
            .cloned();
        found.map(|deal| deal["id"].as_str().unwrap().to_owned())
    });
    close(&street, &cobalt.await).await;
    let form = street.get(&invitation(&street).await).await.html;
    assert!(form.contains("The website does not allow programs to read it"), "{form}");
}

#[tokio::test]
async fn a_website_that_nobody_reads_holds_a_handoff_for_a_minute_only() {
    let street = street(Research::Unanswered).await;
    close(&street, deal::RICH).await;
    let handoff = waiting(&street).await;
    assert!(handoff["claim"]["M"].is_null(), "nobody holds it while it waits: {handoff}");
    // HubSpot tells again meanwhile: nothing to do.
    assert_eq!(street.deliver(&json!([crate::rig::won(deal::RICH)])).await, 200);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(items(&street).await.len(), 1, "no drafts, no mails");
    assert_eq!(street.items("HANDOFF").await, std::slice::from_ref(&handoff));

    street.advance(WAIT).await;
    let link = invitation(&street).await;
    let form = street.get(&link).await.html;
    assert!(form.contains("The website did not answer in time"), "{form}");

    // The true answer, late and twice.
    let before = until("the mail", async || {
        let items = items(&street).await;
        (street.json("/local/queues").await["pending"] == 1).then_some(items)
    })
    .await;
    let late = answer(&format!("d{}", deal::RICH), &ticket(&handoff));
    send(&street, "researched", &late).await;
    send(&street, "researched", &late).await;
    until("the end of it", async || (street.json("/local/queues").await["pending"] == 1).then_some(())).await;
    assert_eq!(items(&street).await, before);
}

#[tokio::test]
async fn whoever_writes_into_the_researched_queue_can_answer_the_question_and_nothing_else() {
    let street = street(Research::Unanswered).await;
    close(&street, deal::RICH).await;
    let handoff = waiting(&street).await;
    let before = items(&street).await;
    let (rich, other) = (format!("d{}", deal::RICH), street.deal("Almost empty").await);
    // Another's ticket, an account that is not there, an organization that is not there.
    send(&street, "researched", &answer(&rich, "r-guessed")).await;
    send(&street, "researched", &answer(&format!("d{other}"), &ticket(&handoff))).await;
    let mut foreign = answer(&rich, &ticket(&handoff));
    foreign["organization"] = json!("hs1");
    send(&street, "researched", &foreign).await;
    // What the worker does for others it does not do for this queue; and answers count nowhere else.
    let hint = json!({"type": "deal_hint", "portal": 62515, "deal": other});
    send(&street, "researched", &hint).await;
    let mut dressed_up = answer(&rich, &ticket(&handoff));
    dressed_up["type"] = json!("researched");
    send(&street, "drafting", &dressed_up).await;
    dead(&street, 2).await;
    assert_eq!(items(&street).await, before);

    // The answer to the question counts, once: as pages of the website, whatever it would like to be.
    send(&street, "researched", &answer(&rich, &ticket(&handoff))).await;
    let link = invitation(&street).await;
    let source = street.get(&format!("{link}/sources/website-1")).await.html;
    assert!(source.contains("Forged words.") && source.contains("Website"), "{source}");
}

#[tokio::test]
async fn a_redraft_keeps_what_was_read() {
    let street = street(Research::On).await;
    close(&street, deal::RICH).await;
    let link = invitation(&street).await;
    let csrf = street.get(&link).await.field("csrf");
    let asked =
        street.post(&format!("{link}/redraft"), &[("csrf", &csrf), ("context", "They rang again.")]).await;
    assert!(asked.status.is_redirection(), "{}", asked.html);
    street.advance(WAIT).await;
    street.settle().await;
    assert!(street.get(&format!("{link}/sources/context-1")).await.status.is_success());
    assert!(street.get(&format!("{link}/sources/website-1")).await.status.is_success());
}

/// Calls to the outside until the invitation is on its way.
async fn calls_of(research: Research) -> (Value, Value) {
    let street = street(research).await;
    let empty = street.deal("Almost empty").await;
    street.settle().await;
    street.post_json("/local/calls/reset", &json!({})).await;
    street.close(&empty).await;
    let counts = street.json("/local/calls.json").await;
    let events = counts["services"]["dynamodb"]["GetItem"]["calls"].as_u64().unwrap_or(0);
    (json!(counts["aws_calls"].as_u64().unwrap() - events), counts["hubspot_calls"].clone())
}

#[tokio::test]
async fn a_deal_without_a_website_costs_not_one_call_more() {
    assert_eq!(calls_of(Research::On).await, calls_of(Research::Off).await);
}

#[tokio::test]
async fn with_research_off_nothing_is_asked_and_nothing_told() {
    let street = street(Research::Off).await;
    street.close(deal::RICH).await;
    let form = street.get(&street.link("handoff_invitation").await).await.html;
    assert!(!form.contains("website did not") && !form.contains("website-1"), "{form}");
    assert!(street.items("HANDOFF").await[0]["research"]["M"].is_null());
}
