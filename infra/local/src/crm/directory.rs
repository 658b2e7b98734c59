//! Owners and pipelines: what deals refer to by id.

use super::Crm;
use super::answer::{Answer, Refusal, reply};
use super::objects::Query;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Owners on a page when the request names no limit.
const OWNERS_PER_PAGE: usize = 100;

/// A user or a queue that records can belong to.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Owner {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user_id: Option<u64>,
    created_at: String,
    updated_at: String,
    archived: bool,
}

/// A pipeline with its stages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Pipeline {
    id: String,
    label: String,
    display_order: u32,
    stages: Vec<Stage>,
    created_at: String,
    updated_at: String,
    archived: bool,
}

/// One stage; its metadata are texts, as HubSpot sends them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Stage {
    id: String,
    pub(super) label: String,
    display_order: u32,
    metadata: BTreeMap<String, String>,
    created_at: String,
    updated_at: String,
    archived: bool,
    write_permissions: String,
}

impl Stage {
    /// How likely a deal in this stage is to be won, `0.0` to `1.0`.
    pub(super) fn probability(&self) -> &str {
        self.metadata.get("probability").map_or("0.0", String::as_str)
    }

    /// Whether a deal in this stage is settled.
    pub(super) fn is_closed(&self) -> bool {
        self.metadata.get("isClosed").is_some_and(|closed| closed == "true")
    }

    /// Whether a deal in this stage is won.
    pub(super) fn is_won(&self) -> bool {
        self.is_closed() && self.probability() == "1.0"
    }
}

/// All owners and deal pipelines.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Directory {
    owners: Vec<Owner>,
    pipelines: Vec<Pipeline>,
}

impl Directory {
    fn pipeline(&self, id: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }

    /// A stage of a pipeline.
    pub(super) fn stage(&self, pipeline: &str, stage: &str) -> Option<&Stage> {
        self.pipeline(pipeline)?.stages.iter().find(|candidate| candidate.id == stage)
    }

    /// The id of the stage that means "won" in a pipeline.
    pub(super) fn won_stage(&self, pipeline: &str) -> Option<String> {
        self.pipeline(pipeline)?.stages.iter().find(|stage| stage.is_won()).map(|stage| stage.id.clone())
    }

    /// The id of a pipeline's first stage.
    pub(super) fn first_stage(&self, pipeline: &str) -> Option<String> {
        self.pipeline(pipeline)?.stages.first().map(|stage| stage.id.clone())
    }

    /// The address of an owner who is still there and has one.
    pub(super) fn active_address(&self, id: &str) -> Option<String> {
        self.owners.iter().find(|owner| owner.id == id && !owner.archived)?.email.clone()
    }
}

/// `GET /crm/owners/2026-09/{id}`: archived owners are found only by those who ask for archived ones.
pub(super) fn read_owner(crm: &Crm, id: &str, query: &Query) -> Answer {
    let data = crm.data();
    let owner = data.directory.owners.iter().find(|owner| owner.id == id && owner.archived == query.archived);
    owner.map(|owner| reply(StatusCode::OK, &json!(owner))).ok_or(Refusal::NotFound)
}

/// `GET /crm/owners/2026-09`: pages by the last id seen.
pub(super) fn list_owners(crm: &Crm, query: &Query) -> Response<Body> {
    let data = crm.data();
    let limit = query.limit.unwrap_or(OWNERS_PER_PAGE).clamp(1, 500);
    let wanted = |owner: &&Owner| {
        owner.archived == query.archived
            && query.after.as_ref().is_none_or(|after| owner.id > *after)
            && query.email.as_ref().is_none_or(|email| owner.email.as_ref() == Some(email))
    };
    let found: Vec<&Owner> = data.directory.owners.iter().filter(wanted).collect();
    let page = found.get(..limit).unwrap_or(&found);
    let mut body = json!({"results": page});
    if let Some(last) = page.last().filter(|_| found.len() > limit) {
        body["paging"] = json!({"next": {"after": last.id}});
    }
    reply(StatusCode::OK, &body)
}

/// `GET /crm/pipelines/2026-09/deals`, or one of them by its id.
pub(super) fn read_pipelines(crm: &Crm, kind: &str, id: Option<&str>) -> Answer {
    if !matches!(kind, "deals" | "deal" | "0-3") {
        return Err(Refusal::NotFound);
    }
    let data = crm.data();
    let body: Value = match id {
        Some(id) => json!(data.directory.pipeline(id).ok_or(Refusal::NotFound)?),
        None => json!({"results": data.directory.pipelines}),
    };
    Ok(reply(StatusCode::OK, &body))
}
