//! DynamoDB stream and the schedule outbox-sweep: sends what the outbox owes, through SES.
//!
//! Reads the organization for an entry that the stream brings, at the same time as it writes the claim: the image holds
//! the whole mail but for its sender's name and logo. Writes the claim before a mail leaves and the outcome after it; SES is called once for each mail. A mail whose outcome is not known waits for SES's
//! word (the function mail-events) and is sent once more after ten minutes without one. Records may come twice, late or
//! stale: the claim is conditional on the entry's revision, so no mail is ever sent from an old image.

mod config;
mod entry;
mod stream;
mod sweep;

pub use config::Config;
pub use stream::handle;
pub use sweep::{SweepSummary, sweep};

use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::streams::DynamoDbEventResponse;
use handoff_domain::pace::Permits;
use handoff_mail::{Renderer, SesMailer};
use handoff_runtime::Clock;
use handoff_store::{Store, StoreError};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The outbox.
    pub store: Store,
    /// SES.
    pub mailer: SesMailer,
    /// SES's limit, kept with other senders; `None` where nothing limits.
    pub permits: Option<Arc<dyn Permits>>,
    /// The mails' words.
    pub renderer: Renderer,
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
    /// Finds the owed mails that the stream missed.
    OutboxSweep,
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
        Trigger::Schedule { schedule: Schedule::OutboxSweep } => {
            Box::pin(sweep(deps)).await.map(Answer::Swept)
        }
    }
}

#[cfg(test)]
mod tests;
