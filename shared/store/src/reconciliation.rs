//! How far HubSpot's deals were looked through.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{from_item, to_item};
use crate::keys::{self, Kind};
use handoff_domain::id::OrganizationId;
use handoff_domain::organization::Organization;
use handoff_domain::reconciliation::Reconciliation;

impl Store {
    /// The organization and how far its deals were looked through: one batch read. `None` for one that is gone.
    pub async fn get_for_reconciliation(
        &self,
        id: &OrganizationId,
    ) -> Result<Option<(Organization, Reconciliation)>, StoreError> {
        let wanted = [keys::organization(id), keys::reconciliation(id)];
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [organization, walked] = wanted.map(|key| found.remove(&key));
        let Some(organization) = organization else { return Ok(None) };
        let walked = walked.map(|item| from_item(Kind::Reconciliation, item)).transpose()?;
        Ok(Some((from_item(Kind::Organization, organization)?, walked.unwrap_or_default())))
    }

    /// How far its deals were looked through, for a page: one batch read, which may miss the last second.
    pub async fn get_reconciliation(&self, id: &OrganizationId) -> Result<Reconciliation, StoreError> {
        let key = keys::reconciliation(id);
        let mut found = self.batch_get(std::slice::from_ref(&key), Consistency::Eventual).await?;
        let walked = found.remove(&key).map(|item| from_item(Kind::Reconciliation, item)).transpose()?;
        Ok(walked.unwrap_or_default())
    }

    /// Keeps it, if nobody wrote it since it was read; what is now to be held, `None` when somebody did.
    pub async fn put_reconciliation(
        &self,
        id: &OrganizationId,
        after: &Reconciliation,
    ) -> Result<Option<Reconciliation>, StoreError> {
        let next = Reconciliation { revision: after.revision + 1, ..after.clone() };
        let item = to_item(Kind::Reconciliation, &keys::reconciliation(id), &next)?;
        let place = usize::try_from(next.revision).unwrap_or(usize::MAX);
        let write = self.put_next(item, place)?;
        let kept = self.transact("keeping how far deals were looked through", vec![write]).await?;
        Ok(kept.then_some(next))
    }
}
