//! Answers that suit who asks: a browser that sent a form goes back to the page, a program gets JSON.

use crate::street::StreetError;
use axum::response::{IntoResponse as _, Redirect, Response};
use handoff_web::error_page::json_response;
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;

/// Whether a browser asks: it names HTML.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("text/html")
}

/// Whether the body is a form's.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// 200 with JSON.
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_value(value) {
        Ok(value) => json_response(StatusCode::OK, &value),
        Err(_) => failed("the answer has no JSON form"),
    }
}

/// What a lever answers: back to the start page for a browser, JSON for a program.
pub(crate) fn done(headers: &HeaderMap, value: &impl Serialize) -> Response {
    if is_browser(headers) { Redirect::to("/local").into_response() } else { json(value) }
}

/// A refusal in one sentence.
pub(crate) fn refused(status: StatusCode, why: &str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{why}\n")).into_response()
}

/// 500, with a reason: whoever asks owns this machine.
pub(crate) fn failed(why: &str) -> Response {
    refused(StatusCode::INTERNAL_SERVER_ERROR, why)
}

impl axum::response::IntoResponse for StreetError {
    fn into_response(self) -> Response {
        failed(&handoff_runtime::report(&self))
    }
}
