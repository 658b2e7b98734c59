//! When a sweep must do something about a handoff: the one rule behind the table's index of due handoffs. What waits for a
//! person is not in it, but in the lane of the lists where they look: else a sweep would read it again and again, and a
//! thousand of them would stand before the one that a reminder is due for.

use crate::handoff::{Attention, Handoff, HandoffState};
use crate::limits::{DRAFTING_GIVE_UP_MINUTES, DRAFTING_PATIENCE_MINUTES};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The moment from which a handoff waits for a sweep, and in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// From when on.
    pub at: Timestamp,
    /// Why.
    pub state: DueState,
}

/// Why a handoff is due, and what the metrics tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Drafting should have been done.
    Drafting,
    /// The AE's link has expired, or a reminder is due.
    AwaitingAe,
    /// There is a reason why a person should look. Nothing is due for it: admins find it on their board and in their digest.
    Attention,
}

impl Due {
    /// When a sweep must do something: drafting that takes too long is told for a while before it is given up.
    pub fn acts_at(&self) -> Timestamp {
        let more = match self.state {
            DueState::Drafting => DRAFTING_GIVE_UP_MINUTES - DRAFTING_PATIENCE_MINUTES,
            DueState::AwaitingAe | DueState::Attention => 0,
        };
        self.at.checked_add(SignedDuration::from_mins(more)).unwrap_or(Timestamp::MAX)
    }
}

impl DueState {
    /// Every one of them.
    pub const ALL: [Self; 3] = [Self::Drafting, Self::AwaitingAe, Self::Attention];

    /// The name, as metrics and logs spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::AwaitingAe => "awaiting_ae",
            Self::Attention => "attention",
        }
    }

    /// In which state a handoff can be due; `None` for one that never is.
    pub fn of(state: HandoffState) -> Option<Self> {
        match state {
            HandoffState::Drafting => Some(Self::Drafting),
            HandoffState::AwaitingAe => Some(Self::AwaitingAe),
            HandoffState::Submitted | HandoffState::Skipped | HandoffState::Expired => None,
        }
    }
}

impl Handoff {
    /// What is next due, if anything: drafting when it takes too long, a reminder, the end of the link.
    pub fn due(&self) -> Option<Due> {
        let state = DueState::of(self.state)?;
        let acts_at = self.acts_at()?;
        let patience = SignedDuration::from_mins(DRAFTING_PATIENCE_MINUTES);
        let at = match state {
            DueState::Drafting => {
                self.created_at.checked_add(patience).unwrap_or(Timestamp::MAX).min(acts_at)
            }
            DueState::AwaitingAe | DueState::Attention => acts_at,
        };
        Some(Due { at, state })
    }

    /// Adds a reason to look. The moment is that of the first of the reasons that stand.
    pub fn raise(&mut self, reason: Attention, now: Timestamp) {
        self.attention.insert(reason);
        self.attention_since.get_or_insert(now);
    }

    /// Takes a reason back.
    pub fn lower(&mut self, reason: Attention) {
        self.attention.remove(&reason);
        if self.attention.is_empty() {
            self.attention_since = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::tests::{at, handoff};
    use crate::link::{Link, LinkKey};

    const STATES: [HandoffState; 5] = [
        HandoffState::Drafting,
        HandoffState::AwaitingAe,
        HandoffState::Submitted,
        HandoffState::Skipped,
        HandoffState::Expired,
    ];

    #[test]
    fn drafting_is_due_after_a_quarter_of_an_hour_and_waiting_when_the_link_expires() {
        let mut handoff = handoff();
        handoff.state = HandoffState::Drafting;
        assert_eq!(handoff.due(), Some(Due { at: at(15 * 60), state: DueState::Drafting }));
        let key = LinkKey::new(&"k".repeat(32)).unwrap();
        handoff.state = HandoffState::AwaitingAe;
        handoff.link = Some(Link::issue(&key, &handoff.organization, &handoff.id, 1, 30, at(0)));
        assert_eq!(handoff.due(), Some(Due { at: at(30 * 86_400), state: DueState::AwaitingAe }));
    }

    #[test]
    fn what_waits_for_a_person_is_due_no_sooner_than_without() {
        for state in STATES {
            let mut handoff = handoff();
            handoff.state = state;
            let key = LinkKey::new(&"k".repeat(32)).unwrap();
            handoff.link = Some(Link::issue(&key, &handoff.organization, &handoff.id, 1, 30, at(0)));
            let before = handoff.due();
            handoff.raise(Attention::MailFailed, at(7));
            handoff.raise(Attention::DealReopened, at(9));
            assert_eq!((handoff.due(), handoff.attention_since), (before, Some(at(7))));
            handoff.lower(Attention::MailFailed);
            assert_eq!(handoff.attention_since, Some(at(7)));
            handoff.lower(Attention::DealReopened);
            assert_eq!(handoff.attention_since, None);
            let is_open = matches!(state, HandoffState::Drafting | HandoffState::AwaitingAe);
            assert_eq!(before.is_some(), is_open, "{state:?}");
        }
    }

    #[test]
    fn drafting_that_was_given_up_and_a_wait_without_a_link_are_due_never() {
        let mut handoff = handoff();
        handoff.state = HandoffState::Drafting;
        handoff.raise(Attention::DraftFailed, at(7));
        assert_eq!(handoff.due(), None);
        handoff.state = HandoffState::AwaitingAe;
        handoff.link = None;
        assert_eq!(handoff.due(), None);
    }
}
