//! The routes, and what every request meets first: the count, an outage if one is set, the token; then the rate headers.

use super::answer::{Answer, Refusal, reply};
use super::objects::Query;
use super::{Crm, associations, directory, objects, search};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::sync::atomic::Ordering;

/// Requests that HubSpot allows an OAuth app per account in ten seconds.
const RATE_MAX: u64 = 110;
/// Largest body that is read, in bytes.
const BODY_MAX_BYTES: usize = 4 * 1024 * 1024;

/// The CRM's routes under HubSpot's own paths.
pub fn router(crm: Crm) -> Router {
    Router::new()
        .route("/crm/objects/2026-09/{kind}", post(create))
        .route("/crm/objects/2026-09/{kind}/{id}", get(read).patch(change))
        .route("/crm/objects/2026-09/{kind}/batch/read", post(read_batch))
        .route("/crm/objects/2026-09/{kind}/search", post(find))
        .route("/crm/associations/2026-09/{from}/{to}/batch/read", post(read_associations))
        .route("/crm/owners/2026-09", get(list_owners))
        .route("/crm/owners/2026-09/{id}", get(read_owner))
        .route("/crm/pipelines/2026-09/{kind}", get(list_pipelines))
        .route("/crm/pipelines/2026-09/{kind}/{id}", get(read_pipeline))
        .route("/crm/extensions/calling/2026-09/transcripts/{id}", get(read_transcript))
        .fallback(|| async { Refusal::NotFound })
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(crm.clone(), guard))
        .with_state(crm)
}

async fn guard(State(crm): State<Crm>, request: Request, next: Next) -> Response<Body> {
    let number = crm.shared.requests.fetch_add(1, Ordering::Relaxed) + 1;
    // HubSpot's search has a limit of its own and tells nothing of it.
    let tells_rate = !request.uri().path().ends_with("/search");
    let mut response = match admit(&crm, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    if tells_rate {
        add_rate(response.headers_mut(), number);
    }
    response
}

fn admit(crm: &Crm, headers: &HeaderMap) -> Result<(), Refusal> {
    if let Ok(status) = StatusCode::from_u16(crm.shared.outage.load(Ordering::Relaxed)) {
        return Err(Refusal::Away(status));
    }
    let token =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    token.filter(|token| !token.trim().is_empty()).map(|_| ()).ok_or(Refusal::Unauthorized)
}

/// Tells the limit as HubSpot does. It is not enforced: the numbers only count down and begin again.
fn add_rate(headers: &mut HeaderMap, number: u64) {
    headers.insert("x-hubspot-ratelimit-max", RATE_MAX.into());
    headers.insert("x-hubspot-ratelimit-remaining", (RATE_MAX - 1 - (number - 1) % RATE_MAX).into());
    headers.insert("x-hubspot-ratelimit-interval-milliseconds", 10_000_u64.into());
}

async fn read(State(crm): State<Crm>, Path((kind, id)): Path<(String, String)>, uri: Uri) -> Answer {
    objects::read(&crm, &kind, &id, &Query::parse(&uri))
}

async fn read_batch(State(crm): State<Crm>, Path(kind): Path<String>, uri: Uri, body: Bytes) -> Answer {
    objects::read_batch(&crm, &kind, &Query::parse(&uri), &body)
}

async fn create(State(crm): State<Crm>, Path(kind): Path<String>, body: Bytes) -> Answer {
    objects::create(&crm, &kind, &body)
}

async fn change(State(crm): State<Crm>, Path((kind, id)): Path<(String, String)>, body: Bytes) -> Answer {
    objects::change(&crm, &kind, &id, &body)
}

async fn find(State(crm): State<Crm>, Path(kind): Path<String>, body: Bytes) -> Answer {
    search::find(&crm, &kind, &body)
}

async fn read_associations(
    State(crm): State<Crm>,
    Path((from, to)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    associations::read_batch(&crm, &from, &to, &body)
}

async fn list_owners(State(crm): State<Crm>, uri: Uri) -> Response<Body> {
    directory::list_owners(&crm, &Query::parse(&uri))
}

async fn read_owner(State(crm): State<Crm>, Path(id): Path<String>, uri: Uri) -> Answer {
    directory::read_owner(&crm, &id, &Query::parse(&uri))
}

async fn list_pipelines(State(crm): State<Crm>, Path(kind): Path<String>) -> Answer {
    directory::read_pipelines(&crm, &kind, None)
}

async fn read_pipeline(State(crm): State<Crm>, Path((kind, id)): Path<(String, String)>) -> Answer {
    directory::read_pipelines(&crm, &kind, Some(&id))
}

async fn read_transcript(State(crm): State<Crm>, Path(id): Path<String>) -> Answer {
    let data = crm.data();
    data.transcript(&id).map(|transcript| reply(StatusCode::OK, transcript)).ok_or(Refusal::NotFound)
}
