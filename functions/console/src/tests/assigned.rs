//! Who has an account, as the console says it: where it can be changed, and whose CSM left.

use super::harness::{Harness, OURS};
use handoff_domain::handoff::{Attention, Changes, CsmChoice};
use handoff_domain::id::{MemberId, OutboxId};
use handoff_domain::outbox::{OutboxEntry, OutboxKey};
use handoff_testing::fixtures;

const PAGE: &str = "/accounts/d1001";
const CHANGE: &str = "href=\"/accounts/d1001/csm\"";

/// The fixtures' handoff, handed over to this CSM; to a placeholder where none is named.
async fn handed_over_to(csm: Option<&str>) -> Harness {
    let harness = Harness::start().await;
    let (before, store) = (fixtures::handoff(), &harness.table.store);
    store.create_handoff(&before).await.unwrap();
    let drafts = fixtures::drafts("r1", Some("Cut no-shows"));
    assert!(store.keep_drafts(&before, &before, &drafts, &[], &[], &[]).await.unwrap());
    let roster = harness.roster(&before.organization).await;
    let choice = match csm {
        Some(id) => CsmChoice::Member(MemberId::parse(id).unwrap()),
        None => CsmChoice::Placeholder { name: "Priya".to_owned(), email: String::new() },
    };
    let changes = Changes { csm: Some(Some(choice)), ..Changes::default() };
    let mut read = before.clone();
    read.revision = 1;
    let after = read.submit(&drafts, &roster, changes, 0, fixtures::now()).unwrap();
    let key = OutboxKey {
        organization: after.organization.clone(),
        account: Some(after.id.clone()),
        owed_at: fixtures::now(),
        id: OutboxId::parse("x").unwrap(),
    };
    let entry = OutboxEntry::new(key, Vec::new());
    assert!(store.submit(&read, &after, None, &entry, None).await.unwrap());
    harness
}

#[tokio::test]
async fn who_may_change_the_csm_sees_the_way_and_others_do_not() {
    let harness = handed_over_to(Some("cora")).await;
    for (person, may) in [("admin", true), ("cora", true), ("sam", false)] {
        let page = harness.signed_in(OURS, person).await.get(PAGE).await.body;
        assert_eq!(page.contains(CHANGE), may, "{person}");
    }
}

#[tokio::test]
async fn a_missing_csm_stands_on_the_board_and_on_the_account_with_the_step_for_anyone() {
    let harness = handed_over_to(None).await;
    let board = harness.signed_in(OURS, "admin").await.get("/handoffs").await.body;
    assert!(board.contains("CSM missing") && board.contains(CHANGE) && board.contains("Assign a CSM"));
    let page = harness.signed_in(OURS, "sam").await.get(PAGE).await.body;
    assert!(page.contains("Nobody has the account. Assign a CSM.") && page.contains(CHANGE));
    let help = harness.signed_in(OURS, "admin").await.get("/help/admin").await.body;
    assert!(!help.contains("give the handoff back"));
}

#[tokio::test]
async fn accounts_of_somebody_who_left_are_named_on_roster_board_and_account() {
    let harness = handed_over_to(Some("cora")).await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let roster = admin.get("/settings/roster").await.body;
    assert!(roster.contains("href=\"/accounts?scope=all&amp;csm=cora\"") && roster.contains(" of 5"));
    assert!(!roster.contains("is no CSM any more"));
    harness.change_roster(OURS, |members| members.retain(|member| member.id.as_str() != "cora")).await;
    for path in ["/settings/roster", "/handoffs"] {
        let page = admin.get(path).await.body;
        assert!(page.contains("Cora Lind is no CSM any more and still has an account"), "{path}");
        assert!(page.contains("href=\"/accounts?scope=all&amp;csm=cora\""), "{path}");
    }
    let list = admin.get("/accounts?scope=all&csm=cora").await.body;
    assert!(list.contains("Acme Health") && list.contains("Somebody who left"));
    let page = harness.signed_in(OURS, "sam").await.get(PAGE).await.body;
    assert!(page.contains("Cora Lind is no CSM any more") && page.contains(CHANGE));
}

#[tokio::test]
async fn a_skip_leaves_the_search_for_a_csm_and_a_return_keeps_whoever_is_in_charge() {
    let harness = handed_over_to(Some("cora")).await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    cora.post(&format!("{PAGE}/return"), &[("reason", "Who signs?")]).await;
    let sample = fixtures::handoff();
    let read = async || {
        let found = harness.table.store.get_account(
            &sample.organization,
            &sample.id,
            handoff_store::Consistency::Strong,
        );
        found.await.unwrap().unwrap().handoff
    };
    assert_eq!(read().await.csm, Some(CsmChoice::Member(MemberId::parse("cora").unwrap())));
    let skip = cora.post(&format!("{PAGE}/skip"), &[("reason", "They left")]).await;
    assert!(skip.status.is_redirection());
    assert!(!read().await.attention.contains(&Attention::CsmMissing), "Cora has it still");
}
