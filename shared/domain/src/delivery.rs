//! One message that is owed to another tool: when it is tried, what became of it, when it is given up.
//!
//! The gaps between tries are those that the Standard Webhooks specification proposes, but for the first of five seconds: the sweep
//! comes every five minutes.

use crate::event::Event;
use crate::fact::Fact;
use crate::id::{AccountId, DeliveryId, OrganizationId};
use crate::integration::Target;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long to wait after each try that brought nothing, in minutes; after the last one it is given up: three days in all.
const GAPS_MINUTES: [i64; 8] = [5, 30, 2 * 60, 5 * 60, 10 * 60, 14 * 60, 20 * 60, 24 * 60];

/// How long a sender has for one try; after that it is taken for dead.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// How long a settled delivery is kept to be looked at.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Tries that are kept to be looked at.
const ATTEMPTS_KEPT: usize = 12;

/// What a try brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived.
    Done {
        /// What was said or written, for people.
        words: String,
    },
    /// It did not, or nobody knows; a later try may help.
    Later {
        /// Why, for people.
        words: String,
        /// How long the other side asks us to wait.
        after: Option<SignedDuration>,
    },
    /// It did not, and no repeat would.
    Never {
        /// Why, for people.
        words: String,
    },
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// Whether the message arrived.
    pub is_done: bool,
    /// What was said, for people.
    pub words: String,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// To be sent now.
    Owed {
        /// Since when.
        since: Timestamp,
    },
    /// A sender has it.
    Sending {
        /// Since when.
        since: Timestamp,
    },
    /// To be tried again.
    Waiting {
        /// When.
        until: Timestamp,
    },
    /// It arrived.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// It never will, unless a person sends it again.
    GivenUp {
        /// When.
        at: Timestamp,
    },
}

/// One message to one target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose.
    pub organization: OrganizationId,
    /// Which; follows from event and target, and sorts by time.
    pub id: DeliveryId,
    /// About whom; `None` for a test.
    pub account: Option<AccountId>,
    /// The customer's name at the first try; empty before it, and for a test.
    #[serde(default)]
    pub company: String,
    /// What is told.
    pub fact: Fact,
    /// What happened; `None` for a test.
    #[serde(default)]
    pub event: Option<Event>,
    /// Where it goes.
    pub target: Target,
    /// When it came to be owed.
    pub made_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
    /// Tries since it was owed last.
    #[serde(default)]
    pub tries: u32,
    /// The newest tries, the oldest first.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// What is sent, byte for byte the same with each try; `None` until the first, and where it is written afresh each time.
    #[serde(default)]
    pub payload: Option<String>,
    /// Raised by each write, so that two senders notice each other.
    #[serde(default)]
    pub revision: u64,
}

impl Delivery {
    /// The message about an event to a target: the same for the same two, however often it is asked for.
    pub fn of_event(
        organization: &OrganizationId,
        account: &AccountId,
        (fact, event): (Fact, &Event),
        target: Target,
    ) -> Self {
        let cause = format!("{account}/{}/{target}", event.id);
        Self {
            organization: organization.clone(),
            id: DeliveryId::of(event.at, &cause),
            account: Some(account.clone()),
            company: String::new(),
            fact,
            event: Some(event.clone()),
            target,
            made_at: event.at,
            standing: Standing::Owed { since: event.at },
            tries: 0,
            attempts: Vec::new(),
            payload: None,
            revision: 0,
        }
    }

    /// A message that only tries whether messages arrive; `random` tells it from others of that moment.
    pub fn test(organization: &OrganizationId, target: Target, now: Timestamp, random: u64) -> Self {
        Self {
            organization: organization.clone(),
            id: DeliveryId::of(now, &format!("test/{random}/{target}")),
            account: None,
            company: String::new(),
            fact: Fact::Test,
            event: None,
            target,
            made_at: now,
            standing: Standing::Owed { since: now },
            tries: 0,
            attempts: Vec::new(),
            payload: None,
            revision: 0,
        }
    }

    /// From when on a sweep must look at it; `None` when it is settled.
    pub fn due(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Owed { since } => Some(since),
            Standing::Sending { since } => Some(since.checked_add(LEASE).unwrap_or(since)),
            Standing::Waiting { until } => Some(until),
            Standing::Delivered { .. } | Standing::GivenUp { .. } => None,
        }
    }

    /// Until when it is kept; `None` while it is under way.
    pub fn kept_until(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Delivered { at } | Standing::GivenUp { at } => at.checked_add(KEPT).ok(),
            _ => None,
        }
    }

    /// As a sender takes it, to try now; `None` when it is settled, not due yet, or somebody else's. A try of which nobody knows what
    /// became of it stands among the attempts. A test is tried once.
    pub fn claim(&self, now: Timestamp) -> Option<Self> {
        if self.due()? > now {
            return None;
        }
        let mut next = self.clone();
        if let Standing::Sending { since } = self.standing {
            next.note(since, false, "Stopped before the answer was known".to_owned());
        }
        next.standing = Standing::Sending { since: now };
        next.tries += 1;
        Some(next)
    }

    /// As it is after the try that was claimed.
    pub fn settle(&self, outcome: Outcome, now: Timestamp) -> Self {
        let mut next = self.clone();
        let began = match self.standing {
            Standing::Sending { since } => since,
            _ => now,
        };
        match outcome {
            Outcome::Done { words } => {
                next.note(began, true, words);
                next.standing = Standing::Delivered { at: now };
            }
            Outcome::Never { words } => {
                next.note(began, false, words);
                next.standing = Standing::GivenUp { at: now };
            }
            Outcome::Later { words, after } => {
                next.note(began, false, words);
                let gap =
                    usize::try_from(self.tries.saturating_sub(1)).ok().and_then(|n| GAPS_MINUTES.get(n));
                let gap = gap
                    .filter(|_| self.fact != Fact::Test)
                    .map(|minutes| SignedDuration::from_mins(*minutes));
                let until = gap.and_then(|gap| now.checked_add(gap.max(after.unwrap_or_default())).ok());
                next.standing =
                    until.map_or(Standing::GivenUp { at: now }, |until| Standing::Waiting { until });
            }
        }
        next
    }

    /// As it is when a person wants it sent now; `None` while a sender has it.
    pub fn again(&self, now: Timestamp) -> Option<Self> {
        match self.standing {
            Standing::Sending { since } if now.duration_since(since) < LEASE => None,
            _ => Some(Self { standing: Standing::Owed { since: now }, tries: 0, ..self.clone() }),
        }
    }

    fn note(&mut self, at: Timestamp, is_done: bool, words: String) {
        self.attempts.push(Attempt { at, is_done, words });
        let over = self.attempts.len().saturating_sub(ATTEMPTS_KEPT);
        self.attempts.drain(..over);
    }
}

#[cfg(test)]
mod tests;
