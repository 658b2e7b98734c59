use super::*;
use proptest::prelude::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

#[test]
fn the_next_working_day_at_ten_is_offered() {
    let offered = |now: &str| KickoffTime::offered(moment(now), &berlin()).at.to_string();
    assert_eq!(offered("2026-11-23T09:00:00Z"), "2026-11-24T10:00:00+01:00[Europe/Berlin]");
    assert_eq!(offered("2026-11-27T09:00:00Z"), "2026-11-30T10:00:00+01:00[Europe/Berlin]");
    // Friday evening in UTC is Saturday in Berlin.
    assert_eq!(offered("2026-11-27T23:30:00Z"), "2026-11-30T10:00:00+01:00[Europe/Berlin]");
}

#[test]
fn what_is_typed_counts_in_the_organizations_zone_and_the_rest_stays() {
    let offered = KickoffTime::offered(moment("2026-11-23T09:00:00Z"), &berlin());
    let summer = offered.with("2027-07-01", "14:30", "60").unwrap();
    assert_eq!(summer.at.timestamp(), moment("2027-07-01T12:30:00Z"));
    assert_eq!(summer.end(), moment("2027-07-01T13:30:00Z"));
    assert_eq!(offered.with("", "", "").unwrap(), offered);
    assert_eq!(offered.with("soon", "", ""), Err(KickoffRefusal::NoDate));
    assert_eq!(offered.with("", "25:00", ""), Err(KickoffRefusal::NoTime));
    for minutes in ["0", "9", "481", "-1", "x"] {
        assert_eq!(offered.with("", "", minutes), Err(KickoffRefusal::NoLength), "{minutes}");
    }
    // This hour is not there when the clocks go forward.
    assert_eq!(
        offered.with("2027-03-28", "02:30", "").unwrap().at.timestamp(),
        moment("2027-03-28T01:30:00Z")
    );
}

#[test]
fn a_kickoff_is_planned_ahead_and_counts_its_moves() {
    let now = moment("2026-11-23T09:00:00Z");
    let first = KickoffTime::offered(now, &berlin());
    let planned = Kickoff::plan(None, &first, Who::System, now).unwrap();
    assert_eq!((planned.moves, planned.time_zone.as_str()), (0, "Europe/Berlin"));
    assert_eq!(Kickoff::plan(Some(&planned), &first, Who::System, now).unwrap(), planned);
    let later = first.with("2026-12-01", "", "").unwrap();
    let moved = Kickoff::plan(Some(&planned), &later, Who::System, now).unwrap();
    assert_eq!(moved.moves, 1);
    let past = first.with("2026-11-22", "", "").unwrap();
    assert_eq!(Kickoff::plan(None, &past, Who::System, now), Err(KickoffRefusal::Past));
    let far = first.with("2029-01-01", "", "").unwrap();
    assert_eq!(Kickoff::plan(None, &far, Who::System, now), Err(KickoffRefusal::TooFar));
}

proptest! {
    #[test]
    fn no_time_is_offered_on_a_weekend_or_in_the_past(second in 0i64..4_000_000_000) {
        let now = Timestamp::from_second(second).unwrap();
        let offered = KickoffTime::offered(now, &berlin());
        prop_assert!(offered.at.timestamp() > now);
        prop_assert!(!matches!(offered.at.weekday(), Weekday::Saturday | Weekday::Sunday));
    }

    #[test]
    fn nothing_typed_can_break_the_form(date in "\\PC*", time in "\\PC*", minutes in "\\PC*") {
        let _ = KickoffTime::offered(moment("2026-11-23T09:00:00Z"), &berlin()).with(&date, &time, &minutes);
    }
}
