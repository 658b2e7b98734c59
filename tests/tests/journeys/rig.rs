//! The rig: a local run of its own for each journey, spoken to over HTTP only. With `HANDOFF_STREET` in the environment
//! the journeys go to the street at that address instead, one after the other: a deployed stack, for example.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use handoff_local::{Options, Running, start};
use handoff_runtime::Environment;
use reqwest::{Client, Response, StatusCode};
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;

/// The secret that signs webhooks in the local run.
pub const SECRET: &str = "local-client-secret";
/// The portal of the local run.
pub const PORTAL: u64 = 62_515;

/// Deal ids of the built-in CRM, by what is special about them.
pub mod deal {
    /// Twenty-five activities that answer every question.
    pub const RICH: &str = "31200418901";
}

/// A running system.
pub struct Street {
    running: Option<Running>,
    /// Whether nothing is done but by request.
    stepped: bool,
    /// Where it is reached.
    pub base: String,
    /// Its public origin, as links and signatures say it.
    pub public: String,
    pub http: Client,
}

/// A page with its status.
pub struct Page {
    pub status: StatusCode,
    pub location: Option<String>,
    pub html: String,
}

impl Street {
    pub async fn open() -> Self {
        match Environment::from_process().get("HANDOFF_STREET") {
            Some(address) => Self::visit(address.to_owned()).await,
            None => Self::open_with(Options::for_tests()).await,
        }
    }

    pub async fn open_with(options: Options) -> Self {
        let stepped = options.stepped;
        let running = start(options).await.unwrap();
        let (base, public) = (running.own_url.clone(), running.base_url.clone());
        Self { running: Some(running), stepped, base, public, http: client() }
    }

    /// The street that runs at `base`, emptied of what other journeys left there.
    async fn visit(base: String) -> Self {
        let street = Self { running: None, stepped: false, public: base.clone(), base, http: client() };
        let emptied = street.post_json("/local/forget", &json!({})).await;
        assert!(emptied.status().is_success(), "{}", emptied.status());
        let told = street.json("/local/base").await;
        Self { public: told["base_url"].as_str().unwrap().to_owned(), ..street }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub async fn json(&self, path: &str) -> Value {
        self.http.get(self.url(path)).send().await.unwrap().json().await.unwrap()
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.url(path)).json(body).send().await.unwrap()
    }

    /// The id of a sample deal whose story begins with these words.
    pub async fn deal(&self, story: &str) -> String {
        let deals = self.json("/local/deals").await;
        let deal =
            deals.as_array().unwrap().iter().find(|deal| deal["story"].as_str().unwrap().starts_with(story));
        deal.unwrap_or_else(|| panic!("no sample deal {story}"))["id"].as_str().unwrap().to_owned()
    }

    /// Closes a sample deal as a person at HubSpot would, and waits until everything asked for is done.
    pub async fn close(&self, deal: &str) {
        let closed = self.post_json(&format!("/local/deals/{deal}/close"), &json!({})).await;
        assert!(closed.status().is_success() || closed.status().is_redirection(), "{}", closed.status());
        self.settle().await;
    }

    /// Waits until no message, stream record or owed mail is left that moves by itself.
    pub async fn settle(&self) {
        if self.stepped {
            return self.step_through().await;
        }
        // A deployed stack waits as long as its queues say before it tries again.
        let patience = if self.running.is_some() { 600 } else { 3000 };
        for _ in 0..patience {
            let queues = self.json("/local/queues").await;
            if queues["pending"] == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("still busy: {}", self.json("/local/queues").await);
    }

    /// The same where nothing moves by itself: takes every step that there is, and waits for those that come later.
    async fn step_through(&self) {
        for _ in 0..2000 {
            let step: Value = self.post_json("/local/step", &json!({})).await.json().await.unwrap();
            if !step["did"].is_null() {
                continue;
            }
            let queues = self.json("/local/queues").await;
            let left = |queue: &Value| queue["waiting"] != 0 || queue["in_flight"] != 0;
            // What is owed and was not sent waits for its sweep.
            if !queues["queues"].as_array().unwrap().iter().any(left) {
                return;
            }
            self.advance(2).await;
        }
        panic!("still busy: {}", self.json("/local/queues").await);
    }

    /// Where the table answers without being counted or failing by request.
    pub fn table_url(&self) -> String {
        self.running.as_ref().map(|running| running.table_url.clone()).unwrap_or_default()
    }

    pub async fn now_ms(&self) -> i64 {
        let clock = self.json("/local/clock").await;
        clock["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }

    pub async fn advance(&self, seconds: i64) {
        let moved = self.post_json("/local/clock", &json!({ "advance_seconds": seconds })).await;
        assert!(moved.status().is_success(), "{}", moved.status());
    }

    pub async fn run_schedule(&self, name: &str) -> Value {
        let ran = self.post_json(&format!("/local/schedules/{name}/run"), &json!({})).await;
        assert!(ran.status().is_success(), "{}", ran.status());
        ran.json().await.unwrap()
    }

    pub async fn faults(&self, faults: Value) {
        let set = self.post_json("/local/faults", &faults).await;
        assert!(set.status().is_success(), "{}", set.text().await.unwrap());
    }

    /// Posts a signed app delivery.
    pub async fn deliver(&self, events: &Value) -> StatusCode {
        self.deliver_raw(&events.to_string()).await
    }

    pub async fn deliver_raw(&self, body: &str) -> StatusCode {
        let timestamp = self.now_ms().await.to_string();
        let signature = sign_v3("POST", &format!("{}/webhooks/hubspot", self.public), body, &timestamp);
        let call = self
            .http
            .post(self.url("/webhooks/hubspot"))
            .header("content-type", "application/json")
            .body(body.to_owned());
        call.header("x-hubspot-signature-v3", signature)
            .header("x-hubspot-request-timestamp", timestamp)
            .send()
            .await
            .unwrap()
            .status()
    }

    pub async fn mails(&self) -> Vec<Value> {
        self.json("/local/mail.json").await.as_array().unwrap().clone()
    }

    pub async fn mails_of(&self, kind: &str) -> Vec<Value> {
        self.mails().await.into_iter().filter(|mail| mail["kind"] == kind).collect()
    }

    /// The path of the link in the newest mail of this kind.
    pub async fn link(&self, kind: &str) -> String {
        let mail = self.mails_of(kind).await.pop().unwrap_or_else(|| panic!("no {kind}"));
        let text = mail["text"].as_str().unwrap();
        let from = text.find("/handoff/").unwrap_or_else(|| panic!("no link in {text}"));
        let path: String = text[from..].chars().take_while(|c| !c.is_whitespace()).collect();
        path.trim_end_matches(['.', ')', '>']).to_owned()
    }

    pub async fn items(&self, sort_key: &str) -> Vec<Value> {
        let table = self.json("/local/table.json").await;
        table.as_array().unwrap().iter().filter(|item| item["SK"]["S"] == sort_key).cloned().collect()
    }

    pub async fn get(&self, path: &str) -> Page {
        page(self.http.get(self.url(path)).send().await.unwrap()).await
    }

    /// Posts a form as a browser on the same origin does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        page(self.form(path, fields).send().await.unwrap()).await
    }

    /// Posts a form as the page's script does.
    pub async fn post_as_script(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, Value) {
        let answer = self.form(path, fields).header("accept", "application/json").send().await.unwrap();
        let status = answer.status();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let mut url = reqwest::Url::parse("http://form.test").unwrap();
        url.query_pairs_mut().extend_pairs(fields);
        let call = self.http.post(self.url(path)).header("origin", &self.public);
        call.header("content-type", "application/x-www-form-urlencoded")
            .body(url.query().unwrap_or_default().to_owned())
    }

    /// The AE accepts everything and chooses this CSM, as the page offers it now.
    pub async fn submit(&self, link: &str, csm: &str, more: &[(&str, &str)]) -> Page {
        let form = self.get(link).await;
        assert_eq!(form.status, StatusCode::OK, "{}", form.html);
        let (csrf, version) = (form.field("csrf"), form.field("version"));
        let mut fields = vec![("csrf", csrf.as_str()), ("version", version.as_str()), ("csm", csm)];
        fields.extend_from_slice(more);
        self.post(&format!("{link}/submit"), &fields).await
    }
}

/// A browser that is signed in to the console.
pub struct SignedIn<'a> {
    street: &'a Street,
    pub cookies: String,
}

impl SignedIn<'_> {
    pub async fn get(&self, path: &str) -> Page {
        let call = self.street.http.get(self.street.url(path)).header("cookie", &self.cookies);
        page(call.send().await.unwrap()).await
    }

    /// Posts with the proof of the page at `from`.
    pub async fn post(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(from).await.field("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        // What was just written is what is read next.
        page(self.street.form(path, &all).header("cookie", &self.cookies).send().await.unwrap()).await
    }
}

impl Street {
    /// Signs in as the person with this address, by the mailed link.
    pub async fn sign_in(&self, email: &str) -> SignedIn<'_> {
        let asking = self.http.get(self.url("/sign-in")).send().await.unwrap();
        let browser = cookies(&asking);
        let csrf = page(asking).await.field("csrf");
        let ask = self.form("/sign-in", &[("csrf", &csrf), ("email", email), ("then", "/accounts")]);
        ask.header("cookie", &browser).send().await.unwrap();
        self.settle().await;
        let mail = self.mails_of("sign_in").await.pop().unwrap();
        let text = mail["text"].as_str().unwrap();
        let at = text.find("/sign-in/").unwrap();
        let link: String = text[at..].chars().take_while(|c| !c.is_whitespace()).collect();
        let shown = self.http.get(self.url(&link)).header("cookie", &browser).send().await.unwrap();
        let csrf = page(shown).await.field("csrf");
        let entered = self.form(&link, &[("csrf", &csrf)]).header("cookie", &browser).send().await.unwrap();
        assert_eq!(entered.status(), StatusCode::SEE_OTHER);
        let fresh = if self.public.starts_with("https") { "__Host-fresh=1" } else { "fresh=1" };
        SignedIn { street: self, cookies: format!("{}; {fresh}", cookies(&entered)) }
    }
}

fn cookies(answer: &Response) -> String {
    let set = answer.headers().get_all("set-cookie").into_iter();
    let pairs = set.filter_map(|line| line.to_str().ok()?.split(';').next().map(str::to_owned));
    pairs.collect::<Vec<_>>().join("; ")
}

impl Page {
    /// The value of the first input of this name.
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\"");
        let at = self.html.find(&mark).unwrap_or_else(|| panic!("no field {name} in {}", self.html));
        let tag_from = self.html[..at].rfind('<').unwrap();
        let tag_to = at + self.html[at..].find('>').unwrap();
        let tag = &self.html[tag_from..tag_to];
        let value = tag.find("value=\"").unwrap_or_else(|| panic!("no value in {tag}")) + 7;
        tag[value..value + tag[value..].find('"').unwrap()].to_owned()
    }
}

fn client() -> Client {
    handoff_runtime::tls();
    Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn page(answer: Response) -> Page {
    let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
    Page { status: answer.status(), location, html: answer.text().await.unwrap() }
}

pub fn sign_v3(method: &str, url: &str, body: &str, timestamp: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{method}{url}{body}{timestamp}").as_bytes()))
}

/// One event in the classic form: the deal entered the default won stage.
pub fn won(deal: &str) -> Value {
    json!({
        "eventId": 1, "subscriptionId": 2, "portalId": PORTAL, "appId": 3, "occurredAt": 1_700_000_000_000_i64,
        "subscriptionType": "deal.propertyChange", "attemptNumber": 0, "objectId": deal.parse::<u64>().unwrap(),
        "propertyName": "dealstage", "propertyValue": "closedwon", "changeSource": "CRM"
    })
}

/// The same in the generic form.
pub fn won_generic(deal: &str) -> Value {
    json!({
        "eventId": 9, "portalId": PORTAL, "occurredAt": 1_700_000_000_000_i64, "objectTypeId": "0-3",
        "subscriptionType": "object.propertyChange", "objectId": deal.parse::<u64>().unwrap(),
        "propertyName": "hs_is_closed_won", "propertyValue": "true"
    })
}
