//! Counts what the program asks of AWS and HubSpot: calls by service and operation, and the table's capacity units.

use crate::aws::faults::Service;
use crate::aws::journal::{Entry, Journal, is_effect};
use crate::aws::misbehave::Struck;
use crate::aws::rights::{self, Right, Rights};
use crate::serve::is_hang_up;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use handoff_runtime::Clock;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What one operation was asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OperationCalls {
    /// HTTP requests, retries included.
    pub calls: u64,
    /// Requests that were answered with an error, or not at all.
    pub failed: u64,
    /// DynamoDB's read units as the emulator reports them.
    pub read_units: f64,
    /// DynamoDB's write units as the emulator reports them.
    pub write_units: f64,
}

/// Counts since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CallCounts {
    /// By service, as faults name it, then by operation.
    pub services: BTreeMap<String, BTreeMap<String, OperationCalls>>,
    /// Calls to AWS, all services together; HubSpot is not AWS.
    pub aws_calls: u64,
    /// Calls to HubSpot.
    pub hubspot_calls: u64,
    /// All read units.
    pub read_units: f64,
    /// All write units.
    pub write_units: f64,
}

impl CallCounts {
    fn entry(&mut self, service: Service, operation: &str) -> &mut OperationCalls {
        let service = self.services.entry(service.as_str().to_owned()).or_default();
        service.entry(operation.to_owned()).or_default()
    }
}

/// The counters and the journal, shared.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    counts: Arc<Mutex<CallCounts>>,
    rights: Arc<Mutex<Rights>>,
    journal: Journal,
    clock: Clock,
}

/// Largest body that is looked at for the rights that a call needs.
const BODY_MAX_BYTES: usize = 16 * 1024 * 1024;

impl Calls {
    /// Nothing was asked yet; the journal tells the time by `clock`.
    pub fn new(clock: Clock) -> Self {
        Self { clock, ..Self::default() }
    }

    /// What was asked, one by one.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Counts one request.
    pub(crate) fn note(&self, service: Service, operation: &str, failed: bool) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if service == Service::HubSpot {
            counts.hubspot_calls += 1;
        }
        counts.aws_calls += u64::from(service.is_aws());
        let entry = counts.entry(service, operation);
        entry.calls += 1;
        entry.failed += u64::from(failed);
    }

    /// Adds what a request to the table consumed.
    pub(crate) fn add_units(&self, operation: &str, read: f64, write: f64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.read_units += read;
        counts.write_units += write;
        let entry = counts.entry(Service::DynamoDb, operation);
        entry.read_units += read;
        entry.write_units += write;
    }

    fn note_rights(&self, function: String, needed: Vec<Right>) {
        self.rights
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(function)
            .or_default()
            .extend(needed);
    }

    /// Which rights the calls of each function needed since the start.
    pub fn rights(&self) -> Rights {
        self.rights.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The counts so far.
    pub fn read(&self) -> CallCounts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins again at nothing.
    pub fn reset(&self) {
        self.journal.forget();
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner) = CallCounts::default();
    }
}

/// The middleware of one stand-in, outside of its faults: what the caller asked for counts, whatever came of it.
pub(crate) async fn count(
    State((calls, service)): State<(Calls, Service)>,
    request: Request,
    next: Next,
) -> Response {
    let at = calls.clock.now();
    let operation = operation(service, &request);
    let by = rights::caller(request.headers());
    let request = match by.clone() {
        Some(function) => look_inside(&calls, service, (&operation, function), request).await,
        None => request,
    };
    let response = next.run(request).await;
    let answered = !is_hang_up(&response);
    calls.note(service, &operation, !answered || !response.status().is_success());
    let effect = is_effect(service, &operation);
    let fault = response.extensions().get::<Struck>().map(|struck| struck.0);
    let status = answered.then(|| response.status().as_u16());
    calls.journal.note(Entry { at, by, service, operation, effect, fault, status });
    response
}

/// Notes the rights that a call needs, and hands the request on as it was.
async fn look_inside(
    calls: &Calls,
    service: Service,
    (operation, function): (&str, String),
    request: Request,
) -> Request {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_default();
    let read = serde_json::from_slice(&body).unwrap_or_default();
    calls.note_rights(function, rights::needed(service, operation, &read));
    Request::from_parts(parts, Body::from(body))
}

/// The operation's name; for HubSpot the method and path without record ids.
pub(crate) fn operation(service: Service, request: &Request) -> String {
    match service {
        Service::DynamoDb | Service::Sqs => {
            let target = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok());
            target.and_then(|target| target.rsplit('.').next()).unwrap_or("unknown").to_owned()
        }
        Service::Ses => "SendEmail".to_owned(),
        Service::Bedrock => request.uri().path().rsplit('/').next().unwrap_or("unknown").to_owned(),
        Service::HubSpot | Service::Websites | Service::Receivers => {
            let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let parts = request.uri().path().split('/').map(|part| if is_id(part) { "{id}" } else { part });
            format!("{} {}", request.method(), parts.collect::<Vec<_>>().join("/"))
        }
    }
}
