//! The walk that brings a whole table up.

use super::support::{assert_indexed, format, golden, handoffs, kind, now};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::answer::AnswerValue;
use handoff_domain::handoff::{Changes, HandoffState};
use handoff_domain::id::QuestionId;
use handoff_store::format::CURRENT;
use handoff_store::keys::Kind;
use handoff_store::{Migrated, Position, SaveOutcome, Store};
use handoff_testing::TestTable;

async fn walk(store: &Store, page: i32, dry_run: bool) -> Migrated {
    let (mut all, mut from) = (Migrated::default(), None::<Position>);
    loop {
        let (done, next) = store.migrate_page(from.as_ref(), page, dry_run).await.unwrap();
        all.add(done);
        // As an operator does who was interrupted: by the printed text.
        match next {
            Some(next) => from = Some(next.to_string().parse().unwrap()),
            None => return all,
        }
    }
}

async fn assert_all_current(table: &TestTable) {
    let items = table.items().await;
    assert!(items.iter().all(|item| format(item) == CURRENT));
    assert_indexed(&items);
}

#[tokio::test]
async fn a_walk_brings_everything_up_and_a_second_one_changes_nothing() {
    let table = golden(1).await;
    let before = handoffs(&table).await;
    let items = table.items().await.len();
    let untouched = table.dump().await;
    let would = walk(&table.store, 4, true).await;
    assert_eq!(table.dump().await, untouched);
    let done = walk(&table.store, 4, false).await;
    assert_eq!(done, would);
    assert_eq!((done.seen, done.upgraded_in_all()), (items as u64, items as u64));
    assert!(done.unreadable.is_empty() && done.newer == 0 && done.busy == 0);
    assert_all_current(&table).await;
    assert_eq!(handoffs(&table).await, before, "the same to every reader");
    let due = table.store.list_due(&before[0].organization, now(), 10, 100).await.unwrap();
    assert_eq!(due.handoffs.len(), 1, "one that drafts since yesterday: {due:?}");
    let once = table.dump().await;
    let again = walk(&table.store, 100, false).await;
    assert_eq!((again.seen, again.upgraded_in_all()), (items as u64, 0));
    assert_eq!(table.dump().await, once);
}

#[tokio::test]
async fn a_reason_to_look_that_an_older_program_adds_in_place_gets_into_the_index() {
    let table = golden(2).await;
    walk(&table.store, 100, false).await;
    let items = table.items().await.into_iter();
    let calm = items.filter(|item| kind(item) == Kind::Handoff && !item.contains_key("attention"));
    let mut item = calm.last().unwrap();
    // As format 1 adds it: neither the number nor the index hears of it.
    item.insert("attention".to_owned(), AttributeValue::Ss(vec!["mail_failed".to_owned()]));
    table.put(item).await;
    assert_eq!(walk(&table.store, 100, false).await.upgraded_in_all(), 1);
    assert_all_current(&table).await;
    assert_eq!(walk(&table.store, 100, false).await.upgraded_in_all(), 0);
}

#[tokio::test]
async fn what_is_saved_during_a_walk_is_not_lost() {
    let table = golden(1).await;
    let (question, store) = (QuestionId::parse("risks").unwrap(), &table.store);
    let open = handoffs(&table).await.into_iter().filter(|one| one.state == HandoffState::AwaitingAe);
    let open: Vec<_> = open.collect();
    let saving = async {
        for round in 0..5_u64 {
            for handoff in &open {
                let mut changes = Changes::default();
                let text = AnswerValue::Text(format!("round {round}"));
                changes.answers.insert(question.clone(), Some(text));
                let hash = &handoff.link.as_ref().unwrap().hash;
                let seen = handoff.version + round;
                let saved =
                    store.save_answers(&handoff.organization, &handoff.id, hash, seen, &changes, now()).await;
                assert!(matches!(saved.unwrap(), SaveOutcome::Saved { .. }), "{}", handoff.id);
            }
        }
    };
    let ((), done) = tokio::join!(saving, walk(store, 1, false));
    assert_eq!(done.busy, 0);
    assert_all_current(&table).await;
    for handoff in handoffs(&table).await.iter().filter(|one| one.state == HandoffState::AwaitingAe) {
        let answer = handoff.answers[&question].value.as_ref().unwrap().to_plain_text();
        assert_eq!(answer, "round 4", "{}", handoff.id);
    }
}

#[tokio::test]
async fn a_key_of_nobodys_is_told_and_left() {
    let table = golden(CURRENT).await;
    let mut stranger = table.items().await[0].clone();
    stranger.insert("PK".to_owned(), aws_sdk_dynamodb::types::AttributeValue::S("X#1".to_owned()));
    table.put(stranger).await;
    let done = walk(&table.store, 1000, false).await;
    assert_eq!(done.unreadable.len(), 1);
    assert!("X#1 Y".parse::<Position>().is_err() && "O#hs1 ROSTER".parse::<Position>().is_ok());
}
