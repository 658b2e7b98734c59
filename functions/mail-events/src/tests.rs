//! SES's events against an embedded table.

use super::*;
use handoff_domain::handoff::Attention;
use handoff_domain::id::OutboxId;
use handoff_domain::outbox::{Escalation, MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use handoff_testing::{TestTable, fixtures, table};
use std::path::Path;

/// The key that the sample events carry.
fn key() -> OutboxKey {
    let handoff = fixtures::handoff();
    OutboxKey {
        organization: handoff.organization,
        account: Some(handoff.id),
        owed_at: fixtures::now(),
        id: OutboxId::parse("d1001-r1-g1-invitation").unwrap(),
    }
}

fn deps(table: &TestTable) -> Deps {
    Deps { store: table.store.clone(), clock: Clock::system() }
}

async fn owed(table: &TestTable, mails: usize) -> OutboxEntry {
    let handoff = fixtures::handoff();
    let content = MailContent::HandoffEscalated(Escalation {
        organization_name: "Northwind".into(),
        company: "Acme".into(),
        deal: None,
        portal: fixtures::organization().portal,
        reason: Attention::Overdue,
        detail: String::new(),
        unread: Vec::new(),
    });
    let mail =
        OwedMail { to: handoff.ae.email.clone().unwrap(), reply_to: None, content, status: MailStatus::Owed };
    let entry = OutboxEntry::new(key(), vec![mail; mails]);
    table.store.create_handoff(&handoff).await.unwrap();
    assert!(table.store.replace_handoff(&handoff, &handoff, &[entry], &[]).await.unwrap());
    table.store.get_outbox(&key(), handoff_store::Consistency::Strong).await.unwrap().unwrap()
}

/// The entry as it is while a sender waits for SES's answer.
async fn in_doubt(table: &TestTable, mails: usize) {
    let (claimed, _) = owed(table, mails).await.claim(fixtures::now()).unwrap();
    table.store.write_outbox(&claimed, fixtures::now()).await.unwrap().unwrap();
}

fn sample(name: &str) -> SqsEvent {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/mail-events").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn event(kind: &str, mail: usize) -> SqsEvent {
    let body = format!(
        r#"{{"eventType":"{kind}","mail":{{"tags":{{"outbox":["{}"],"mail":["{mail}"]}}}}}}"#,
        key().to_tag()
    );
    let mut event = sample("send.json");
    event.records[0].body = Some(body);
    event
}

async fn failures(table: &TestTable, event: SqsEvent) -> usize {
    handle(&deps(table), event).await.batch_item_failures.len()
}

async fn statuses(table: &TestTable) -> Vec<MailStatus> {
    let entry = table.store.get_outbox(&key(), handoff_store::Consistency::Strong).await.unwrap();
    entry.into_iter().flat_map(|entry| entry.mails).map(|mail| mail.status).collect()
}

async fn attention(table: &TestTable) -> Vec<Attention> {
    let key = key();
    let strong = handoff_store::Consistency::Strong;
    let page = table.store.get_handoff_page(&key.organization, key.account.as_ref().unwrap(), strong).await;
    page.unwrap().unwrap().handoff.attention.into_iter().collect()
}

#[tokio::test]
async fn a_send_event_confirms_a_mail_in_doubt() {
    let table = table().await;
    in_doubt(&table, 2).await;
    assert_eq!(failures(&table, event("Send", 1)).await, 0);
    assert!(matches!(statuses(&table).await[..], [MailStatus::Unknown { .. }, MailStatus::Sent]));
    assert_eq!(failures(&table, event("Send", 1)).await, 0);
    assert_eq!(failures(&table, event("Send", 0)).await, 0);
    assert_eq!(statuses(&table).await, []);
}

#[tokio::test]
async fn an_event_without_news_writes_nothing() {
    let table = table().await;
    assert_eq!(failures(&table, event("Send", 0)).await, 0);
    owed(&table, 1).await;
    let before = table.dump().await;
    assert_eq!(failures(&table, event("Send", 0)).await, 0);
    assert_eq!(failures(&table, event("Send", 7)).await, 0);
    assert_eq!(table.dump().await, before);
}

#[tokio::test]
async fn only_a_send_event_confirms() {
    let table = table().await;
    in_doubt(&table, 1).await;
    let before = table.dump().await;
    for kind in ["Bounce", "Complaint", "Delivery", "DeliveryDelay", "New in 2030"] {
        assert_eq!(failures(&table, event(kind, 0)).await, 0, "{kind}");
    }
    assert_eq!(table.dump().await, before);
}

#[tokio::test]
async fn the_samples_are_read_raw_and_in_snss_envelope() {
    for name in ["send.json", "send-through-sns.json"] {
        let table = table().await;
        in_doubt(&table, 1).await;
        assert_eq!(failures(&table, sample(name)).await, 0, "{name}");
        assert_eq!(statuses(&table).await, [], "{name}");
    }
    let table = table().await;
    in_doubt(&table, 1).await;
    assert_eq!(failures(&table, sample("bounce.json")).await, 0);
    assert_eq!(statuses(&table).await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_never_arrives_marks_its_handoff_also_when_the_entry_is_gone() {
    let lost = [sample("bounce.json"), event("Reject", 0), event("Rendering Failure", 0)];
    for lost in lost {
        let table = table().await;
        in_doubt(&table, 1).await;
        assert_eq!(failures(&table, event("Send", 0)).await, 0);
        assert_eq!(attention(&table).await, []);
        assert_eq!(failures(&table, lost).await, 0);
        assert_eq!(attention(&table).await, [Attention::MailFailed]);
    }
}

#[tokio::test]
async fn a_lost_mail_of_an_account_that_is_not_there_is_done() {
    assert_eq!(failures(&table().await, sample("bounce.json")).await, 0);
}

#[tokio::test]
async fn a_message_that_is_no_event_goes_the_way_of_the_dead_letters_and_the_others_are_done() {
    let table = table().await;
    in_doubt(&table, 1).await;
    let mut batch = event("Send", 0);
    let mut poison = batch.records[0].clone();
    poison.body = Some("{\"no\": \"event\"}".to_owned());
    poison.message_id = Some("poison".to_owned());
    batch.records.insert(0, poison);
    let response = handle(&deps(&table), batch).await;
    let failed: Vec<_> =
        response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    assert_eq!(failed, ["poison"]);
    assert_eq!(statuses(&table).await, []);
}
