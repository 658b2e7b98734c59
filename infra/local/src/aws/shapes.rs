//! How each service says "too many requests" and "our fault", in its own protocol.

use crate::aws::faults::Service;
use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, StatusCode, header};
use serde_json::json;

const AWS_JSON: &str = "application/x-amz-json-1.0";
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// Nothing was done: too many requests.
pub(crate) fn throttled(service: Service) -> Response {
    match service {
        Service::DynamoDb => {
            let name = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
            let text = "The level of configured provisioned throughput for the table was exceeded.";
            json_error(StatusCode::BAD_REQUEST, name, text)
        }
        Service::Sqs => sqs_error(
            StatusCode::FORBIDDEN,
            "RequestThrottled",
            "The request was denied due to request throttling.",
        ),
        Service::Ses => {
            ses_error(StatusCode::BAD_REQUEST, "Sender", "Throttling", "Maximum sending rate exceeded.")
        }
        Service::Bedrock => {
            let text = "Too many requests, please wait before trying again.";
            bedrock_error(StatusCode::TOO_MANY_REQUESTS, "ThrottlingException", text)
        }
        Service::HubSpot => {
            let body = json!({
                "status": "error",
                "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT",
                "policyName": "TEN_SECONDLY_ROLLING",
                "correlationId": uuid::Uuid::new_v4().to_string(),
            });
            (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response()
        }
        Service::Websites | Service::Receivers => StatusCode::TOO_MANY_REQUESTS.into_response(),
    }
}

/// Nothing was done: the service's own fault.
pub(crate) fn internal_error(service: Service) -> Response {
    let internal = StatusCode::INTERNAL_SERVER_ERROR;
    match service {
        Service::DynamoDb => json_error(
            internal,
            "com.amazonaws.dynamodb.v20120810#InternalServerError",
            "Internal server error",
        ),
        Service::Sqs => sqs_error(internal, "InternalFailure", "The request processing has failed."),
        Service::Ses => {
            ses_error(internal, "Receiver", "InternalFailure", "The request processing has failed.")
        }
        Service::Bedrock => {
            bedrock_error(internal, "InternalServerException", "The system encountered an unexpected error.")
        }
        Service::HubSpot => {
            let body = json!({"status": "error", "message": "internal error", "correlationId": uuid::Uuid::new_v4().to_string()});
            (StatusCode::BAD_GATEWAY, Json(body)).into_response()
        }
        Service::Websites | Service::Receivers => internal.into_response(),
    }
}

fn json_error(status: StatusCode, name: &str, message: &str) -> Response {
    let body = json!({"__type": name, "message": message}).to_string();
    (status, [(header::CONTENT_TYPE, AWS_JSON)], body).into_response()
}

/// An error in SQS's JSON protocol, with the old protocol's code beside it as SQS sends it.
pub(crate) fn sqs_error(status: StatusCode, code: &str, message: &str) -> Response {
    let side = if status.is_server_error() { "Receiver" } else { "Sender" };
    let mut response = json_error(status, &format!("com.amazonaws.sqs#{code}"), message);
    let old_code = match code {
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
        code if code.contains("Batch") || code == "UnsupportedOperation" => {
            format!("AWS.SimpleQueueService.{code}")
        }
        code => code.to_owned(),
    };
    if let Ok(value) = format!("{old_code};{side}").parse() {
        response.headers_mut().insert(QUERY_ERROR, value);
    }
    response
}

/// An error in SES's Query protocol. `side` is `Sender` or `Receiver`.
pub(crate) fn ses_error(status: StatusCode, side: &str, code: &str, message: &str) -> Response {
    let body = format!(
        "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>{side}</Type>\
         <Code>{code}</Code><Message>{message}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        uuid::Uuid::new_v4()
    );
    (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
}

fn bedrock_error(status: StatusCode, name: &'static str, message: &str) -> Response {
    (status, [(ERROR_TYPE, name)], Json(json!({"message": message}))).into_response()
}
