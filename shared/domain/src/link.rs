//! Capability links: tokens that are derived, never stored, so that the table holds nothing that opens a page.
//!
//! A token is the URL-safe base64 of one kind byte, the length of the organization id, both ids, and a 256-bit
//! secret: HMAC-SHA256 under `LINK_KEY` of kind, organization, id and generation. The table keeps a SHA-256 of the
//! secret. A reminder derives the living link again; resend, renew and return raise the generation.

mod keys;
mod sealed;

pub use keys::LinkKeys;
pub use sealed::{SealNonce, Sealed};

use crate::id::{AccountId, OrganizationId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use subtle::ConstantTimeEq;

const HANDOFF_KIND: u8 = b'h';
pub(crate) const SECRET_BYTES: usize = 32;

/// The key under which links are derived. Printing it shows nothing.
#[derive(Clone)]
pub struct LinkKey(hmac::Key);

/// Why a text cannot be a link key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a link key needs at least 32 characters")]
pub struct WeakLinkKey;

impl FromStr for LinkKey {
    type Err = WeakLinkKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text)
    }
}

impl LinkKey {
    /// What a configuration's complaint says was expected.
    pub const EXPECTED: &str = "a text of at least 32 characters";

    /// Takes the key's text as it is, at least 32 bytes.
    pub fn new(text: &str) -> Result<Self, WeakLinkKey> {
        if text.len() < SECRET_BYTES {
            return Err(WeakLinkKey);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes())))
    }

    pub(crate) fn derive(&self, parts: &[&[u8]]) -> [u8; SECRET_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            // Length first, so that no two lists of parts read the same.
            context.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            context.update(part);
        }
        let mut secret = [0; SECRET_BYTES];
        secret.copy_from_slice(context.sign().as_ref());
        secret
    }

    /// The token of a handoff's link in one generation.
    pub fn handoff_token(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        generation: u32,
    ) -> LinkToken {
        let secret = self.derive(&[
            b"handoff-link",
            organization.as_str().as_bytes(),
            account.as_str().as_bytes(),
            &generation.to_be_bytes(),
        ]);
        LinkToken { organization: organization.clone(), account: account.clone(), secret }
    }

    /// The proof that a form was shown to whoever holds this token.
    pub fn csrf(&self, token: &LinkToken) -> String {
        URL_SAFE_NO_PAD.encode(self.derive(&[b"handoff-csrf", &token.secret]))
    }

    /// Whether `proof` is the one that [`LinkKey::csrf`] makes; takes the same time for any wrong one.
    pub fn is_csrf(&self, token: &LinkToken, proof: &str) -> bool {
        self.csrf(token).as_bytes().ct_eq(proof.as_bytes()).into()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(..)")
    }
}

/// How a presented token stands to the link that is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStanding {
    /// Opens the handoff.
    Alive,
    /// The right one, past its last day.
    Expired,
    /// An earlier one of the same handoff.
    Replaced,
    /// Never one of ours.
    Unknown,
}

/// A token as it stands in a link. Printing it shows nothing.
#[derive(Clone)]
pub struct LinkToken {
    /// Whose handoff.
    pub organization: OrganizationId,
    /// Which handoff.
    pub account: AccountId,
    secret: [u8; SECRET_BYTES],
}

/// The text is no token; nothing more is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a link token")]
pub struct ParseTokenError;

impl LinkToken {
    /// Reads a token; only the one canonical spelling passes.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseTokenError)?;
        let (&kind, rest) = bytes.split_first().ok_or(ParseTokenError)?;
        let (&length, rest) = rest.split_first().ok_or(ParseTokenError)?;
        let (organization, rest) = rest.split_at_checked(usize::from(length)).ok_or(ParseTokenError)?;
        let (account, secret) = rest.split_last_chunk::<SECRET_BYTES>().ok_or(ParseTokenError)?;
        if kind != HANDOFF_KIND {
            return Err(ParseTokenError);
        }
        let text_of = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| ParseTokenError);
        Ok(Self {
            organization: OrganizationId::parse(text_of(organization)?).map_err(|_| ParseTokenError)?,
            account: AccountId::parse(text_of(account)?).map_err(|_| ParseTokenError)?,
            secret: *secret,
        })
    }

    /// The token's text, URL-safe. Whoever has it can open the handoff: for links in mails only.
    pub fn reveal(&self) -> String {
        let organization = self.organization.as_str().as_bytes();
        let mut bytes = vec![HANDOFF_KIND, u8::try_from(organization.len()).unwrap_or(u8::MAX)];
        bytes.extend_from_slice(organization);
        bytes.extend_from_slice(self.account.as_str().as_bytes());
        bytes.extend_from_slice(&self.secret);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn is_the_secret_of(&self, other: &Self) -> bool {
        self.secret.ct_eq(&other.secret).into()
    }

    /// What the table may hold of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.secret)
    }
}

impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

/// SHA-256 of a token's secret, as lower-case hex. Opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenHash(String);

impl TokenHash {
    pub(crate) fn of(secret: &[u8; SECRET_BYTES]) -> Self {
        Self(data_encoding::HEXLOWER.encode(digest::digest(&digest::SHA256, secret).as_ref()))
    }

    /// Whether both are of the same secret, in constant time.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }

    /// Whether this is the hash of `token`, in constant time.
    pub fn matches(&self, token: &LinkToken) -> bool {
        self.0.as_bytes().ct_eq(token.hash().0.as_bytes()).into()
    }

    /// The hash as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The one link of a handoff that is alive, as the table knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// 1 for the first; raised by resend, renew and return.
    pub generation: u32,
    /// The hash of its token.
    pub hash: TokenHash,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// From this moment on it opens nothing.
    pub expires_at: Timestamp,
}

impl Link {
    /// Issues the link of one generation, alive for `life_days` from `now`.
    pub fn issue(
        key: &LinkKey,
        organization: &OrganizationId,
        account: &AccountId,
        generation: u32,
        life_days: i64,
        now: Timestamp,
    ) -> Self {
        // Whole seconds: the table compares these moments as text.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let life = SignedDuration::from_hours(24 * life_days.clamp(1, crate::limits::LINK_LIFE_DAYS));
        Self {
            generation,
            hash: key.handoff_token(organization, account, generation).hash(),
            issued_at: now,
            expires_at: now.checked_add(life).unwrap_or(Timestamp::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> LinkKey {
        LinkKey::new("0123456789abcdef0123456789abcdef").unwrap()
    }

    fn keys() -> LinkKeys {
        key().into()
    }

    fn ids() -> (OrganizationId, AccountId) {
        (OrganizationId::parse("hs62515").unwrap(), AccountId::parse("d1").unwrap())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_token_survives_the_url_and_opens_its_handoff_only() {
        let (organization, account) = ids();
        let token = key().handoff_token(&organization, &account, 1);
        let back = LinkToken::parse(&token.reveal()).unwrap();
        let link = Link::issue(&key(), &organization, &account, 1, 30, at(0));
        assert_eq!(keys().judge(&back, &link, at(1)), LinkStanding::Alive);
        let stranger = key().handoff_token(&organization, &AccountId::parse("d2").unwrap(), 1);
        assert_eq!(keys().judge(&stranger, &link, at(1)), LinkStanding::Unknown);
    }

    #[test]
    fn a_link_dies_at_the_second_of_its_day_thirty_and_when_replaced() {
        let (organization, account) = ids();
        let first = key().handoff_token(&organization, &account, 1);
        let link = Link::issue(&key(), &organization, &account, 1, 30, at(0));
        assert_eq!(keys().judge(&first, &link, at(30 * 86_400 - 1)), LinkStanding::Alive);
        assert_eq!(keys().judge(&first, &link, at(30 * 86_400)), LinkStanding::Expired);
        let second = Link::issue(&key(), &organization, &account, 2, 30, at(5));
        assert_eq!(keys().judge(&first, &second, at(6)), LinkStanding::Replaced);
    }

    #[test]
    fn nothing_that_is_stored_or_printed_opens_a_page() {
        let (organization, account) = ids();
        let token = key().handoff_token(&organization, &account, 1);
        let stored =
            serde_json::to_string(&Link::issue(&key(), &organization, &account, 1, 30, at(0))).unwrap();
        let printed = format!("{token:?} {:?}", key());
        assert!(!stored.contains(&token.reveal()) && !printed.contains(&token.reveal()));
        assert!(LinkToken::parse(token.hash().as_str()).is_err());
    }

    #[test]
    fn csrf_belongs_to_one_token() {
        let (organization, account) = ids();
        let one = key().handoff_token(&organization, &account, 1);
        let two = key().handoff_token(&organization, &account, 2);
        assert!(key().is_csrf(&one, &key().csrf(&one)));
        assert!(!key().is_csrf(&two, &key().csrf(&one)));
        assert!(!key().is_csrf(&one, ""));
    }

    proptest! {
        #[test]
        fn other_spellings_of_a_token_are_no_tokens(index in 0usize..200, letter in "[A-Za-z0-9_=+/%.-]") {
            let (organization, account) = ids();
            let text = key().handoff_token(&organization, &account, 1).reveal();
            let link = Link::issue(&key(), &organization, &account, 1, 30, at(0));
            let mut changed: Vec<char> = text.chars().collect();
            let index = index % changed.len();
            changed[index] = letter.chars().next().unwrap();
            let changed: String = changed.into_iter().collect();
            prop_assume!(changed != text);
            if let Ok(token) = LinkToken::parse(&changed) {
                let opens = token.organization == organization && token.account == account && link.hash.matches(&token);
                prop_assert!(!opens);
            }
        }

        #[test]
        fn reading_any_text_as_a_token_does_not_panic(text in ".*") {
            let _ = LinkToken::parse(&text);
        }
    }
}
