//! What can go wrong between HubSpot and us.

use handoff_domain::pace::NoSlot;
use std::fmt;
use std::time::Duration;

/// HubSpot's own words about a refusal, for an admin's eyes. Printing it for a log shows nothing: the words may quote a value.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The words; empty where HubSpot said nothing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(..)")
    }
}

/// A failed request, after the retries that make sense at once. Never carries an address, a token or a body.
#[derive(Debug, thiserror::Error)]
pub enum HubSpotError {
    /// The configuration cannot work.
    #[error("the HubSpot client cannot be built: {0}")]
    Misconfigured(&'static str),
    /// No connection, no answer in time, or an answer that broke off.
    #[error("HubSpot could not be reached")]
    Unreachable(#[source] reqwest::Error),
    /// HubSpot says "later": a 5xx, a lock or a migration.
    #[error("HubSpot is not available (status {status})")]
    Unavailable {
        /// The status.
        status: u16,
        /// How long HubSpot asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Too many requests.
    #[error("HubSpot's request limit was reached (daily: {is_daily})")]
    RateLimited {
        /// Whether it is the daily limit, which no short wait mends.
        is_daily: bool,
        /// How long HubSpot asks us to wait.
        retry_after: Option<Duration>,
    },
    /// Others use up the limit that we share; nothing was sent.
    #[error("no request could be sent within HubSpot's limit")]
    NoSlot(#[source] NoSlot),
    /// A good status with a body that is no answer.
    #[error("HubSpot's answer could not be read: {0}")]
    Unreadable(&'static str),
    /// The token is not accepted (401) or lacks a scope (403).
    #[error("HubSpot refused our authorisation (status {status})")]
    Unauthorized {
        /// 401 or 403.
        status: u16,
    },
    /// The request itself was refused; repeating it changes nothing.
    #[error("HubSpot refused the request (status {status})")]
    Refused {
        /// The status.
        status: u16,
        /// What HubSpot says is wrong.
        said: Said,
    },
}

impl HubSpotError {
    /// Whether the same request may work later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(_)
            | Self::Unavailable { .. }
            | Self::RateLimited { .. }
            | Self::NoSlot(_)
            | Self::Unreadable(_) => true,
            Self::Misconfigured(_) | Self::Unauthorized { .. } | Self::Refused { .. } => false,
        }
    }

    /// Whether HubSpot surely carried out nothing. After any other error a record may have been made.
    pub fn did_nothing(&self) -> bool {
        match self {
            Self::Unreachable(source) => source.is_connect(),
            Self::Unavailable { status, .. } => matches!(status, 423 | 477),
            Self::RateLimited { .. }
            | Self::NoSlot(_)
            | Self::Misconfigured(_)
            | Self::Unauthorized { .. }
            | Self::Refused { .. } => true,
            Self::Unreadable(_) => false,
        }
    }

    /// How long HubSpot asks us to wait, where it says so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } | Self::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The reason in words for an AE or an admin.
    pub fn to_plain_text(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "HubSpot did not answer in time",
            Self::Unavailable { .. } => "HubSpot was not available",
            Self::RateLimited { .. } | Self::NoSlot(_) => "HubSpot's request limit was reached",
            Self::Unreadable(_) => "HubSpot's answer could not be read",
            Self::Unauthorized { .. } => "Handoff has no permission for this in HubSpot",
            Self::Misconfigured(_) | Self::Refused { .. } => "HubSpot refused the request",
        }
    }
}
