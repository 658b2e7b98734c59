//! Items of a format that this program does not know: refused everywhere, never rewritten.

use super::support::{golden, now};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::handoff::{Attention, Changes};
use handoff_domain::id::{AccountId, OrganizationId, PortalId};
use handoff_store::format::{CURRENT, FORMAT};
use handoff_store::{Consistency, StoreError};
use handoff_testing::TestTable;
use handoff_testing::fixtures::handoff;

fn ids() -> (OrganizationId, AccountId) {
    (PortalId(62515).organization(), handoff().id)
}

/// A table that a program of the next format wrote.
async fn newer() -> TestTable {
    let table = golden(CURRENT).await;
    for mut item in table.items().await {
        item.insert(FORMAT.to_owned(), AttributeValue::N((CURRENT + 1).to_string()));
        item.insert("unheard_of".to_owned(), AttributeValue::S("kept".to_owned()));
        table.put(item).await;
    }
    table
}

fn assert_newer<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error, StoreError::NewerFormat { .. }), "{error:?}");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn what_a_newer_program_wrote_is_neither_read_nor_rewritten() {
    let (table, (organization, account)) = (newer().await, ids());
    let (store, before) = (&table.store, table.dump().await);
    let link = handoff().link.unwrap().hash;
    assert_newer(store.get_intake(&organization).await);
    assert_newer(store.get_handoff_page(&organization, &account, Consistency::Strong).await);
    assert_newer(store.get_submit_page(&organization, &account, Consistency::Strong).await);
    assert_newer(store.get_with_sources(&organization, &account).await);
    assert_newer(store.create_handoff(&handoff()).await);
    assert_newer(store.save_answers(&organization, &account, &link, 0, &Changes::default(), now()).await);
    assert_newer(store.record_opened(&organization, &account, &link, now()).await);
    assert_newer(store.add_attention(&organization, &account, Attention::Overdue, now()).await);
    assert!(store.list_owed(&organization, now(), 10).await.unwrap().is_empty());
    assert_eq!(table.dump().await, before);
}

#[tokio::test]
async fn a_replacement_that_was_read_before_the_newer_program_wrote_is_refused() {
    let (table, (organization, account)) = (golden(CURRENT).await, ids());
    let read = table.store.get_handoff_page(&organization, &account, Consistency::Strong);
    let handoff = read.await.unwrap().unwrap().handoff;
    let is_it = |item: &&_| super::support::text(item, "id") == account.as_str();
    let mut newer = table.items().await.iter().find(is_it).unwrap().clone();
    newer.insert(FORMAT.to_owned(), AttributeValue::N((CURRENT + 1).to_string()));
    newer.insert("revision".to_owned(), AttributeValue::N((handoff.revision + 1).to_string()));
    table.put(newer).await;
    let before = table.dump().await;
    assert!(!table.store.replace_handoff(&handoff, &handoff, &[], &[]).await.unwrap());
    assert_eq!(table.dump().await, before);
}

#[tokio::test]
async fn the_migration_counts_what_is_newer_and_leaves_it() {
    let table = newer().await;
    let before = table.dump().await;
    let (done, next) = table.store.migrate_page(None, 500, false).await.unwrap();
    assert!(next.is_none());
    assert_eq!((done.newer, done.upgraded_in_all()), (done.seen, 0));
    assert_eq!(table.dump().await, before);
}
