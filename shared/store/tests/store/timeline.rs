//! Each change tells what it was, once, in its own transaction.

use crate::{awaiting, entry, text_change};
use handoff_domain::event::{Event, What, Who};
use handoff_domain::handoff::{Attention, CsmChoice, Handoff, PendingRedraft};
use handoff_domain::id::{AccountId, MemberId, RunId};
use handoff_domain::link::Link;
use handoff_domain::outbox::{OutboxEntry, SendOutcome};
use handoff_domain::plan::Template;
use handoff_store::{AskOutcome, Consistency, SaveOutcome};
use handoff_testing::TestTable;
use handoff_testing::fixtures::{handoff, link_key, now};
use jiff::SignedDuration;

async fn told(table: &TestTable) -> Vec<Event> {
    let mut events = table.store.list_events(&handoff().organization, &handoff().id, 100).await.unwrap();
    events.reverse();
    events
}

/// Names of what was told, the oldest first.
async fn names(table: &TestTable) -> Vec<String> {
    told(table).await.iter().map(|event| name(&event.what)).collect()
}

fn name(what: &What) -> String {
    match serde_json::to_value(what).unwrap() {
        serde_json::Value::String(name) => name,
        value => value.as_object().unwrap().keys().next().unwrap().clone(),
    }
}

fn link() -> Link {
    handoff().link.unwrap()
}

fn later(seconds: i64) -> handoff_domain::Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

#[tokio::test]
async fn an_account_that_is_made_twice_is_told_once() {
    let table = awaiting().await;
    table.store.create_handoff(&Handoff { created_at: later(9), ..handoff() }).await.unwrap();
    assert_eq!(names(&table).await, ["account_created"]);
    let by_hand = Handoff { id: AccountId::by_hand(7), ..handoff() };
    let who = Who::Member { id: MemberId::parse("admin").unwrap(), name: "Ada".to_owned() };
    assert!(table.store.create_by_hand(&by_hand, "x", who.clone()).await.unwrap());
    let events = table.store.list_events(&by_hand.organization, &by_hand.id, 10).await.unwrap();
    assert_eq!((events.len(), &events[0].who), (1, &who));
}

#[tokio::test]
async fn the_first_save_of_a_form_that_nobody_opened_tells_the_opening_and_later_ones_nothing() {
    let table = awaiting().await;
    let (h, link) = (handoff(), link());
    for version in 0..3 {
        let at = later(i64::try_from(version).unwrap() + 1);
        let changes = text_change("risks", "x");
        let saved = table.store.save_answers(&h.organization, &h.id, &link.hash, version, &changes, at).await;
        assert!(matches!(saved.unwrap(), SaveOutcome::Saved { .. }));
    }
    table.store.record_opened(&h.organization, &h.id, &link.hash, later(9)).await.unwrap();
    assert_eq!(names(&table).await, ["account_created", "opened"]);
    assert_eq!(told(&table).await[1].at, later(1));
    let page = table.store.get_handoff_page(&h.organization, &h.id, Consistency::Strong).await;
    assert_eq!(page.unwrap().unwrap().handoff.opened_at, Some(later(1)));
}

#[tokio::test]
async fn a_refused_first_save_tells_nothing() {
    let table = awaiting().await;
    let (h, link) = (handoff(), link());
    let changes = text_change("risks", "x");
    let stale =
        table.store.save_answers(&h.organization, &h.id, &link.hash, 7, &changes, now()).await.unwrap();
    assert!(matches!(stale, SaveOutcome::Refused(Some(_))), "{stale:?}");
    let other = Link::issue(&link_key(), &h.organization, &h.id, 2, 30, now());
    table.store.record_opened(&h.organization, &h.id, &other.hash, now()).await.unwrap();
    assert_eq!(names(&table).await, ["account_created"]);
}

#[tokio::test]
async fn a_wish_for_new_drafts_is_told_when_it_counts_and_when_it_is_taken_back() {
    let table = awaiting().await;
    let (h, link) = (handoff(), link());
    for run in ["a", "b"] {
        let pending = PendingRedraft { run: RunId::parse(run).unwrap(), question: None, asked_at: later(1) };
        let asked =
            table.store.ask_redraft(&h.organization, &h.id, &link.hash, &pending, later(1)).await.unwrap();
        assert_eq!(matches!(asked, AskOutcome::Asked), run == "a", "{asked:?}");
        let run = RunId::parse(run).unwrap();
        table
            .store
            .withdraw_redraft(&h.organization, &h.id, &RunId::parse("z").unwrap(), now())
            .await
            .unwrap();
        if run.as_str() == "b" {
            table
                .store
                .withdraw_redraft(&h.organization, &h.id, &RunId::parse("a").unwrap(), later(2))
                .await
                .unwrap();
        }
    }
    assert_eq!(names(&table).await, ["account_created", "redraft_asked", "redraft_withdrawn"]);
}

#[tokio::test]
async fn a_submit_is_told_once_with_who_takes_over_and_how_the_answers_came_to_be() {
    let table = awaiting().await;
    let h = handoff();
    let page =
        table.store.get_submit_page(&h.organization, &h.id, Consistency::Strong).await.unwrap().unwrap();
    let csm = CsmChoice::Placeholder { name: "Kim".to_owned(), email: String::new() };
    let mut changes = text_change("risks", "changed");
    changes.csm = Some(Some(csm));
    let drafts = page.drafts.unwrap();
    let after = page.handoff.submit(&drafts, &page.roster, changes, 0, later(5)).unwrap();
    let (plan, owed) = (Template::first().apply(now(), "UTC"), entry("d1001-r1-submitted"));
    assert!(table.store.submit(&page.handoff, &after, Some(&plan), &owed, None).await.unwrap());
    assert!(!table.store.submit(&page.handoff, &after, Some(&plan), &owed, None).await.unwrap());
    let mut names = names(&table).await;
    names.sort();
    assert_eq!(names, ["account_created", "attention_raised", "submitted"]);
    let told = told(&table).await;
    let submitted = told.iter().find(|event| name(&event.what) == "submitted").unwrap();
    let What::Submitted { csm: None, csm_name, answers, .. } = &submitted.what else {
        panic!("{submitted:?}")
    };
    assert_eq!((csm_name.as_str(), answers.accepted, answers.edited), ("Kim", 7, 1));
    assert_eq!(submitted.who, Who::Ae { name: "Ana Ellis".to_owned() });
}

#[tokio::test]
async fn what_became_of_a_mail_is_told_when_its_entry_goes() {
    for (outcome, expected) in [
        (SendOutcome::Accepted, vec!["account_created", "mail_sent"]),
        (SendOutcome::Refused { reason: "x".to_owned() }, vec!["account_created", "mail_failed"]),
        (SendOutcome::NotTaken { reason: "x".to_owned() }, vec!["account_created"]),
    ] {
        let table = awaiting().await;
        let entry: OutboxEntry = entry("d1001-r1-g1-invitation");
        let (claimed, _) = entry.claim(now()).unwrap();
        let mut mine = table.store.write_outbox(&claimed, now()).await.unwrap().unwrap();
        mine.settle(0, outcome, later(1));
        table.store.write_outbox(&mine, later(1)).await.unwrap().unwrap();
        assert!(table.store.write_outbox(&mine, later(2)).await.unwrap().is_none());
        assert_eq!(names(&table).await, expected);
    }
}

#[tokio::test]
async fn a_lost_mail_is_told_once_however_often_ses_says_it() {
    let table = awaiting().await;
    let h = handoff();
    let lost = Event::mail_lost(&entry("d1001-r1-g1-invitation").key.id, 0, "Bounce", later(1));
    for seconds in [2, 3] {
        table.store.note_lost_mail(&h.organization, &h.id, &lost, later(seconds)).await.unwrap();
    }
    let stranger = AccountId::parse("d9999").unwrap();
    table.store.note_lost_mail(&h.organization, &stranger, &lost, later(2)).await.unwrap();
    assert_eq!(names(&table).await, ["account_created", "mail_lost"]);
    assert!(table.store.list_events(&h.organization, &stranger, 9).await.unwrap().is_empty());
    let page = table.store.get_handoff_page(&h.organization, &h.id, Consistency::Strong).await;
    let after = page.unwrap().unwrap().handoff;
    assert_eq!((after.attention_since, after.revision), (Some(later(2)), 2));
}

#[tokio::test]
async fn a_reason_that_stands_is_not_told_again() {
    let table = awaiting().await;
    let h = handoff();
    for seconds in [1, 2] {
        let reason = Attention::DealReopened;
        table.store.add_attention(&h.organization, &h.id, reason, later(seconds)).await.unwrap();
    }
    let stranger = AccountId::parse("d9999").unwrap();
    table.store.add_attention(&h.organization, &stranger, Attention::DealReopened, now()).await.unwrap();
    assert_eq!(names(&table).await, ["account_created", "attention_raised"]);
}

#[tokio::test]
async fn a_replaced_handoff_and_what_is_told_stand_or_fall_together() {
    let table = awaiting().await;
    let page =
        table.store.get_handoff_page(&handoff().organization, &handoff().id, Consistency::Strong).await;
    let before = page.unwrap().unwrap().handoff;
    let mut after = before.clone();
    after.raise(Attention::Overdue, later(1));
    let told = Event::attention(&before, &after, &Who::System, later(1));
    assert_eq!(told.len(), 1);
    assert!(table.store.replace_handoff(&before, &after, &[], &told).await.unwrap());
    let cleared = Event::attention(&after, &before, &Who::System, later(2));
    assert!(!table.store.replace_handoff(&before, &before, &[], &cleared).await.unwrap());
    assert_eq!(names(&table).await, ["account_created", "attention_raised"]);
}
