//! One handoff in a table of its own, the router over it, a queue that remembers, and a count of calls.

use crate::{Deps, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::Handoff;
use handoff_domain::link::LinkToken;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_queue::Queue;
use handoff_runtime::Clock;
use handoff_store::Store;
use handoff_testing::{TestTable, fixtures, table};
use http_body_util::BodyExt as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

pub(super) const BASE: &str = "https://handoff.test";

pub(super) struct Harness {
    pub(super) table: TestTable,
    pub(super) router: Router,
    pub(super) token: LinkToken,
    pub(super) queued: Arc<Mutex<Vec<String>>>,
    street: Arc<Street>,
    ahead_ms: Arc<AtomicI64>,
}

/// The way to the table: what passed, and what befalls it.
#[derive(Default)]
struct Street {
    calls: AtomicUsize,
    lose_answer: AtomicBool,
    meanwhile: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Harness {
    /// With drafts that answer every question, or none.
    pub(super) async fn start(drafted: Option<&str>) -> Self {
        Self::with(drafted, true, |_| {}).await
    }

    pub(super) async fn with(
        drafted: Option<&str>,
        queue_up: bool,
        change: impl FnOnce(&mut Handoff),
    ) -> Self {
        Self::over(fixtures::drafts("run-1", drafted), queue_up, change).await
    }

    /// With conflicts, promises and all else that a run can find.
    pub(super) async fn with_findings(drafted: Option<&str>) -> Self {
        Self::over(fixtures::drafts_with_findings("run-1", drafted), true, |_| {}).await
    }

    async fn over(drafts: Drafts, queue_up: bool, change: impl FnOnce(&mut Handoff)) -> Self {
        let table = table().await;
        let mut handoff = fixtures::handoff();
        change(&mut handoff);
        let made = (fixtures::organization(), QuestionSet::first(), fixtures::roster(), Template::first());
        assert!(table.store.create_organization(&made.0, &made.1, &made.2, &made.3).await.unwrap());
        table.store.create_handoff(&handoff).await.unwrap();
        let sources = [fixtures::source(), fixtures::rollout_mail()];
        let kept = table.store.keep_drafts(&handoff, &handoff, &drafts, &sources, &[], &[]).await;
        assert!(kept.unwrap());
        let (street, queued) = (Arc::new(Street::default()), Arc::new(Mutex::new(Vec::new())));
        let counted = pass_on(table.config.endpoint_url().unwrap(), street.clone()).await;
        let config = table.config.clone().into_builder().endpoint_url(counted).build();
        let queue_url = if queue_up { queue(queued.clone()).await } else { "http://127.0.0.1:9".to_owned() };
        let queue_config = table.config.clone().into_builder().endpoint_url(&queue_url).build();
        let ahead = fixtures::now().as_millisecond() - Clock::system().now().as_millisecond();
        let ahead_ms = Arc::new(AtomicI64::new(ahead));
        let deps = Deps {
            store: Store::new(&config, handoff_testing::table::TABLE),
            queue: Queue::new(&queue_config, format!("{queue_url}/1/drafting")),
            link_keys: fixtures::link_key().into(),
            base_url: BASE.to_owned(),
            clock: Clock::shifted(ahead_ms.clone()),
        };
        let token = fixtures::link_key().handoff_token(&handoff.organization, &handoff.id, 1);
        Self { router: router(deps), table, token, queued, street, ahead_ms }
    }

    pub(super) fn advance_days(&self, days: i64) {
        self.advance_minutes(days * 24 * 60);
    }

    pub(super) fn advance_minutes(&self, minutes: i64) {
        self.ahead_ms.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// The table will do what it is asked next, but its answer will not arrive.
    pub(super) fn lose_next_answer(&self) {
        self.street.lose_answer.store(true, Ordering::Relaxed);
    }

    /// Just before the next transaction reaches the table, this happens to it.
    pub(super) fn before_the_next_transaction(&self, meanwhile: impl Future<Output = ()> + Send + 'static) {
        *self.street.meanwhile.lock().unwrap() = Some(Box::pin(meanwhile));
    }

    /// Calls to the table since this was asked last.
    pub(super) fn calls(&self) -> usize {
        self.street.calls.swap(0, Ordering::Relaxed)
    }

    pub(super) fn path(&self, rest: &str) -> String {
        format!("/handoff/{}{rest}", self.token.reveal())
    }

    pub(super) async fn request(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn get(&self, rest: &str) -> Answer {
        self.request(Request::get(self.path(rest)).body(Body::empty()).unwrap()).await
    }

    /// A read after a write, as the same browser would make it.
    pub(super) async fn get_fresh(&self) -> Answer {
        let request = Request::get(self.path("")).header("cookie", "__Host-fresh=1");
        self.request(request.body(Body::empty()).unwrap()).await
    }

    /// A post of the page, with its proof.
    pub(super) async fn post(&self, rest: &str, fields: &[(&str, &str)], json: bool) -> Answer {
        let csrf = fixtures::link_key().csrf(&self.token);
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf", &csrf)
            .extend_pairs(fields)
            .finish();
        let accept = if json { "application/json" } else { "text/html" };
        let request = Request::post(self.path(rest))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", accept)
            .header("origin", "null")
            .header("sec-fetch-site", "same-origin");
        self.request(request.body(Body::from(body)).unwrap()).await
    }

    /// The kinds of the mails that are owed.
    pub(super) async fn owed(&self) -> Vec<&'static str> {
        let far = handoff_domain::Timestamp::MAX;
        let entries = self.table.store.list_owed(&self.token.organization, far, 100).await.unwrap();
        entries.iter().flat_map(|entry| &entry.mails).map(|mail| mail.content.kind()).collect()
    }

    pub(super) async fn stored(&self) -> Handoff {
        let (organization, account) = (&self.token.organization, &self.token.account);
        let strong = handoff_store::Consistency::Strong;
        self.table.store.get_handoff_page(organization, account, strong).await.unwrap().unwrap().handoff
    }
}

/// Passes bytes on to `endpoint` and counts the requests among them.
async fn pass_on(endpoint: &str, street: Arc<Street>) -> String {
    let target = endpoint.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&target).await.unwrap();
            let street = street.clone();
            let back = street.clone();
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move {
                let mut chunk = vec![0; 64 * 1024];
                while let Ok(read @ 1..) = from_server.read(&mut chunk).await {
                    let lost = back.lose_answer.swap(false, Ordering::Relaxed);
                    if lost || to_client.write_all(&chunk[..read]).await.is_err() {
                        break;
                    }
                }
            });
            tokio::spawn(async move {
                let mut chunk = vec![0; 64 * 1024];
                while let Ok(read @ 1..) = from_client.read(&mut chunk).await {
                    let text = String::from_utf8_lossy(&chunk[..read]).to_lowercase();
                    street
                        .calls
                        .fetch_add(text.matches("x-amz-target: dynamodb_").count(), Ordering::Relaxed);
                    let meanwhile =
                        street.meanwhile.lock().unwrap().take_if(|_| text.contains(".transactwriteitems"));
                    if let Some(meanwhile) = meanwhile {
                        meanwhile.await;
                    }
                    if to_server.write_all(&chunk[..read]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    url
}

/// A queue that takes everything and remembers it.
async fn queue(queued: Arc<Mutex<Vec<String>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut text = String::new();
            let mut chunk = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = client.read(&mut chunk).await {
                text.push_str(&String::from_utf8_lossy(&chunk[..read]));
                if text.ends_with('}') {
                    break;
                }
            }
            queued.lock().unwrap().push(text);
            let body = r#"{"MessageId":"m","MD5OfMessageBody":"0"}"#;
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close\r\ncontent-length";
            let _ = client.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
        }
    });
    url
}
