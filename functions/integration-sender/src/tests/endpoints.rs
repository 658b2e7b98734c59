//! Signed messages to endpoints, and Slack.

use super::*;
use handoff_domain::delivery::Standing;
use handoff_domain::handoff::Attention;
use handoff_domain::integration::Target;
use handoff_domain::link::{LinkKey, LinkKeys};
use serde_json::Value;
use standardwebhooks::Webhook;

fn with_endpoint(deps: &Deps) -> Integrations {
    Integrations { endpoints: vec![endpoint(deps, 1, "hooks.example", &[Fact::Submitted])], ..nothing() }
}

/// What the first secret of an endpoint's generation verifies.
fn verify(street: &Street, told: &world::Told, generation: u32) -> bool {
    let id = fixtures::organization().id;
    let secrets = street.deps.link_keys.webhook_secrets(&id, &EndpointId::from_random(1), &[generation]);
    let header = |name: &str| told.headers[name].to_str().unwrap();
    let (webhook, at) = (Webhook::new(&secrets[0]).unwrap(), header("webhook-timestamp").parse().unwrap());
    let signature = webhook.sign(header("webhook-id"), at, told.body.as_bytes()).unwrap();
    header("webhook-signature").split(' ').any(|one| one == signature)
}

#[tokio::test]
async fn an_endpoint_is_told_what_it_asked_for_signed_and_nothing_else() {
    let street = street(with_endpoint).await;
    street.happens("submitted", handed_over()).await;
    street.happens("opened", What::Opened).await;
    let summary = street.told().await;
    assert_eq!((summary.untold, summary.delivered), (2, 1));
    let told = street.world.inside().told.clone();
    let [message] = told.as_slice() else { panic!("{told:?}") };
    assert!(verify(&street, message, 1) && !verify(&street, message, 2));
    let id = fixtures::organization().id;
    let secret = street.deps.link_keys.webhook_secrets(&id, &EndpointId::from_random(1), &[1]).remove(0);
    let receiver = Webhook::new(&secret).unwrap();
    receiver.verify(message.body.as_bytes(), &message.headers).expect("as a receiver would see it");
    assert_eq!(message.path, "/in");
    let body: Value = serde_json::from_str(&message.body).unwrap();
    assert_eq!(
        (&body["type"], &body["data"]["csm"]["name"]),
        (&"handoff.submitted".into(), &"Cora Lind".into())
    );
    let mut forged = message.clone();
    forged.body = forged.body.replace("Cora", "Mora");
    assert!(!verify(&street, &forged, 1));
}

#[tokio::test]
async fn a_message_that_comes_again_is_the_same_by_id_and_body() {
    let street = street(with_endpoint).await;
    street.world.inside().answers.extend([(503, "busy"), (500, ""), (200, "")]);
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.waiting, 1);
    street.wait(301);
    assert_eq!(
        street.swept().await,
        SweepSummary { organizations: 1, ..SweepSummary::default() },
        "an hour was asked for"
    );
    street.wait(3300);
    assert_eq!(street.swept().await.waiting, 1);
    street.wait(3600);
    assert_eq!(street.swept().await.delivered, 1);
    let told = street.world.inside().told.clone();
    let same =
        |name: &str| told.iter().map(|one| one.headers[name].clone()).collect::<BTreeSet<_>>().len() == 1;
    assert!(told.len() == 3 && same("webhook-id") && !same("webhook-timestamp"));
    assert!(told.iter().all(|one| one.body == told[0].body && verify(&street, one, 1)));
    let [delivery] = street.deliveries().await.try_into().unwrap();
    let words: Vec<_> = delivery.attempts.iter().map(|one| one.words.as_str()).collect();
    assert_eq!(words, ["Answered 503", "Answered 500", "Answered 200"]);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_paused() {
    let street = street(with_endpoint).await;
    street.world.inside().answers.push_back((410, ""));
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.given_up, 1);
    street.happens("again", handed_over()).await;
    let summary = street.told().await;
    assert_eq!((summary.untold, summary.due), (1, 0));
    assert_eq!(street.world.inside().told.len(), 1);
}

#[tokio::test]
async fn for_a_day_after_its_secret_was_replaced_both_hold() {
    let street = street(with_endpoint).await;
    let now = street.now();
    street
        .wants(|wants| {
            wants.endpoints[0].generation = 2;
            wants.endpoints[0].rotated_at = Some(now);
        })
        .await;
    street.happens("submitted", handed_over()).await;
    street.told().await;
    street.wait(24 * 3600);
    street.happens("again", handed_over()).await;
    street.told().await;
    let told = street.world.inside().told.clone();
    assert!(verify(&street, &told[0], 1) && verify(&street, &told[0], 2));
    assert!(!verify(&street, &told[1], 1) && verify(&street, &told[1], 2));
}

#[tokio::test]
async fn an_endpoint_that_was_removed_meanwhile_is_told_nothing() {
    let street = street(with_endpoint).await;
    street.world.inside().answers.push_back((500, ""));
    street.happens("submitted", handed_over()).await;
    street.told().await;
    street.wants(|wants| wants.endpoints.clear()).await;
    street.wait(3700);
    assert_eq!(street.swept().await.given_up, 1);
    assert_eq!(street.world.inside().told.len(), 1);
}

#[tokio::test]
async fn slack_gets_blocks_by_an_incoming_webhook() {
    let way = |url| SlackWay::Webhook { url };
    let street = street(|deps| Integrations {
        slack: Some(slack(deps, way, "https://hooks.slack.com/services/T/B/x")),
        ..nothing()
    })
    .await;
    street.happens("submitted", handed_over()).await;
    street.happens("reminded", What::Reminded { generation: 1, day: Some(7) }).await;
    street.happens("looked", What::AttentionRaised { reason: Attention::WrongAe }).await;
    assert_eq!(street.told().await.delivered, 3);
    let told = street.world.inside().told.clone();
    assert!(told.iter().all(|one| one.path == "/services/T/B/x"));
    let said: Vec<Value> = told.iter().map(|one| serde_json::from_str(&one.body).unwrap()).collect();
    let texts: Vec<&str> = said.iter().map(|one| one["text"].as_str().unwrap()).collect();
    let company = fixtures::handoff().account.company;
    let expected = format!("{company} was handed over to Cora Lind.");
    assert!(texts.contains(&expected.as_str()), "{texts:?}");
    let url = format!("https://handoff.test/accounts/{}", fixtures::handoff().id);
    assert!(said.iter().all(|one| one["blocks"].to_string().contains(&url)), "{said:?}");
}

#[tokio::test]
async fn a_bot_posts_into_its_channel_and_slacks_refusals_are_told_with_a_remedy() {
    let way = |token| SlackWay::Bot { token, channel: "C042".to_owned() };
    let street = street(|deps| Integrations { slack: Some(slack(deps, way, "xoxb-1")), ..nothing() }).await;
    street.world.inside().answers.push_back((200, r#"{"ok":false,"error":"not_in_channel"}"#));
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.given_up, 1);
    let [refused] = street.deliveries().await.try_into().unwrap();
    assert_eq!(
        refused.attempts[0].words,
        "Slack says: not_in_channel. Invite the bot to the channel, and check its name."
    );
    street.deps.store.write_delivery(&refused.again(street.now()).unwrap()).await.unwrap().unwrap();
    assert_eq!(street.swept().await.delivered, 1);
    let told = street.world.inside().told.clone();
    assert_eq!(
        (told[0].path.as_str(), &told[0].headers["authorization"]),
        ("/api/chat.postMessage", &"Bearer xoxb-1".parse().unwrap())
    );
    let body: Value = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!(body["channel"], "C042");
}

#[tokio::test]
async fn a_rotation_of_the_link_key_seals_anew_and_loses_no_message() {
    let mut street = street(with_endpoint).await;
    let new = || LinkKey::new("another link key for tests, long enough").unwrap();
    street.deps.link_keys = LinkKeys::new(new(), Some(fixtures::link_key()));
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.delivered, 1, "it opens, and is signed under both");
    let both = street.world.inside().told[0].headers["webhook-signature"].clone();
    assert_eq!(both.to_str().unwrap().split(' ').count(), 2);
    street.deps.link_keys = new().into();
    street.happens("again", handed_over()).await;
    assert_eq!(street.told().await.delivered, 1, "the old key is gone");
    let told = street.world.inside().told.clone();
    assert!(verify(&street, &told[1], 1) && verify(&street, &told[0], 1));
}

#[tokio::test]
async fn a_test_message_arrives_and_the_table_holds_no_usable_secret() {
    let way = |url| SlackWay::Webhook { url };
    let street = street(|deps| Integrations {
        slack: Some(slack(deps, way, "https://hooks.slack.com/services/T/B/secret")),
        ..with_endpoint(deps)
    })
    .await;
    let id = fixtures::organization().id;
    for target in [Target::Slack, Target::Endpoint(EndpointId::from_random(1))] {
        let test = Delivery::test(&id, target, street.now(), 7);
        assert!(street.deps.store.put_delivery(&test).await.unwrap());
    }
    assert_eq!(street.swept().await.delivered, 2);
    let done = street.deliveries().await;
    assert!(done.iter().all(|one| matches!(one.standing, Standing::Delivered { .. })));
    let dump = street.table.dump().await;
    let secret = &street.deps.link_keys.webhook_secrets(&id, &EndpointId::from_random(1), &[1])[0];
    assert!(!dump.contains("services/T/B/secret") && !dump.contains(&secret["whsec_".len()..]));
}
