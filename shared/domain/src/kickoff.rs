//! The kickoff call: when it is, as planned by a person, and as its invitation names it.

use crate::event::Who;
use crate::handoff::Handoff;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

/// How long a kickoff takes where nobody says otherwise, in minutes.
pub const KICKOFF_MINUTES: u16 = 45;

/// The shortest and the longest kickoff, in minutes.
pub const KICKOFF_MINUTES_RANGE: std::ops::RangeInclusive<u16> = 10..=480;

/// When it begins where nobody says otherwise.
const KICKOFF_TIME: Time = Time::constant(10, 0, 0, 0);

/// How far ahead it may be planned, in days.
const AHEAD_DAYS: i64 = 366;

/// The kickoff of one account as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kickoff {
    /// When it begins.
    pub at: Timestamp,
    /// How long it takes.
    pub minutes: u16,
    /// The IANA time zone that it was planned in.
    pub time_zone: String,
    /// How often it was moved: 0 for the first plan.
    pub moves: u32,
    /// When it was planned, or moved last.
    pub planned_at: Timestamp,
    /// By whom.
    pub by: Who,
}

/// A time for the kickoff, planned or only looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KickoffTime {
    /// When it begins, where the organization is.
    pub at: Zoned,
    /// How long it takes.
    pub minutes: u16,
}

/// Why a time cannot be planned. The text says the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KickoffRefusal {
    /// The date is none.
    #[error("Please give the day of the kickoff, for example 2027-01-18.")]
    NoDate,
    /// The time is none.
    #[error("Please give the time of the kickoff, for example 10:00.")]
    NoTime,
    /// The length is none.
    #[error("Please give the length in minutes, from 10 to 480.")]
    NoLength,
    /// It is over.
    #[error("This time has passed. Please choose one that is still to come.")]
    Past,
    /// It is too far away.
    #[error("Please choose a time within the next year.")]
    TooFar,
    /// Somebody planned it since the page was shown.
    #[error("Somebody planned the kickoff meanwhile. Look at their time, then send yours again.")]
    Stale,
}

impl KickoffTime {
    /// What is offered where nothing is planned: ten o'clock of the next working day.
    pub fn offered(now: Timestamp, zone: &TimeZone) -> Self {
        let mut day = now.to_zoned(zone.clone()).date().saturating_add(1.day());
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = day.saturating_add(1.day());
        }
        let at = day.to_datetime(KICKOFF_TIME).to_zoned(zone.clone());
        Self { at: at.unwrap_or_else(|_| now.to_zoned(zone.clone())), minutes: KICKOFF_MINUTES }
    }

    /// As it was planned, shown in `zone`.
    pub fn planned(kickoff: &Kickoff, zone: &TimeZone) -> Self {
        Self { at: kickoff.at.to_zoned(zone.clone()), minutes: kickoff.minutes }
    }

    /// As typed: what is empty is taken from this one.
    pub fn with(&self, date: &str, time: &str, minutes: &str) -> Result<Self, KickoffRefusal> {
        let date: Date = typed(date, self.at.date()).ok_or(KickoffRefusal::NoDate)?;
        let time: Time = typed(time, self.at.time()).ok_or(KickoffRefusal::NoTime)?;
        let minutes = typed(minutes, self.minutes).filter(|minutes| KICKOFF_MINUTES_RANGE.contains(minutes));
        let minutes = minutes.ok_or(KickoffRefusal::NoLength)?;
        let zone = self.at.time_zone().clone();
        let at = date.to_datetime(time).to_zoned(zone).map_err(|_| KickoffRefusal::NoDate)?;
        Ok(Self { at, minutes })
    }

    /// When it ends.
    pub fn end(&self) -> Timestamp {
        let length = SignedDuration::from_mins(i64::from(self.minutes));
        self.at.timestamp().checked_add(length).unwrap_or(Timestamp::MAX)
    }

    /// Whether this is what is planned.
    pub fn is(&self, kickoff: &Kickoff) -> bool {
        self.at.timestamp() == kickoff.at && self.minutes == kickoff.minutes
    }
}

fn typed<T: std::str::FromStr>(text: &str, otherwise: T) -> Option<T> {
    match text.trim() {
        "" => Some(otherwise),
        text => text.parse().ok(),
    }
}

impl Kickoff {
    /// Planned, or moved, by `by` at `now`; the same one where nothing changes.
    pub fn plan(
        before: Option<&Self>,
        time: &KickoffTime,
        by: Who,
        now: Timestamp,
    ) -> Result<Self, KickoffRefusal> {
        if let Some(same) = before.filter(|before| time.is(before)) {
            return Ok(same.clone());
        }
        let at = time.at.timestamp();
        if at <= now {
            return Err(KickoffRefusal::Past);
        }
        if at.duration_since(now) > SignedDuration::from_hours(24 * AHEAD_DAYS) {
            return Err(KickoffRefusal::TooFar);
        }
        Ok(Self {
            at,
            minutes: time.minutes,
            time_zone: time.at.time_zone().iana_name().unwrap_or("UTC").to_owned(),
            moves: before.map_or(0, |before| before.moves.saturating_add(1)),
            planned_at: now,
            by,
        })
    }
}

impl Handoff {
    /// The id of the kickoff in everybody's calendar: one for the account, for ever, so that a later file moves it.
    pub fn kickoff_uid(&self) -> String {
        format!("kickoff-{}@{}.handoff.invalid", self.id, self.organization)
    }
}

#[cfg(test)]
mod tests;
