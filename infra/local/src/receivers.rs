//! Slack and an endpoint that stand on this machine: they take what they are told and show it, so that messages to other tools can be
//! seen without any.

use crate::aws::StandIns;
use crate::aws::faults::Service;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use http::{StatusCode, header};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// An endpoint for trying, at any path. Paths `/gone`, `/away` and `/wrong` answer 410, 503 and 400.
pub(crate) const ENDPOINT: &str = "receiver.example";
/// Slack's hosts, which lead here where the CRM is the built-in one.
const SLACK: [&str; 2] = ["hooks.slack.com", "slack.com"];
/// Messages that are kept.
const KEPT: usize = 200;
/// Largest message that is taken, in bytes.
const BODY_MAX_BYTES: usize = 1024 * 1024;

/// A message as it came.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Received {
    pub(crate) host: String,
    pub(crate) path: String,
    /// The headers of Standard Webhooks, where there are some.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// What was answered.
    pub(crate) status: u16,
}

/// What came, the oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Receivers(Arc<Mutex<VecDeque<Received>>>);

impl Receivers {
    pub(crate) fn list(&self) -> Vec<Received> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn keep(&self, received: Received) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(received);
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// Serves them on one free port; answers with where each host is.
    pub(crate) async fn start(
        &self,
        stand_ins: &mut StandIns,
        with_slack: bool,
    ) -> Result<BTreeMap<String, SocketAddr>, std::io::Error> {
        let app = Router::new().fallback(any(take)).with_state(self.clone());
        let address = stand_ins.start_at(Service::Receivers, app).await?;
        let slack: &[&str] = if with_slack { &SLACK } else { &[] };
        let hosts: BTreeSet<&str> = slack.iter().copied().chain([ENDPOINT]).collect();
        Ok(hosts.into_iter().map(|host| (host.to_owned(), address)).collect())
    }
}

async fn take(State(receivers): State<Receivers>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let host = parts.headers.get(header::HOST).map(text).unwrap_or_default();
    let status = match parts.uri.path() {
        "/gone" => StatusCode::GONE,
        "/away" => StatusCode::SERVICE_UNAVAILABLE,
        "/wrong" => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let signed = parts.headers.iter().filter(|(name, _)| name.as_str().starts_with("webhook-"));
    receivers.keep(Received {
        path: parts.uri.path().to_owned(),
        headers: signed.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
        status: status.as_u16(),
        host: host.clone(),
    });
    let said = match host.as_str() {
        "hooks.slack.com" => "ok",
        "slack.com" => r#"{"ok":true}"#,
        _ => "",
    };
    (status, said).into_response()
}
