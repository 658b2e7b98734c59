//! The mailer against a loopback server that speaks SES's Query protocol.

use super::*;
use crate::renderer::Renderer;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_ses::config::BehaviorVersion;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::region::Region;
use axum::http::StatusCode;
use axum::{Router, routing::post};
use handoff_domain::account::Money;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::{CorrelationId, DealId, OutboxId, PortalId};
use handoff_domain::link::LinkKey;
use handoff_domain::outbox::{Invitation, MailContent, MailStatus, OutboxKey};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const TAKEN: &str = r#"<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult>
    <MessageId>0100018</MessageId></SendEmailResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SendEmailResponse>"#;

fn error_body(code: &str) -> String {
    format!(
        r#"<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>{code}</Code>
        <Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"#
    )
}

fn mailer(endpoint: &str) -> SesMailer {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(500))
        .operation_timeout(Duration::from_millis(500))
        .build();
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "id", "key", None, None, "test",
        )))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .timeout_config(timeouts)
        .endpoint_url(endpoint)
        .build();
    SesMailer::new(&config, "Handoff <handoff@us.test>".parse().unwrap(), Some("handoff".to_owned()))
}

fn owed() -> (OutboxKey, OwedMail) {
    let key = OutboxKey {
        organization: PortalId(62515).organization(),
        account: Some(DealId::parse("123").unwrap().account()),
        owed_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        id: OutboxId::parse("invitation-1").unwrap(),
    };
    let content = MailContent::HandoffInvitation(Invitation {
        organization_name: "Northwind".into(),
        ae_name: "Sam Okafor".into(),
        company: "Acme\r\nBcc: attacker@evil.test".into(),
        deal_name: String::new(),
        arr: Some(Money { amount: "48000".into(), currency: "USD".into() }),
        close_date: None,
        generation: 1,
        link_hash: None,
        expires_at: "2026-12-22T10:00:00Z".parse().unwrap(),
        time_zone: "UTC".into(),
        questions: 8,
        drafted: 6,
        conflicts: 0,
    });
    let to = EmailAddress::parse("sam@us.test").unwrap();
    (key, OwedMail { to: to.clone(), reply_to: Some(to), content, status: MailStatus::Owed })
}

async fn send_to(endpoint: &str) -> SendOutcome {
    let (key, mail) = owed();
    let renderer = Renderer::new("https://handoff.test".into(), LinkKey::new(&"k".repeat(32)).unwrap());
    let words = renderer.render(&key, &mail).unwrap();
    let entry = OutboxEntry::new(key, vec![mail.clone()]).on_the_way(Some(CorrelationId::from_random(0xab)));
    mailer(endpoint).send(&entry, 1, &mail, &words).await
}

/// A server that answers everything with this, and the forms that it got.
async fn serve(status: u16, body: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let store = seen.clone();
    let handler = post(move |form: String| async move {
        store.lock().unwrap().push(form);
        (StatusCode::from_u16(status).unwrap(), [("content-type", "text/xml")], body)
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = async move { axum::serve(listener, Router::new().route("/", handler)).await };
    tokio::spawn(server);
    (url, seen)
}

/// A server that reads the request and then does what `answer` says with raw bytes.
async fn serve_raw(answer: &'static [u8], hold: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 1024]).await;
            tokio::time::sleep(hold).await;
            let _ = socket.write_all(answer).await;
        }
    });
    url
}

#[tokio::test]
async fn a_mail_is_sent_once_with_everything_that_belongs_to_it() {
    let (url, seen) = serve(200, TAKEN.to_owned()).await;
    assert_eq!(send_to(&url).await, SendOutcome::Accepted);
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    let form: BTreeMap<String, String> = form_urlencoded::parse(seen[0].as_bytes()).into_owned().collect();
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    assert_eq!(field("Action"), "SendEmail");
    assert_eq!(field("Source"), "\"Handoff\" <handoff@us.test>");
    assert_eq!(field("Destination.ToAddresses.member.1"), "sam@us.test");
    assert_eq!(field("ReplyToAddresses.member.1"), "sam@us.test");
    assert_eq!(field("ConfigurationSetName"), "handoff");
    assert_eq!(field("Message.Subject.Data"), "Acme Bcc: attacker@evil.test: two minutes to hand it over");
    assert!(field("Message.Body.Html.Data").starts_with("<!DOCTYPE html>"));
    assert!(field("Message.Body.Text.Data").contains("https://handoff.test/handoff/"));
    let tags: Vec<_> = (1..=4).map(|n| field(&format!("Tags.member.{n}.Value"))).collect();
    let correlation = "000000000000000000000000000000ab";
    assert_eq!(tags, ["handoff_invitation", owed().0.to_tag().as_str(), "1", correlation]);
    assert!(!form.keys().any(|name| name.contains("Cc") || name.contains("ToAddresses.member.2")));
}

#[tokio::test]
async fn ses_words_decide_whether_a_mail_is_given_up_or_tried_again() {
    let outcome = async |status, code: &str| send_to(&serve(status, error_body(code)).await.0).await;
    assert_eq!(
        outcome(400, "MessageRejected").await,
        SendOutcome::Refused { reason: "MessageRejected".into() }
    );
    assert_eq!(outcome(400, "Throttling").await, SendOutcome::NotTaken { reason: "Throttling".into() });
    let paused = "AccountSendingPausedException";
    assert_eq!(outcome(400, paused).await, SendOutcome::NotTaken { reason: paused.into() });
    assert_eq!(outcome(500, "InternalFailure").await, SendOutcome::Unknown);
    assert_eq!(
        outcome(503, "ServiceUnavailable").await,
        SendOutcome::NotTaken { reason: "ServiceUnavailable".into() }
    );
}

#[tokio::test]
async fn an_error_is_not_tried_again_behind_the_outboxs_back() {
    for (status, code) in [(400, "Throttling"), (500, "InternalFailure"), (503, "ServiceUnavailable")] {
        let (url, seen) = serve(status, error_body(code)).await;
        send_to(&url).await;
        assert_eq!(seen.lock().unwrap().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_the_outcome_unknown() {
    for (status, body) in [
        (200, "<SendEmailResponse><SendEmailResu"),
        (200, "<SendEmailResponse xmlns=\"x\"><SendEmailResult></SendEmailResult></SendEmailResponse>"),
        (200, "it worked"),
        (502, "<html>Bad gateway</html>"),
        (400, ""),
    ] {
        assert_eq!(
            send_to(&serve(status, body.to_owned()).await.0).await,
            SendOutcome::Unknown,
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn a_lost_reply_leaves_the_outcome_unknown() {
    assert_eq!(send_to(&serve_raw(b"", Duration::ZERO).await).await, SendOutcome::Unknown);
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n<SendEmail";
    assert_eq!(send_to(&serve_raw(cut, Duration::ZERO).await).await, SendOutcome::Unknown);
}

#[tokio::test]
async fn an_answer_that_comes_too_late_leaves_the_outcome_unknown() {
    assert_eq!(send_to(&serve_raw(b"", Duration::from_secs(5)).await).await, SendOutcome::Unknown);
}

#[tokio::test]
async fn a_refused_connection_is_safe_to_try_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(send_to(&url).await, SendOutcome::NotTaken { reason: "no connection".into() });
}

#[test]
fn a_sender_is_an_address_with_or_without_a_plain_name() {
    let sender = |text: &str| text.parse::<Sender>().map(|sender| sender.to_string());
    assert_eq!(sender("Handoff <handoff@us.test>").unwrap(), "\"Handoff\" <handoff@us.test>");
    assert_eq!(sender(" handoff@us.test ").unwrap(), "handoff@us.test");
    for text in ["", "Handoff", "A <a@b.test>, c@d.test", "A\r\nBcc: x@y.test <a"] {
        assert!(sender(text).is_err(), "{text:?}");
    }
}

#[test]
fn an_organizations_name_stands_before_the_address_in_ascii() {
    let sender: Sender = "Handoff <h@us.test>".parse().unwrap();
    assert_eq!(sender.named(""), "\"Handoff\" <h@us.test>");
    assert_eq!(sender.named("North & Sons, Ltd."), "\"North & Sons, Ltd.\" <h@us.test>");
    assert_eq!(sender.named("Müller"), "=?utf-8?b?TcO8bGxlcg==?= <h@us.test>");
    assert_eq!(
        sender.named("\" <x@y.test>\r\nBcc: z@y.test"),
        "=?utf-8?b?IiA8eEB5LnRlc3Q+IEJjYzogekB5LnRlc3Q=?= <h@us.test>"
    );
    let long = sender.named(&"Größe ".repeat(10));
    assert!(
        long.is_ascii() && !long.contains(['\r', '\n']) && long.matches("=?utf-8?b?").count() > 1,
        "{long}"
    );
}
