//! Working days: Monday to Friday. Holidays differ from place to place and are not known.

use jiff::civil::{Date, Weekday};

/// The day that is `days` working days after `from`; never on a weekend, and 0 is the first working day from `from` on.
pub fn working_days_after(from: Date, days: u16) -> Date {
    let mut day = from;
    let mut left = days;
    while left > 0 || is_weekend(day) {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
        if !is_weekend(day) {
            left = left.saturating_sub(1);
        }
    }
    day
}

/// Whether it is a Saturday or a Sunday.
pub fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn weekends_do_not_count() {
        let friday = date(2026, 11, 20);
        assert_eq!(working_days_after(friday, 0), friday);
        assert_eq!(working_days_after(friday, 1), date(2026, 11, 23));
        assert_eq!(working_days_after(friday, 5), date(2026, 11, 27));
        assert_eq!(working_days_after(friday, 6), date(2026, 11, 30));
        for weekend in [date(2026, 11, 21), date(2026, 11, 22)] {
            assert_eq!(working_days_after(weekend, 0), date(2026, 11, 23));
            assert_eq!(working_days_after(weekend, 1), date(2026, 11, 23));
            assert_eq!(working_days_after(weekend, 2), date(2026, 11, 24));
        }
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        assert_eq!(working_days_after(Date::MAX, 3), Date::MAX);
    }

    proptest! {
        #[test]
        fn a_last_day_is_a_working_day_and_more_days_are_never_earlier(ahead in 0_i32..3000, days in 0_u16..400) {
            let from = date(2024, 1, 1).checked_add(jiff::Span::new().days(ahead)).unwrap();
            let due = working_days_after(from, days);
            prop_assert!(!is_weekend(due) && due >= from);
            prop_assert!(working_days_after(from, days + 1) >= due);
            // The days in between that count are as many as were asked for.
            let between = from.series(jiff::Span::new().days(1)).skip(1).take_while(|day| *day <= due);
            let counted = between.filter(|day| !is_weekend(*day)).count();
            prop_assert_eq!(counted, usize::from(days.max(u16::from(is_weekend(from)))));
        }
    }
}
