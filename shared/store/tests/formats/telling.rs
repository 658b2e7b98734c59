//! What is told to other tools, with each field set.

use super::everything::audit;
use handoff_domain::audit::SettingsChange;
use handoff_domain::delivery::{Attempt, Delivery, Standing};
use handoff_domain::event::Event;
use handoff_domain::fact::Fact;
use handoff_domain::id::{AccountId, EndpointId, MemberId, OrganizationId};
use handoff_domain::integration::{
    Endpoint, FlowBack, HubSpotPart, Integrations, PartState, Slack, SlackTopic, SlackWay, Target,
};
use handoff_domain::link::LinkKeys;
use handoff_store::Store;
use handoff_testing::fixtures::{self, now};
use std::collections::{BTreeMap, BTreeSet};

pub(super) async fn write(store: &Store, organization: &OrganizationId, account: &AccountId) {
    let keys: LinkKeys = fixtures::link_key().into();
    let sealed = |what: &str| keys.seal(organization, what, "https://hooks.example/x", [5; 12]);
    let endpoint = Endpoint {
        id: EndpointId::from_random(7),
        name: "Warehouse".to_owned(),
        host: "hooks.example".to_owned(),
        url: sealed("endpoint"),
        facts: BTreeSet::from([Fact::Submitted, Fact::Live]),
        generation: 2,
        rotated_at: Some(now()),
        paused_at: Some(now()),
    };
    let changes = [
        (SlackWay::Webhook { url: sealed("slack") }, SettingsChange::Integrations),
        (
            SlackWay::Bot { token: sealed("slack"), channel: "C042".to_owned() },
            SettingsChange::EndpointAdded { name: "Warehouse".to_owned() },
        ),
    ];
    for (revision, (way, change)) in (0..).zip(changes) {
        let integrations = Integrations {
            hubspot: HubSpotPart::ALL.into_iter().collect(),
            slack: Some(Slack { way, topics: SlackTopic::ALL.into_iter().collect() }),
            endpoints: vec![endpoint.clone()],
            revision,
        };
        let told = audit(revision + 40, change);
        assert!(store.put_integrations(organization, &integrations, Some(&told)).await.unwrap());
    }
    let parts = HubSpotPart::ALL.map(|part| {
        (part, PartState { at: now(), is_done: part == HubSpotPart::Note, words: "Written".to_owned() })
    });
    let flow_back = FlowBack {
        note: Some("77".to_owned()),
        note_begun_at: Some(now()),
        owner: Some(MemberId::parse("cora").unwrap()),
        parts: BTreeMap::from(parts),
        revision: 0,
    };
    assert!(store.put_flow_back(organization, account, &flow_back).await.unwrap().is_some());
    let event = Event::opened(now());
    let targets = [Target::Slack, Target::Endpoint(EndpointId::from_random(7))];
    let parts = HubSpotPart::ALL.map(Target::HubSpot);
    let standings = [
        Standing::Owed { since: now() },
        Standing::Sending { since: now() },
        Standing::Waiting { until: now() },
        Standing::Delivered { at: now() },
        Standing::GivenUp { at: now() },
    ];
    for (target, standing) in targets.into_iter().chain(parts).zip(standings) {
        let delivery = Delivery {
            standing,
            company: "Acme Health".to_owned(),
            tries: 2,
            attempts: vec![Attempt {
                at: now(),
                is_done: false,
                words: "The endpoint answered 502".to_owned(),
            }],
            payload: Some("{}".to_owned()),
            ..Delivery::of_event(organization, account, (Fact::Opened, &event), target)
        };
        assert!(store.put_delivery(&delivery).await.unwrap());
    }
}
