//! Reading accounts and their handoffs, and making them exactly once.

use crate::Store;
use crate::due;
use crate::error::StoreError;
use crate::item::{Item, from_item, to_item, unpack_item};
use crate::keys::{self, Key, Kind, PK, SK};
use crate::listing;
use crate::organization::LoadsItem;
use crate::round::SourcesChunk;
use aws_sdk_dynamodb::types::{
    AttributeValue, KeysAndAttributes, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use handoff_domain::draft::Drafts;
use handoff_domain::email::EmailAddress;
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::{DraftingClaim, Handoff};
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::organization::{NextCsm, Organization};
use handoff_domain::plan::{Plan, Template, Templates};
use handoff_domain::reminder::Rhythm;
use handoff_domain::roster::{Loads, Role, Roster, Turns};
use handoff_domain::source::Source;
use std::collections::HashMap;

/// How fresh a read must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consistency {
    /// Half the price; may miss the last second.
    Eventual,
    /// Sees every write that was answered before.
    Strong,
}

/// What became of making a handoff.
#[derive(Debug, Clone)]
pub enum Created {
    /// It is new.
    New,
    /// The account exists; this is its handoff.
    Existing(Box<Handoff>),
}

/// What the form shows.
#[derive(Debug, Clone)]
pub struct HandoffPage {
    /// The handoff.
    pub handoff: Handoff,
    /// Its drafts; `None` while drafting.
    pub drafts: Option<Drafts>,
    /// The organization's people.
    pub roster: Roster,
    /// What each CSM carries.
    pub loads: Loads,
    /// When each CSM was last given an account; `None` where the organization does not go by turns.
    pub turns: Option<Turns>,
    /// How the organization reminds.
    pub rhythm: Rhythm,
    /// The organization; `None` where a submit is shown again, or the organization is gone.
    pub organization: Option<Organization>,
}

/// What a submit needs.
#[derive(Debug, Clone)]
pub struct SubmitPage {
    /// The handoff.
    pub handoff: Handoff,
    /// Its drafts; `None` while drafting.
    pub drafts: Option<Drafts>,
    /// The organization's people.
    pub roster: Roster,
    /// What each CSM carries, for showing the form again.
    pub loads: Loads,
    /// As on the form.
    pub turns: Option<Turns>,
    /// How the organization reminds.
    pub rhythm: Rhythm,
    /// The onboarding templates, one of which is applied where there is no plan yet.
    pub templates: Templates,
    /// The plan of an earlier round.
    pub plan: Option<Plan>,
    /// Who hears of trouble: the roster's admins.
    pub admins: Vec<EmailAddress>,
}

/// What each CSM carries, and the turns where the organization goes by them.
fn loads_and_turns(
    loads: Option<Item>,
    organization: Option<&Organization>,
) -> Result<(Loads, Option<Turns>), StoreError> {
    let loads: LoadsItem = loads.map(|item| from_item(Kind::Loads, item)).transpose()?.unwrap_or_default();
    let goes_by_turns = organization.is_some_and(|known| known.next_csm == NextCsm::InTurn);
    Ok((loads.loads, goes_by_turns.then_some(loads.turns)))
}

/// The attribute that holds [`Handoff::attention_since`].
pub(crate) const SINCE: &str = "attention_since";

/// The attribute that holds [`Handoff::dropped_promises`].
pub(crate) const DROPPED: &str = "dropped_promises";

pub(crate) fn handoff_item(handoff: &Handoff) -> Result<Item, StoreError> {
    let mut item = to_item(Kind::Handoff, &keys::handoff(&handoff.organization, &handoff.id), handoff)?;
    // A string set, so that a reason can be added in place.
    if let Some(AttributeValue::L(reasons)) = item.remove("attention") {
        let reasons: Vec<String> =
            reasons.into_iter().filter_map(|reason| reason.as_s().ok().cloned()).collect();
        if !reasons.is_empty() {
            item.insert("attention".to_owned(), AttributeValue::Ss(reasons));
        }
    }
    // As the index spells it, so that an update in place can hand it on.
    if let Some(since) = handoff.attention_since {
        item.insert(SINCE.to_owned(), AttributeValue::S(keys::sortable(since)));
    }
    due::index(&mut item, handoff);
    listing::index(&mut item, handoff)?;
    Ok(item)
}

pub(crate) fn handoff_from(item: Item) -> Result<Handoff, StoreError> {
    from_item(Kind::Handoff, item)
}

impl Store {
    /// Makes the account and its handoff, once for ever, and tells it: one transaction.
    pub async fn create_handoff(&self, handoff: &Handoff) -> Result<Created, StoreError> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(handoff_item(handoff)?))
            .condition_expression("attribute_not_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = put.build().map_err(crate::organization::built("put"))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        let created = Event::created(handoff, Who::System);
        writes.extend(self.put_events(&handoff.organization, &handoff.id, &[created])?);
        match self.create("making a handoff", writes).await? {
            None => Ok(Created::New),
            Some(existing) => Ok(Created::Existing(Box::new(handoff_from(existing)?))),
        }
    }

    /// `None` when it is made; else the item that stands there. Two that make the same at once are told of a conflict,
    /// and one of them finds the other's item in the next try.
    async fn create(
        &self,
        operation: &'static str,
        writes: Vec<TransactWriteItem>,
    ) -> Result<Option<Item>, StoreError> {
        const TRIES: usize = 4;
        for _ in 0..TRIES {
            match self.put_all(operation, writes.clone()).await? {
                Ok(()) => return Ok(None),
                Err(reasons) => {
                    if let Some(item) = reasons.into_iter().find_map(|reason| reason.item) {
                        return Ok(Some(item));
                    }
                }
            }
        }
        Err(StoreError::Contended { operation })
    }

    /// Takes over the drafting of a handoff whose worker is gone; `false` when somebody else did.
    pub async fn take_claim(&self, before: &Handoff, claim: &DraftingClaim) -> Result<bool, StoreError> {
        let mut after = before.clone();
        after.claim = Some(claim.clone());
        self.replace_handoff(before, &after, &[], &[]).await
    }

    /// The accounts among these that exist: one batch read.
    pub async fn existing_accounts(
        &self,
        organization: &OrganizationId,
        accounts: &[AccountId],
    ) -> Result<Vec<AccountId>, StoreError> {
        let wanted: Vec<Key> = accounts.iter().map(|account| keys::handoff(organization, account)).collect();
        let found = self.batch_get(&wanted, Consistency::Strong).await?;
        let exists = |account: &&AccountId| found.contains_key(&keys::handoff(organization, account));
        Ok(accounts.iter().filter(exists).cloned().collect())
    }

    /// Everything that the form shows: one batch read.
    pub async fn get_handoff_page(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        consistency: Consistency,
    ) -> Result<Option<HandoffPage>, StoreError> {
        let wanted = [
            keys::handoff(organization, account),
            keys::drafts(organization, account),
            keys::roster(organization),
            keys::loads(organization),
            keys::organization(organization),
        ];
        let mut found = self.batch_get(&wanted, consistency).await?;
        let [handoff, drafts, roster, loads, organization] = wanted.map(|key| found.remove(&key));
        let Some(handoff) = handoff else { return Ok(None) };
        let organization: Option<Organization> =
            organization.map(|item| from_item(Kind::Organization, item)).transpose()?;
        let rhythm = organization.as_ref().map(Organization::rhythm).unwrap_or_default();
        let (loads, turns) = loads_and_turns(loads, organization.as_ref())?;
        Ok(Some(HandoffPage {
            handoff: handoff_from(handoff)?,
            drafts: drafts.map(|item| unpack_item(Kind::Drafts, item)).transpose()?,
            roster: roster.map(|item| unpack_item(Kind::Roster, item)).transpose()?.unwrap_or_default(),
            loads,
            turns,
            rhythm,
            organization,
        }))
    }

    /// Everything that a submit needs: one batch read, and one more in a later round.
    pub async fn get_submit_page(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        consistency: Consistency,
    ) -> Result<Option<SubmitPage>, StoreError> {
        let wanted = [
            keys::handoff(organization, account),
            keys::drafts(organization, account),
            keys::roster(organization),
            keys::loads(organization),
            keys::organization(organization),
            keys::templates(organization),
        ];
        let mut found = self.batch_get(&wanted, consistency).await?;
        let [handoff, drafts, roster, loads, choices, templates] = wanted.map(|key| found.remove(&key));
        let choices: Option<Organization> =
            choices.map(|item| from_item(Kind::Organization, item)).transpose()?;
        let (loads, turns) = loads_and_turns(loads, choices.as_ref())?;
        let Some(handoff) = handoff else { return Ok(None) };
        let handoff = handoff_from(handoff)?;
        // The first round has none, and most handoffs have one round.
        let plan = match handoff.round {
            1 => None,
            _ => self.get_plan(organization, account).await?,
        };
        let roster: Roster =
            roster.map(|item| unpack_item(Kind::Roster, item)).transpose()?.unwrap_or_default();
        let admins = roster.members.iter().filter(|member| member.has(Role::Admin));
        let admins = admins.map(|admin| admin.email.clone()).collect();
        Ok(Some(SubmitPage {
            handoff,
            drafts: drafts.map(|item| unpack_item(Kind::Drafts, item)).transpose()?,
            admins,
            roster,
            loads,
            turns,
            rhythm: choices.as_ref().map(Organization::rhythm).unwrap_or_default(),
            templates: templates.map_or_else(
                || Ok(Templates::of(Template::first())),
                |item| unpack_item(Kind::Templates, item),
            )?,
            plan,
        }))
    }

    async fn get_plan(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<Plan>, StoreError> {
        let key = keys::plan(organization, account);
        let mut found = self.batch_get(std::slice::from_ref(&key), Consistency::Strong).await?;
        found.remove(&key).map(|item| unpack_item(Kind::Plan, item)).transpose()
    }

    /// The drafts alone: one read.
    pub async fn get_drafts(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<Drafts>, StoreError> {
        let wanted = [keys::drafts(organization, account)];
        let mut found = self.batch_get(&wanted, Consistency::Eventual).await?;
        let [key] = wanted;
        found.remove(&key).map(|item| unpack_item(Kind::Drafts, item)).transpose()
    }

    /// The handoff, its drafts and the whole sources: one query.
    pub async fn get_with_sources(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Option<(Handoff, Option<Drafts>, Vec<Source>)>, StoreError> {
        let (mut handoff, mut drafts, mut chunks) = (None, None, Vec::<SourcesChunk>::new());
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#pk = :pk")
                .expression_attribute_names("#pk", PK)
                .expression_attribute_values(
                    ":pk",
                    AttributeValue::S(keys::account_partition(organization, account)),
                )
                .consistent_read(true)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(StoreError::call("reading sources"))?;
            for item in page.items.unwrap_or_default() {
                match item.get(SK).and_then(|sk| sk.as_s().ok()).map(String::as_str) {
                    Some("HANDOFF") => handoff = Some(handoff_from(item)?),
                    Some("DRAFTS") => drafts = Some(unpack_item(Kind::Drafts, item)?),
                    Some(sk) if sk.starts_with(keys::SOURCES_PREFIX) => {
                        chunks.push(unpack_item(Kind::Sources, item)?);
                    }
                    _ => {}
                }
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        // Chunks of an earlier, longer run may still stand behind the newest ones.
        let newest = chunks.first().map(|chunk| chunk.run.clone());
        let sources = chunks.into_iter().filter(|chunk| Some(&chunk.run) == newest.as_ref());
        Ok(handoff.map(|handoff| (handoff, drafts, sources.flat_map(|chunk| chunk.sources).collect())))
    }

    pub(crate) async fn batch_get(
        &self,
        wanted: &[Key],
        consistency: Consistency,
    ) -> Result<HashMap<Key, Item>, StoreError> {
        const TRIES: usize = 4;
        let mut found = HashMap::new();
        let mut missing: Vec<Item> = wanted.iter().map(Key::attributes).collect();
        for _ in 0..TRIES {
            if missing.is_empty() {
                return Ok(found);
            }
            let keys = KeysAndAttributes::builder()
                .set_keys(Some(std::mem::take(&mut missing)))
                .consistent_read(consistency == Consistency::Strong)
                .build()
                .map_err(crate::organization::built("batch read"))?;
            let call = self.client.batch_get_item().request_items(&self.table, keys).send().await;
            let mut answer = call.map_err(StoreError::call("reading items"))?;
            for item in
                answer.responses.as_mut().and_then(|tables| tables.remove(&self.table)).unwrap_or_default()
            {
                let text = |name: &str| {
                    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
                };
                found.insert(Key { pk: text(PK), sk: text(SK) }, item);
            }
            let left = answer.unprocessed_keys.as_mut().and_then(|tables| tables.remove(&self.table));
            missing = left.map(|left| left.keys).unwrap_or_default();
        }
        if missing.is_empty() { Ok(found) } else { Err(StoreError::Incomplete) }
    }
}
