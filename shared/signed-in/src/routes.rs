//! A function's table of routes with who may take each: the router is made from it, and the function's tests walk it.

use crate::gate::{Gate, guard};
use crate::{Door, Who};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::MethodRouter;
use handoff_runtime::http::watch;
use handoff_web::error_page::ErrorPage;
use handoff_web::{compression, headers, negotiation};
use std::fmt;
use std::sync::Arc;

/// What a route does with what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Shows. HEAD is the same without a body.
    Get,
    /// Changes: the gate has read the form and checked origin and proof.
    Post,
}

/// One row of the table; `S` is what the function's handlers share.
pub struct Route<S> {
    /// The method.
    pub method: Method,
    /// The pattern of the path.
    pub path: &'static str,
    /// Who may take it.
    pub who: Who,
    with_choice: bool,
    handler: fn() -> MethodRouter<Arc<S>>,
}

impl<S> fmt::Debug for Route<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} for {:?}", self.method, self.path, self.who)
    }
}

impl<S> Route<S> {
    /// A page.
    pub const fn get(path: &'static str, who: Who, handler: fn() -> MethodRouter<Arc<S>>) -> Self {
        Self { method: Method::Get, path, who, with_choice: false, handler }
    }

    /// A change.
    pub const fn post(path: &'static str, who: Who, handler: fn() -> MethodRouter<Arc<S>>) -> Self {
        Self { method: Method::Post, path, who, with_choice: false, handler }
    }

    /// The same, with the account of its `{id}` and what its CSM is chosen by read together with the session, so that a page
    /// that goes on from there needs one round trip less. A handler finds it in [`crate::Viewer::choice`].
    #[must_use]
    pub const fn with_choice(self) -> Self {
        Self { with_choice: true, ..self }
    }
}

/// The router of a function: each route with the gate before it, and pages of ours for wrong addresses and methods.
pub fn router<S: Send + Sync + 'static>(table: &[Route<S>], door: &Arc<Door>, shared: Arc<S>) -> Router {
    let mut router = Router::new();
    for route in table {
        let gate = Gate { door: door.clone(), who: route.who, with_choice: route.with_choice };
        router = router.route(route.path, (route.handler)().route_layer(from_fn_with_state(gate, guard)));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(headers::secure))
        .layer(compression::layer())
        .layer(from_fn(watch))
        .with_state(shared)
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn not_found(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::NOT_FOUND).respond(negotiation::wants_json(&headers)).into_response()
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn method_not_allowed(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::METHOD_NOT_ALLOWED).respond(negotiation::wants_json(&headers)).into_response()
}
