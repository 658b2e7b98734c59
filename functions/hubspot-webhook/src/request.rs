//! The request as bytes: its method, its size, its content type.

use axum::extract::Request;
use bytes::Bytes;
use handoff_domain::limits::WEBHOOK_BODY_MAX_BYTES;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, Method};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

/// Why a request is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not a POST.
    Method,
    /// Larger than the queue could keep.
    TooLarge,
    /// The sender stopped in the middle.
    BrokenOff,
}

/// Reads a POST whole. A body that is announced as too large is not read at all, one that proves to be is not read on.
pub(crate) async fn read(request: Request) -> Result<(Parts, Bytes), Refusal> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return Err(Refusal::Method);
    }
    if announced_bytes(&parts.headers).is_some_and(|bytes| bytes > WEBHOOK_BODY_MAX_BYTES) {
        return Err(Refusal::TooLarge);
    }
    match Limited::new(body, WEBHOOK_BODY_MAX_BYTES).collect().await {
        Ok(body) => Ok((parts, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Err(_) => Err(Refusal::BrokenOff),
    }
}

fn announced_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether the body says that it is plain JSON in UTF-8.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text(CONTENT_TYPE).split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let charset = parts
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    let is_utf8 = charset.is_none_or(|(_, value)| value.trim_matches('"').eq_ignore_ascii_case("utf-8"));
    let encoding = text(CONTENT_ENCODING);
    is_json && is_utf8 && (encoding.is_empty() || encoding.eq_ignore_ascii_case("identity"))
}
