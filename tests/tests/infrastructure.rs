//! The template against the code: functions, environments, routes, events, queues, table and roles must agree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test program: its helpers stand outside of the tests themselves"
)]

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::event::dynamodb::Event as StreamEvent;
use aws_lambda_events::event::sqs::SqsEvent;
use handoff_domain::message::{DeliveryRoute, QueuedMessage};
use handoff_domain::research::Researched;
use handoff_hubspot::event::parse;
use handoff_runtime::metrics;
use handoff_tests::repository::{files, folders, root, without_tests};
use handoff_tests::template;
use regex_lite::Regex;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

static TEMPLATE: LazyLock<Value> = LazyLock::new(|| template::load().expect("the template can be read"));

/// Route keys and the function behind each: what `interface.md` promises, so that 404 and 405 are our own.
const ROUTES: [(&str, &str); 6] = [
    ("ANY /webhooks/{proxy+}", "hubspot-webhook"),
    ("ANY /handoff/{proxy+}", "handoff-form"),
    ("ANY /assets/{proxy+}", "handoff-form"),
    ("GET /health", "handoff-form"),
    ("ANY /accounts/{id}/csm", "csm-assignment"),
    ("$default", "console"),
];

const FOURTEEN_DAYS_SECONDS: i64 = 14 * 24 * 3600;

fn resources() -> &'static Map<String, Value> {
    TEMPLATE["Resources"].as_object().unwrap()
}

fn of_type(kind: &str) -> impl Iterator<Item = (&'static String, &'static Value)> {
    resources().iter().filter(move |(_, resource)| resource["Type"] == kind)
}

/// `HubspotWebhook` is `hubspot-webhook`.
fn kebab(pascal: &str) -> String {
    let mut text = String::new();
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Properties of each function by its directory name.
fn functions() -> BTreeMap<String, &'static Value> {
    of_type("AWS::Serverless::Function").map(|(id, function)| (kebab(id), &function["Properties"])).collect()
}

/// The logical id that `value` points at, by `Ref` or `Fn::GetAtt`; a function for its alias.
fn target(value: &Value) -> &str {
    let id = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str()).unwrap_or_default();
    id.trim_end_matches(".Alias")
}

/// All that a function's files say before their inline tests.
fn source_of(function: &str) -> String {
    let home = root().join("functions").join(function).join("src");
    let is_test = |file: &Path| file.iter().any(|part| part == "tests.rs" || part == "tests");
    let mut text = String::new();
    for file in files(&home, ".rs").unwrap().iter().filter(|file| !is_test(file.strip_prefix(&home).unwrap()))
    {
        for line in without_tests(&fs::read_to_string(file).unwrap()) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn report(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn every_function_directory_has_its_resource_and_the_reverse() {
    let deployed: BTreeSet<String> = functions().into_keys().collect();
    assert_eq!(folders("functions").unwrap(), deployed, "directories (left) and resources (right)");
    for (id, resource) in of_type("AWS::Serverless::Function") {
        let name = kebab(id);
        assert_eq!(resource["Properties"]["CodeUri"], json!(format!("../../target/lambda/{name}")));
        assert_eq!(resource["Metadata"]["SkipBuild"], true, "{name}: `make lambda` builds it");
    }
}

/// `config.rs` of a function and the files in its folder `config`.
fn configuration(function: &str) -> Vec<String> {
    let source = root().join("functions").join(function).join("src");
    let parts = fs::read_dir(source.join("config")).into_iter().flatten();
    let parts = parts.map(|entry| entry.unwrap().path());
    [source.join("config.rs")].into_iter().chain(parts).flat_map(fs::read_to_string).collect()
}

#[test]
fn environments_hold_what_the_functions_read_and_nothing_else() {
    let variable = Regex::new(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)""#).unwrap();
    let mut faults = Vec::new();
    for (name, properties) in functions() {
        let config = configuration(&name);
        let code: Vec<&str> = config.iter().flat_map(|file| without_tests(file)).collect();
        let read: BTreeSet<String> = variable
            .captures_iter(&code.join("\n"))
            .map(|found| found[1].to_owned())
            .filter(|name| !name.starts_with("AWS_")) // Lambda's own
            .chain(["METRICS_NAMESPACE".to_owned()]) // read by every function's start
            .collect();
        let given = properties["Environment"]["Variables"].as_object().cloned().unwrap_or_default();
        let given: BTreeSet<String> = given.into_iter().map(|(name, _)| name).collect();
        faults
            .extend(read.difference(&given).map(|one| format!("{name} reads {one}, the template lacks it")));
        faults.extend(
            given.difference(&read).map(|one| format!("{name} is given {one}, config.rs does not read it")),
        );
    }
    report("environments", &faults);
}

#[test]
fn routes_are_the_ones_that_were_promised() {
    let mut routes = BTreeMap::new();
    for (_, integration) in of_type("AWS::ApiGatewayV2::Integration") {
        let uri = integration["Properties"]["IntegrationUri"]["Ref"].as_str().unwrap();
        assert!(uri.ends_with(".Alias"), "{uri} is the newest code, not what was released");
    }
    for (_, route) in of_type("AWS::ApiGatewayV2::Route") {
        let integration = route["Properties"]["Target"]["Fn::Sub"].as_str().unwrap();
        let integration = integration.trim_start_matches("integrations/${").trim_end_matches('}');
        let integration = &resources()[integration]["Properties"];
        assert_eq!(integration["PayloadFormatVersion"], "2.0");
        let key = route["Properties"]["RouteKey"].as_str().unwrap();
        routes.insert(key, kebab(target(&integration["IntegrationUri"])));
    }
    let promised: BTreeMap<&str, String> = ROUTES.iter().map(|(key, to)| (*key, (*to).to_owned())).collect();
    assert_eq!(routes, promised);
}

#[test]
fn every_route_of_a_router_arrives_at_its_function() {
    let route = Regex::new(r#"(?:\.route|Route::(?:get|post))\(\s*"(/[^"]*)""#).unwrap();
    let mut faults = Vec::new();
    for function in functions().into_keys() {
        for path in route.captures_iter(&source_of(&function)).map(|found| found[1].to_owned()) {
            let arrives = |key: &str| {
                let prefix = key.trim_start_matches("ANY ").trim_start_matches("GET ");
                path == prefix
                    || prefix.strip_suffix("{proxy+}").is_some_and(|prefix| path.starts_with(prefix))
            };
            let to = ROUTES.iter().find(|(key, _)| arrives(key)).map_or("console", |(_, to)| to);
            if to != function {
                faults.push(format!("{function} answers {path}, the API sends it to {to}"));
            }
        }
    }
    report("routes", &faults);
}

#[test]
fn functions_that_answer_http_may_be_called_by_the_api() {
    let called: BTreeSet<String> = of_type("AWS::Lambda::Permission")
        .map(|(_, one)| kebab(target(&one["Properties"]["FunctionName"])))
        .collect();
    let answering: BTreeSet<String> = ROUTES.iter().map(|(_, to)| (*to).to_owned()).collect();
    assert_eq!(called, answering);
}

#[test]
fn sample_events_have_the_shapes_that_aws_sends() {
    let answering: BTreeSet<&str> = ROUTES.iter().map(|(_, to)| *to).collect();
    let mut faults = Vec::new();
    for (function, properties) in functions() {
        let samples = files(&root().join("events").join(&function), ".json").unwrap_or_default();
        if samples.is_empty() {
            faults.push(format!("events/{function} holds no sample"));
        }
        for sample in samples {
            let text = fs::read_to_string(&sample).unwrap();
            let triggers = properties["Events"].as_object().cloned().unwrap_or_default();
            let mut outcomes: Vec<Result<(), String>> =
                triggers.values().map(|trigger| fits(trigger, &text)).collect();
            if answering.contains(function.as_str()) {
                outcomes.push(parses::<ApiGatewayV2httpRequest>(&text));
            }
            if !outcomes.iter().any(Result::is_ok) {
                faults.push(format!("{}: {outcomes:?}", sample.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    let orphans = folders("events").unwrap().into_iter().filter(|name| !functions().contains_key(name));
    faults.extend(orphans.map(|name| format!("events/{name} belongs to no function")));
    report("sample events", &faults);
}

#[test]
fn the_workers_sample_messages_are_messages_of_ours() {
    for sample in files(&root().join("events/drafting-worker"), ".json").unwrap() {
        let event: SqsEvent = serde_json::from_str(&fs::read_to_string(&sample).unwrap()).unwrap();
        for record in event.records {
            let body = record.body.as_deref().unwrap_or_default();
            let is_answer = record.event_source_arn.is_some_and(|source| source.ends_with(":researched"));
            let read = if is_answer {
                serde_json::from_str::<Researched>(body).map(drop)
            } else {
                serde_json::from_str::<QueuedMessage>(body).map(drop)
            };
            assert!(read.is_ok(), "{}: {read:?}", sample.display());
        }
    }
}

fn fits(trigger: &Value, sample: &str) -> Result<(), String> {
    match trigger["Type"].as_str().unwrap() {
        "SQS" => records_of("aws:sqs", sample).and_then(|()| parses::<SqsEvent>(sample)),
        "DynamoDB" => records_of("aws:dynamodb", sample).and_then(|()| parses::<StreamEvent>(sample)),
        "ScheduleV2" => {
            let sample: Value = serde_json::from_str(sample).map_err(|error| error.to_string())?;
            let input = trigger["Properties"]["Input"].as_str().unwrap();
            let input: Value = serde_json::from_str(input).unwrap();
            if sample == input { Ok(()) } else { Err(format!("not the schedule's input {input}")) }
        }
        other => Err(format!("nothing is known of {other}")),
    }
}

fn records_of(source: &str, sample: &str) -> Result<(), String> {
    let sample: Value = serde_json::from_str(sample).map_err(|error| error.to_string())?;
    let records = sample["Records"].as_array().ok_or("no Records")?;
    let is_from = records.iter().all(|record| record["eventSource"] == source);
    if is_from && !records.is_empty() { Ok(()) } else { Err(format!("not from {source}")) }
}

fn parses<T: serde::de::DeserializeOwned>(sample: &str) -> Result<(), String> {
    serde_json::from_str::<T>(sample).map(|_| ()).map_err(|error| error.to_string())
}

#[test]
fn schedules_are_the_ones_that_the_functions_know() {
    for (function, properties) in functions() {
        let triggers = properties["Events"].as_object().cloned().unwrap_or_default();
        for trigger in triggers.values().filter(|trigger| trigger["Type"] == "ScheduleV2") {
            let input: Value =
                serde_json::from_str(trigger["Properties"]["Input"].as_str().unwrap()).unwrap();
            let name = input["schedule"].as_str().unwrap();
            assert!(source_of(&function).contains(name), "{function} does not know the schedule {name}");
            let ours = trigger["Properties"]["Name"]["Fn::Sub"].as_str().unwrap();
            assert!(ours.ends_with(name), "{ours} is the schedule {name}");
        }
    }
}

#[test]
fn queues_give_a_reader_six_times_its_timeout_and_end_in_dead_letters() {
    for (function, properties) in functions() {
        let triggers = properties["Events"].as_object().cloned().unwrap_or_default();
        for trigger in triggers.values().filter(|trigger| trigger["Type"] == "SQS") {
            let id = target(&trigger["Properties"]["Queue"]);
            let queue = &resources()[id]["Properties"];
            let timeout = properties["Timeout"].as_i64().unwrap();
            assert_eq!(queue["VisibilityTimeout"], json!(6 * timeout), "{id}, read by {function}");
            assert_eq!(queue["RedrivePolicy"]["maxReceiveCount"], 8, "{id}");
            let dead = target(&queue["RedrivePolicy"]["deadLetterTargetArn"]);
            assert_eq!(resources()[dead]["Type"], "AWS::SQS::Queue", "{id}");
            assert_eq!(
                trigger["Properties"]["FunctionResponseTypes"],
                json!(["ReportBatchItemFailures"]),
                "{id}"
            );
        }
    }
    for (id, queue) in of_type("AWS::SQS::Queue") {
        assert_eq!(queue["Properties"]["MessageRetentionPeriod"], FOURTEEN_DAYS_SECONDS, "{id}");
    }
}

#[test]
fn streams_report_single_failures_and_give_up_into_a_queue() {
    for (function, properties) in functions() {
        let triggers = properties["Events"].as_object().cloned().unwrap_or_default();
        for trigger in triggers.values().filter(|trigger| trigger["Type"] == "DynamoDB") {
            let mapping = &trigger["Properties"];
            assert_eq!(mapping["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{function}");
            assert_eq!(mapping["BisectBatchOnFunctionError"], true, "{function}");
            assert!(mapping["MaximumRetryAttempts"].is_i64(), "{function} would hold up a shard for a day");
            assert!(mapping["MaximumRecordAgeInSeconds"].is_i64(), "{function}");
            let dead = target(&mapping["DestinationConfig"]["OnFailure"]["Destination"]);
            assert_eq!(resources()[dead]["Type"], "AWS::SQS::Queue", "{function}");
            for filter in mapping["FilterCriteria"]["Filters"].as_array().unwrap() {
                let pattern: Value = serde_json::from_str(filter["Pattern"].as_str().unwrap()).unwrap();
                let kind = pattern["dynamodb"]["NewImage"]["kind"]["S"][0].as_str().unwrap();
                let theirs: &[&str] = match function.as_str() {
                    "email-sender" => &["outbox"],
                    _ => &["event", "delivery"],
                };
                assert!(theirs.contains(&kind), "{function} is called for items of kind {kind}");
            }
        }
    }
}

#[test]
fn the_table_is_the_one_that_the_store_defines() {
    let (_, table) = of_type("AWS::DynamoDB::Table").next().unwrap();
    let properties = &table["Properties"];
    let defined = handoff_store::table_definition();
    let schema: Vec<Value> = defined
        .schema
        .iter()
        .map(|one| json!({ "AttributeName": one.attribute_name(), "KeyType": one.key_type().as_str() }))
        .collect();
    assert_eq!(properties["KeySchema"], json!(schema));
    let attributes: Vec<Value> = defined
        .attributes
        .iter()
        .map(|one| json!({ "AttributeName": one.attribute_name(), "AttributeType": one.attribute_type().as_str() }))
        .collect();
    assert_eq!(properties["AttributeDefinitions"], json!(attributes));
    let indexes = defined.indexes.iter().map(|index| {
        let keys = index.key_schema().iter();
        let keys: Vec<Value> = keys
            .map(|one| json!({ "AttributeName": one.attribute_name(), "KeyType": one.key_type().as_str() }))
            .collect();
        let projection = index.projection().unwrap();
        let mut projected = json!({ "ProjectionType": projection.projection_type().unwrap().as_str() });
        if !projection.non_key_attributes().is_empty() {
            projected["NonKeyAttributes"] = json!(projection.non_key_attributes());
        }
        json!({ "IndexName": index.index_name(), "KeySchema": keys, "Projection": projected })
    });
    let indexes: Vec<Value> = indexes.collect();
    assert_eq!(properties["GlobalSecondaryIndexes"], json!(indexes));
    assert_eq!(properties["BillingMode"], json!(defined.billing.as_str()));
    let view = defined.stream.stream_view_type().unwrap().as_str();
    assert_eq!(properties["StreamSpecification"]["StreamViewType"], json!(view));
    assert_eq!(properties["TimeToLiveSpecification"]["AttributeName"], json!(handoff_store::keys::TTL));
}

#[test]
fn a_deleted_stack_loses_no_data() {
    let kept =
        ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret", "AWS::SES::EmailIdentity"];
    for (id, resource) in resources().iter().filter(|(_, one)| kept.iter().any(|kind| one["Type"] == *kind)) {
        assert_eq!(resource["DeletionPolicy"], "Retain", "{id}");
        assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{id}");
    }
    let (_, table) = of_type("AWS::DynamoDB::Table").next().unwrap();
    assert_eq!(table["Properties"]["DeletionProtectionEnabled"], true);
    assert_eq!(table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
}

#[test]
fn each_function_has_a_role_of_its_own_that_lists_actions_and_resources() {
    let mut roles = BTreeSet::new();
    for (function, properties) in functions() {
        let role = target(&properties["Role"]).to_owned();
        assert_eq!(kebab(role.trim_end_matches("Role")), function, "{function} runs as {role}");
        assert!(roles.insert(role), "{function} shares its role");
    }
    let mut faults = Vec::new();
    for (id, role) in of_type("AWS::IAM::Role") {
        assert!(role["Properties"]["ManagedPolicyArns"].is_null(), "{id} has managed policies");
        for policy in role["Properties"]["Policies"].as_array().unwrap() {
            for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
                let branch = &statement["Fn::If"][1];
                let statement = if branch.is_null() { statement } else { branch };
                faults.extend(loose(statement).map(|what| format!("{id}: {what}")));
            }
        }
    }
    report("roles", &faults);
}

/// What a statement allows beyond a named need.
fn loose(statement: &Value) -> Option<String> {
    const NEVER: [&str; 4] = ["dynamodb:Scan", "dynamodb:DeleteTable", "ses:SendRawEmail", "iam:PassRole"];
    let actions: Vec<&str> = match &statement["Action"] {
        Value::String(action) => vec![action],
        Value::Array(actions) => actions.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if let Some(action) = actions.iter().find(|action| action.contains('*') || NEVER.contains(action)) {
        return Some(format!("allows {action}"));
    }
    if actions.iter().all(|action| action.starts_with("xray:Put")) && !actions.is_empty() {
        return None; // X-Ray knows no resources
    }
    if actions.is_empty() || statement["Resource"] == "*" || statement["Resource"].is_null() {
        return Some(format!("{actions:?} names no resource"));
    }
    let sends_mail = actions.iter().any(|action| action.starts_with("ses:"));
    let from = &statement["Condition"]["StringEquals"]["ses:FromAddress"];
    (sends_mail && from.is_null()).then(|| "sends mail as anybody".to_owned())
}

#[test]
fn alarms_and_the_dashboard_use_metrics_that_the_functions_emit() {
    let mut faults = Vec::new();
    let mut used = Vec::new();
    let mut watch = template::load_watch().unwrap()["Resources"].take();
    // A number, once it is filled in.
    let body = &mut watch["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"];
    *body = json!(body.as_str().unwrap().replace("${CostPerHandoffLimit}", "0"));
    find_metrics(&TEMPLATE["Resources"], &mut used);
    find_metrics(&watch, &mut used);
    assert!(used.len() > 50, "alarms and dashboard are found");
    for (name, dimensions) in used {
        match metrics::ALL.iter().find(|metric| metric.name == name) {
            None => faults.push(format!("{name} is no metric of ours")),
            // A search names the dimensions, without values, in its schema.
            Some(metric) if metric.dimension.into_iter().ne(dimensions.iter().map(String::as_str)) => {
                faults.push(format!("{name} has the dimension {:?}, not {dimensions:?}", metric.dimension));
            }
            Some(_) => {}
        }
    }
    faults.sort();
    faults.dedup();
    report("metrics", &faults);
}

/// Every metric of our own namespace, by name and names of its dimensions: of alarms (`MetricName` beside `Namespace`),
/// of dashboards' lists (`[namespace, name, dimension, value, ..., {..}]`) and of searches (`{namespace,dimension,...}
/// MetricName="name"`).
fn find_metrics(value: &Value, found: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(map) => {
            if let Some(name) = map.get("MetricName").and_then(Value::as_str)
                && map.get("Namespace").is_some_and(is_ours)
            {
                let dimensions = map.get("Dimensions").and_then(Value::as_array).cloned().unwrap_or_default();
                let names = dimensions.iter().filter_map(|one| one["Name"].as_str().map(str::to_owned));
                found.push((name.to_owned(), names.collect()));
            }
            // A widget that is JSON text, with or without substitutions.
            for value in map.values() {
                find_metrics(value, found);
            }
        }
        Value::Array(list) => {
            if let [namespace, Value::String(name), rest @ ..] = list.as_slice()
                && is_ours(namespace)
            {
                let names = rest.iter().map_while(Value::as_str).step_by(2).map(str::to_owned);
                found.push((name.clone(), names.collect()));
            }
            for value in list {
                find_metrics(value, found);
            }
        }
        Value::String(text) => {
            if let Ok(inner @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                find_metrics(&inner, found);
            }
            found.extend(searched(text));
        }
        _ => {}
    }
}

/// Our namespace is the stack's, however it is spelled: as text, by `Fn::Sub`, or in a body that is substituted whole.
fn is_ours(namespace: &Value) -> bool {
    namespace
        .as_str()
        .or_else(|| namespace["Fn::Sub"].as_str())
        .is_some_and(|name| name.starts_with("Handoff/"))
}

fn searched(text: &str) -> Vec<(String, Vec<String>)> {
    let search = Regex::new(
        r#"\{"?(Handoff/[^",}$]*(?:\$\{[^}]*\})?)"?((?:,[^,}]+)*)\}[^{]*?MetricName=\\?"([^"\\]+)"#,
    )
    .unwrap();
    let dimensions =
        |text: &str| text.split(',').skip(1).map(|name| name.trim_matches('"').to_owned()).collect();
    search.captures_iter(text).map(|found| (found[3].to_owned(), dimensions(&found[2]))).collect()
}

#[test]
fn metrics_are_found_however_a_template_spells_them() {
    let alarm = json!({"Namespace": {"Fn::Sub": "Handoff/${AWS::StackName}"}, "MetricName": "MailSent", "Dimensions": [{"Name": "Kind", "Value": "x"}]});
    let body = r#"{"widgets":[{"properties":{"metrics":[["Handoff/${AWS::StackName}","DraftFailed",{"stat":"Sum"}],
        [{"expression":"SEARCH('{Handoff/${AWS::StackName},Route} MetricName=\"RequestMilliseconds\"', 'p99')"}]]}}]}"#;
    let theirs = json!({"Namespace": "AWS/SQS", "MetricName": "NumberOfMessagesSent"});
    let mut found = Vec::new();
    find_metrics(&json!([alarm, {"Fn::Sub": body}, theirs]), &mut found);
    found.sort();
    found.dedup();
    let expected =
        [("DraftFailed", vec![]), ("MailSent", vec!["Kind"]), ("RequestMilliseconds", vec!["Route"])];
    let expected = expected.map(|(name, by)| (name.to_owned(), by.into_iter().map(str::to_owned).collect()));
    assert_eq!(found, expected);
}

#[test]
fn every_function_that_is_started_is_told_where_its_metrics_belong() {
    for (function, properties) in functions() {
        let given = &properties["Environment"]["Variables"]["METRICS_NAMESPACE"];
        assert_eq!(*given, json!({ "Fn::Sub": "Handoff/${AWS::StackName}" }), "{function}");
    }
}

#[test]
fn access_logs_keep_neither_links_nor_callers() {
    let (_, stage) = of_type("AWS::ApiGatewayV2::Stage").next().unwrap();
    let format = stage["Properties"]["AccessLogSettings"]["Format"].as_str().unwrap();
    for part in ["$context.path", "rawPath", "sourceIp", "userAgent", "$context.protocol"] {
        assert!(!format.contains(part), "{part}");
    }
}

#[test]
fn every_function_logs_into_a_group_that_forgets() {
    for (function, properties) in functions() {
        let group = target(&properties["LoggingConfig"]["LogGroup"]);
        let group = &resources()[group]["Properties"];
        assert_eq!(group["RetentionInDays"], json!({ "Ref": "LogRetentionDays" }), "{function}");
        let name = group["LogGroupName"]["Fn::Sub"].as_str().unwrap();
        assert!(name.ends_with(&format!("-{function}")), "{function} logs into {name}");
    }
}

/// A component of the HubSpot app's project.
fn hubspot_component(path: &str) -> Value {
    let file = root().join("infra/hubspot/src/app").join(path);
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_hubspot_app_subscribes_to_what_the_webhook_understands() {
    let webhooks = hubspot_component("webhooks/webhooks-hsmeta.json");
    let subscriptions = webhooks["config"]["subscriptions"]["crmObjects"].as_array().unwrap();
    for one in subscriptions {
        assert_eq!((one["objectType"].as_str(), one["active"].as_bool()), (Some("deal"), Some(true)));
        let event = json!([{
            "subscriptionType": one["subscriptionType"], "propertyName": one["propertyName"],
            "objectTypeId": "0-3", "portalId": 1, "objectId": 7,
        }]);
        let delivered = parse(&DeliveryRoute::App, event.to_string().as_bytes()).unwrap();
        assert_eq!(delivered.hints.len(), 1, "the webhook makes nothing of {one}");
    }
    let source = fs::read_to_string(root().join("shared/hubspot/src/event.rs")).unwrap();
    let listened = Regex::new(r#"("[a-z_]+"(?: \| "[a-z_]+")+) => true"#).unwrap().captures(&source).unwrap();
    for property in listened[1].split(" | ").map(|name| name.trim_matches('"')) {
        assert!(
            subscriptions.iter().any(|one| one["propertyName"] == property),
            "{property} is not subscribed"
        );
    }
}

#[test]
fn the_hubspot_app_calls_real_routes() {
    let source = source_of("hubspot-webhook");
    let webhooks = hubspot_component("webhooks/webhooks-hsmeta.json");
    let action = hubspot_component("workflow-actions/start-handoff-hsmeta.json");
    for url in [&webhooks["config"]["settings"]["targetUrl"], &action["config"]["actionUrl"]] {
        let path = url.as_str().unwrap().strip_prefix("${HANDOFF_URL}").unwrap();
        let route = path.replace("${HANDOFF_PORTAL}", "{portal_id}");
        assert!(source.contains(&format!(".route(\"{route}\"")), "{route}");
    }
}
