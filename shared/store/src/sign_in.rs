//! Signing in: who knows an address, wishes that open once, sessions, and how often links are asked for.

use crate::Store;
use crate::assignment::{Choice, choice_from, choice_keys};
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::handoff::Consistency;
use crate::item::{Item, from_item, to_item, unpack_item};
use crate::keys::{self, Key, Kind, PK, SK, TTL};
use crate::organization::built;
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use handoff_domain::Timestamp;
use handoff_domain::id::{AccountId, OrganizationId, SignInId};
use handoff_domain::limits::SIGN_IN_WINDOW_MINUTES;
use handoff_domain::organization::Organization;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::roster::Roster;
use handoff_domain::sign_in::{AddressHash, Session, SessionToken, SignIn};
use std::collections::HashMap;

/// What every request of a signed-in browser reads.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The session that the browser shows.
    pub session: Session,
    /// Its organization.
    pub organization: Organization,
    /// The organization's people.
    pub roster: Roster,
}

fn visit_keys(token: &SessionToken) -> [Key; 3] {
    let id = &token.organization;
    [keys::session(id, &token.hash()), keys::organization(id), keys::roster(id)]
}

fn visit_from(token: &SessionToken, found: &mut HashMap<Key, Item>) -> Result<Option<Visit>, StoreError> {
    let [Some(session), Some(organization), Some(roster)] = visit_keys(token).map(|key| found.remove(&key))
    else {
        return Ok(None);
    };
    Ok(Some(Visit {
        session: from_item(Kind::Session, session)?,
        organization: from_item(Kind::Organization, organization)?,
        roster: unpack_item(Kind::Roster, roster)?,
    }))
}

/// How long what is over is kept, in seconds, so that a late click is told what happened: a day.
const KEPT_SECONDS: i64 = 24 * 3600;

const COUNT: &str = "count";
const USED_AT: &str = "used_at";
const SEEN_AT: &str = "seen_at";

impl Store {
    /// Counts one wish of this address, known or not; `false` when there were `most` within the last minutes.
    pub async fn count_sign_in(
        &self,
        address: &AddressHash,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let from = window(now);
        let raise = Raise::new(keys::sign_ins_of(address, from), from, most);
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(raise.key.attributes()))
            .update_expression(RAISE)
            .condition_expression(BELOW)
            .set_expression_attribute_names(Some(Raise::names()))
            .set_expression_attribute_values(Some(raise.values()));
        holds(call.send().await, "counting sign-ins")
    }

    /// Which organizations know this address: one query.
    pub async fn list_known_by(&self, address: &AddressHash) -> Result<Vec<OrganizationId>, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk AND begins_with(#sk, :known)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":pk", AttributeValue::S(keys::person_partition(address)))
            .expression_attribute_values(":known", AttributeValue::S(keys::KNOWN_BY_PREFIX.to_owned()))
            .send()
            .await
            .map_err(StoreError::call("reading who knows an address"))?;
        let known = answer.items().iter().filter_map(|item| item.get(SK)?.as_s().ok());
        Ok(known
            .filter_map(|sk| OrganizationId::parse(sk.strip_prefix(keys::KNOWN_BY_PREFIX)?).ok())
            .collect())
    }

    /// Keeps a wish, with the mail that it owes, in one transaction that counts for the organization, or for the stranger:
    /// the same call for both. `false` when the organization's people were mailed `most` links in the last minutes.
    pub async fn create_sign_in(
        &self,
        wish: &SignIn,
        owed: Option<&OutboxEntry>,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let from = window(now);
        let counter = match owed {
            Some(entry) => keys::sign_ins(&entry.key.organization, from),
            None => keys::sign_ins_of_nobody(&wish.address, from),
        };
        let raise = Raise::new(counter, from, most);
        let count = Update::builder()
            .table_name(&self.table)
            .set_key(Some(raise.key.attributes()))
            .update_expression(RAISE)
            .condition_expression(BELOW)
            .set_expression_attribute_names(Some(Raise::names()))
            .set_expression_attribute_values(Some(raise.values()));
        let mut item = to_item(Kind::SignIn, &keys::sign_in(&wish.id), wish)?;
        item.insert(TTL.to_owned(), seconds(wish.expires_at.as_second() + KEPT_SECONDS));
        let mut writes = vec![
            TransactWriteItem::builder().update(count.build().map_err(built("update"))?).build(),
            self.put_new(item)?,
        ];
        if let Some(entry) = owed {
            writes.push(self.put_over(crate::outbox::entry_item(entry)?)?);
        }
        self.transact("keeping a wish to sign in", writes).await
    }

    /// One wish; `None` when there never was one, or it is over for long.
    pub async fn get_sign_in(&self, id: &SignInId) -> Result<Option<SignIn>, StoreError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(keys::sign_in(id).attributes()))
            .consistent_read(true);
        let found = call.send().await.map_err(StoreError::call("reading a wish to sign in"))?;
        found.item.map(|item| from_item(Kind::SignIn, item)).transpose()
    }

    /// These organizations with their people, as they are now; those that are gone are left out.
    pub async fn get_organizations(
        &self,
        ids: &[OrganizationId],
    ) -> Result<Vec<(Organization, Roster)>, StoreError> {
        let wanted: Vec<Key> = ids.iter().flat_map(|id| [keys::organization(id), keys::roster(id)]).collect();
        let mut found = self.batch_get(&wanted, Consistency::Strong).await?;
        let mut organizations = Vec::with_capacity(ids.len());
        for id in ids {
            let (Some(organization), Some(roster)) =
                (found.remove(&keys::organization(id)), found.remove(&keys::roster(id)))
            else {
                continue;
            };
            organizations
                .push((from_item(Kind::Organization, organization)?, unpack_item(Kind::Roster, roster)?));
        }
        Ok(organizations)
    }

    /// Uses up a wish and begins its session: one transaction. `false` when it was used before.
    pub async fn begin_session(
        &self,
        wish: &SignIn,
        session: &Session,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let used = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::sign_in(&wish.id).attributes()))
            .update_expression("SET #used = :now, #format = :format")
            .condition_expression("attribute_exists(#pk) AND attribute_not_exists(#used)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#used", USED_AT)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current())
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()));
        let used = TransactWriteItem::builder().update(used.build().map_err(built("update"))?).build();
        let writes = vec![used, self.put_new(session_item(session)?)?];
        self.transact("beginning a session", writes).await
    }

    /// Begins a session without a wish: for the local run, whose start page signs in.
    pub async fn put_session(&self, session: &Session) -> Result<(), StoreError> {
        let item = session_item(session)?;
        let put = self.client.put_item().table_name(&self.table).set_item(Some(item)).send().await;
        put.map(drop).map_err(StoreError::call("beginning a session"))
    }

    /// The session behind a cookie, its organization and people: one batch read. Whether it is over is for
    /// [`Session::holder`] to say.
    pub async fn get_visit(
        &self,
        token: &SessionToken,
        consistency: Consistency,
    ) -> Result<Option<Visit>, StoreError> {
        let mut found = self.batch_get(&visit_keys(token), consistency).await?;
        visit_from(token, &mut found)
    }

    /// The same, and in the same batch read an account with what its CSM is chosen by; `None` in its place where the
    /// organization has no such account.
    pub async fn get_visit_and_choice(
        &self,
        token: &SessionToken,
        account: &AccountId,
        consistency: Consistency,
    ) -> Result<Option<(Visit, Option<Choice>)>, StoreError> {
        let beside = choice_keys(&token.organization, account);
        let wanted: Vec<Key> = visit_keys(token).into_iter().chain(beside.clone()).collect();
        let mut found = self.batch_get(&wanted, consistency).await?;
        let Some(visit) = visit_from(token, &mut found)? else { return Ok(None) };
        Ok(Some((visit, choice_from(&beside, &mut found)?)))
    }

    /// Notes that a session is used. One that was ended meanwhile stays so.
    pub async fn note_session(&self, session: &Session, now: Timestamp) -> Result<(), StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::session(&session.organization, &session.hash).attributes()))
            .update_expression("SET #seen = :now, #format = :format")
            .condition_expression("attribute_exists(#pk)")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#seen", SEEN_AT)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current())
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()));
        holds(call.send().await, "noting a session").map(drop)
    }

    /// Ends a session.
    pub async fn end_session(&self, token: &SessionToken) -> Result<(), StoreError> {
        let key = keys::session(&token.organization, &token.hash());
        let call = self.client.delete_item().table_name(&self.table).set_key(Some(key.attributes()));
        call.send().await.map(drop).map_err(StoreError::call("ending a session"))
    }
}

fn session_item(session: &Session) -> Result<crate::item::Item, StoreError> {
    let mut item = to_item(Kind::Session, &keys::session(&session.organization, &session.hash), session)?;
    let life = handoff_domain::limits::SESSION_LIFE_DAYS * 24 * 3600;
    item.insert(TTL.to_owned(), seconds(session.began_at.as_second() + life + KEPT_SECONDS));
    Ok(item)
}

fn seconds(since_1970: i64) -> AttributeValue {
    AttributeValue::N(since_1970.to_string())
}

/// The beginning of the window that `now` is in.
fn window(now: Timestamp) -> Timestamp {
    let length = SIGN_IN_WINDOW_MINUTES * 60;
    Timestamp::from_second(now.as_second().div_euclid(length) * length).unwrap_or(now)
}

/// One more of what may happen so often within a window.
struct Raise {
    key: Key,
    from: Timestamp,
    most: u32,
}

const RAISE: &str = "SET #count = if_not_exists(#count, :none) + :one, #ttl = :ttl, #format = :format";
const BELOW: &str = "attribute_not_exists(#count) OR #count < :most";

impl Raise {
    fn new(key: Key, from: Timestamp, most: u32) -> Self {
        Self { key, from, most }
    }

    fn names() -> std::collections::HashMap<String, String> {
        [("#count", COUNT), ("#ttl", TTL), ("#format", FORMAT)]
            .map(|(name, attribute)| (name.to_owned(), attribute.to_owned()))
            .into()
    }

    fn values(&self) -> std::collections::HashMap<String, AttributeValue> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        [
            (":none", number(0)),
            (":one", number(1)),
            (":most", number(self.most.into())),
            (":ttl", number(self.from.as_second() + KEPT_SECONDS)),
            (":format", format::current()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}

/// Whether the condition of an update held.
fn holds<T, E>(
    outcome: Result<T, aws_sdk_dynamodb::error::SdkError<E>>,
    operation: &'static str,
) -> Result<bool, StoreError>
where
    E: std::error::Error + aws_sdk_dynamodb::error::ProvideErrorMetadata + Send + Sync + 'static,
{
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(StoreError::call(operation)(error)),
    }
}
