//! The roles of the template against the calls that a long story makes: nothing less than is needed, and nothing more.

use crate::rig::{SignedIn, Street, deal};
use handoff_domain::id::{AccountId, OrganizationId, OutboxId};
use handoff_domain::outbox::OutboxKey;
use handoff_local::{Options, Research};
use handoff_tests::template;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

type Rights = BTreeMap<String, BTreeSet<(String, String)>>;

/// Dead letters that the board shows.
const DEAD_LETTERS: [&str; 4] =
    ["DraftingDeadLetters", "IntakeDeadLetters", "MailEventsDeadLetters", "ResearchedDeadLetters"];

/// What event sources and Lambda itself do in a function's name: not among its calls.
const OF_THE_SERVICE: [&str; 9] = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
];

fn kebab(id: &str) -> String {
    let mut text = String::new();
    for c in id.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(c.to_lowercase());
    }
    text
}

fn several(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |all| all.iter().collect())
}

/// On what a statement is, in the words of the local run; `None` for dead letters, which Lambda itself fills.
fn on(resource: &Value) -> Option<String> {
    if let Some(id) = resource["Fn::GetAtt"][0].as_str() {
        return match id {
            "Table" => Some("table".to_owned()),
            // What the console puts back; the others' are filled by Lambda itself.
            id if DEAD_LETTERS.contains(&id) => {
                Some(format!("{}-dead", kebab(id.trim_end_matches("DeadLetters"))))
            }
            id if id.ends_with("DeadLetters") => None,
            id => Some(kebab(id.trim_end_matches("Queue"))),
        };
    }
    let text = resource["Fn::Sub"].as_str()?;
    if let Some((_, index)) = text.split_once("/index/") {
        return Some(format!("index/{index}"));
    }
    if text.contains(":ses:") {
        return text.contains("identity").then(|| "mail".to_owned());
    }
    Some("model".to_owned())
}

/// What the template allows each function.
fn granted() -> Rights {
    let template = template::load().unwrap();
    let resources = template["Resources"].as_object().unwrap();
    let mut rights = Rights::new();
    for (id, role) in resources.iter().filter(|(_, one)| one["Type"] == "AWS::IAM::Role") {
        let function = kebab(id.trim_end_matches("Role"));
        let policies = role["Properties"]["Policies"].as_array().unwrap();
        let statements = policies.iter().flat_map(|one| several(&one["PolicyDocument"]["Statement"]));
        for statement in statements {
            let branch = &statement["Fn::If"][1];
            let statement = if branch.is_null() { statement } else { branch };
            for action in several(&statement["Action"]).into_iter().filter_map(Value::as_str) {
                let is_consoles = function == "console" && action.starts_with("sqs:");
                if OF_THE_SERVICE.contains(&action) && !is_consoles || action.starts_with("xray:") {
                    continue;
                }
                for resource in several(&statement["Resource"]).into_iter().filter_map(on) {
                    // An index can be queried, and nothing else; the one statement names both for short.
                    if !resource.starts_with("index/") || action == "dynamodb:Query" {
                        rights.entry(function.clone()).or_default().insert((action.to_owned(), resource));
                    }
                }
            }
        }
    }
    rights.remove("schedule");
    // The journeys of the model see what it is asked; a guardrail is an option that nothing on this machine has.
    for rights in rights.values_mut() {
        rights.retain(|(action, _)| !action.starts_with("bedrock:"));
    }
    rights
}

async fn needed(street: &Street) -> Rights {
    let told = street.json("/local/rights.json").await;
    let read = |rights: &Value| {
        let rights = rights.as_array().unwrap().iter();
        let text = |right: &Value, name: &str| right[name].as_str().unwrap().to_owned();
        rights.map(|right| (text(right, "action"), text(right, "on"))).collect()
    };
    told.as_object().unwrap().iter().map(|(function, rights)| (function.clone(), read(rights))).collect()
}

async fn ok(admin: &SignedIn<'_>, from: &str, path: &str, fields: &[(&str, &str)]) {
    let done = admin.post(from, path, fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.html);
}

/// Deals that come, wait, go wrong, are handed over, moved, given back and counted; people who sign in, look, change and leave.
async fn live(street: &Street) {
    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", deal::RICH), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    street.faults(json!([])).await;
    street.advance(1800).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    // The message that ends the wait for the website.
    street.advance(120).await;
    street.settle().await;
    let link = street.link("handoff_invitation").await;
    let csrf = street.get(&link).await.field("csrf");
    street.get(&format!("{link}/sources/deal-{}", deal::RICH)).await;
    let fields = [("csrf", csrf.as_str()), ("version", "0"), ("answers[risks]", "Their COO leaves.")];
    street.post_as_script(&format!("{link}/answers"), &fields).await;
    let version = street.get(&link).await.field("version");
    let asked =
        [("csrf", csrf.as_str()), ("version", version.as_str()), ("question", "risks"), ("context", "x")];
    street.post(&format!("{link}/redraft"), &asked).await;
    street.settle().await;
    assert_eq!(street.submit(&link, "grace-lin", &[]).await.status, StatusCode::SEE_OTHER);
    street.settle().await;

    let admin = street.sign_in("admin@example.com").await;
    let account = format!("/accounts/d{}", deal::RICH);
    for path in [
        "/accounts?scope=all",
        "/accounts?scope=all&sort=ae",
        "/accounts?scope=all&sort=age",
        "/accounts?scope=all&csm=grace-lin",
        "/accounts?scope=all&q=Bri",
        "/handoffs",
        "/analytics",
        "/settings/changes",
        account.as_str(),
    ] {
        assert_eq!(admin.get(path).await.status, StatusCode::OK, "{path}");
    }
    let csm = format!("{account}/csm");
    assert_eq!(admin.get(&csm).await.status, StatusCode::OK);
    ok(&admin, &csm, &csm, &[("csm", "mateo-rossi"), ("reason", "Grace is away")]).await;
    let made = [
        ("company", "Acme Ltd"),
        ("ae", "ana.ellis@northwind.example"),
        ("raw_payload", "They go live in May."),
    ];
    ok(&admin, "/accounts/new", "/accounts", &made).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    street.advance(120).await;
    street.settle().await;
    for schedule in
        ["deal-reconciliation", "analytics-rollup", "reminder-sweep", "integration-sweep", "outbox-sweep"]
    {
        street.run_schedule(schedule).await;
    }
    street.advance(9 * 86_400).await;
    street.run_schedule("reminder-sweep").await;
    street.settle().await;
    let admin = street.sign_in("admin@example.com").await;
    for place in ["intake", "drafting", "researched", "mail-events"] {
        ok(&admin, "/handoffs", &format!("/handoffs/dead-letters/{place}"), &[]).await;
    }
    let left = admin.post("/accounts?scope=all", "/sign-out", &[]).await;
    assert_eq!(left.status, StatusCode::SEE_OTHER, "{}", left.html);
}

/// Until nothing waits any more, not for a website either.
async fn rest(street: &Street) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    street.advance(120).await;
    street.settle().await;
}

async fn poison(street: &Street, queue: &str, message: &Value) {
    street.post_json(&format!("/local/queues/{queue}/messages"), message).await;
}

/// A contact of the first deal is deleted in HubSpot for privacy.
async fn delete_a_person(street: &Street) {
    let event = json!([{"subscriptionType": "contact.privacyDeletion", "portalId": 62515, "objectId": 1}]);
    assert_eq!(street.deliver(&event).await, StatusCode::OK);
    let all = crate::privacy::everything(street).await;
    let at = all.find("\"id\":\"contact-").unwrap() + "\"id\":\"contact-".len();
    let contact: u64 =
        all[at..].chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    let event =
        json!([{"subscriptionType": "contact.privacyDeletion", "portalId": 62515, "objectId": contact}]);
    assert_eq!(street.deliver(&event).await, StatusCode::OK);
    rest(street).await;
}

/// What goes wrong: deals that nobody tells of or that cannot be read, mails that are lost, come back, or never leave.
async fn suffer(street: &Street) {
    let silent = street.deal("In German").await;
    street.post_json(&format!("/local/deals/{silent}/close"), &json!({ "silent": true })).await;
    street.run_schedule("deal-reconciliation").await;
    street.advance(300).await;
    rest(street).await;
    street.post_json(&format!("/local/deals/{silent}/reopen"), &json!({})).await;
    rest(street).await;

    street.faults(json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    let hint = street.deal("Almost empty").await;
    poison(street, "drafting", &json!({"type": "deal_hint", "portal": 62515, "deal": hint})).await;
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        street.advance(6 * 3600).await;
    }
    street.faults(json!([{ "service": "dynamodb", "mode": "error", "probability": 1.0, "seed": 3 }])).await;
    let account = format!("d{}", deal::RICH);
    let answer =
        json!({"organization": "hs62515", "account": account, "ticket": "r-1", "pages": [], "gaps": []});
    poison(street, "researched", &answer).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    street.faults(json!([])).await;
    street.advance(7200).await;
    // A mail that met the table's trouble is the sweep's.
    street.run_schedule("outbox-sweep").await;
    rest(street).await;

    street.faults(json!([{ "service": "ses", "mode": "lost_reply", "probability": 1.0, "seed": 3 }])).await;
    let lost = street.deal("In French").await;
    street.post_json(&format!("/local/deals/{lost}/close"), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    street.faults(json!([{ "service": "ses", "mode": "throttle", "probability": 1.0, "seed": 3 }])).await;
    street.post_json(&format!("/local/deals/{}/close", street.deal("Contradictory").await), &json!({})).await;
    for _ in 0..80 {
        street.advance(3600).await;
        street.run_schedule("outbox-sweep").await;
    }
    street.faults(json!([])).await;
    rest(street).await;
    let key = OutboxKey {
        organization: OrganizationId::parse("hs62515").unwrap(),
        account: Some(AccountId::parse(account).unwrap()),
        owed_at: "2026-11-22T10:00:00Z".parse().unwrap(),
        id: OutboxId::parse("d1-r1-submitted").unwrap(),
    };
    let tags = json!({"kind": ["handoff_received"], "outbox": [key.to_tag()], "mail": ["0"]});
    let bounce =
        json!({"eventType": "Bounce", "mail": {"tags": tags}, "bounce": {"bounceType": "Permanent"}});
    poison(street, "mail-events", &bounce).await;
    rest(street).await;
}

#[tokio::test]
async fn each_role_allows_what_its_function_calls_and_nothing_more() {
    let street =
        Street::open_with(Options { research: Research::On, paced: true, ..Options::for_tests() }).await;
    live(&street).await;
    delete_a_person(&street).await;
    suffer(&street).await;
    let (granted, needed) = (granted(), needed(&street).await);
    let mut faults = Vec::new();
    for function in granted.keys().chain(needed.keys()).collect::<BTreeSet<_>>() {
        let none = BTreeSet::new();
        let (may, does) = (granted.get(function).unwrap_or(&none), needed.get(function).unwrap_or(&none));
        faults.extend(does.difference(may).map(|right| format!("{function} lacks {right:?}")));
        faults.extend(may.difference(does).map(|right| format!("{function} never needs {right:?}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
