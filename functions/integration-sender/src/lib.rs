//! DynamoDB stream and the schedule integration-sweep: tells HubSpot, Slack and endpoints what happened.
//!
//! Trigger: the table's stream, for events that other tools may be told of and for messages that are owed; every five minutes the
//! schedule, for what the stream missed and what is to be tried again. Reads: what the organization wants told (one batch read for each
//! organization of a batch); for each message everything that it is made of (one batch read). Writes: a message for each target, if it
//! is not there, then the event's mark away; the claim before a message leaves, its outcome afterwards; what of an account flowed back.
//! Nobody waits for any of it: a submit is done before it begins. Endpoints and Slack may get a message twice, by the same id; HubSpot
//! gets one note for each handoff, whatever is lost in between.

mod config;
mod dispatch;
mod endpoint;
mod hubspot;
mod send;
mod slack;
mod stream;
mod sweep;

pub use config::Config;
pub use stream::handle;
pub use sweep::{SweepSummary, sweep};

use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use handoff_domain::link::LinkKeys;
use handoff_hubspot::HubSpot;
use handoff_research::Poster;
use handoff_runtime::Clock;
use handoff_store::{Store, StoreError};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The table.
    pub store: Store,
    /// The portal's API.
    pub hubspot: HubSpot,
    /// The way to Slack and endpoints.
    pub poster: Poster,
    /// What secrets are derived and sealed under.
    pub link_keys: LinkKeys,
    /// Our public origin.
    pub base_url: String,
    /// The time.
    pub clock: Clock,
}

/// The function's two triggers.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "one value per invocation")]
pub enum Trigger {
    /// The scheduler's input.
    Schedule {
        /// Which schedule.
        schedule: Schedule,
    },
    /// A batch of the table's stream.
    Stream(Event),
}

/// The schedules that this function serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Finds what the stream missed and what is to be tried again.
    IntegrationSweep,
}

/// What the function answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To the stream: which records shall come again.
    Stream(DynamoDbEventResponse),
    /// To the schedule: what was done.
    Swept(SweepSummary),
}

/// Serves one invocation by whichever trigger.
pub async fn serve(deps: &Deps, trigger: Trigger) -> Result<Answer, StoreError> {
    match trigger {
        // Boxed: the futures of the SDKs below are too deep for one type.
        Trigger::Stream(event) => Ok(Answer::Stream(Box::pin(handle(deps, event)).await)),
        Trigger::Schedule { schedule: Schedule::IntegrationSweep } => {
            Box::pin(sweep(deps)).await.map(Answer::Swept)
        }
    }
}

/// A wait as the domain has it.
fn wait(after: Option<Duration>) -> Option<SignedDuration> {
    after.and_then(|after| SignedDuration::try_from(after).ok())
}

#[cfg(test)]
mod tests;
