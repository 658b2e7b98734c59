//! The sweep against an embedded table.

use super::*;
use handoff_domain::handoff::{Attention, Handoff, HandoffState};
use handoff_domain::id::DealId;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_testing::fixtures::{self, now, organization, roster};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

fn handoff(deal: u32, state: HandoffState) -> Handoff {
    let id = DealId::parse(deal.to_string()).unwrap().account();
    Handoff { id, state, created_at: now(), ..fixtures::handoff() }
}

/// What the sweep finds so long after the fixtures' moment.
async fn found(table: &TestTable, later: SignedDuration) -> Summary {
    let behind = now().duration_since(Clock::system().now());
    let ahead = i64::try_from((behind + later).as_millis()).unwrap();
    let clock = Clock::shifted(Arc::new(AtomicI64::new(ahead)));
    sweep(&Deps { store: table.store.clone(), clock }).await.unwrap()
}

async fn organized() -> TestTable {
    let table = table().await;
    let (questions, template) = (QuestionSet::first(), Template::first());
    table.store.create_organization(&organization(), &questions, &roster(), &template).await.unwrap();
    table
}

#[tokio::test]
async fn what_is_past_its_time_is_counted_by_why_with_the_age_of_the_oldest() {
    let table = organized().await;
    for deal in 1..=3 {
        table.store.create_handoff(&handoff(deal, HandoffState::Drafting)).await.unwrap();
    }
    table.store.create_handoff(&handoff(4, HandoffState::AwaitingAe)).await.unwrap();
    let mut raised = handoff(5, HandoffState::Submitted);
    raised.raise(Attention::CsmMissing, now());
    table.store.create_handoff(&raised).await.unwrap();
    table.store.create_handoff(&handoff(6, HandoffState::Submitted)).await.unwrap();

    let early = found(&table, SignedDuration::from_mins(10)).await;
    let counts = |summary: &Summary| summary.stuck.values().map(|stuck| stuck.count).collect::<Vec<_>>();
    assert_eq!((early.organizations, counts(&early)), (1, vec![0, 0, 1]));
    let later = found(&table, SignedDuration::from_mins(20)).await;
    assert_eq!(counts(&later), [3, 0, 1]);
    let oldest = later.stuck[&DueState::Drafting].oldest_seconds;
    assert!((299..=302).contains(&oldest), "{oldest}");
    let late = found(&table, SignedDuration::from_hours(31 * 24)).await;
    assert_eq!(counts(&late), [3, 1, 1]);
    assert_eq!(late.incomplete, 0);
}

#[tokio::test]
async fn a_sweep_changes_nothing_and_is_bounded() {
    let table = organized().await;
    for deal in 0..60 {
        table.store.create_handoff(&handoff(deal, HandoffState::Drafting)).await.unwrap();
    }
    let before = table.dump().await;
    let all = found(&table, SignedDuration::from_hours(1)).await;
    assert_eq!(all.stuck[&DueState::Drafting].count, 60);
    assert_eq!(table.dump().await, before);
    let listed = table.store.list_due(&organization().id, jiff::Timestamp::MAX, 2, 4).await.unwrap();
    assert!(listed.more && listed.handoffs.len() <= 16, "{}", listed.handoffs.len());
}

#[test]
fn the_scheduler_s_input_is_known() {
    let sample = include_str!("../../../events/reminder-sweep/reminder-sweep.json");
    let trigger: Trigger = serde_json::from_str(sample).unwrap();
    assert_eq!(trigger.schedule, Schedule::ReminderSweep);
}
