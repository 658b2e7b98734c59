//! HubSpot's paths and the shapes of its answers, read leniently.

use handoff_domain::id::DealId;
use handoff_domain::source::SourceKind;
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::properties::Properties;

/// The one version of HubSpot's dated API that we speak. Paths are written with it nowhere else.
pub const API_VERSION: &str = "2026-09";

/// Most records of one batch read.
pub(crate) const BATCH_MAX: usize = 100;

/// One kind of record that hangs on a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordType {
    /// What it becomes.
    pub(crate) kind: SourceKind,
    /// Its name in paths and associations.
    pub(crate) name: &'static str,
    /// What we ask of it.
    pub(crate) properties: &'static [&'static str],
}

/// Everything that is read beside the deal, companies first.
pub(crate) const RECORD_TYPES: [RecordType; 7] = [
    RecordType {
        kind: SourceKind::Company,
        name: "companies",
        properties: &[
            "name",
            "domain",
            "website",
            "industry",
            "type",
            "description",
            "about_us",
            "numberofemployees",
            "annualrevenue",
            "founded_year",
            "city",
            "state",
            "country",
            "timezone",
            "phone",
            "is_public",
            "linkedin_company_page",
            "linkedinbio",
            "web_technologies",
        ],
    },
    RecordType {
        kind: SourceKind::Contact,
        name: "contacts",
        properties: &[
            "firstname",
            "lastname",
            "email",
            "phone",
            "mobilephone",
            "jobtitle",
            "hs_buying_role",
            "company",
            "lifecyclestage",
            "city",
            "country",
            "hs_language",
            "message",
        ],
    },
    RecordType {
        kind: SourceKind::Note,
        name: "notes",
        properties: &["hs_timestamp", "hs_note_body", "hubspot_owner_id"],
    },
    RecordType {
        kind: SourceKind::Email,
        name: "emails",
        properties: &[
            "hs_timestamp",
            "hs_email_subject",
            "hs_email_text",
            "hs_email_html",
            "hs_email_direction",
            "hs_email_from_email",
            "hs_email_from_firstname",
            "hs_email_from_lastname",
            "hs_email_to_email",
            "hs_email_headers",
            "hubspot_owner_id",
        ],
    },
    RecordType {
        kind: SourceKind::Call,
        name: "calls",
        properties: &[
            "hs_timestamp",
            "hs_call_title",
            "hs_call_body",
            "hs_call_summary",
            "hs_call_direction",
            "hs_call_duration",
            "hs_call_transcription_id",
            "hubspot_owner_id",
        ],
    },
    RecordType {
        kind: SourceKind::Meeting,
        name: "meetings",
        properties: &[
            "hs_timestamp",
            "hs_meeting_title",
            "hs_meeting_body",
            "hs_internal_meeting_notes",
            "hs_meeting_outcome",
            "hs_meeting_start_time",
            "hs_meeting_location",
            "hubspot_owner_id",
        ],
    },
    RecordType {
        kind: SourceKind::Task,
        name: "tasks",
        properties: &[
            "hs_timestamp",
            "hs_task_subject",
            "hs_task_body",
            "hs_task_status",
            "hs_task_type",
            "hubspot_owner_id",
        ],
    },
];

/// What we ask of a deal.
pub(crate) const DEAL_PROPERTIES: &[&str] = &[
    "dealname",
    "dealstage",
    "pipeline",
    "dealtype",
    "amount",
    "deal_currency_code",
    "hs_arr",
    "hs_mrr",
    "hs_acv",
    "hs_tcv",
    "closedate",
    "createdate",
    "description",
    "closed_won_reason",
    "hs_next_step",
    "hs_priority",
    "hs_is_closed",
    "hs_is_closed_won",
    "hs_v2_date_entered_current_stage",
    "hs_closed_won_date",
    "hs_merged_object_ids",
    "hs_object_id",
    "hubspot_owner_id",
];

/// The path of one deal.
pub(crate) fn deal_path(id: &DealId) -> String {
    format!("/crm/objects/{API_VERSION}/deals/{id}")
}

/// The path of all records of one type.
pub(crate) fn objects_path(object: &str) -> String {
    format!("/crm/objects/{API_VERSION}/{object}")
}

/// The path of one record.
pub(crate) fn object_path(object: &str, id: &str) -> String {
    format!("/crm/objects/{API_VERSION}/{object}/{id}")
}

/// The path of a search.
pub(crate) fn search_path(object: &str) -> String {
    format!("/crm/objects/{API_VERSION}/{object}/search")
}

/// The path of a batch read.
pub(crate) fn batch_read_path(object: &str) -> String {
    format!("/crm/objects/{API_VERSION}/{object}/batch/read")
}

/// The path of the associations of deals with one type of record.
pub(crate) fn associations_path(to: &str) -> String {
    format!("/crm/associations/{API_VERSION}/deals/{to}/batch/read")
}

/// Owners of one page; HubSpot's own limit is 500.
pub(crate) const OWNERS_AT_ONCE: usize = 100;

/// The path of all owners.
pub(crate) fn owners_path() -> String {
    format!("/crm/owners/{API_VERSION}")
}

/// The path of one owner.
pub(crate) fn owner_path(id: u64) -> String {
    format!("/crm/owners/{API_VERSION}/{id}")
}

/// The path of the transcript of one call.
pub(crate) fn transcript_path(id: u64) -> String {
    format!("/crm/extensions/calling/{API_VERSION}/transcripts/{id}")
}

/// The body of a batch read.
pub(crate) fn batch_read_body(properties: &[&str], ids: &[String]) -> Value {
    let inputs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    json!({ "inputs": inputs, "properties": properties, "propertiesWithHistory": [] })
}

/// The body of an association read for one deal.
pub(crate) fn associations_body(deal: &DealId, after: Option<&str>) -> Value {
    let mut input = json!({ "id": deal.as_str() });
    if let (Some(input), Some(after)) = (input.as_object_mut(), after) {
        input.insert("after".to_owned(), json!(after));
    }
    json!({ "inputs": [input] })
}

/// A record as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) properties: Properties,
}

/// The records of a batch answer; entries without an id are left out.
pub(crate) fn read_records(answer: &Value) -> Option<Vec<Record>> {
    let read = |entry: &Value| {
        let id = read_id(entry.get("id")?)?;
        Some(Record { id, properties: Properties::from_value(entry.get("properties")) })
    };
    Some(answer.get("results")?.as_array()?.iter().filter_map(read).collect())
}

/// Ids of associated records, each once, in HubSpot's order, and whether HubSpot holds more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Associated {
    pub(crate) ids: Vec<String>,
    pub(crate) next: Option<String>,
}

impl Associated {
    /// Adds ids that are not there yet.
    pub(crate) fn extend(&mut self, ids: impl IntoIterator<Item = String>) {
        let mut known: BTreeSet<String> = self.ids.iter().cloned().collect();
        self.ids.extend(ids.into_iter().filter(|id| known.insert(id.clone())));
    }
}

/// One type's associations inside a deal's answer. The primary company (type `deal_to_company`) comes first; labels
/// repeat an id.
pub(crate) fn read_inline_associations(deal: &Value, to: &str) -> Associated {
    let Some(found) = deal.get("associations").and_then(|all| all.get(to)) else {
        return Associated::default();
    };
    let entries = found.get("results").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let (primary, others): (Vec<_>, Vec<_>) = entries
        .iter()
        .partition(|entry| entry.get("type").and_then(Value::as_str) == Some("deal_to_company"));
    let mut associated = Associated { ids: Vec::new(), next: read_next(found) };
    associated.extend(primary.into_iter().chain(others).filter_map(|entry| read_id(entry.get("id")?)));
    associated
}

/// One page of an association read for one deal.
pub(crate) fn read_association_page(answer: &Value) -> Option<Associated> {
    let mut page = Associated::default();
    for result in answer.get("results")?.as_array()? {
        let to = result.get("to").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        page.extend(to.iter().filter_map(|entry| read_id(entry.get("toObjectId")?)));
        page.next = page.next.or(read_next(result));
    }
    Some(page)
}

fn read_next(page: &Value) -> Option<String> {
    page.get("paging")?
        .get("next")?
        .get("after")?
        .as_str()
        .filter(|after| !after.is_empty())
        .map(str::to_owned)
}

/// A record id: digits, as text or as a number. Anything else never reaches a path.
pub(crate) fn read_id(value: &Value) -> Option<String> {
    let text =
        value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))?;
    let is_id = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some(text)
}
