//! Who may have an account: what the choice is made from. The assignment itself is [`Store::replace_handoff`].

use crate::Store;
use crate::error::StoreError;
use crate::handoff::{Consistency, handoff_from};
use crate::item::{Item, from_item};
use crate::keys::{self, Key, Kind};
use crate::organization::LoadsItem;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, MemberId, OrganizationId};
use handoff_domain::roster::{Loads, Turns};
use std::collections::{BTreeSet, HashMap};

/// An account, and what its CSM is chosen by.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Account and handoff.
    pub handoff: Handoff,
    /// What each CSM carries.
    pub loads: Loads,
    /// When each was last given an account.
    pub turns: Turns,
}

pub(crate) fn choice_keys(organization: &OrganizationId, account: &AccountId) -> [Key; 2] {
    [keys::handoff(organization, account), keys::loads(organization)]
}

pub(crate) fn choice_from(
    wanted: &[Key; 2],
    found: &mut HashMap<Key, Item>,
) -> Result<Option<Choice>, StoreError> {
    let [handoff, loads] = wanted.each_ref().map(|key| found.remove(key));
    let Some(handoff) = handoff else { return Ok(None) };
    let LoadsItem { loads, turns } =
        loads.map(|item| from_item(Kind::Loads, item)).transpose()?.unwrap_or_default();
    Ok(Some(Choice { handoff: handoff_from(handoff)?, loads, turns }))
}

impl Store {
    /// The account, loads and turns: one batch read. `None` when the organization has no such account.
    pub async fn get_choice(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        consistency: Consistency,
    ) -> Result<Option<Choice>, StoreError> {
        let wanted = choice_keys(organization, account);
        let mut found = self.batch_get(&wanted, consistency).await?;
        choice_from(&wanted, &mut found)
    }

    /// What each CSM carries: one read.
    pub async fn get_loads(
        &self,
        organization: &OrganizationId,
        consistency: Consistency,
    ) -> Result<Loads, StoreError> {
        let key = keys::loads(organization);
        let mut found = self.batch_get(std::slice::from_ref(&key), consistency).await?;
        let item: Option<LoadsItem> =
            found.remove(&key).map(|item| from_item(Kind::Loads, item)).transpose()?;
        Ok(item.unwrap_or_default().loads)
    }

    /// The CSMs of the company's other accounts, finished ones too: one query of the index of companies.
    pub async fn list_csms_of_company(&self, handoff: &Handoff) -> Result<BTreeSet<MemberId>, StoreError> {
        let listed = self.list_company(&handoff.organization, &handoff.account.company).await?;
        let others = listed.into_iter().filter(|listed| listed.account != handoff.id);
        Ok(others.filter_map(|listed| listed.row.csm).collect())
    }
}
