//! One run of the drafter, measured.

use crate::Deps;
use handoff_domain::draft::DraftedBy;
use handoff_drafting::{DraftRequest, Drafted};
use handoff_runtime::metrics;
use std::time::Instant;

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
    metrics::TOKENS_IN.add(drafted.tokens_in);
    metrics::TOKENS_OUT.add(drafted.tokens_out);
    drafted
}
