//! Two organizations in a table of their own, the router over it, browsers that keep cookies, and a count of calls.

use crate::{Deps, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use handoff_domain::email::EmailAddress;
use handoff_domain::id::{MemberId, OrganizationId, PortalId};
use handoff_domain::organization::Organization;
use handoff_domain::outbox::MailContent;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_domain::sign_in::{Session, SessionToken};
use handoff_hubspot::{HubSpot, HubSpotConfig};
use handoff_queue::Queue;
use handoff_runtime::Clock;
use handoff_store::{Consistency, Store};
use handoff_testing::{TestTable, fixtures, table};
use http_body_util::BodyExt as _;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

pub(super) const BASE: &str = "https://handoff.test";

/// The organization of the fixtures: `cora` and `sam` are CSMs, `admin` is the admin, `ana` an AE.
pub(super) const OURS: u64 = 62515;
/// Another one, with `cora@northwind.test` as an admin among its people.
pub(super) const THEIRS: u64 = 77;

pub(super) struct Harness {
    pub(super) table: TestTable,
    pub(super) router: Router,
    /// What was sent to the drafting queue.
    pub(super) queued: Arc<Mutex<Vec<String>>>,
    ahead_ms: Arc<AtomicI64>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The value of the first field of this name on the page.
    pub(super) fn field(&self, name: &str) -> String {
        let (_, rest) = self.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_default();
        rest.split('"').next().unwrap().to_owned()
    }
}

fn ae() -> Member {
    Member { roles: vec![Role::Ae], ..fixtures::csm("ana", "Ana Ellis", &[], 0) }
}

impl Harness {
    pub(super) async fn start() -> Self {
        let table = table().await;
        let mut roster = fixtures::roster();
        roster.members.push(ae());
        make(&table.store, fixtures::organization(), roster).await;
        let admin = EmailAddress::parse("cora@northwind.test").unwrap();
        let theirs = Organization::new(PortalId(THEIRS), "Contoso".into(), admin.clone(), fixtures::now());
        let mut boss = fixtures::csm("boss", "Cora L.", &[], 0);
        boss.roles = vec![Role::Admin];
        let mut other = fixtures::csm("zoe", "Zoe Young", &[], 3);
        other.email = EmailAddress::parse("zoe@contoso.test").unwrap();
        boss.email = admin;
        make(&table.store, theirs, Roster { members: vec![boss, other], revision: 0 }).await;
        let ahead = fixtures::now().as_millisecond() - Clock::system().now().as_millisecond();
        let ahead_ms = Arc::new(AtomicI64::new(ahead));
        let queued = Arc::new(Mutex::new(Vec::new()));
        let queue_url = queue(queued.clone()).await;
        let queue_config = table.config.clone().into_builder().endpoint_url(&queue_url).build();
        let deps = Deps {
            store: Store::new(&table.config, handoff_testing::table::TABLE),
            queue: Queue::new(&queue_config, format!("{queue_url}/1/drafting")),
            dead_letters: Vec::new(),
            hubspot: HubSpot::new(HubSpotConfig::new(hubspot().await, "token")).unwrap(),
            poster: handoff_research::Poster::new().unwrap(),
            link_keys: fixtures::link_key().into(),
            base_url: BASE.to_owned(),
            clock: Clock::shifted(ahead_ms.clone()),
        };
        Self { router: router(deps), table, queued, ahead_ms }
    }

    pub(super) fn advance_minutes(&self, minutes: i64) {
        self.ahead_ms.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        Browser { harness: self, cookies: BTreeMap::new() }
    }

    /// A browser in which this person of this organization is signed in.
    pub(super) async fn signed_in(&self, portal: u64, member: &str) -> Browser<'_> {
        let organization = PortalId(portal).organization();
        let roster = self.roster(&organization).await;
        let token = SessionToken::from_random(organization, rand::random());
        let member = roster.find(&MemberId::parse(member).unwrap()).unwrap();
        let now = Clock::shifted(self.ahead_ms.clone()).now();
        self.table.store.put_session(&Session::begin(&token, member, now)).await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("__Host-s".to_owned(), token.reveal());
        browser
    }

    pub(super) async fn roster(&self, organization: &OrganizationId) -> Roster {
        let found = self.table.store.get_organizations(std::slice::from_ref(organization)).await.unwrap();
        found.into_iter().next().unwrap().1
    }

    /// Changes the roster behind the function's back.
    pub(super) async fn change_roster(&self, portal: u64, change: impl FnOnce(&mut Vec<Member>)) {
        let organization = PortalId(portal).organization();
        let before = self.roster(&organization).await;
        let mut after = before.clone();
        change(&mut after.members);
        let audit = handoff_domain::audit::AuditEntry {
            at: fixtures::now(),
            id: handoff_domain::id::AuditId::parse(format!("roster-{}", before.revision)).unwrap(),
            member: MemberId::parse("admin").unwrap(),
            by: "Test".to_owned(),
            change: handoff_domain::audit::SettingsChange::RosterImported { added: 0, changed: 0 },
            fields: Vec::new(),
        };
        assert!(self.table.store.save_roster(&organization, &before, &after, None, &audit).await.unwrap());
    }

    /// The paths of the sign-in links that are owed, oldest first, with their addressees.
    pub(super) async fn links(&self) -> Vec<(String, String)> {
        let mut links = Vec::new();
        for portal in [OURS, THEIRS] {
            let organization = PortalId(portal).organization();
            let far = handoff_domain::Timestamp::MAX;
            let mut entries = self.table.store.list_owed(&organization, far, 100).await.unwrap();
            entries.sort_by_key(|entry| entry.key.owed_at);
            for mail in entries.into_iter().flat_map(|entry| entry.mails) {
                if let MailContent::SignIn(link) = mail.content {
                    let keys: handoff_domain::link::LinkKeys = fixtures::link_key().into();
                    let token = keys.find_sign_in(&link.id, &link.hash).unwrap().reveal();
                    links.push((mail.to.as_str().to_owned(), format!("/sign-in/{token}")));
                }
            }
        }
        links
    }

    pub(super) async fn strong_session(&self, token: &SessionToken) -> bool {
        self.table.store.get_visit(token, Consistency::Strong).await.unwrap().is_some()
    }
}

async fn make(store: &Store, organization: Organization, roster: Roster) {
    let (questions, template) = (QuestionSet::first(), Template::first());
    let made = store.create_organization(&organization, &questions, &roster, &template);
    assert!(made.await.unwrap());
}

/// A browser: it keeps cookies and sends what a browser would.
#[derive(Clone)]
pub(super) struct Browser<'a> {
    pub(super) harness: &'a Harness,
    pub(super) cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    pub(super) async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let body = body.map(|body| ("application/x-www-form-urlencoded", body.into_bytes()));
        self.send_as(method, path, body).await
    }

    /// A request with a body of any type.
    pub(super) async fn send_as(
        &mut self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header("accept", "text/html");
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some((content_type, _)) = &body {
            request = request
                .header("content-type", *content_type)
                .header("origin", BASE)
                .header("sec-fetch-site", "same-origin");
        }
        let request = request.body(body.map_or(Body::empty(), |(_, body)| Body::from(body))).unwrap();
        let response = self.harness.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all("set-cookie") {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// A post without any proof of its own.
    pub(super) async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body)).await
    }

    /// A post with the proof of the session.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let keys: handoff_domain::link::LinkKeys = fixtures::link_key().into();
        let csrf = self.token().map_or_else(String::new, |token| keys.session_csrf(&token));
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post_raw(path, &all).await
    }

    pub(super) fn token(&self) -> Option<SessionToken> {
        SessionToken::parse(self.cookies.get("__Host-s")?).ok()
    }

    /// Asks for a link as the page does.
    pub(super) async fn ask(&mut self, email: &str, then: &str) -> Answer {
        let page = self.get("/sign-in").await;
        let csrf = page.field("csrf");
        self.post_raw("/sign-in", &[("csrf", &csrf), ("email", email), ("then", then)]).await
    }

    /// Opens a link and presses its button.
    pub(super) async fn enter(&mut self, link: &str) -> Answer {
        let page = self.get(link).await;
        let csrf = page.field("csrf");
        self.post_raw(link, &[("csrf", &csrf)]).await
    }
}

/// A portal with three owners: one whom the roster knows, one whom it does not, and a queue.
async fn hubspot() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let owners = serde_json::json!({"results": [
        {"id": "1", "firstName": "Ana", "lastName": "Ellis", "email": "ana@northwind.test", "type": "PERSON"},
        {"id": "2", "firstName": "New", "lastName": "Nora", "email": "Nora@northwind.test", "type": "PERSON"},
        {"id": "3", "firstName": "Leads", "type": "QUEUE"},
    ]});
    let app = Router::new()
        .route("/crm/owners/{version}", axum::routing::get(move || async move { axum::Json(owners) }));
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
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
