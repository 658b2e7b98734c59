//! `docs/webhooks.md` shows one message of each type, as it is sent.

use super::*;
use crate::endpoint::payload;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::handoff::Attention;
use handoff_domain::id::OutboxId;
use handoff_domain::integration::Target;
use handoff_domain::rating::Rating;
use handoff_store::DeliveryPage;
use serde_json::Value;
use std::path::Path;

fn examples() -> Vec<What> {
    let csm = |id: &str| MemberId::parse(id).unwrap();
    let rating = Rating { score: 4, useful: BTreeMap::new(), repeated: false };
    vec![
        What::AccountCreated { by_hand: false },
        What::DraftsReady {
            by: DraftedBy::Extractive,
            drafted: 7,
            questions: 8,
            sources: 23,
            gaps: 1,
            usage: Usage::default(),
        },
        What::MailSent {
            mail: "handoff_invitation".to_owned(),
            cause: OutboxId::parse("x").unwrap(),
            count: 1,
        },
        What::Opened,
        What::Reminded { generation: 1, day: Some(3) },
        What::AttentionRaised { reason: Attention::CsmMissing },
        handed_over(),
        What::Skipped { reason: "The customer is handed over in person.".to_owned() },
        What::Expired { generation: 1 },
        What::Returned { reason: "Who signs for security?".to_owned() },
        What::Rated { rating, before: None },
        What::Assigned {
            csm: csm("cora"),
            csm_name: "Cora Lind".to_owned(),
            reason: "Knows the trade".to_owned(),
        },
        What::Reassigned {
            from: csm("cora"),
            from_name: "Cora Lind".to_owned(),
            csm: csm("sam"),
            csm_name: "Sam Okoro".to_owned(),
            reason: "Cora is away".to_owned(),
        },
        What::WentLive,
    ]
}

fn page() -> DeliveryPage {
    DeliveryPage {
        organization: fixtures::organization(),
        integrations: Integrations::default(),
        roster: fixtures::roster(),
        about: Some((fixtures::handoff(), None)),
        flow_back: handoff_domain::integration::FlowBack::default(),
    }
}

fn sent(what: &What) -> Value {
    let handoff = fixtures::handoff();
    let who = match what {
        What::Opened | What::Submitted { .. } => Who::ae(&handoff),
        What::Skipped { .. }
        | What::Returned { .. }
        | What::Rated { .. }
        | What::Assigned { .. }
        | What::Reassigned { .. } => {
            Who::from(fixtures::roster().find(&MemberId::parse("admin").unwrap()).unwrap())
        }
        _ => Who::System,
    };
    let event = Event::new(&handoff, fixtures::now(), "x", who, what.clone());
    let fact = Fact::of(&event).unwrap();
    let target = Target::Endpoint(EndpointId::from_random(1));
    let delivery = Delivery::of_event(&handoff.organization, &handoff.id, (fact, &event), target);
    serde_json::from_str(&payload("https://handoff.example.com", &page(), &delivery).unwrap()).unwrap()
}

fn document() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/webhooks.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn every_type_stands_in_the_document_as_it_is_sent() {
    let document = document();
    let blocks = document.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shown: Vec<Value> = blocks.map(|block| serde_json::from_str(block).unwrap()).collect();
    let made: Vec<Value> = examples().iter().map(sent).collect();
    assert_eq!(made.len(), Fact::ALL.len());
    for (example, fact) in made.iter().zip(Fact::ALL) {
        assert_eq!(example["type"], fact.as_str());
        assert!(
            shown.contains(example),
            "docs/webhooks.md lacks\n{}",
            serde_json::to_string_pretty(example).unwrap()
        );
    }
}

#[test]
fn a_test_message_tells_of_nobody() {
    let id = fixtures::organization().id;
    let test = Delivery::test(&id, Target::Slack, fixtures::now(), 1);
    let none = DeliveryPage { about: None, ..page() };
    let sent: Value = serde_json::from_str(&payload("https://h.test", &none, &test).unwrap()).unwrap();
    assert_eq!(sent["type"], "test");
    assert_eq!(sent["data"], serde_json::json!({"organization": "hs62515", "portal_id": 62515}));
}

/// Prints the examples for the document: `cargo test -p integration-sender -- --ignored --nocapture print_the_examples`.
#[test]
#[ignore = "prints"]
#[allow(clippy::print_stdout, reason = "for a person")]
fn print_the_examples() {
    for what in examples() {
        println!("```json\n{}\n```\n", serde_json::to_string_pretty(&sent(&what)).unwrap());
    }
}
