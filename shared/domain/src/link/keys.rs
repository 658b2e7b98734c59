//! The keys that links are known under: the one that new links get, and during a rotation another one, so that no living
//! link dies with its key.

use super::{Link, LinkKey, LinkStanding, LinkToken, TokenHash};
use crate::id::{AccountId, OrganizationId};
use jiff::Timestamp;

/// The current link key and, during a rotation, the previous one. A link is known as long as its key is: without the key
/// it opens nothing, even if the table holds its hash.
#[derive(Debug, Clone)]
pub struct LinkKeys {
    current: LinkKey,
    previous: Option<LinkKey>,
}

impl From<LinkKey> for LinkKeys {
    fn from(current: LinkKey) -> Self {
        Self { current, previous: None }
    }
}

impl LinkKeys {
    /// The keys of a rotation, or the one key where there is none.
    pub fn new(current: LinkKey, previous: Option<LinkKey>) -> Self {
        Self { current, previous }
    }

    /// Under which new links are issued.
    pub fn current(&self) -> &LinkKey {
        &self.current
    }

    /// Whether there is another key that links are known by.
    pub fn is_rotating(&self) -> bool {
        self.previous.is_some()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &LinkKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// The proof that a form was shown to whoever holds this token.
    pub fn csrf(&self, token: &LinkToken) -> String {
        self.current.csrf(token)
    }

    /// Whether `proof` is one of ours, of a page shown before the rotation too.
    pub fn is_csrf(&self, token: &LinkToken, proof: &str) -> bool {
        self.all().any(|key| key.is_csrf(token, proof))
    }

    /// Whether `token` is the handoff's in this generation.
    pub fn is_ours(&self, token: &LinkToken, generation: u32) -> bool {
        self.all().any(|key| {
            key.handoff_token(&token.organization, &token.account, generation).is_the_secret_of(token)
        })
    }

    /// How `token` stands to a handoff whose living link is `link`.
    pub fn judge(&self, token: &LinkToken, link: &Link, now: Timestamp) -> LinkStanding {
        if link.hash.matches(token) && self.is_ours(token, link.generation) {
            return if now < link.expires_at { LinkStanding::Alive } else { LinkStanding::Expired };
        }
        let was_ours = (1..link.generation).any(|generation| self.is_ours(token, generation));
        if was_ours { LinkStanding::Replaced } else { LinkStanding::Unknown }
    }

    /// The token of a link that was issued before: the one with this hash; `None` when its key is gone. Where no hash was
    /// kept, which is so of mails owed before there was a second key, the older key is the likelier.
    pub fn find(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        generation: u32,
        hash: Option<&TokenHash>,
    ) -> Option<LinkToken> {
        let derive = |key: &LinkKey| key.handoff_token(organization, account, generation);
        match hash {
            Some(hash) => self.all().map(derive).find(|token| hash.matches(token)),
            None => Some(derive(self.previous.as_ref().unwrap_or(&self.current))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "the old key, of at least 32 characters";
    const NEW: &str = "the new key, of at least 32 characters";

    fn key(text: &str) -> LinkKey {
        LinkKey::new(text).unwrap()
    }

    fn ids() -> (OrganizationId, AccountId) {
        (OrganizationId::parse("hs1").unwrap(), AccountId::parse("d1").unwrap())
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn link(text: &str, generation: u32) -> (Link, LinkToken) {
        let (organization, account) = ids();
        let token = key(text).handoff_token(&organization, &account, generation);
        (Link::issue(&key(text), &organization, &account, generation, 30, at(0)), token)
    }

    #[test]
    fn a_link_lives_as_long_as_its_key_is_known() {
        let (link, token) = link(OLD, 1);
        let rotating = LinkKeys::new(key(NEW), Some(key(OLD)));
        assert_eq!(rotating.judge(&token, &link, at(1)), LinkStanding::Alive);
        assert_eq!(rotating.judge(&token, &link, at(30 * 86_400)), LinkStanding::Expired);
        let rotated = LinkKeys::from(key(NEW));
        assert_eq!(rotated.judge(&token, &link, at(1)), LinkStanding::Unknown);
    }

    #[test]
    fn a_link_of_the_old_key_that_one_of_the_new_key_replaced_is_known_as_replaced() {
        let ((_, old), (newer, _)) = (link(OLD, 1), link(NEW, 2));
        let rotating = LinkKeys::new(key(NEW), Some(key(OLD)));
        assert_eq!(rotating.judge(&old, &newer, at(1)), LinkStanding::Replaced);
        assert_eq!(LinkKeys::from(key(NEW)).judge(&old, &newer, at(1)), LinkStanding::Unknown);
    }

    #[test]
    fn a_page_that_was_open_during_the_rotation_can_still_be_sent() {
        let (_, token) = link(OLD, 1);
        let before = LinkKeys::from(key(OLD)).csrf(&token);
        let rotating = LinkKeys::new(key(NEW), Some(key(OLD)));
        assert!(rotating.is_csrf(&token, &before) && rotating.is_csrf(&token, &rotating.csrf(&token)));
        assert!(!LinkKeys::from(key(NEW)).is_csrf(&token, &before));
    }

    #[test]
    fn a_mail_repeats_the_link_that_its_hash_names() {
        let (organization, account) = ids();
        let rotating = LinkKeys::new(key(NEW), Some(key(OLD)));
        for text in [OLD, NEW] {
            let (link, token) = link(text, 3);
            let found = rotating.find(&organization, &account, 3, Some(&link.hash)).unwrap();
            assert_eq!(found.reveal(), token.reveal());
        }
        let (gone, _) = link("a key that leaked, of 32 characters or more", 3);
        assert!(rotating.find(&organization, &account, 3, Some(&gone.hash)).is_none());
        let unnamed = rotating.find(&organization, &account, 3, None).unwrap();
        assert_eq!(unnamed.reveal(), link(OLD, 3).1.reveal());
    }
}
