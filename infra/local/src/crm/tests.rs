use super::*;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

mod shapes;

const RICH: &str = "31200418901";
const NAUGHTY: &str = "31200418910";
const RENEWAL: &str = "31200418912";
const OBJECTS: &str = "/crm/objects/2026-09";

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

async fn send(app: &Router, request: Request<Body>) -> Reply {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap();
    Reply { status: parts.status, headers: parts.headers, body }
}

async fn call(app: &Router, method: &str, path: &str, body: Option<Value>) -> Reply {
    let request = Request::builder().method(method).uri(path).header("authorization", "Bearer local");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    send(app, request.body(body).unwrap()).await
}

async fn get(app: &Router, path: &str) -> Reply {
    call(app, "GET", path, None).await
}

async fn post(app: &Router, path: &str, body: Value) -> Reply {
    call(app, "POST", path, Some(body)).await
}

fn crm() -> Crm {
    Crm::new(None).unwrap()
}

fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn ids(range: std::ops::Range<usize>) -> Value {
    range.map(|number| json!({"id": number.to_string()})).collect()
}

#[test]
fn the_samples_are_varied_and_whole() {
    let deals = crm().deals();
    assert_eq!(deals.len(), 14);
    assert!(deals.iter().all(|deal| !deal.story.is_empty() && !deal.name.is_empty()));
    assert_eq!(deals.iter().filter(|deal| deal.is_won).count(), 1);
    let without: Vec<&str> =
        deals.iter().filter(|deal| deal.owner_email.is_none()).map(|deal| deal.id.as_str()).collect();
    assert_eq!(without, ["31200418907", "31200418908", "31200418913"]);
    let rich = deals.iter().find(|deal| deal.id == RICH).unwrap();
    assert_eq!(rich.owner_email.as_deref(), Some("ana.ellis@northwind.example"));
    assert_eq!((rich.company.as_str(), rich.stage.as_str()), ("Brightwater Health Network", "Contract Sent"));
}

#[test]
fn the_busy_deal_has_a_hundred_activities_and_the_naughty_one_the_longest_note() {
    let crm = crm();
    let data = crm.data();
    let kinds = [Kind::Notes, Kind::Emails, Kind::Calls, Kind::Meetings, Kind::Tasks];
    let activities: usize =
        kinds.into_iter().map(|kind| data.linked(Kind::Deals, "31200418909", kind).len()).sum();
    assert_eq!(activities, 100);
    let notes = data.linked(Kind::Deals, NAUGHTY, Kind::Notes);
    let longest =
        notes.iter().filter_map(|id| data.find(Kind::Notes, id)).map(|note| note.text("hs_note_body"));
    assert_eq!(longest.map(|body| body.chars().count()).max(), Some(65_536));
}

#[test]
fn closing_moves_a_deal_to_the_won_stage_of_its_pipeline_once() {
    let crm = crm();
    for (id, stage) in [(RICH, "closedwon"), ("31200418911", "164420874")] {
        crm.close(id, noon()).unwrap();
        crm.close(id, "2026-12-01T00:00:00Z".parse().unwrap()).unwrap();
        let data = crm.data();
        let deal = data.find(Kind::Deals, id).unwrap();
        let entered = format!("hs_v2_date_entered_{stage}");
        let times = ["closedate", "hs_closed_won_date", "hs_v2_date_entered_current_stage", &entered];
        assert!(times.into_iter().all(|name| deal.text(name) == "2026-11-22T12:00:00.000Z"));
        let [closed, won] = ["hs_is_closed", "hs_is_closed_won"].map(|name| deal.text(name));
        assert_eq!((deal.text("dealstage"), closed, won), (stage, "true", "true"));
        assert_eq!((deal.updated_at, deal.text("hs_deal_stage_probability")), (noon(), "1"));
    }
    assert!(matches!(crm.close("1", noon()), Err(CrmError::UnknownDeal)));
}

#[tokio::test]
async fn what_was_written_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/crm.json");
    let before = Crm::new(Some(path.clone())).unwrap();
    before.close(RICH, noon()).unwrap();
    let note = json!({
        "properties": {"hs_timestamp": "2026-11-22T12:00:00Z", "hs_note_body": "handed over"},
        "associations": [{"to": {"id": RICH},
            "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]}],
    });
    let made = post(&router(before.clone()), &format!("{OBJECTS}/notes"), note).await;
    assert_eq!(made.status, StatusCode::CREATED);

    let after = Crm::new(Some(path.clone())).unwrap();
    assert_eq!(after.deals(), before.deals());
    assert!(after.deals().iter().any(|deal| deal.id == RICH && deal.is_won));
    let deal = get(&router(after), &format!("{OBJECTS}/deals/{RICH}?associations=notes")).await;
    let notes = deal.body["associations"]["notes"]["results"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["id"] == made.body["id"]));
    assert!(!path.with_extension("new").exists());

    std::fs::write(&path, "{").unwrap();
    assert!(matches!(Crm::new(Some(path)), Err(CrmError::State(_))));
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let crm = Crm::new(Some(folder.path().join("crm.json"))).unwrap();
    std::fs::create_dir(folder.path().join("crm.new")).unwrap();
    assert!(matches!(crm.close(RICH, noon()), Err(CrmError::File(_))));
    assert!(crm.deals().iter().all(|deal| deal.id != RICH || !deal.is_won));
}

#[tokio::test]
async fn requests_need_a_token_and_are_counted_with_rate_headers() {
    let crm = crm();
    let app = router(crm.clone());
    let request = Request::get(format!("{OBJECTS}/deals/{RICH}")).body(Body::empty()).unwrap();
    let refused = send(&app, request).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.body["category"], "INVALID_AUTHENTICATION");
    let read = get(&app, &format!("{OBJECTS}/deals/{RICH}")).await;
    assert_eq!(read.headers["x-hubspot-ratelimit-max"], "110");
    assert_eq!(read.headers["x-hubspot-ratelimit-remaining"], "108");
    assert_eq!(read.headers["x-hubspot-ratelimit-interval-milliseconds"], "10000");
    let search = post(&app, &format!("{OBJECTS}/deals/search"), json!({})).await;
    assert!(!search.headers.contains_key("x-hubspot-ratelimit-max"));
    assert_eq!(crm.requests(), 3);
}

#[tokio::test]
async fn an_outage_lasts_until_it_is_ended() {
    let crm = crm();
    let app = router(crm.clone());
    let path = format!("{OBJECTS}/deals/{RICH}");
    crm.set_outage(Some(503));
    assert_eq!(get(&app, &path).await.status, StatusCode::SERVICE_UNAVAILABLE);
    crm.set_outage(None);
    assert_eq!(get(&app, &path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_deal_comes_with_what_was_asked_for_and_no_more() {
    let app = router(crm());
    let path = format!(
        "{OBJECTS}/deals/{RICH}?properties=amount,dealtype&properties=nothing&associations=companies"
    );
    let deal = get(&app, &path).await.body;
    let names: Vec<&String> = deal["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["amount", "createdate", "dealtype", "hs_lastmodifieddate", "hs_object_id", "nothing"]);
    assert_eq!(deal["properties"]["nothing"], Value::Null);
    let kinds: Vec<&String> = deal["associations"].as_object().unwrap().keys().collect();
    assert_eq!(kinds, ["companies"]);
    assert_eq!(deal["associations"]["companies"]["results"][1]["type"], "deal_to_company_unlabeled");
}

#[tokio::test]
async fn unknown_archived_and_merged_deals_answer_as_in_hubspot() {
    let app = router(crm());
    for path in ["/deals/1", &format!("/deals/{RICH}?archived=true")] {
        let missing = get(&app, &format!("{OBJECTS}{path}")).await;
        assert_eq!(
            (missing.status, &missing.body["category"]),
            (StatusCode::NOT_FOUND, &json!("OBJECT_NOT_FOUND"))
        );
    }
    let survivor = get(&app, &format!("{OBJECTS}/deals/31200418801")).await;
    assert_eq!(survivor.body["id"], "31200418911");
    assert_eq!(get(&app, "/nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn long_association_lists_come_in_pages() {
    let crm = crm();
    crm.set_association_page_size(4);
    let app = router(crm);
    let deal = get(&app, &format!("{OBJECTS}/deals/{RICH}?associations=emails")).await.body;
    let list = &deal["associations"]["emails"];
    let mut seen: Vec<Value> =
        list["results"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let mut after = list["paging"]["next"]["after"].clone();
    while !after.is_null() {
        let body = json!({"inputs": [{"id": RICH, "after": after}]});
        let page = post(&app, "/crm/associations/2026-09/deals/emails/batch/read", body).await.body;
        let result = &page["results"][0];
        seen.extend(result["to"].as_array().unwrap().iter().map(|one| one["toObjectId"].clone()));
        after = result["paging"]["next"]["after"].clone();
    }
    assert_eq!(seen.len(), 11);
    seen.dedup();
    assert_eq!(seen.len(), 11);
}

#[tokio::test]
async fn a_call_names_its_transcript() {
    let app = router(crm());
    let path = format!("{OBJECTS}/calls/68040100001?properties=hs_call_transcription_id");
    let call = get(&app, &path).await.body;
    let id = call["properties"]["hs_call_transcription_id"].as_str().unwrap();
    let path = "/crm/extensions/calling/2026-09/transcripts";
    let transcript = get(&app, &format!("{path}/{id}")).await.body;
    assert_eq!((&transcript["id"], &transcript["engagementId"]), (&json!(id), &call["id"]));
    assert_eq!(transcript["transcriptUtterances"][0]["speaker"]["name"], "Ana Ellis");
    assert_eq!(get(&app, &format!("{path}/1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn batches_are_limited_and_tell_what_is_missing() {
    let app = router(crm());
    let path = format!("{OBJECTS}/notes/batch/read");
    for inputs in [ids(0..101), ids(0..0)] {
        let refused = post(&app, &path, json!({"inputs": inputs, "properties": []})).await;
        assert_eq!(
            (refused.status, &refused.body["category"]),
            (StatusCode::BAD_REQUEST, &json!("VALIDATION_ERROR"))
        );
    }
    assert_eq!(post(&app, &path, json!({"inputs": ids(0..100)})).await.status, StatusCode::MULTI_STATUS);
    let body = json!({"inputs": [{"id": "66020100001"}, {"id": "7"}], "properties": ["hs_note_body"]});
    let partial = post(&app, &path, body).await;
    assert_eq!(partial.status, StatusCode::MULTI_STATUS);
    assert_eq!(partial.body["errors"][0]["context"]["ids"], json!(["7"]));
    let names: Vec<&String> = partial.body["results"][0]["properties"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["hs_createdate", "hs_lastmodifieddate", "hs_note_body", "hs_object_id"]);
    assert_eq!(
        post(&app, &format!("{OBJECTS}/planets/batch/read"), json!({})).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(post(&app, &path, json!([])).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn search_filters_sorts_and_pages_within_the_limits() {
    let crm = crm();
    crm.close(RICH, noon()).unwrap();
    crm.close(RENEWAL, "2026-11-22T13:00:00Z".parse().unwrap()).unwrap();
    let app = router(crm);
    let path = format!("{OBJECTS}/deals/search");
    let since = noon().as_millisecond().to_string();
    let filters = json!([
        {"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"},
        {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": since},
    ]);
    let sorts = json!([{"propertyName": "hs_lastmodifieddate", "direction": "ASCENDING"}]);
    let mut body = json!({"filterGroups": [{"filters": filters}], "sorts": sorts, "limit": 1});
    let first = post(&app, &path, body.clone()).await.body;
    assert_eq!((&first["total"], &first["results"][0]["id"]), (&json!(2), &json!(RICH)));
    body["after"] = first["paging"]["next"]["after"].clone();
    let second = post(&app, &path, body.clone()).await.body;
    assert_eq!((&second["results"][0]["id"], second.get("paging")), (&json!(RENEWAL), None));
    for (limit, after) in [(201, "0"), (200, "9801"), (1, "x")] {
        body["limit"] = limit.into();
        body["after"] = after.into();
        assert_eq!(post(&app, &path, body.clone()).await.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn owners_are_listed_in_pages_and_archived_ones_only_on_request() {
    let app = router(crm());
    let path = "/crm/owners/2026-09";
    assert_eq!(get(&app, &format!("{path}/41629707")).await.status, StatusCode::NOT_FOUND);
    let left = get(&app, &format!("{path}/41629707?archived=true")).await.body;
    assert_eq!((&left["archived"], &left["firstName"]), (&json!(true), &json!("Marta")));
    assert_eq!(get(&app, &format!("{path}/41629706")).await.body.get("email"), None);
    assert_eq!(get(&app, &format!("{path}/41629708")).await.body["type"], "QUEUE");
    let first = get(&app, &format!("{path}?limit=5")).await.body;
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let second = get(&app, &format!("{path}?limit=5&after={after}")).await.body;
    assert_eq!((second["results"].as_array().unwrap().len(), second.get("paging")), (3, None));
    let one = get(&app, &format!("{path}?email=ana.ellis@northwind.example")).await.body;
    assert_eq!(one["results"][0]["id"], "41629701");
}

#[tokio::test]
async fn a_note_needs_a_time_a_fitting_body_and_a_real_deal() {
    let app = router(crm());
    let path = format!("{OBJECTS}/notes");
    let link = |id: &str, kind: u32| json!([{"to": {"id": id}, "types": [{"associationTypeId": kind}]}]);
    let at = "2026-11-22T12:00:00Z";
    let cases = [
        (json!({"properties": {"hs_note_body": "x"}}), 400),
        (json!({"properties": {"hs_timestamp": at, "hs_note_body": "x".repeat(65_537)}}), 400),
        (json!({"properties": {"hs_timestamp": at, "hs_object_id": "1"}}), 400),
        (json!({"properties": {"hs_timestamp": at}, "associations": link(RICH, 1)}), 400),
        (json!({"properties": {"hs_timestamp": at}, "associations": link("1", 214)}), 404),
        (json!({"properties": {"hs_timestamp": at, "hs_note_body": "é".repeat(65_536)}}), 201),
    ];
    for (body, status) in cases {
        assert_eq!(post(&app, &path, body).await.status, status);
    }
    assert_eq!(post(&app, &format!("{OBJECTS}/deals"), json!({"properties": {}})).await.status, 400);
}

#[tokio::test]
async fn a_deal_can_be_reopened_and_a_company_changed() {
    let crm = crm();
    crm.close(RICH, noon()).unwrap();
    let app = router(crm.clone());
    let path = format!("{OBJECTS}/deals/{RICH}");
    let change = |name: &str, value: &str| json!({"properties": {name: value}});
    let reopened = call(&app, "PATCH", &path, Some(change("dealstage", "contractsent"))).await;
    assert_eq!(
        (reopened.status, &reopened.body["properties"]["dealstage"]),
        (StatusCode::OK, &json!("contractsent"))
    );
    assert!(crm.deals().iter().all(|deal| deal.id != RICH || !deal.is_won));
    for (body, status) in [(change("dealstage", "nowhere"), 400), (change("hs_is_closed_won", "true"), 400)] {
        assert_eq!(call(&app, "PATCH", &path, Some(body)).await.status, status);
    }
    let company = format!("{OBJECTS}/companies/19040100001");
    let changed = call(&app, "PATCH", &company, Some(change("hubspot_owner_id", "41629709"))).await;
    assert_eq!(changed.body["properties"]["hubspot_owner_id"], "41629709");
    assert_eq!(
        call(&app, "PATCH", &format!("{OBJECTS}/companies/1"), Some(change("name", "x"))).await.status,
        404
    );
}
