//! Reading, making and changing records.

use super::answer::{Answer, Refusal, batch, not_found, reply};
use super::data::{Data, Key};
use super::kind::Kind;
use super::record::Properties;
use super::{Crm, associations};
use axum::http::{StatusCode, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Most records in one batch read.
const BATCH_MAX: usize = 100;
/// Longest body of a note, in characters.
const NOTE_MAX_CHARS: usize = 65_536;
/// Properties that HubSpot keeps itself and refuses to be told.
const READ_ONLY: [&str; 4] = ["hs_object_id", "hs_createdate", "hs_lastmodifieddate", "hs_is_closed_won"];

/// The query parameters that these routes know; lists may be repeated or separated by commas.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) properties: Vec<String>,
    pub(super) associations: Vec<String>,
    pub(super) archived: bool,
    pub(super) after: Option<String>,
    pub(super) limit: Option<usize>,
    pub(super) email: Option<String>,
}

impl Query {
    /// Reads the query of a request; unknown parameters are left aside, as HubSpot does.
    pub(super) fn parse(uri: &Uri) -> Self {
        let mut query = Self::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            let list = || value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
            match &*name {
                "properties" => query.properties.extend(list()),
                "associations" => query.associations.extend(list()),
                "archived" => query.archived = value == "true",
                "after" => query.after = Some(value.into_owned()),
                "limit" => query.limit = value.parse().ok(),
                "email" => query.email = Some(value.into_owned()),
                _ => {}
            }
        }
        query
    }
}

/// Reads a JSON body, or says in HubSpot's shape that it is none.
pub(super) fn parse_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Invalid(format!("Invalid input JSON: {error}")))
}

/// Reads the kind of record from a path.
pub(super) fn parse_kind(text: &str) -> Result<Kind, Refusal> {
    Kind::parse(text).ok_or_else(|| Refusal::Invalid(format!("Unable to infer object type from: {text}")))
}

/// `GET .../{kind}/{id}`
pub(super) fn read(crm: &Crm, kind: &str, id: &str, query: &Query) -> Answer {
    let kind = parse_kind(kind)?;
    let data = crm.data();
    let record =
        data.find(kind, id).filter(|record| record.archived == query.archived).ok_or(Refusal::NotFound)?;
    let mut view = record.view(kind, &query.properties);
    let size = crm.association_page_size();
    let lists = associations::inline(&data, (kind, &record.id), &query.associations, size)?;
    if !lists.is_empty() {
        view["associations"] = lists.into();
    }
    Ok(reply(StatusCode::OK, &view))
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct BatchRead {
    inputs: Vec<Id>,
    #[serde(default)]
    properties: Vec<String>,
}

/// `POST .../{kind}/batch/read`
pub(super) fn read_batch(crm: &Crm, kind: &str, query: &Query, body: &[u8]) -> Answer {
    let kind = parse_kind(kind)?;
    let asked: BatchRead = parse_body(body)?;
    if asked.inputs.is_empty() || asked.inputs.len() > BATCH_MAX {
        let message = format!("Batch size {} is not between 1 and {BATCH_MAX}", asked.inputs.len());
        return Err(Refusal::Invalid(message));
    }
    let data = crm.data();
    let (mut results, mut missing) = (Vec::new(), Vec::new());
    for Id { id } in asked.inputs {
        match data.find(kind, &id).filter(|record| record.archived == query.archived) {
            Some(record) => results.push(record.view(kind, &asked.properties)),
            None => missing.push(id),
        }
    }
    let message = format!(
        "Could not get some {} objects, they may be deleted or not exist.",
        kind.singular().to_uppercase()
    );
    let errors = if missing.is_empty() { Vec::new() } else { vec![not_found(message, &missing)] };
    Ok(batch(results, errors, crm.clock.now()))
}

#[derive(Deserialize)]
struct Change {
    properties: Properties,
}

/// `PATCH .../{kind}/{id}`
pub(super) fn change(crm: &Crm, kind: &str, id: &str, body: &[u8]) -> Answer {
    let kind = parse_kind(kind)?;
    let Change { properties } = parse_body(body)?;
    check(kind, &properties)?;
    if let Some(stage) = properties.get("dealstage").filter(|_| kind == Kind::Deals) {
        let data = crm.data();
        let deal = data.find(kind, id).ok_or(Refusal::NotFound)?;
        let pipeline = properties.get("pipeline").and_then(Option::as_deref).unwrap_or(deal.text("pipeline"));
        if data.directory.stage(pipeline, stage.as_deref().unwrap_or_default()).is_none() {
            return Err(Refusal::Invalid("dealstage was not one of the allowed options".to_owned()));
        }
    }
    let asked: Vec<String> = properties.keys().cloned().collect();
    let now = crm.clock.now();
    let view =
        crm.write(|data| data.patch(kind, id, properties, now).map(|record| record.view(kind, &asked)))?;
    view.map(|view| reply(StatusCode::OK, &view)).ok_or(Refusal::NotFound)
}

#[derive(Deserialize)]
struct Create {
    properties: Properties,
    #[serde(default)]
    associations: Vec<NewAssociation>,
}

#[derive(Deserialize)]
struct NewAssociation {
    to: Id,
    types: Vec<NewType>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewType {
    association_type_id: u32,
}

/// `POST .../{kind}`, for activities only: the samples are the customers.
pub(super) fn create(crm: &Crm, kind: &str, body: &[u8]) -> Answer {
    let kind = parse_kind(kind)?;
    let Create { properties, associations } = parse_body(body)?;
    if !kind.is_activity() {
        return Err(Refusal::Invalid(format!("{} cannot be created in the built-in CRM", kind.plural())));
    }
    check(kind, &properties)?;
    if properties.get("hs_timestamp").and_then(Option::as_deref).unwrap_or_default().is_empty() {
        return Err(Refusal::Invalid("Property values were not valid: hs_timestamp is required".to_owned()));
    }
    let links = links(&crm.data(), kind, &associations)?;
    let now = crm.clock.now();
    let asked: Vec<String> = properties.keys().cloned().collect();
    let view = crm.write(|data| data.create(kind, properties, &links, now).view(kind, &asked))?;
    Ok(reply(StatusCode::CREATED, &view))
}

fn links(data: &Data, kind: Kind, associations: &[NewAssociation]) -> Result<Vec<Key>, Refusal> {
    let wanted = associations.iter().flat_map(|one| one.types.iter().map(move |kind| (&one.to.id, kind)));
    wanted.map(|(id, asked)| link(data, kind, id, asked.association_type_id)).collect()
}

fn link(data: &Data, kind: Kind, id: &str, type_id: u32) -> Result<Key, Refusal> {
    let targets = [Kind::Deals, Kind::Companies, Kind::Contacts];
    let to = targets.into_iter().find(|to| kind.association_type_id(*to) == type_id);
    let to =
        to.ok_or_else(|| Refusal::Invalid(format!("No association type {type_id} from {}", kind.plural())))?;
    let record = data.find(to, id).filter(|record| !record.archived);
    record.map(|record| (to, record.id.clone())).ok_or(Refusal::NotFound)
}

fn check(kind: Kind, properties: &Properties) -> Result<(), Refusal> {
    if let Some(name) = READ_ONLY.iter().find(|name| properties.contains_key(**name)) {
        return Err(Refusal::Invalid(format!("{name} is a read only property; its value cannot be set")));
    }
    let note = properties.get("hs_note_body").and_then(Option::as_deref).unwrap_or_default();
    if kind == Kind::Notes && note.chars().count() > NOTE_MAX_CHARS {
        return Err(Refusal::Invalid(format!("hs_note_body must be at most {NOTE_MAX_CHARS} characters")));
    }
    Ok(())
}
