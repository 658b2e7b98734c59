//! The facts of a handoff's life that other tools are told of: a closed list with names that never change their meaning.

use crate::event::{Event, What};
use serde::{Deserialize, Serialize};

/// One kind of fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fact {
    /// A closed deal, or a person, made an account.
    #[serde(rename = "account.created")]
    AccountCreated,
    /// Answers are drafted.
    #[serde(rename = "handoff.drafted")]
    Drafted,
    /// The AE's mail with the link left.
    #[serde(rename = "handoff.invited")]
    Invited,
    /// A person opened the form for the first time.
    #[serde(rename = "handoff.opened")]
    Opened,
    /// The AE was reminded.
    #[serde(rename = "handoff.reminded")]
    Reminded,
    /// Somebody should look.
    #[serde(rename = "handoff.needs_attention")]
    NeedsAttention,
    /// The AE handed over.
    #[serde(rename = "handoff.submitted")]
    Submitted,
    /// A person closed it without a submit.
    #[serde(rename = "handoff.skipped")]
    Skipped,
    /// The link's last day passed.
    #[serde(rename = "handoff.expired")]
    Expired,
    /// It went back to the AE for another round.
    #[serde(rename = "handoff.returned")]
    Returned,
    /// The CSM said how useful it was.
    #[serde(rename = "handoff.rated")]
    Rated,
    /// An account that nobody had was given to a CSM.
    #[serde(rename = "account.assigned")]
    Assigned,
    /// An account was given to another CSM.
    #[serde(rename = "account.reassigned")]
    Reassigned,
    /// The onboarding plan is done.
    #[serde(rename = "account.live")]
    Live,
    /// Nothing happened: an admin tries whether messages arrive.
    #[serde(rename = "test")]
    Test,
}

impl Fact {
    /// All that can happen, in the order of a handoff's life; the test is none of them.
    pub const ALL: [Self; 14] = [
        Self::AccountCreated,
        Self::Drafted,
        Self::Invited,
        Self::Opened,
        Self::Reminded,
        Self::NeedsAttention,
        Self::Submitted,
        Self::Skipped,
        Self::Expired,
        Self::Returned,
        Self::Rated,
        Self::Assigned,
        Self::Reassigned,
        Self::Live,
    ];

    /// The name in payloads and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account.created",
            Self::Drafted => "handoff.drafted",
            Self::Invited => "handoff.invited",
            Self::Opened => "handoff.opened",
            Self::Reminded => "handoff.reminded",
            Self::NeedsAttention => "handoff.needs_attention",
            Self::Submitted => "handoff.submitted",
            Self::Skipped => "handoff.skipped",
            Self::Expired => "handoff.expired",
            Self::Returned => "handoff.returned",
            Self::Rated => "handoff.rated",
            Self::Assigned => "account.assigned",
            Self::Reassigned => "account.reassigned",
            Self::Live => "account.live",
            Self::Test => "test",
        }
    }

    /// The fact for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::AccountCreated => "Account made",
            Self::Drafted => "Answers drafted",
            Self::Invited => "AE invited",
            Self::Opened => "Form opened",
            Self::Reminded => "AE reminded",
            Self::NeedsAttention => "Somebody should look",
            Self::Submitted => "Handed over",
            Self::Skipped => "Skipped",
            Self::Expired => "Link expired",
            Self::Returned => "Given back to the AE",
            Self::Rated => "Rated by the CSM",
            Self::Assigned => "CSM assigned",
            Self::Reassigned => "CSM changed",
            Self::Live => "Customer live",
            Self::Test => "Test",
        }
    }

    /// Reads a name of [`Fact::ALL`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.as_str() == text)
    }

    /// What an event is to other tools; `None` where it is our own business.
    pub fn of(event: &Event) -> Option<Self> {
        match &event.what {
            What::AccountCreated { .. } => Some(Self::AccountCreated),
            What::DraftsReady { .. } => Some(Self::Drafted),
            What::MailSent { mail, .. } if mail == "handoff_invitation" => Some(Self::Invited),
            What::Opened => Some(Self::Opened),
            What::Reminded { .. } => Some(Self::Reminded),
            What::AttentionRaised { .. } => Some(Self::NeedsAttention),
            What::Submitted { .. } => Some(Self::Submitted),
            What::Skipped { .. } => Some(Self::Skipped),
            What::Expired { .. } => Some(Self::Expired),
            What::Returned { .. } => Some(Self::Returned),
            What::Rated { .. } => Some(Self::Rated),
            What::Assigned { .. } => Some(Self::Assigned),
            What::Reassigned { .. } => Some(Self::Reassigned),
            What::WentLive => Some(Self::Live),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_has_one_name_everywhere() {
        for fact in Fact::ALL.into_iter().chain([Fact::Test]) {
            assert_eq!(serde_json::to_value(fact).unwrap(), fact.as_str());
        }
        assert_eq!(Fact::parse("handoff.rated"), Some(Fact::Rated));
        assert_eq!(Fact::parse("test"), None, "nobody subscribes to tests");
    }
}
