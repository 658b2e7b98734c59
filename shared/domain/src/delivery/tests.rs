use super::*;
use crate::event::{What, Who};
use crate::id::EventId;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn start() -> Timestamp {
    at("2026-11-23T10:00:00Z")
}

fn delivery() -> Delivery {
    let event = Event {
        at: start(),
        id: EventId::of("opened"),
        round: Some(1),
        who: Who::System,
        what: What::Opened,
    };
    let organization = OrganizationId::parse("hs1").unwrap();
    let account = AccountId::parse("d1").unwrap();
    Delivery::of_event(&organization, &account, (Fact::Opened, &event), Target::Slack)
}

fn later(words: &str) -> Outcome {
    Outcome::Later { words: words.to_owned(), after: None }
}

#[test]
fn the_same_event_and_target_are_the_same_delivery_and_others_are_not() {
    assert_eq!(delivery().id, delivery().id);
    let mut other = delivery().event.unwrap();
    other.id = EventId::of("other");
    let organization = OrganizationId::parse("hs1").unwrap();
    let account = AccountId::parse("d1").unwrap();
    let other = Delivery::of_event(&organization, &account, (Fact::Opened, &other), Target::Slack);
    assert_ne!(other.id, delivery().id);
    let later = DeliveryId::of(at("2026-11-23T10:00:01Z"), "a");
    assert!(later > delivery().id, "ids sort by time");
}

#[test]
fn it_is_tried_nine_times_over_three_days_and_then_given_up() {
    let (mut one, mut tries) = (delivery(), 0);
    while let Some(due) = one.due() {
        assert_eq!(one.claim(due.checked_sub(SignedDuration::from_secs(1)).unwrap()), None, "not before");
        one = one.claim(due).unwrap().settle(later("502"), due);
        tries += 1;
    }
    assert_eq!(tries, 9);
    let Standing::GivenUp { at } = one.standing else { panic!("{one:?}") };
    let hours = at.duration_since(start()).as_secs() / 3600;
    assert_eq!(hours, 75);
    assert_eq!(one.attempts.len(), 9);
    assert_eq!(one.kept_until(), at.checked_add(KEPT).ok());
    let again = one.again(at).unwrap();
    assert_eq!((again.tries, again.due()), (0, Some(at)));
    assert_eq!(again.attempts.len(), 9, "what was tried stays to be seen");
}

#[test]
fn a_wait_that_was_asked_for_is_kept_where_it_is_longer() {
    let claimed = delivery().claim(start()).unwrap();
    let wait = |seconds| {
        let after = Some(SignedDuration::from_secs(seconds));
        claimed.settle(Outcome::Later { words: String::new(), after }, start()).due().unwrap()
    };
    assert_eq!(wait(3600), at("2026-11-23T11:00:00Z"));
    assert_eq!(wait(1), at("2026-11-23T10:05:00Z"));
}

#[test]
fn one_sender_has_it_at_a_time_and_a_dead_one_is_told() {
    let claimed = delivery().claim(start()).unwrap();
    let soon = at("2026-11-23T10:01:59Z");
    assert_eq!(claimed.claim(soon), None);
    assert_eq!(claimed.again(soon), None);
    let taken_over = claimed.claim(at("2026-11-23T10:02:00Z")).unwrap();
    assert_eq!(taken_over.attempts.len(), 1);
    assert_eq!(taken_over.tries, 2);
}

#[test]
fn what_arrived_or_never_will_is_due_no_more() {
    let claimed = delivery().claim(start()).unwrap();
    let done = claimed.settle(Outcome::Done { words: "200".to_owned() }, start());
    assert_eq!((done.due(), done.attempts[0].is_done), (None, true));
    let never = claimed.settle(Outcome::Never { words: "400".to_owned() }, start());
    assert_eq!((never.due(), never.claim(start())), (None, None));
}

#[test]
fn a_test_is_tried_once() {
    let organization = OrganizationId::parse("hs1").unwrap();
    let test = Delivery::test(&organization, Target::Slack, start(), 7).claim(start()).unwrap();
    assert!(matches!(test.settle(later("x"), start()).standing, Standing::GivenUp { .. }));
}

#[test]
fn many_tries_by_hand_do_not_make_an_item_grow() {
    let mut one = delivery();
    for _ in 0..100 {
        one = one.again(start()).unwrap().claim(start()).unwrap().settle(later("x"), start());
    }
    assert_eq!(one.attempts.len(), ATTEMPTS_KEPT);
}
