//! Requests as the traces see them: they look for spans by name and fields.

use crate::fake::{Fake, Reply, deal, deal_id};
use handoff_runtime::traces::Traces;
use handoff_runtime::{Environment, invocation};
use serde_json::{Value, json};
use std::net::UdpSocket;
use std::time::Duration;
use tracing_subscriber::layer::SubscriberExt as _;

const HEADER: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";

#[tokio::test]
async fn a_request_is_a_remote_call_of_the_invocation_without_its_query() {
    let daemon = UdpSocket::bind("127.0.0.1:0").unwrap();
    daemon.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let address = daemon.local_addr().unwrap().to_string();
    let environment = Environment::from_pairs([("AWS_XRAY_DAEMON_ADDRESS", address)]);
    let layer = Traces::from_environment(&environment).unwrap().layer();
    let (_, hubspot) = Fake::start(|_| Reply::json(&deal(&json!({})))).await;
    // Where one subscriber stands alone, a span first seen on another test's thread is asked of that thread's subscriber and,
    // where it has none, taken for unwanted for good: so every thread has one that wants everything.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    assert!(invocation(None, hubspot.get_deal(&deal_id())).await.unwrap().is_some());
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    tracing::callsite::rebuild_interest_cache();
    assert!(invocation(Some(HEADER), hubspot.get_deal(&deal_id())).await.unwrap().is_some());

    let mut datagram = [0; 4096];
    let length = daemon.recv(&mut datagram).unwrap();
    let (_, document) = str::from_utf8(&datagram[..length]).unwrap().split_once('\n').unwrap();
    let document: Value = serde_json::from_str(document).unwrap();
    assert_eq!(document["parent_id"], "53995c3f42cd8ad8");
    assert_eq!((&document["namespace"], &document["name"]), (&"remote".into(), &"127.0.0.1".into()));
    assert_eq!(document["http"]["response"]["status"], 200);
    let request = &document["http"]["request"];
    assert_eq!(request["method"], "GET");
    assert!(request["url"].as_str().unwrap().ends_with(deal_id().as_str()), "{request}");
    assert!(!document.to_string().contains('?') && !document.to_string().contains("token"), "{document}");
}
