//! The secrets of signing in: of the mailed link (derived), of the browser that asks and of the session (random).

use crate::id::{OrganizationId, SignInId};
use crate::link::{LinkKey, LinkKeys, ParseTokenError, SECRET_BYTES, TokenHash};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use subtle::ConstantTimeEq;

const SIGN_IN_KIND: u8 = b's';

/// A sign-in link's token: the base64 of a kind byte, the id and a secret that is derived from it. Printing it shows
/// nothing.
#[derive(Clone)]
pub struct SignInToken {
    /// Which wish.
    pub id: SignInId,
    secret: [u8; SECRET_BYTES],
}

impl SignInToken {
    /// Reads a token; only the one canonical spelling passes.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ParseTokenError)?;
        let (&kind, rest) = bytes.split_first().ok_or(ParseTokenError)?;
        let (id, secret) = rest.split_last_chunk::<SECRET_BYTES>().ok_or(ParseTokenError)?;
        let id = String::from_utf8(id.to_vec()).map_err(|_| ParseTokenError)?;
        let id = SignInId::parse(id).map_err(|_| ParseTokenError)?;
        if kind == SIGN_IN_KIND { Ok(Self { id, secret: *secret }) } else { Err(ParseTokenError) }
    }

    /// The token's text, URL-safe: for the link in the mail only.
    pub fn reveal(&self) -> String {
        let bytes = [&[SIGN_IN_KIND], self.id.as_str().as_bytes(), &self.secret[..]].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the table may hold of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.secret)
    }
}

/// The random secret of a browser that signs in, kept in a short-lived cookie.
#[derive(Clone)]
pub struct BrowserSecret([u8; SECRET_BYTES]);

impl BrowserSecret {
    /// A secret of these random bytes.
    pub fn from_random(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(bytes)
    }

    /// Reads a cookie.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        secret_of(text).map(Self)
    }

    /// The cookie.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What the table may hold of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

/// What a signed-in browser shows with each request: its organization and a random secret.
#[derive(Clone)]
pub struct SessionToken {
    /// Whose pages it opens.
    pub organization: OrganizationId,
    secret: [u8; SECRET_BYTES],
}

impl SessionToken {
    /// A session of the organization with these random bytes.
    pub fn from_random(organization: OrganizationId, secret: [u8; SECRET_BYTES]) -> Self {
        Self { organization, secret }
    }

    /// Reads a cookie.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        let (organization, secret) = text.split_once('.').ok_or(ParseTokenError)?;
        let organization = OrganizationId::parse(organization).map_err(|_| ParseTokenError)?;
        Ok(Self { organization, secret: secret_of(secret)? })
    }

    /// The cookie: `<organization>.<secret>`.
    pub fn reveal(&self) -> String {
        format!("{}.{}", self.organization, URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// What the table may hold of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.secret)
    }
}

fn secret_of(text: &str) -> Result<[u8; SECRET_BYTES], ParseTokenError> {
    URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(ParseTokenError)
}

macro_rules! prints_nothing {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
prints_nothing!(SignInToken, BrowserSecret, SessionToken);

impl LinkKey {
    fn sign_in_token(&self, id: &SignInId) -> SignInToken {
        SignInToken { id: id.clone(), secret: self.derive(&[b"sign-in-link", id.as_str().as_bytes()]) }
    }

    fn proof(&self, kind: &[u8], secret: &[u8; SECRET_BYTES]) -> String {
        URL_SAFE_NO_PAD.encode(self.derive(&[kind, secret]))
    }
}

const BROWSER_PROOF: &[u8] = b"sign-in-csrf";
const SESSION_PROOF: &[u8] = b"session-csrf";

impl LinkKeys {
    /// The token of a sign-in link, under the current key.
    pub fn sign_in_token(&self, id: &SignInId) -> SignInToken {
        self.current().sign_in_token(id)
    }

    /// The token of a sign-in link that was issued before, by its hash; `None` when its key is gone.
    pub fn find_sign_in(&self, id: &SignInId, hash: &TokenHash) -> Option<SignInToken> {
        self.all().map(|key| key.sign_in_token(id)).find(|token| token.hash().is_same(hash))
    }

    /// Whether the token is one of ours.
    pub fn is_our_sign_in(&self, token: &SignInToken) -> bool {
        self.find_sign_in(&token.id, &token.hash()).is_some()
    }

    /// The proof in the forms of signing in, bound to the browser.
    pub fn browser_csrf(&self, browser: &BrowserSecret) -> String {
        self.current().proof(BROWSER_PROOF, &browser.0)
    }

    /// Whether `proof` is the browser's.
    pub fn is_browser_csrf(&self, browser: &BrowserSecret, proof: &str) -> bool {
        self.knows(BROWSER_PROOF, &browser.0, proof)
    }

    /// The proof in the forms of a signed-in page.
    pub fn session_csrf(&self, session: &SessionToken) -> String {
        self.current().proof(SESSION_PROOF, &session.secret)
    }

    /// Whether `proof` is the session's.
    pub fn is_session_csrf(&self, session: &SessionToken, proof: &str) -> bool {
        self.knows(SESSION_PROOF, &session.secret, proof)
    }

    fn knows(&self, kind: &[u8], secret: &[u8; SECRET_BYTES], proof: &str) -> bool {
        self.all().any(|key| key.proof(kind, secret).as_bytes().ct_eq(proof.as_bytes()).into())
    }
}
