//! Logs: one JSON object a line on standard error, ids only. Standard output belongs to the metrics.

use crate::traces::Traces;
use tracing::Metadata;
use tracing_subscriber::filter::{FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Whose words are written, by the beginning of a crate's name; the libraries' may hold addresses and bodies.
pub const OURS: [&str; 12] = [
    "handoff",
    "hubspot_webhook",
    "drafting_worker",
    "company_research",
    "console",
    "csm_assignment",
    "email_sender",
    "mail_events",
    "reminder_sweep",
    "analytics_rollup",
    "integration_sender",
    "deal_reconciliation",
];

/// Whether a span or an event is our own.
pub fn is_ours(metadata: &Metadata<'_>) -> bool {
    OURS.iter().any(|own| metadata.target().starts_with(own))
}

/// Starts logging at `info` into `out`, and tracing where there is a daemon for it.
pub fn init_logs<W>(out: W, traces: Option<Traces>)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(true)
        .with_writer(out)
        .with_filter(filter_fn(is_ours).and(LevelFilter::INFO));
    // An error only says that a test or the local run set logging up before.
    let _ = tracing_subscriber::registry().with(lines).with(traces.map(Traces::layer)).try_init();
}
