//! What the sweep reads and writes beside handoffs: an organization's rhythm, and when its admins last got their digest.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::{Consistency, handoff_from};
use crate::item::{from_item, to_item, unpack_item};
use crate::keys::{self, Kind};
use crate::outbox::entry_item;
use handoff_domain::digest::DigestMark;
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::organization::Organization;
use handoff_domain::outbox::OutboxEntry;

impl Store {
    /// The organization and its last digest: one batch read, which may miss the last second. `None` for one that is gone.
    pub async fn get_for_sweep(
        &self,
        id: &OrganizationId,
    ) -> Result<Option<(Organization, DigestMark)>, StoreError> {
        let wanted = [keys::organization(id), keys::digest(id)];
        let mut found = self.batch_get(&wanted, Consistency::Eventual).await?;
        let [organization, digest] = wanted.map(|key| found.remove(&key));
        let Some(organization) = organization else { return Ok(None) };
        let digest = digest.map(|item| from_item(Kind::Digest, item)).transpose()?.unwrap_or_default();
        Ok(Some((from_item(Kind::Organization, organization)?, digest)))
    }

    /// A handoff and its drafts as they are now: one batch read.
    pub async fn get_handoff_and_drafts(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<(Handoff, Option<Drafts>)>, StoreError> {
        let wanted = [keys::handoff(organization, account), keys::drafts(organization, account)];
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [handoff, drafts] = wanted.map(|key| found.remove(&key));
        let Some(handoff) = handoff else { return Ok(None) };
        let drafts = drafts.map(|item| unpack_item(Kind::Drafts, item)).transpose()?;
        Ok(Some((handoff_from(handoff)?, drafts)))
    }

    /// Notes that somebody looked whether a digest is owed, and owes it: one transaction. `false` when another sweep was
    /// faster.
    pub async fn put_digest(
        &self,
        id: &OrganizationId,
        looked: &DigestMark,
        owed: Option<&OutboxEntry>,
    ) -> Result<bool, StoreError> {
        let number = usize::try_from(looked.revision).unwrap_or(usize::MAX).saturating_add(1);
        let mut next = *looked;
        next.revision = looked.revision + 1;
        let mut writes = vec![self.put_next(to_item(Kind::Digest, &keys::digest(id), &next)?, number)?];
        if let Some(entry) = owed {
            writes.push(self.put_new(entry_item(entry)?)?);
        }
        self.transact("owing a digest", writes).await
    }
}
