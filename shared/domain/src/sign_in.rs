//! Signing in without a password: a link that is mailed, opens once, within minutes, in the browser that asked for it;
//! then a session. The table holds hashes only.

mod tokens;

pub use tokens::{BrowserSecret, SessionToken, SignInToken};

use crate::email::EmailAddress;
use crate::id::{MemberId, OrganizationId, SignInId};
use crate::limits::{SESSION_IDLE_HOURS, SESSION_LIFE_DAYS, SESSION_NOTED_MINUTES, SIGN_IN_LINK_MINUTES};
use crate::link::{LinkKeys, TokenHash};
use crate::roster::{Member, Roster};
use jiff::{SignedDuration, Timestamp};
use ring::digest;
use serde::{Deserialize, Serialize};

/// SHA-256 of a folded mail address, as lower-case hex: under it the table knows which organizations know the address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AddressHash(String);

impl AddressHash {
    /// The hash of this address; the same for each way to write it.
    pub fn of(address: &EmailAddress) -> Self {
        let hash = digest::digest(&digest::SHA256, address.folded().as_bytes());
        Self(data_encoding::HEXLOWER.encode(hash.as_ref()))
    }

    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A wish to sign in, from the moment at which somebody typed an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Its id, which the mailed link holds.
    pub id: SignInId,
    /// Of the link's secret.
    pub hash: TokenHash,
    /// Whose.
    pub address: AddressHash,
    /// Of the secret in the cookie of the browser that asked.
    pub browser: TokenHash,
    /// Which organizations know the address; none for a stranger's, which got no mail.
    pub organizations: Vec<OrganizationId>,
    /// Where the person wanted to go: a path of our own.
    pub then: String,
    /// From this moment on it opens nothing.
    pub expires_at: Timestamp,
    /// When it was used, which it can be once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

impl SignIn {
    /// A wish that begins at `now`.
    pub fn begin(
        keys: &LinkKeys,
        id: SignInId,
        address: AddressHash,
        browser: &BrowserSecret,
        organizations: Vec<OrganizationId>,
        then: String,
        now: Timestamp,
    ) -> Self {
        let hash = keys.sign_in_token(&id).hash();
        let expires_at = later(now, SignedDuration::from_mins(SIGN_IN_LINK_MINUTES));
        Self { id, hash, address, browser: browser.hash(), organizations, then, expires_at, used_at: None }
    }

    /// Whether its link still opens something at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.used_at.is_none() && now < self.expires_at
    }
}

/// A person's time in one browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Whose pages it opens.
    pub organization: OrganizationId,
    /// Of the secret in the browser's cookie.
    pub hash: TokenHash,
    /// Whose it is.
    pub member: MemberId,
    /// The address that was signed in with: the session of an address that the roster no longer holds is over.
    pub address: AddressHash,
    /// When the person signed in.
    pub began_at: Timestamp,
    /// When it was last noted as used.
    pub seen_at: Timestamp,
}

impl Session {
    /// The session of `member` that begins at `now`.
    pub fn begin(token: &SessionToken, member: &Member, now: Timestamp) -> Self {
        Self {
            organization: token.organization.clone(),
            hash: token.hash(),
            member: member.id.clone(),
            address: AddressHash::of(&member.email),
            began_at: now,
            seen_at: now,
        }
    }

    /// When it ends, if nobody uses it any more.
    pub fn ends_at(&self) -> Timestamp {
        let idle = later(self.seen_at, SignedDuration::from_hours(SESSION_IDLE_HOURS));
        idle.min(later(self.began_at, SignedDuration::from_hours(24 * SESSION_LIFE_DAYS)))
    }

    /// Whose session it is at `now`: `None` when it is over, and when the roster no longer holds the person with this
    /// address, or no role that signs in.
    pub fn holder<'a>(&self, roster: &'a Roster, now: Timestamp) -> Option<&'a Member> {
        let member = roster.find(&self.member).filter(|_| now < self.ends_at())?;
        (member.may_sign_in() && AddressHash::of(&member.email) == self.address).then_some(member)
    }

    /// Whether its use at `now` should be noted.
    pub fn is_to_be_noted(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) >= SignedDuration::from_mins(SESSION_NOTED_MINUTES)
    }
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
