//! One test in a program of its own: the recorder is the process's, and every invocation of any other test would write
//! what this one counted.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test program")]

use handoff_runtime::invocation;
use handoff_runtime::metrics::{ALL, DRAFT_FAILED, DRAFT_SECONDS, WEBHOOK_ACCEPTED, WEBHOOK_REFUSED, init};
use serde_json::Value;
use std::collections::HashSet;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// What was written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn take(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[tokio::test]
async fn every_invocation_ends_with_its_metrics_also_when_it_panics() {
    let written = Written::default();
    init("Handoff/test", written.clone());
    assert_eq!(written.take(), Vec::<Value>::new());

    invocation(None, async {
        WEBHOOK_ACCEPTED.count();
        WEBHOOK_REFUSED.count("stale");
        DRAFT_SECONDS.record(1.5);
        DRAFT_SECONDS.record(2.5);
    })
    .await;
    let documents = written.take();
    let [plain, by] = documents.as_slice() else { panic!("{documents:?}") };
    let about = &plain["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(about["Namespace"], "Handoff/test");
    assert_eq!(about["Dimensions"], serde_json::json!([[]]));
    assert!(plain["_aws"]["Timestamp"].is_u64());
    assert_eq!(
        about["Metrics"],
        serde_json::json!([{"Name": "DraftSeconds", "Unit": "Seconds"}, {"Name": "WebhookAccepted", "Unit": "Count"}])
    );
    assert_eq!((&plain["WebhookAccepted"], &plain["DraftSeconds"]), (&1.into(), &vec![1.5, 2.5].into()));
    assert_eq!(by["_aws"]["CloudWatchMetrics"][0]["Dimensions"], serde_json::json!([["Reason"]]));
    assert_eq!((&by["Reason"], &by["WebhookRefused"]), (&"stale".into(), &1.into()));

    invocation(None, async {}).await;
    assert_eq!(written.take(), Vec::<Value>::new(), "nothing is said twice");

    let broken = tokio::spawn(invocation(None, async {
        DRAFT_FAILED.count();
        panic!("as a handler might");
    }));
    assert!(broken.await.is_err());
    assert_eq!(written.take()[0]["DraftFailed"], 1);

    let names: HashSet<_> = ALL.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), ALL.len());
}
