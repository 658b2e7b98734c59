//! Whom the form proposes: the best fit, or whose turn it is, or whoever has the account already.

use super::harness::Harness;
use handoff_domain::audit::{AuditEntry, SettingsChange};
use handoff_domain::handoff::CsmChoice;
use handoff_domain::id::{AccountId, AuditId, MemberId, OutboxId};
use handoff_domain::organization::{NextCsm, Organization};
use handoff_domain::outbox::{OutboxEntry, OutboxKey};
use handoff_testing::fixtures;

/// Another account, given to this CSM: their turn is over.
async fn give_one_to(harness: &Harness, csm: &str) {
    let before =
        handoff_domain::handoff::Handoff { id: AccountId::parse("d2002").unwrap(), ..fixtures::handoff() };
    let store = &harness.table.store;
    store.create_handoff(&before).await.unwrap();
    let changes = handoff_domain::handoff::Changes {
        csm: Some(Some(CsmChoice::Member(MemberId::parse(csm).unwrap()))),
        ..Default::default()
    };
    let drafts = fixtures::drafts("r1", Some("Drafted"));
    let after = before.submit(&drafts, &fixtures::roster(), changes, 0, fixtures::now()).unwrap();
    let key = OutboxKey {
        organization: after.organization.clone(),
        account: Some(after.id.clone()),
        owed_at: fixtures::now(),
        id: OutboxId::parse("x").unwrap(),
    };
    assert!(store.submit(&before, &after, None, &OutboxEntry::new(key, Vec::new()), None).await.unwrap());
}

async fn proposed(harness: &Harness) -> (String, String) {
    let page = harness.get_fresh().await.body;
    let (before, after) = page.split_once("\" checked><span class=\"csm__name\">").unwrap();
    let id = before.rsplit("value=\"").next().unwrap().to_owned();
    let badge = after.split_once("</span>").unwrap().0.rsplit('>').next().unwrap().to_owned();
    (id, badge)
}

#[tokio::test]
async fn in_turn_whoever_waits_longest_is_proposed_and_the_ae_may_choose_another() {
    let harness = Harness::start(Some("Drafted")).await;
    assert_eq!(proposed(&harness).await, ("cora".to_owned(), "Best fit".to_owned()));
    give_one_to(&harness, "cora").await;
    assert_eq!(proposed(&harness).await.0, "cora", "by fit, turns do not count");
    let organization = Organization { next_csm: NextCsm::InTurn, ..fixtures::organization() };
    let audit = AuditEntry {
        at: fixtures::now(),
        id: AuditId::parse("turns").unwrap(),
        member: MemberId::parse("admin").unwrap(),
        by: "Ada Admin".to_owned(),
        change: SettingsChange::Organization,
        fields: Vec::new(),
    };
    assert!(harness.table.store.save_organization(&organization, None, &audit).await.unwrap());
    assert_eq!(proposed(&harness).await, ("sam".to_owned(), "Next in turn".to_owned()));
    harness.post("/submit", &[("version", "0"), ("csm", "cora")], false).await;
    assert_eq!(harness.stored().await.csm_in_charge().unwrap().0.as_str(), "cora");
}

#[tokio::test]
async fn whoever_left_is_not_proposed_although_they_were_chosen() {
    let harness = Harness::start(Some("Drafted")).await;
    harness.post("/answers", &[("version", "0"), ("csm", "gone")], false).await;
    assert_eq!(proposed(&harness).await.0, "cora");
}
