//! A token bucket for one process: short bursts pass, the average stays under the limit.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Hands out permissions to send, `per_second` on average, as many at once after a pause.
#[derive(Debug)]
pub(crate) struct Bucket {
    interval: Duration,
    burst: Duration,
    full_again_at: Mutex<Instant>,
}

impl Bucket {
    /// A full bucket. Zero counts as one a second.
    pub(crate) fn new(per_second: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        let burst = Duration::from_secs(1).saturating_sub(interval);
        Self { interval, burst, full_again_at: Mutex::new(Instant::now()) }
    }

    /// Waits until one more request may be sent.
    pub(crate) async fn take(&self) {
        sleep_until(self.reserve()).await;
    }

    fn reserve(&self) -> Instant {
        let now = Instant::now();
        let mut full_again_at = self.full_again_at.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = (*full_again_at).max(now);
        *full_again_at = slot + self.interval;
        slot.checked_sub(self.burst).map_or(now, |at| at.max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_passes_and_the_rest_is_spread() {
        let bucket = Bucket::new(8);
        let start = Instant::now();
        let waits: Vec<_> = (0..24).map(|_| bucket.reserve().saturating_duration_since(start)).collect();
        assert!(waits[7] < Duration::from_millis(50), "{waits:?}");
        assert!(waits[8] > Duration::from_millis(80), "{waits:?}");
        assert!(
            waits[23] > Duration::from_millis(1_900) && waits[23] < Duration::from_millis(2_100),
            "{waits:?}"
        );
    }
}
