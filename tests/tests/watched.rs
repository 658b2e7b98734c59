//! What an operator sees of one handoff: log lines under one correlation id, and metrics, with nothing personal in any of
//! them. A program of its own, because logs and metrics belong to the whole process.
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

use handoff_domain::id::{CorrelationId, DealId, OutboxId, PortalId};
use handoff_domain::outbox::OutboxKey;
use handoff_local::Options;
use handoff_runtime::{Environment, init_logs, invocation, metrics};
use rig::{Street, deal};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Lines that were written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Every line, which must be JSON by itself.
    fn read(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        self.text().lines().map(parse).collect()
    }
}

const NOTE: &str = "Pat was burnt by a rollout in 2023.";

/// From the webhook to the CSM's mail, with a stale delivery and a forged one in between.
async fn one_handoff(street: &Street) -> String {
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let (csrf, version) = {
        let form = street.get(&link).await;
        (form.field("csrf"), form.field("version"))
    };
    street.post(&format!("{link}/opened"), &[("csrf", &csrf)]).await;
    let emptied = [("csrf", csrf.as_str()), ("version", &version), ("csm", ""), ("answers[why_us]", "")];
    street.post(&format!("{link}/submit"), &emptied).await;
    let more = [("note", NOTE), ("answers[risks]", "Their COO leaves in March.")];
    street.submit(&link, "grace-lin", &more).await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_received").await.len(), 1);
    let forged = street.http.post(street.url("/webhooks/hubspot")).body("[]").send().await.unwrap();
    assert_eq!(forged.status(), 401);
    street.run_schedule("outbox-sweep").await;
    street.run_schedule("reminder-sweep").await;
    link
}

#[tokio::test]
async fn one_correlation_id_leads_through_all_functions_and_nothing_personal_is_told() {
    let (logs, measured) = (Lines::default(), Lines::default());
    let writer = logs.clone();
    init_logs(move || writer.clone(), None);
    metrics::init("Handoff/test", measured.clone());

    let street = Street::open_with(Options::for_tests()).await;
    let link = one_handoff(&street).await;
    complain().await;

    let [handoff] = street.items("HANDOFF").await.try_into().unwrap();
    let correlation = handoff["correlation"]["S"].as_str().unwrap();
    assert!(correlation.parse::<CorrelationId>().is_ok());
    let lines = logs.read();
    let on_the_way: Vec<&Value> =
        lines.iter().filter(|line| line["span"]["correlation"] == correlation).collect();
    for function in ["hubspot_webhook", "drafting_worker", "email_sender", "handoff_form", "mail_events"] {
        let told = |line: &&&Value| line["target"].as_str().unwrap().starts_with(function);
        assert!(on_the_way.iter().any(|line| told(&line)), "{function} says nothing: {}", logs.text());
    }
    for message in ["delivery received", "drafted", "mail sent", "handed over", "mail confirmed"] {
        assert!(on_the_way.iter().any(|line| line["message"] == message), "{message}: {}", logs.text());
    }

    emitted(&measured.read());
    let (told, token) = (format!("{}{}", logs.text(), measured.text()), link.rsplit('/').next().unwrap());
    for personal in ["@", "Brightwater", "Grace", "grace-lin", "COO", NOTE, token, "Bearer", rig::SECRET] {
        assert!(!told.contains(personal), "{personal} in {told}");
    }
}

/// Everything that this journey makes happen is counted, under names and dimensions that are fixed.
fn emitted(documents: &[Value]) {
    let mut seen = BTreeSet::new();
    for document in documents {
        let about = &document["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(about["Namespace"], "Handoff/test");
        let dimension = about["Dimensions"][0].as_array().unwrap().first().map(|name| name.as_str().unwrap());
        for entry in about["Metrics"].as_array().unwrap() {
            let name = entry["Name"].as_str().unwrap();
            let known = metrics::ALL.iter().find(|metric| metric.name == name).unwrap();
            assert_eq!(known.dimension, dimension, "{document}");
            assert!(document[name].is_number() || document[name].is_array(), "{document}");
            let value = dimension.map_or("", |dimension| document[dimension].as_str().unwrap());
            seen.insert(format!("{name} {value}").trim_end().to_owned());
        }
    }
    for expected in [
        "WebhookAccepted",
        "WebhookRefused forged",
        "HandoffCreated",
        "DraftsReady extractive",
        "DraftSeconds",
        "MailSent handoff_invitation",
        "MailSent handoff_received",
        "MailSent handoff_receipt",
        "MailComplained",
        "OutboxOwed",
        "OutboxOldestSeconds",
        "HandoffsStuck drafting",
        "HandoffsStuckOldestSeconds awaiting_ae",
        "HandoffOpened",
        "SubmitRefused",
        "HandoffSubmitted",
        "RequestMilliseconds GET /handoff/{token}",
        "RequestMilliseconds POST /handoff/{token}/submit",
        "RequestMilliseconds POST /webhooks/hubspot",
    ] {
        assert!(seen.contains(expected), "{expected} is not among {seen:#?}");
    }
}

/// SES tells of a reader who called a mail spam; the local stand-in never does.
async fn complain() {
    let key = OutboxKey {
        organization: PortalId(rig::PORTAL).organization(),
        account: Some(DealId::parse("1").unwrap().account()),
        owed_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        id: OutboxId::parse("d1-g1-invitation").unwrap(),
    };
    let tags = json!({"outbox": [key.to_tag()], "mail": ["0"]});
    let body = json!({"eventType": "Complaint", "mail": {"tags": tags}}).to_string();
    let event = serde_json::from_value(json!({"Records": [{"messageId": "m", "body": body}]})).unwrap();
    let names = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "TABLE_NAME"];
    let environment = Environment::from_pairs(names.map(|name| (name, "none")));
    let deps = mail_events::Deps::from_environment(&environment).unwrap();
    let response = invocation(None, mail_events::handle(&deps, event)).await;
    assert!(response.batch_item_failures.is_empty());
}
