//! Who gets the weekly mail, and for which week it was sent.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::Consistency;
use crate::item::{from_item, to_item, unpack_item};
use crate::keys::{self, Kind};
use crate::outbox::entry_item;
use handoff_domain::id::OrganizationId;
use handoff_domain::organization::Organization;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::question::QuestionSet;
use handoff_domain::weekly::Weekly;

impl Store {
    /// The organization and who gets its weekly mail: one batch read. `None` for one that is gone.
    pub async fn get_for_weekly(
        &self,
        id: &OrganizationId,
    ) -> Result<Option<(Organization, Weekly)>, StoreError> {
        let wanted = [keys::organization(id), keys::weekly(id)];
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let [organization, weekly] = wanted.map(|key| found.remove(&key));
        let Some(organization) = organization else { return Ok(None) };
        let weekly = weekly.map(|item| from_item(Kind::Weekly, item)).transpose()?.unwrap_or_default();
        Ok(Some((from_item(Kind::Organization, organization)?, weekly)))
    }

    /// The current questions, for their wording, and who gets the weekly mail: one batch read.
    pub async fn get_beside_totals(
        &self,
        id: &OrganizationId,
        consistency: Consistency,
    ) -> Result<(QuestionSet, Weekly), StoreError> {
        let wanted = [keys::questions(id), keys::weekly(id)];
        let mut found = self.batch_get(&wanted, consistency).await?;
        let [questions, weekly] = wanted.map(|key| found.remove(&key));
        let questions = questions.map(|item| unpack_item(Kind::QuestionSet, item)).transpose()?;
        let weekly = weekly.map(|item| from_item(Kind::Weekly, item)).transpose()?.unwrap_or_default();
        Ok((questions.unwrap_or_else(QuestionSet::first), weekly))
    }

    /// Keeps who gets it and for which week it was sent, with the mails that are owed; `false` when somebody was faster.
    pub async fn put_weekly(
        &self,
        organization: &OrganizationId,
        after: &Weekly,
        owed: Option<&OutboxEntry>,
    ) -> Result<bool, StoreError> {
        let next = Weekly { revision: after.revision + 1, ..after.clone() };
        let item = to_item(Kind::Weekly, &keys::weekly(organization), &next)?;
        let place = usize::try_from(next.revision).unwrap_or(usize::MAX);
        let mut writes = vec![self.put_next(item, place)?];
        if let Some(entry) = owed {
            writes.push(self.put_new(entry_item(entry)?)?);
        }
        self.transact("keeping the weekly mail", writes).await
    }
}
