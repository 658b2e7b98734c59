//! Integrations: what is saved sealed, what is refused and shown again, who may come in, what the audit says.

use super::harness::{Answer, Browser, Harness, OURS, THEIRS};
use axum::http::StatusCode;
use handoff_domain::audit::SettingsChange;
use handoff_domain::delivery::{Delivery, Outcome, Standing};
use handoff_domain::id::PortalId;
use handoff_domain::integration::{HubSpotPart, Integrations, SlackWay, Target};
use handoff_store::Consistency;
use handoff_testing::fixtures;

const PATH: &str = "/settings/integrations";
const SECRET: &str = "https://hooks.slack.com/services/T0/B0/very-secret";

async fn stored(harness: &Harness) -> Integrations {
    let found =
        harness.table.store.get_integrations(&PortalId(OURS).organization(), Consistency::Strong).await;
    found.unwrap().unwrap().1
}

async fn save(admin: &mut Browser<'_>, changed: &[(&str, &str)]) -> Answer {
    let page = admin.get(PATH).await;
    let revision = page.field("revision");
    let fields: Vec<(&str, &str)> =
        [("revision", revision.as_str())].into_iter().chain(changed.iter().copied()).collect();
    admin.post(PATH, &fields).await
}

const SLACK: [(&str, &str); 4] =
    [("hubspot", "note"), ("slack", "webhook"), ("slack_url", SECRET), ("topic", "assigned")];

#[tokio::test]
async fn a_secret_is_kept_sealed_never_shown_and_kept_when_nothing_new_is_typed() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    assert_eq!(save(&mut admin, &SLACK).await.status, StatusCode::SEE_OTHER);
    let first = stored(&harness).await;
    assert!(!harness.table.dump().await.contains("very-secret"));
    assert!(!admin.get(PATH).await.body.contains("very-secret"));
    let more = [("hubspot", "owner"), ("slack", "webhook"), ("slack_url", ""), ("topic", "reminders")];
    assert_eq!(save(&mut admin, &more).await.status, StatusCode::SEE_OTHER);
    let second = stored(&harness).await;
    assert_eq!(second.slack.as_ref().unwrap().way, first.slack.as_ref().unwrap().way);
    assert_eq!(second.hubspot.into_iter().collect::<Vec<_>>(), [HubSpotPart::Owner]);
    let organization = PortalId(OURS).organization();
    let audit = harness.table.store.list_audit(&organization, None, 10).await.unwrap();
    assert!(audit.iter().all(|entry| entry.change == SettingsChange::Integrations));
    let told: Vec<_> =
        audit.iter().flat_map(|entry| &entry.fields).map(|field| field.field.as_str()).collect();
    assert!(told.contains(&"Slack's address or token"), "{told:?}");
    assert!(!format!("{audit:?}").contains("very-secret"));
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_typed_is_lost() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    for (changed, field) in [
        (
            vec![("slack", "webhook"), ("slack_url", "https://hooks.example.com/x"), ("topic", "assigned")],
            "slack_url",
        ),
        (
            vec![("slack", "webhook"), ("slack_url", "http://127.0.0.1:9/x"), ("topic", "assigned")],
            "slack_url",
        ),
        (
            vec![
                ("slack", "webhook"),
                ("slack_url", "https://hooks.slack.com@10.0.0.1/x"),
                ("topic", "assigned"),
            ],
            "slack_url",
        ),
        (vec![("slack", "webhook"), ("slack_url", ""), ("topic", "assigned")], "slack_url"),
        (
            vec![("slack", "bot"), ("slack_token", "xoxp-1"), ("slack_channel", "C1"), ("topic", "assigned")],
            "slack_token",
        ),
        (
            vec![
                ("slack", "bot"),
                ("slack_token", "xoxb-1"),
                ("slack_channel", "two words"),
                ("topic", "assigned"),
            ],
            "slack_channel",
        ),
        (vec![("slack", "webhook"), ("slack_url", SECRET)], "topic"),
        (vec![("slack", "pigeon"), ("topic", "assigned")], "slack"),
    ] {
        let refused = save(&mut admin, &changed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}");
        assert!(refused.body.contains(&format!("href=\"#{field}\"")), "{changed:?}");
        for (name, value) in changed.iter().filter(|(name, _)| name.starts_with("slack_")) {
            assert_eq!(&refused.field(name), value);
        }
    }
    assert_eq!(stored(&harness).await, Integrations::default());
}

#[tokio::test]
async fn two_admins_who_edit_at_once_notice_each_other() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let stale = admin.get(PATH).await.field("revision");
    save(&mut admin, &SLACK).await;
    let late = admin.post(PATH, &[("revision", &stale), ("slack", "off"), ("hubspot", "owner")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Somebody else changed this"));
    assert!(stored(&harness).await.slack.is_some());
}

#[tokio::test]
async fn an_endpoint_is_added_changed_paused_and_removed() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let revision = admin.get("/settings/integrations/endpoints/new").await.field("revision");
    let fields = [
        ("revision", revision.as_str()),
        ("name", "Warehouse"),
        ("url", "https://hooks.example.com/in?key=hidden"),
        ("fact", "handoff.submitted"),
    ];
    let add = "/settings/integrations/endpoints";
    for (name, value) in [
        ("name", ""),
        ("url", "https://localhost/"),
        ("url", "http://hooks.example.com/"),
        ("fact", "nothing"),
    ] {
        let wrong: Vec<_> =
            fields.iter().map(|(known, was)| (*known, if *known == name { value } else { was })).collect();
        let refused = admin.post(add, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
        assert!(refused.body.contains(&format!("href=\"#{name}\"")), "{name} {value}");
    }
    let added = admin.post(add, &fields).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let endpoint = stored(&harness).await.endpoints[0].clone();
    assert_eq!((endpoint.host.as_str(), endpoint.generation), ("hooks.example.com", 1));
    let path = format!("/settings/integrations/endpoints/{}", endpoint.id);
    let page = admin.get(&path).await;
    assert!(page.body.contains("whsec_") && !page.body.contains("key=hidden"));
    for step in ["secret", "pause", "resume"] {
        let revision = admin.get(&path).await.field("revision");
        let done = admin.post(&format!("{path}/{step}"), &[("revision", &revision)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{step}");
        let now = stored(&harness).await.endpoints[0].clone();
        assert_eq!((now.generation, now.paused_at.is_some()), (2, step == "pause"), "{step}");
        assert_eq!(now.url, endpoint.url);
    }
    let test = admin.post(&format!("{path}/test"), &[]).await;
    assert!(test.headers["location"].to_str().unwrap().contains("/messages/m"));
    let revision = admin.get(&path).await.field("revision");
    assert_eq!(
        admin.post(&format!("{path}/unknown"), &[("revision", &revision)]).await.status,
        StatusCode::NOT_FOUND
    );
    admin.post(&format!("{path}/remove"), &[("revision", &revision)]).await;
    assert_eq!(stored(&harness).await.endpoints, []);
    assert_eq!(admin.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_message_is_seen_sent_again_and_is_nobody_elses() {
    let harness = Harness::start().await;
    let organization = PortalId(OURS).organization();
    let claimed =
        Delivery::test(&organization, Target::Slack, fixtures::now(), 1).claim(fixtures::now()).unwrap();
    let refused = Outcome::Never { words: "Slack says: <b>no_service</b>.".to_owned() };
    let given_up = claimed.settle(refused, fixtures::now());
    assert!(harness.table.store.put_delivery(&given_up).await.unwrap());
    let path = format!("/settings/integrations/messages/{}", given_up.id);
    let mut admin = harness.signed_in(OURS, "admin").await;
    for page in [
        "/settings/integrations/messages",
        "/settings/integrations/messages?only=trouble&target=slack",
        &path,
    ] {
        let page = admin.get(page).await;
        assert!(page.body.contains("Slack says: &lt;b&gt;no_service"), "{}", page.body);
    }
    let other = admin.get("/settings/integrations/messages?target=hubspot-note").await;
    assert!(other.body.contains("No messages"));
    let mut stranger = harness.signed_in(THEIRS, "boss").await;
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("{path}/again"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.post(&format!("{path}/again"), &[]).await.status, StatusCode::SEE_OTHER);
    let owed = harness.table.store.get_delivery(&organization, &given_up.id).await.unwrap().unwrap();
    assert!(matches!(owed.standing, Standing::Owed { .. }));
    let sending = owed.claim(fixtures::now() + jiff::SignedDuration::from_hours(1)).unwrap();
    assert!(harness.table.store.write_delivery(&sending).await.unwrap().is_some());
    assert_eq!(admin.post(&format!("{path}/again"), &[]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_bot_has_a_channel() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let bot =
        [("slack", "bot"), ("slack_token", "xoxb-17"), ("slack_channel", "C042"), ("topic", "escalations")];
    assert_eq!(save(&mut admin, &bot).await.status, StatusCode::SEE_OTHER);
    let slack = stored(&harness).await.slack.unwrap();
    assert!(matches!(slack.way, SlackWay::Bot { channel, .. } if channel == "C042"));
    assert_eq!(admin.get(PATH).await.field("slack_channel"), "C042");
    let tested = admin.post("/settings/integrations/test", &[]).await;
    assert_eq!(tested.status, StatusCode::SEE_OTHER);
}
