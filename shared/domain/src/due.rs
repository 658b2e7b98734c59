//! When someone or something must look at a handoff: the one rule behind the table's index of due handoffs. What stands
//! still is found by it, and later steps (reminders) come in here.

use crate::handoff::{Attention, Handoff, HandoffState};
use crate::limits::DRAFTING_PATIENCE_MINUTES;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The moment from which a handoff waits for somebody, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// From when on.
    pub at: Timestamp,
    /// Why.
    pub state: DueState,
}

/// Why a handoff is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueState {
    /// Drafting should have been done.
    Drafting,
    /// The AE's link has expired.
    AwaitingAe,
    /// There is a reason why a person should look.
    Attention,
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

    /// Why a handoff in this state is due, which is in the index; `None` for one that never is.
    pub fn of(state: HandoffState, needs_attention: bool) -> Option<Self> {
        match state {
            _ if needs_attention => Some(Self::Attention),
            HandoffState::Drafting => Some(Self::Drafting),
            HandoffState::AwaitingAe => Some(Self::AwaitingAe),
            HandoffState::Submitted | HandoffState::Skipped | HandoffState::Expired => None,
        }
    }
}

impl Handoff {
    /// What is next due, if anything. A reason to look comes first, whatever the state: it was due when it was raised.
    pub fn due(&self) -> Option<Due> {
        let state = DueState::of(self.state, !self.attention.is_empty())?;
        let at = match state {
            DueState::Attention => self.attention_since.unwrap_or(self.created_at),
            DueState::Drafting => {
                let patience = SignedDuration::from_mins(DRAFTING_PATIENCE_MINUTES);
                self.created_at.checked_add(patience).unwrap_or(Timestamp::MAX)
            }
            // Without a link nobody can go on: due from the beginning.
            DueState::AwaitingAe => self.link.as_ref().map_or(self.created_at, |link| link.expires_at),
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
    fn what_is_done_is_due_only_while_there_is_a_reason_to_look() {
        for state in STATES {
            let mut handoff = handoff();
            handoff.state = state;
            let before = handoff.due();
            handoff.raise(Attention::MailFailed, at(7));
            handoff.raise(Attention::DealReopened, at(9));
            assert_eq!(handoff.due(), Some(Due { at: at(7), state: DueState::Attention }));
            handoff.lower(Attention::MailFailed);
            assert_eq!(handoff.due().unwrap().at, at(7));
            handoff.lower(Attention::DealReopened);
            assert_eq!(handoff.due(), before);
            let is_open = matches!(state, HandoffState::Drafting | HandoffState::AwaitingAe);
            assert_eq!(before.is_some(), is_open, "{state:?}");
        }
    }
}
