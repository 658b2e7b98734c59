//! DynamoDB's event source: the table's stream to a function, in order, from a checkpoint that survives.

use super::{Pace, invoke};
use crate::aws::dynamodb::Table;
use crate::aws::faults::{Faults, Service};
use crate::state::State;
use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use serde_json::{Value, json};
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const BATCH_SIZE: usize = 10;
/// `MaximumRetryAttempts` of the event source, as in the template; what is left then is the sweep's.
const TRIES_MAX: u32 = 4;

/// The stream and how it is worked.
#[derive(Debug)]
pub(crate) struct StreamPump {
    pub(crate) table: Table,
    pub(crate) state: State,
    pub(crate) faults: Faults,
    /// Under which name the state keeps how far this consumer is.
    pub(crate) checkpoint: &'static str,
    pub(crate) function: &'static str,
    pub(crate) timeout: Duration,
    pub(crate) pace: Pace,
    /// The record that failed last.
    pub(crate) trouble: Mutex<Trouble>,
}

/// Where a failing record stands.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    sequence: String,
    tries: u32,
}

impl StreamPump {
    /// Waits until there may be something.
    pub(crate) async fn idle(&self) {
        self.table.wait(self.pace.look).await;
    }

    /// One look at the stream, and one invocation if there is something; whether there was.
    pub(crate) async fn turn<H, F>(&self, handle: &H) -> bool
    where
        H: Fn(Event) -> F,
        F: Future<Output = DynamoDbEventResponse> + Send + 'static,
    {
        let records = self.read().unwrap_or_else(|error| {
            tracing::error!(error = handoff_runtime::report(&*error), "stream");
            Vec::new()
        });
        let Some(last) = records.last().map(sequence) else { return false };
        let response = match event(self.delivered(&records)) {
            Some(event) => invoke(&self.faults, self.function, self.timeout, handle(event)).await,
            None => None,
        };
        let response = response.filter(|_| !self.faults.dies_before(Service::DynamoDb, "Checkpoint"));
        let Some(stuck) = first_failure(&records, response) else {
            self.advance(&last);
            return true;
        };
        // Everything before the failure is done; the failure itself is tried a few times more.
        if let Some(before) = stuck.checked_sub(1).and_then(|index| records.get(index)) {
            self.advance(&sequence(before));
        }
        let stuck = records.get(stuck).map(sequence).unwrap_or_default();
        let tries = self.tried(&stuck);
        if tries >= TRIES_MAX {
            tracing::warn!(function = self.function, "a stream record is left to the sweep");
            self.advance(&stuck);
        } else {
            tokio::time::sleep(self.pace.retry_after(tries)).await;
        }
        true
    }

    /// How often the record was tried by now.
    fn tried(&self, stuck: &str) -> u32 {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.tries = if trouble.sequence == stuck { trouble.tries + 1 } else { 1 };
        stuck.clone_into(&mut trouble.sequence);
        trouble.tries
    }

    fn read(&self) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
        let checkpoint = self.state.get(self.checkpoint)?;
        Ok(self.table.stream_after(checkpoint.as_deref(), BATCH_SIZE)?)
    }

    fn advance(&self, sequence: &str) {
        if let Err(error) = self.state.set(self.checkpoint, sequence) {
            tracing::error!(error = handoff_runtime::report(&error), "stream");
        }
    }

    /// The batch as the function gets it: with a record twice where the faults say so.
    fn delivered(&self, records: &[Value]) -> Vec<Value> {
        let twice = |record: &Value| {
            let copies = if self.faults.duplicates(Service::DynamoDb) { 2 } else { 1 };
            vec![record.clone(); copies]
        };
        records.iter().flat_map(twice).collect()
    }
}

fn sequence(record: &Value) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap_or_default().to_owned()
}

/// Position of the first record that the function did not finish; `None` when all are done. An answer that names no
/// record of the batch, and no answer, mean all of it.
fn first_failure(records: &[Value], response: Option<DynamoDbEventResponse>) -> Option<usize> {
    let Some(response) = response else { return Some(0) };
    let failures = response.batch_item_failures.iter();
    let named = failures.map(|failure| failure.item_identifier.clone().unwrap_or_default());
    named.map(|id| records.iter().position(|record| sequence(record) == id).unwrap_or(0)).min()
}

fn event(records: Vec<Value>) -> Option<Event> {
    let arn = json!("arn:aws:dynamodb:us-east-1:000000000000:table/handoff/stream/local");
    let named = |mut record: Value| {
        record["eventSourceARN"] = arn.clone();
        record
    };
    let event = json!({"Records": records.into_iter().map(named).collect::<Vec<_>>()});
    serde_json::from_value(event).inspect_err(|error| tracing::error!(%error, "stream record")).ok()
}
