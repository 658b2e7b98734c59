//! A loopback HubSpot: answers by rule, records every request, and has both judged.

use crate::contract::Contract;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use handoff_domain::id::DealId;
use handoff_hubspot::{HubSpot, HubSpotConfig};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
}

impl Seen {
    /// Whether the path holds this text.
    pub(crate) fn is(&self, part: &str) -> bool {
        self.path.contains(part)
    }

    /// The ids of a batch read.
    pub(crate) fn ids(&self) -> Vec<String> {
        let inputs =
            self.body.as_ref().map(|body| body["inputs"].as_array().unwrap().clone()).unwrap_or_default();
        inputs.iter().map(|input| input["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// An answer to give.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(body: &Value) -> Self {
        Self { status: 200, headers: Vec::new(), body: body.to_string().into_bytes() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

type Rule = dyn Fn(&Seen) -> Reply + Send + Sync;

/// The running fake.
#[derive(Clone)]
pub(crate) struct Fake {
    rule: Arc<Rule>,
    contract: Arc<Option<Contract>>,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    pub(crate) problems: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Starts it and returns it with a client of it, which waits 1 ms where it would wait 1 s.
    pub(crate) async fn start(rule: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> (Self, HubSpot) {
        let fake = Self {
            rule: Arc::new(rule),
            contract: Arc::new(Contract::load()),
            seen: Arc::default(),
            problems: Arc::default(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = HubSpotConfig::new(format!("http://{}/", listener.local_addr().unwrap()), "token");
        config.backoff = Duration::from_millis(1);
        config.requests_per_second = 10_000;
        let app = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (fake, HubSpot::new(config).unwrap())
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Nothing was sent, and nothing answered, that the documents do not allow.
    pub(crate) fn assert_by_the_book(&self) {
        assert_eq!(*self.problems.lock().unwrap(), Vec::<String>::new());
    }
}

async fn answer(
    State(fake): State<Fake>,
    method: Method,
    uri: Uri,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    assert_eq!(headers["authorization"], "Bearer token");
    let body = (!body.is_empty()).then(|| serde_json::from_slice(&body).unwrap());
    let seen = Seen { method: method.to_string(), path: uri.path().to_owned(), query, body };
    let reply = (fake.rule)(&seen);
    if let Some(contract) = fake.contract.as_ref().as_ref().filter(|_| !seen.is("/transcripts/")) {
        let mut problems = fake.problems.lock().unwrap();
        problems.extend(contract.judge_request(&seen));
        if (200..300).contains(&reply.status) {
            let said = serde_json::from_slice(&reply.body).unwrap_or_default();
            problems.extend(contract.judge_answer(&seen, reply.status, &said));
        }
    }
    fake.seen.lock().unwrap().push(seen);
    let mut response = reply.body.into_response();
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap();
    for (name, value) in &reply.headers {
        let name = axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap();
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

/// The deal of most tests.
pub(crate) fn deal_id() -> DealId {
    DealId::parse("12345678").unwrap()
}

/// A record as HubSpot gives it.
pub(crate) fn record(id: &str, properties: &Value) -> Value {
    let at = "2026-10-31T14:03:12.201Z";
    json!({"id": id, "properties": properties, "createdAt": at, "updatedAt": at, "archived": false})
}

/// A won deal with these inline associations.
pub(crate) fn deal(associations: &Value) -> Value {
    let properties = json!({
        "dealname": "Acme - Platform", "dealstage": "closedwon", "pipeline": "default", "amount": "48000",
        "deal_currency_code": "USD", "closedate": "2026-10-31T14:03:11.000Z", "hubspot_owner_id": "41629779",
        "hs_is_closed_won": "true", "hs_v2_date_entered_current_stage": "2026-10-31T14:03:11.500Z",
        "hs_merged_object_ids": "111;222", "closed_won_reason": "Best support", "dealtype": "newbusiness",
        "hs_next_step": null,
    });
    let mut deal = record("12345678", &properties);
    deal["associations"] = associations.clone();
    deal
}

/// One page of inline associations.
pub(crate) fn page(ids: impl IntoIterator<Item = u64>) -> Value {
    let results: Vec<Value> =
        ids.into_iter().map(|id| json!({"id": id.to_string(), "type": "deal_to_x"})).collect();
    json!({ "results": results })
}

/// A batch answer that gives each id these properties, in reverse order: HubSpot promises none.
pub(crate) fn batch(seen: &Seen, properties: impl Fn(&str) -> Value) -> Reply {
    let results: Vec<Value> = seen.ids().iter().rev().map(|id| record(id, &properties(id))).collect();
    let at = "2026-10-31T14:03:12.201Z";
    Reply::json(&json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}))
}

/// The owner of most tests.
pub(crate) fn owner() -> Reply {
    let at = "2026-01-01T00:00:00Z";
    Reply::json(
        &json!({"id": "41629779", "email": "ana@us.test", "type": "PERSON", "firstName": "Ana", "lastName": "E",
        "userId": 9_876_543, "createdAt": at, "updatedAt": at, "archived": false}),
    )
}
