//! The plan that a submit lays: from the template whose rule holds, once, and in the same two calls.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_domain::account::AccountStatus;
use handoff_domain::audit::{AuditEntry, SettingsChange};
use handoff_domain::event::Who;
use handoff_domain::handoff::Returned;
use handoff_domain::id::{AuditId, MemberId, TemplateId};
use handoff_domain::link::Link;
use handoff_domain::plan::{Plan, Rule, Step, Template};
use handoff_store::{AccountView, Consistency};
use handoff_testing::fixtures;

/// One more template, for accounts from this ARR on.
async fn publish(harness: &Harness, arr_from: u64) {
    let (store, organization) = (&harness.table.store, &harness.token.organization);
    let (before, _) = store.get_templates(organization, None, Consistency::Strong).await.unwrap().unwrap();
    let id = TemplateId::parse("large").unwrap();
    let rule = Rule { arr_from: Some(arr_from), ..Rule::default() };
    let (after, _) =
        before.publish(Template { id, rule, name: "Large".to_owned(), ..Template::first() }).unwrap();
    let audit = AuditEntry {
        at: fixtures::now(),
        id: AuditId::parse("templates-1").unwrap(),
        member: MemberId::parse("admin").unwrap(),
        by: "Ada Admin".to_owned(),
        change: SettingsChange::TemplatePublished { name: "Large".to_owned(), version: 1 },
        fields: Vec::new(),
    };
    assert!(store.save_templates(organization, &before, &after, None, &audit).await.unwrap());
}

async fn account(harness: &Harness) -> AccountView {
    let (organization, account) = (&harness.token.organization, &harness.token.account);
    harness.table.store.get_account(organization, account, Consistency::Strong).await.unwrap().unwrap()
}

async fn laid(arr_from: u64) -> Plan {
    let harness = Harness::start(Some("Drafted")).await;
    publish(&harness, arr_from).await;
    let done = harness.post("/submit", &[("version", "0"), ("csm", "cora")], false).await;
    assert_eq!((done.status, harness.calls()), (StatusCode::SEE_OTHER, 2));
    account(&harness).await.plan.unwrap()
}

#[tokio::test]
async fn the_template_whose_rule_holds_is_laid_with_its_last_days() {
    let plan = laid(48_000).await;
    assert_eq!((plan.template.as_str(), plan.template_version), ("Large", 1));
    assert!(plan.milestones[0].actions[0].due.is_some());
    assert_eq!(laid(48_001).await.template, "Standard onboarding");
}

#[tokio::test]
async fn a_later_round_finds_the_plan_as_it_is_and_an_account_that_was_live_is_live_again() {
    let harness = Harness::start(Some("Drafted")).await;
    harness.post("/submit", &[("version", "0"), ("csm", "cora")], false).await;
    let store = &harness.table.store;
    let all: Vec<_> = Template::first().actions().map(|action| action.id.clone()).collect();
    for action in &all {
        let AccountView { handoff, plan, .. } = account(&harness).await;
        let plan = plan.unwrap();
        let place =
            plan.milestones.iter().find(|one| one.actions.iter().any(|one| &one.id == action)).unwrap();
        let moved = plan.take(&handoff, (&place.id, action), Step::Complete, Who::System, fixtures::now());
        let moved = moved.unwrap().unwrap();
        assert!(store.replace_plan(&handoff, Some(&plan), &moved, &[]).await.unwrap());
    }
    let AccountView { handoff, drafts, plan: before, .. } = account(&harness).await;
    assert_eq!(handoff.account.status, AccountStatus::Live);
    let (key, drafts) = (fixtures::link_key(), drafts.unwrap());
    let link = Link::issue(&key, &handoff.organization, &handoff.id, 1, 30, fixtures::now());
    let returned =
        Returned { at: fixtures::now(), by: "Cora Lind".to_owned(), reason: "Who signs?".to_owned() };
    let (next, ended) =
        handoff.give_back(&drafts, link, &handoff_domain::reminder::Rhythm::default(), returned).unwrap();
    assert!(store.give_back(&handoff, &next, &ended, &[], &[]).await.unwrap());
    let version = next.version.to_string();
    let done = harness.post("/submit", &[("version", &version), ("csm", "cora")], false).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let AccountView { handoff, plan, .. } = account(&harness).await;
    assert_eq!((handoff.round, handoff.account.status), (2, AccountStatus::Live));
    assert_eq!(plan, before);
}
