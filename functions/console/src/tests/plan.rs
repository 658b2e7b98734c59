//! The plan in the console: each step with what it writes, repeats, two at once, and another template.

use super::accounts::{account, submitted};
use super::harness::{Browser, Harness, OURS, THEIRS};
use axum::http::StatusCode;
use handoff_domain::account::AccountStatus;
use handoff_domain::event::{PlanStep, What, Who};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, MemberId};
use handoff_domain::plan::{ActionState, MilestoneState, Plan};
use handoff_store::Consistency;
use handoff_testing::fixtures;

const PAGE: &str = "/accounts/d1001";

fn path(milestone: &str, action: &str, step: &str) -> String {
    format!("{PAGE}/milestones/{milestone}/actions/{action}/{step}")
}

async fn plan(harness: &Harness) -> Plan {
    account(harness).await.plan.unwrap()
}

async fn load(harness: &Harness) -> u64 {
    let (organization, id) = (fixtures::organization().id, fixtures::handoff().id);
    let page = harness.table.store.get_handoff_page(&organization, &id, Consistency::Strong).await;
    page.unwrap().unwrap().loads.of(&MemberId::parse("cora").unwrap()).into()
}

async fn take(browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    assert_eq!(answer.header("location"), format!("{PAGE}#plan"));
}

#[tokio::test]
async fn a_step_is_written_with_what_is_told_of_it_and_a_repeat_writes_nothing() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    take(&mut cora, &path("kickoff", "welcome", "start"), &[]).await;
    take(&mut cora, &path("kickoff", "welcome", "complete"), &[("seen", "started")]).await;
    let before = harness.table.dump().await;
    take(&mut cora, &path("kickoff", "welcome", "complete"), &[("seen", "started")]).await;
    assert_eq!(harness.table.dump().await, before);
    let view = account(&harness).await;
    let action = &view.plan.unwrap().milestones[0].actions[0];
    assert_eq!(action.state, ActionState::Completed);
    assert!(matches!(&action.finished.as_ref().unwrap().by, Who::Member { name, .. } if name == "Cora Lind"));
    let steps = view.events.iter().filter_map(|event| match &event.what {
        What::PlanStepTaken { step, .. } => Some(*step),
        _ => None,
    });
    assert_eq!(steps.collect::<Vec<_>>(), [PlanStep::Started, PlanStep::Completed]);
    let page = cora.get(PAGE).await.body;
    for words in [
        "1 of 6 done",
        "Done by Cora Lind",
        "Completed: Send the welcome e-mail",
        "10 working days once it begins",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_last_step_of_a_plan_makes_the_account_live_and_takes_it_off_its_csms_load() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    assert_eq!(load(&harness).await, 1);
    let all: Vec<(String, String)> = plan(&harness)
        .await
        .milestones
        .iter()
        .flat_map(|one| one.actions.iter().map(|action| (one.id.to_string(), action.id.to_string())))
        .collect();
    for (milestone, action) in &all {
        take(&mut cora, &path(milestone, action, "complete"), &[]).await;
    }
    let view = account(&harness).await;
    assert_eq!(view.handoff.account.status, AccountStatus::Live);
    assert_eq!(load(&harness).await, 0);
    assert!(cora.get(PAGE).await.body.contains("The customer is live."));
    assert!(cora.get("/accounts").await.body.contains(">Live<"));
    take(&mut cora, &path("set_up", "train", "reopen"), &[("seen", "completed")]).await;
    let view = account(&harness).await;
    assert_eq!(view.handoff.account.status, AccountStatus::Onboarding);
    assert_eq!(load(&harness).await, 1);
    let plan = view.plan.unwrap();
    assert_eq!(plan.milestones[1].state, MilestoneState::Ready);
    assert_eq!(plan.milestones[2].state, MilestoneState::Done);
    assert!(view.events.iter().any(|event| event.what == What::BackInOnboarding));
}

#[tokio::test]
async fn two_people_at_once_on_different_actions_both_get_their_step() {
    let harness = submitted().await;
    let (mut cora, mut sam) = (harness.signed_in(OURS, "cora").await, harness.signed_in(OURS, "sam").await);
    let (one, other) = (path("kickoff", "welcome", "complete"), path("kickoff", "goals", "start"));
    let (one, other) = tokio::join!(cora.post(&one, &[]), sam.post(&other, &[]));
    assert_eq!((one.status, other.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    let plan = plan(&harness).await;
    assert_eq!(plan.milestones[0].actions[0].state, ActionState::Completed);
    assert_eq!(plan.milestones[0].actions[2].state, ActionState::Started);
    assert_eq!(plan.revision, 2);
}

#[tokio::test]
async fn what_contradicts_the_plan_is_refused_with_the_plan_as_it_stands_and_what_was_typed() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let empty = cora.post(&path("kickoff", "goals", "skip"), &[("reason", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    take(&mut cora, &path("kickoff", "goals", "skip"), &[("reason", "They sent them.")]).await;
    let late = cora.post(&path("kickoff", "goals", "complete"), &[("seen", "open")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("Somebody changed this") && late.body.contains("They sent them."));
    let late = cora.post(&path("kickoff", "goals", "reopen"), &[("seen", "completed")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    for (milestone, action, step) in [
        ("kickoff", "nothing", "start"),
        ("set_up", "welcome", "start"),
        ("kickoff", "welcome", "burn"),
        ("a%20b", "welcome", "start"),
    ] {
        let answer = cora.post(&path(milestone, action, step), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{milestone} {action} {step}");
    }
    let mut boss = harness.signed_in(THEIRS, "boss").await;
    let before = harness.table.dump().await;
    assert_eq!(boss.post(&path("kickoff", "welcome", "complete"), &[]).await.status, StatusCode::NOT_FOUND);
    let plan = format!("{PAGE}/plan");
    assert_eq!(boss.get(&plan).await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.post(&plan, &[("template", "standard")]).await.status, StatusCode::NOT_FOUND);
    let add = format!("{PAGE}/milestones/kickoff/actions");
    assert_eq!(boss.post(&add, &[("title", "Ours")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn an_action_of_their_own_is_added_once_and_nothing_typed_is_lost() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let add = format!("{PAGE}/milestones/set_up/actions");
    let wrong = cora.post(&add, &[("title", "Invite <Pat>"), ("kind", "meeting"), ("due", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Invite &lt;Pat&gt;") && wrong.body.contains("2027-01-15"));
    assert_eq!(cora.post(&add, &[("title", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("action", "a1"), ("title", "Invite <Pat>"), ("kind", "meeting"), ("due", "2027-01-15")];
    for _ in 0..2 {
        take(&mut cora, &add, &fields).await;
    }
    let plan = plan(&harness).await;
    assert_eq!(plan.milestones[1].actions.len(), 3);
    let action = &plan.milestones[1].actions[2];
    assert_eq!(action.due, Some(jiff::civil::date(2027, 1, 15)));
    assert!(action.added.is_some());
}

#[tokio::test]
async fn last_days_are_shown_and_told_when_they_are_over() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    assert!(!cora.get(PAGE).await.body.contains("Overdue"));
    harness.advance_minutes(4 * 24 * 60);
    let mut cora = harness.signed_in(OURS, "cora").await;
    assert!(cora.get(PAGE).await.body.contains("Overdue since"));
}

#[tokio::test]
async fn another_template_takes_the_place_of_an_untouched_plan_only() {
    let harness = submitted().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let fields = [
        ("do", "publish"),
        ("version", "0"),
        ("name", "Short"),
        ("order", "milestone:one"),
        ("milestone[one]", "Begin"),
        ("order", "action:call"),
        ("title[call]", "Call them"),
        ("kind[call]", "kickoff"),
        ("days[call]", "2"),
    ];
    assert_eq!(admin.post("/settings/templates/short", &fields).await.status, StatusCode::SEE_OTHER);
    let mut cora = harness.signed_in(OURS, "cora").await;
    let page = cora.get(&format!("{PAGE}/plan")).await;
    for words in ["Standard onboarding", "Fits this account", "Short", "within 2 working days"] {
        assert!(page.body.contains(words), "{words}");
    }
    let stale = cora.post(&format!("{PAGE}/plan"), &[("template", "short"), ("seen", "7")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let none = cora.post(&format!("{PAGE}/plan"), &[("template", "none"), ("seen", "0")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        take(&mut cora, &format!("{PAGE}/plan"), &[("template", "short"), ("seen", "0")]).await;
    }
    let changed = plan(&harness).await;
    assert_eq!((changed.template.as_str(), changed.revision), ("Short", 1));
    take(&mut cora, &path("one", "call", "start"), &[]).await;
    let late = cora.post(&format!("{PAGE}/plan"), &[("template", "standard"), ("seen", "2")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("is done already") && late.body.contains("This plan is under way"));
    let told = account(&harness).await.events;
    assert_eq!(told.iter().filter(|event| matches!(&event.what, What::TemplateChosen { before, .. } if before == "Standard onboarding")).count(), 1);
}

#[tokio::test]
async fn an_account_that_was_started_by_hand_gets_a_plan_by_hand() {
    let harness = Harness::start().await;
    let handoff = Handoff { id: AccountId::by_hand(7), ..fixtures::handoff() };
    harness.table.store.create_handoff(&handoff).await.unwrap();
    let mut cora = harness.signed_in(OURS, "cora").await;
    let page = format!("/accounts/{}", handoff.id);
    let early = cora.post(&format!("{page}/plan"), &[("template", "standard")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let skipped = cora.post(&format!("{page}/skip"), &[("reason", "An old customer.")]).await;
    assert_eq!(skipped.status, StatusCode::SEE_OTHER);
    assert!(cora.get(&page).await.body.contains("Choose a plan"));
    let begun = cora.post(&format!("{page}/plan"), &[("template", "standard")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    assert!(cora.get(&page).await.body.contains("Send the welcome e-mail"));
}
