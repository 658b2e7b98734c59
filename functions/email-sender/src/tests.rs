//! The sender between an embedded table and a loopback SES.

mod lossy;
mod ses;

use super::*;
use handoff_domain::Timestamp;
use handoff_domain::handoff::Attention;
use handoff_domain::id::OutboxId;
use handoff_domain::outbox::{Invitation, MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use handoff_runtime::{Aws, Service, Timeouts};
use handoff_store::Consistency;
use handoff_testing::{TestTable, fixtures, table};
use ses::{Reply, Ses};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const QUICK: Timeouts = Timeouts {
    connect: Duration::from_millis(300),
    attempt: Duration::from_millis(300),
    operation: Duration::from_millis(300),
    attempts: 1,
};

struct Street {
    deps: Deps,
    table: TestTable,
    ses: Ses,
    ahead_ms: Arc<AtomicI64>,
}

async fn street() -> Street {
    let (table, ses, ahead_ms) = (table().await, Ses::default(), Arc::new(AtomicI64::new(0)));
    let aws = Aws::from_environment(&handoff_testing::table::environment(&ses.serve().await)).unwrap();
    let deps = Deps {
        store: table.store.clone(),
        mailer: SesMailer::new(&aws.config(Service::Ses, QUICK), "handoff@us.test".parse().unwrap(), None),
        permits: None,
        renderer: Renderer::new("https://handoff.test".to_owned(), fixtures::link_key()),
        clock: Clock::shifted(ahead_ms.clone()),
    };
    Street { deps, table, ses, ahead_ms }
}

impl Street {
    /// A handoff and an entry of this many mails, owed now.
    async fn owe(&self, mails: usize) -> OutboxEntry {
        self.owe_at(self.deps.clock.now(), mails).await
    }

    async fn owe_at(&self, owed_at: Timestamp, mails: usize) -> OutboxEntry {
        let handoff = fixtures::handoff();
        self.deps.store.create_handoff(&handoff).await.unwrap();
        let key = OutboxKey {
            organization: handoff.organization.clone(),
            account: Some(handoff.id.clone()),
            owed_at,
            id: OutboxId::parse("d1001-r1-g1-invitation").unwrap(),
        };
        let entry = OutboxEntry::new(key, vec![mail(); mails]);
        let written =
            self.deps.store.replace_handoff(&handoff, &handoff, std::slice::from_ref(&entry), &[]).await;
        assert!(written.unwrap());
        self.read(&entry.key).await.unwrap()
    }

    async fn read(&self, key: &OutboxKey) -> Option<OutboxEntry> {
        self.deps.store.get_outbox(key, handoff_store::Consistency::Strong).await.unwrap()
    }

    /// The stream's record of the entry as the table holds it.
    async fn record(&self, name: &str) -> Event {
        let scanned =
            self.table.client.scan().table_name(handoff_testing::table::TABLE).send().await.unwrap();
        let is_owed = |item: &&handoff_testing::table::Item| {
            item.get("kind").is_some_and(|kind| kind.as_s().unwrap() == "outbox")
        };
        let image = scanned.items().iter().find(is_owed).unwrap().clone();
        let image: std::collections::HashMap<String, serde_dynamo::AttributeValue> =
            image.into_iter().map(|(name, value)| (name, value.into())).collect();
        let mut event = sample_event();
        event.records[0].change.new_image = image.into();
        event.records[0].event_name = name.to_owned();
        event
    }

    async fn told(&self, event: Event) -> usize {
        handle(&self.deps, event).await.batch_item_failures.len()
    }

    async fn swept(&self) -> SweepSummary {
        sweep(&self.deps).await.unwrap()
    }

    fn wait(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    async fn attention(&self) -> Vec<Attention> {
        let handoff = fixtures::handoff();
        let page =
            self.deps.store.get_handoff_page(&handoff.organization, &handoff.id, Consistency::Strong).await;
        page.unwrap().unwrap().handoff.attention.into_iter().collect()
    }
}

fn mail() -> OwedMail {
    let handoff = fixtures::handoff();
    OwedMail {
        to: handoff.ae.email.clone().unwrap(),
        reply_to: None,
        content: MailContent::HandoffInvitation(Invitation {
            organization_name: handoff.organization_name,
            ae_name: handoff.ae.name,
            company: handoff.account.company,
            deal_name: handoff.account.deal_name,
            arr: handoff.account.arr,
            close_date: handoff.account.close_date,
            generation: 1,
            link_hash: handoff.link.as_ref().map(|link| link.hash.clone()),
            expires_at: handoff.link.unwrap().expires_at,
            time_zone: handoff.time_zone,
            questions: 8,
            drafted: 6,
            conflicts: 0,
        }),
        status: MailStatus::Owed,
    }
}

fn sample(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/email-sender").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn sample_event() -> Event {
    serde_json::from_str(&sample("outbox-insert.json")).unwrap()
}

const fn summary(sent: u32, failed: u32, waiting: u32) -> SweepSummary {
    SweepSummary { organizations: 1, found: sent + failed + waiting, sent, failed, waiting }
}

async fn with_directory(street: &Street) {
    let (questions, roster) = (handoff_domain::question::QuestionSet::first(), fixtures::roster());
    let template = handoff_domain::plan::Template::first();
    let store = &street.deps.store;
    assert!(
        store.create_organization(&fixtures::organization(), &questions, &roster, &template).await.unwrap()
    );
}

/// An entry that was held up while a newer link was issued carries a dead one.
#[tokio::test]
async fn a_mail_that_comes_after_a_newer_link_is_not_sent() {
    let street = street().await;
    with_directory(&street).await;
    let owed = street.owe(1).await;
    let (organization, account) = (&owed.key.organization, owed.key.account.as_ref().unwrap());
    let page = street.deps.store.get_handoff_page(organization, account, Consistency::Strong).await;
    let before = page.unwrap().unwrap().handoff;
    let mut after = before.clone();
    after.link.as_mut().unwrap().generation += 1;
    assert!(street.deps.store.replace_handoff(&before, &after, &[], &[]).await.unwrap());
    street.wait(180);
    assert_eq!(
        (street.swept().await.sent, street.ses.mails().len()),
        (1, 0),
        "settled, and nobody was written to"
    );
    assert_eq!((street.read(&owed.key).await, street.attention().await), (None, Vec::new()));
}

#[tokio::test]
async fn an_owed_mail_is_sent_and_its_entry_is_gone() {
    let street = street().await;
    let entry = street.owe(2).await;
    assert_eq!(street.told(street.record("INSERT").await).await, 0);
    assert_eq!(street.ses.mails(), ["0", "1"]);
    assert_eq!(street.read(&entry.key).await, None);
    assert_eq!(street.attention().await, []);
}

#[tokio::test]
async fn a_record_that_comes_again_sends_nothing() {
    let street = street().await;
    street.owe(1).await;
    let record = street.record("INSERT").await;
    for _ in 0..3 {
        assert_eq!(street.told(record.clone()).await, 0);
    }
    assert_eq!(street.ses.mails().len(), 1);
}

#[tokio::test]
async fn two_senders_with_the_same_record_send_once() {
    let street = street().await;
    street.owe(1).await;
    let record = street.record("INSERT").await;
    let (one, other) = tokio::join!(street.told(record.clone()), street.told(record));
    assert_eq!((one, other), (0, 0));
    assert_eq!(street.ses.mails().len(), 1);
}

#[tokio::test]
async fn a_claim_whose_reply_was_lost_is_sent_at_once() {
    let mut street = street().await;
    let entry = street.owe(1).await;
    let record = street.record("INSERT").await;
    let (forgetful, has_lost) = lossy::serve(street.table.config.endpoint_url().unwrap()).await;
    let aws = Aws::from_environment(&handoff_testing::table::environment(&forgetful)).unwrap();
    let config = aws.config(Service::DynamoDb, Timeouts::WORKER);
    street.deps.store = Store::new(&config, handoff_testing::table::TABLE);
    assert_eq!(street.told(record).await, 0);
    assert!(has_lost.load(Ordering::Relaxed));
    assert_eq!(street.ses.mails(), ["0"]);
    street.deps.store = street.table.store.clone();
    assert_eq!(street.read(&entry.key).await, None);
}

#[tokio::test]
async fn removals_other_items_and_own_writes_are_passed_over() {
    let street = street().await;
    let entry = street.owe(1).await;
    street.told(street.record("REMOVE").await).await;
    let mut other = street.record("MODIFY").await;
    other.records[0].change.new_image = serde_dynamo::Item::default();
    assert_eq!(street.told(other).await, 0);
    assert_eq!(street.ses.mails(), Vec::<String>::new());
    let (claimed, _) = entry.claim(street.deps.clock.now()).unwrap();
    street.deps.store.write_outbox(&claimed, fixtures::now()).await.unwrap().unwrap();
    assert_eq!(street.told(street.record("MODIFY").await).await, 0);
    assert_eq!(street.ses.mails(), Vec::<String>::new());
}

#[tokio::test]
async fn a_mail_that_was_not_taken_is_tried_by_the_sweep_until_it_is() {
    let street = street().await;
    with_directory(&street).await;
    let entry = street.owe(2).await;
    street.ses.will([Reply::Taken, Reply::Error(400, "Throttling")]);
    street.told(street.record("INSERT").await).await;
    assert_eq!(street.ses.mails(), ["0", "1"]);
    assert_eq!(street.swept().await, summary(0, 0, 0));
    street.wait(150);
    street.ses.will([Reply::Error(503, "ServiceUnavailable")]);
    assert_eq!(street.swept().await, summary(0, 0, 1));
    // The write of a mail that was not taken is no reason to try at once.
    assert_eq!(street.told(street.record("MODIFY").await).await, 0);
    assert_eq!(street.ses.mails(), ["0", "1", "1"]);
    assert_eq!(street.swept().await, summary(1, 0, 0));
    assert_eq!(street.ses.mails(), ["0", "1", "1", "1"]);
    assert_eq!(street.read(&entry.key).await, None);
}

#[tokio::test]
async fn a_mail_that_is_never_taken_is_given_up_where_an_admin_sees_it() {
    let street = street().await;
    with_directory(&street).await;
    let entry = street.owe(1).await;
    street.ses.will([Reply::Error(400, "Throttling"); 73]);
    for _ in 0..71 {
        street.wait(3600);
        assert_eq!(street.swept().await, summary(0, 0, 1));
    }
    street.wait(3600);
    assert_eq!(street.swept().await, summary(0, 1, 0));
    assert_eq!(street.ses.mails().len(), 72);
    assert_eq!(street.read(&entry.key).await, None);
    assert_eq!(street.attention().await, [Attention::MailFailed]);
}

#[tokio::test]
async fn a_refused_mail_is_not_tried_again_and_marks_the_handoff() {
    let street = street().await;
    street.owe(2).await;
    street.ses.will([Reply::Error(400, "MessageRejected")]);
    street.told(street.record("INSERT").await).await;
    assert_eq!(street.ses.mails(), ["0", "1"]);
    assert_eq!(street.attention().await, [Attention::MailFailed]);
}

#[tokio::test]
async fn a_lost_reply_waits_ten_minutes_and_is_sent_once_more() {
    let street = street().await;
    with_directory(&street).await;
    let entry = street.owe(1).await;
    street.ses.will([Reply::Late]);
    assert_eq!(street.told(street.record("INSERT").await).await, 0);
    street.wait(300);
    assert_eq!(street.swept().await, summary(0, 0, 1));
    assert_eq!(street.ses.mails().len(), 1);
    street.wait(400);
    assert_eq!(street.swept().await, summary(1, 0, 0));
    assert_eq!(street.ses.mails().len(), 2);
    assert_eq!(street.read(&entry.key).await, None);
}

#[tokio::test]
async fn a_mail_with_two_unknown_outcomes_is_given_up_without_a_third() {
    let street = street().await;
    with_directory(&street).await;
    street.owe(1).await;
    street.ses.will([Reply::Late, Reply::Late]);
    street.told(street.record("INSERT").await).await;
    street.wait(700);
    assert_eq!(street.swept().await, summary(0, 0, 1));
    street.wait(700);
    assert_eq!(street.swept().await, summary(0, 1, 0));
    assert_eq!(street.ses.mails().len(), 2);
    assert_eq!(street.attention().await, [Attention::MailFailed]);
}

#[tokio::test]
async fn a_crash_between_sending_and_noting_it_sends_once_more_at_most() {
    let street = street().await;
    with_directory(&street).await;
    let entry = street.owe(1).await;
    // What the table holds when the process dies right after the claim.
    let (claimed, _) = entry.claim(street.deps.clock.now()).unwrap();
    street.deps.store.write_outbox(&claimed, fixtures::now()).await.unwrap().unwrap();
    street.wait(300);
    assert_eq!(street.swept().await, summary(0, 0, 1));
    street.wait(400);
    assert_eq!(street.swept().await, summary(1, 0, 0));
    assert_eq!(street.ses.mails().len(), 1);
}

#[tokio::test]
async fn an_event_that_confirms_a_mail_meanwhile_does_not_lose_the_other_outcomes() {
    let street = street().await;
    let entry = street.owe(2).await;
    street.ses.will([Reply::Taken, Reply::Late]);
    let record = street.record("INSERT").await;
    let confirmed = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        let mut current = street.read(&entry.key).await.unwrap();
        assert!(current.confirm(1));
        street.deps.store.write_outbox(&current, fixtures::now()).await.unwrap().unwrap();
    };
    let (failures, ()) = tokio::join!(street.told(record), confirmed);
    assert_eq!(failures, 0);
    assert_eq!(street.read(&entry.key).await, None);
    assert_eq!(street.ses.mails(), ["0", "1"]);
}

#[tokio::test]
async fn a_table_that_is_away_brings_the_record_back() {
    let mut street = street().await;
    street.owe(1).await;
    let record = street.record("INSERT").await;
    let nowhere = handoff_testing::table::environment("http://127.0.0.1:9");
    let aws = Aws::from_environment(&nowhere).unwrap();
    street.deps.store = Store::new(&aws.config(Service::DynamoDb, QUICK), "away");
    let failures = handle(&street.deps, record).await.batch_item_failures;
    assert_eq!(failures.len(), 1);
    assert!(failures[0].item_identifier.as_deref().is_some_and(|id| !id.is_empty()));
    assert_eq!(street.ses.mails(), Vec::<String>::new());
}

#[test]
fn both_triggers_are_told_apart() {
    assert!(matches!(serde_json::from_str(&sample("outbox-insert.json")).unwrap(), Trigger::Stream(_)));
    let sweep = serde_json::from_str(&sample("outbox-sweep.json")).unwrap();
    assert!(matches!(sweep, Trigger::Schedule { schedule: Schedule::OutboxSweep }));
    assert!(serde_json::from_str::<Trigger>(r#"{"schedule":"other"}"#).is_err());
}

#[test]
fn the_sample_event_holds_one_owed_mail() {
    let image = sample_event().records.remove(0).change.new_image;
    let entry = handoff_store::outbox_from_image(image).unwrap().unwrap();
    assert_eq!(entry.mails.len(), 1);
    assert_eq!(entry.mails[0].content.kind(), "handoff_invitation");
}

/// Writes the sample again when the stored form changed: `cargo test -p email-sender -- --ignored sample`.
#[tokio::test]
#[ignore = "writes into the repository"]
async fn write_the_sample_event() {
    let street = street().await;
    street.owe_at(fixtures::now(), 1).await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/email-sender/outbox-insert.json");
    let mut sample: serde_json::Value = serde_json::from_str(&sample("outbox-insert.json")).unwrap();
    let event = street.record("INSERT").await;
    let image = serde_json::to_value(&event.records[0].change.new_image).unwrap();
    let keys: serde_json::Map<_, _> =
        ["PK", "SK"].map(|name| (name.to_owned(), image[name].clone())).into_iter().collect();
    sample["Records"][0]["dynamodb"]["Keys"] = keys.into();
    sample["Records"][0]["dynamodb"]["NewImage"] = image;
    std::fs::write(path, serde_json::to_string_pretty(&sample).unwrap() + "\n").unwrap();
}
