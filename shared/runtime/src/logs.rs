//! Logs: one JSON object a line on standard output, ids only.

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging at `info`. Our own words only: the libraries' spans may hold addresses and bodies.
pub fn init_logs() {
    let ours = tracing_subscriber::filter::filter_fn(|metadata| {
        let target = metadata.target();
        ["handoff", "hubspot_webhook", "drafting_worker", "email_sender", "mail_events", "reminder_sweep"]
            .iter()
            .any(|own| target.starts_with(own))
    });
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(true);
    // An error only says that a test or the local run set logging up before.
    let _ = tracing_subscriber::registry().with(LevelFilter::INFO).with(ours).with(lines).try_init();
}
