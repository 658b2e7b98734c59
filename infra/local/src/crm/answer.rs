//! HubSpot's error bodies and the parts that many answers share.

use super::CrmError;
use super::record::api_time;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::{Value, json};

/// HubSpot gives every request its own; nobody looks ours up.
const CORRELATION_ID: &str = "a43683b0-5717-4ceb-80b4-104d02915d8c";

/// What a route hands back: an answer, or the reason why not.
pub(super) type Answer = Result<Response<Body>, Refusal>;

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Refusal {
    /// No such record, owner, pipeline or path.
    NotFound,
    /// No bearer token.
    Unauthorized,
    /// The request itself is wrong, with the reason.
    Invalid(String),
    /// Told to be away, with this status.
    Away(StatusCode),
    /// The change could not be kept.
    Failed,
}

impl From<CrmError> for Refusal {
    fn from(error: CrmError) -> Self {
        tracing::error!(error = %handoff_runtime::report(&error), "the CRM could not keep a change");
        Self::Failed
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response<Body> {
        let (status, category, message) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "OBJECT_NOT_FOUND", "resource not found".to_owned()),
            Self::Unauthorized => {
                let message = "Authentication credentials not found.".to_owned();
                (StatusCode::UNAUTHORIZED, "INVALID_AUTHENTICATION", message)
            }
            Self::Invalid(message) => (StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message),
            Self::Away(status) => (status, "UNAVAILABLE", "this CRM was told to be away".to_owned()),
            Self::Failed => {
                (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "internal error".to_owned())
            }
        };
        let body = json!({"status": "error", "message": message, "correlationId": CORRELATION_ID, "category": category});
        reply(status, &body)
    }
}

/// A JSON answer.
pub(super) fn reply(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json;charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// A batch's answer: 200 when everything was found, else 207 with the errors beside the results.
pub(super) fn batch(results: Vec<Value>, errors: Vec<Value>, now: Timestamp) -> Response<Body> {
    let at = api_time(now);
    let mut body = json!({"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at});
    if errors.is_empty() {
        return reply(StatusCode::OK, &body);
    }
    body["numErrors"] = errors.len().into();
    body["errors"] = errors.into();
    reply(StatusCode::MULTI_STATUS, &body)
}

/// One entry of a batch's errors: these ids were not found.
pub(super) fn not_found(message: String, ids: &[String]) -> Value {
    json!({
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": message,
        "context": {"ids": ids},
        "errors": [],
        "links": {},
    })
}
