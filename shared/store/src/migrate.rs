//! Bringing stored items up to the current format: one by one where an update in place meets an older one, and the whole
//! table by the operator's command. Each is one conditional update of what the steps changed, so it may run twice, be
//! stopped, and run beside the system.

use crate::Store;
use crate::due;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::handoff::handoff_from;
use crate::item::Item;
use crate::keys::{Kind, PK, SK};
use crate::listing;
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;

/// How often an item that somebody writes at the same time is read and tried again.
const TRIES: usize = 4;

/// Where a walk over the table stands; its text continues the walk later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pk: String,
    sk: String,
}

/// The text is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a position: expected the two keys that an earlier run printed")]
pub struct ParsePositionError;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.pk, self.sk)
    }
}

impl FromStr for Position {
    type Err = ParsePositionError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (pk, sk) = text.trim().split_once(' ').ok_or(ParsePositionError)?;
        let sk = sk.to_owned();
        Kind::at(pk, &sk).map(|_| Self { pk: pk.to_owned(), sk }).ok_or(ParsePositionError)
    }
}

impl Position {
    pub(crate) fn of(key: &Item) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(|value| value.as_s().ok()).cloned();
        Some(Self { pk: text(PK)?, sk: text(SK)? })
    }

    pub(crate) fn key(&self) -> Item {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        HashMap::from([(PK.to_owned(), text(&self.pk)), (SK.to_owned(), text(&self.sk))])
    }
}

/// What a walk did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migrated {
    /// Items looked at.
    pub seen: u64,
    /// Items of an older format that were brought up, by kind.
    pub upgraded: BTreeMap<&'static str, u64>,
    /// Items that others kept writing: the next run takes them, unless they are current by then.
    pub busy: u64,
    /// Items of a newer format: this program is too old for them.
    pub newer: u64,
    /// Keys of items that cannot be read, or that this program does not make.
    pub unreadable: Vec<String>,
}

impl Migrated {
    /// Adds what a further page did.
    pub fn add(&mut self, page: Self) {
        self.seen += page.seen;
        for (kind, count) in page.upgraded {
            *self.upgraded.entry(kind).or_default() += count;
        }
        self.busy += page.busy;
        self.newer += page.newer;
        self.unreadable.extend(page.unreadable);
    }

    /// Items brought up.
    pub fn upgraded_in_all(&self) -> u64 {
        self.upgraded.values().sum()
    }
}

/// What became of bringing one item up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brought {
    /// It was current.
    Current,
    /// It is current now.
    Up,
    /// Somebody wrote it meanwhile.
    Changed,
}

impl Store {
    /// One page of the walk over the whole table, from `from` on, and where the next one begins. With `dry_run` nothing is
    /// written. For an operator with rights of their own: no function may scan.
    pub async fn migrate_page(
        &self,
        from: Option<&Position>,
        page: i32,
        dry_run: bool,
    ) -> Result<(Migrated, Option<Position>), StoreError> {
        let scan = self.client.scan().table_name(&self.table).limit(page);
        let scan = scan.set_exclusive_start_key(from.map(Position::key));
        let found = scan.send().await.map_err(StoreError::call("walking the table"))?;
        let mut migrated = Migrated::default();
        let next = found.last_evaluated_key.as_ref().and_then(Position::of);
        for item in found.items.unwrap_or_default() {
            self.migrate(item, dry_run, &mut migrated).await?;
        }
        Ok((migrated, next))
    }

    async fn migrate(&self, item: Item, dry_run: bool, migrated: &mut Migrated) -> Result<(), StoreError> {
        migrated.seen += 1;
        let Some(position) = Position::of(&item) else { return Ok(()) };
        let Some(kind) = Kind::at(&position.pk, &position.sk) else {
            migrated.unreadable.push(position.to_string());
            return Ok(());
        };
        match self.bring_up_patiently(kind, item, dry_run).await {
            Ok(Brought::Current) => {}
            Ok(Brought::Up) => *migrated.upgraded.entry(kind.as_str()).or_default() += 1,
            Ok(Brought::Changed) => migrated.busy += 1,
            Err(StoreError::NewerFormat { .. }) => migrated.newer += 1,
            Err(StoreError::Shape { .. }) => migrated.unreadable.push(position.to_string()),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn bring_up_patiently(&self, kind: Kind, item: Item, dry_run: bool) -> Result<Brought, StoreError> {
        let key = key_of(&item);
        let mut item = item;
        for _ in 0..TRIES {
            let brought = self.bring_up(kind, &item, dry_run).await?;
            if brought != Brought::Changed {
                return Ok(brought);
            }
            let get = self.client.get_item().table_name(&self.table).set_key(Some(key.clone()));
            let read = get.consistent_read(true).send().await;
            match read.map_err(StoreError::call("reading an item again"))?.item {
                Some(current) => item = current,
                // Gone, so nothing is left to bring up.
                None => return Ok(Brought::Current),
            }
        }
        Ok(Brought::Changed)
    }

    /// Brings an older item up that an update in place met; whether the update is worth another try.
    pub(crate) async fn was_older(&self, kind: Kind, item: &Item) -> Result<bool, StoreError> {
        if format::of(kind, item)? == format::CURRENT {
            return Ok(false);
        }
        Ok(self.bring_up(kind, item, false).await? != Brought::Current)
    }

    async fn bring_up(&self, kind: Kind, item: &Item, dry_run: bool) -> Result<Brought, StoreError> {
        let current = current(kind, item)?;
        // The number alone does not tell: an older program that adds a reason to look in place leaves the number, and the
        // index behind.
        if current == *item {
            return Ok(Brought::Current);
        }
        if dry_run {
            return Ok(Brought::Up);
        }
        let call = self.client.update_item().table_name(&self.table).set_key(Some(key_of(item)));
        match as_it_was(changing(call, item, &current), item).send().await {
            Ok(_) => Ok(Brought::Up),
            Err(error) => {
                let code = error.as_service_error().and_then(|error| error.code());
                if code == Some("ConditionalCheckFailedException") {
                    return Ok(Brought::Changed);
                }
                Err(StoreError::call("bringing an item up to the current format")(error))
            }
        }
    }
}

/// The item as this program would have written it.
pub(crate) fn current(kind: Kind, item: &Item) -> Result<Item, StoreError> {
    let mut current = format::upgrade(kind, item.clone())?;
    if kind == Kind::Handoff {
        let handoff = handoff_from(current.clone())?;
        due::index(&mut current, &handoff);
        listing::index(&mut current, &handoff)?;
    }
    Ok(current)
}

pub(crate) fn key_of(item: &Item) -> Item {
    item.iter().filter(|(name, _)| is_key(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn is_key(name: &str) -> bool {
    name == PK || name == SK
}

/// Sets and removes what differs between the two.
pub(crate) fn changing(mut call: UpdateItemFluentBuilder, old: &Item, new: &Item) -> UpdateItemFluentBuilder {
    let (mut sets, mut removes) = (Vec::new(), Vec::new());
    for (index, (name, value)) in new.iter().filter(|(name, value)| old.get(*name) != Some(value)).enumerate()
    {
        sets.push(format!("#s{index} = :s{index}"));
        call = call
            .expression_attribute_names(format!("#s{index}"), name)
            .expression_attribute_values(format!(":s{index}"), value.clone());
    }
    for (index, name) in old.keys().filter(|name| !new.contains_key(*name)).enumerate() {
        removes.push(format!("#r{index}"));
        call = call.expression_attribute_names(format!("#r{index}"), name);
    }
    let mut expression = format!("SET {}", sets.join(", "));
    if !removes.is_empty() {
        expression = format!("{expression} REMOVE {}", removes.join(", "));
    }
    call.update_expression(expression)
}

/// Holds only while the item is the one that was read: by its format and revision, or whole where it has no revision.
pub(crate) fn as_it_was(mut call: UpdateItemFluentBuilder, item: &Item) -> UpdateItemFluentBuilder {
    const REVISION: &str = "revision";
    let mut conditions = vec![match item.get(FORMAT) {
        None => "attribute_not_exists(#format)".to_owned(),
        Some(format) => {
            call = call.expression_attribute_values(":format", format.clone());
            "#format = :format".to_owned()
        }
    }];
    call = call.expression_attribute_names("#format", FORMAT);
    let compared: Vec<&String> = match item.get_key_value(REVISION) {
        Some((revision, _)) => vec![revision],
        None => item.keys().filter(|name| !is_key(name) && *name != FORMAT).collect(),
    };
    for (index, name) in compared.into_iter().enumerate() {
        conditions.push(format!("#c{index} = :c{index}"));
        call = call
            .expression_attribute_names(format!("#c{index}"), name)
            .expression_attribute_values(format!(":c{index}"), item[name].clone());
    }
    // An item that is gone has no format either.
    conditions.push("attribute_exists(#pk)".to_owned());
    call.expression_attribute_names("#pk", PK).condition_expression(conditions.join(" AND "))
}
