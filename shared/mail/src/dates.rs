//! Dates as people say them, in the organization's time zone.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

fn local(moment: Timestamp, time_zone: &str) -> Zoned {
    // A time zone that nobody knows any more must not keep a mail back.
    moment.to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC))
}

/// For example `22 December 2026`.
pub(crate) fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// For example `22 December 2026`, the day that it is there.
pub(crate) fn day(moment: Timestamp, time_zone: &str) -> String {
    date(local(moment, time_zone).date())
}

/// For example `Tuesday, 22 December 2026, 14:05 CET`.
pub(crate) fn moment(moment: Timestamp, time_zone: &str) -> String {
    local(moment, time_zone).strftime("%A, %-d %B %Y, %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_where_the_organization_is() {
        let late: Timestamp = "2026-12-22T23:30:00Z".parse().unwrap();
        assert_eq!(moment(late, "Europe/Berlin"), "Wednesday, 23 December 2026, 00:30 CET");
        assert_eq!(moment(late, "America/Los_Angeles"), "Tuesday, 22 December 2026, 15:30 PST");
        assert_eq!(day(late, "No/Where"), "22 December 2026");
    }
}
