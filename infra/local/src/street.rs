//! What the local pages see of the running street, and the two things that they do to it.

use crate::aws::calls::Calls;
use crate::aws::dynamodb::{Table, TableError};
use crate::aws::faults::{Faults, Service};
use crate::aws::mails::Mails;
use crate::aws::queues::Queues;
use crate::clock::MovableClock;
use crate::crm::{Crm, CrmError, DealSummary};
use crate::organization::PORTAL;
use crate::pumps::Consumer;
use crate::receivers::Receivers;
use crate::state::{State, StateError};
use handoff_domain::Timestamp;
use handoff_domain::handoff::Handoff;
use handoff_hubspot::signature::{Call, Secret, sign_v3};
use handoff_store::{Store, StoreError};
use serde::Serialize;
use serde_json::json;

/// Under which name it is kept how far other tools were told.
pub(crate) const TOLD_THROUGH: &str = "told_through";
/// Owed entries of one shard that are counted; more than anyone will ever have waiting here.
const OWED_MAX: u16 = 1000;

/// Everything that the pages show.
#[derive(Clone)]
pub(crate) struct Street {
    pub(crate) clock: MovableClock,
    pub(crate) mails: Mails,
    pub(crate) queues: Queues,
    pub(crate) table: Table,
    /// A way to the table that is neither counted nor made to fail.
    pub(crate) store: Store,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// The built-in CRM; `None` when another one is used.
    pub(crate) crm: Option<Crm>,
    pub(crate) secret: Secret,
    pub(crate) client: reqwest::Client,
    /// Public origin, as links and signatures say it.
    pub(crate) base_url: String,
    /// Where this program listens, whatever the public origin is.
    pub(crate) own_url: String,
    pub(crate) drafter: &'static str,
    pub(crate) sender: email_sender::Deps,
    pub(crate) reminders: reminder_sweep::Deps,
    pub(crate) rollup: analytics_rollup::Deps,
    pub(crate) reconciliation: deal_reconciliation::Deps,
    pub(crate) integrations: integration_sender::Deps,
    /// What Slack and endpoints got.
    pub(crate) receivers: Receivers,
    pub(crate) state: State,
    pub(crate) tells_other_tools: bool,
    /// Who works on what, for who asks for each step.
    pub(crate) consumers: Vec<Consumer>,
}

/// What is still to be done, and what was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Pending {
    /// Messages in all queues, hidden ones too, and owed mails. 0 means that everything asked for is done.
    pub(crate) pending: u64,
    /// Dead letters.
    pub(crate) dead: u64,
}

/// The street's own state cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StreetError {
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error("the outbox cannot be read")]
    Store(#[from] StoreError),
}

/// A deal was not closed, or nobody took the news.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CloseError {
    #[error("there is no built-in CRM: HUBSPOT_API_BASE_URL names another one")]
    NoCrm,
    #[error(transparent)]
    Crm(#[from] CrmError),
    #[error("the webhook could not be delivered")]
    Delivery(#[source] reqwest::Error),
}

impl Street {
    /// The time by the movable clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.clock().now()
    }

    /// Lets the first consumer that has something to do take one turn, or the one of this name; answers with its name.
    pub(crate) async fn step(&self, name: Option<&str>) -> Option<&'static str> {
        for consumer in self.consumers.iter().filter(|consumer| name.is_none_or(|name| name == consumer.name))
        {
            if consumer.turn().await {
                return Some(consumer.name);
            }
        }
        None
    }

    /// Where HubSpot calls.
    pub(crate) fn webhook_url(&self) -> String {
        format!("{}/webhooks/hubspot", self.base_url)
    }

    /// Counts what is under way.
    pub(crate) async fn pending(&self) -> Result<Pending, StreetError> {
        let counts = self.queues.counts()?;
        let owed = self.store.list_owed(&PORTAL.organization(), Timestamp::MAX, OWED_MAX).await?;
        let waiting: u64 = counts.iter().map(|queue| queue.waiting + queue.in_flight).sum();
        let owed = u64::try_from(owed.len()).unwrap_or(u64::MAX);
        // What other tools are told in the stream's own time is under way; what waits for another try is not.
        let untold = if self.tells_other_tools {
            let told_through = self.state.get(TOLD_THROUGH)?;
            u64::from(!self.table.stream_after(told_through.as_deref(), 1)?.is_empty())
        } else {
            0
        };
        Ok(Pending { pending: waiting + owed + untold, dead: counts.iter().map(|queue| queue.dead).sum() })
    }

    /// All handoffs, newest first.
    pub(crate) fn handoffs(&self) -> Result<Vec<Handoff>, StreetError> {
        let items = self.table.scan(Some("HANDOFF"))?;
        let read =
            |item| serde_dynamo::from_item(serde_json::from_value::<serde_dynamo::Item>(item).ok()?).ok();
        let mut handoffs: Vec<Handoff> = items.into_iter().filter_map(read).collect();
        handoffs.sort_by_key(|handoff| std::cmp::Reverse(handoff.created_at));
        Ok(handoffs)
    }

    /// The sample deals.
    pub(crate) fn deals(&self) -> Vec<DealSummary> {
        self.crm.as_ref().map(Crm::deals).unwrap_or_default()
    }

    /// Closes a sample deal and sends the webhook as HubSpot would; answers with the webhook's status.
    pub(crate) async fn close(&self, id: &str) -> Result<u16, CloseError> {
        let crm = self.crm.as_ref().ok_or(CloseError::NoCrm)?;
        let now = self.now();
        crm.close(id, now)?;
        let body = event(crm.portal_id(), id, "closedwon", now);
        if self.faults.duplicates(Service::HubSpot) {
            self.deliver(&body, now).await?;
        }
        self.deliver(&body, now).await
    }

    /// Takes a sample deal back out of the won stage and sends the webhook; answers with the webhook's status.
    pub(crate) async fn reopen(&self, id: &str) -> Result<u16, CloseError> {
        let crm = self.crm.as_ref().ok_or(CloseError::NoCrm)?;
        let now = self.now();
        let stage = crm.reopen(id, now)?;
        self.deliver(&event(crm.portal_id(), id, &stage, now), now).await
    }

    /// Makes more deals like a sample deal; answers with their ids.
    pub(crate) fn copy(&self, id: &str, count: usize) -> Result<Vec<String>, CloseError> {
        let crm = self.crm.as_ref().ok_or(CloseError::NoCrm)?;
        Ok(crm.copy(id, count, self.now())?)
    }

    /// Closes a sample deal and sends nothing, as HubSpot does when a webhook is lost.
    pub(crate) fn close_in_silence(&self, id: &str) -> Result<(), CloseError> {
        let crm = self.crm.as_ref().ok_or(CloseError::NoCrm)?;
        crm.close(id, self.now())?;
        Ok(())
    }

    async fn deliver(&self, body: &str, now: Timestamp) -> Result<u16, CloseError> {
        let timestamp = now.as_millisecond().to_string();
        // Signed over the public address, delivered to this program directly.
        let url = self.webhook_url();
        let call = Call { method: "POST", url: &url, body: body.as_bytes() };
        let signature = sign_v3(&self.secret, &call, &timestamp);
        let sent = self
            .client
            .post(format!("{}/webhooks/hubspot", self.own_url))
            .header("content-type", "application/json")
            .header("x-hubspot-signature-v3", signature)
            .header("x-hubspot-request-timestamp", timestamp)
            .body(body.to_owned())
            .send()
            .await;
        sent.map(|response| response.status().as_u16())
            .map_err(|error| CloseError::Delivery(error.without_url()))
    }
}

/// HubSpot's news of a deal that changed its stage.
fn event(portal: u64, id: &str, stage: &str, now: Timestamp) -> String {
    json!([{
        "eventId": now.as_millisecond(),
        "subscriptionId": 1,
        "portalId": portal,
        "appId": 1,
        "occurredAt": now.as_millisecond(),
        "subscriptionType": "deal.propertyChange",
        "attemptNumber": 0,
        "objectId": id.parse::<u64>().unwrap_or_default(),
        "propertyName": "dealstage",
        "propertyValue": stage,
        "changeSource": "CRM_UI",
    }])
    .to_string()
}
