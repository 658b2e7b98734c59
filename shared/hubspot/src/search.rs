//! Searching won deals: by change, to find what no webhook told of, and by close date, to offer older ones.

use crate::api::{read_id, search_path};
use crate::client::HubSpot;
use crate::deal::Deal;
use crate::error::HubSpotError;
use crate::transport::Request;
use handoff_domain::reconciliation::{PAGE, Page, Place};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What is asked of a deal that was found: enough to judge it and to show it in a list.
const PROPERTIES: [&str; 14] = [
    "dealname",
    "pipeline",
    "dealtype",
    "amount",
    "deal_currency_code",
    "hs_arr",
    "closedate",
    "hs_is_closed_won",
    "hs_v2_date_entered_current_stage",
    "hs_closed_won_date",
    "hs_lastmodifieddate",
    "hs_merged_object_ids",
    "hs_object_id",
    "hubspot_owner_id",
];

/// A deal as the search shows it; its associations were not read.
#[derive(Debug, Clone)]
pub struct Found {
    /// The deal.
    pub deal: Deal,
    /// When it was changed last, by HubSpot's clock.
    pub changed_at: Timestamp,
}

/// A page of changed deals.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    /// They; those that cannot be read are left out.
    pub deals: Vec<Found>,
    /// Whether HubSpot may hold more.
    pub is_full: bool,
}

impl Changed {
    /// What says where the next page begins.
    pub fn page(&self) -> Page {
        let number = |found: &Found| found.deal.id.as_str().parse().unwrap_or_default();
        Page {
            deals: self.deals.iter().map(|found| (found.changed_at, number(found))).collect(),
            is_full: self.is_full,
        }
    }
}

/// Won deals of one page, the newest first.
#[derive(Debug, Clone, Default)]
pub struct Older {
    /// They.
    pub deals: Vec<Deal>,
    /// How many there are in all.
    pub total: u64,
    /// Where the next page begins; `None` on the last one, and where HubSpot pages no further.
    pub next: Option<String>,
}

/// Results that one query can page through.
const RESULTS_MAX: usize = 10_000;

/// Deals of a page that a person looks at.
pub const OLDER_PAGE: usize = 50;

impl HubSpot {
    /// Won deals in the order of their changes, from a place on, at most [`PAGE`]. One request, which counts among the five a
    /// second that HubSpot allows an account for searches.
    pub async fn search_won(&self, place: Place) -> Result<Changed, HubSpotError> {
        let won = json!({"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"});
        let changed = |operator, at: Timestamp| json!({"propertyName": "hs_lastmodifieddate", "operator": operator, "value": at.as_millisecond().to_string()});
        let (filters, sort) = match place {
            Place::From(at) => (vec![won, changed("GTE", at)], "hs_lastmodifieddate"),
            Place::Exactly { at, after } => {
                let id =
                    json!({"propertyName": "hs_object_id", "operator": "GT", "value": after.to_string()});
                (vec![won, changed("EQ", at), id], "hs_object_id")
            }
        };
        let answer = self.search(&filters, sort, PAGE, None).await?;
        let results = results(&answer)?;
        let found = results.iter().filter_map(|result| {
            let deal = Deal::from_value(result)?;
            let changed_at = deal.properties.timestamp("hs_lastmodifieddate")?;
            Some(Found { deal, changed_at })
        });
        Ok(Changed { deals: found.collect(), is_full: results.len() >= PAGE })
    }

    /// Won deals that closed before a moment, the newest first, at most [`OLDER_PAGE`]. One request.
    pub async fn search_older(&self, before: Timestamp, after: Option<&str>) -> Result<Older, HubSpotError> {
        let filters = [
            json!({"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"}),
            json!({"propertyName": "closedate", "operator": "LT", "value": before.as_millisecond().to_string()}),
        ];
        let answer = self.search(&filters, "-closedate", OLDER_PAGE, after).await?;
        let next = answer.pointer("/paging/next/after").and_then(read_id);
        let reach = next.as_deref().and_then(|next| next.parse::<usize>().ok());
        Ok(Older {
            deals: results(&answer)?.iter().filter_map(Deal::from_value).collect(),
            total: answer.get("total").and_then(Value::as_u64).unwrap_or_default(),
            next: next.filter(|_| reach.is_some_and(|next| next + OLDER_PAGE <= RESULTS_MAX)),
        })
    }

    /// `sort` is a property, with `-` before it for the greatest first. The specification asks for every one of these fields, and for
    /// sorts as texts.
    async fn search(
        &self,
        filters: &[Value],
        sort: &str,
        limit: usize,
        after: Option<&str>,
    ) -> Result<Value, HubSpotError> {
        let body = json!({
            "filterGroups": [{ "filters": filters }],
            "sorts": [sort],
            "properties": PROPERTIES,
            "limit": limit,
            "after": after.unwrap_or("0"),
        });
        let answer = self.call(&Request::post(search_path("deals"), body)).await?;
        answer.ok_or(HubSpotError::Unreadable("there is no search"))
    }
}

fn results(answer: &Value) -> Result<&Vec<Value>, HubSpotError> {
    answer
        .get("results")
        .and_then(Value::as_array)
        .ok_or(HubSpotError::Unreadable("it is no list of results"))
}
