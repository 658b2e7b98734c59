//! Faults on request: each stand-in asks here, once for each request, whether to misbehave; and who carries out a function asks
//! whether it dies.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

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
    /// Customers' websites.
    Websites,
    /// Slack and endpoints.
    Receivers,
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
            Self::Websites => "websites",
            Self::Receivers => "receivers",
        }
    }

    /// Whether it is one of AWS's.
    pub(crate) fn is_aws(self) -> bool {
        matches!(self, Self::DynamoDb | Self::Sqs | Self::Ses | Self::Bedrock)
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
    /// Every function that is under way dies, as a process does, right before this effect. Counts effects only: what is read
    /// changes nothing, so to die before it is to die before the next effect.
    CrashBefore,
    /// The same right after the effect.
    CrashAfter,
}

impl Mode {
    fn is_crash(self) -> bool {
        matches!(self, Self::CrashBefore | Self::CrashAfter)
    }
}

/// One fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Where; absent: everywhere.
    #[serde(default)]
    pub service: Option<Service>,
    /// At which operation, by the name in the journal; absent: at all.
    #[serde(default)]
    pub operation: Option<String>,
    /// How.
    pub mode: Mode,
    /// How often, 0 to 1.
    #[serde(default = "always")]
    pub probability: f64,
    /// Where the dice begin, so that a run can be repeated.
    #[serde(default)]
    pub seed: u64,
    /// Requests that are spared first.
    #[serde(default)]
    pub skip: u64,
    /// How often at most; absent: without end.
    #[serde(default)]
    pub times: Option<u64>,
}

fn always() -> f64 {
    1.0
}

/// What is about to be done, for the faults.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Doing<'a> {
    pub(crate) service: Service,
    pub(crate) operation: &'a str,
    /// Whether it changes something.
    pub(crate) is_effect: bool,
}

/// A fault in force, and what it has done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InForce {
    /// As it was asked for.
    #[serde(flatten)]
    pub fault: Fault,
    /// Requests that it concerned.
    pub seen: u64,
    /// How often it struck.
    pub struck: u64,
}

#[derive(Debug)]
struct Loaded {
    fault: Fault,
    dice: StdRng,
    seen: u64,
    struck: u64,
}

impl Loaded {
    fn concerns(&self, doing: Doing<'_>) -> bool {
        let fault = &self.fault;
        fault.service.is_none_or(|service| service == doing.service)
            && fault.operation.as_deref().is_none_or(|operation| operation == doing.operation)
            && (doing.is_effect || !fault.mode.is_crash())
    }

    /// Throws the dice; what is spared or used up throws too, so that one fault does not shift another.
    fn hits(&mut self) -> bool {
        self.seen += 1;
        let hit = self.dice.random::<f64>() < self.fault.probability;
        hit && self.seen > self.fault.skip && self.fault.times.is_none_or(|times| self.struck < times)
    }
}

/// The faults in force, shared by all stand-ins.
#[derive(Debug, Clone)]
pub struct Faults {
    loaded: Arc<Mutex<Vec<Loaded>>>,
    deaths: Arc<watch::Sender<u64>>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { loaded: Arc::default(), deaths: Arc::new(watch::Sender::new(0)) }
    }
}

impl Faults {
    /// Replaces all faults; an empty list heals.
    pub fn replace(&self, faults: Vec<Fault>) {
        let load =
            |fault: Fault| Loaded { dice: StdRng::seed_from_u64(fault.seed), fault, seen: 0, struck: 0 };
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) = faults.into_iter().map(load).collect();
    }

    /// The faults in force.
    pub fn list(&self) -> Vec<InForce> {
        let told = |loaded: &Loaded| InForce {
            fault: loaded.fault.clone(),
            seen: loaded.seen,
            struck: loaded.struck,
        };
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).iter().map(told).collect()
    }

    /// Throws the dice of one request: the first fault that strikes, other than duplicates.
    pub(crate) fn strike(&self, doing: Doing<'_>) -> Option<Mode> {
        self.throw(|loaded| loaded.fault.mode != Mode::Duplicate && loaded.concerns(doing))
    }

    /// Throws the dice for one effect: whether it comes twice.
    pub fn duplicates(&self, service: Service) -> bool {
        let doing = Doing { service, operation: "", is_effect: true };
        self.throw(|loaded| loaded.fault.mode == Mode::Duplicate && loaded.concerns(doing)).is_some()
    }

    /// Whether whoever carries out a function dies before it can say that the function is done: the message comes again,
    /// the answer is lost.
    pub(crate) fn dies_before(&self, service: Service, operation: &str) -> bool {
        let doing = Doing { service, operation, is_effect: true };
        self.throw(|loaded| loaded.fault.mode.is_crash() && loaded.concerns(doing)).is_some()
    }

    fn throw(&self, concerned: impl Fn(&Loaded) -> bool) -> Option<Mode> {
        let mut faults = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        let mut first = None;
        for loaded in faults.iter_mut().filter(|loaded| concerned(loaded)) {
            if loaded.hits() && first.is_none() {
                loaded.struck += 1;
                first = Some(loaded.fault.mode);
            }
        }
        first
    }

    /// Every function that is under way dies.
    pub(crate) fn kill(&self) {
        self.deaths.send_modify(|deaths| *deaths += 1);
    }

    /// Carries out `work` as a process that may be killed meanwhile; `None` when it was.
    pub(crate) async fn mortal<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut deaths = self.deaths.subscribe();
        tokio::select! {
            // Who is dead does not look at what came meanwhile.
            biased;
            _ = deaths.changed() => None,
            done = work => Some(done),
        }
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

    fn reading(service: Service) -> Doing<'static> {
        Doing { service, operation: "Read", is_effect: false }
    }

    #[test]
    fn the_same_seed_gives_the_same_run() {
        let text = r#"[{"service": "ses", "mode": "throttle", "probability": 0.5, "seed": 7}]"#;
        let run = |faults: Faults| -> Vec<_> {
            (0..64).map(|_| faults.strike(reading(Service::Ses)).is_some()).collect()
        };
        let first = run(faults(text));
        assert_eq!(first, run(faults(text)));
        assert!(first.contains(&true) && first.contains(&false));
    }

    #[test]
    fn a_fault_strikes_its_own_service_and_an_empty_list_heals() {
        let faults = faults(
            r#"[{"service": "dynamodb", "mode": "lost_reply"}, {"service": "sqs", "mode": "duplicate"}]"#,
        );
        assert_eq!(faults.strike(reading(Service::DynamoDb)), Some(Mode::LostReply));
        assert_eq!(faults.strike(reading(Service::Sqs)), None);
        assert!(faults.duplicates(Service::Sqs));
        faults.replace(Vec::new());
        assert_eq!(faults.strike(reading(Service::DynamoDb)), None);
        assert!(!faults.duplicates(Service::Sqs));
    }

    #[tokio::test]
    async fn the_third_effect_kills_whoever_is_under_way_and_nothing_after_it() {
        let faults = faults(r#"[{"mode": "crash_before", "skip": 2, "times": 1}]"#);
        let writing = Doing { service: Service::Sqs, operation: "SendMessage", is_effect: true };
        assert_eq!(faults.strike(reading(Service::DynamoDb)), None, "to read is no effect");
        assert_eq!([faults.strike(writing), faults.strike(writing)], [None, None]);
        assert_eq!(faults.strike(writing), Some(Mode::CrashBefore));
        assert_eq!(faults.strike(writing), None);
        let killed = faults.mortal(async {
            faults.kill();
            tokio::task::yield_now().await;
        });
        assert_eq!(killed.await, None);
        assert_eq!(faults.mortal(async { 1 }).await, Some(1));
    }
}
