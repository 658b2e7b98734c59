//! Against an embedded table and a loopback portal with HubSpot's limits, a late search and a queue that can be lost.

mod portal;

use super::*;
use handoff_domain::id::{AccountId, DealId};
use handoff_domain::message::{QueuedMessage, WorkerMessage};
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::reconciliation::Trouble;
use handoff_hubspot::HubSpotConfig;
use handoff_runtime::{Aws, Service, Timeouts};
use handoff_testing::fixtures::{self, organization, roster};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;
use portal::Portal;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const HOUR: i64 = 3_600_000;

struct Street {
    table: TestTable,
    portal: Portal,
    deps: Deps,
    ahead_ms: Arc<AtomicI64>,
}

impl Street {
    async fn open() -> Self {
        Self::paced(10_000).await
    }

    async fn paced(requests_per_second: u32) -> Self {
        let (table, ahead_ms) = (table().await, Arc::new(AtomicI64::new(0)));
        let (questions, template) = (QuestionSet::first(), Template::first());
        table.store.create_organization(&organization(), &questions, &roster(), &template).await.unwrap();
        let portal = Portal::new(fixtures::now());
        let url = portal.clone().start().await;
        let aws = Aws::from_environment(&handoff_testing::table::environment(&url)).unwrap();
        let manners = HubSpotConfig::new(url.clone(), "token");
        let hubspot = HubSpotConfig { requests_per_second, backoff: Duration::from_millis(2), ..manners };
        let deps = Deps {
            store: table.store.clone(),
            hubspot: HubSpot::new(hubspot).unwrap(),
            drafting_queue: Queue::new(
                &aws.config(Service::Sqs, Timeouts::WORKER),
                format!("{url}/1/drafting"),
            ),
            clock: Clock::shifted(ahead_ms.clone()),
            budget: Duration::from_mins(1),
        };
        let street = Self { table, portal, deps, ahead_ms };
        street.advance(0);
        street
    }

    /// Time goes by, in the portal and here.
    fn advance(&self, ms: i64) {
        let now = self.portal.advance(ms);
        let ahead = now.duration_since(Clock::system().now()).as_millis();
        self.ahead_ms.store(i64::try_from(ahead).unwrap(), Ordering::Relaxed);
    }

    /// What the worker decides: one account for each deal, by its key. How many are new. Written at once: ten thousand one
    /// after the other would take minutes.
    async fn work(&self) -> usize {
        let told = self.portal.take_hints().into_iter().map(|body| {
            let message: QueuedMessage = serde_json::from_str(&body).unwrap();
            let WorkerMessage::DealHint(hint) = message.message else { panic!("{body}") };
            hint.deal.as_str().parse::<u64>().unwrap()
        });
        let new = self.lacks(told.collect::<BTreeSet<u64>>().into_iter()).await;
        let item = |id: &u64| {
            let key = handoff_store::keys::handoff(&organization().id, &deal(*id).account());
            serde_json::json!({ "PK": { "S": key.pk }, "SK": { "S": key.sk } })
        };
        self.table.import(new.iter().map(item).collect());
        new.len()
    }

    async fn make(&self, deal: &DealId) -> bool {
        let handoff = handoff_domain::handoff::Handoff { id: deal.account(), ..fixtures::handoff() };
        matches!(self.deps.store.create_handoff(&handoff).await.unwrap(), handoff_store::Created::New)
    }

    async fn lacks(&self, ids: impl Iterator<Item = u64>) -> Vec<u64> {
        let ids: Vec<u64> = ids.collect();
        let mut lacking = Vec::new();
        for some in ids.chunks(100) {
            let accounts: Vec<AccountId> = some.iter().map(|id| deal(*id).account()).collect();
            let known = self.deps.store.existing_accounts(&organization().id, &accounts).await.unwrap();
            lacking.extend(some.iter().filter(|id| !known.contains(&deal(**id).account())));
        }
        lacking
    }

    async fn state(&self) -> handoff_domain::reconciliation::Reconciliation {
        self.deps.store.get_reconciliation(&organization().id).await.unwrap()
    }
}

fn deal(id: u64) -> DealId {
    DealId::parse(id.to_string()).unwrap()
}

#[tokio::test]
async fn three_days_without_webhooks_and_ten_thousand_deals_heal_within_the_search_limit() {
    let street = Street::open().await;
    reconcile(&street.deps).await.unwrap();
    // Every 26 seconds a deal for 72 hours; a bulk change of 900 in one moment; a thousand of other kinds between them.
    for number in 0..10_000_u64 {
        street.portal.advance(25_920);
        street.portal.win(1_000_000 + number);
        if number % 10 == 0 {
            street.portal.win_as(5_000_000 + number, "existingbusiness");
        }
        if number == 5_000 {
            (0..900).for_each(|more| street.portal.win(2_000_000 + more));
        }
    }
    street.advance(0);
    street.portal.forget_searches();
    let mut runs = 0;
    loop {
        let summary = reconcile(&street.deps).await.unwrap();
        runs += 1;
        street.work().await;
        if summary.incomplete == 0 {
            break;
        }
        street.advance(5 * 60_000);
        assert!(runs < 20, "{summary:?}");
    }
    let all = (1_000_000..1_010_000).chain(2_000_000..2_000_900);
    assert_eq!(street.lacks(all).await, Vec::<u64>::new());
    assert_eq!(
        street.lacks((0..10_000).step_by(10).map(|n| 5_000_000 + n)).await.len(),
        1_000,
        "of another type"
    );
    let searches = street.portal.searches();
    // At two searches a second that is half a minute.
    assert!(searches.len() <= 70, "{} searches", searches.len());
    street.advance(3 * 60_000);
    let idle = reconcile(&street.deps).await.unwrap();
    assert_eq!((idle.found, idle.pages, idle.ended), (0, 1, 1), "{idle:?}");
}

#[tokio::test]
async fn more_than_ten_thousand_deals_of_one_moment_are_all_found() {
    let street = Street::open().await;
    street.portal.advance(HOUR);
    (0..10_450).for_each(|number| street.portal.win(1_000_000 + number));
    street.advance(1);
    let summary = reconcile(&street.deps).await.unwrap();
    assert_eq!((summary.found, summary.ended), (10_450 + 2 * 200, 1), "two pages show that they do not fit");
    assert_eq!(street.work().await, 10_450);
}

#[tokio::test]
async fn what_the_search_learns_of_late_is_found_all_the_same() {
    let street = Street::open().await;
    street.advance(HOUR);
    street.portal.set_lag(5 * 60_000);
    street.portal.win(1);
    street.portal.set_lag(0);
    street.advance(4 * 60_000);
    street.portal.win(2);
    street.advance(1000);
    reconcile(&street.deps).await.unwrap();
    assert_eq!(
        (street.work().await, street.lacks(1..=2).await),
        (1, vec![1]),
        "the search does not know it yet"
    );
    for _ in 0..2 {
        street.advance(5 * 60_000);
        reconcile(&street.deps).await.unwrap();
        street.work().await;
    }
    assert_eq!(street.lacks(1..=2).await, Vec::<u64>::new());
}

#[tokio::test]
async fn stopped_between_hints_and_cursor_nothing_is_lost_or_doubled() {
    let street = Street::open().await;
    street.advance(HOUR);
    (1..=700).for_each(|id| {
        street.portal.advance(10);
        street.portal.win(id);
    });
    street.advance(0);
    for cut in 1..60 {
        let run = reconcile(&street.deps);
        let _ = tokio::time::timeout(Duration::from_millis(cut), run).await;
        // Whoever was cut off holds the place for two minutes.
        street.advance(5 * 60_000);
    }
    while reconcile(&street.deps).await.unwrap().ended == 0 {
        street.advance(5 * 60_000);
    }
    assert_eq!(street.work().await, 700, "each one once, whatever was told how often");
    assert_eq!(street.lacks(1..=700).await, Vec::<u64>::new());
}

#[tokio::test]
async fn of_two_runs_at_once_one_walks() {
    let street = Street::open().await;
    street.advance(HOUR);
    (1..=500).for_each(|id| {
        street.portal.advance(10);
        street.portal.win(id);
    });
    street.advance(0);
    let (one, other) = tokio::join!(reconcile(&street.deps), reconcile(&street.deps));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_eq!((one.busy + other.busy, one.ended + other.ended), (1, 1), "{one:?} {other:?}");
    assert_eq!((street.portal.searches().len(), street.work().await), (3, 500));
}

#[tokio::test]
async fn known_deals_cost_no_message_even_when_our_own_write_touched_them() {
    let street = Street::open().await;
    street.advance(HOUR);
    street.portal.win(1);
    street.make(&deal(1)).await;
    street.portal.win(7);
    street.portal.merge(8, 7);
    street.make(&deal(7)).await;
    for _ in 0..3 {
        street.advance(5 * 60_000);
        street.portal.touch(1);
        let summary = reconcile(&street.deps).await.unwrap();
        assert_eq!((summary.found, street.portal.take_hints().len()), (0, 0), "{summary:?}");
    }
}

#[tokio::test]
async fn a_webhook_and_the_walk_at_once_make_one_account_and_days_later_none() {
    let street = Street::open().await;
    street.advance(HOUR);
    street.portal.win(1);
    street.advance(1000);
    reconcile(&street.deps).await.unwrap();
    assert!(street.make(&deal(1)).await, "the webhook was faster than the hint");
    assert_eq!(street.work().await, 0);
    street.advance(48 * HOUR);
    street.portal.touch(1);
    assert_eq!(reconcile(&street.deps).await.unwrap().found, 0);
}

#[tokio::test]
async fn older_deals_are_left_to_a_person_however_often_they_change() {
    let street = Street::open().await;
    street.advance(HOUR);
    let long_ago = organization().handoffs_from - SignedDuration::from_hours(24 * 40);
    street.portal.won_at(1, long_ago);
    let summary = reconcile(&street.deps).await.unwrap();
    assert_eq!((summary.deals, summary.found), (1, 0), "{summary:?}");
}

#[tokio::test]
async fn a_clock_that_is_ten_minutes_off_loses_nothing() {
    for off in [-10 * 60_000, 10 * 60_000] {
        let street = Street::open().await;
        street.advance(HOUR);
        for id in 1..=40 {
            street.portal.win(id);
            street.advance(2 * 60_000);
            street.ahead_ms.fetch_add(off, Ordering::Relaxed);
            reconcile(&street.deps).await.unwrap();
        }
        street.work().await;
        assert_eq!(street.lacks(1..=40).await, Vec::<u64>::new(), "{off}");
    }
}

#[tokio::test]
async fn hubspot_that_refuses_is_told_and_waited_for() {
    let street = Street::open().await;
    street.advance(HOUR);
    street.portal.win(1);
    street.advance(1000);
    for (status, expected) in [
        (403, Trouble::Unauthorized),
        (401, Trouble::Unauthorized),
        (400, Trouble::Refused),
        (502, Trouble::Unavailable),
    ] {
        street.portal.answer_with(Some(status));
        let summary = reconcile(&street.deps).await.unwrap();
        assert_eq!((summary.incomplete, summary.ended), (1, 0), "{status}");
        let state = street.state().await;
        assert_eq!(state.trouble.map(|(trouble, _)| trouble), Some(expected), "{status}");
        assert_eq!(state.lease, None, "the next run may come at once");
    }
    street.portal.answer_with(None);
    assert_eq!(reconcile(&street.deps).await.unwrap().found, 1);
    assert_eq!(street.state().await.trouble, None);
}

#[tokio::test]
async fn hints_that_the_queue_does_not_take_come_again() {
    let street = Street::open().await;
    street.advance(HOUR);
    (1..=25).for_each(|id| street.portal.win(id));
    street.advance(1000);
    street.portal.lose_hints(true);
    assert_eq!(reconcile(&street.deps).await.unwrap().incomplete, 1);
    street.portal.take_hints();
    street.portal.lose_hints(false);
    assert_eq!(reconcile(&street.deps).await.unwrap().found, 25);
    assert_eq!(street.work().await, 25);
}

#[tokio::test]
async fn never_more_than_five_searches_in_any_second() {
    let street = Street::paced(2).await;
    street.portal.advance(HOUR);
    (0..1_700).for_each(|number| {
        street.portal.advance(5);
        street.portal.win(1 + number);
    });
    street.advance(0);
    reconcile(&street.deps).await.unwrap();
    let searches = street.portal.searches();
    assert_eq!(searches.len(), 9);
    let busiest = searches.iter().map(|from| {
        searches
            .iter()
            .filter(|at| **at >= *from && at.duration_since(*from) < Duration::from_secs(1))
            .count()
    });
    assert!(busiest.max().unwrap() <= 4, "one is left for a person's page");
}

#[test]
fn the_scheduler_s_input_is_known() {
    let sample = include_str!("../../../events/deal-reconciliation/deal-reconciliation.json");
    let trigger: Trigger = serde_json::from_str(sample).unwrap();
    assert_eq!(trigger.schedule, Schedule::DealReconciliation);
}
