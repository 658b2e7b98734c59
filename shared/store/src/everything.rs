//! Everything of one organization, for an operator with rights of their own: handing it out, deleting it, and taking a person out of
//! it. Walks the table (`dynamodb:Scan`), as no function may; safe to stop, to run twice, and to run while the system works.

use crate::Store;
use crate::error::StoreError;
use crate::format;
use crate::item::{BODY, Item, pack, unpack};
use crate::keys::{self, Kind, PK, SK};
use crate::migrate::{Position, as_it_was, changing, current, key_of};
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::forget::{FORGOTTEN, Forgotten};
use handoff_domain::id::{AccountId, OrganizationId};
use serde_json::{Map, Value, json};

/// The attribute that tells two writers of each other.
const REVISION: &str = "revision";

/// One item as it stands in the table.
#[derive(Debug, Clone)]
pub struct Whole {
    kind: Kind,
    item: Item,
}

impl Whole {
    /// `None` for an item that this program does not make.
    fn of(item: Item) -> Option<Self> {
        let key = |name: &str| item.get(name).and_then(|value| value.as_s().ok());
        let kind = Kind::at(key(PK)?, key(SK)?)?;
        Some(Self { kind, item })
    }

    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        self.kind.as_str()
    }

    /// Whether it holds nothing but what signs somebody in: it is deleted, and never handed out.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Session | Kind::SignIns | Kind::SignIn)
    }

    /// The item as JSON: its keys, its kind and what it holds, compressed parts unpacked, in the current format.
    pub fn to_json(&self) -> Result<Value, StoreError> {
        let mut item = format::upgrade(self.kind, self.item.clone())?;
        let key = |name: &str| self.item.get(name).and_then(|value| value.as_s().ok()).cloned();
        let mut told = Map::from_iter([
            ("kind".to_owned(), json!(self.kind())),
            ("pk".to_owned(), json!(key(PK))),
            ("sk".to_owned(), json!(key(SK))),
        ]);
        match item.remove(BODY) {
            Some(AttributeValue::B(packed)) => {
                told.insert("holds".to_owned(), unpack(self.kind(), packed.as_ref())?);
            }
            _ => {
                item.retain(|name, _| name != PK && name != SK);
                let holds: Value = serde_dynamo::from_item(item)
                    .map_err(|error| StoreError::shape(self.kind())(error.into()))?;
                told.insert("holds".to_owned(), holds);
            }
        }
        Ok(Value::Object(told))
    }

    /// The same item without this person; `None` where it does not name them.
    fn without(&self, person: &Forgotten) -> Result<Option<Item>, StoreError> {
        let mut item = format::upgrade(self.kind, self.item.clone())?;
        let mut found = false;
        for (name, value) in item.iter_mut().filter(|(name, _)| *name != PK && *name != SK && *name != BODY) {
            // Keys of indexes follow from what the item holds.
            found |= !name.ends_with("_sk") && take_out_of_attribute(value, person);
        }
        if let Some(AttributeValue::B(packed)) = item.get(BODY) {
            let mut body: Value = unpack(self.kind(), packed.as_ref())?;
            if take_out_of_json(&mut body, person) {
                raise(&mut body);
                item.insert(BODY.to_owned(), AttributeValue::B(Blob::new(pack(self.kind(), &body)?)));
                found = true;
            }
        }
        if !found {
            return Ok(None);
        }
        if let Some(AttributeValue::N(revision)) = item.get_mut(REVISION) {
            *revision = revision.parse::<u64>().unwrap_or_default().saturating_add(1).to_string();
        }
        current(self.kind, &item).map(Some)
    }
}

/// Whoever read the item before meets a newer revision.
fn raise(body: &mut Value) {
    if let Some(revision) = body.get(REVISION).and_then(Value::as_u64) {
        body[REVISION] = json!(revision.saturating_add(1));
    }
}

fn take_out_of_attribute(value: &mut AttributeValue, person: &Forgotten) -> bool {
    match value {
        AttributeValue::S(text) => take_out_of_text(text, person),
        AttributeValue::L(list) => {
            list.iter_mut().fold(false, |found, one| take_out_of_attribute(one, person) | found)
        }
        AttributeValue::M(map) => {
            let found = map.values_mut().fold(false, |found, one| take_out_of_attribute(one, person) | found);
            if found && map.contains_key("email") {
                for name in ["phone", "title"] {
                    map.entry(name.to_owned()).and_modify(|text| *text = AttributeValue::S(String::new()));
                }
            }
            found
        }
        _ => false,
    }
}

fn take_out_of_json(value: &mut Value, person: &Forgotten) -> bool {
    match value {
        Value::String(text) => take_out_of_text(text, person),
        Value::Array(list) => list.iter_mut().fold(false, |found, one| take_out_of_json(one, person) | found),
        Value::Object(map) => {
            let found = map.values_mut().fold(false, |found, one| take_out_of_json(one, person) | found);
            // The contact itself, as a source: all of it is about them.
            let is_contact =
                map.get("id").and_then(Value::as_str).is_some_and(|id| id.starts_with("contact-"));
            if found && is_contact && map.contains_key("body") {
                map.insert("body".to_owned(), json!(FORGOTTEN));
            }
            found
        }
        _ => false,
    }
}

fn take_out_of_text(text: &mut String, person: &Forgotten) -> bool {
    let Some(without) = person.take_out(text) else { return false };
    *text = without;
    true
}

/// What became of taking a person out of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOut {
    /// The item does not name them.
    NotNamed,
    /// It does no longer.
    Done,
    /// Somebody wrote it meanwhile: the next run takes it.
    Changed,
}

impl Store {
    /// One page of everything that belongs to an organization, from `from` on, and where the next one begins.
    pub async fn everything_page(
        &self,
        organization: &OrganizationId,
        from: Option<&Position>,
        page: i32,
    ) -> Result<(Vec<Whole>, Option<Position>), StoreError> {
        let own = keys::organization(organization).pk;
        let scan = self
            .client
            .scan()
            .table_name(&self.table)
            .limit(page)
            .consistent_read(true)
            .filter_expression(
                "#pk = :own OR begins_with(#pk, :below) OR #sk = :own OR (#pk = :all AND #sk = :id)",
            )
            .expression_attribute_names("#pk", PK)
            .expression_attribute_names("#sk", SK)
            .expression_attribute_values(":own", AttributeValue::S(own.clone()))
            .expression_attribute_values(":below", AttributeValue::S(format!("{own}#")))
            .expression_attribute_values(":all", AttributeValue::S(keys::DIRECTORY.to_owned()))
            .expression_attribute_values(":id", AttributeValue::S(organization.to_string()))
            .set_exclusive_start_key(from.map(Position::key));
        let found = scan.send().await.map_err(StoreError::call("walking the table"))?;
        let next = found.last_evaluated_key.as_ref().and_then(Position::of);
        Ok((found.items.unwrap_or_default().into_iter().filter_map(Whole::of).collect(), next))
    }

    /// Every item of an account, as it stands.
    pub async fn account_items(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
    ) -> Result<Vec<Whole>, StoreError> {
        let partition = AttributeValue::S(keys::account_partition(organization, account));
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", PK)
            .expression_attribute_values(":pk", partition)
            .consistent_read(true);
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await;
            let page = page.map_err(StoreError::call("reading all of an account"))?;
            from = page.last_evaluated_key;
            items.extend(page.items.unwrap_or_default().into_iter().filter_map(Whole::of));
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// Deletes an item, whatever it holds by now.
    pub async fn delete_whole(&self, whole: &Whole) -> Result<(), StoreError> {
        let call = self.client.delete_item().table_name(&self.table).set_key(Some(key_of(&whole.item)));
        call.send().await.map(|_| ()).map_err(StoreError::call("deleting an organization"))
    }

    /// Takes a person out of an item, if it is as it was read. With `write` false nothing is written.
    pub async fn forget_in(
        &self,
        whole: &Whole,
        person: &Forgotten,
        write: bool,
    ) -> Result<TakenOut, StoreError> {
        let Some(without) = whole.without(person)? else { return Ok(TakenOut::NotNamed) };
        if !write {
            return Ok(TakenOut::Done);
        }
        let call = self.client.update_item().table_name(&self.table).set_key(Some(key_of(&whole.item)));
        match as_it_was(changing(call, &whole.item, &without), &whole.item).send().await {
            Ok(_) => Ok(TakenOut::Done),
            Err(error) => {
                let code = error.as_service_error().and_then(|error| error.code());
                if code == Some("ConditionalCheckFailedException") {
                    return Ok(TakenOut::Changed);
                }
                Err(StoreError::call("taking a person out")(error))
            }
        }
    }
}
