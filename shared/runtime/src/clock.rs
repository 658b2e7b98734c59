//! The clock: the system's own, or the local run's, which can be moved forward.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time. Cheap to clone; all clones of a shifted clock move together.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_ms: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The machine's time.
    pub fn system() -> Self {
        Self::default()
    }

    /// The machine's time plus a shared number of milliseconds.
    pub fn shifted(ahead_ms: Arc<AtomicI64>) -> Self {
        Self { ahead_ms: Some(ahead_ms) }
    }

    /// The time now.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        let ahead = self.ahead_ms.as_ref().map_or(0, |ahead| ahead.load(Ordering::Relaxed));
        Timestamp::now().checked_add(SignedDuration::from_millis(ahead)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_shifted_clock_move_together() {
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Clock::shifted(ahead.clone());
        let twin = clock.clone();
        let before = twin.now();
        ahead.store(86_400_000, Ordering::Relaxed);
        assert!(twin.now().duration_since(before) >= SignedDuration::from_hours(24));
        assert!(clock.now().duration_since(Clock::system().now()) > SignedDuration::from_hours(23));
    }
}
