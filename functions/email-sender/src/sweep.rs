//! The schedule outbox-sweep: what the stream missed, what was not taken, what waited long enough for SES's word.

use crate::Deps;
use crate::entry::{self, Progress};
use handoff_domain::id::OrganizationId;
use handoff_domain::outbox::OutboxEntry;
use handoff_runtime::{metrics, report};
use handoff_store::StoreError;
use jiff::SignedDuration;
use serde::Serialize;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// Younger entries are the stream's business, in seconds.
const OWED_AT_LEAST_SECONDS: i64 = 120;

/// Entries read at once from each part of an organization's outbox.
const PAGE: u16 = 50;

/// No entry is begun after this, so that the function's timeout does not cut a mail in two.
const BUDGET: Duration = Duration::from_secs(35);

/// What a sweep did. Every entry found is counted in exactly one of sent, failed and waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SweepSummary {
    /// Organizations looked at.
    pub organizations: u32,
    /// Entries owed for longer than two minutes.
    pub found: u32,
    /// Entries of which every mail is sent.
    pub sent: u32,
    /// Entries of which a mail was given up, or that could not be worked.
    pub failed: u32,
    /// Entries left for a later sweep.
    pub waiting: u32,
}

/// Works the old entries of every organization. One that fails does not stop the others.
pub async fn sweep(deps: &Deps) -> Result<SweepSummary, StoreError> {
    let (mut summary, mut oldest, began) = (SweepSummary::default(), SignedDuration::ZERO, Instant::now());
    let mut unread = None;
    for organization in deps.store.list_organizations().await? {
        let span = tracing::info_span!("organization", id = %organization);
        match sweep_organization(deps, &organization, began, &mut summary).instrument(span).await {
            Ok(age) => oldest = oldest.max(age),
            Err(error) => unread = Some(error),
        }
    }
    if let Some(error) = unread {
        // A count without it would say that nothing is owed.
        return Err(error);
    }
    metrics::OUTBOX_OWED.record(f64::from(summary.found));
    metrics::OUTBOX_OLDEST_SECONDS.record(oldest.as_secs_f64());
    tracing::info!(
        organizations = summary.organizations,
        found = summary.found,
        sent = summary.sent,
        failed = summary.failed,
        waiting = summary.waiting,
        "outbox swept"
    );
    Ok(summary)
}

/// Works what an organization owes; answers with the age of the oldest entry found.
async fn sweep_organization(
    deps: &Deps,
    organization: &OrganizationId,
    began: Instant,
    summary: &mut SweepSummary,
) -> Result<SignedDuration, StoreError> {
    summary.organizations += 1;
    let (now, mut oldest) = (deps.clock.now(), SignedDuration::ZERO);
    for entry in old_entries(deps, organization).await? {
        summary.found += 1;
        oldest = oldest.max(now.duration_since(entry.key.owed_at));
        let progress =
            if began.elapsed() < BUDGET { entry::work(deps, entry).await } else { Ok(Progress::Waiting) };
        match progress {
            Ok(Progress::Sent) => summary.sent += 1,
            Ok(Progress::Waiting) => summary.waiting += 1,
            Ok(Progress::Failed) | Err(_) => summary.failed += 1,
        }
    }
    Ok(oldest)
}

async fn old_entries(deps: &Deps, organization: &OrganizationId) -> Result<Vec<OutboxEntry>, StoreError> {
    let age = SignedDuration::from_secs(OWED_AT_LEAST_SECONDS);
    let Ok(owed_before) = deps.clock.now().checked_sub(age) else { return Ok(Vec::new()) };
    let listed = deps.store.list_owed(organization, owed_before, PAGE).await;
    listed.inspect_err(|error| tracing::error!(error = report(error), "outbox not listed"))
}
