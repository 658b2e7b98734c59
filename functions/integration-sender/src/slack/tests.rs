use super::*;
use handoff_domain::event::{Event, Who};
use handoff_domain::integration::{FlowBack, Integrations, Target};
use handoff_testing::fixtures;
use proptest::prelude::*;

fn said(company: &str, reason: &str) -> Value {
    let mut handoff = fixtures::handoff();
    company.clone_into(&mut handoff.account.company);
    let csm = handoff_domain::id::MemberId::parse("cora").unwrap();
    let what = What::Assigned { csm, csm_name: company.to_owned(), reason: reason.to_owned() };
    let event = Event::new(&handoff, fixtures::now(), "x", Who::System, what);
    let fact = handoff_domain::fact::Fact::Assigned;
    let delivery = Delivery::of_event(&handoff.organization, &handoff.id, (fact, &event), Target::Slack);
    let page = DeliveryPage {
        organization: fixtures::organization(),
        integrations: Integrations::default(),
        roster: fixtures::roster(),
        about: Some((handoff, None)),
        flow_back: FlowBack::default(),
    };
    payload("https://handoff.test", &page, &delivery)
}

#[test]
fn a_message_is_a_sentence_and_a_button() {
    let said = said("Acme", "Knows\nthe trade");
    assert_eq!(said["text"], "Acme is now with Acme.");
    assert_eq!(said["blocks"][1]["elements"][0]["text"], "Knows the trade");
    let url = format!("https://handoff.test/accounts/{}", fixtures::handoff().id);
    assert_eq!(said["blocks"][2]["elements"][0]["url"], url);
}

proptest! {
    /// I25: nothing that anybody typed calls a channel, makes a link, or is markup in any other way.
    #[test]
    fn nobodys_text_is_markup(text in "(<!channel>|<https://x\\.test\\|y>|&|\\PC){0,40}", reason in ".{0,400}") {
        let said = said(&text, &reason);
        let fallback = said["text"].as_str().unwrap();
        prop_assert!(!fallback.contains(['<', '>']), "{fallback}");
        for block in said["blocks"].as_array().unwrap() {
            let parts = block["elements"].as_array().cloned().unwrap_or_else(|| vec![block["text"].clone()]);
            for part in parts {
                let text = if part["type"] == "button" { &part["text"] } else { &part };
                prop_assert_eq!(&text["type"], "plain_text");
                prop_assert_eq!(&text["emoji"], &json!(false));
                prop_assert!(text["text"].as_str().unwrap().chars().count() < 1000);
            }
        }
    }
}
