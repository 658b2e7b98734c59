//! What HubSpot delivers, read as hints: which deals may be won and are worth reading again.
//!
//! The webhook and the worker read the same bytes with the same function, so they cannot disagree. An event that
//! cannot be read is reported by its place and never takes the good ones of its batch with it.

use handoff_domain::handoff::Origin;
use handoff_domain::id::{DealId, PortalId};
use handoff_domain::message::{DealHint, DeliveryRoute, PersonDeleted};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// HubSpot's object type of deals, in events of the generic form.
const DEAL_TYPE: &str = "0-3";

/// The same of contacts.
const CONTACT_TYPE: &str = "0-1";
/// A contact was deleted for privacy: everybody who has it is to forget it.
const PRIVACY_DELETION: &str = "contact.privacyDeletion";

/// What one delivery says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Deals that may be won, each once.
    pub hints: Vec<DealHint>,
    /// People who were deleted for privacy, each once.
    pub deleted: Vec<PersonDeleted>,
    /// Events that could not be read.
    pub unusable: Vec<UnusableEvent>,
}

/// An event that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableEvent {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// Why, in fixed words; nothing of its content.
    pub reason: &'static str,
}

/// Why a whole body cannot be used, in fixed words; nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableBody {
    /// Not JSON, or nested too deeply.
    #[error("the body is not JSON")]
    NotJson,
    /// An app delivery is an array of events.
    #[error("the body is not an array of events")]
    NotAnArray,
    /// A workflow delivery is one object.
    #[error("the body is not one object")]
    NotAnObject,
    /// A workflow delivery without a record id, or with another kind of record.
    #[error("the body names no deal")]
    NoDeal,
    /// A workflow delivery whose body comes from another portal than its address.
    #[error("the body belongs to another portal")]
    OtherPortal,
}

/// Reads a delivery. The portal of a workflow delivery is the one in its signed address.
pub fn parse(route: &DeliveryRoute, body: &[u8]) -> Result<Delivered, UnusableBody> {
    let body: Value = serde_json::from_slice(body).map_err(|_| UnusableBody::NotJson)?;
    match route {
        DeliveryRoute::App => Ok(parse_events(body.as_array().ok_or(UnusableBody::NotAnArray)?)),
        DeliveryRoute::Workflow(portal) => {
            let body = body.as_object().ok_or(UnusableBody::NotAnObject)?;
            let origin = body.get("origin").and_then(|origin| read_number(origin.get("portalId")?));
            if origin.is_some_and(|origin| origin != portal.0) {
                return Err(UnusableBody::OtherPortal);
            }
            let deal = find_workflow_deal(body).ok_or(UnusableBody::NoDeal)?;
            Ok(Delivered {
                hints: vec![DealHint { portal: *portal, deal, origin: Origin::Told }],
                deleted: Vec::new(),
                unusable: Vec::new(),
            })
        }
    }
}

/// The smallest body that [`parse`] reads as these, for a delivery that is too large to be kept whole.
pub fn condense(route: &DeliveryRoute, hints: &[DealHint], deleted: &[PersonDeleted]) -> Vec<u8> {
    let person = |one: &PersonDeleted| json!({"subscriptionType": PRIVACY_DELETION, "portalId": one.portal.0, "objectId": one.contact});
    let event = |hint: &DealHint| json!({"subscriptionType": "deal.creation", "portalId": hint.portal.0, "objectId": hint.deal.as_str()});
    let body = match route {
        DeliveryRoute::App => hints.iter().map(event).chain(deleted.iter().map(person)).collect(),
        DeliveryRoute::Workflow(_) => json!({ "id": hints.first().map(|hint| hint.deal.as_str()) }),
    };
    body.to_string().into_bytes()
}

fn parse_events(events: &[Value]) -> Delivered {
    let (mut hints, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    let mut unusable = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let read = match find_deleted_person(event) {
            Some(person) => person.map(|person| {
                deleted.insert(person);
                Vec::new()
            }),
            None => parse_event(event),
        };
        match read {
            Ok(found) => hints.extend(found),
            Err(reason) => unusable.push(UnusableEvent { index, reason }),
        }
    }
    Delivered { hints: hints.into_iter().collect(), deleted: deleted.into_iter().collect(), unusable }
}

/// `None` for an event of another type.
fn find_deleted_person(event: &Value) -> Option<Result<PersonDeleted, &'static str>> {
    let kind = event.get("subscriptionType").or_else(|| event.get("eventType")).and_then(Value::as_str)?;
    let generic = || event.get("objectTypeId").and_then(Value::as_str) == Some(CONTACT_TYPE);
    if kind != PRIVACY_DELETION && !(kind == "object.privacyDeletion" && generic()) {
        return None;
    }
    let number = |name: &str| event.get(name).and_then(read_number);
    let person = number("portalId").zip(number("objectId"));
    let person =
        person.map(|(portal, id)| PersonDeleted { portal: PortalId(portal), contact: id.to_string() });
    Some(person.ok_or("the event names no contact"))
}

fn parse_event(event: &Value) -> Result<Vec<DealHint>, &'static str> {
    let event = event.as_object().ok_or("the event is not an object")?;
    if !may_concern_won_deal(event)? {
        return Ok(Vec::new());
    }
    let portal =
        event.get("portalId").and_then(read_number).map(PortalId).ok_or("the event names no portal")?;
    let deals = find_deals(event)?;
    Ok(deals.into_iter().map(|deal| DealHint { portal, deal, origin: Origin::Told }).collect())
}

/// Whether an event can be the news that a deal was won, or could have become one that counts. Stage ids are the
/// portal's own, so every change of stage counts.
fn may_concern_won_deal(event: &Map<String, Value>) -> Result<bool, &'static str> {
    let kind = event.get("subscriptionType").or_else(|| event.get("eventType")).and_then(Value::as_str);
    let (object, action) = kind.and_then(|kind| kind.split_once('.')).ok_or("the event has no type")?;
    let is_deal = match object {
        "deal" => true,
        "object" => {
            event.get("objectTypeId").and_then(Value::as_str).ok_or("the event has no object type")?
                == DEAL_TYPE
        }
        _ => false,
    };
    match action {
        _ if !is_deal => Ok(false),
        "creation" | "restore" | "merge" => Ok(true),
        "propertyChange" => {
            let name =
                event.get("propertyName").and_then(Value::as_str).ok_or("the event names no property")?;
            Ok(is_telling_property(name, event.get("propertyValue")))
        }
        _ => Ok(false),
    }
}

fn is_telling_property(name: &str, value: Option<&Value>) -> bool {
    match name {
        "dealstage" | "hubspot_owner_id" | "dealtype" | "pipeline" => true,
        "hs_is_closed_won" => {
            !matches!(value, Some(Value::Bool(false))) && value.and_then(Value::as_str) != Some("false")
        }
        _ => false,
    }
}

/// A merge names its survivors in two fields; either may be the id that is alive when the deal is read.
fn find_deals(event: &Map<String, Value>) -> Result<BTreeSet<DealId>, &'static str> {
    let ids = |names: &[&str]| -> BTreeSet<DealId> {
        names.iter().filter_map(|name| event.get(*name)).filter_map(read_deal).collect()
    };
    let merged = ids(&["newObjectId", "primaryObjectId"]);
    let found = if merged.is_empty() { ids(&["objectId"]) } else { merged };
    if found.is_empty() { Err("the event names no deal") } else { Ok(found) }
}

/// The record id of a deal: from our own custom action the enrolled record, else as the object API gives it, or among
/// fields that the workflow's author chose.
fn find_workflow_deal(body: &Map<String, Value>) -> Option<DealId> {
    if body.contains_key("callbackId") {
        return find_enrolled_deal(body.get("object")?);
    }
    let direct =
        ["id", "objectId", "hs_object_id", "dealId"].iter().find_map(|name| read_deal(body.get(*name)?));
    direct.or_else(|| {
        let property = body.get("properties")?.get("hs_object_id")?;
        read_deal(property).or_else(|| read_deal(property.get("value")?))
    })
}

fn find_enrolled_deal(record: &Value) -> Option<DealId> {
    let kind = record.get("objectType")?.as_str()?;
    let is_deal = kind.eq_ignore_ascii_case("deal") || kind == DEAL_TYPE;
    if is_deal { read_deal(record.get("objectId")?) } else { None }
}

fn read_number(value: &Value) -> Option<u64> {
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    value.as_u64().or_else(|| value.as_str().and_then(digits)).filter(|number| *number > 0)
}

fn read_deal(value: &Value) -> Option<DealId> {
    read_number(value).and_then(|number| DealId::parse(number.to_string()).ok())
}

#[cfg(test)]
mod tests;
