//! Ids as types, so that an account can never be passed where a deal is meant. Each is parsed once, at the border.

use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Why a text is not an id of the kind asked for. Never carries the text itself: it may be a secret or an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}: expected 1 to {max} characters of [A-Za-z0-9_-]")]
pub struct ParseIdError {
    kind: &'static str,
    max: usize,
}

fn is_id_text(text: &str, max: usize) -> bool {
    !text.is_empty()
        && text.len() <= max
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an id of 1 to the type's maximum of characters from `[A-Za-z0-9_-]`.
            pub fn parse(text: impl Into<String>) -> Result<Self, ParseIdError> {
                let text = text.into();
                if is_id_text(&text, $max) { Ok(Self(text)) } else { Err(ParseIdError { kind: $kind, max: $max }) }
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// One tenant. Bound to one HubSpot portal for ever, so it is derived from the portal and needs no look-up.
    OrganizationId, "organization id", 32
);
text_id!(
    /// One customer. Derived from the deal for accounts that come from HubSpot, so that the key itself keeps them unique;
    /// random for accounts made by hand.
    AccountId, "account id", 48
);
text_id!(
    /// One question of an organization. Stays the same over all versions of its question set.
    QuestionId, "question id", 48
);
text_id!(
    /// One person of an organization's roster.
    MemberId, "roster member id", 48
);
text_id!(
    /// One source of a handoff, for example `note-77` or `deal-123`. Unique within its account.
    SourceId, "source id", 64
);
text_id!(
    /// One draft run. Whoever asks for the run chooses it, so that a repeat is recognised.
    RunId, "draft run id", 64
);
text_id!(
    /// One image of an organization's logo, by its SHA-256.
    LogoId, "logo id", 64
);
text_id!(
    /// One cause of mails. The same cause always has the same id, so that it is owed once. Short enough for the whole
    /// outbox key to fit into one SES message tag.
    OutboxId, "outbox id", 92
);
text_id!(
    /// What some sources disagree about. Follows from the words of the versions, so that the same disagreement keeps its
    /// id, and how it was settled, over a new draft.
    ConflictId, "conflict id", 32
);
text_id!(
    /// What Sales promised. Follows from its quote, as [`ConflictId`] does.
    PromiseId, "promise id", 32
);
text_id!(
    /// One fact of an account's timeline. Follows from its cause: [`EventId::of`].
    EventId, "event id", 160
);
text_id!(
    /// One note about an account.
    NoteId, "note id", 48
);
text_id!(
    /// One onboarding template of an organization. Stays the same over all versions of it.
    TemplateId, "template id", 48
);
text_id!(
    /// One milestone of a template, and of the plans that were made from it.
    MilestoneId, "milestone id", 48
);
text_id!(
    /// One action of a template, and of the plans that were made from it; unique within the whole plan.
    ActionId, "action id", 48
);
text_id!(
    /// One wish to sign in: random, and in the link that is mailed.
    SignInId, "sign-in id", 32
);
text_id!(
    /// One change of the settings. Follows from what was changed and its number, so that a repeat is the same entry.
    AuditId, "audit id", 64
);
text_id!(
    /// HubSpot's record id of a deal.
    DealId, "deal id", 24
);
text_id!(
    /// One endpoint of an organization.
    EndpointId, "endpoint id", 32
);
text_id!(
    /// One message to another tool: the moment in microseconds and a hash of the cause, so that text order is time order.
    DeliveryId, "delivery id", 64
);

impl EndpointId {
    /// An endpoint of these random bits.
    pub fn from_random(random: u64) -> Self {
        Self(format!("e{random:016x}"))
    }
}

impl DeliveryId {
    /// The id of what is owed since `at` for this cause.
    pub fn of(at: Timestamp, cause: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, cause.as_bytes());
        let hash = data_encoding::HEXLOWER.encode(hash.as_ref().get(..16).unwrap_or_default());
        Self(format!("m{:020}-{hash}", at.as_microsecond().max(0)))
    }
}

impl EventId {
    /// The id of the fact with this cause; what may not stand in an id becomes `-`.
    pub fn of(cause: &str) -> Self {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        let text: String = cause.chars().take(160).map(safe).collect();
        Self(if text.is_empty() { "-".to_owned() } else { text })
    }
}

impl TemplateId {
    /// A template of these random bits.
    pub fn from_random(random: u64) -> Self {
        Self(format!("t{random:016x}"))
    }
}

impl MilestoneId {
    /// A milestone of these random bits.
    pub fn from_random(random: u64) -> Self {
        Self(format!("m{random:016x}"))
    }
}

impl ActionId {
    /// An action of these random bits.
    pub fn from_random(random: u64) -> Self {
        Self(format!("a{random:016x}"))
    }
}

impl NoteId {
    /// A note of these random bits.
    pub fn from_random(random: u128) -> Self {
        Self(format!("n{random:032x}"))
    }
}

/// HubSpot's portal ("hub") id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PortalId(pub u64);

impl fmt::Display for PortalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PortalId {
    /// The organization that is bound to this portal: `hs` and the number.
    pub fn organization(self) -> OrganizationId {
        OrganizationId(format!("hs{}", self.0))
    }
}

impl OrganizationId {
    /// The portal that the organization is bound to, the other way round than [`PortalId::organization`].
    pub fn portal(&self) -> Option<PortalId> {
        let portal = self.0.strip_prefix("hs")?.parse().map(PortalId).ok()?;
        Some(portal).filter(|portal| portal.organization() == *self)
    }
}

impl SignInId {
    /// The id of these random bits, as 32 hexadecimal digits.
    pub fn from_random(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }
}

impl MemberId {
    /// The id of a person who is added: `p` and 16 hexadecimal digits, so that nobody ever gets the id of somebody who left.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("p{bits:016x}"))
    }
}

impl QuestionId {
    /// The id of a question that is added: `q` and 16 hexadecimal digits.
    pub fn from_random(bits: u64) -> Self {
        Self(format!("q{bits:016x}"))
    }
}

impl DealId {
    /// The account made from this deal: `d` and the record id. One deal, one key, one account.
    pub fn account(&self) -> AccountId {
        AccountId(format!("d{}", self.0))
    }
}

impl AccountId {
    /// Whether a deal is the cause of it.
    pub fn is_of_deal(&self) -> bool {
        self.0.starts_with('d')
    }

    /// The id of an account that no deal is the cause of: `m` and 32 hexadecimal digits of these random bits.
    pub fn by_hand(random: u128) -> Self {
        Self(format!("m{random:032x}"))
    }
}

/// One deal's way through all functions, from the webhook to the last mail: chosen at random when a delivery is kept, and
/// handed on with everything that follows from it. As text, 32 lower-case hexadecimal digits. It says nothing of anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CorrelationId(u128);

/// The text is no correlation id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a correlation id: expected 32 lower-case hexadecimal digits")]
pub struct ParseCorrelationIdError;

impl CorrelationId {
    /// An id of these random bits.
    pub fn from_random(bits: u128) -> Self {
        Self(bits)
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for CorrelationId {
    type Err = ParseCorrelationIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = u128::from_str_radix(text, 16).map(Self).map_err(|_| ParseCorrelationIdError)?;
        // Only the one spelling, so that a search for the text finds all of it.
        if id.to_string() == text { Ok(id) } else { Err(ParseCorrelationIdError) }
    }
}

impl TryFrom<String> for CorrelationId {
    type Error = ParseCorrelationIdError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CorrelationId> for String {
    fn from(id: CorrelationId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_portal_and_a_deal_name_their_organization_and_account() {
        assert_eq!(PortalId(62515).organization().as_str(), "hs62515");
        assert_eq!(PortalId(62515).organization().portal(), Some(PortalId(62515)));
        for text in ["hs", "hs01", "62515", "hs+1"] {
            assert_eq!(OrganizationId::parse(text).ok().and_then(|id| id.portal()), None, "{text}");
        }
        assert_eq!(DealId::parse("123").unwrap().account().as_str(), "d123");
        assert_eq!(AccountId::by_hand(0xab).as_str(), "m000000000000000000000000000000ab");
    }

    #[test]
    fn separators_and_emptiness_are_no_ids() {
        for text in ["", "a#b", "a/b", "ü", "a b", "a\u{0}"] {
            assert!(QuestionId::parse(text).is_err(), "{text:?}");
        }
        assert!(OrganizationId::parse("x".repeat(33)).is_err());
    }

    #[test]
    fn a_correlation_id_has_one_spelling() {
        let id = CorrelationId::from_random(0xab);
        assert_eq!(id.to_string(), "000000000000000000000000000000ab");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["", "ab", "000000000000000000000000000000AB", "+00000000000000000000000000000ab"] {
            assert_eq!(text.parse::<CorrelationId>(), Err(ParseCorrelationIdError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_an_id_that_could_break_a_key(text in ".*") {
            if let Ok(id) = AccountId::parse(text) {
                prop_assert!(!id.as_str().contains('#'));
            }
        }
    }
}
