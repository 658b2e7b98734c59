//! Plans and templates: what always holds, whatever people do.

use super::*;
use crate::account::{Account, Money};
use crate::event::What;
use crate::handoff::{CsmChoice, Handoff};
use crate::id::{MemberId, TemplateId};
use crate::pattern::SizeBand;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeSet;

pub(crate) fn account() -> Account {
    crate::handoff::tests::handoff().account
}

/// Monday morning in UTC.
fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn handoff() -> Handoff {
    let mut handoff = crate::handoff::tests::handoff();
    handoff.account.status = AccountStatus::Onboarding;
    handoff.time_zone = "UTC".to_owned();
    handoff.assigned = Some(crate::handoff::Assigned {
        csm: MemberId::parse("cora").unwrap(),
        name: "Cora".to_owned(),
        at: now(),
    });
    handoff.csm = Some(CsmChoice::Member(MemberId::parse("cora").unwrap()));
    handoff
}

fn plan() -> Plan {
    Template::first().apply(now(), "UTC")
}

fn take(plan: &Plan, handoff: &Handoff, action: &str, step: Step<'_>) -> Result<Option<Moved>, PlanRefusal> {
    let id = ActionId::parse(action).unwrap();
    let place = plan.milestones.iter().find(|one| one.actions.iter().any(|action| action.id == id)).unwrap();
    plan.take(handoff, (&place.id, &id), step, Who::System, now())
}

fn moved(plan: &Plan, handoff: &Handoff, action: &str, step: Step<'_>) -> Moved {
    take(plan, handoff, action, step).unwrap().unwrap()
}

fn states(plan: &Plan) -> Vec<MilestoneState> {
    plan.milestones.iter().map(|milestone| milestone.state).collect()
}

#[test]
fn only_the_first_milestone_is_ready_and_has_last_days() {
    let plan = plan();
    assert_eq!(states(&plan), [MilestoneState::Ready, MilestoneState::Waiting, MilestoneState::Waiting]);
    let due: Vec<_> = plan.milestones[0].actions.iter().map(|action| action.due).collect();
    assert_eq!(due, [date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 2)].map(Some));
    assert!(plan.milestones[1..].iter().flat_map(|one| &one.actions).all(|action| action.due.is_none()));
}

#[test]
fn days_are_counted_from_the_day_that_it_is_where_the_organization_is() {
    let late = "2026-11-23T20:00:00Z".parse().unwrap();
    let plan = Template::first().apply(late, "Asia/Tokyo");
    assert_eq!(plan.milestones[0].actions[0].due, Some(date(2026, 11, 25)));
}

#[test]
fn the_last_action_of_a_milestone_makes_the_next_one_ready_and_taking_it_back_undoes_all_of_it() {
    let (mut plan, handoff) = (plan(), handoff());
    for action in ["welcome", "kickoff_call"] {
        plan = moved(&plan, &handoff, action, Step::Complete).plan;
    }
    let done = moved(&plan, &handoff, "goals", Step::Skip { reason: "They sent them." });
    assert_eq!(states(&done.plan), [MilestoneState::Done, MilestoneState::Ready, MilestoneState::Waiting]);
    assert_eq!(done.plan.milestones[1].actions[0].due, Some(date(2026, 12, 7)));
    assert!(matches!(&done.told[1].what, What::MilestoneDone { title, .. } if title == "Kickoff"));
    let mut back = moved(&done.plan, &done.handoff, "goals", Step::Reopen { seen: None });
    assert!(matches!(&back.told[1].what, What::MilestoneReopened { .. }));
    back.plan.revision = plan.revision;
    assert_eq!(back.plan, plan);
}

#[test]
fn the_account_is_live_when_all_is_done_and_is_carried_by_nobody_then() {
    let (mut plan, mut handoff) = (plan(), handoff());
    assert!(handoff.carried_by().is_some());
    let all: Vec<String> = plan.actions().map(|action| action.id.to_string()).collect();
    let mut told = Vec::new();
    for action in &all {
        let moved = moved(&plan, &handoff, action, Step::Complete);
        (plan, handoff, told) = (moved.plan, moved.handoff, moved.told);
    }
    assert_eq!((handoff.account.status, handoff.carried_by()), (AccountStatus::Live, None));
    assert_eq!(told.last().map(|event| &event.what), Some(&What::WentLive));
    let back = moved(&plan, &handoff, "welcome", Step::Reopen { seen: None });
    assert_eq!(back.handoff.account.status, AccountStatus::Onboarding);
    assert_eq!(back.told.last().map(|event| &event.what), Some(&What::BackInOnboarding));
    assert!(back.handoff.carried_by().is_some());
    let id = ActionId::parse("more").unwrap();
    let new = NewAction { id, title: " Call ".to_owned(), kind: ActionKind::Task, due: None };
    let more = plan.add(&handoff, &plan.milestones[2].id, new, Who::System, now()).unwrap();
    assert_eq!(more.handoff.account.status, AccountStatus::Onboarding);
    assert_eq!(more.plan.milestones[2].actions[1].title, "Call");
}

#[test]
fn an_account_that_is_with_its_ae_or_gone_stays_so_whatever_its_plan_says() {
    let (mut plan, mut handoff) = (plan(), handoff());
    for status in [AccountStatus::Handoff, AccountStatus::Cancelled] {
        handoff.account.status = status;
        assert_eq!(moved(&plan, &handoff, "welcome", Step::Complete).handoff.account.status, status);
    }
    plan.milestones.clear();
    assert_eq!(plan.account_status(AccountStatus::Cancelled), AccountStatus::Cancelled);
}

#[test]
fn a_step_that_contradicts_what_stands_is_refused() {
    let (plan, handoff) = (plan(), handoff());
    let skipped = moved(&plan, &handoff, "welcome", Step::Skip { reason: "Sales did." }).plan;
    for step in [Step::Start, Step::Complete] {
        assert_eq!(take(&skipped, &handoff, "welcome", step), Err(PlanRefusal::NotNow));
    }
    assert!(matches!(
        take(&plan, &handoff, "welcome", Step::Skip { reason: "  " }),
        Err(PlanRefusal::Reason(_))
    ));
    let unknown = ActionId::parse("nothing").unwrap();
    let place = (&plan.milestones[0].id, &unknown);
    assert_eq!(plan.take(&handoff, place, Step::Start, Who::System, now()), Err(PlanRefusal::Unknown));
    let elsewhere = (&plan.milestones[1].id, &plan.milestones[0].actions[0].id);
    assert_eq!(plan.take(&handoff, elsewhere, Step::Start, Who::System, now()), Err(PlanRefusal::Unknown));
}

#[test]
fn taking_back_twice_is_taking_back_once() {
    let (plan, handoff) = (plan(), handoff());
    let started = moved(&plan, &handoff, "welcome", Step::Start).plan;
    let done = moved(&started, &handoff, "welcome", Step::Complete).plan;
    let seen = Some(ActionState::Completed);
    let back = moved(&done, &handoff, "welcome", Step::Reopen { seen }).plan;
    assert_eq!(back.milestones[0].actions[0].state, ActionState::Started);
    assert_eq!(take(&back, &handoff, "welcome", Step::Reopen { seen }), Ok(None));
    let stale = Step::Reopen { seen: Some(ActionState::Started) };
    assert_eq!(take(&done, &handoff, "welcome", stale), Err(PlanRefusal::NotNow));
}

#[test]
fn what_the_program_does_completes_its_action_once() {
    let (plan, handoff) = (plan(), handoff());
    let sent = plan.complete_purpose(&handoff, Purpose::Welcome, Who::System, now()).unwrap();
    assert_eq!(sent.plan.milestones[0].actions[0].state, ActionState::Completed);
    assert!(sent.plan.complete_purpose(&handoff, Purpose::Welcome, Who::System, now()).is_none());
    assert!(sent.plan.complete_purpose(&handoff, Purpose::Kickoff, Who::System, now()).is_some());
}

#[test]
fn another_template_takes_the_place_of_a_plan_that_nobody_touched() {
    let (plan, handoff) = (plan(), handoff());
    let other = Template { name: "Short".to_owned(), version: 4, ..Template::first() };
    let changed = plan.replace(&handoff, &other, Who::System, now()).unwrap();
    assert_eq!((changed.plan.template_version, changed.plan.revision), (4, 1));
    let begun = moved(&plan, &handoff, "train", Step::Start).plan;
    assert_eq!(begun.replace(&handoff, &other, Who::System, now()), Err(PlanRefusal::Touched));
    assert!(Plan::begin(&handoff, &other, Who::System, now()).is_ok());
    let with_ae = crate::handoff::tests::handoff();
    assert_eq!(Plan::begin(&with_ae, &other, Who::System, now()), Err(PlanRefusal::NotNow));
}

fn template(id: &str, rule: Rule) -> Template {
    Template { id: TemplateId::parse(id).unwrap(), name: id.to_owned(), rule, ..Template::first() }
}

#[test]
fn the_rule_that_asks_for_most_chooses_then_the_order_then_the_default() {
    let large = Rule { arr_from: Some(1000), ..Rule::default() };
    let sized = Rule { sizes: BTreeSet::from([SizeBand::To50]), ..large.clone() };
    let mut templates = Templates::of(Template::first());
    for (id, rule) in [("large", large.clone()), ("large_too", large), ("sized", sized)] {
        templates = templates.publish(template(id, rule)).unwrap().0;
    }
    let chosen = |templates: &Templates, arr: &str, size: &str| {
        let arr = Some(Money { amount: arr.to_owned(), currency: String::new() });
        templates.choose(&Account { arr, size: size.to_owned(), ..account() }).unwrap().id.to_string()
    };
    assert_eq!(chosen(&templates, "500", "20"), "standard");
    assert_eq!(chosen(&templates, "5000", "500"), "large");
    assert_eq!(chosen(&templates, "5000", "20"), "sized");
    let moved = templates.earlier(&TemplateId::parse("large_too").unwrap()).unwrap();
    assert_eq!(chosen(&moved, "5000", "500"), "large_too");
    let archived = moved.archive(&TemplateId::parse("large_too").unwrap()).unwrap();
    assert_eq!(chosen(&archived, "5000", "500"), "large");
    let id = TemplateId::parse("large").unwrap();
    let default = archived.make_default(&id).unwrap();
    assert_eq!(chosen(&default, "500", "500"), "large");
    assert_eq!(default.archive(&id), Err(TemplateRefusal::IsDefault));
    let gone = TemplateId::parse("large_too").unwrap();
    assert_eq!(default.make_default(&gone), Err(TemplateRefusal::IsArchived));
    assert!(default.restore(&gone).unwrap().make_default(&gone).is_ok());
}

#[derive(Debug, Clone)]
enum Deed {
    Step(usize, u8),
    Add(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        9 => (0_usize..10, 0_u8..4).prop_map(|(action, step)| Deed::Step(action, step)),
        1 => (0_usize..3).prop_map(Deed::Add),
    ]
}

fn carry_out(plan: &Plan, handoff: &Handoff, deed: &Deed, number: usize) -> Option<Moved> {
    match deed {
        Deed::Step(place, step) => {
            let ids: Vec<String> = plan.actions().map(|action| action.id.to_string()).collect();
            let steps = [
                Step::Start,
                Step::Complete,
                Step::Reopen { seen: None },
                Step::Skip { reason: "Not needed." },
            ];
            take(plan, handoff, &ids[place % ids.len()], steps[usize::from(*step)]).ok().flatten()
        }
        Deed::Add(place) => {
            let id = ActionId::parse(format!("new{number}")).unwrap();
            let new = NewAction { id, title: "More".to_owned(), kind: ActionKind::Task, due: None };
            plan.add(handoff, &plan.milestones[*place].id, new, Who::System, now()).ok()
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_done_one_milestone_is_ready_and_done_means_all_finished(deeds in prop::collection::vec(deed(), 0..40)) {
        let (mut plan, mut handoff) = (plan(), handoff());
        for (number, deed) in deeds.iter().enumerate() {
            let Some(moved) = carry_out(&plan, &handoff, deed, number) else { continue };
            prop_assert_eq!(moved.plan.revision, plan.revision + 1);
            let ids: BTreeSet<_> = moved.told.iter().map(|event| &event.id).collect();
            prop_assert_eq!(ids.len(), moved.told.len());
            (plan, handoff) = (moved.plan, moved.handoff);
            let ready = plan.milestones.iter().filter(|one| one.state == MilestoneState::Ready).count();
            prop_assert_eq!(ready, usize::from(!plan.is_done()));
            for milestone in &plan.milestones {
                let all = milestone.actions.iter().all(|action| action.state.is_finished());
                prop_assert_eq!(milestone.state == MilestoneState::Done, all);
            }
            let first_open = plan.milestones.iter().find(|one| one.state != MilestoneState::Done);
            prop_assert_eq!(first_open.map(|one| &one.id), plan.ready().map(|one| &one.id));
            let live = handoff.account.status == AccountStatus::Live;
            prop_assert_eq!(live, plan.is_done());
            for action in plan.actions() {
                prop_assert_eq!(action.finished.is_some(), action.state.is_finished());
                prop_assert_eq!(action.reason.is_empty(), action.state != ActionState::Skipped);
            }
        }
    }

    #[test]
    fn what_is_finished_and_taken_back_stands_as_before(deeds in prop::collection::vec(deed(), 0..25), place in 0_usize..6, skip: bool) {
        let (mut plan, mut handoff) = (plan(), handoff());
        for (number, deed) in deeds.iter().enumerate() {
            if let Some(moved) = carry_out(&plan, &handoff, deed, number) {
                (plan, handoff) = (moved.plan, moved.handoff);
            }
        }
        let id = plan.actions().nth(place).unwrap().id.to_string();
        let step = if skip { Step::Skip { reason: "Not needed." } } else { Step::Complete };
        let Ok(Some(done)) = take(&plan, &handoff, &id, step) else { return Ok(()) };
        prop_assert_eq!(take(&done.plan, &done.handoff, &id, step), Ok(None));
        let mut back = moved(&done.plan, &done.handoff, &id, Step::Reopen { seen: None });
        back.plan.revision = plan.revision;
        prop_assert_eq!(back.plan, plan);
        prop_assert_eq!(back.handoff, handoff);
    }

    #[test]
    fn a_published_version_never_changes(edits in prop::collection::vec((0_usize..4, 0_u8..5), 1..30)) {
        let mut templates = Templates::of(Template::first());
        let mut published = vec![Template::first()];
        for (number, (place, what)) in edits.into_iter().enumerate() {
            let place = place % templates.all.len();
            let id = templates.all[place].id.clone();
            let before = templates.clone();
            let after = match what {
                0 => templates.publish(template(&format!("t{number}"), Rule::default())),
                1 => {
                    let now = &templates.all[place];
                    templates.publish(Template { version: now.version + 1, name: format!("n{number}"), ..now.clone() })
                }
                2 => templates.archive(&id).map(|after| (after, None)),
                3 => templates.earlier(&id).map(|after| (after, None)),
                _ => templates.make_default(&id).map(|after| (after, None)),
            };
            let Ok((after, replaced)) = after else { continue };
            prop_assert_eq!(after.revision, before.revision + 1);
            // What is replaced was published as it is; nothing else that was in use is gone or different.
            if let Some(old) = &replaced {
                prop_assert!(published.contains(old));
            }
            for old in &before.all {
                prop_assert!(replaced.as_ref() == Some(old) || after.all.contains(old));
            }
            published.extend(after.all.iter().filter(|one| !before.all.contains(one)).cloned());
            let versions: BTreeSet<_> = published.iter().map(|one| (&one.id, one.version)).collect();
            prop_assert_eq!(versions.len(), published.len());
            prop_assert!(!after.archived.contains(&after.default));
            let stale = after.all[0].clone();
            prop_assert_eq!(after.publish(stale.clone()).err(), Some(TemplateRefusal::Stale));
            templates = after;
        }
    }
}
