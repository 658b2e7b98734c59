//! The stand-ins against AWS's own clients.

use super::*;
use crate::clock::MovableClock;
use crate::options::DataDir;
use crate::state::State;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use handoff_domain::outbox::OutboxKey;
use handoff_runtime::{Aws, Environment, Timeouts};
use serde_json::Value;
use std::time::Duration;

const IMPATIENT: Timeouts = Timeouts {
    connect: Duration::from_millis(500),
    attempt: Duration::from_millis(900),
    operation: Duration::from_secs(3),
    attempts: 1,
};

struct Street {
    stand_ins: StandIns,
    mails: mails::Mails,
    queues: queues::Queues,
    clock: MovableClock,
    table: dynamodb::Table,
    aws: Aws,
    _stop: tokio::sync::watch::Sender<bool>,
}

async fn street(data_dir: &DataDir) -> Street {
    let (stop_sender, stop) = Stop::new();
    let mut stand_ins =
        StandIns { calls: Calls::default(), faults: Faults::default(), stop, tasks: JoinSet::new() };
    let state = State::open(data_dir).unwrap();
    let movable = MovableClock::open(&state).unwrap();
    let clock = movable.clock();
    let queues = queues::Queues::open(&state, &clock, &stand_ins.faults).unwrap();
    let mails = mails::Mails::new(&state);
    let ses =
        ses::Ses { mails: mails.clone(), queues: queues.clone(), clock, faults: stand_ins.faults.clone() };
    let queue_endpoint = stand_ins.start(Service::Sqs, sqs::router(queues.clone())).await.unwrap();
    let mail_endpoint = stand_ins.start(Service::Ses, ses::router(ses)).await.unwrap();
    let table = dynamodb::Table::open(data_dir).unwrap();
    let engine = stand_ins.start_engine(&table).await.unwrap();
    let proxy = proxy::Proxy::new(&engine).unwrap();
    let front = dynamodb::Front { proxy, calls: stand_ins.calls.clone(), table: table.clone() };
    let table_endpoint = stand_ins.start(Service::DynamoDb, dynamodb::router(front)).await.unwrap();
    let environment = Environment::from_pairs([
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_SQS", &queue_endpoint),
        ("AWS_ENDPOINT_URL_SES", &mail_endpoint),
        ("AWS_ENDPOINT_URL_DYNAMODB", &table_endpoint),
    ]);
    let aws = Aws::from_environment(&environment).unwrap();
    Street { stand_ins, mails, queues, clock: movable, table, aws, _stop: stop_sender }
}

impl Street {
    fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.aws.config(handoff_runtime::Service::Sqs, IMPATIENT))
    }

    fn ses(&self) -> aws_sdk_ses::Client {
        aws_sdk_ses::Client::new(&self.aws.config(handoff_runtime::Service::Ses, IMPATIENT))
    }

    fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.aws.config(handoff_runtime::Service::DynamoDb, IMPATIENT))
    }

    fn break_down(&self, service: &str, mode: &str) {
        let text = format!(r#"[{{"service": "{service}", "mode": "{mode}", "probability": 1, "seed": 1}}]"#);
        self.stand_ins.faults.replace(serde_json::from_str(&text).unwrap());
    }

    async fn send_mail(&self) -> Result<String, String> {
        let content = |text: &str| Content::builder().charset("UTF-8").data(text).build().unwrap();
        let body = Body::builder().text(content("Grüße & <b>\n")).html(content("<p>Grüße</p>")).build();
        let tag = |name: &str, value: String| MessageTag::builder().name(name).value(value).build().unwrap();
        let key = OutboxKey {
            organization: handoff_domain::id::OrganizationId::parse("hs1").unwrap(),
            account: Some(handoff_domain::id::AccountId::parse("d77").unwrap()),
            owed_at: jiff::Timestamp::UNIX_EPOCH,
            id: handoff_domain::id::OutboxId::parse("x").unwrap(),
        };
        let sent = self
            .ses()
            .send_email()
            .source("Handoff <handoff@example.com>")
            .destination(Destination::builder().to_addresses("ae@customer.test").build())
            .reply_to_addresses("csm@example.com")
            .message(Message::builder().subject(content("Über uns")).body(body).build())
            .tags(tag("kind", "handoff_invitation".into()))
            .tags(tag("outbox", key.to_tag()))
            .configuration_set_name("handoff")
            .send()
            .await;
        sent.map(|sent| sent.message_id)
            .map_err(|error| error.into_service_error().meta().code().unwrap_or("none").to_owned())
    }
}

const QUEUE_URL: &str = "http://queue/000000000000/intake";

#[tokio::test]
async fn sqs_keeps_what_its_client_sends_and_checks_batches_entry_by_entry() {
    let street = street(&DataDir::Memory).await;
    let sent = street.sqs().send_message().queue_url(QUEUE_URL).message_body("hello").send().await.unwrap();
    assert_eq!(sent.md5_of_message_body(), Some("5d41402abc4b2a76b9719d911017c592"));
    let entry = |id: &str, body: &str| {
        aws_sdk_sqs::types::SendMessageBatchRequestEntry::builder().id(id).message_body(body).build().unwrap()
    };
    let batch = street.sqs().send_message_batch().queue_url(QUEUE_URL);
    let answer = batch.entries(entry("a", "fine")).entries(entry("b", "bad \u{1}")).send().await.unwrap();
    assert_eq!((answer.successful().len(), answer.failed().len()), (1, 1));
    assert_eq!(answer.failed()[0].code(), "InvalidMessageContents");
    assert_eq!(street.queues.counts().unwrap()[0].waiting, 2);
    let nowhere = street.sqs().send_message().queue_url("http://q/0/none").message_body("x").send().await;
    assert!(nowhere.unwrap_err().into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn ses_keeps_the_mail_and_sends_its_event_to_the_queue() {
    let street = street(&DataDir::Memory).await;
    let id = street.send_mail().await.unwrap();
    let mail = street.mails.list().unwrap().remove(0);
    assert_eq!((mail.id.as_str(), mail.kind.as_str()), (id.as_str(), "handoff_invitation"));
    assert_eq!((mail.subject.as_str(), mail.text.as_str()), ("Über uns", "Grüße & <b>\n"));
    assert_eq!(mail.account_id.as_deref(), Some("d77"));
    assert_eq!(mail.reply_to.as_deref(), Some("csm@example.com"));
    assert_eq!(mail.headers["From"], "Handoff <handoff@example.com>");
    assert!(mail.raw.contains("multipart/alternative"));
    street.clock.advance(2).unwrap();
    let event = street.queues.receive(queues::QueueName::MailEvents).unwrap().remove(0);
    let event: Value = serde_json::from_str(&event.body).unwrap();
    assert_eq!((&event["eventType"], &event["mail"]["messageId"]), (&"Send".into(), &id.as_str().into()));
    assert!(OutboxKey::from_tag(event["mail"]["tags"]["outbox"][0].as_str().unwrap()).is_some());
}

#[tokio::test]
async fn dynamodb_calls_are_counted_with_the_capacity_that_they_use() {
    let street = street(&DataDir::Memory).await;
    let client = street.dynamodb();
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let put = client.put_item().table_name(dynamodb::TABLE_NAME).item("PK", text("a")).item("SK", text("b"));
    put.item("text", text(&"x".repeat(1500))).send().await.unwrap();
    client
        .get_item()
        .table_name(dynamodb::TABLE_NAME)
        .key("PK", text("a"))
        .key("SK", text("b"))
        .send()
        .await
        .unwrap();
    let counts = street.stand_ins.calls.read();
    assert_eq!((counts.aws_calls, counts.write_units, counts.read_units), (2, 2.0, 0.5));
    assert_eq!(counts.services["dynamodb"]["PutItem"].calls, 1);
    assert_eq!(street.table.scan(None).unwrap().len(), 1);
    assert_eq!(street.table.stream_after(None, 10).unwrap().len(), 1);
    assert_eq!(street.stand_ins.calls.read().aws_calls, 2, "pages and pumps do not count");
}

#[tokio::test]
async fn each_service_fails_in_its_own_words() {
    let street = street(&DataDir::Memory).await;
    street.break_down("ses", "throttle");
    assert_eq!(street.send_mail().await.unwrap_err(), "Throttling");
    street.break_down("sqs", "error");
    let error = street.sqs().send_message().queue_url(QUEUE_URL).message_body("x").send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 500);
    street.break_down("dynamodb", "throttle");
    let error = street.dynamodb().list_tables().send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    assert!(format!("{error:?}").contains("ProvisionedThroughputExceeded"));
    street.stand_ins.faults.replace(Vec::new());
    street.dynamodb().list_tables().send().await.unwrap();
}

#[tokio::test]
async fn a_lost_or_truncated_reply_is_done_all_the_same_and_a_timeout_is_not() {
    let street = street(&DataDir::Memory).await;
    for (mode, kept) in [("lost_reply", 1), ("truncated", 2), ("timeout", 2), ("slow", 3)] {
        street.break_down("ses", mode);
        let outcome = street.send_mail().await;
        assert_eq!(outcome.is_ok(), mode == "slow", "{mode}: {outcome:?}");
        assert_eq!(street.mails.list().unwrap().len(), kept, "{mode}");
    }
}

#[tokio::test]
async fn a_duplicate_at_ses_is_a_second_event_of_one_mail() {
    let street = street(&DataDir::Memory).await;
    street.break_down("ses", "duplicate");
    street.send_mail().await.unwrap();
    assert_eq!(street.mails.list().unwrap().len(), 1);
    street.clock.advance(2).unwrap();
    assert_eq!(street.queues.receive(queues::QueueName::MailEvents).unwrap().len(), 2);
}

#[tokio::test]
async fn queues_mails_and_items_survive_a_restart() {
    let path = std::env::temp_dir().join(format!("handoff-local-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir_all(&path).unwrap();
    let data_dir = DataDir::Path(path.clone());
    let text = |value: &str| AttributeValue::S(value.to_owned());
    {
        let street = street(&data_dir).await;
        street.send_mail().await.unwrap();
        let put = street.dynamodb().put_item().table_name(dynamodb::TABLE_NAME).item("PK", text("a"));
        put.item("SK", text("b")).send().await.unwrap();
    }
    let street = street(&data_dir).await;
    assert_eq!(street.mails.list().unwrap().len(), 1);
    let counts = street.queues.counts().unwrap();
    let events = counts.iter().find(|count| count.name == queues::QueueName::MailEvents.as_str()).unwrap();
    assert_eq!(events.waiting, 1);
    assert_eq!(street.table.scan(Some("b")).unwrap().len(), 1);
    std::fs::remove_dir_all(path).unwrap();
}
