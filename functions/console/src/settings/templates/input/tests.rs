//! What admins type and how it is checked; steps of editing.

use super::super::step::Step;
use super::*;

fn first() -> Typed {
    Typed::of(&Template::first())
}

fn step(typed: &mut Typed, text: &str) {
    Step::read(text).carry_out(typed);
}

fn actions(typed: &Typed) -> Vec<Vec<&str>> {
    let ids = |one: &TypedMilestone| one.actions.len();
    assert_eq!(
        typed.milestones.iter().map(ids).sum::<usize>(),
        typed.milestones.iter().flat_map(|one| &one.actions).count()
    );
    typed.milestones.iter().map(|one| one.actions.iter().map(|action| action.id.as_str()).collect()).collect()
}

#[test]
fn what_is_published_and_checked_again_is_the_same_as_the_next_version() {
    let next = first().check().unwrap();
    assert_eq!(next, Template { version: 2, ..Template::first() });
}

#[test]
fn actions_move_within_their_milestone_and_on_into_the_next() {
    let mut typed = first();
    step(&mut typed, "action-up:kickoff_call");
    assert_eq!(actions(&typed)[0], ["kickoff_call", "welcome", "goals"]);
    step(&mut typed, "action-up:kickoff_call");
    step(&mut typed, "action-down:goals");
    assert_eq!(actions(&typed)[..2], [vec!["kickoff_call", "welcome"], vec!["goals", "connect", "train"]]);
    step(&mut typed, "action-up:goals");
    step(&mut typed, "action-down:review");
    step(&mut typed, "milestone-up:go_live");
    step(&mut typed, "action-down:nobody");
    assert_eq!(
        actions(&typed),
        [vec!["kickoff_call", "welcome", "goals"], vec!["review"], vec!["connect", "train"]]
    );
}

#[test]
fn what_is_removed_is_left_out_until_it_is_brought_back() {
    let mut typed = first();
    step(&mut typed, "action-remove:review");
    let errors = typed.check().unwrap_err();
    assert!(errors.contains_key("milestone[go_live]"), "{errors:?}");
    step(&mut typed, "milestone-remove:go_live");
    assert_eq!(typed.check().unwrap().milestones.len(), 2);
    step(&mut typed, "milestone-restore:go_live");
    step(&mut typed, "action-restore:review");
    assert_eq!(typed.check().unwrap().milestones, Template::first().milestones);
    for milestone in &mut typed.milestones {
        milestone.removed = true;
    }
    assert!(typed.check().unwrap_err().contains_key(""));
}

#[test]
fn new_milestones_and_actions_need_words_and_days_are_numbers() {
    let mut typed = first();
    step(&mut typed, "add-milestone");
    step(&mut typed, "add-action:kickoff");
    typed.milestones[1].actions[0].days = "soon".to_owned();
    typed.milestones[1].actions[1].days = "366".to_owned();
    let (milestone, action) = (&typed.milestones[3], &typed.milestones[0].actions[3]);
    let errors = typed.check().unwrap_err();
    for field in [
        format!("milestone[{}]", milestone.id),
        format!("title[{}]", milestone.actions[0].id),
        format!("title[{}]", action.id),
        "days[connect]".to_owned(),
        "days[train]".to_owned(),
    ] {
        assert!(errors.contains_key(&field), "{field}: {errors:?}");
    }
    assert_eq!(errors.len(), 5);
}

#[test]
fn only_one_action_is_the_welcome_mail() {
    let mut typed = first();
    typed.milestones[1].actions[0].kind = "welcome".to_owned();
    assert!(typed.check().unwrap_err().contains_key("kind[connect]"));
    step(&mut typed, "action-remove:welcome");
    assert!(typed.check().is_ok());
}

#[test]
fn a_rule_is_read_as_people_write_it() {
    let body = "version=3&name=+Large+&sizes=51-200&sizes=5001%2B&sizes=7&arr_from=10%2C000&arr_to=90+000&industries=Banking%0D%0A%0D%0ARetail\
        &order=milestone:a&milestone[a]=One&order=action:b&title[b]=Call&kind[b]=meeting&days[b]=3&order=action:b&order=action:%23";
    let read = |body: &str| Typed::read(&Form::parse(body.as_bytes()), TemplateId::parse("t").unwrap());
    let next = read(body).check().unwrap();
    assert_eq!((next.version, next.name.as_str()), (4, "Large"));
    assert_eq!(next.rule.sizes, BTreeSet::from([SizeBand::To200, SizeBand::Over5000]));
    assert_eq!((next.rule.arr_from, next.rule.arr_to), (Some(10_000), Some(90_000)));
    assert_eq!(next.rule.industries, ["Banking", "Retail"]);
    assert_eq!(next.actions().map(|action| action.days).collect::<Vec<_>>(), [Some(3)]);
    let errors = read(&body.replace("90+000", "9k")).check().unwrap_err();
    assert!(errors.contains_key("arr_to"));
    assert!(read(&body.replace("90+000", "9")).check().unwrap_err().contains_key("arr_to"));
}

#[test]
fn thirty_of_the_largest_templates_fit_into_one_item() {
    let mut typed = first();
    for _ in 0..40 {
        step(&mut typed, "add-action:kickoff");
    }
    for (number, action) in typed.milestones.iter_mut().flat_map(|one| &mut one.actions).enumerate() {
        action.title = format!("{number}{}", "\u{1F600}\"".repeat(98));
    }
    assert!(typed.check().unwrap_err()[""].contains("too much text"));
    for action in typed.milestones.iter_mut().flat_map(|one| &mut one.actions) {
        action.title = action.title.chars().take(20).collect();
    }
    let whole = typed.check().unwrap();
    assert!(serde_json::to_vec(&whole).unwrap().len() <= whole.stored_bytes());
}
