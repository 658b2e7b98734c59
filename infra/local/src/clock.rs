//! The system's clock: the machine's, moved forward as far as somebody asked, and never back.

use crate::state::{State, StateError};
use handoff_runtime::Clock;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

const SETTING: &str = "clock_ahead_ms";
/// A hundred years in seconds: far enough for every test, near enough for every calculation.
const ADVANCE_MAX_SECONDS: i64 = 100 * 366 * 86_400;

/// Why the clock did not move.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// Backwards, or further than a hundred years.
    #[error("advance_seconds is a whole number from 0 to {ADVANCE_MAX_SECONDS}")]
    OutOfRange,
    /// The move could not be kept.
    #[error("the clock's position cannot be kept")]
    State(#[source] StateError),
}

/// Moves the clock that everything in the local run tells the time by.
#[derive(Debug, Clone)]
pub struct MovableClock {
    ahead_ms: Arc<AtomicI64>,
    state: State,
}

impl MovableClock {
    /// The clock, as far ahead as it was when the program ended.
    pub fn open(state: &State) -> Result<Self, StateError> {
        let ahead = state.get(SETTING)?.and_then(|text| text.parse().ok()).unwrap_or(0);
        Ok(Self { ahead_ms: Arc::new(AtomicI64::new(ahead)), state: state.clone() })
    }

    /// The clock to tell the time by.
    pub fn clock(&self) -> Clock {
        Clock::shifted(self.ahead_ms.clone())
    }

    /// How far ahead of the machine's clock it is, in milliseconds.
    pub fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed)
    }

    /// Moves it forward and keeps that; answers with the new time.
    pub fn advance(&self, seconds: i64) -> Result<Timestamp, ClockError> {
        self.advance_milliseconds(seconds.saturating_mul(1000))
    }

    /// The same in milliseconds.
    pub fn advance_milliseconds(&self, milliseconds: i64) -> Result<Timestamp, ClockError> {
        let (total, most) = (self.ahead_ms().saturating_add(milliseconds), ADVANCE_MAX_SECONDS * 1000);
        if !(0..=most).contains(&milliseconds) || total > most {
            return Err(ClockError::OutOfRange);
        }
        // Kept first: a time that was told once is never taken back by a crash.
        self.state.set(SETTING, &total.to_string()).map_err(ClockError::State)?;
        self.ahead_ms.fetch_max(total, Ordering::Relaxed);
        Ok(self.clock().now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::DataDir;

    #[test]
    fn the_clock_moves_forward_only_and_remembers() {
        let state = State::open(&DataDir::Memory).unwrap();
        let clock = MovableClock::open(&state).unwrap();
        let before = clock.clock().now();
        clock.advance(86_400).unwrap();
        assert!(clock.advance(-1).is_err());
        assert!(clock.advance(i64::MAX).is_err());
        let again = MovableClock::open(&state).unwrap().clock().now();
        assert!(again.duration_since(before).as_hours() >= 24);
    }
}
