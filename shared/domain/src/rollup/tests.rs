use super::*;
use crate::answer::{AnswerValue, Change};
use crate::draft::{Draft, DraftedBy, Usage};
use crate::event::{AnswerCounts, AnswerMade, Event, What, Who};
use crate::handoff::Handoff;
use crate::handoff::tests::{at, handoff};
use crate::id::{QuestionId, RunId};
use crate::rating::{Rating, Usefulness};
use crate::source::SourceKind;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn question() -> QuestionId {
    QuestionId::parse("risks").unwrap()
}

fn grace() -> Who {
    Who::Member { id: MemberId::parse("grace").unwrap(), name: "Grace Lin".to_owned() }
}

fn usage() -> Usage {
    Usage { tokens_in: 700, tokens_out: 90, microdollars: Some(640), ..Usage::default() }
}

fn submitted(change: Change) -> What {
    let made = AnswerMade { change, from: BTreeSet::from([SourceKind::Note, SourceKind::Call]) };
    What::Submitted {
        csm: MemberId::parse("grace").ok(),
        csm_name: "Grace Lin".to_owned(),
        answers: AnswerCounts::default(),
        made: BTreeMap::from([(question(), made)]),
        template: "Standard".to_owned(),
    }
}

fn rated(score: u8, repeated: bool) -> What {
    let useful = BTreeMap::from([(question(), Usefulness::Useful)]);
    What::Rated { rating: Rating { score, useful, repeated }, before: None }
}

/// An event so many seconds after the account was made.
fn event(handoff: &Handoff, seconds: i64, what: What) -> Event {
    let who = if matches!(what, What::Rated { .. }) { grace() } else { Who::System };
    let cause = format!("{seconds}-{what:?}");
    Event::new(handoff, at(seconds), cause, who, what)
}

fn life() -> (Handoff, Vec<Event>) {
    let email = crate::email::EmailAddress::parse("ana@seller.test").ok();
    let handoff = Handoff { ae: crate::handoff::Ae { name: "Ana Ellis".to_owned(), email }, ..handoff() };
    let by = DraftedBy::Model("nova".to_owned());
    let drafts = What::DraftsReady { by, drafted: 1, questions: 1, sources: 2, gaps: 0, usage: usage() };
    let facts = [
        (0, What::AccountCreated { by_hand: false }),
        (60, drafts),
        (60, What::InvitationOwed { generation: 1 }),
        (3600, What::Opened),
        (7200, submitted(Change::LightlyEdited)),
        (90_000, rated(4, true)),
    ];
    let told = facts.map(|(seconds, what)| event(&handoff, seconds, what)).to_vec();
    (handoff, told)
}

fn counts(contribution: &Contribution, of: &Of) -> Counts {
    let mut all = Counts::new();
    for share in contribution.shares.iter().filter(|share| share.of == *of) {
        for (counter, count) in &share.counts {
            *all.entry(counter.clone()).or_default() += count;
        }
    }
    all
}

#[test]
fn a_life_is_counted_for_everyone_who_took_part() {
    let (handoff, told) = life();
    let counted = Contribution::of(&handoff, &told);
    let all = counts(&counted, &Of::Organization);
    for (counter, count) in [
        ("created", 1),
        ("drafts_ready", 1),
        ("invited", 1),
        ("opened", 1),
        ("submitted", 1),
        ("done", 1),
        ("lightly_edited", 1),
        ("q:risks:lightly_edited", 1),
        ("s:note:lightly_edited", 1),
        ("m:nova:lightly_edited", 1),
        ("m:nova:microdollars", 640),
        ("tokens", 790),
        ("score", 4),
        ("repeated", 1),
        ("q:risks:useful", 1),
        ("t:Standard:score", 4),
    ] {
        assert_eq!(all.get(counter), Some(&count), "{counter}");
    }
    assert_eq!(all[&format!("wait:{}", wait_bucket(120))], 1);
    let csm = counts(&counted, &Of::Csm(MemberId::parse("grace").unwrap()));
    assert_eq!((csm["received"], csm["score"], csm["ratings"]), (1, 4, 1));
    let ae: Vec<_> = counted.shares.iter().filter(|share| matches!(share.of, Of::Ae(_))).collect();
    assert!(ae.iter().all(|share| !share.name.is_empty() && !share.of.to_string().contains('@')));
}

#[test]
fn an_expired_handoff_that_is_taken_up_again_is_lost_no_more() {
    let handoff = handoff();
    let fact = |seconds, what| event(&handoff, seconds, what);
    let mut told =
        vec![fact(0, What::AccountCreated { by_hand: false }), fact(9, What::Expired { generation: 1 })];
    let lost = |told: &[Event]| {
        counts(&Contribution::of(&handoff, told), &Of::Organization).get("lost_expired").copied()
    };
    assert_eq!(lost(&told), Some(1));
    told.push(fact(10, What::Renewed { generation: 2 }));
    assert_eq!(lost(&told), None);
    told.push(fact(11, What::Expired { generation: 2 }));
    assert_eq!(lost(&told), Some(1));
    told.push(fact(12, What::Skipped { reason: "x".to_owned() }));
    assert_eq!(lost(&told), None);
}

#[test]
fn a_rating_takes_the_place_of_the_one_before() {
    let (handoff, mut told) = life();
    let again =
        What::Rated { rating: Rating { score: 2, useful: BTreeMap::new(), repeated: false }, before: None };
    told.push(event(&handoff, 100_000, again));
    let all = counts(&Contribution::of(&handoff, &told), &Of::Organization);
    assert_eq!(
        (all["ratings"], all["score"], all.get("repeated"), all.get("q:risks:useful")),
        (1, 2, None, None)
    );
}

#[test]
fn how_far_an_answer_is_from_its_draft_is_told_by_its_words() {
    let run = RunId::parse("r1").unwrap();
    let text = |words: &str| AnswerValue::Text(words.to_owned());
    let mut draft = Draft::open(question(), DraftedBy::Extractive, run);
    assert_eq!(Change::of(&text("Mine"), Some(&draft)), Change::FromNothing);
    draft.value = Some(text("They want one login for all twelve clinics by March."));
    let of = |words: &str| Change::of(&text(words), Some(&draft));
    assert_eq!(of("They want one login for all twelve clinics by March."), Change::AsItWas);
    assert_eq!(of("They want one login for all twelve clinics by May."), Change::LightlyEdited);
    assert_eq!(of("No."), Change::Rewritten);
    let choices = |all: &[&str]| AnswerValue::Choices(all.iter().map(|one| (*one).to_owned()).collect());
    draft.value = Some(choices(&["Price", "Security", "Time"]));
    assert_eq!(Change::of(&choices(&["Price", "Security"]), Some(&draft)), Change::LightlyEdited);
    assert_eq!(Change::of(&choices(&["Politics"]), Some(&draft)), Change::Rewritten);
    draft.value = Some(AnswerValue::YesNo(true));
    assert_eq!(Change::of(&AnswerValue::YesNo(false), Some(&draft)), Change::Rewritten);
}

#[test]
fn weeks_begin_on_monday_and_rows_are_read_as_they_are_written() {
    assert_eq!(Grain::Week.start(date(2026, 11, 22)), date(2026, 11, 16));
    assert_eq!(Grain::Week.start(date(2026, 11, 23)), date(2026, 11, 23));
    assert_eq!(Grain::Month.start(date(2026, 11, 23)), date(2026, 11, 1));
    assert_eq!(Grain::Month.back(date(2026, 3, 1), 13), date(2025, 2, 1));
    for of in [Of::Organization, Of::Ae("a1".to_owned()), Of::Csm(MemberId::parse("grace").unwrap())] {
        assert_eq!(Of::parse(&of.to_string()), Some(of));
    }
    assert_eq!(Of::parse("AE"), None);
}

fn any_what() -> impl Strategy<Value = What> {
    prop_oneof![
        Just(What::AccountCreated { by_hand: true }),
        Just(What::Opened),
        (1_u32..4).prop_map(|generation| What::Expired { generation }),
        (1_u32..4).prop_map(|generation| What::Renewed { generation }),
        Just(What::Skipped { reason: String::new() }),
        Just(submitted(Change::AsItWas)),
        Just(submitted(Change::FromNothing)),
        (1_u8..6, any::<bool>()).prop_map(|(score, repeated)| rated(score, repeated)),
        Just(What::RedraftArrived {
            run: RunId::parse("r2").unwrap(),
            by: DraftedBy::Extractive,
            usage: usage()
        }),
    ]
}

fn any_events() -> impl Strategy<Value = Vec<(i64, What)>> {
    prop::collection::vec((0_i64..4_000_000, any_what()), 0..25)
}

proptest! {
    #[test]
    fn what_is_added_bit_by_bit_late_and_twice_is_what_is_counted_at_once(facts in any_events(), order in any::<u64>()) {
        let handoff = handoff();
        let told: Vec<Event> = facts.into_iter().map(|(seconds, what)| event(&handoff, seconds, what)).collect();
        // They arrive in another order than they happened, some of them twice.
        let mut arriving: Vec<Event> = told.iter().chain(told.iter().step_by(3)).cloned().collect();
        arriving.sort_by_key(|one| one.at.as_second().wrapping_mul(i64::try_from(order % 1009).unwrap() + 1) % 1013);
        let (mut totals, mut before, mut seen) = (Totals::new(), Contribution::default(), Vec::new());
        for one in arriving {
            seen.push(one);
            let now = Contribution::of(&handoff, &seen);
            totals.add(&Contribution { shares: now.since(&before) });
            before = now;
        }
        let mut at_once = Totals::new();
        at_once.add(&Contribution::of(&handoff, &told));
        prop_assert_eq!(totals.differences(&at_once), vec![]);
        prop_assert_eq!(totals.rows(), at_once.rows());
    }

    #[test]
    fn a_time_that_is_read_back_is_near_the_one_that_went_in(minutes in 1_i64..60 * 24 * 400) {
        let back = wait_minutes(wait_bucket(minutes));
        let error = (back - minutes as f64).abs() / minutes as f64 * 100.0;
        prop_assert!(error <= WAIT_ERROR_PERCENT, "{} {} {}", minutes, back, error);
    }

    #[test]
    fn the_median_of_many_times_is_near_the_true_one(mut minutes in prop::collection::vec(1_i64..50_000, 1..200)) {
        let mut counts = Counts::new();
        for one in &minutes {
            *counts.entry(format!("wait:{}", wait_bucket(*one))).or_default() += 1;
        }
        minutes.sort_unstable();
        for (share, place) in [(0.5, minutes.len().div_ceil(2) - 1), (0.9, (minutes.len() * 9).div_ceil(10) - 1)] {
            let told = quantile(&counts, "wait:", share).unwrap();
            let error = (told - minutes[place] as f64).abs() / minutes[place] as f64 * 100.0;
            prop_assert!(error <= WAIT_ERROR_PERCENT, "{} {} {}", share, told, minutes[place]);
        }
    }
}
