//! Which records belong together: inside a record's own answer, and as batches.

use super::Crm;
use super::answer::{Answer, Refusal, batch, not_found};
use super::data::Data;
use super::kind::Kind;
use super::objects::{parse_body, parse_kind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Most records in one batch read of associations.
const BATCH_MAX: usize = 1000;

/// One page of a list of ids: where it begins, and where the next begins if there is one.
fn page<'a>(
    ids: &'a [&'a str],
    after: Option<&str>,
    size: usize,
) -> Result<(&'a [&'a str], Option<usize>), Refusal> {
    let start = after.map_or(Ok(0), str::parse::<usize>);
    let start = start.map_err(|_| Refusal::Invalid("The after cursor is not valid".to_owned()))?;
    let rest = ids.get(start..).unwrap_or_default();
    let part = rest.get(..size).unwrap_or(rest);
    Ok((part, (part.len() < rest.len()).then_some(start + part.len())))
}

fn paging(from: (Kind, &str), to: Kind, next: usize) -> Value {
    let (kind, id, to) = (from.0.plural(), from.1, to.plural());
    let link = format!("https://api.hubapi.com/crm/v4/objects/{kind}/{id}/associations/{to}?after={next}");
    json!({"next": {"after": next.to_string(), "link": link}})
}

/// The lists that a single record's answer carries, for the kinds asked for; kinds without any are left out. As in
/// HubSpot, a primary association stands beside the unlabelled one, so the same id comes twice.
pub(super) fn inline(
    data: &Data,
    from: (Kind, &str),
    asked: &[String],
    size: usize,
) -> Result<Map<String, Value>, Refusal> {
    let mut lists = Map::new();
    for to in asked {
        let to = parse_kind(to)?;
        let ids = data.linked(from.0, from.1, to);
        let (part, next) = page(&ids, None, size)?;
        if part.is_empty() {
            continue;
        }
        let name = format!("{}_to_{}", from.0.singular(), to.singular());
        let names = match from.0.primary_association(to) {
            Some(_) => vec![name.clone(), format!("{name}_unlabeled")],
            None => vec![name],
        };
        let entries =
            part.iter().flat_map(|id| names.iter().map(move |name| json!({"id": id, "type": name})));
        let mut list = json!({"results": entries.collect::<Vec<_>>()});
        if let Some(next) = next {
            list["paging"] = paging(from, to, next);
        }
        lists.insert(to.plural().to_owned(), list);
    }
    Ok(lists)
}

#[derive(Deserialize)]
struct BatchRead {
    inputs: Vec<Input>,
}

#[derive(Deserialize)]
struct Input {
    id: String,
    after: Option<String>,
}

/// `POST .../{from}/{to}/batch/read`
pub(super) fn read_batch(crm: &Crm, from: &str, to: &str, body: &[u8]) -> Answer {
    let (from, to) = (parse_kind(from)?, parse_kind(to)?);
    let asked: BatchRead = parse_body(body)?;
    if asked.inputs.is_empty() || asked.inputs.len() > BATCH_MAX {
        return Err(Refusal::Invalid(format!("Batch size is not between 1 and {BATCH_MAX}")));
    }
    let data = crm.data();
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for input in &asked.inputs {
        let ids = data.linked(from, &input.id, to);
        if ids.is_empty() {
            let message =
                format!("No {} is associated with {} {}.", to.singular(), from.singular(), input.id);
            errors.push(not_found(message, std::slice::from_ref(&input.id)));
            continue;
        }
        let (part, next) = page(&ids, input.after.as_deref(), crm.association_page_size())?;
        let targets: Vec<Value> =
            part.iter().map(|id| json!({"toObjectId": id, "associationTypes": types(from, to)})).collect();
        let mut result = json!({"from": {"id": input.id}, "to": targets});
        if let Some(next) = next {
            result["paging"] = paging((from, &input.id), to, next);
        }
        results.push(result);
    }
    Ok(batch(results, errors, crm.clock.now()))
}

fn types(from: Kind, to: Kind) -> Vec<Value> {
    let plain = json!({"category": "HUBSPOT_DEFINED", "typeId": from.association_type_id(to)});
    let primary = from.primary_association(to);
    let primary =
        primary.map(|(id, label)| json!({"category": "HUBSPOT_DEFINED", "typeId": id, "label": label}));
    primary.into_iter().chain([plain]).collect()
}
