//! What every HTTP function does around each of its requests.

use crate::correlation::FIELD as CORRELATION;
use crate::invocation::invocation;
use crate::metrics;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use std::fmt;
use std::time::Instant;
use tracing::Instrument as _;
use tracing::field::Empty;

/// Where lambda_http puts the trace that an invocation belongs to.
const TRACE_HEADER: &str = "x-amzn-trace-id";

/// One request's id: in its log lines as `request`, and on the page that tells of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestId(u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The layer: each request is an invocation with an id, a span for its log lines, and a measured time. The handler may
/// name `organization`, `account` and the correlation id in the span once it knows them.
pub async fn watch(mut request: Request, next: Next) -> Response {
    let id = RequestId(rand::random());
    request.extensions_mut().insert(id);
    let route = route(&request);
    let trace = request.headers().get(TRACE_HEADER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let span = tracing::info_span!(
        "request",
        request = %id,
        route,
        organization = Empty,
        account = Empty,
        { CORRELATION } = Empty
    );
    let answered = async {
        let began = Instant::now();
        let response = next.run(request).instrument(span).await;
        metrics::REQUEST_MILLISECONDS.record(route, began.elapsed().as_secs_f64() * 1000.0);
        response
    };
    invocation(trace.as_deref(), answered).await
}

/// Method and pattern: few values, and no part of a link.
fn route(request: &Request) -> String {
    let method = match *request.method() {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "OTHER",
    };
    let pattern = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str);
    format!("{method} {pattern}")
}
