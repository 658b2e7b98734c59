//! Permits to call outside systems within limits that all processes keep together.

use crate::Clock;
use handoff_domain::Timestamp;
use handoff_domain::pace::{Ledger, Limit, NoSlot, Permits, Promise, Rate, Slots};
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// Who would have to wait longer comes again later instead: a function's time is short.
const PATIENCE: SignedDuration = SignedDuration::from_secs(25);
/// How often the clock is looked at meanwhile: the local run's can be moved.
const LOOK: Duration = Duration::from_millis(5);

/// Takes slots from a ledger, a bundle at a time, and lets callers go on when their slot has come. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SharedPermits {
    ledger: Arc<dyn Ledger>,
    clock: Clock,
    mails: Rate,
    leased: Arc<Mutex<BTreeMap<Limit, Leased>>>,
}

/// A bundle, and how many of its slots are used.
#[derive(Debug)]
struct Leased {
    slots: Slots,
    used: u32,
}

impl SharedPermits {
    /// Permits by the numbers of `ledger` and the time of `clock`, with 10 mails a second.
    pub fn new(ledger: Arc<dyn Ledger>, clock: Clock) -> Self {
        Self { ledger, clock, mails: Rate::mails(10), leased: Arc::default() }
    }

    /// The same with another rate of mails.
    pub fn with_mails(self, per_second: u32) -> Self {
        Self { mails: Rate::mails(per_second), ..self }
    }

    fn rate(&self, limit: Limit) -> &Rate {
        match limit {
            Limit::HubSpot => &Rate::HUBSPOT,
            Limit::HubSpotSearch => &Rate::HUBSPOT_SEARCH,
            Limit::Mail => &self.mails,
        }
    }

    /// The moment of the next slot that is not over yet.
    async fn next(&self, limit: Limit, rate: &Rate) -> Result<Timestamp, NoSlot> {
        let mut leased = self.leased.lock().await;
        let now = self.clock.now();
        if let Some(bundle) = leased.get_mut(&limit) {
            while bundle.used < bundle.slots.count {
                let at = bundle.slots.at(bundle.used, rate);
                bundle.used += 1;
                if now <= at.checked_add(rate.life).unwrap_or(Timestamp::MAX) {
                    return Ok(at);
                }
            }
        }
        let busy = leased.get(&limit).is_some_and(|bundle| bundle.slots.full_at >= now);
        let slots = self.ledger.reserve(limit, rate, busy, now).await.map_err(NoSlot::Unknown)?;
        leased.insert(limit, Leased { slots, used: 1 });
        Ok(slots.at(0, rate))
    }

    async fn wait(&self, limit: Limit) -> Result<(), NoSlot> {
        let rate = self.rate(limit);
        loop {
            let at = self.next(limit, rate).await?;
            let wait = at.duration_since(self.clock.now());
            if wait > PATIENCE {
                return Err(NoSlot::TooMany { wait });
            }
            while let Ok(left) = Duration::try_from(at.duration_since(self.clock.now()))
                && !left.is_zero()
            {
                tokio::time::sleep(left.min(LOOK)).await;
            }
            // Held up for too long: the slot may be somebody else's window by now.
            if self.clock.now() <= at.checked_add(rate.life).unwrap_or(Timestamp::MAX) {
                return Ok(());
            }
        }
    }
}

impl Permits for SharedPermits {
    fn take(&self, limit: Limit) -> Promise<'_, Result<(), NoSlot>> {
        Box::pin(self.wait(limit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;
    use std::sync::Mutex as Lock;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[derive(Debug, Default)]
    struct OneNumber(Lock<Option<Timestamp>>);

    impl Ledger for OneNumber {
        fn reserve<'a>(
            &'a self,
            _: Limit,
            rate: &'a Rate,
            _: bool,
            now: Timestamp,
        ) -> Promise<'a, Result<Slots, Box<dyn Error + Send + Sync>>> {
            let mut full_at = self.0.lock().unwrap();
            let slots = Slots::next(*full_at, rate.bundle, rate, now);
            *full_at = Some(slots.full_at);
            Box::pin(async move { Ok(slots) })
        }
    }

    #[tokio::test]
    async fn sixteen_processes_together_stay_within_the_limit() {
        let (ahead, ledger) = (Arc::new(AtomicI64::new(0)), Arc::new(OneNumber::default()));
        let clock = Clock::shifted(ahead.clone());
        let began = clock.now();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (permits, clock) = (SharedPermits::new(ledger.clone(), clock.clone()), clock.clone());
            tasks.spawn(async move {
                let mut moments = Vec::new();
                for _ in 0..25 {
                    match permits.take(Limit::HubSpot).await {
                        Ok(()) => moments.push(clock.now()),
                        Err(NoSlot::TooMany { .. }) => tokio::time::sleep(LOOK).await,
                        Err(error) => panic!("{error}"),
                    }
                }
                moments
            });
        }
        let time = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(5)).await;
                ahead.fetch_add(100, Ordering::Relaxed);
            }
        });
        let mut moments: Vec<Timestamp> = tasks.join_all().await.concat();
        time.abort();
        moments.sort_unstable();
        for from in &moments {
            let until = *from + SignedDuration::from_secs(10);
            let within = moments.iter().filter(|moment| *moment >= from && **moment < until).count();
            assert!(within <= 110, "{within} in ten seconds");
        }
        let rate = moments.len() as f64 / clock.now().duration_since(began).as_secs_f64();
        assert!(moments.len() > 150 && rate > 4.0, "{} at {rate} a second", moments.len());
    }
}
