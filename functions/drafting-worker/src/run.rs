//! One run of the drafter, measured.

use crate::Deps;
use handoff_domain::Timestamp;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::handoff::{DraftingClaim, Handoff};
use handoff_domain::id::RunId;
use handoff_domain::limits::DRAFTING_LEASE_SECONDS;
use handoff_drafting::{DraftRequest, Drafted};
use handoff_runtime::metrics;
use jiff::SignedDuration;
use std::time::Instant;

/// The correlation id is random and nobody outside Handoff's own logs and messages is told it.
pub(crate) fn seed(handoff: &Handoff) -> String {
    handoff.correlation.map_or_else(|| handoff.id.to_string(), |id| id.to_string())
}

/// What this message's worker holds the handoff by.
pub(crate) fn claim(message: &str, now: Timestamp) -> DraftingClaim {
    let until = now.checked_add(SignedDuration::from_secs(DRAFTING_LEASE_SECONDS)).unwrap_or(Timestamp::MAX);
    DraftingClaim { run: run_of(message), until }
}

/// The same message names the same run, so that a repeat after a crash goes on at once.
pub(crate) fn run_of(message: &str) -> RunId {
    let safe: String = message.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
    RunId::parse(format!("r-{safe}"))
        .unwrap_or_else(|_| unreachable!("the text above is an id by construction"))
}

/// Drafts, and counts what it took.
pub(crate) async fn draft(deps: &Deps, request: &DraftRequest<'_>) -> Drafted {
    let began = Instant::now();
    let drafted = deps.drafter.draft(request).await;
    metrics::DRAFT_SECONDS.record(began.elapsed().as_secs_f64());
    metrics::DRAFTS_READY.count(match &drafted.by {
        DraftedBy::Model(_) => "bedrock",
        DraftedBy::Extractive => "extractive",
    });
    if drafted.fallback.is_some() {
        metrics::DRAFT_FALLBACK.count();
    }
    count_usage(&drafted.usage);
    drafted
}

/// Counts what a call took of the model.
pub(crate) fn count_usage(usage: &Usage) {
    metrics::TOKENS_IN.add(usage.tokens_in);
    metrics::TOKENS_CACHED.add(usage.cache_read);
    metrics::TOKENS_OUT.add(usage.tokens_out);
    if let Some(microdollars) = usage.microdollars {
        metrics::DRAFT_MICRODOLLARS.add(microdollars);
    }
}
