//! The table of headers and statuses by type of route, over HTTP: what each kind of answer carries, and what it never does.

use crate::rig::{Street, deal, sign_v3, won};
use ::console::routes::{Method, ROUTES};
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::json;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// Never on any answer: what runs here, who may read it from elsewhere.
const NEVER: [&str; 4] =
    ["server", "x-powered-by", "access-control-allow-origin", "access-control-allow-credentials"];

/// What an answer is, and so what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A page, or an error that a person sees.
    Page,
    /// An answer without a page, to whoever has a browser.
    Bare,
    /// An answer to HubSpot, which no browser ever shows.
    Program,
    /// A file with a hashed name.
    Asset,
}

#[derive(Default)]
struct Judge(Vec<String>);

impl Judge {
    async fn see(&mut self, what: &str, answer: Response, status: u16, kind: Kind) -> Seen {
        let headers = answer.headers().clone();
        let got = answer.status().as_u16();
        let body = answer.text().await.unwrap();
        let mut say = |fault: String| self.0.push(format!("{what}: {fault}"));
        if got != status {
            say(format!("{got} instead of {status}: {}", body.chars().take(160).collect::<String>()));
        }
        for name in NEVER.into_iter().filter(|name| headers.contains_key(*name)) {
            say(format!("carries {name}"));
        }
        let value = |name: &str| {
            headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        let cached = if kind == Kind::Asset { "public, max-age=31536000, immutable" } else { "no-store" };
        let policy = match kind {
            Kind::Asset => "default-src 'none'",
            _ => PAGE_POLICY,
        };
        let expected = [
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", policy),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-robots-tag", "noindex, nofollow, noarchive"),
            ("cache-control", cached),
        ];
        let for_programs = ["strict-transport-security", "x-content-type-options", "cache-control"];
        for (name, wanted) in expected {
            if kind == Kind::Program && !for_programs.contains(&name) {
                continue;
            }
            if value(name) != wanted {
                say(format!("{name}: {:?} instead of {wanted:?}", value(name)));
            }
        }
        if kind != Kind::Program
            && !["no-referrer", "same-origin"].contains(&value("referrer-policy").as_str())
        {
            say(format!("referrer-policy: {:?}", value("referrer-policy")));
        }
        if kind != Kind::Program && !value("permissions-policy").contains("camera=()") {
            say("permissions-policy is open".to_owned());
        }
        let kinds = value("content-type").to_lowercase().replace(' ', "");
        if !(kinds.contains("charset=utf-8") || kind == Kind::Asset && !kinds.is_empty()) {
            say(format!("content-type: {kinds:?}"));
        }
        if kind == Kind::Page && !kinds.starts_with("text/html") && !body.is_empty() {
            say(format!("a page is {kinds}"));
        }
        Seen { headers, body }
    }

    fn must(&mut self, what: &str, holds: bool) {
        if !holds {
            self.0.push(what.to_owned());
        }
    }
}

struct Seen {
    headers: HeaderMap,
    body: String,
}

async fn send(call: RequestBuilder) -> Response {
    call.send().await.unwrap()
}

async fn get(street: &Street, path: &str) -> Response {
    send(street.http.get(street.url(path))).await
}

#[tokio::test]
async fn webhooks_answer_as_the_table_says() {
    let (street, mut judge) = (Street::open().await, Judge::default());
    let path = "/webhooks/hubspot";
    let post = |body: String| {
        street.http.post(street.url(path)).header("content-type", "application/json").body(body)
    };
    let unsigned = judge.see("unsigned", send(post("[]".into())).await, 401, Kind::Program).await;
    judge.must("a refusal echoes nothing", unsigned.body.is_empty());
    let read = judge.see("read", get(&street, path).await, 405, Kind::Program).await;
    judge.must("405 names what is allowed", read.headers.contains_key("allow"));
    judge.see("too large", send(post("x".repeat(1_040_385))).await, 413, Kind::Program).await;
    let signed = async |body: &str, kind: &str| {
        let at = street.now_ms().await.to_string();
        let signature = sign_v3("POST", &format!("{}{path}", street.public), body, &at);
        let call = street.http.post(street.url(path)).header("content-type", kind).body(body.to_owned());
        send(call.header("x-hubspot-signature-v3", signature).header("x-hubspot-request-timestamp", at)).await
    };
    judge.see("not JSON", signed("[]", "text/plain").await, 415, Kind::Program).await;
    let taken = signed(&json!([won(deal::RICH)]).to_string(), "application/json").await;
    let taken = judge.see("taken", taken, 200, Kind::Program).await;
    judge.must(
        "nothing is said and no cookie set",
        taken.body.is_empty() && !taken.headers.contains_key("set-cookie"),
    );
    judge.see("signed nonsense", signed("nonsense", "application/json").await, 200, Kind::Program).await;
    street.faults(json!([{ "service": "sqs", "mode": "error", "probability": 1.0, "seed": 1 }])).await;
    let away = signed(&json!([won(deal::RICH)]).to_string(), "application/json").await;
    let away = judge.see("the queue is away", away, 503, Kind::Program).await;
    judge.must("503 says when to come back", away.headers.contains_key("retry-after"));
    assert!(judge.0.is_empty(), "{}", judge.0.join("\n"));
}

#[tokio::test]
async fn links_answer_as_the_table_says() {
    let (street, mut judge) = (Street::open().await, Judge::default());
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let form = judge.see("the form", get(&street, &link).await, 200, Kind::Page).await;
    judge.must("a link tells no referrer", form.headers["referrer-policy"] == "no-referrer");
    judge.must("nor sets a cookie", !form.headers.contains_key("set-cookie"));
    let head = send(street.http.head(street.url(&link))).await;
    judge.see("HEAD", head, 200, Kind::Page).await;
    let shown = street.get(&link).await;
    let (csrf, version) = (shown.field("csrf"), shown.field("version"));
    for unknown in ["/handoff/x", "/handoff/aHM2MjUxNQ", &format!("{link}x")] {
        judge.see(unknown, get(&street, unknown).await, 404, Kind::Page).await;
    }
    let answers = format!("{link}/answers");
    let save = |fields: &[(&str, &str)]| street.form(&answers, fields);
    let good = [("csrf", csrf.as_str()), ("version", version.as_str()), ("answers[risks]", "x")];
    judge.see("no proof", send(save(&[("version", "0")])).await, 403, Kind::Page).await;
    let foreign = save(&good).header("sec-fetch-site", "cross-site");
    judge.see("from elsewhere", send(foreign).await, 403, Kind::Page).await;
    judge.see("saved", send(save(&good)).await, 303, Kind::Bare).await;
    let stale = judge
        .see(
            "stale",
            send(save(&[good[0], ("version", "0"), ("answers[risks]", "mine")])).await,
            409,
            Kind::Page,
        )
        .await;
    judge.must("what was typed is there", stale.body.contains("mine"));
    let plain = street.http.post(street.url(&answers)).header("content-type", "text/plain").body("x");
    judge.see("no form", send(plain).await, 415, Kind::Page).await;
    let huge =
        street.http.post(street.url(&answers)).header("content-type", "application/x-www-form-urlencoded");
    judge
        .see(
            "too large",
            send(huge.body(format!("a={}", "x".repeat(6 * 1024 * 1024)))).await,
            413,
            Kind::Page,
        )
        .await;
    let wrong = street.get(&link).await.field("version");
    let missing = [good[0], ("version", wrong.as_str()), ("answers[top_goals]", "")];
    judge
        .see("not complete", send(street.form(&format!("{link}/submit"), &missing)).await, 422, Kind::Page)
        .await;
    judge.see("read where one writes", get(&street, &answers).await, 405, Kind::Page).await;
    let asset = form.body.split("/assets/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    judge.see("an asset", get(&street, &format!("/assets/{asset}")).await, 200, Kind::Asset).await;
    judge.see("no asset", get(&street, "/assets/none.css").await, 404, Kind::Page).await;
    let health = judge.see("health", get(&street, "/health").await, 200, Kind::Bare).await;
    judge.must("health is ok", health.body == "ok");
    street.advance(31 * 86_400).await;
    let over = judge.see("expired", get(&street, &link).await, 410, Kind::Page).await;
    judge.must("it offers a new one", over.body.contains("/renew"));
    assert!(judge.0.is_empty(), "{}", judge.0.join("\n"));
}

#[tokio::test]
async fn the_console_answers_as_the_table_says() {
    let (street, mut judge) = (Street::open().await, Judge::default());
    // The bare address leads to the start page here.
    for route in ROUTES.iter().filter(|route| route.path != "/") {
        let parts = route.path.split('/').map(|part| if part.starts_with('{') { "d404404" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let what = format!("{:?} {}", route.method, route.path);
        let answer = match route.method {
            Method::Get => get(&street, &path).await,
            Method::Post => send(street.form(&path, &[])).await,
        };
        let status = answer.status().as_u16();
        let kind = if answer.status() == StatusCode::SEE_OTHER { Kind::Bare } else { Kind::Page };
        let is_open = route.path.starts_with("/sign-in") || route.path.starts_with("/logos");
        judge.must(&format!("{what} is {status} without a session"), is_open || status == 303);
        judge.see(&what, answer, status, kind).await;
    }
    let asking = judge.see("asking", get(&street, "/sign-in").await, 200, Kind::Page).await;
    let cookie = asking.headers["set-cookie"].to_str().unwrap().to_owned();
    for flag in ["HttpOnly", "SameSite="] {
        judge.must(&format!("the cookie is {flag}: {cookie}"), cookie.contains(flag));
    }
    let admin = street.sign_in("admin@example.com").await;
    let page = admin.get("/accounts/d404404").await;
    judge.must("an account of nobody is 404", page.status == StatusCode::NOT_FOUND);
    judge.see("nowhere", get(&street, "/nowhere").await, 404, Kind::Page).await;
    judge
        .see("a wrong method", send(street.http.delete(street.url("/accounts"))).await, 405, Kind::Page)
        .await;
    assert!(judge.0.is_empty(), "{}", judge.0.join("\n"));
}
