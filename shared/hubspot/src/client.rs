//! The client of one portal.

use crate::api::{DEAL_PROPERTIES, RECORD_TYPES, deal_path};
use crate::deal::Deal;
use crate::error::HubSpotError;
use crate::transport::{Request, Transport};
use handoff_domain::id::DealId;
use handoff_domain::pace::Permits;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A token of HubSpot's API. Printing it shows nothing of it.
#[derive(Clone)]
pub struct AccessToken(String);

impl AccessToken {
    /// Wraps a token.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn reveal(&self) -> &str {
        self.0.trim()
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// How to reach one portal.
#[derive(Debug, Clone)]
pub struct HubSpotConfig {
    /// `https://api.hubapi.com`, or a fake's address; without a path, or with one that all paths begin with.
    pub base_url: String,
    /// The portal's token.
    pub access_token: AccessToken,
    /// First wait after a refusal that says "later"; it grows with each try.
    pub backoff: Duration,
    /// Requests a second that this process sends on average.
    pub requests_per_second: u32,
}

impl HubSpotConfig {
    /// The usual manners: 1 s of back-off, 8 requests a second.
    pub fn new(base_url: impl Into<String>, access_token: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            access_token: AccessToken::new(access_token),
            backoff: Duration::from_secs(1),
            requests_per_second: 8,
        }
    }
}

/// The client of one portal. Cheap to clone; clones share connections and the rate limit.
#[derive(Debug, Clone)]
pub struct HubSpot {
    transport: Arc<Transport>,
    permits: Option<Arc<dyn Permits>>,
}

impl HubSpot {
    /// A client. Fails when the base address is unusable or would send the token in the clear.
    pub fn new(config: HubSpotConfig) -> Result<Self, HubSpotError> {
        Ok(Self { transport: Arc::new(Transport::new(config)?), permits: None })
    }

    /// The same client, which also keeps the limits that it shares with other processes.
    pub fn with_permits(self, permits: Option<Arc<dyn Permits>>) -> Self {
        Self { permits, ..self }
    }

    /// Sends a request; `None` for 404.
    pub(crate) async fn call(&self, request: &Request) -> Result<Option<Value>, HubSpotError> {
        self.transport.call(request, self.permits.as_deref()).await
    }

    /// Reads a deal again; `None` when there is none of this id. One request. After a merge the answer has another id.
    pub async fn get_deal(&self, id: &DealId) -> Result<Option<Deal>, HubSpotError> {
        let associations = RECORD_TYPES.map(|record| record.name).join(",");
        let query = vec![("properties", DEAL_PROPERTIES.join(",")), ("associations", associations)];
        let Some(answer) = self.call(&Request::get(deal_path(id), query)).await? else {
            return Ok(None);
        };
        Deal::from_value(&answer).map(Some).ok_or(HubSpotError::Unreadable("it is not a deal"))
    }
}
