//! Search: groups of filters, sorting and paging within HubSpot's limits.

use super::Crm;
use super::answer::{Answer, Refusal, reply};
use super::kind::Kind;
use super::objects::{parse_body, parse_kind};
use super::record::Record;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::cmp::Ordering;

/// Most results on a page.
const LIMIT_MAX: usize = 200;
/// Results on a page when the request names no limit.
const LIMIT_DEFAULT: usize = 10;
/// Results that one query can page through.
const RESULTS_MAX: usize = 10_000;
/// Most groups, filters in a group, and filters in all.
const FILTERS_MAX: (usize, usize, usize) = (5, 6, 18);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    #[serde(default)]
    filter_groups: Vec<Group>,
    #[serde(default)]
    sorts: Vec<Sort>,
    #[serde(default)]
    properties: Vec<String>,
    limit: Option<usize>,
    after: Option<String>,
}

#[derive(Deserialize)]
struct Group {
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    property_name: String,
    operator: String,
    value: Option<String>,
    high_value: Option<String>,
    #[serde(default)]
    values: Vec<String>,
}

/// A sort is a property's name, `-` in front for descending, or an object that says both.
#[derive(Deserialize)]
#[serde(untagged)]
enum Sort {
    Text(String),
    #[serde(rename_all = "camelCase")]
    Object {
        property_name: String,
        #[serde(default)]
        direction: String,
    },
}

impl Sort {
    fn parts(&self) -> (&str, bool) {
        match self {
            Self::Text(text) => text.strip_prefix('-').map_or((text, false), |name| (name, true)),
            Self::Object { property_name, direction } => (property_name, direction == "DESCENDING"),
        }
    }
}

/// `POST .../{kind}/search`
pub(super) fn find(crm: &Crm, kind: &str, body: &[u8]) -> Answer {
    let kind = parse_kind(kind)?;
    let search: Search = parse_body(body)?;
    let (start, limit) = window(&search)?;
    let data = crm.data();
    let mut found = Vec::new();
    for record in data.list(kind).filter(|record| !record.archived) {
        if is_match(kind, record, &search.filter_groups)? {
            found.push(record);
        }
    }
    found.sort_by(|one, other| order(kind, one, other, &search.sorts));
    let rest = found.get(start..).unwrap_or_default();
    let part = rest.get(..limit).unwrap_or(rest);
    let results: Vec<Value> = part.iter().map(|record| record.view(kind, &search.properties)).collect();
    let mut body = json!({"total": found.len(), "results": results});
    if part.len() < rest.len() {
        body["paging"] = json!({"next": {"after": (start + part.len()).to_string()}});
    }
    Ok(reply(StatusCode::OK, &body))
}

fn window(search: &Search) -> Result<(usize, usize), Refusal> {
    let (groups, each, all) = FILTERS_MAX;
    let sizes: Vec<usize> = search.filter_groups.iter().map(|group| group.filters.len()).collect();
    if sizes.len() > groups || sizes.iter().any(|size| *size > each) || sizes.iter().sum::<usize>() > all {
        return Err(Refusal::Invalid(format!(
            "At most {groups} groups, {each} filters in each, {all} in all"
        )));
    }
    let limit = search.limit.unwrap_or(LIMIT_DEFAULT);
    let start = search.after.as_deref().filter(|after| !after.is_empty()).map_or(Ok(0), str::parse::<usize>);
    let start = start.map_err(|_| Refusal::Invalid("The after cursor is not valid".to_owned()))?;
    if limit == 0 || limit > LIMIT_MAX || start.saturating_add(limit) > RESULTS_MAX {
        let message =
            format!("limit must be 1 to {LIMIT_MAX}, and only {RESULTS_MAX} results can be paged through");
        return Err(Refusal::Invalid(message));
    }
    Ok((start, limit))
}

fn is_match(kind: Kind, record: &Record, groups: &[Group]) -> Result<bool, Refusal> {
    let mut any = groups.is_empty();
    for group in groups {
        let mut all = true;
        for filter in &group.filters {
            all &= passes(record.value(kind, &filter.property_name), filter)?;
        }
        any |= all;
    }
    Ok(any)
}

fn passes(value: Option<String>, filter: &Filter) -> Result<bool, Refusal> {
    let wanted = filter.value.as_deref().unwrap_or_default();
    let high = filter.high_value.as_deref().unwrap_or_default();
    let is = |test: fn(Ordering) -> bool| value.as_deref().is_some_and(|value| test(compare(value, wanted)));
    let is_in = || value.as_ref().is_some_and(|value| filter.values.contains(value));
    Ok(match filter.operator.as_str() {
        "EQ" => is(Ordering::is_eq),
        "NEQ" => !is(Ordering::is_eq),
        "GT" => is(Ordering::is_gt),
        "GTE" => is(Ordering::is_ge),
        "LT" => is(Ordering::is_lt),
        "LTE" => is(Ordering::is_le),
        "BETWEEN" => {
            is(Ordering::is_ge) && value.as_deref().is_some_and(|value| compare(value, high).is_le())
        }
        "IN" => is_in(),
        "NOT_IN" => !is_in(),
        "HAS_PROPERTY" => value.is_some(),
        "NOT_HAS_PROPERTY" => value.is_none(),
        other => return Err(Refusal::Invalid(format!("The operator {other} is not supported"))),
    })
}

/// Compares as dates or numbers where both are, else as text. Dates may be RFC 3339 or milliseconds.
fn compare(one: &str, other: &str) -> Ordering {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.total_cmp(&other),
        _ => one.cmp(other),
    }
}

fn number(text: &str) -> Option<f64> {
    let as_date = || text.parse::<Timestamp>().ok().map(|at| at.as_millisecond() as f64);
    text.parse().ok().or_else(as_date)
}

fn order(kind: Kind, one: &Record, other: &Record, sorts: &[Sort]) -> Ordering {
    let by = |sort: &Sort| {
        let (name, is_descending) = sort.parts();
        let value = |record: &Record| record.value(kind, name).unwrap_or_default();
        let order = compare(&value(one), &value(other));
        if is_descending { order.reverse() } else { order }
    };
    sorts.iter().map(by).find(|order| order.is_ne()).unwrap_or_else(|| compare(&one.id, &other.id))
}
