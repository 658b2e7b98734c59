//! What one whole handoff costs: AWS calls and capacity units, counted at the stand-ins and printed.

use crate::rig::{Street, deal};
use handoff_local::Options;
use reqwest::StatusCode;
use serde_json::{Value, json};

fn calls(counts: &Value, service: &str) -> u64 {
    let operations = counts["services"][service].as_object();
    operations.map_or(0, |operations| {
        operations.values().map(|operation| operation["calls"].as_u64().unwrap()).sum()
    })
}

async fn counted(street: &Street) -> Value {
    let counts = street.json("/local/calls.json").await;
    street.post_json("/local/calls/reset", &json!({})).await;
    counts
}

fn tell(what: &str, counts: &Value) {
    println!(
        "{what}: {} AWS calls ({} DynamoDB, {} SQS, {} SES), {} HubSpot requests, {:.1} write units, {:.1} read units",
        counts["aws_calls"],
        calls(counts, "dynamodb"),
        calls(counts, "sqs"),
        calls(counts, "ses"),
        counts["hubspot_calls"],
        counts["write_units"].as_f64().unwrap(),
        counts["read_units"].as_f64().unwrap(),
    );
}

/// With the limits that are kept together, as on AWS.
fn options() -> Options {
    Options { paced: true, ..Options::for_tests() }
}

/// Without what other tools are told: that comes after everything, and is counted by itself.
async fn quiet() -> Street {
    Street::open_with(Options { tells_other_tools: false, ..options() }).await
}

async fn one_handoff(story: &str) -> (Value, Value, Value, Value) {
    one_handoff_on(quiet().await, story).await
}

async fn one_handoff_on(street: Street, story: &str) -> (Value, Value, Value, Value) {
    let deal = street.deal(story).await;
    street.settle().await;
    counted(&street).await;
    street.close(&deal).await;
    let invited = counted(&street).await;
    let link = street.link("handoff_invitation").await;
    let page = street.get(&link).await;
    let opened = counted(&street).await;
    let (csrf, version) = (page.field("csrf"), page.field("version"));
    let gaps = ["primary_use_case", "top_goals", "stakeholders"].map(|id| format!("answers[{id}]"));
    let mut fields = vec![("csrf", csrf.as_str()), ("version", version.as_str()), ("csm", "grace-lin")];
    fields.extend(gaps.iter().map(|name| (name.as_str(), "Known to the AE only.")));
    let submit = street.post(&format!("{link}/submit"), &fields).await;
    assert_eq!(submit.status, StatusCode::SEE_OTHER, "{}", submit.html);
    let submitted_request = street.json("/local/calls.json").await;
    street.settle().await;
    let received = counted(&street).await;
    assert_eq!(street.mails_of("handoff_received").await.len(), 1);
    assert!(calls(&submitted_request, "dynamodb") >= 2);
    println!("{story}");
    tell("  webhook to invitation", &invited);
    tell("  form GET", &opened);
    tell("  submit to the CSM's mail", &received);
    let sum =
        |name: &str| [&invited, &opened, &received].iter().map(|c| c[name].as_f64().unwrap()).sum::<f64>();
    // Single items are read for mails alone: one look of mail-events for each mail that SES tells of, after the CSM has the mail,
    // and whose name and logo the mails of an entry carry, beside its claim.
    let look = |counts: &Value| counts["services"]["dynamodb"]["GetItem"]["calls"].as_f64().unwrap_or(0.0);
    let events = look(&invited) + look(&received);
    let total = json!({
        "aws_calls": sum("aws_calls") - events,
        "event_reads": events,
        "write_units": sum("write_units"),
        "read_units": sum("read_units"),
    });
    println!("  whole: {total}");
    (invited, opened, received, total)
}

#[tokio::test]
async fn the_almost_empty_deal_stays_in_its_budget() {
    let (invited, opened, _, total) = one_handoff("Almost empty").await;
    assert_eq!(calls(&invited, "sqs"), 1, "one call for an accepted delivery");
    // Two of them take slots: of HubSpot's limit for three requests, and of SES's for the invitation.
    assert!(calls(&invited, "dynamodb") <= 10, "{invited}");
    assert_eq!(calls(&opened, "dynamodb"), 1, "{opened}");
    // Four take slots, one for each mail and one for HubSpot; one says whether the link in the invitation is alive.
    assert!(total["aws_calls"].as_f64().unwrap() <= 19.0, "{total}");
    // Three mails that SES tells of, an entry whose mails carry the name and the logo.
    assert!(total["event_reads"].as_f64().unwrap() <= 5.0, "{total}");
    // Four of them are the index of due handoffs: one when the handoff comes, two when it moves, one when it goes; fourteen
    // the lists; eighteen the events, and that writes which tell something are transactions; seven the marks of events that are
    // not counted yet; five those of events that other tools may be told of. Items near a kilobyte make two more or less.
    assert!(total["write_units"].as_f64().unwrap() <= 83.0, "{total}");
    // Two of them say whether the link in the invitation is alive; one and a half, on the form and in the submit, whether CSMs are proposed in turn.
    assert!(total["read_units"].as_f64().unwrap() <= 13.0, "{total}");
}

#[tokio::test]
async fn telling_hubspot_of_a_handoff_stays_in_its_budget() {
    let (.., quiet) = one_handoff("Almost empty").await;
    let (.., telling) = one_handoff_on(Street::open_with(options()).await, "Almost empty").await;
    let more = |name: &str| telling[name].as_f64().unwrap() - quiet[name].as_f64().unwrap();
    println!(
        "  telling: {} calls, {:.1} write, {:.1} read units",
        more("aws_calls"),
        more("write_units"),
        more("read_units")
    );
    // Five events lose their marks, each after one look at what is wanted at most; the note is claimed, made and settled.
    assert!(more("aws_calls") <= 22.0, "{telling} {quiet}");
    assert!(more("write_units") <= 26.0, "{telling} {quiet}");
    assert!(more("read_units") <= 24.0, "{telling} {quiet}");
}

#[tokio::test]
async fn the_busy_deal_is_read_in_twelve_hubspot_requests() {
    let (invited, opened, _, _) = one_handoff("Busy").await;
    assert!(invited["hubspot_calls"].as_u64().unwrap() <= 12, "{invited}");
    // Three of them take slots: eight of HubSpot's limit, eight more, and one of SES's.
    assert!(calls(&invited, "dynamodb") <= 11, "{invited}");
    assert_eq!(calls(&opened, "dynamodb"), 1, "{opened}");
}

#[tokio::test]
async fn a_save_is_one_round_trip_and_a_submit_two() {
    let street = quiet().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    street.post_as_script(&format!("{link}/opened"), &[("csrf", csrf.as_str())]).await;
    street.settle().await;
    counted(&street).await;
    let fields = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "x")];
    street.post_as_script(&format!("{link}/answers"), &fields).await;
    let saved = counted(&street).await;
    assert_eq!(saved["aws_calls"], 1, "{saved}");
    street.faults(json!([{ "service": "ses", "mode": "slow", "probability": 1.0, "seed": 1 }])).await;
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("csm", "grace-lin")];
    assert_eq!(street.post(&format!("{link}/submit"), &fields).await.status, StatusCode::SEE_OTHER);
    let submitted = street.json("/local/calls.json").await;
    let operation = |name: &str| submitted["services"]["dynamodb"][name]["calls"].as_u64().unwrap_or(0);
    assert_eq!((operation("BatchGetItem"), operation("TransactWriteItems")), (1, 1), "{submitted}");
}
