//! Limits of outside systems, kept by all who call them together.
//!
//! A limit hands out slots, one each interval, and a few at once after a pause (the generic cell rate algorithm). All processes take
//! their slots from one number, the moment from which on the limit is full again, so that the sum of what they send stays within it.

use jiff::{SignedDuration, Timestamp};
use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

/// What outside systems limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Requests to HubSpot: 110 in any 10 seconds for an app in an account.
    HubSpot,
    /// HubSpot's searches among them: 5 in any second for an account.
    HubSpotSearch,
    /// Mails through SES: so many a second for an AWS account in a region.
    Mail,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::HubSpot, Self::HubSpotSearch, Self::Mail];

    /// The name in keys and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HubSpot => "HUBSPOT",
            Self::HubSpotSearch => "HUBSPOT-SEARCH",
            Self::Mail => "MAIL",
        }
    }
}

/// How fast a limit hands out slots. In any window of length `w` at most `burst + (w + life) / interval` are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Between two slots.
    pub interval: SignedDuration,
    /// Slots that may be used at once after a pause; at least 1.
    pub burst: u32,
    /// How long after its moment a slot may be used.
    pub life: SignedDuration,
    /// Slots that a process takes at once.
    pub bundle: u32,
}

impl Rate {
    /// 8 + 11 s / 110 ms: at most 108 requests in any 10 s, of 110.
    pub const HUBSPOT: Self = Self {
        interval: SignedDuration::from_millis(110),
        burst: 8,
        life: SignedDuration::from_secs(1),
        bundle: 8,
    };

    /// 1 + 1.15 s / 260 ms: at most 5 searches in any second, of 5.
    pub const HUBSPOT_SEARCH: Self = Self {
        interval: SignedDuration::from_millis(260),
        burst: 1,
        life: SignedDuration::from_millis(150),
        bundle: 2,
    };

    /// So many mails a second, one after the other. Zero counts as one.
    pub fn mails(per_second: u32) -> Self {
        let interval = SignedDuration::from_micros(1_000_000 / i64::from(per_second.max(1)));
        Self { interval, burst: 1, life: SignedDuration::from_millis(50), bundle: 1 }
    }

    /// The most that is used in any window of this length.
    pub fn most_in(&self, window: SignedDuration) -> u32 {
        let length = (window + self.life).as_micros();
        let further = length / self.interval.as_micros().max(1);
        self.burst.saturating_add(u32::try_from(further).unwrap_or(u32::MAX))
    }
}

/// Slots that were handed out together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// From when on the limit is full again, these slots included.
    pub full_at: Timestamp,
    /// How many there are.
    pub count: u32,
}

impl Slots {
    /// The moment of one slot, from 0: not before it, and not later than its life after it.
    pub fn at(&self, index: u32, rate: &Rate) -> Timestamp {
        let intervals = i64::from(self.count) - i64::from(index) + i64::from(rate.burst.saturating_sub(1));
        let before = rate.interval.checked_mul(i32::try_from(intervals).unwrap_or(i32::MAX));
        before.and_then(|before| self.full_at.checked_sub(before).ok()).unwrap_or(Timestamp::MIN)
    }

    /// The next so many slots, where the limit is full again at `full_at`; `None` where nobody took one before.
    pub fn next(full_at: Option<Timestamp>, count: u32, rate: &Rate, now: Timestamp) -> Self {
        let from = full_at.unwrap_or(now).max(now);
        let length = rate.interval.checked_mul(i32::try_from(count).unwrap_or(i32::MAX));
        let full_at = length.and_then(|length| from.checked_add(length).ok()).unwrap_or(Timestamp::MAX);
        Self { full_at, count }
    }
}

/// Why no slot was handed out.
#[derive(Debug, thiserror::Error)]
pub enum NoSlot {
    /// So many wait that it would take too long.
    #[error("too many wait for the same limit")]
    TooMany {
        /// How long the wait would have been.
        wait: SignedDuration,
    },
    /// It cannot be found out.
    #[error("the limit could not be asked")]
    Unknown(#[source] Box<dyn Error + Send + Sync>),
}

/// What a port returns.
pub type Promise<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Hands out slots: safe to ask from many processes at once.
pub trait Ledger: Debug + Send + Sync {
    /// The next slots of a limit. `busy` says what the caller believes: whether others are at it. Wrong, it costs a second call.
    fn reserve<'a>(
        &'a self,
        limit: Limit,
        rate: &'a Rate,
        busy: bool,
        now: Timestamp,
    ) -> Promise<'a, Result<Slots, Box<dyn Error + Send + Sync>>>;
}

/// Lets a caller go on when its turn has come.
pub trait Permits: Debug + Send + Sync {
    /// Waits for a slot of a limit; `Ok` means "now".
    fn take(&self, limit: Limit) -> Promise<'_, Result<(), NoSlot>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn limits_of_hubspot_hold_in_any_window() {
        assert!(Rate::HUBSPOT.most_in(SignedDuration::from_secs(10)) <= 110);
        assert!(Rate::HUBSPOT_SEARCH.most_in(SignedDuration::from_secs(1)) <= 5);
        assert!(Rate::mails(10).most_in(SignedDuration::from_secs(1)) <= 12);
    }

    #[test]
    fn a_burst_comes_at_once_and_the_rest_is_spread_whoever_asks() {
        let rate = Rate::HUBSPOT;
        let (mut full_at, mut moments) = (None, Vec::new());
        for _ in 0..20 {
            let slots = Slots::next(full_at, rate.bundle, &rate, at(5_000));
            full_at = Some(slots.full_at);
            moments.extend((0..slots.count).map(|index| slots.at(index, &rate)));
        }
        assert!(moments[..8].iter().all(|moment| *moment <= at(5_000)), "{moments:?}");
        assert_eq!(moments[8], at(5_110));
        assert!(moments.is_sorted());
        for from in &moments {
            let until = *from + SignedDuration::from_secs(10);
            let within = moments.iter().filter(|moment| *moment >= from && **moment < until).count();
            assert!(within <= 110, "{within}");
        }
    }

    #[test]
    fn who_waits_long_enough_gets_the_burst_again() {
        let rate = Rate::HUBSPOT;
        let first = Slots::next(None, 8, &rate, at(0));
        let second = Slots::next(Some(first.full_at), 8, &rate, at(60_000));
        assert_eq!(second.at(7, &rate), at(60_000));
    }
}
