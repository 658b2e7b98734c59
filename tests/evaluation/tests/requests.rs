//! The exact request that Bedrock gets for three sample deals, read from the CRM as the worker reads them, and its size.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test program")]

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use handoff_domain::id::{DealId, RunId};
use handoff_domain::question::QuestionSet;
use handoff_drafting::{DraftRequest, token_estimate};
use handoff_evaluation::pipeline;
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_local::crm::{self, Crm};
use handoff_runtime::Environment;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// What Bedrock was asked.
type Asked = Arc<Mutex<Vec<Value>>>;

async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// Keeps the request and refuses it: what would come back is of no interest here.
async fn keep(State(asked): State<Asked>, Path(_): Path<String>, Json(body): Json<Value>) -> StatusCode {
    asked.lock().unwrap().push(body);
    StatusCode::BAD_REQUEST
}

/// The request for a sample deal, with the mark of its blocks named so.
async fn request_for(deal: &str) -> Value {
    let crm = Crm::new(None).unwrap();
    let mut config = HubSpotConfig::new(serve(crm::router(crm)).await, "evaluation");
    config.requests_per_second = 10_000;
    let hubspot = HubSpot::new(config).unwrap();
    let deal = hubspot.get_deal(&DealId::parse(deal).unwrap()).await.unwrap().unwrap();
    let gathered = drafting_worker::gather(&hubspot, &deal, false).await.unwrap();

    let asked = Asked::default();
    let bedrock =
        serve(Router::new().route("/model/{id}/converse", post(keep)).with_state(asked.clone())).await;
    let environment = Environment::from_pairs([
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock.as_str()),
        ("BEDROCK_MODEL_ID", "eu.amazon.nova-lite-v1:0"),
        ("BEDROCK_OUTPUT", "tool"),
    ]);
    let (questions, run) = (QuestionSet::first().questions, RunId::parse("run-1").unwrap());
    let request = DraftRequest {
        language: "en",
        company: &gathered.account.company,
        questions: &questions,
        sources: &gathered.sources,
        context: None,
        seed: "a secret of the handoff",
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    pipeline::bedrock(&environment).unwrap().draft(&request).await;
    let mut asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 1, "a request that is refused is not sent again");
    asked.remove(0)
}

/// The keys in order, the texts as lines, the size at the top.
fn readable(body: &Value) -> String {
    let mut texts = Vec::new();
    collect(body, &mut texts);
    let tokens: usize = texts.iter().map(|text| token_estimate(text)).sum();
    let pretty = serde_json::to_string_pretty(&sorted(body)).unwrap();
    format!("about {tokens} tokens\n{}", pretty.replace("\\n", "\n    ").replace("\\\"", "\""))
}

fn collect<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.iter().for_each(|(key, item)| {
            texts.push(key);
            collect(item, texts);
        }),
        _ => {}
    }
}

/// The same whatever map the JSON library is built with.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: std::collections::BTreeMap<&String, Value> =
                fields.iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.into_iter().map(|(key, value)| (key.clone(), value)).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_rich_deal_is_asked_like_this() {
    insta::assert_snapshot!("rich", readable(&request_for("31200418901").await));
}

#[tokio::test]
async fn an_almost_empty_deal_is_asked_like_this() {
    insta::assert_snapshot!("almost_empty", readable(&request_for("31200418902").await));
}

#[tokio::test]
async fn a_contradictory_deal_is_asked_like_this() {
    insta::assert_snapshot!("contradictory", readable(&request_for("31200418903").await));
}
