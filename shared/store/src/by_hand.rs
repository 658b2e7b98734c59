//! Accounts made by hand: the handoff and the material that it is drafted from.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::{Consistency, handoff_from, handoff_item};
use crate::item::{packed_item, unpack_item};
use crate::keys::{self, Kind};
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, OrganizationId};

impl Store {
    /// Makes the account, its handoff and its raw payload, and tells who did: one transaction. `false` when the account
    /// exists.
    pub async fn create_by_hand(
        &self,
        handoff: &Handoff,
        payload: &str,
        who: Who,
    ) -> Result<bool, StoreError> {
        let key = keys::payload(&handoff.organization, &handoff.id);
        let created = Event::created(handoff, who);
        let mut writes = vec![
            self.put_new(handoff_item(handoff)?)?,
            self.put_new(packed_item(Kind::Payload, &key, &payload)?)?,
        ];
        writes.extend(self.put_events(&handoff.organization, &handoff.id, &[created])?);
        self.transact("making an account by hand", writes).await
    }

    /// A handoff and the raw payload that its account was made with: one batch read. `None` when there is no such
    /// account, or when it was not made by hand.
    pub async fn get_by_hand(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<(Handoff, String)>, StoreError> {
        let wanted = [keys::handoff(organization, account), keys::payload(organization, account)];
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [Some(handoff), Some(payload)] = wanted.map(|key| found.remove(&key)) else { return Ok(None) };
        Ok(Some((handoff_from(handoff)?, unpack_item(Kind::Payload, payload)?)))
    }
}
