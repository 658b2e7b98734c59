//! HTTP: authenticate the raw bytes, keep them in the queue, answer.
//!
//! - Trigger: `POST /webhooks/hubspot` (app webhooks) and `POST /webhooks/hubspot/workflow/{portal_id}` (a workflow's
//!   webhook action).
//! - Reads: nothing. Writes: one message to the intake queue, if a deal may have been won or nothing can be read.
//! - Retries: HubSpot's own. 200 is said only once the message is kept; 503 asks for another delivery.
//!
//! Checks come in this order: method (405), size (413), signature (401, or 503 for a stale workflow call, which HubSpot
//! would never repeat after a 4xx), content type (415), content (always 200).

mod authenticity;
mod config;
mod delivery;
mod request;

pub use config::Config;

use authenticity::Origin;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::{from_fn, map_response};
use axum::response::Response;
use axum::routing::any;
use handoff_domain::id::PortalId;
use handoff_domain::message::{DeliveryRoute, QueuedMessage};
use handoff_hubspot::signature::Secret;
use handoff_queue::Queue;
use handoff_runtime::{Clock, correlate, http::watch, metrics, new_correlation, report};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use request::Refusal;
use std::sync::Arc;

/// How soon HubSpot may try again, in seconds.
const RETRY_AFTER_SECONDS: &str = "10";

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The intake queue.
    pub queue: Queue,
    /// The public origin that HubSpot calls, without a slash at its end. Signatures are checked over it.
    pub base_url: String,
    /// The app's client secrets: two during a rotation.
    pub secrets: Vec<Secret>,
    /// The time.
    pub clock: Clock,
}

/// The function's routes, and 404 for everything else under `/webhooks`.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/webhooks/hubspot", any(receive_app))
        .route("/webhooks/hubspot/workflow/{portal_id}", any(receive_workflow))
        .route("/webhooks/{*rest}", any(async || answer(StatusCode::NOT_FOUND)))
        .layer(map_response(add_headers))
        .layer(from_fn(watch))
        .with_state(Arc::new(deps))
}

async fn receive_app(State(deps): State<Arc<Deps>>, request: Request) -> Response {
    receive(&deps, Some(DeliveryRoute::App), request).await
}

async fn receive_workflow(
    State(deps): State<Arc<Deps>>,
    Path(portal): Path<String>,
    request: Request,
) -> Response {
    let is_number = portal.bytes().all(|byte| byte.is_ascii_digit());
    let portal = portal.parse().ok().filter(|portal| is_number && *portal > 0);
    receive(&deps, portal.map(|portal| DeliveryRoute::Workflow(PortalId(portal))), request).await
}

/// `route` is `None` for a workflow address without a portal, which HubSpot's own signature cannot mend.
async fn receive(deps: &Deps, route: Option<DeliveryRoute>, request: Request) -> Response {
    let (parts, body) = match request::read(request).await {
        Ok(read) => read,
        Err(Refusal::Method) => return with_header(answer(StatusCode::METHOD_NOT_ALLOWED), ALLOW, "POST"),
        Err(Refusal::TooLarge) => return answer(StatusCode::PAYLOAD_TOO_LARGE),
        Err(Refusal::BrokenOff) => return answer(StatusCode::BAD_REQUEST),
    };
    let takes_v2 = route != Some(DeliveryRoute::App);
    match authenticity::judge(deps, &parts, &body, takes_v2) {
        Origin::HubSpot => {}
        Origin::Stale if takes_v2 => {
            metrics::WEBHOOK_REFUSED.count(Origin::Stale.as_str());
            return unavailable("stale");
        }
        refused => {
            metrics::WEBHOOK_REFUSED.count(refused.as_str());
            tracing::warn!(reason = refused.as_str(), "delivery refused");
            return answer(StatusCode::UNAUTHORIZED);
        }
    }
    let Some(route) = route else { return answer(StatusCode::NOT_FOUND) };
    if !request::is_json(&parts.headers) {
        return answer(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    keep(deps, route, &body).await
}

async fn keep(deps: &Deps, route: DeliveryRoute, body: &[u8]) -> Response {
    let correlation = Some(new_correlation());
    correlate(correlation);
    let Some(message) = delivery::message(route, body, deps.clock.now()) else {
        metrics::WEBHOOK_IRRELEVANT.count();
        return answer(StatusCode::OK);
    };
    match deps.queue.send(&QueuedMessage { correlation, message }).await {
        Ok(()) => {
            metrics::WEBHOOK_ACCEPTED.count();
            answer(StatusCode::OK)
        }
        Err(error) => {
            metrics::WEBHOOK_UNAVAILABLE.count();
            tracing::error!(error = report(&error), "the intake queue did not take a delivery");
            unavailable("queue")
        }
    }
}

fn unavailable(reason: &'static str) -> Response {
    tracing::warn!(reason, "asked HubSpot to deliver again");
    with_header(answer(StatusCode::SERVICE_UNAVAILABLE), RETRY_AFTER, RETRY_AFTER_SECONDS)
}

fn answer(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn with_header(mut response: Response, name: http::HeaderName, value: &'static str) -> Response {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

async fn add_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests;
