//! Settling: what follows, what stays, what is frozen.

use super::*;
use crate::draft::Claim;
use crate::form::{FieldErrors, FormInput};
use crate::handoff::tests::{at, drafts, handoff, roster};
use crate::id::SourceId;
use proptest::prelude::*;

const EARLY: &str = "2 February 2027";
const LATE: &str = "15 March 2027";
const DRAFTED: &str = "Mid March";

fn conflict() -> ConflictId {
    ConflictId::parse("c1").unwrap()
}

fn promise() -> PromiseId {
    PromiseId::parse("p1").unwrap()
}

fn question() -> QuestionId {
    QuestionId::parse("go_live").unwrap()
}

fn cited(quote: &str) -> Vec<Citation> {
    let source = SourceId::parse("note-1").unwrap();
    vec![Citation { source, quote: quote.into(), before: String::new(), after: String::new() }]
}

/// Drafts whose go-live the sources disagree about, with one promise.
fn disputed(drafted: Option<&str>) -> Drafts {
    let mut drafts = drafts("r1", drafted);
    let version = |text: &str| Version { text: text.into(), citations: cited(text), date: None };
    drafts.conflicts = vec![Conflict {
        id: conflict(),
        question: Some(question()),
        kind: ConflictKind::Date,
        subject: String::new(),
        versions: vec![version(EARLY), version(LATE)],
    }];
    drafts.promises =
        vec![Promise { id: promise(), text: "Training".into(), by: None, date: None, citations: cited("t") }];
    drafts
}

/// What a form sends: the conflict's field, and the answer's where it is sent along.
fn sent(drafts: &Drafts, choice: &str, answer: Option<&str>) -> Changes {
    let form = FormInput {
        conflicts: BTreeMap::from([(conflict(), choice.into())]),
        answers: answer.map(|text| (question(), vec![text.into()])).into_iter().collect(),
        ..FormInput::default()
    };
    form.check(drafts).unwrap()
}

fn shown(handoff: &Handoff, drafts: &Drafts) -> Option<String> {
    handoff.shown_value(drafts, &question()).map(AnswerValue::to_plain_text)
}

#[test]
fn the_chosen_version_is_the_answer_until_the_mind_is_changed() {
    let drafts = disputed(Some(DRAFTED));
    let mut handoff = handoff();
    // With the fields of the whole page, as without a script, and with the choice alone.
    for (choice, answer, expected) in [
        ("0", Some(DRAFTED), EARLY),
        ("1", Some(EARLY), LATE),
        ("neither", Some(LATE), DRAFTED),
        ("1", None, LATE),
        ("", None, DRAFTED),
    ] {
        handoff = handoff.save(&drafts, sent(&drafts, choice, answer), at(2)).unwrap();
        assert_eq!(shown(&handoff, &drafts).as_deref(), Some(expected), "{choice}");
    }
    assert_eq!(handoff.open_conflicts(&drafts).count(), 1);
}

#[test]
fn a_question_without_a_draft_is_answered_by_the_choice_and_open_again_without_it() {
    let drafts = disputed(None);
    let chosen = handoff().save(&drafts, sent(&drafts, "1", Some("")), at(2)).unwrap();
    assert_eq!(shown(&chosen, &drafts).as_deref(), Some(LATE));
    let open = chosen.save(&drafts, sent(&drafts, "", Some(LATE)), at(3)).unwrap();
    assert_eq!(shown(&open, &drafts), None);
}

#[test]
fn typed_words_stay_whether_they_came_before_with_or_after_the_choice() {
    let drafts = disputed(Some(DRAFTED));
    let with = handoff().save(&drafts, sent(&drafts, "0", Some("April at the latest")), at(2)).unwrap();
    assert_eq!(shown(&with, &drafts).as_deref(), Some("April at the latest"));
    let later = with.save(&drafts, sent(&drafts, "1", None), at(3)).unwrap();
    assert_eq!(shown(&later, &drafts).as_deref(), Some("April at the latest"));
    assert_eq!(later.settled[&conflict()], Settlement::Version(1));
    // The draft's own words, typed back after the choice, are typed words.
    let chosen = handoff().save(&drafts, sent(&drafts, "0", None), at(2)).unwrap();
    let back = chosen.save(&drafts, sent(&drafts, "0", Some(DRAFTED)), at(3)).unwrap();
    assert_eq!(shown(&back, &drafts).as_deref(), Some(DRAFTED));
}

#[test]
fn of_several_statements_only_the_one_in_dispute_is_replaced() {
    let mut drafts = disputed(Some("- Training first\n- Go-live on 15 March 2027"));
    let claims = ["Training first", "Go-live on 15 March 2027"];
    let draft = drafts.drafts.iter_mut().find(|draft| draft.question == question()).unwrap();
    draft.claims = claims.map(|text| Claim { text: text.into(), citations: cited(text) }).to_vec();
    let chosen = handoff().save(&drafts, sent(&drafts, "0", None), at(2)).unwrap();
    assert_eq!(shown(&chosen, &drafts).unwrap(), "- Training first\n- 2 February 2027");
}

#[test]
fn choices_that_do_not_exist_are_refused_by_field_and_change_nothing() {
    let drafts = disputed(Some(DRAFTED));
    let stranger = ConflictId::parse("c9").unwrap();
    let form = FormInput {
        conflicts: BTreeMap::from([(conflict(), "2".into()), (stranger, "0".into())]),
        promises: BTreeMap::from([
            (promise(), "maybe".into()),
            (PromiseId::parse("p9").unwrap(), "drop".into()),
        ]),
        ..FormInput::default()
    };
    let errors: FieldErrors = form.check(&drafts).unwrap_err();
    let fields: Vec<_> = errors.keys().map(String::as_str).collect();
    assert_eq!(fields, ["conflicts[c1]", "conflicts[c9]", "promises[p1]", "promises[p9]"]);
    for wrong in ["-1", "0.5", "99999999999999999999", "none"] {
        let form =
            FormInput { conflicts: BTreeMap::from([(conflict(), wrong.into())]), ..FormInput::default() };
        assert!(form.check(&drafts).is_err(), "{wrong}");
    }
}

#[test]
fn a_submit_freezes_choices_and_leaves_out_what_is_gone() {
    let drafts = disputed(Some(DRAFTED));
    let mut before = handoff();
    before.settled.insert(ConflictId::parse("gone").unwrap(), Settlement::Neither);
    before.dropped_promises.insert(PromiseId::parse("gone").unwrap());
    let mut changes = sent(&drafts, "1", None);
    changes.promises.insert(promise(), false);
    let done = before.submit(&drafts, &roster(), changes, 3, at(9)).unwrap();
    let submission = done.submission.unwrap();
    assert_eq!(submission.settled, BTreeMap::from([(conflict(), Settlement::Version(1))]));
    assert_eq!(submission.dropped_promises, BTreeSet::from([promise()]));
    assert_eq!(submission.answers[&question()].value.to_plain_text(), LATE);
    assert_eq!(passed_on(&drafts, &submission.dropped_promises).count(), 0);
    assert!(done.settled.is_empty() && done.dropped_promises.is_empty());
}

#[test]
fn an_open_conflict_blocks_no_submit_and_a_promise_is_kept_until_it_is_dropped() {
    let drafts = disputed(Some(DRAFTED));
    let mut changes = sent(&drafts, "", None);
    changes.promises.insert(promise(), false);
    let dropped = handoff().save(&drafts, changes, at(2)).unwrap();
    assert_eq!(dropped.dropped_promises, BTreeSet::from([promise()]));
    let back = Changes { promises: BTreeMap::from([(promise(), true)]), ..Changes::default() };
    let done = dropped.submit(&drafts, &roster(), back, 4, at(9)).unwrap();
    let submission = done.submission.unwrap();
    assert!(submission.settled.is_empty());
    assert_eq!(passed_on(&drafts, &submission.dropped_promises).count(), 1);
}

proptest! {
    /// What `need_what_is_stored` says no to gives the same answers whatever is stored.
    #[test]
    fn what_needs_nothing_stored_follows_from_nothing_stored(
        choice in "0|1|neither|", stored_choice in "0|1|neither|",
        answer in proptest::option::of("Mid March|2 February 2027|15 March 2027|typed|"),
        stored in proptest::option::of("Mid March|2 February 2027|15 March 2027|typed"),
    ) {
        let drafts = disputed(Some(DRAFTED));
        let stored = handoff().save(&drafts, sent(&drafts, &stored_choice, stored.as_deref()), at(2)).unwrap();
        let changes = sent(&drafts, &choice, answer.as_deref());
        if !changes.need_what_is_stored(&drafts) {
            prop_assert!(stored.answers_that_follow(&drafts, &changes).is_empty());
        }
    }

    #[test]
    fn no_choice_ever_replaces_typed_words(choices in proptest::collection::vec("0|1|neither|", 1..6), text in "[a-z]{1,20}") {
        let drafts = disputed(Some(DRAFTED));
        let mut handoff = handoff().save(&drafts, sent(&drafts, "", Some(&text)), at(2)).unwrap();
        for choice in choices {
            handoff = handoff.save(&drafts, sent(&drafts, &choice, None), at(3)).unwrap();
            prop_assert_eq!(shown(&handoff, &drafts), Some(text.clone()));
        }
    }
}
