//! What happened is counted once, whatever ran how often, and the admin's file tells it.

use crate::rig::{Street, deal};
use serde_json::json;

const ADMIN: &str = "admin@example.com";

/// A measure of the whole organization over the last twelve months; 0 where the file has none.
async fn measure(street: &Street, name: &str) -> f64 {
    street.advance(901).await;
    let admin = street.sign_in(ADMIN).await;
    let file = admin.get("/analytics.csv?by=month").await.html;
    let line = file.lines().find(|line| line.starts_with("all,,") && line.contains(&format!(",{name},")));
    line.map_or(0.0, |line| line.rsplit(',').next().unwrap().parse().unwrap())
}

async fn count(street: &Street) -> u64 {
    let summary = street.run_schedule("analytics-rollup").await;
    assert_eq!(summary["incomplete"], 0, "{summary}");
    summary["facts"].as_u64().unwrap()
}

#[tokio::test]
async fn a_handoff_is_counted_once_from_the_deal_to_the_submit() {
    let street = Street::open().await;
    let german = street.deal("In German").await;
    street.close(deal::RICH).await;
    street.close(&german).await;
    let link = street.link("handoff_invitation").await;
    assert!(count(&street).await > 0);
    assert_eq!((measure(&street, "created").await, measure(&street, "done").await), (2.0, 0.0));
    street.submit(&link, "grace-lin", &[]).await;
    street.settle().await;
    // Throttled now and then: what could not be counted waits for the next run.
    let fault = json!([{ "service": "dynamodb", "mode": "throttle", "probability": 0.3, "seed": 7 }]);
    street.faults(fault).await;
    for _ in 0..3 {
        street.post_json("/local/schedules/analytics-rollup/run", &json!({})).await;
    }
    street.faults(json!([])).await;
    let schedule = "analytics-rollup";
    tokio::join!(street.run_schedule(schedule), street.run_schedule(schedule));
    count(&street).await;
    assert_eq!(count(&street).await, 0, "nothing new");
    assert_eq!((measure(&street, "created").await, measure(&street, "done").await), (2.0, 1.0));
    assert!(measure(&street, "median_minutes").await >= 15.0, "the clock was moved between deal and submit");
    let answers = ["as_it_was", "lightly_edited", "rewritten", "from_nothing"];
    let mut sum = 0.0;
    for name in answers {
        sum += measure(&street, name).await;
    }
    assert!((1.0..=8.0).contains(&sum), "{sum} answers of one submit");
}
