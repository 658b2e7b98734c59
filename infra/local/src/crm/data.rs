//! All records and the associations between them, and which of them differ from the samples.

use super::DealSummary;
use super::directory::Directory;
use super::kind::Kind;
use super::record::{Properties, Record, api_time};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A record's kind and id.
pub(super) type Key = (Kind, String);

/// Everything that was written since the samples: whole records, and associations of new ones.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Changes {
    records: Vec<(Kind, Record)>,
    links: Vec<(Key, Key)>,
}

/// The CRM's memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Data {
    pub(super) directory: Directory,
    records: BTreeMap<Key, Record>,
    links: BTreeMap<Key, Vec<Key>>,
    stories: BTreeMap<String, String>,
    transcripts: BTreeMap<String, Arc<Value>>,
    changed: Vec<Key>,
    new_links: Vec<(Key, Key)>,
}

impl Data {
    /// No records yet.
    pub(super) fn new(directory: Directory) -> Self {
        Self { directory, ..Self::default() }
    }

    /// Adds a sample record.
    pub(super) fn add(&mut self, kind: Kind, record: Record) {
        self.records.insert((kind, record.id.clone()), record);
    }

    /// Adds what is special about a deal.
    pub(super) fn add_story(&mut self, deal: String, story: String) {
        self.stories.insert(deal, story);
    }

    /// Adds what was said in a call, as HubSpot's transcript route answers it.
    pub(super) fn add_transcript(&mut self, id: String, transcript: Value) {
        self.transcripts.insert(id, Arc::new(transcript));
    }

    /// What was said in a call.
    pub(super) fn transcript(&self, id: &str) -> Option<&Value> {
        self.transcripts.get(id).map(Arc::as_ref)
    }

    /// Associates two records in both directions.
    pub(super) fn link(&mut self, one: &Key, other: &Key) {
        for (from, to) in [(one, other), (other, one)] {
            let known = self.links.entry(from.clone()).or_default();
            if !known.contains(to) {
                known.push(to.clone());
            }
        }
    }

    /// A record by its id, or by an id that was merged into it.
    pub(super) fn find(&self, kind: Kind, id: &str) -> Option<&Record> {
        self.records.get(&(kind, id.to_owned())).or_else(|| {
            let merged =
                |record: &&Record| record.text("hs_merged_object_ids").split(';').any(|old| old == id);
            self.list(kind).find(merged)
        })
    }

    /// Every record of a kind, in the order of ids.
    pub(super) fn list(&self, kind: Kind) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(move |(key, _)| key.0 == kind).map(|(_, record)| record)
    }

    /// The ids of the records of kind `to` that a record is associated with, archived ones left out.
    pub(super) fn linked(&self, kind: Kind, id: &str, to: Kind) -> Vec<&str> {
        let live = |key: &&Key| key.0 == to && self.records.get(*key).is_some_and(|record| !record.archived);
        self.links
            .get(&(kind, id.to_owned()))
            .into_iter()
            .flatten()
            .filter(live)
            .map(|key| key.1.as_str())
            .collect()
    }

    /// Changes properties of a record and what HubSpot derives from them. `None` when there is no such live record.
    pub(super) fn patch(
        &mut self,
        kind: Kind,
        id: &str,
        change: Properties,
        now: Timestamp,
    ) -> Option<&Record> {
        let id = self.find(kind, id).filter(|record| !record.archived)?.id.clone();
        let key = (kind, id);
        let record = self.records.get_mut(&key)?;
        let moved =
            change.get("dealstage").is_some_and(|stage| stage.as_deref() != Some(record.text("dealstage")));
        record.properties.extend(change);
        record.updated_at = now;
        if kind == Kind::Deals && moved {
            enter_stage(record, &self.directory, now);
        }
        self.mark(key.clone());
        self.records.get(&key)
    }

    /// Makes a new record, associated with others. Being written to makes those others "modified".
    pub(super) fn create(
        &mut self,
        kind: Kind,
        properties: Properties,
        links: &[Key],
        now: Timestamp,
    ) -> &Record {
        let highest = self.records.keys().filter_map(|key| key.1.parse::<u64>().ok()).max().unwrap_or(0);
        let key = (kind, (highest + 1).to_string());
        let (id, archived_at) = (key.1.clone(), None);
        let record =
            Record { id, properties, created_at: now, updated_at: now, archived: false, archived_at };
        for other in links {
            self.link(&key, other);
            self.new_links.push((key.clone(), other.clone()));
            if let Some(other_record) = self.records.get_mut(other) {
                other_record.updated_at = now;
                self.mark(other.clone());
            }
        }
        self.mark(key.clone());
        self.records.entry(key).or_insert(record)
    }

    /// Makes another deal like this one, with companies of its own, numbered; notes and people are not taken along. `None` when
    /// there is no such deal.
    pub(super) fn copy(&mut self, id: &str, number: usize, now: Timestamp) -> Option<String> {
        let mut deal = self.find(Kind::Deals, id)?.clone();
        let companies = self.linked(Kind::Deals, &deal.id, Kind::Companies).into_iter();
        let companies: Vec<Record> =
            companies.filter_map(|id| self.find(Kind::Companies, id).cloned()).collect();
        deal.rename("dealname", number);
        let copied = self.create(Kind::Deals, deal.properties, &[], now).id.clone();
        for mut company in companies {
            company.rename("name", number);
            self.create(Kind::Companies, company.properties, &[(Kind::Deals, copied.clone())], now);
        }
        Some(copied)
    }

    fn mark(&mut self, key: Key) {
        if !self.changed.contains(&key) {
            self.changed.push(key);
        }
    }

    /// What differs from the samples.
    pub(super) fn changes(&self) -> Changes {
        let whole = |key: &Key| self.records.get(key).map(|record| (key.0, record.clone()));
        Changes { records: self.changed.iter().filter_map(whole).collect(), links: self.new_links.clone() }
    }

    /// Brings back what was written before a restart.
    pub(super) fn apply(&mut self, changes: Changes) {
        for (kind, record) in changes.records {
            self.mark((kind, record.id.clone()));
            self.add(kind, record);
        }
        for (one, other) in changes.links {
            self.link(&one, &other);
            self.new_links.push((one, other));
        }
    }

    /// The sample deals for the start page.
    pub(super) fn summaries(&self) -> Vec<DealSummary> {
        self.list(Kind::Deals).filter(|deal| !deal.archived).map(|deal| self.summary(deal)).collect()
    }

    fn summary(&self, deal: &Record) -> DealSummary {
        let company = self.linked(Kind::Deals, &deal.id, Kind::Companies).first().copied();
        let company = company.and_then(|id| self.find(Kind::Companies, id));
        let stage = self.directory.stage(deal.text("pipeline"), deal.text("dealstage"));
        DealSummary {
            id: deal.id.clone(),
            name: deal.text("dealname").to_owned(),
            company: company.map(|company| company.text("name").to_owned()).unwrap_or_default(),
            story: self.stories.get(&deal.id).cloned().unwrap_or_default(),
            stage: stage.map_or_else(|| deal.text("dealstage").to_owned(), |stage| stage.label.clone()),
            is_won: deal.text("hs_is_closed_won") == "true",
            owner_email: self.directory.active_address(deal.text("hubspot_owner_id")),
        }
    }
}

/// Sets what HubSpot calculates when a deal enters a stage.
fn enter_stage(deal: &mut Record, directory: &Directory, now: Timestamp) {
    let id = deal.text("dealstage").to_owned();
    let (closed, won, probability) = directory
        .stage(deal.text("pipeline"), &id)
        .map_or((false, false, "0.0"), |stage| (stage.is_closed(), stage.is_won(), stage.probability()));
    let mut set = |name: &str, value: String| deal.properties.insert(name.to_owned(), Some(value));
    set("hs_is_closed", closed.to_string());
    set("hs_is_closed_won", won.to_string());
    set("hs_is_closed_lost", (closed && !won).to_string());
    set("hs_deal_stage_probability", probability.trim_end_matches(".0").to_owned());
    set("hs_v2_date_entered_current_stage", api_time(now));
    set(&format!("hs_v2_date_entered_{id}"), api_time(now));
    if closed {
        set("closedate", api_time(now));
    }
    if won {
        set("hs_closed_won_date", api_time(now));
    }
}
