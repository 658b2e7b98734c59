//! Every answer against HubSpot's own OpenAPI documents, where those are at hand.

use super::{OBJECTS, RICH, crm, get, ids, noon, post, router};
use handoff_runtime::Environment;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The folder of the documents, or `None` with a plain message when they are not here.
fn documents() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let told = Environment::from_process().reader().optional("TEST_DATA_DIR").map(PathBuf::from);
    let folder = told.unwrap_or_else(beside).join("hubspot-openapi");
    if folder.is_dir() {
        return Some(folder);
    }
    let message =
        "skipped: HubSpot's OpenAPI documents are not at hand; set TEST_DATA_DIR to check the shapes\n";
    std::io::Write::write_all(&mut std::io::stderr(), message.as_bytes()).unwrap();
    None
}

/// OpenAPI 3.0 says `nullable` where JSON Schema says `type: [.., null]`.
fn allow_null(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if map.get("nullable") == Some(&Value::Bool(true)) {
                let plain = map["type"].clone();
                map.insert("type".to_owned(), json!([plain, "null"]));
            }
            map.values_mut().for_each(allow_null);
        }
        Value::Array(list) => list.iter_mut().for_each(allow_null),
        _ => {}
    }
}

struct Checker(PathBuf);

impl Checker {
    fn check(&self, document: &str, schema: &str, body: &Value) {
        let text = std::fs::read_to_string(self.0.join(format!("{document}.json"))).unwrap();
        let mut document: Value = serde_json::from_str(&text).unwrap();
        allow_null(&mut document["components"]["schemas"]);
        document["$ref"] = format!("#/components/schemas/{schema}").into();
        let validator = jsonschema::draft7::options().should_validate_formats(true).build(&document).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{schema}: {errors:#?}");
    }
}

#[tokio::test]
async fn every_record_of_every_deal_has_the_documented_shape() {
    let Some(checker) = documents().map(Checker) else { return };
    let crm = crm();
    crm.set_association_page_size(20);
    let app = router(crm.clone());
    let kinds = ["companies", "contacts", "notes", "emails", "calls", "meetings", "tasks"];
    for deal in crm.deals() {
        let path = format!("{OBJECTS}/deals/{}?properties=dealname,amount,nothing&associations=", deal.id);
        let body = get(&app, &(path + &kinds.join(","))).await.body;
        checker.check("deals", "SimplePublicObjectWithAssociations", &body);
        for kind in kinds {
            let path = format!("/crm/associations/2026-09/deals/{kind}/batch/read");
            let links = post(&app, &path, json!({"inputs": [{"id": deal.id}]})).await.body;
            checker.check("associations", "BatchResponsePublicAssociationMultiWithLabel", &links);
            let Some(targets) = links["results"][0]["to"].as_array() else { continue };
            let inputs: Value = targets.iter().map(|one| json!({"id": one["toObjectId"]})).collect();
            let path = format!("{OBJECTS}/{kind}/batch/read");
            let asked = json!({"inputs": inputs, "properties": ["hs_timestamp", "hs_note_body"]});
            let records = post(&app, &path, asked).await.body;
            checker.check(kind, "BatchResponseSimplePublicObject", &records);
            assert_eq!(records["results"].as_array().unwrap().len(), targets.len());
        }
    }
}

#[tokio::test]
async fn the_other_answers_have_the_documented_shape() {
    let Some(checker) = documents().map(Checker) else { return };
    let crm = crm();
    crm.close(RICH, noon()).unwrap();
    let app = router(crm.clone());
    for query in ["", "?archived=true", "?limit=2"] {
        let owners = get(&app, &format!("/crm/owners/2026-09{query}")).await.body;
        checker.check("crmOwners", "CollectionResponsePublicOwnerForwardPaging", &owners);
    }
    checker.check("crmOwners", "PublicOwner", &get(&app, "/crm/owners/2026-09/41629701").await.body);
    let pipelines = get(&app, "/crm/pipelines/2026-09/deals").await.body;
    checker.check("pipelines", "CollectionResponsePipelineNoPaging", &pipelines);
    checker.check("pipelines", "Pipeline", &get(&app, "/crm/pipelines/2026-09/deals/default").await.body);
    let found = post(&app, &format!("{OBJECTS}/deals/search"), json!({"limit": 2})).await.body;
    checker.check("deals", "CollectionResponseWithTotalSimplePublicObject", &found);
    let partial = post(&app, &format!("{OBJECTS}/notes/batch/read"), json!({"inputs": ids(0..3)})).await.body;
    checker.check("notes", "BatchResponseSimplePublicObject", &partial);
    let note = json!({"properties": {"hs_timestamp": "2026-11-22T12:00:00Z", "hs_note_body": "x"}, "associations": []});
    checker.check("notes", "SimplePublicObjectInputForCreate", &note);
    let made = post(&app, &format!("{OBJECTS}/notes"), note).await.body;
    checker.check("notes", "SimplePublicObject", &made);
    checker.check("deals", "Error", &get(&app, &format!("{OBJECTS}/deals/1")).await.body);
    checker.check("deals", "Error", &post(&app, &format!("{OBJECTS}/deals/search"), json!(1)).await.body);
}
