//! The local run from outside, over HTTP, as tests and people use it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use handoff_local::{DataDir, Options, Running, StartError, start};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

struct Run {
    running: Running,
    client: Client,
}

async fn run(options: Options) -> Run {
    let running = start(options).await.unwrap();
    let roots = rustls::RootCertStore::empty();
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let client = Client::builder().tls_backend_preconfigured(tls).redirect(reqwest::redirect::Policy::none());
    Run { running, client: client.build().unwrap() }
}

impl Run {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.own_url)
    }

    async fn get(&self, path: &str) -> Value {
        self.client.get(self.url(path)).send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, String) {
        let response = self.client.post(self.url(path)).json(body).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn settled(&self) -> Value {
        for _ in 0..400 {
            let queues = self.get("/local/queues").await;
            if queues["pending"] == 0 {
                return queues;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("still pending: {}", self.get("/local/queues").await);
    }

    async fn first_deal(&self) -> String {
        self.get("/local/deals").await[0]["id"].as_str().unwrap().to_owned()
    }
}

fn kept(path: &std::path::Path) -> Options {
    Options { data_dir: DataDir::Path(path.to_owned()), ..Options::for_tests() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_sample_deal_becomes_a_handoff_and_a_mail_to_its_ae() {
    let run = run(Options::for_tests()).await;
    let deal = run.first_deal().await;
    let (status, body) = run.post(&format!("/local/deals/{deal}/close"), &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(run.settled().await["dead"], 0);
    let mails = run.get("/local/mail.json").await;
    assert_eq!(mails[0]["kind"], "handoff_invitation");
    assert_eq!(mails[0]["account_id"], format!("d{deal}"));
    let link = format!("{}/handoff/", run.running.base_url);
    assert!(
        mails[0]["text"].as_str().unwrap().contains(&link)
            && mails[0]["html"].as_str().unwrap().contains(&link)
    );
    let calls = run.get("/local/calls.json").await;
    assert!(calls["aws_calls"].as_u64().unwrap() > 3 && calls["write_units"].as_f64().unwrap() > 0.0);
    run.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_answer_without_script_and_forms_lead_back() {
    let run = run(Options::for_tests()).await;
    let page = run.client.get(run.url("/local")).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    let page = page.text().await.unwrap();
    assert!(page.contains("Close a deal") && !page.contains("<script"));
    let root = run.client.get(run.url("/")).send().await.unwrap();
    assert_eq!(
        (root.status(), &root.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/local".parse().unwrap())
    );
    let form = |path: &str, body: &'static str| {
        let post = run.client.post(run.url(path)).header("accept", "text/html");
        post.header("content-type", "application/x-www-form-urlencoded").body(body)
    };
    let before = run.get("/local/clock").await["now"].as_str().unwrap().to_owned();
    let moved = form("/local/clock", "advance_seconds=86400").send().await.unwrap();
    assert_eq!(moved.status(), StatusCode::SEE_OTHER);
    assert!(run.get("/local/clock").await["now"].as_str().unwrap() > before.as_str());
    let deal = run.first_deal().await;
    let closed = form(&format!("/local/deals/{deal}/close"), "").send().await.unwrap();
    assert_eq!(closed.status(), StatusCode::SEE_OTHER);
    run.settled().await;
    let mail = run.get("/local/mail.json").await[0]["id"].as_str().unwrap().to_owned();
    let one = run.client.get(run.url(&format!("/local/mail/{mail}"))).send().await.unwrap();
    assert!(one.text().await.unwrap().contains("sandbox="));
    let html = run.client.get(run.url(&format!("/local/mail/{mail}/html"))).send().await.unwrap();
    assert!(html.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn levers_refuse_what_they_cannot_do() {
    let run = run(Options::for_tests()).await;
    for body in [json!({"advance_seconds": -1}), json!({"advance_seconds": "x"}), json!({})] {
        assert_eq!(run.post("/local/clock", &body).await.0, StatusCode::BAD_REQUEST);
    }
    assert_eq!(run.post("/local/deals/1/close", &json!({})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(run.post("/local/schedules/no-such/run", &json!({})).await.0, StatusCode::NOT_FOUND);
    for schedule in ["outbox-sweep", "reminder-sweep", "analytics-rollup", "deal-reconciliation"] {
        assert_eq!(run.post(&format!("/local/schedules/{schedule}/run"), &json!({})).await.0, StatusCode::OK);
    }
    assert_eq!(
        run.post("/local/faults", &json!([{"service": "s3", "mode": "error"}])).await.0,
        StatusCode::BAD_REQUEST
    );
    for (name, value) in [("host", "handoff.example.com"), ("x-forwarded-for", "192.0.2.1")] {
        let tunnelled = run.client.get(run.url("/local/mail.json")).header(name, value).send().await.unwrap();
        assert_eq!(tunnelled.status(), StatusCode::NOT_FOUND, "{name}");
    }
    let foreign =
        run.client.post(run.url("/local/calls/reset")).header("origin", "https://evil.test").send().await;
    assert_eq!(foreign.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hubspot_down_is_waited_out() {
    let run = run(Options::for_tests()).await;
    let fault = json!([{"service": "hubspot", "mode": "error", "probability": 1, "seed": 3}]);
    assert_eq!(run.post("/local/faults", &fault).await.0, StatusCode::OK);
    let deal = run.first_deal().await;
    run.post(&format!("/local/deals/{deal}/close"), &json!({})).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(run.get("/local/mail.json").await, json!([]));
    assert_ne!(run.get("/local/queues").await["pending"], 0);
    run.post("/local/faults", &json!([])).await;
    run.settled().await;
    assert_eq!(run.get("/local/mail.json").await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_keeps_everything_and_two_runs_do_not_share_a_directory() {
    let path = std::env::temp_dir().join(format!("handoff-run-{}", uuid::Uuid::new_v4()));
    let first = run(kept(&path)).await;
    let deal = first.first_deal().await;
    first.post(&format!("/local/deals/{deal}/close"), &json!({})).await;
    first.settled().await;
    first.post("/local/clock", &json!({"advance_seconds": 7200})).await;
    assert!(matches!(start(kept(&path)).await, Err(StartError::InUse)));
    let (mails, items) = (first.get("/local/mail.json").await, first.get("/local/table.json").await);
    let now = first.get("/local/clock").await["now"].as_str().unwrap().to_owned();
    first.running.shutdown().await;

    let second = run(kept(&path)).await;
    assert_eq!(second.get("/local/mail.json").await, mails);
    assert_eq!(
        second.get("/local/table.json").await.as_array().unwrap().len(),
        items.as_array().unwrap().len()
    );
    assert!(second.get("/local/clock").await["now"].as_str().unwrap() >= now.as_str());
    let deals = second.get("/local/deals").await;
    assert!(deals.as_array().unwrap().iter().any(|one| one["id"] == *deal && one["is_won"] == true));
    second.settled().await;
    assert_eq!(second.get("/local/mail.json").await, mails, "nothing is sent again");
    second.running.shutdown().await;
    std::fs::remove_dir_all(path).unwrap();
}
