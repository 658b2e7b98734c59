//! An account as the console shows it, and what people write beside its handoff.

use crate::Store;
use crate::error::StoreError;
use crate::event::event_from;
use crate::handoff::{Consistency, handoff_from};
use crate::item::{Item, packed_item, unpack_item};
use crate::keys::{self, Key, Kind, PK, SK};
use crate::organization::built;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use handoff_domain::draft::Drafts;
use handoff_domain::event::Event;
use handoff_domain::handoff::{EndedRound, Handoff};
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::integration::FlowBack;
use handoff_domain::kickoff::Kickoff;
use handoff_domain::note::Note;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::plan::Plan;
use handoff_domain::rating::Rated;
use handoff_domain::welcome::Welcome;

/// The attribute that tells one text or rating from the next.
const REVISION: &str = "revision";

/// Everything about an account but the bodies of its sources.
#[derive(Debug, Clone)]
pub struct AccountView {
    /// Account and handoff.
    pub handoff: Handoff,
    /// The drafts of the round; `None` while drafting.
    pub drafts: Option<Drafts>,
    /// The onboarding plan, from the first submit on.
    pub plan: Option<Plan>,
    /// The oldest first.
    pub notes: Vec<Note>,
    /// By round.
    pub ratings: Vec<Rated>,
    /// Rounds that are over, the first one first.
    pub rounds: Vec<EndedRound>,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
    /// The welcome mail, once something was done about it.
    pub welcome: Option<Welcome>,
    /// The kickoff, once it is planned.
    pub kickoff: Option<Kickoff>,
    /// What flowed back into HubSpot.
    pub flow_back: FlowBack,
}

/// The same while its items come in.
#[derive(Default)]
struct Parts {
    handoff: Option<Handoff>,
    drafts: Option<Drafts>,
    plan: Option<Plan>,
    notes: Vec<Note>,
    ratings: Vec<Rated>,
    rounds: Vec<EndedRound>,
    events: Vec<Event>,
    welcome: Option<Welcome>,
    kickoff: Option<Kickoff>,
    flow_back: FlowBack,
}

impl Parts {
    fn take(&mut self, item: Item) -> Result<(), StoreError> {
        let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        match text(PK).zip(text(SK)).and_then(|(pk, sk)| Kind::at(pk, sk)) {
            Some(Kind::Handoff) => self.handoff = Some(handoff_from(item)?),
            Some(Kind::Drafts) => self.drafts = Some(unpack_item(Kind::Drafts, item)?),
            Some(Kind::Plan) => self.plan = Some(unpack_item(Kind::Plan, item)?),
            Some(Kind::Note) => self.notes.push(unpack_item(Kind::Note, item)?),
            Some(Kind::Rating) => self.ratings.push(unpack_item(Kind::Rating, item)?),
            Some(Kind::Round) => self.rounds.push(unpack_item(Kind::Round, item)?),
            Some(Kind::Event) => self.events.push(event_from(item)?),
            Some(Kind::Welcome) => self.welcome = Some(unpack_item(Kind::Welcome, item)?),
            Some(Kind::FlowBack) => self.flow_back = crate::delivery::flow_back_from(item)?,
            Some(Kind::Kickoff) => self.kickoff = Some(unpack_item(Kind::Kickoff, item)?),
            _ => {}
        }
        Ok(())
    }
}

impl Store {
    /// An account, whole but for the bodies of its sources: one query. `None` when the organization has no such account.
    pub async fn get_account(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        consistency: Consistency,
    ) -> Result<Option<AccountView>, StoreError> {
        let partition = AttributeValue::S(keys::account_partition(organization, account));
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND #sk < :sources")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", partition)
            .expression_attribute_values(":sources", AttributeValue::S(keys::SOURCES_PREFIX.to_owned()))
            .consistent_read(consistency == Consistency::Strong);
        let (mut parts, mut from) = (Parts::default(), None);
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await;
            let page = page.map_err(StoreError::call("reading an account"))?;
            from = page.last_evaluated_key;
            page.items.unwrap_or_default().into_iter().try_for_each(|item| parts.take(item))?;
            if from.is_none() {
                break;
            }
        }
        let Parts { handoff, drafts, plan, notes, ratings, rounds, events, welcome, kickoff, flow_back } =
            parts;
        let view = |handoff| AccountView {
            handoff,
            drafts,
            plan,
            notes,
            ratings,
            rounds,
            events,
            welcome,
            kickoff,
            flow_back,
        };
        Ok(handoff.map(view))
    }

    /// Writes a note, or the next text of one, and tells it; `false` when somebody changed it since it was read.
    pub async fn put_note(&self, handoff: &Handoff, note: &Note, told: &Event) -> Result<bool, StoreError> {
        let (organization, account) = (&handoff.organization, &handoff.id);
        let item = packed_item(Kind::Note, &keys::note(organization, account, note), note)?;
        let mut writes = vec![self.put_next(item, note.texts.len())?];
        writes.extend(self.put_events(organization, account, std::slice::from_ref(told))?);
        self.transact("writing a note", writes).await
    }

    /// Writes what was said of a round, owes the mails of what was reported, and tells it; `false` when somebody rated it since it was read.
    pub async fn put_rating(
        &self,
        handoff: &Handoff,
        rated: &Rated,
        owed: Option<&OutboxEntry>,
        told: &Event,
    ) -> Result<bool, StoreError> {
        let (organization, account) = (&handoff.organization, &handoff.id);
        let key = keys::rating(organization, account, rated.round);
        let item = packed_item(Kind::Rating, &key, rated)?;
        let mut writes = vec![self.put_next(item, usize::try_from(rated.times).unwrap_or(usize::MAX))?];
        let owed = owed.map(std::slice::from_ref).unwrap_or_default();
        self.push_what_follows(&mut writes, handoff, owed, std::slice::from_ref(told))?;
        self.transact("rating a handoff", writes).await
    }

    /// The round that is over is kept, the next one begins, its mail is owed, and it is told: one transaction. `false` when
    /// the handoff changed since `before` was read.
    pub async fn give_back(
        &self,
        before: &Handoff,
        after: &Handoff,
        ended: &EndedRound,
        owed: &[OutboxEntry],
        told: &[Event],
    ) -> Result<bool, StoreError> {
        let key: Key = keys::round(&after.organization, &after.id, ended.round);
        let round = self.put_new(packed_item(Kind::Round, &key, ended)?)?;
        self.replace_with(before, after, vec![round], owed, told, "giving a handoff back").await
    }

    /// The put of a thing's nth text: the first where nothing is, each later one over the one before.
    pub(crate) fn put_next(&self, mut item: Item, number: usize) -> Result<TransactWriteItem, StoreError> {
        item.insert(REVISION.to_owned(), AttributeValue::N(number.to_string()));
        if number <= 1 {
            return self.put_new(item);
        }
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("#revision = :before")
            .expression_attribute_names("#revision", REVISION)
            .expression_attribute_values(":before", AttributeValue::N((number - 1).to_string()));
        Ok(TransactWriteItem::builder().put(put.build().map_err(built("put"))?).build())
    }
}
