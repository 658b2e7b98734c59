//! A loopback HubSpot search with its own clock, its limits and a lag, and a queue that keeps what it is given.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use handoff_hubspot::API_VERSION;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

#[derive(Clone)]
struct Deal {
    changed_at: Timestamp,
    /// From when on the search knows of the change.
    visible_at: Timestamp,
    won_at: Timestamp,
    kind: String,
    merged: Vec<u64>,
}

struct Inside {
    now: Timestamp,
    lag: i64,
    deals: BTreeMap<u64, Deal>,
    searches: Vec<Instant>,
    hints: Vec<String>,
    loses: bool,
    status: Option<u16>,
}

#[derive(Clone)]
pub(super) struct Portal(Arc<Mutex<Inside>>);

impl Portal {
    pub(super) fn new(now: Timestamp) -> Self {
        let (deals, searches, hints) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self(Arc::new(Mutex::new(Inside { now, lag: 0, deals, searches, hints, loses: false, status: None })))
    }

    pub(super) async fn start(self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route(&format!("/crm/objects/{API_VERSION}/deals/search"), post(search))
            .route("/", post(queue))
            .with_state(self);
        tokio::spawn(async move { axum::serve(listener, app).await });
        address
    }

    fn inside<T>(&self, look: impl FnOnce(&mut Inside) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    pub(super) fn advance(&self, ms: i64) -> Timestamp {
        self.inside(|inside| {
            inside.now += SignedDuration::from_millis(ms);
            inside.now
        })
    }

    pub(super) fn set_lag(&self, ms: i64) {
        self.inside(|inside| inside.lag = ms);
    }

    pub(super) fn win(&self, id: u64) {
        self.win_as(id, "newbusiness");
    }

    pub(super) fn win_as(&self, id: u64, deal_type: &str) {
        let now = self.inside(|inside| inside.now);
        self.put(id, now, deal_type);
    }

    pub(super) fn won_at(&self, id: u64, won_at: Timestamp) {
        self.put(id, won_at, "newbusiness");
    }

    fn put(&self, id: u64, won_at: Timestamp, deal_type: &str) {
        self.inside(|inside| {
            let visible_at = inside.now + SignedDuration::from_millis(inside.lag);
            let (changed_at, kind, merged) = (inside.now, deal_type.to_owned(), Vec::new());
            inside.deals.insert(id, Deal { changed_at, visible_at, won_at, kind, merged });
        });
    }

    pub(super) fn touch(&self, id: u64) {
        self.inside(|inside| {
            let now = inside.now;
            let deal = inside.deals.get_mut(&id).unwrap();
            (deal.changed_at, deal.visible_at) = (now, now);
        });
    }

    /// `into` is what remains of `gone`.
    pub(super) fn merge(&self, into: u64, gone: u64) {
        self.inside(|inside| {
            let mut deal = inside.deals.remove(&gone).unwrap();
            (deal.changed_at, deal.visible_at, deal.merged) = (inside.now, inside.now, vec![gone]);
            inside.deals.insert(into, deal);
        });
    }

    pub(super) fn answer_with(&self, status: Option<u16>) {
        self.inside(|inside| inside.status = status);
    }

    pub(super) fn lose_hints(&self, loses: bool) {
        self.inside(|inside| inside.loses = loses);
    }

    pub(super) fn take_hints(&self) -> Vec<String> {
        self.inside(|inside| std::mem::take(&mut inside.hints))
    }

    pub(super) fn searches(&self) -> Vec<Instant> {
        self.inside(|inside| inside.searches.clone())
    }

    pub(super) fn forget_searches(&self) {
        self.inside(|inside| inside.searches.clear());
    }
}

async fn search(State(portal): State<Portal>, Json(asked): Json<Value>) -> Response {
    portal.inside(|inside| {
        inside.searches.push(Instant::now());
        if let Some(status) = inside.status {
            return StatusCode::from_u16(status).unwrap().into_response();
        }
        let filters = asked["filterGroups"][0]["filters"].as_array().unwrap();
        let sort = asked["sorts"][0].as_str().unwrap();
        assert_eq!(asked["sorts"].as_array().unwrap().len(), 1, "HubSpot sorts by one property only");
        let fits = |id: u64, deal: &Deal| {
            deal.visible_at <= inside.now
                && filters.iter().all(|filter| {
                    let wanted = filter["value"].as_str().unwrap();
                    let number = || wanted.parse::<i64>().unwrap();
                    let changed = deal.changed_at.as_millisecond();
                    match (filter["propertyName"].as_str().unwrap(), filter["operator"].as_str().unwrap()) {
                        ("hs_is_closed_won", "EQ") => wanted == "true",
                        ("hs_lastmodifieddate", "GTE") => changed >= number(),
                        ("hs_lastmodifieddate", "EQ") => changed == number(),
                        ("hs_object_id", "GT") => id > u64::try_from(number()).unwrap(),
                        other => panic!("{other:?}"),
                    }
                })
        };
        let mut found: Vec<(&u64, &Deal)> =
            inside.deals.iter().filter(|(id, deal)| fits(**id, deal)).collect();
        if sort == "hs_lastmodifieddate" {
            found.sort_by_key(|(id, deal)| (deal.changed_at, id.reverse_bits()));
        }
        assert_eq!(asked["after"], "0", "page numbers skip what slides");
        let limit = usize::try_from(asked["limit"].as_u64().unwrap()).unwrap();
        let results: Vec<Value> = found.iter().take(limit).map(|(id, deal)| view(**id, deal)).collect();
        Json(json!({ "total": found.len(), "results": results })).into_response()
    })
}

fn view(id: u64, deal: &Deal) -> Value {
    json!({ "id": id.to_string(), "archived": false, "properties": {
        "dealname": format!("Deal {id}"),
        "pipeline": "default",
        "dealtype": deal.kind,
        "hs_is_closed_won": "true",
        "hs_v2_date_entered_current_stage": deal.won_at.to_string(),
        "hs_lastmodifieddate": deal.changed_at.to_string(),
        "hs_merged_object_ids": deal.merged.iter().map(u64::to_string).collect::<Vec<_>>().join(";"),
    }})
}

async fn queue(State(portal): State<Portal>, headers: HeaderMap, body: String) -> Response {
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(headers["x-amz-target"], "AmazonSQS.SendMessageBatch");
    portal.inside(|inside| {
        let entries = body["Entries"].as_array().unwrap();
        assert!(entries.iter().all(|entry| entry["DelaySeconds"] == 120), "webhooks come first: {body}");
        let sent = |entry: &Value| json!({ "Id": entry["Id"], "MessageId": "1", "MD5OfMessageBody": "1" });
        if inside.loses {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        inside.hints.extend(entries.iter().map(|entry| entry["MessageBody"].as_str().unwrap().to_owned()));
        let answer = json!({ "Successful": entries.iter().map(sent).collect::<Vec<_>>(), "Failed": [] });
        ([("content-type", "application/x-amz-json-1.0")], answer.to_string()).into_response()
    })
}
