//! One record as HubSpot stores it, and the view of it that a request asks for.

use super::kind::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Property values by name; HubSpot sends every value as text, or null for one that was cleared.
pub(super) type Properties = BTreeMap<String, Option<String>>;

/// One record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) properties: Properties,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    #[serde(default)]
    pub(super) archived: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) archived_at: Option<Timestamp>,
}

impl Record {
    /// A property's text; empty when unset.
    pub(super) fn text(&self, property: &str) -> &str {
        self.properties.get(property).and_then(Option::as_deref).unwrap_or_default()
    }

    /// Puts a number behind a name.
    pub(super) fn rename(&mut self, property: &str, number: usize) {
        let name = format!("{} {number}", self.text(property));
        self.properties.insert(property.to_owned(), Some(name));
    }

    /// The value of a property, including those that HubSpot keeps itself.
    pub(super) fn value(&self, kind: Kind, property: &str) -> Option<String> {
        match property {
            "hs_object_id" => Some(self.id.clone()),
            name if name == kind.created_property() => Some(api_time(self.created_at)),
            name if name == kind.modified_property() => Some(api_time(self.updated_at)),
            "hs_createdate" => Some(api_time(self.created_at)),
            name => self.properties.get(name).cloned().flatten(),
        }
    }

    /// The record with the properties asked for, or HubSpot's defaults when none were, and always its id and two dates.
    pub(super) fn view(&self, kind: Kind, asked: &[String]) -> Value {
        let always = ["hs_object_id", kind.created_property(), kind.modified_property()];
        let defaults: &[&str] = if asked.is_empty() { kind.default_properties() } else { &[] };
        let names = always.iter().chain(defaults).copied().chain(asked.iter().map(String::as_str));
        let properties: Map<String, Value> =
            names.map(|name| (name.to_owned(), json!(self.value(kind, name)))).collect();
        let mut view = json!({
            "id": self.id,
            "properties": properties,
            "createdAt": api_time(self.created_at),
            "updatedAt": api_time(self.updated_at),
            "archived": self.archived,
        });
        if let (Some(at), Some(map)) = (self.archived_at, view.as_object_mut()) {
            map.insert("archivedAt".to_owned(), api_time(at).into());
        }
        view
    }
}

/// A moment the way HubSpot writes it: RFC 3339 in UTC with milliseconds.
pub(super) fn api_time(at: Timestamp) -> String {
    format!("{at:.3}")
}
