//! Against a socket that stands for the daemon, and a server that stands for AWS.

use crate::traces::Traces;
use crate::{Aws, Environment, Service, Timeouts, invocation};
use handoff_queue::Queue;
use serde_json::Value;
use std::net::UdpSocket;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tracing_subscriber::layer::SubscriberExt as _;

const HEADER: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

struct Daemon(UdpSocket);

impl Daemon {
    fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        Self(socket)
    }

    fn environment(&self, sqs: &str) -> Environment {
        Environment::from_pairs([
            ("AWS_XRAY_DAEMON_ADDRESS", self.0.local_addr().unwrap().to_string().as_str()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ACCESS_KEY_ID", "id"),
            ("AWS_SECRET_ACCESS_KEY", "key"),
            ("AWS_ENDPOINT_URL_SQS", sqs),
        ])
    }

    /// What arrived, without the protocol's header.
    fn received(&self) -> Vec<Value> {
        let mut documents = Vec::new();
        let mut datagram = [0; 4096];
        while let Ok(length) = self.0.recv(&mut datagram) {
            let text = str::from_utf8(&datagram[..length]).unwrap();
            let (head, body) = text.split_once('\n').unwrap();
            assert_eq!(head, r#"{"format": "json", "version": 1}"#);
            documents.push(serde_json::from_str(body).unwrap());
        }
        documents
    }
}

/// A server that gives each connection the next of these answers.
async fn serve(answers: &'static [(u16, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for (status, body) in answers {
            let (mut client, _) = listener.accept().await.unwrap();
            let _ = client.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}", body.len());
            let _ = client.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await;
        }
    });
    url
}

const SENT: (u16, &str) = (200, r#"{"MessageId":"m","MD5OfMessageBody":"99914b932bd37a50b983c5e7c90ae93b"}"#);

async fn send_traced(daemon: &Daemon, header: Option<&str>, answers: &'static [(u16, &'static str)]) {
    let sqs = serve(answers).await;
    let environment = daemon.environment(&sqs);
    let layer = Traces::from_environment(&environment).unwrap().layer();
    // See the test of HubSpot's client: a span that others make for the first time just now must not stay unseen.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    invocation(None, async {}).await;
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    tracing::callsite::rebuild_interest_cache();
    let aws = Aws::from_environment(&environment).unwrap();
    let queue = Queue::new(&aws.config(Service::Sqs, Timeouts::WORKER), format!("{sqs}/1/intake"));
    invocation(header, queue.send(&serde_json::json!({}))).await.unwrap();
}

#[tokio::test]
async fn each_try_of_a_call_is_a_subsegment_of_the_invocation() {
    let daemon = Daemon::start();
    send_traced(&daemon, Some(HEADER), &[(500, "{}"), SENT]).await;
    let [failed, sent] = daemon.received().try_into().unwrap();
    for document in [&failed, &sent] {
        assert_eq!(document["trace_id"], "1-5759e988-bd862e3fe1be46a994272793");
        assert_eq!(document["parent_id"], "53995c3f42cd8ad8");
        assert_eq!((&document["type"], &document["namespace"]), (&"subsegment".into(), &"aws".into()));
        assert_eq!(
            (&document["name"], &document["aws"]["operation"]),
            (&"SQS".into(), &"SendMessage".into())
        );
        assert!(document["end_time"].as_f64().unwrap() >= document["start_time"].as_f64().unwrap());
        assert!(document["in_progress"].is_null());
    }
    assert_eq!((&failed["fault"], &failed["http"]["response"]["status"]), (&true.into(), &500.into()));
    assert_eq!((&sent["fault"], &sent["http"]["response"]["status"]), (&Value::Null, &200.into()));
}

#[tokio::test]
async fn what_x_ray_does_not_want_is_not_sent() {
    let daemon = Daemon::start();
    for header in [None, Some("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")] {
        send_traced(&daemon, header, &[SENT]).await;
    }
    assert_eq!(daemon.received(), Vec::<Value>::new());
}

#[test]
fn without_a_daemon_there_are_no_traces() {
    for environment in [
        Environment::default(),
        Environment::from_pairs([("AWS_XRAY_DAEMON_ADDRESS", "")]),
        Environment::from_pairs([("AWS_XRAY_DAEMON_ADDRESS", "nowhere")]),
    ] {
        assert!(Traces::from_environment(&environment).is_none());
    }
}
