//! A scripted model behind Bedrock's own protocol: drafting with it, and without it when it is away.

use crate::rig::{Street, deal};
use axum::Json;
use axum::extract::State;
use axum::routing::post;
use handoff_local::{DrafterChoice, Options};
use handoff_runtime::Environment;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Starts a model that answers every call with this status and body; its address and its count of calls.
async fn model(status: StatusCode, body: Value) -> (String, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let answer = async move |State(calls): State<Arc<AtomicUsize>>| {
        calls.fetch_add(1, Ordering::SeqCst);
        (axum::http::StatusCode::from_u16(status.as_u16()).unwrap(), Json(body.clone()))
    };
    let router = axum::Router::new().route("/model/{id}/converse", post(answer)).with_state(calls.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, calls)
}

async fn street(address: &str) -> Street {
    let options = Options {
        drafter: DrafterChoice::Bedrock { model_id: "scripted-model".to_owned() },
        environment: Environment::from_pairs([
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", address),
        ]),
        ..Options::for_tests()
    };
    Street::open_with(options).await
}

#[tokio::test]
async fn bedrock_away_means_extractive_drafts_that_say_so() {
    let (address, _) = model(StatusCode::SERVICE_UNAVAILABLE, json!({ "message": "down" })).await;
    let street = street(&address).await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let page = street.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("<mark"), "there are drafts with evidence");
    assert!(page.html.to_lowercase().contains("no ai model"), "and they are marked");
}

#[tokio::test]
async fn one_model_call_a_run_however_often_the_deal_is_told() {
    let text = json!({ "answers": [] }).to_string();
    let body = json!({
        "output": { "message": { "role": "assistant", "content": [{ "text": text }] } },
        "stopReason": "end_turn",
        "usage": { "inputTokens": 10, "outputTokens": 5, "totalTokens": 15 },
        "metrics": { "latencyMs": 1 }
    });
    let (address, calls) = model(StatusCode::OK, body).await;
    let street = street(&address).await;
    street.close(deal::RICH).await;
    for _ in 0..3 {
        street.deliver(&json!([crate::rig::won(deal::RICH)])).await;
    }
    street.settle().await;
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
}
