//! SQS's JSON protocol, as far as the functions speak it: SendMessage, SendMessageBatch,
//! ChangeMessageVisibility, and of dead letters GetQueueAttributes and StartMessageMoveTask.

use crate::aws::faults::Service;
use crate::aws::queues::{DEAD, QueueName, Queues, parse_receipt};
use crate::aws::shapes::{internal_error, sqs_error};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::time::Duration;

/// Largest message and largest batch, in bytes.
const MESSAGE_MAX_BYTES: usize = 1_048_576;
const BATCH_MAX: usize = 10;
const DELAY_MAX_SECONDS: u64 = 900;
const VISIBILITY_MAX_SECONDS: u64 = 43_200;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage {
    queue_url: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatch {
    queue_url: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ChangeMessageVisibility {
    queue_url: String,
    receipt_handle: String,
    visibility_timeout: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetQueueAttributes {
    queue_url: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StartMessageMoveTask {
    source_arn: String,
}

/// Why SQS refuses, by its own code.
struct Refusal(&'static str, &'static str);

impl Refusal {
    fn into_response(self) -> Response {
        sqs_error(StatusCode::BAD_REQUEST, self.0, self.1)
    }
}

/// The stand-in's one route.
pub(crate) fn router(queues: Queues) -> Router {
    Router::new()
        .route("/", post(answer))
        .layer(DefaultBodyLimit::max(4 * MESSAGE_MAX_BYTES))
        .with_state(queues)
}

async fn answer(State(queues): State<Queues>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let answered = match target {
        "AmazonSQS.SendMessage" => send_message(&queues, &body),
        "AmazonSQS.SendMessageBatch" => send_message_batch(&queues, &body),
        "AmazonSQS.ChangeMessageVisibility" => change_visibility(&queues, &body),
        "AmazonSQS.GetQueueAttributes" => dead_letters(&queues, &body),
        "AmazonSQS.StartMessageMoveTask" => put_back(&queues, &body),
        _ => Err(Refusal("UnsupportedOperation", "The local run does not serve this operation.")),
    };
    match answered {
        Ok(Some(answer)) => {
            ([(header::CONTENT_TYPE, "application/x-amz-json-1.0")], answer.to_string()).into_response()
        }
        Ok(None) => internal_error(Service::Sqs),
        Err(refusal) => refusal.into_response(),
    }
}

fn send_message(queues: &Queues, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let request: SendMessage = parse(body)?;
    let queue = find(&request.queue_url)?;
    check(&request.message_body)?;
    if request.delay_seconds > DELAY_MAX_SECONDS {
        let words =
            "Value for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.";
        return Err(Refusal("InvalidParameterValue", words));
    }
    let Some(ids) = keep(queues, queue, &[&request.message_body], Duration::from_secs(request.delay_seconds))
    else {
        return Ok(None);
    };
    Ok(Some(json!({"MessageId": ids.first(), "MD5OfMessageBody": md5(&request.message_body)})))
}

fn send_message_batch(queues: &Queues, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let request: SendMessageBatch = parse(body)?;
    let queue = find(&request.queue_url)?;
    check_batch(&request.entries)?;
    let (good, bad): (Vec<_>, Vec<_>) =
        request.entries.iter().partition(|entry| check(&entry.message_body).is_ok());
    let mut ids = Vec::with_capacity(good.len());
    for entry in &good {
        let delay = Duration::from_secs(entry.delay_seconds.min(DELAY_MAX_SECONDS));
        let Some(kept) = keep(queues, queue, &[entry.message_body.as_str()], delay) else { return Ok(None) };
        ids.extend(kept);
    }
    let sent = good.iter().zip(ids).map(
        |(entry, id)| json!({"Id": entry.id, "MessageId": id, "MD5OfMessageBody": md5(&entry.message_body)}),
    );
    let refused = bad.iter().filter_map(|entry| {
        let Refusal(code, message) = check(&entry.message_body).err()?;
        Some(json!({"Id": entry.id, "Code": code, "Message": message, "SenderFault": true}))
    });
    Ok(Some(json!({"Successful": sent.collect::<Vec<_>>(), "Failed": refused.collect::<Vec<_>>()})))
}

fn change_visibility(queues: &Queues, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let request: ChangeMessageVisibility = parse(body)?;
    let queue = find(&request.queue_url)?;
    if request.visibility_timeout > VISIBILITY_MAX_SECONDS {
        let words = "Value for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.";
        return Err(Refusal("InvalidParameterValue", words));
    }
    let Some((row, count)) = parse_receipt(&request.receipt_handle) else {
        return Err(Refusal("ReceiptHandleIsInvalid", "The input receipt handle is invalid."));
    };
    match queues.hide(queue, row, count, Duration::from_secs(request.visibility_timeout)) {
        Ok(true) => Ok(Some(json!({}))),
        Ok(false) => Err(Refusal("MessageNotInflight", "The message is not in flight.")),
        Err(error) => {
            tracing::error!(error = handoff_runtime::report(&error), "queue");
            Ok(None)
        }
    }
}

/// What there is to know of a dead letters' queue.
fn dead_letters(queues: &Queues, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let request: GetQueueAttributes = parse(body)?;
    let queue = find_dead(&request.queue_url)?;
    let counts = queues.counts().unwrap_or_default();
    let dead = counts.iter().find(|count| count.name == queue.as_str()).map_or(0, |count| count.dead);
    Ok(Some(json!({"Attributes": {
        "ApproximateNumberOfMessages": dead.to_string(),
        "QueueArn": format!("arn:aws:sqs:us-east-1:000000000000:{}{DEAD}", queue.as_str()),
    }})))
}

fn put_back(queues: &Queues, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let request: StartMessageMoveTask = parse(body)?;
    let queue = find_dead(&request.source_arn)?;
    let moved = queues.redrive(Some(queue));
    Ok(moved.ok().map(|moved| json!({"TaskHandle": format!("{}-{moved}", queue.as_str())})))
}

fn find_dead(text: &str) -> Result<QueueName, Refusal> {
    QueueName::of_dead(text).ok_or(Refusal("QueueDoesNotExist", "The specified queue does not exist."))
}

/// `None` when the disk does not take them.
fn keep(queues: &Queues, queue: QueueName, bodies: &[&str], delay: Duration) -> Option<Vec<String>> {
    queues
        .send_after(queue, bodies, delay)
        .inspect_err(|error| tracing::error!(error = handoff_runtime::report(error), "queue"))
        .ok()
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal("MissingParameter", "A required parameter is missing."))
}

fn find(url: &str) -> Result<QueueName, Refusal> {
    QueueName::from_url(url).ok_or(Refusal("QueueDoesNotExist", "The specified queue does not exist."))
}

fn check(body: &str) -> Result<(), Refusal> {
    if body.is_empty() {
        return Err(Refusal("MissingParameter", "The request must contain the parameter MessageBody."));
    }
    if body.len() > MESSAGE_MAX_BYTES {
        return Err(Refusal(
            "InvalidParameterValue",
            "One or more parameters are invalid. Message must be shorter than 1048576 bytes.",
        ));
    }
    // XML 1.0's characters; SQS refuses every other.
    let allowed = |c: char| matches!(c, '\u{9}' | '\u{A}' | '\u{D}' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if body.chars().all(allowed) {
        Ok(())
    } else {
        Err(Refusal("InvalidMessageContents", "The message contains characters outside the allowed set."))
    }
}

fn check_batch(entries: &[Entry]) -> Result<(), Refusal> {
    let ids: HashSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
    let bytes: usize = entries.iter().map(|entry| entry.message_body.len()).sum();
    match entries.len() {
        0 => Err(Refusal("EmptyBatchRequest", "The batch request doesn't contain any entries.")),
        count if count > BATCH_MAX => {
            Err(Refusal("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10."))
        }
        count if count > ids.len() => Err(Refusal(
            "BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.",
        )),
        _ if bytes > MESSAGE_MAX_BYTES => {
            Err(Refusal("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes."))
        }
        _ => Ok(()),
    }
}

fn md5(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}
