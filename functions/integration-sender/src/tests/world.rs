//! The other side: a HubSpot, a Slack and an endpoint on the loopback, which keep what they were told and fail as asked.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

/// A message as an endpoint or Slack got it.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// How HubSpot takes the next note.
#[derive(Debug, Clone)]
pub(super) enum Take {
    /// Makes it and says something else.
    AndLose,
    /// Makes none and says this.
    Not(u16, Value),
}

#[derive(Debug, Default)]
pub(super) struct Inside {
    pub(super) notes: BTreeMap<u64, String>,
    pub(super) takes: VecDeque<Take>,
    pub(super) patches: Vec<(String, Value)>,
    pub(super) asked: Vec<String>,
    pub(super) told: Vec<Told>,
    pub(super) answers: VecDeque<(u16, &'static str)>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct World(Arc<Mutex<Inside>>);

impl World {
    pub(super) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    pub(super) async fn start(&self) -> SocketAddr {
        let app = Router::new()
            .route("/crm/objects/2026-09/notes", post(create))
            .route("/crm/objects/2026-09/notes/batch/read", post(read_notes))
            .route("/crm/objects/2026-09/{kind}/{id}", patch(change).get(read))
            .route("/crm/associations/2026-09/deals/notes/batch/read", post(list_notes))
            .route("/crm/owners/2026-09", get(owners))
            .fallback(receive)
            .with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }
}

fn reply(status: u16, body: &Value) -> Response {
    let json = [("content-type", "application/json")];
    (StatusCode::from_u16(status).unwrap(), json, body.to_string()).into_response()
}

async fn create(State(world): State<World>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = world.inside();
    inside.asked.push("create note".to_owned());
    let take = inside.takes.pop_front();
    if let Some(Take::Not(status, said)) = take {
        return reply(status, &said);
    }
    let id = u64::try_from(inside.notes.len()).unwrap() + 70;
    inside.notes.insert(id, body["properties"]["hs_note_body"].as_str().unwrap().to_owned());
    match take {
        Some(Take::AndLose) => reply(502, &json!({})),
        _ => reply(201, &json!({"id": id.to_string()})),
    }
}

async fn change(
    State(world): State<World>,
    Path((kind, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut inside = world.inside();
    inside.asked.push(format!("change {kind}"));
    inside.patches.push((format!("{kind}/{id}"), body["properties"].clone()));
    if kind == "notes" {
        let Some(note) = inside.notes.get_mut(&id.parse().unwrap()) else { return reply(404, &json!({})) };
        body["properties"]["hs_note_body"].as_str().unwrap().clone_into(note);
    }
    reply(200, &json!({"id": id}))
}

async fn read() -> Response {
    reply(200, &json!({"id": "1001", "associations": {"companies": {"results": [{"id": "5"}]}}}))
}

async fn list_notes(State(world): State<World>) -> Response {
    let mut inside = world.inside();
    inside.asked.push("look for notes".to_owned());
    let to: Vec<Value> = inside.notes.keys().map(|id| json!({"toObjectId": id.to_string()})).collect();
    reply(200, &json!({"results": [{"from": {"id": "1001"}, "to": to}]}))
}

async fn read_notes(State(world): State<World>) -> Response {
    let inside = world.inside();
    let note =
        |(id, body): (&u64, &String)| json!({"id": id.to_string(), "properties": {"hs_note_body": body}});
    let notes: Vec<Value> = inside.notes.iter().map(note).collect();
    reply(200, &json!({"results": notes}))
}

async fn owners(uri: Uri) -> Response {
    let known = uri.query().unwrap_or_default().contains("cora");
    let owners = if known { json!([{"id": "9", "email": "cora@northwind.test"}]) } else { json!([]) };
    reply(200, &json!({"results": owners}))
}

async fn receive(State(world): State<World>, uri: Uri, headers: HeaderMap, body: String) -> Response {
    let mut inside = world.inside();
    inside.told.push(Told { path: uri.path().to_owned(), headers, body });
    let (status, body) = inside.answers.pop_front().unwrap_or((200, r#"{"ok":true}"#));
    (StatusCode::from_u16(status).unwrap(), [("retry-after", "3600")], body).into_response()
}
