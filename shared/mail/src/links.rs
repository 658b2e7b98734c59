//! The only links that a mail may hold: ours, and the deal in HubSpot. No text of a customer goes into one.

use handoff_domain::id::{DealId, PortalId};
use handoff_domain::link::{LinkKeys, TokenHash};
use handoff_domain::outbox::{OutboxKey, SignInLink};

/// The mail's link was issued under a key that is gone: it would open nothing, so the mail must not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the link's key is gone")]
pub struct DeadLink;

/// Makes the links of one mail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Links<'a> {
    pub(crate) base_url: &'a str,
    pub(crate) link_keys: &'a LinkKeys,
    pub(crate) key: &'a OutboxKey,
}

impl Links<'_> {
    /// The AE's link in one generation, as it was issued. Whoever has it can open the handoff.
    pub(crate) fn handoff(&self, generation: u32, hash: Option<&TokenHash>) -> Result<String, DeadLink> {
        let (organization, account) = (&self.key.organization, self.key.account.as_ref().ok_or(DeadLink)?);
        let token = self.link_keys.find(organization, account, generation, hash).ok_or(DeadLink)?;
        Ok(format!("{}/handoff/{}", self.base_url, token.reveal()))
    }

    /// The link that signs in. Whoever has it, and the browser that asked for it, can use it once.
    pub(crate) fn sign_in(&self, link: &SignInLink) -> Result<String, DeadLink> {
        let token = self.link_keys.find_sign_in(&link.id, &link.hash).ok_or(DeadLink)?;
        Ok(format!("{}/sign-in/{}", self.base_url, token.reveal()))
    }

    /// A page for people who sign in, by its path.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }

    /// The account's page, or `place` below it, such as `/csm`, for people who sign in; `None` for a mail about no account.
    pub(crate) fn account(&self, place: &str) -> Option<String> {
        let account = self.key.account.as_ref()?;
        Some(format!("{}/accounts/{account}{place}", self.base_url))
    }

    /// The deal in HubSpot that this account was made from; `None` for an account made by hand.
    pub(crate) fn deal_of_account(&self) -> Option<String> {
        let account = self.key.account.as_ref()?;
        let portal = PortalId(self.key.organization.as_str().strip_prefix("hs")?.parse().ok()?);
        let deal = DealId::parse(account.as_str().strip_prefix('d')?).ok()?;
        let is_derived = portal.organization() == self.key.organization && deal.account() == *account;
        is_derived.then(|| deal_in_hubspot(portal, &deal))
    }
}

/// A deal's page in HubSpot; `0-3` is HubSpot's name of the object type.
pub(crate) fn deal_in_hubspot(portal: PortalId, deal: &DealId) -> String {
    format!("https://app.hubspot.com/contacts/{portal}/record/0-3/{deal}")
}
