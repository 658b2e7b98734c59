//! Limits and outages: what is tried again at once, and what is left to the queue.

use crate::fake::{Fake, Reply, deal, deal_id};
use handoff_hubspot::{HubSpot, HubSpotConfig, HubSpotError};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A fake that refuses `times` times and then answers.
async fn refusing(refusal: Reply, times: usize) -> (Fake, HubSpot) {
    let refused = AtomicUsize::new(0);
    Fake::start(move |_| {
        if refused.fetch_add(1, Ordering::Relaxed) < times {
            refusal.clone()
        } else {
            Reply::json(&deal(&json!({})))
        }
    })
    .await
}

#[tokio::test]
async fn a_short_refusal_is_waited_out() {
    let daily = json!({"policyName": "TEN_SECONDLY_ROLLING"});
    for refusal in [
        Reply::status(429),
        Reply::status(429).header("retry-after", "0"),
        Reply { status: 429, ..Reply::json(&daily) },
        Reply::status(423),
        Reply::status(477),
        Reply::status(502),
        Reply::status(503).header("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
        Reply::status(504),
        Reply::status(521),
        Reply::status(523),
        Reply::status(524),
        Reply { status: 200, headers: Vec::new(), body: b"<html>".to_vec() },
    ] {
        let (fake, hubspot) = refusing(refusal.clone(), 2).await;
        assert!(hubspot.get_deal(&deal_id()).await.unwrap().is_some(), "{refusal:?}");
        assert_eq!(fake.count(), 3);
        let (fake, hubspot) = refusing(refusal, 3).await;
        assert!(hubspot.get_deal(&deal_id()).await.unwrap_err().is_retryable());
        assert_eq!(fake.count(), 3);
    }
}

#[tokio::test]
async fn a_wait_that_hubspot_names_is_kept() {
    let (_, hubspot) = refusing(Reply::status(429).header("Retry-After", "1"), 1).await;
    let start = Instant::now();
    assert!(hubspot.get_deal(&deal_id()).await.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn long_waits_and_the_daily_limit_are_left_to_the_queue() {
    let daily = json!({"status": "error", "policyName": "DAILY"});
    for (refusal, wait) in [
        (Reply::status(477).header("Retry-After", "3600"), Some(3600)),
        (Reply::status(429).header("Retry-After", "11"), Some(11)),
        (Reply { status: 429, ..Reply::json(&daily) }, None),
    ] {
        let (fake, hubspot) = refusing(refusal, 1).await;
        let error = hubspot.get_deal(&deal_id()).await.unwrap_err();
        assert_eq!(
            (error.is_retryable(), error.retry_after(), fake.count()),
            (true, wait.map(Duration::from_secs), 1)
        );
    }
}

#[tokio::test]
async fn what_no_repeat_mends_is_asked_once() {
    for status in [400, 401, 403, 404, 409, 301] {
        let (fake, hubspot) =
            refusing(Reply::status(status).header("location", "http://127.0.0.1:1/"), 1).await;
        let answer = hubspot.get_deal(&deal_id()).await;
        assert!(matches!(answer, Ok(None)) == (status == 404) && !matches!(answer, Ok(Some(_))), "{status}");
        assert_eq!(fake.count(), 1);
    }
}

#[tokio::test]
async fn a_hubspot_that_is_not_there_is_a_failure_that_may_heal() {
    let mut config = HubSpotConfig::new("http://127.0.0.1:1", "token");
    config.backoff = Duration::from_millis(1);
    let error = HubSpot::new(config).unwrap().get_deal(&deal_id()).await.unwrap_err();
    assert!(matches!(error, HubSpotError::Unreachable(_)) && error.is_retryable());
}

#[tokio::test]
async fn the_token_never_travels_in_the_clear() {
    for base_url in ["http://api.hubapi.com", "ftp://127.0.0.1", "nonsense", "http://127.0.0.1.evil.test"] {
        assert!(HubSpot::new(HubSpotConfig::new(base_url, "token")).is_err(), "{base_url}");
    }
    assert!(HubSpot::new(HubSpotConfig::new("https://api.hubapi.com", "token")).is_ok());
    assert!(HubSpot::new(HubSpotConfig::new("https://api.hubapi.com", "to\nken")).is_err());
}
