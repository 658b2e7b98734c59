//! Who may pull the levers: programs and browsers on this machine, and no web page of somebody else.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use handoff_web::origin;
use http::uri::Authority;
use http::{HeaderMap, Method, StatusCode, header};

/// Refuses names that are not this machine's (a tunnel, or DNS that was turned against us) and foreign pages' posts.
pub(crate) async fn loopback_only(request: Request, next: Next) -> Response {
    let Some(host) = loopback_host(request.headers()) else {
        return (StatusCode::NOT_FOUND, "The local pages answer on this machine only.\n").into_response();
    };
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_read && origin::check(request.headers(), &format!("http://{host}")).is_err() {
        return (StatusCode::FORBIDDEN, "This request comes from another site.\n").into_response();
    }
    next.run(request).await
}

/// The `Host`, if it is a loopback name and nobody passed the request on.
fn loopback_host(headers: &HeaderMap) -> Option<String> {
    let was_passed_on =
        ["forwarded", "x-forwarded-for", "x-forwarded-host"].iter().any(|name| headers.contains_key(*name));
    let host: Authority = headers.get(header::HOST)?.to_str().ok()?.parse().ok()?;
    let is_loopback = matches!(host.host(), "127.0.0.1" | "localhost" | "[::1]");
    (is_loopback && !was_passed_on).then(|| host.to_string())
}
