//! Reasons why someone should look at a handoff, whatever its state.

use serde::{Deserialize, Serialize};

/// Why someone should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    /// The deal has no owner, or the owner has no address, or is a queue.
    NoAeAddress,
    /// The owner left HubSpot.
    AeLeft,
    /// Drafting gave up.
    DraftFailed,
    /// A mail could not be sent.
    MailFailed,
    /// The AE has not answered in time.
    Overdue,
    /// The deal is no longer won.
    DealReopened,
    /// A placeholder stands for the CSM.
    CsmMissing,
    /// The AE says that the handoff is not theirs.
    WrongAe,
}

impl Attention {
    /// Whether it waits for a person: an overdue AE alone does not, the sweep goes on reminding them.
    pub fn is_for_a_person(self) -> bool {
        self != Self::Overdue
    }

    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::NoAeAddress,
        Self::AeLeft,
        Self::DraftFailed,
        Self::MailFailed,
        Self::Overdue,
        Self::DealReopened,
        Self::CsmMissing,
        Self::WrongAe,
    ];

    /// The reason as the table spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAeAddress => "no_ae_address",
            Self::AeLeft => "ae_left",
            Self::DraftFailed => "draft_failed",
            Self::MailFailed => "mail_failed",
            Self::Overdue => "overdue",
            Self::DealReopened => "deal_reopened",
            Self::CsmMissing => "csm_missing",
            Self::WrongAe => "wrong_ae",
        }
    }
}
