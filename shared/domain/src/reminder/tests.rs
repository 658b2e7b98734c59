use super::*;
use crate::organization::REMINDER_DAYS;
use jiff::ToSpan as _;
use proptest::prelude::*;

/// Zones whose clocks leap at odd hours, by odd amounts, or where whole days were left out.
const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "America/St_Johns",
];

fn rhythm(zone: &str) -> Rhythm {
    Rhythm::new(REMINDER_DAYS.to_vec(), WorkingHours::default(), TimeZone::get(zone).unwrap())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_steps_of_a_link_made_on_a_thursday_wait_for_monday() {
    let rhythm = rhythm("Europe/Dublin");
    let (issued, dies) = (at("2026-03-26T16:40:00Z"), at("2026-04-25T16:40:00Z"));
    let mut told = Vec::new();
    let mut done = 0;
    while let Some(next) = rhythm.next(issued, dies, done) {
        told.push((next.day, next.at.to_string()));
        done = next.day;
    }
    // Sunday, 29 March, is the day on which Dublin's clocks go forward.
    let expected = [
        (3, "2026-03-30T08:00:00Z"),
        (7, "2026-04-02T08:00:00Z"),
        (14, "2026-04-09T08:00:00Z"),
        (21, "2026-04-16T08:00:00Z"),
        (28, "2026-04-23T08:00:00Z"),
    ];
    assert_eq!(told, expected.map(|(day, at)| (day, at.to_owned())));
}

#[test]
fn after_a_pause_the_latest_step_stands_for_all_before_it() {
    let rhythm = rhythm("UTC");
    let issued = at("2026-11-02T10:00:00Z");
    let due = rhythm.next(issued, at("2026-12-02T10:00:00Z"), 0).unwrap();
    assert_eq!(rhythm.step(issued, due, at("2026-11-05T09:00:00Z")), 3);
    assert_eq!(rhythm.step(issued, due, at("2026-11-20T12:00:00Z")), 14);
    assert_eq!(rhythm.next(issued, at("2026-12-02T10:00:00Z"), 14).unwrap().day, 21);
    assert!(!rhythm.is_later_step(3) && rhythm.is_later_step(7));
}

#[test]
fn a_step_after_the_link_has_died_is_none() {
    let rhythm = rhythm("UTC");
    let issued = at("2026-11-02T10:00:00Z");
    assert_eq!(rhythm.next(issued, at("2026-11-08T10:00:00Z"), 3), None);
    assert_eq!(rhythm.next(issued, at("2026-12-02T10:00:00Z"), 28), None);
}

#[test]
fn a_day_of_the_ae_s_choice_is_tomorrow_at_the_earliest_and_before_the_link_dies() {
    let rhythm = rhythm("America/Sao_Paulo");
    let (issued, dies, now) =
        (at("2026-11-02T10:00:00Z"), at("2026-12-02T10:00:00Z"), at("2026-11-04T01:00:00Z"));
    let later = |text: &str| rhythm.later(issued, dies, text.parse().unwrap(), now);
    // It is still the third there.
    assert_eq!(later("2026-11-03"), Err(LaterRefusal::Past));
    assert_eq!(later("2026-11-04").unwrap(), NextReminder { at: at("2026-11-04T12:00:00Z"), day: 2 });
    // A Saturday.
    assert_eq!(later("2026-11-07").unwrap(), NextReminder { at: at("2026-11-09T12:00:00Z"), day: 7 });
    assert_eq!(later("2026-12-02"), Err(LaterRefusal::TooLate));
    assert_eq!(later("2027-11-04"), Err(LaterRefusal::TooLate));
}

proptest! {
    #[test]
    fn steps_come_on_working_days_in_working_hours_each_later_than_the_one_before(
        zone in 0..ZONES.len(), minutes in 0_i64..6_000_000, days in proptest::collection::btree_set(1_u8..30, 0..10),
    ) {
        let zone = ZONES[zone];
        let days: Vec<u8> = days.into_iter().collect();
        let rhythm = Rhythm::new(days.clone(), WorkingHours::default(), TimeZone::get(zone).unwrap());
        let issued = at("2008-01-01T00:00:00Z") + SignedDuration::from_mins(minutes * 2);
        let dies = issued + SignedDuration::from_hours(30 * 24);
        let (mut done, mut last) = (0, Timestamp::MIN);
        let mut seen = Vec::new();
        while let Some(next) = rhythm.next(issued, dies, done) {
            prop_assert!(next.at < dies && next.at >= last);
            // At the beginning of the day's hours, or right after the leap that swallowed it.
            prop_assert!(rhythm.is_working(next.at), "{zone} {}", next.at);
            let waited = rhythm.date(next.at).since(rhythm.date(issued)).unwrap().get_days();
            prop_assert!((i32::from(next.day)..=i32::from(next.day) + 3).contains(&waited), "{zone} {waited}");
            prop_assert_eq!(rhythm.step(issued, next, dies + 40.hours()), *days.last().unwrap());
            seen.push(next.day);
            (done, last) = (next.day, next.at);
        }
        // Only steps beyond the link's life are missing.
        let missing = days.iter().filter(|day| !seen.contains(day));
        for day in missing {
            prop_assert!(rhythm.moment(issued, *day).unwrap() >= dies);
        }
    }

    #[test]
    fn work_goes_on_at_once_or_at_the_next_beginning(zone in 0..ZONES.len(), minutes in 0_i64..12_000_000) {
        let rhythm = rhythm(ZONES[zone]);
        let now = at("2008-01-01T00:00:00Z") + SignedDuration::from_mins(minutes);
        let from = rhythm.working_from(now).unwrap();
        prop_assert!(from >= now && rhythm.is_working(from));
        prop_assert!(from.duration_since(now) < SignedDuration::from_hours(4 * 24));
        let is_idle = |at: Timestamp| !rhythm.is_working(at);
        let between = (1..).map(|step| now + SignedDuration::from_mins(step * 30));
        prop_assert!(from == now || between.take_while(|at| *at < from).all(is_idle));
    }
}
