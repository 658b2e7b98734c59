use super::*;
use crate::event::{AnswerCounts, Who};
use crate::id::EventId;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn event(what: What) -> Event {
    Event { at: at("2026-11-23T10:00:00Z"), id: EventId::of("x"), round: Some(1), who: Who::System, what }
}

fn submitted(csm: Option<&str>) -> Event {
    event(What::Submitted {
        csm: csm.map(|csm| MemberId::parse(csm).unwrap()),
        csm_name: "Cy".to_owned(),
        answers: AnswerCounts::default(),
        made: BTreeMap::new(),
        template: String::new(),
    })
}

fn sealed() -> Sealed {
    serde_json::from_value(serde_json::json!("x")).unwrap()
}

fn endpoint(facts: &[Fact]) -> Endpoint {
    Endpoint {
        id: EndpointId::from_random(7),
        name: "Warehouse".to_owned(),
        host: "hooks.example".to_owned(),
        url: sealed(),
        facts: facts.iter().copied().collect(),
        generation: 3,
        rotated_at: None,
        paused_at: None,
    }
}

fn names(integrations: &Integrations, event: &Event, is_of_deal: bool) -> Vec<String> {
    let fact = Fact::of(event).unwrap();
    integrations.targets(fact, event, is_of_deal).iter().map(Target::to_string).collect()
}

#[test]
fn to_begin_with_a_submit_is_a_note_and_nothing_else() {
    let integrations = Integrations::default();
    assert_eq!(names(&integrations, &submitted(Some("cy")), true), ["hubspot-note"]);
    assert_eq!(names(&integrations, &submitted(Some("cy")), false), Vec::<String>::new(), "made by hand");
    assert_eq!(names(&integrations, &event(What::Opened), true), Vec::<String>::new());
}

#[test]
fn everybody_is_told_what_they_asked_for() {
    let way = SlackWay::Bot { token: sealed(), channel: "C1".to_owned() };
    let integrations = Integrations {
        hubspot: HubSpotPart::ALL.into_iter().collect(),
        slack: Some(Slack { way, topics: BTreeSet::from([SlackTopic::Assigned]) }),
        endpoints: vec![endpoint(&[Fact::Submitted, Fact::Opened])],
        revision: 1,
    };
    let endpoint = "endpoint-e0000000000000007";
    let all = ["hubspot-note", "hubspot-owner", "hubspot-properties", "slack", endpoint];
    assert_eq!(names(&integrations, &submitted(Some("cy")), true), all);
    let without_owner = ["hubspot-note", "hubspot-properties", "slack", endpoint];
    assert_eq!(names(&integrations, &submitted(None), true), without_owner, "nobody is there to own it");
    assert_eq!(names(&integrations, &event(What::Opened), true), [endpoint]);
    let reminded = event(What::Reminded { generation: 1, day: Some(3) });
    assert_eq!(names(&integrations, &reminded, true), Vec::<String>::new());
    let paused = integrations.paused(&EndpointId::from_random(7), at("2026-11-23T11:00:00Z"));
    assert_eq!(names(&paused, &event(What::Opened), true), Vec::<String>::new());
}

#[test]
fn a_replaced_secret_signs_for_another_day() {
    let rotated = Endpoint { rotated_at: Some(at("2026-11-23T10:00:00Z")), ..endpoint(&[]) };
    assert_eq!(rotated.generations(at("2026-11-24T09:59:59Z")), [3, 2]);
    assert_eq!(rotated.generations(at("2026-11-24T10:00:00Z")), [3]);
    assert_eq!(endpoint(&[]).generations(at("2026-11-23T10:00:00Z")), [3]);
    let first = Endpoint { generation: 1, ..rotated };
    assert_eq!(first.generations(at("2026-11-23T10:00:01Z")), [1]);
}

#[test]
fn settings_from_before_there_were_any_are_the_default() {
    let stored = serde_json::json!({"hubspot": ["note"]});
    assert_eq!(serde_json::from_value::<Integrations>(stored).unwrap(), Integrations::default());
}
