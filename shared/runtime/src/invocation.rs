//! One invocation of a function: what it is watched with, whatever becomes of it.

use crate::{metrics, traces};
use std::future::Future;
use tracing::Instrument as _;

/// Carries out one invocation: its calls are subsegments of the trace whose header this is, and its metrics are written
/// at its end, also after an error or a panic.
pub fn invocation<F: Future>(trace: Option<&str>, work: F) -> impl Future<Output = F::Output> {
    let span = traces::invocation_span(trace);
    // The SDKs' futures are too large to be moved about.
    let work = Box::pin(work);
    let watched = async move {
        let _written = MetricsAtEnd;
        work.await
    };
    watched.instrument(span)
}

struct MetricsAtEnd;

impl Drop for MetricsAtEnd {
    fn drop(&mut self) {
        metrics::flush();
    }
}
