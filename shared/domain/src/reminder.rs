//! When an AE is reminded: the steps that an organization chose, counted in days from the moment the link was made, in its
//! working hours and time zone, never on a weekend, never two on one day. Where the sweep could not run for a while, the
//! latest step that is due stands for all before it.

use crate::limits::{DRAFTING_GIVE_UP_MINUTES, LATER_MAX_DAYS};
use crate::organization::{Organization, REMINDER_DAYS, WorkingHours};
use crate::plan::is_weekend;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The next reminder of a handoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextReminder {
    /// When the sweep sends it: the beginning of a working day.
    pub at: Timestamp,
    /// Which step: days after the link was made, or those until the day that the AE asked for.
    pub day: u8,
}

/// How an organization reminds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rhythm {
    days: Vec<u8>,
    hours: WorkingHours,
    zone: TimeZone,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self::new(REMINDER_DAYS.to_vec(), WorkingHours::default(), TimeZone::UTC)
    }
}

impl Organization {
    /// Its reminder days, working hours and time zone; UTC where the zone is not known.
    pub fn rhythm(&self) -> Rhythm {
        let zone = TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC);
        Rhythm { days: self.reminder_days.clone(), hours: self.working_hours, zone }
    }
}

impl Rhythm {
    /// Days, hours and zone as given.
    pub fn new(days: Vec<u8>, hours: WorkingHours, zone: TimeZone) -> Self {
        Self { days, hours, zone }
    }

    /// The day at a moment, where the organization is.
    pub fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// Whether people work at this moment.
    pub fn is_working(&self, at: Timestamp) -> bool {
        let here = at.to_zoned(self.zone.clone());
        !is_weekend(here.date()) && self.hours.from <= here.time() && here.time() < self.hours.until
    }

    /// The beginning of the first working day from `date` on. Where clocks leap over it, the moment after the leap.
    pub fn opening(&self, date: Date) -> Option<Timestamp> {
        let mut day = date;
        while is_weekend(day) {
            day = day.tomorrow().ok()?;
        }
        Some(day.to_datetime(self.hours.from).to_zoned(self.zone.clone()).ok()?.timestamp())
    }

    /// The next moment at which people work: `at` itself, or the beginning of a working day.
    pub fn working_from(&self, at: Timestamp) -> Option<Timestamp> {
        if self.is_working(at) {
            return Some(at);
        }
        let today = self.opening(self.date(at)).filter(|opening| at <= *opening);
        today.or_else(|| self.opening(self.date(at).tomorrow().ok()?))
    }

    /// When the step of so many days after `issued_at` is due.
    pub fn moment(&self, issued_at: Timestamp, day: u8) -> Option<Timestamp> {
        self.opening(self.date(issued_at).checked_add(Span::new().days(day)).ok()?)
    }

    /// The first step after `done` days; `None` when none is left before the link dies.
    pub fn next(&self, issued_at: Timestamp, expires_at: Timestamp, done: u8) -> Option<NextReminder> {
        let day = self.days.iter().copied().filter(|day| *day > done).min()?;
        let at = self.moment(issued_at, day)?;
        (at < expires_at).then_some(NextReminder { at, day })
    }

    /// The step that `due` stands for at `now`: the latest whose moment has come.
    pub fn step(&self, issued_at: Timestamp, due: NextReminder, now: Timestamp) -> u8 {
        let has_come = |day: &u8| self.moment(issued_at, *day).is_some_and(|at| at <= now);
        self.days.iter().copied().filter(has_come).max().map_or(due.day, |latest| latest.max(due.day))
    }

    /// Whether it is not the first step: one before it passed without an answer.
    pub fn is_later_step(&self, day: u8) -> bool {
        self.days.iter().any(|earlier| *earlier < day)
    }

    /// The reminder of a day that the AE asked for.
    pub fn later(
        &self,
        issued_at: Timestamp,
        expires_at: Timestamp,
        date: Date,
        now: Timestamp,
    ) -> Result<NextReminder, LaterRefusal> {
        let today = self.date(now);
        if date <= today {
            return Err(LaterRefusal::Past);
        }
        let at = self.opening(date).filter(|at| *at < expires_at).ok_or(LaterRefusal::TooLate)?;
        let days = self.date(at).since(self.date(issued_at)).map(|span| span.get_days()).unwrap_or_default();
        let day =
            u8::try_from(days).ok().filter(|day| *day <= LATER_MAX_DAYS).ok_or(LaterRefusal::TooLate)?;
        Ok(NextReminder { at, day })
    }
}

/// Why a day cannot be chosen. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LaterRefusal {
    /// It is no day.
    #[error("Please choose a day, for example the coming Monday.")]
    NoDay,
    /// It is today, or over.
    #[error("Please choose a day after today.")]
    Past,
    /// The link is dead by then.
    #[error("Your link does not live that long. Please choose an earlier day.")]
    TooLate,
}

/// When drafting has taken so long that a person must look.
pub(crate) fn given_up_at(created_at: Timestamp) -> Timestamp {
    created_at.checked_add(SignedDuration::from_mins(DRAFTING_GIVE_UP_MINUTES)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
