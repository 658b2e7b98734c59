//! Faults on request: each stand-in asks here, once for each request, whether to misbehave, and does so in its own
//! service's words.

use crate::aws::shapes;
use crate::serve::{hang_up, truncate};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Long enough that every client of ours has given up.
const NO_ANSWER: Duration = Duration::from_mins(1);
/// Noticeable, and within every client's patience.
const SLOW: Duration = Duration::from_millis(500);

/// What can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// The table.
    DynamoDb,
    /// The queues.
    Sqs,
    /// Mail.
    Ses,
    /// The model.
    Bedrock,
    /// The CRM.
    HubSpot,
}

impl Service {
    /// The name that counts and faults use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DynamoDb => "dynamodb",
            Self::Sqs => "sqs",
            Self::Ses => "ses",
            Self::Bedrock => "bedrock",
            Self::HubSpot => "hubspot",
        }
    }
}

/// How it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nothing is done; the answer says "too many requests".
    Throttle,
    /// Nothing is done; the answer is the service's own 5xx.
    Error,
    /// Nothing is done and nothing is answered.
    Timeout,
    /// It is done, and the connection closes without an answer.
    LostReply,
    /// What comes of it comes twice: a queue's message, SES's SEND event, a stream record, HubSpot's webhook.
    Duplicate,
    /// It is done and answered half a second late.
    Slow,
    /// It is done, and half of the answer arrives.
    Truncated,
}

/// One fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where.
    pub service: Service,
    /// How.
    pub mode: Mode,
    /// How often, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// Where the dice begin, so that a run can be repeated.
    #[serde(default)]
    pub seed: u64,
}

fn always() -> f64 {
    1.0
}

#[derive(Debug)]
struct Loaded {
    fault: Fault,
    dice: StdRng,
}

/// The faults in force, shared by all stand-ins.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Loaded>>>);

impl Faults {
    /// Replaces all faults; an empty list heals.
    pub fn replace(&self, faults: Vec<Fault>) {
        let load = |fault: Fault| Loaded { dice: StdRng::seed_from_u64(fault.seed), fault };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = faults.into_iter().map(load).collect();
    }

    /// The faults in force.
    pub fn list(&self) -> Vec<Fault> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .map(|loaded| loaded.fault.clone())
            .collect()
    }

    /// Throws the dice of one request: the first fault that strikes, other than duplicates.
    pub fn strike(&self, service: Service) -> Option<Mode> {
        self.throw(|fault| fault.service == service && fault.mode != Mode::Duplicate)
    }

    /// Throws the dice for one effect: whether it comes twice.
    pub fn duplicates(&self, service: Service) -> bool {
        self.throw(|fault| fault.service == service && fault.mode == Mode::Duplicate).is_some()
    }

    fn throw(&self, concerned: impl Fn(&Fault) -> bool) -> Option<Mode> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut struck = faults.iter_mut().filter(|loaded| concerned(&loaded.fault));
        struck.find_map(|loaded| {
            let hit = loaded.dice.random::<f64>() < loaded.fault.probability;
            hit.then_some(loaded.fault.mode)
        })
    }
}

/// The middleware of one stand-in.
pub(crate) async fn misbehave(
    State((faults, service)): State<(Faults, Service)>,
    request: Request,
    next: Next,
) -> Response {
    let Some(mode) = faults.strike(service) else { return next.run(request).await };
    // On its own task: a client that gives up does not undo what the service does.
    let done = |next: Next, request: Request| async move {
        tokio::spawn(next.run(request)).await.unwrap_or_else(|_| hang_up())
    };
    match mode {
        Mode::Throttle => shapes::throttled(service),
        Mode::Error => shapes::internal_error(service),
        Mode::Timeout => {
            tokio::time::sleep(NO_ANSWER).await;
            hang_up()
        }
        Mode::LostReply => {
            done(next, request).await;
            hang_up()
        }
        Mode::Slow => {
            tokio::time::sleep(SLOW).await;
            done(next, request).await
        }
        Mode::Truncated => truncate(done(next, request).await).await,
        Mode::Duplicate => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Faults {
        let faults = Faults::default();
        faults.replace(serde_json::from_str(text).unwrap());
        faults
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        let text = r#"[{"service": "ses", "mode": "throttle", "probability": 0.5, "seed": 7}]"#;
        let run =
            |faults: Faults| -> Vec<_> { (0..64).map(|_| faults.strike(Service::Ses).is_some()).collect() };
        let first = run(faults(text));
        assert_eq!(first, run(faults(text)));
        assert!(first.contains(&true) && first.contains(&false));
    }

    #[test]
    fn a_fault_strikes_its_own_service_and_an_empty_list_heals() {
        let faults = faults(
            r#"[{"service": "dynamodb", "mode": "lost_reply"}, {"service": "sqs", "mode": "duplicate"}]"#,
        );
        assert_eq!(faults.strike(Service::DynamoDb), Some(Mode::LostReply));
        assert_eq!(faults.strike(Service::Sqs), None);
        assert!(faults.duplicates(Service::Sqs));
        faults.replace(Vec::new());
        assert_eq!(faults.strike(Service::DynamoDb), None);
        assert!(!faults.duplicates(Service::Sqs));
    }
}
