//! Bedrock's Converse on the loopback: answers as told, and keeps what it was asked.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_types::SdkConfig;
use aws_types::region::Region;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What the server says.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// A model's text, with a stop reason.
    Text(&'static str, String),
    /// The input of a tool call.
    Tool(Value),
    /// An error with its status and code.
    Error(u16, &'static str),
    /// A body that is no Converse answer.
    Raw(String),
}

impl Reply {
    pub(super) fn answers(answers: &[Value]) -> Self {
        Self::Text("end_turn", json!({"answers": answers}).to_string())
    }
}

type Script = Arc<dyn Fn(usize, &Value) -> Reply + Send + Sync>;

#[derive(Clone)]
struct Shared {
    script: Script,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

/// A running server.
pub(super) struct Server {
    address: String,
    shared: Shared,
}

impl Server {
    /// Always says the same.
    pub(super) async fn saying(reply: Reply) -> Self {
        Self::scripted(move |_, _| reply.clone()).await
    }

    /// Says what follows from how often it was asked before, and from the request.
    pub(super) async fn scripted(script: impl Fn(usize, &Value) -> Reply + Send + Sync + 'static) -> Self {
        let shared = Shared { script: Arc::new(script), asked: Arc::default() };
        let router = Router::new().route("/model/{id}/converse", post(converse)).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// Configuration that reaches this server and nothing else.
    pub(super) fn config(&self) -> SdkConfig {
        SdkConfig::builder()
            .region(Region::new("eu-central-1"))
            .endpoint_url(&self.address)
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                "id", "secret", None, None, "tests",
            )))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .behavior_version(aws_sdk_bedrockruntime::config::BehaviorVersion::latest())
            .build()
    }

    /// Model id and body of every request so far.
    pub(super) fn asked(&self) -> Vec<(String, Value)> {
        self.shared.asked.lock().unwrap().clone()
    }
}

async fn converse(
    State(shared): State<Shared>,
    Path(model): Path<String>,
    Json(body): Json<Value>,
) -> impl IntoResponse {
    let before = {
        let mut asked = shared.asked.lock().unwrap();
        asked.push((model, body.clone()));
        asked.len() - 1
    };
    let error_type = HeaderName::from_static("x-amzn-errortype");
    let message = |stop: &str, content: Value| {
        let body = json!({
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": stop,
            "usage": {"inputTokens": 1200, "outputTokens": 340, "totalTokens": 1540},
            "metrics": {"latencyMs": 1000},
        });
        (StatusCode::OK, [(error_type.clone(), "")], body.to_string())
    };
    match (shared.script)(before, &body) {
        Reply::Text(stop, text) => message(stop, json!([{"text": text}])),
        Reply::Tool(input) => message(
            "tool_use",
            json!([{"toolUse": {"toolUseId": "t1", "name": "handoff_draft", "input": input}}]),
        ),
        Reply::Error(status, code) => {
            let body = json!({"message": "told to"}).to_string();
            (StatusCode::from_u16(status).unwrap(), [(error_type, code)], body)
        }
        Reply::Raw(body) => (StatusCode::OK, [(error_type, "")], body),
    }
}
