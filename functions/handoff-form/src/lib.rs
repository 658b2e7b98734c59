//! HTTP: the AE's capability link: show, save, redraft, submit, renew, not now, not mine.
//!
//! Trigger: API Gateway. Reads: the handoff, its drafts, roster and loads (one batch read); sources (one query).
//! Writes: one update to save (after one read, when a version is chosen without the answer that it makes), one
//! transaction to submit, renew, or say that it is not now or not mine. Sends: a request for new drafts to the drafting queue. GET changes nothing, because mail scanners open links. Nothing is retried here but by the browser.

pub mod app;
mod aside;
pub mod config;
pub mod gate;
pub mod input;
mod redraft;
mod renew;
mod reply;
mod save;
mod show;
mod submit;
pub mod views;

pub use app::Deps;
pub use config::Config;

use app::App;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use handoff_runtime::http::watch;
use handoff_web::error_page::ErrorPage;
use handoff_web::{assets, compression, headers, negotiation};
use std::sync::Arc;

/// All routes of the link, the assets and the health check.
pub fn router(deps: Deps) -> Router {
    Router::new()
        .route("/handoff/{token}", get(show::form))
        .route("/handoff/{token}/sources/{id}", get(show::source))
        .route("/handoff/{token}/opened", post(save::opened))
        .route("/handoff/{token}/answers", post(save::answers))
        .route("/handoff/{token}/redraft", post(redraft::redraft))
        .route("/handoff/{token}/submit", post(submit::submit))
        .route("/handoff/{token}/renew", post(renew::renew))
        .route("/handoff/{token}/not-me", post(aside::not_me))
        .route("/handoff/{token}/later", post(aside::later))
        .route("/health", get(health))
        .merge(assets::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(headers::secure))
        .layer(compression::layer())
        .layer(from_fn(watch))
        .with_state(Arc::new(App::new(deps)))
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn health() -> Response {
    "ok".into_response()
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn not_found(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::NOT_FOUND).respond(negotiation::wants_json(&headers))
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn method_not_allowed(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::METHOD_NOT_ALLOWED).respond(negotiation::wants_json(&headers))
}

#[cfg(test)]
mod tests;
