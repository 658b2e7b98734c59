//! The levers: clock, schedules, queues, deals, faults, counts. JSON for programs, 303 for forms.

use super::reply::{done, failed, is_form, json, refused};
use crate::aws::faults::Fault;
use crate::aws::queues::QueueName;
use crate::clock::ClockError;
use crate::crm::{CrmError, DealSummary};
use crate::street::{CloseError, Street, StreetError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use handoff_runtime::{invocation, report};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json as value};

/// Deals that one request makes at most.
const COPIES_MAX: usize = 5000;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Advance {
    advance_seconds: Option<i64>,
    advance_milliseconds: Option<i64>,
}

impl Advance {
    fn milliseconds(&self) -> Option<i64> {
        self.advance_milliseconds.or(self.advance_seconds.map(|seconds| seconds.saturating_mul(1000)))
    }
}

pub(crate) async fn clock(State(street): State<Street>) -> Response {
    json(&value!({"now": street.now()}))
}

pub(crate) async fn advance(State(street): State<Street>, headers: HeaderMap, body: Bytes) -> Response {
    let asked = if is_form(&headers) {
        let mut fields = form_urlencoded::parse(&body);
        let seconds = fields.find(|(name, _)| name == "advance_seconds");
        let seconds = seconds.and_then(|(_, text)| text.trim().parse().ok());
        Advance { advance_seconds: seconds, ..Advance::default() }
    } else {
        serde_json::from_slice(&body).unwrap_or_default()
    };
    let Some(milliseconds) = asked.milliseconds() else {
        return refused(StatusCode::BAD_REQUEST, "Expected {\"advance_seconds\": a whole number}.");
    };
    match street.clock.advance_milliseconds(milliseconds) {
        Ok(now) => {
            street.queues.wake();
            done(&headers, &value!({"now": now}))
        }
        Err(error @ ClockError::OutOfRange) => refused(StatusCode::BAD_REQUEST, &error.to_string()),
        Err(error) => failed(&report(&error)),
    }
}

pub(crate) async fn run_schedule(
    State(street): State<Street>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match name.as_str() {
        "outbox-sweep" => sweep_outbox(&street, &headers).await,
        "reminder-sweep" => run(&street, &headers, reminder_sweep::sweep(&street.reminders)).await,
        "analytics-rollup" => run(&street, &headers, analytics_rollup::count(&street.rollup)).await,
        "deal-reconciliation" => {
            run(&street, &headers, deal_reconciliation::reconcile(&street.reconciliation)).await
        }
        "integration-sweep" => run(&street, &headers, integration_sender::sweep(&street.integrations)).await,
        _ => refused(StatusCode::NOT_FOUND, "There is no such schedule."),
    }
}

/// What a schedule's run answers when it was killed on request.
const DIED: &str = "the function died";

/// One run of a schedule.
async fn run<T: serde::Serialize, E: std::error::Error + 'static>(
    street: &Street,
    headers: &HeaderMap,
    work: impl Future<Output = Result<T, E>>,
) -> Response {
    match street.faults.mortal(invocation(None, work)).await {
        Some(Ok(summary)) => done(headers, &summary),
        Some(Err(error)) => failed(&report(&error)),
        None => failed(DIED),
    }
}

/// What is owed by mail, and then what is owed to other tools, which AWS sweeps by a schedule of its own.
async fn sweep_outbox(street: &Street, headers: &HeaderMap) -> Response {
    let mails = match street.faults.mortal(invocation(None, email_sender::sweep(&street.sender))).await {
        Some(Ok(summary)) => summary,
        Some(Err(error)) => return failed(&report(&error)),
        None => return failed(DIED),
    };
    let told = street.faults.mortal(invocation(None, integration_sender::sweep(&street.integrations))).await;
    let told = match told {
        Some(Ok(summary)) => summary,
        Some(Err(error)) => return failed(&report(&error)),
        None => return failed(DIED),
    };
    let mut summary = serde_json::to_value(mails).unwrap_or_default();
    summary["integrations"] = value!(told);
    done(headers, &summary)
}

/// Fills the table with a year of life, and counts it.
pub(crate) async fn year(State(street): State<Street>, headers: HeaderMap) -> Response {
    let new = match crate::year::fill(&street.store, street.now()).await {
        Ok(new) => new,
        Err(error) => return failed(&report(&error)),
    };
    loop {
        match invocation(None, analytics_rollup::count(&street.rollup)).await {
            Ok(counted) if counted.incomplete > 0 => {}
            Ok(counted) => return done(&headers, &value!({"handoffs": new, "counted": counted})),
            Err(error) => return failed(&report(&error)),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stepping {
    consumer: Option<String>,
}

/// One turn of one consumer, for a run that does nothing unasked.
pub(crate) async fn step(State(street): State<Street>, body: Bytes) -> Response {
    let stepping = serde_json::from_slice::<Stepping>(&body).unwrap_or_default();
    json(&value!({"did": street.step(stepping.consumer.as_deref()).await}))
}

pub(crate) async fn queues(State(street): State<Street>) -> Result<Response, StreetError> {
    let pending = street.pending().await?;
    let queues = street.queues.counts()?;
    Ok(json(&value!({"pending": pending.pending, "dead": pending.dead, "queues": queues})))
}

/// Puts a raw message into a queue, as whoever may write there could.
pub(crate) async fn send(
    State(street): State<Street>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response, StreetError> {
    let Some(queue) = QueueName::from_url(&name) else {
        return Ok(refused(StatusCode::NOT_FOUND, "There is no such queue."));
    };
    let ids = street.queues.send(queue, &[&body])?;
    Ok(done(&headers, &value!({"id": ids.first()})))
}

pub(crate) async fn redrive(
    State(street): State<Street>,
    headers: HeaderMap,
) -> Result<Response, StreetError> {
    let moved = street.queues.redrive(None)?;
    Ok(done(&headers, &value!({"moved": moved})))
}

pub(crate) async fn table(State(street): State<Street>) -> Result<Response, StreetError> {
    Ok(json(&street.table.scan(None)?))
}

pub(crate) async fn deals(State(street): State<Street>) -> Response {
    json(&street.deals().iter().map(deal_json).collect::<Vec<_>>())
}

fn deal_json(deal: &DealSummary) -> Value {
    value!({
        "id": deal.id,
        "name": deal.name,
        "company": deal.company,
        "story": deal.story,
        "stage": deal.stage,
        "is_won": deal.is_won,
        "owner_email": deal.owner_email,
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Closing {
    silent: bool,
}

/// Closes a deal; with `silent` as HubSpot does when a webhook is lost.
pub(crate) async fn close(
    State(street): State<Street>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // As JSON, or as the page's form sends it.
    let closing = serde_json::from_slice::<Closing>(&body).unwrap_or_default();
    if closing.silent || &*body == b"silent=true" {
        return match street.close_in_silence(&id) {
            Ok(()) => done(&headers, &value!({"deal": id, "webhook_status": null})),
            Err(error @ (CloseError::NoCrm | CloseError::Crm(CrmError::UnknownDeal))) => {
                refused(StatusCode::NOT_FOUND, &error.to_string())
            }
            Err(error) => failed(&report(&error)),
        };
    }
    told(&headers, &id, street.close(&id).await)
}

#[derive(Deserialize)]
struct Copying {
    count: usize,
}

/// Makes more deals like this one, for who wants many.
pub(crate) async fn copy(State(street): State<Street>, Path(id): Path<String>, body: Bytes) -> Response {
    let Ok(Copying { count: count @ 1..=COPIES_MAX }) = serde_json::from_slice(&body) else {
        let words = format!("Expected {{\"count\": a whole number from 1 to {COPIES_MAX}}}.");
        return refused(StatusCode::BAD_REQUEST, &words);
    };
    match street.copy(&id, count) {
        Ok(ids) => json(&value!({ "ids": ids })),
        Err(error @ (CloseError::NoCrm | CloseError::Crm(CrmError::UnknownDeal))) => {
            refused(StatusCode::NOT_FOUND, &error.to_string())
        }
        Err(error) => failed(&report(&error)),
    }
}

/// Takes a deal back out of the won stage, as a salesperson who was too quick.
pub(crate) async fn reopen(
    State(street): State<Street>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    told(&headers, &id, street.reopen(&id).await)
}

fn told(headers: &HeaderMap, id: &str, outcome: Result<u16, CloseError>) -> Response {
    match outcome {
        Ok(status) if (200..300).contains(&status) => {
            done(headers, &value!({"deal": id, "webhook_status": status}))
        }
        Ok(status) => {
            let why = format!(
                "The deal is changed, but the webhook answered {status}. HubSpot would try again: so may you."
            );
            refused(StatusCode::BAD_GATEWAY, &why)
        }
        Err(error @ (CloseError::NoCrm | CloseError::Crm(CrmError::UnknownDeal))) => {
            refused(StatusCode::NOT_FOUND, &error.to_string())
        }
        Err(error @ CloseError::Delivery(_)) => {
            (StatusCode::BAD_GATEWAY, format!("{}\n", report(&error))).into_response()
        }
        Err(error) => failed(&report(&error)),
    }
}

pub(crate) async fn faults(State(street): State<Street>) -> Response {
    json(&street.faults.list())
}

pub(crate) async fn set_faults(State(street): State<Street>, headers: HeaderMap, body: Bytes) -> Response {
    // The page's one button has no field: it heals.
    let faults = if is_form(&headers) { Ok(Vec::new()) } else { serde_json::from_slice::<Vec<Fault>>(&body) };
    match faults {
        Ok(faults) if faults.iter().all(|fault| (0.0..=1.0).contains(&fault.probability)) => {
            street.faults.replace(faults);
            done(&headers, &street.faults.list())
        }
        Ok(_) => refused(StatusCode::BAD_REQUEST, "A probability is a number from 0 to 1."),
        Err(error) => refused(StatusCode::BAD_REQUEST, &format!("Expected an array of faults: {error}.")),
    }
}

/// Which rights the calls of each function needed, for the test that holds the template's roles against them.
pub(crate) async fn rights(State(street): State<Street>) -> Response {
    json(&street.calls.rights())
}

/// What was asked of whom, one by one.
pub(crate) async fn journal(State(street): State<Street>) -> Response {
    json(&street.calls.journal().list())
}

pub(crate) async fn calls(State(street): State<Street>) -> Response {
    json(&street.calls.read())
}

pub(crate) async fn reset_calls(State(street): State<Street>, headers: HeaderMap) -> Response {
    street.calls.reset();
    done(&headers, &street.calls.read())
}
