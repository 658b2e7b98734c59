//! What an organization wants to flow on into other tools: HubSpot, Slack, endpoints of its own.

use crate::event::{Event, What};
use crate::fact::Fact;
use crate::id::{EndpointId, MemberId, OrganizationId};
use crate::link::{LinkKeys, SealNonce, Sealed};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Endpoints of one organization.
pub const ENDPOINTS_MAX: usize = 10;

/// For what Slack's address or token is sealed.
pub const SEALED_FOR_SLACK: &str = "slack";

/// For what an endpoint's address is sealed.
pub const SEALED_FOR_ENDPOINT: &str = "endpoint";

/// How long messages are signed with the secret before as well, after it was replaced.
pub const SECRET_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// How long after an event it is still told. What is older was written by hand or waited through an outage of days, and would only
/// startle.
pub const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(72);

/// What is written to HubSpot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubSpotPart {
    /// The handoff's summary as a note on the deal, one for each handoff.
    Note,
    /// The CSM as owner of the company.
    Owner,
    /// State and dates as properties of the deal.
    Properties,
}

impl HubSpotPart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Note, Self::Owner, Self::Properties];

    /// The part in ids and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Owner => "owner",
            Self::Properties => "properties",
        }
    }

    /// The part for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Note => "Note on the deal",
            Self::Owner => "Owner of the company",
            Self::Properties => "Properties of the deal",
        }
    }

    fn is_about(self, fact: Fact) -> bool {
        match self {
            Self::Note | Self::Owner => matches!(fact, Fact::Submitted | Fact::Assigned | Fact::Reassigned),
            Self::Properties => matches!(
                fact,
                Fact::AccountCreated
                    | Fact::Invited
                    | Fact::Submitted
                    | Fact::Skipped
                    | Fact::Expired
                    | Fact::Returned
                    | Fact::Assigned
                    | Fact::Reassigned
                    | Fact::Live
            ),
        }
    }
}

/// What Slack is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlackTopic {
    /// Who takes over a customer.
    Assigned,
    /// That an AE was reminded.
    Reminders,
    /// That somebody should look.
    Escalations,
}

impl SlackTopic {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Assigned, Self::Reminders, Self::Escalations];

    /// The topic in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Reminders => "reminders",
            Self::Escalations => "escalations",
        }
    }

    /// The topic for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Assigned => "A customer was handed over, or got another CSM",
            Self::Reminders => "An AE was reminded",
            Self::Escalations => "Somebody should look, or a link expired",
        }
    }

    fn of(fact: Fact) -> Option<Self> {
        match fact {
            Fact::Submitted | Fact::Assigned | Fact::Reassigned => Some(Self::Assigned),
            Fact::Reminded => Some(Self::Reminders),
            Fact::NeedsAttention | Fact::Expired => Some(Self::Escalations),
            _ => None,
        }
    }
}

/// How Slack is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlackWay {
    /// An incoming webhook, bound to one channel.
    Webhook {
        /// Its address, which is its secret too.
        url: Sealed,
    },
    /// A bot.
    Bot {
        /// Its token.
        token: Sealed,
        /// Id or name of the channel.
        channel: String,
    },
}

/// Slack as the organization wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slack {
    /// How it is reached.
    pub way: SlackWay,
    /// What it is told.
    pub topics: BTreeSet<SlackTopic>,
}

/// An address of the organization's that gets signed messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Which.
    pub id: EndpointId,
    /// What it is called.
    pub name: String,
    /// Its host, for people.
    pub host: String,
    /// Its address; the path may be a secret.
    pub url: Sealed,
    /// What it is told.
    pub facts: BTreeSet<Fact>,
    /// Generation of its signing secret, 1 for the first.
    pub generation: u32,
    /// When the secret was replaced last.
    #[serde(default)]
    pub rotated_at: Option<Timestamp>,
    /// Since when it is told nothing, because an admin said so or it answered 410.
    #[serde(default)]
    pub paused_at: Option<Timestamp>,
}

impl Endpoint {
    /// Generations of the secrets that a message is signed with now, the newest first.
    pub fn generations(&self, now: Timestamp) -> Vec<u32> {
        let overlaps = self.rotated_at.is_some_and(|at| now.duration_since(at) < SECRET_OVERLAP);
        let before = self.generation.checked_sub(1).filter(|before| overlaps && *before > 0);
        std::iter::once(self.generation).chain(before).collect()
    }
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To HubSpot.
    HubSpot(HubSpotPart),
    /// To Slack.
    Slack,
    /// To an endpoint.
    Endpoint(EndpointId),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HubSpot(part) => write!(f, "hubspot-{}", part.as_str()),
            Self::Slack => f.write_str("slack"),
            Self::Endpoint(id) => write!(f, "endpoint-{id}"),
        }
    }
}

/// Everything that an organization wants told to other tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integrations {
    /// What is written to HubSpot.
    pub hubspot: BTreeSet<HubSpotPart>,
    /// Slack, if it is told anything.
    #[serde(default)]
    pub slack: Option<Slack>,
    /// Endpoints.
    #[serde(default)]
    pub endpoints: Vec<Endpoint>,
    /// Raised by each change, so that two people who edit notice each other.
    #[serde(default)]
    pub revision: u64,
}

impl Default for Integrations {
    /// The note alone: it asks for nothing that an admin has to prepare in HubSpot but the right to write it.
    fn default() -> Self {
        Self { hubspot: BTreeSet::from([HubSpotPart::Note]), slack: None, endpoints: Vec::new(), revision: 0 }
    }
}

impl Integrations {
    /// Who is told of an event. HubSpot only of accounts that a deal of its own made.
    pub fn targets(&self, fact: Fact, event: &Event, is_of_deal: bool) -> Vec<Target> {
        let nobody_takes_over = matches!(event.what, What::Submitted { csm: None, .. });
        let parts = self.hubspot.iter().filter(|part| {
            is_of_deal && part.is_about(fact) && !(**part == HubSpotPart::Owner && nobody_takes_over)
        });
        let slack = self
            .slack
            .as_ref()
            .filter(|slack| SlackTopic::of(fact).is_some_and(|topic| slack.topics.contains(&topic)));
        let endpoints = self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.paused_at.is_none() && endpoint.facts.contains(&fact));
        let hubspot = parts.map(|part| Target::HubSpot(*part));
        let slack = slack.map(|_| Target::Slack);
        hubspot.chain(slack).chain(endpoints.map(|endpoint| Target::Endpoint(endpoint.id.clone()))).collect()
    }

    /// With every secret that another key sealed sealed under the current one; `None` where nothing is to be done. `nonce` hands out
    /// random bytes, never twice the same.
    pub fn resealed(
        &self,
        keys: &LinkKeys,
        organization: &OrganizationId,
        mut nonce: impl FnMut() -> SealNonce,
    ) -> Option<Self> {
        let mut after = self.clone();
        let mut is_changed = false;
        let way = after.slack.as_mut().map(|slack| &mut slack.way);
        let slack = way.map(|way| match way {
            SlackWay::Webhook { url } => url,
            SlackWay::Bot { token, .. } => token,
        });
        let endpoints = after.endpoints.iter_mut().map(|endpoint| (SEALED_FOR_ENDPOINT, &mut endpoint.url));
        for (what, sealed) in slack.map(|sealed| (SEALED_FOR_SLACK, sealed)).into_iter().chain(endpoints) {
            if let Some(again) = keys.reseal(organization, what, sealed, nonce()) {
                *sealed = again;
                is_changed = true;
            }
        }
        is_changed.then_some(after)
    }

    /// An endpoint.
    pub fn endpoint(&self, id: &EndpointId) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == *id)
    }

    /// A target for people: what it is called.
    pub fn name(&self, target: &Target) -> String {
        match target {
            Target::HubSpot(part) => format!("HubSpot: {}", part.label().to_lowercase()),
            Target::Slack => "Slack".to_owned(),
            Target::Endpoint(id) => self
                .endpoint(id)
                .map_or_else(|| "An endpoint that is gone".to_owned(), |one| one.name.clone()),
        }
    }

    /// As it is after an endpoint said that it is gone (410): told nothing more until an admin says so.
    pub fn paused(&self, id: &EndpointId, now: Timestamp) -> Self {
        let mut after = self.clone();
        for endpoint in after.endpoints.iter_mut().filter(|endpoint| endpoint.id == *id) {
            endpoint.paused_at = endpoint.paused_at.or(Some(now));
        }
        after
    }
}

/// What became of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartState {
    /// When it was last tried.
    pub at: Timestamp,
    /// Whether HubSpot has it.
    pub is_done: bool,
    /// What was written, or why it could not be, for people.
    pub words: String,
}

/// What of one account flowed back into HubSpot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowBack {
    /// HubSpot's id of the note.
    #[serde(default)]
    pub note: Option<String>,
    /// Since when a note may be there of which we do not know: set before it is made, taken away once its id is known.
    #[serde(default)]
    pub note_begun_at: Option<Timestamp>,
    /// Whom the company was given to last.
    #[serde(default)]
    pub owner: Option<MemberId>,
    /// What became of each part.
    #[serde(default)]
    pub parts: BTreeMap<HubSpotPart, PartState>,
    /// Raised by each write, so that two writers notice each other.
    #[serde(default)]
    pub revision: u64,
}

#[cfg(test)]
mod tests;
