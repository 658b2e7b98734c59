//! One street that takes each step when asked, and the people in front of it, who try again when they get no answer.

use crate::rig::{Page, Street};
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_local::Options;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How often a person tries what gets no answer.
const PATIENCE: usize = 12;
pub const ADMIN: &str = "admin@example.com";
const REQUIRED: [&str; 3] = ["primary_use_case", "top_goals", "stakeholders"];

/// What must be true in the end, as the people were told it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The deal is won.
    pub won: bool,
    /// Its webhook was answered 2xx, or the walk was told to look.
    pub told: bool,
    /// What the AE saved last, and was told that it is saved.
    pub saved: Option<String>,
    /// What was submitted last: the text, and to whom.
    pub submitted: Option<(String, String)>,
    /// Submits that were answered.
    pub submits: usize,
    /// Times that the account changed hands.
    pub assignments: u32,
    /// Who has it.
    pub csm: Option<String>,
    pub skipped: bool,
}

pub struct World {
    pub street: Street,
    admin: String,
    pub known: BTreeMap<String, Known>,
    /// What was done, for whoever reads a failure.
    pub story: Vec<String>,
}

impl World {
    pub async fn new() -> Self {
        let options = Options { stepped: true, tells_other_tools: true, ..Options::for_tests() };
        let street = Street::open_with(options).await;
        let admin = street.sign_in(ADMIN).await.cookies.clone();
        Self { street, admin, known: BTreeMap::new(), story: Vec::new() }
    }

    pub async fn faults(&self, faults: Value) {
        self.street.faults(faults).await;
    }

    /// Lets everything end that moves by itself.
    pub async fn drain(&self) {
        self.street.settle().await;
    }

    /// A few turns only, so that what follows meets half-done work.
    pub async fn turns(&self, turns: usize) {
        for _ in 0..turns {
            self.street.post_json("/local/step", &json!({})).await;
        }
    }

    pub fn of(&mut self, deal: &str) -> &mut Known {
        self.known.entry(deal.to_owned()).or_default()
    }

    /// The answer, unless it never came.
    async fn ask(&self, call: RequestBuilder) -> Option<Page> {
        let answer = call.send().await.ok()?;
        let (status, location) = (answer.status(), answer.headers().get("location").cloned());
        let location = location.map(|value| value.to_str().unwrap().to_owned());
        let html = answer.text().await.ok()?;
        (!status.is_server_error()).then_some(Page { status, location, html })
    }

    /// Asks until there is an answer.
    async fn insist(&self, make: impl Fn() -> RequestBuilder) -> Page {
        for _ in 0..PATIENCE {
            if let Some(page) = self.ask(make()).await {
                return page;
            }
        }
        panic!("no answer in {PATIENCE} tries; {:?}", self.story);
    }

    pub async fn handoff(&self, deal: &str) -> Option<Handoff> {
        let id = format!("d{deal}");
        self.handoffs().await.into_iter().find(|handoff| handoff.id.to_string() == id)
    }

    pub async fn handoffs(&self) -> Vec<Handoff> {
        let items = self.street.items("HANDOFF").await;
        let read = |item: Value| {
            serde_dynamo::from_item(serde_json::from_value::<serde_dynamo::Item>(item).unwrap()).unwrap()
        };
        items.into_iter().map(read).collect()
    }

    /// HubSpot tells until it gets a 2xx.
    pub async fn close(&mut self, deal: &str) {
        self.story.push(format!("close {deal}"));
        let path = format!("/local/deals/{deal}/close");
        for _ in 0..PATIENCE {
            let answer = self.street.post_json(&path, &json!({})).await;
            self.of(deal).won = true;
            if answer.status().is_success() {
                self.of(deal).told = true;
                return;
            }
        }
        panic!("nobody takes the webhook");
    }

    pub async fn close_in_silence(&mut self, deal: &str) {
        self.story.push(format!("close {deal} in silence"));
        self.street.post_json(&format!("/local/deals/{deal}/close"), &json!({ "silent": true })).await;
        let known = self.of(deal);
        (known.won, known.told) = (true, true);
    }

    pub async fn schedule(&mut self, name: &str) {
        self.story.push(name.to_owned());
        for _ in 0..PATIENCE {
            let path = format!("/local/schedules/{name}/run");
            if self.street.post_json(&path, &json!({})).await.status().is_success() {
                return;
            }
        }
        panic!("{name} never ends; {:?}", self.story);
    }

    pub async fn wait(&mut self, seconds: i64) {
        self.story.push(format!("wait {seconds} s"));
        self.street.advance(seconds).await;
    }

    /// The link in the newest mail about the account.
    pub async fn link(&self, deal: &str) -> Option<String> {
        let about = format!("d{deal}");
        let mails = self.street.mails().await;
        let newest =
            mails.iter().rev().find(|mail| mail["account_id"] == about.as_str() && link(mail).is_some());
        newest.and_then(link)
    }

    /// The AE opens the form; `None` when there is no mail yet, or nothing to fill in.
    async fn form(&self, deal: &str) -> Option<(String, Page)> {
        let link = self.link(deal).await?;
        let page = self.insist(|| self.street.http.get(self.street.url(&link))).await;
        let is_form = page.status == StatusCode::OK && page.html.contains("name=\"version\"");
        is_form.then_some((link, page))
    }

    pub async fn open(&mut self, deal: &str) {
        self.story.push(format!("open {deal}"));
        if let Some((link, page)) = self.form(deal).await {
            let (path, csrf) = (format!("{link}/opened"), page.field("csrf"));
            self.insist(|| self.street.form(&path, &[("csrf", &csrf)])).await;
        }
    }

    /// The AE types, and saves until it is said to be saved.
    pub async fn save(&mut self, deal: &str, words: &str) {
        self.story.push(format!("save {deal} {words}"));
        for _ in 0..PATIENCE {
            let Some((link, page)) = self.form(deal).await else { return };
            let (csrf, version, path) =
                (page.field("csrf"), page.field("version"), format!("{link}/answers"));
            let fields = [("csrf", csrf.as_str()), ("version", &version), ("answers[risks]", words)];
            let call = self.street.form(&path, &fields).header("accept", "application/json");
            if self.ask(call).await.is_some_and(|answer| answer.status == StatusCode::OK) {
                self.of(deal).saved = Some(words.to_owned());
                return;
            }
        }
        panic!("never saved; {:?}", self.story);
    }

    /// The AE hands over, and presses the button until there is an answer.
    pub async fn submit(&mut self, deal: &str, csm: &str, words: &str) {
        self.story.push(format!("submit {deal} to {csm}"));
        let Some((link, page)) = self.form(deal).await else { return };
        let before = self.handoff(deal).await.unwrap();
        let (csrf, version, path) = (page.field("csrf"), page.field("version"), format!("{link}/submit"));
        let names = REQUIRED.map(|id| format!("answers[{id}]"));
        let mut fields =
            vec![("csrf", csrf.as_str()), ("version", &version), ("csm", csm), ("answers[risks]", words)];
        fields.extend(names.iter().map(|name| (name.as_str(), "Known to the AE only.")));
        let answer = self.insist(|| self.street.form(&path, &fields)).await;
        let after = self.handoff(deal).await.unwrap();
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{:?} {}", self.story, answer.html);
        assert_eq!(after.state, HandoffState::Submitted, "answered, so done: {:?}", self.story);
        let known = self.of(deal);
        (known.submitted, known.submits) = (Some((words.to_owned(), csm.to_owned())), known.submits + 1);
        if before.assigned.as_ref().is_none_or(|assigned| assigned.csm.as_str() != csm) {
            known.assignments += 1;
            known.csm = Some(csm.to_owned());
        }
    }

    async fn signed_in_form(&self, from: &str, path: &str, fields: &[(&str, &str)]) -> Option<Page> {
        let street = &self.street;
        let page = self.ask(street.http.get(street.url(from)).header("cookie", &self.admin)).await?;
        assert_eq!(page.status, StatusCode::OK, "{from} {:?} {}", page.location, page.html);
        let csrf = page.field("csrf");
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.ask(street.form(path, &all).header("cookie", &self.admin)).await
    }

    /// Somebody signs in anew: sessions end while nobody looks.
    pub async fn sign_in(&mut self) {
        self.admin.clone_from(&self.street.sign_in(ADMIN).await.cookies);
    }

    /// An admin does something to an account until it is done.
    async fn administer(
        &mut self,
        deal: &str,
        step: (&str, &str),
        fields: &[(&str, &str)],
        done: fn(&Handoff, &Handoff) -> bool,
    ) -> bool {
        let (page, path) = (format!("/accounts/d{deal}{}", step.0), format!("/accounts/d{deal}{}", step.1));
        let Some(before) = self.handoff(deal).await else { return false };
        for _ in 0..PATIENCE {
            let answer = self.signed_in_form(&page, &path, fields).await;
            let after = self.handoff(deal).await.unwrap();
            if done(&before, &after) {
                return true;
            }
            // It was answered, and the answer is no.
            if answer.is_some() {
                return false;
            }
        }
        panic!("never done: {path}; {:?}", self.story);
    }

    pub async fn assign(&mut self, deal: &str, csm: &'static str) {
        self.story.push(format!("assign {deal} to {csm}"));
        let fields = [("csm", csm), ("reason", "They know the customer")];
        let more = |before: &Handoff, after: &Handoff| after.assignments > before.assignments;
        if self.administer(deal, ("/csm", "/csm"), &fields, more).await {
            let known = self.of(deal);
            known.assignments += 1;
            known.csm = Some(csm.to_owned());
        }
    }

    pub async fn give_back(&mut self, deal: &str) {
        self.story.push(format!("give {deal} back"));
        let fields = [("reason", "The goals are missing")];
        if self.administer(deal, ("", "/return"), &fields, |before, after| after.round > before.round).await {
            self.of(deal).submitted = None;
        }
    }

    pub async fn resend(&mut self, deal: &str) {
        self.story.push(format!("resend {deal}"));
        let generation = |handoff: &Handoff| handoff.link.as_ref().map_or(0, |link| link.generation);
        let Some(now) = self.handoff(deal).await.as_ref().map(generation) else { return };
        let seen = now.to_string();
        let fields = [("generation", seen.as_str())];
        self.administer(deal, ("", "/resend"), &fields, |before, after| {
            after.link.as_ref().map(|link| link.generation)
                != before.link.as_ref().map(|link| link.generation)
        })
        .await;
    }

    pub async fn skip(&mut self, deal: &str) {
        self.story.push(format!("skip {deal}"));
        let fields = [("reason", "A pilot only")];
        let skipped = |_: &Handoff, after: &Handoff| after.state == HandoffState::Skipped;
        if self.administer(deal, ("", "/skip"), &fields, skipped).await {
            self.of(deal).skipped = true;
        }
    }

    /// The AE of an expired link asks for a fresh one.
    pub async fn renew(&mut self, deal: &str) {
        self.story.push(format!("renew {deal}"));
        let Some(link) = self.link(deal).await else { return };
        let page = self.insist(|| self.street.http.get(self.street.url(&link))).await;
        if page.html.contains("/renew\"") {
            let (path, csrf) = (format!("{link}/renew"), page.field("csrf"));
            self.insist(|| self.street.form(&path, &[("csrf", &csrf)])).await;
        }
    }

    /// Everything that was broken works again, and all that runs by itself has run.
    pub async fn recover(&mut self) {
        self.faults(json!([])).await;
        self.drain().await;
        for _ in 0..3 {
            self.street.advance(700).await;
            self.street.run_schedule("outbox-sweep").await;
            self.street.run_schedule("deal-reconciliation").await;
            self.drain().await;
        }
        for _ in 0..8 {
            if self.street.run_schedule("analytics-rollup").await["facts"] == 0 {
                // What the count wrote passes by those who read the stream.
                return self.drain().await;
            }
        }
        panic!("never counted");
    }
}

/// The path of the form's link in a mail.
pub fn link(mail: &Value) -> Option<String> {
    let text = mail["text"].as_str()?;
    let from = text.find("/handoff/")?;
    let path: String = text[from..].chars().take_while(|c| !c.is_whitespace()).collect();
    Some(path.trim_end_matches(['.', ')', '>']).to_owned())
}
