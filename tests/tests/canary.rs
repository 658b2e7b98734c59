//! I18: unique marks in everything that anybody can type, send or be given, and none of them in a log, a span or a metric, not at the
//! finest level and not when things go wrong. One program of its own, because it listens to all that this process tells.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a test program"
)]

#[path = "journeys/rig.rs"]
mod rig;

use handoff_local::Options;
use handoff_runtime::logs::is_ours;
use handoff_runtime::metrics;
use rig::{Street, deal};
use serde_json::json;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

#[derive(Debug, Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Heard {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that is told, spans with all their fields too, finer than any function tells it.
fn listen() -> (Heard, Heard) {
    let (logs, numbers) = (Heard::default(), Heard::default());
    let out = logs.clone();
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || out.clone())
        .with_filter(filter_fn(is_ours).and(LevelFilter::TRACE));
    tracing_subscriber::registry().with(lines).init();
    metrics::init("Canary", numbers.clone());
    (logs, numbers)
}

/// A mark that stands nowhere else.
struct Marks(Vec<String>);

impl Marks {
    fn make(&mut self, what: &str) -> String {
        let mark = format!("cnry{}{what}", self.0.len());
        self.0.push(mark.clone());
        mark
    }

    /// A thing that was given, not typed: a token, a cookie, a proof.
    fn keep(&mut self, given: &str) {
        assert!(given.len() > 12, "{given} would be found by chance");
        self.0.push(given.to_owned());
    }
}

fn secret_of(link: &str) -> String {
    link.rsplit('/').next().unwrap().to_owned()
}

async fn story(street: &Street, marks: &mut Marks) {
    let by_hand = json!({
        "company": marks.make("company"), "ae": format!("{}@northwind.example", marks.make("ae")),
        "contacts": format!("{}, Boss, {}@acme.test", marks.make("contact"), marks.make("address")),
        "website": format!("https://{}.acme.example", marks.make("website")), "industry": marks.make("industry"),
        "raw_payload": format!("Meeting notes\n- Go-live in May. {}", marks.make("payload")),
    });
    street.post_json("/local/accounts", &by_hand).await;
    street.settle().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    marks.keep(&secret_of(&link));
    let form = street.get(&link).await;
    let csrf = form.field("csrf");
    marks.keep(&csrf);
    let (risk, note) = (marks.make("answer"), marks.make("note"));
    let version = form.field("version");
    let fields = [("csrf", csrf.as_str()), ("version", &version), ("answers[risks]", &risk), ("note", &note)];
    street.post_as_script(&format!("{link}/answers"), &fields).await;
    let version = street.get(&link).await.field("version");
    let (context, word) = (marks.make("context"), marks.make("word"));
    let asked =
        [("csrf", csrf.as_str()), ("version", &version), ("question", "risks"), ("context", &context)];
    street.post(&format!("{link}/redraft"), &asked).await;
    street.post(&format!("{link}/not-me"), &[("csrf", csrf.as_str()), ("word", &word)]).await;
    street.settle().await;
    let (name, address) = (marks.make("csmname"), format!("{}@northwind.example", marks.make("csm")));
    let placeholder = [("csm_name", name.as_str()), ("csm_email", address.as_str())];
    street.submit(&link, "placeholder", &placeholder).await;
    street.settle().await;

    let admin = street.sign_in("admin@example.com").await;
    for cookie in admin
        .cookies
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .filter(|(_, value)| value.len() > 12)
    {
        marks.keep(cookie.1);
    }
    let sign_in = street.mails_of("sign_in").await.pop().unwrap();
    let token = sign_in["text"]
        .as_str()
        .unwrap()
        .split("/sign-in/")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    marks.keep(token);
    let page = "/settings/integrations";
    let hook = format!("https://hooks.slack.com/services/T0/B0/{}", marks.make("slack"));
    let slack = [
        ("revision", "0"),
        ("hubspot", "note"),
        ("slack", "webhook"),
        ("slack_url", &hook),
        ("topic", "assigned"),
    ];
    admin.post(page, page, &slack).await;
    let endpoint = [
        ("revision".to_owned(), "1".to_owned()),
        ("name".to_owned(), marks.make("endpoint")),
        ("url".to_owned(), format!("https://receiver.example/{}", marks.make("path"))),
        ("fact".to_owned(), "account.assigned".to_owned()),
    ];
    let endpoint: Vec<(&str, &str)> =
        endpoint.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post(page, "/settings/integrations/endpoints", &endpoint).await;
    let account = format!("/accounts/d{}", deal::RICH);
    let (reason, text) = (marks.make("reason"), marks.make("csmnote"));
    admin.post(&account, &format!("{account}/notes"), &[("text", &text)]).await;
    admin
        .post(
            &format!("{account}/csm"),
            &format!("{account}/csm"),
            &[("csm", "grace-lin"), ("reason", &reason)],
        )
        .await;
    let back = marks.make("return");
    admin.post(&account, &format!("{account}/return"), &[("reason", &back)]).await;
    street.settle().await;
}

/// What strangers send.
async fn strangers(street: &Street, marks: &mut Marks) {
    let (path, query, agent) = (marks.make("path"), marks.make("query"), marks.make("agent"));
    let odd = street.http.get(street.url(&format!("/handoff/{path}?x={query}"))).header("user-agent", agent);
    odd.send().await.unwrap();
    let nowhere = marks.make("nowhere");
    street.get(&format!("/accounts/{nowhere}")).await;
    let body = marks.make("body");
    let forged = street.http.post(street.url("/webhooks/hubspot")).header("content-type", "application/json");
    forged.header("x-hubspot-signature-v3", marks.make("signature")).body(body).send().await.unwrap();
    street.deliver_raw(&format!("not json {}", marks.make("quarantine"))).await;
    let event = json!([{ "portalId": 62515, "objectId": marks.make("object"), "subscriptionType": marks.make("kind") }]);
    street.deliver(&event).await;
    let stranger = format!("{}@elsewhere.example", marks.make("stranger"));
    let asking = street.http.get(street.url("/sign-in")).send().await.unwrap();
    let cookie = asking.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let html = asking.text().await.unwrap();
    let csrf = html.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    marks.keep(&csrf);
    let ask = street.form("/sign-in", &[("csrf", &csrf), ("email", &stranger), ("then", "/accounts")]);
    ask.header("cookie", cookie).send().await.unwrap();
    street.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_anybody_typed_or_was_given_is_told_to_a_log_or_a_metric() {
    let (logs, numbers) = listen();
    let mut marks = Marks(Vec::new());
    let calm = Street::open_with(Options::for_tests()).await;
    Box::pin(story(&calm, &mut marks)).await;
    Box::pin(strangers(&calm, &mut marks)).await;
    for schedule in ["reminder-sweep", "outbox-sweep", "analytics-rollup", "deal-reconciliation"] {
        calm.run_schedule(schedule).await;
    }
    // The same strangers and senders while everything fails now and then.
    let faults = ["dynamodb", "sqs", "ses", "hubspot"]
        .map(|service| json!({ "service": service, "mode": "error", "probability": 0.5, "seed": 7 }));
    calm.faults(json!(faults)).await;
    let poison = marks.make("poison");
    for queue in ["intake", "drafting", "researched", "mail-events"] {
        calm.post_json(
            &format!("/local/queues/{queue}/messages"),
            &json!({ "type": poison, "text": poison }),
        )
        .await;
    }
    calm.post_json(&format!("/local/deals/{}/close", calm.deal("Contradictory").await), &json!({})).await;
    let link = calm.link("handoff_invitation").await;
    for _ in 0..6 {
        calm.get(&link).await;
        calm.get("/accounts").await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    calm.faults(json!([])).await;
    metrics::flush();
    let (told, counted) = (logs.text(), numbers.text());
    assert!(
        told.len() > 20_000 && told.contains("mail sent") && told.contains("ERROR"),
        "it listens: {}",
        told.len()
    );
    assert!(counted.contains("HandoffCreated"), "it counts: {counted}");
    let heard: Vec<&String> = marks
        .0
        .iter()
        .filter(|mark| told.contains(mark.as_str()) || counted.contains(mark.as_str()))
        .collect();
    let where_ = |mark: &String| told.lines().find(|line| line.contains(mark.as_str())).map(str::to_owned);
    assert!(marks.0.len() >= 35, "{}", marks.0.len());
    assert!(heard.is_empty(), "{:#?}", heard.iter().map(|mark| (mark, where_(mark))).collect::<Vec<_>>());
}
