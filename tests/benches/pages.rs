//! What each signed-in page asks of the table when the organization has many accounts: calls, read units, time and
//! weight, over HTTP against the local run. Not a test: it prints. A number as its argument makes the crowd smaller.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "a program for people"
)]

use aws_sdk_dynamodb::Client as Table;
use handoff_local::{Options, Running, start};
use handoff_runtime::{Aws, Service, Timeouts};
use handoff_store::Store;
use handoff_testing::crowd;
use handoff_testing::table::environment;
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const TABLE_NAME: &str = "handoff";

/// A signed-in browser.
struct Browser {
    street: Running,
    http: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    async fn send(&mut self, call: reqwest::RequestBuilder) -> String {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = call
            .header(COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .send()
            .await
            .unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
        answer.text().await.unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.street.own_url)
    }

    async fn get(&mut self, path: &str) -> String {
        self.send(self.http.get(self.url(path))).await
    }

    async fn post(&mut self, path: &str, page: &str, fields: &[(&str, &str)]) {
        let csrf = page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", csrf)]).collect();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let call = self.http.post(self.url(path)).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(call.body(body)).await;
    }

    async fn json(&self, path: &str) -> Value {
        self.http.get(self.url(path)).send().await.unwrap().json().await.unwrap()
    }

    async fn sign_in(&mut self, email: &str) {
        let page = self.get("/sign-in").await;
        self.post("/sign-in", &page, &[("email", email)]).await;
        for _ in 0..100 {
            let mails = self.json("/local/mail.json").await;
            let is_ours = |mail: &&Value| mail["kind"] == "sign_in" && mail["to"][0] == email;
            let mail = mails.as_array().unwrap().iter().rfind(is_ours);
            if let Some(text) = mail.and_then(|mail| mail["text"].as_str()) {
                let link = &text[text.find("/sign-in/").unwrap()..];
                let link = link.split_whitespace().next().unwrap().to_owned();
                let page = self.get(&link).await;
                return self.post(&link, &page, &[]).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no mail came");
    }

    async fn tell(&mut self, name: &str, path: &str) {
        self.http.post(self.url("/local/calls/reset")).json(&json!({})).send().await.unwrap();
        let begun = Instant::now();
        let page = self.get(path).await;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        let counts = self.json("/local/calls.json").await;
        let operations = counts["services"]["dynamodb"].as_object().cloned().unwrap_or_default();
        let calls: Vec<String> =
            operations.iter().map(|(name, one)| format!("{} {name}", one["calls"])).collect();
        let units = counts["read_units"].as_f64().unwrap();
        println!(
            "{name:<34} {:<26} {units:>7.1} {took:>8.1} ms {:>7.1} KB",
            calls.join(", "),
            page.len() as f64 / 1024.0
        );
    }
}

/// Page, path, as whom.
const PAGES: [(&str, &str); 18] = [
    ("accounts", "/accounts?scope=all"),
    ("accounts by company", "/accounts?scope=all&q=abc"),
    ("accounts by AE", "/accounts?scope=all&ae=Ae+39"),
    ("accounts awaiting", "/accounts?scope=all&state=awaiting_ae"),
    ("accounts, nothing fits", "/accounts?scope=all&q=zzzz"),
    ("the board", "/handoffs"),
    ("an account", "/accounts/d5"),
    ("who may have it", "/accounts/d5/csm"),
    ("its welcome mail", "/accounts/d5/welcome"),
    ("an account by hand", "/accounts/new"),
    ("organization", "/settings/organization"),
    ("roster", "/settings/roster"),
    ("handoff form", "/settings/handoff-form"),
    ("templates", "/settings/templates"),
    ("changes", "/settings/changes"),
    ("help", "/help"),
    ("help for admins", "/help/admin"),
    ("sign in", "/sign-in"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let street = start(Options::for_tests()).await.unwrap();
    let config = Aws::from_environment(&environment(&street.table_url)).unwrap();
    let config = config.config(Service::DynamoDb, Timeouts::WORKER);
    let begun = Instant::now();
    let (store, client) = (Store::new(&config, TABLE_NAME), Table::new(&config));
    crowd::fill(&store, &client, TABLE_NAME, count, |items| assert!(street.table.import(items).is_ok()))
        .await;
    println!("{count} accounts, filled in {:.0} s", begun.elapsed().as_secs_f64());
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let mut browser = Browser { street, http, cookies: BTreeMap::new() };
    browser.sign_in("admin@example.com").await;
    println!("{:<34} {:<26} {:>7} {:>11} {:>10}", "page", "calls", "units", "time", "weight");
    for (name, path) in PAGES {
        browser.tell(name, path).await;
    }
    browser.cookies.clear();
    browser.sign_in("grace.lin@northwind.example").await;
    browser.tell("a CSM's own", "/accounts").await;
}
