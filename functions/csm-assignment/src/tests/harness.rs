//! Two organizations in a table of their own, the router over it, and browsers in which somebody is signed in.

use crate::{Deps, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use handoff_domain::draft::Drafts;
use handoff_domain::email::EmailAddress;
use handoff_domain::handoff::{Changes, CsmChoice, Handoff};
use handoff_domain::id::{AccountId, MemberId, OrganizationId, OutboxId, PortalId};
use handoff_domain::link::LinkKeys;
use handoff_domain::organization::Organization;
use handoff_domain::outbox::{OutboxEntry, OutboxKey, OwedMail};
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Loads, Member, Role, Roster};
use handoff_domain::sign_in::{Session, SessionToken};
use handoff_runtime::Clock;
use handoff_store::{AccountView, Choice, Consistency, Store};
use handoff_testing::{TestTable, fixtures, table};
use http_body_util::BodyExt as _;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tower::ServiceExt as _;

pub(super) const BASE: &str = "https://handoff.test";
/// The organization of the fixtures: `cora`, `sam` and `kim` are CSMs, `admin` is the admin.
pub(super) const OURS: u64 = 62515;
/// Another one, with an admin `boss` and a CSM `zoe`.
pub(super) const THEIRS: u64 = 77;

pub(super) struct Harness {
    pub(super) table: TestTable,
    router: Router,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// The people of the fixtures' organization.
pub(super) fn people() -> Roster {
    let mut roster = fixtures::roster();
    roster.members.push(fixtures::csm("kim", "Kim Adeyemi", &[], 2));
    roster
}

async fn make(store: &Store, organization: Organization, roster: Roster) {
    let (questions, template) = (QuestionSet::first(), Template::first());
    let made = store.create_organization(&organization, &questions, &roster, &template);
    assert!(made.await.unwrap());
}

pub(super) fn member(id: &str) -> MemberId {
    MemberId::parse(id).unwrap()
}

pub(super) fn chosen(csm: &str) -> CsmChoice {
    match csm {
        "" => CsmChoice::Placeholder { name: "Priya Nair".to_owned(), email: "priya@x.test".to_owned() },
        csm => CsmChoice::Member(member(csm)),
    }
}

/// The fixtures' handoff under another number.
pub(super) fn numbered(number: u32) -> Handoff {
    Handoff { id: AccountId::parse(format!("d{number}")).unwrap(), ..fixtures::handoff() }
}

pub(super) fn drafts() -> Drafts {
    fixtures::drafts("r1", Some("Cut no-shows"))
}

impl Harness {
    pub(super) async fn start() -> Self {
        let table = table().await;
        make(&table.store, fixtures::organization(), people()).await;
        let address = EmailAddress::parse("boss@contoso.test").unwrap();
        let theirs = Organization::new(PortalId(THEIRS), "Contoso".into(), address.clone(), fixtures::now());
        let boss =
            Member { roles: vec![Role::Admin], email: address, ..fixtures::csm("boss", "Bo Boss", &[], 0) };
        let other = fixtures::csm("zoe", "Zoe Young", &[], 3);
        make(&table.store, theirs, Roster { members: vec![boss, other], revision: 0 }).await;
        let ahead = fixtures::now().as_millisecond() - Clock::system().now().as_millisecond();
        let deps = Deps {
            store: table.store.clone(),
            link_keys: fixtures::link_key().into(),
            base_url: BASE.to_owned(),
            clock: Clock::shifted(Arc::new(AtomicI64::new(ahead))),
        };
        Self { router: router(deps), table }
    }

    /// The same with the account `d1001`, handed over to this CSM; to a placeholder where none is named.
    pub(super) async fn handed_over_to(csm: &str) -> Self {
        let harness = Self::start().await;
        harness.begin(&numbered(1001)).await;
        harness.submit(1001, csm).await;
        harness
    }

    pub(super) async fn begin(&self, handoff: &Handoff) {
        self.table.store.create_handoff(handoff).await.unwrap();
        let kept = self.table.store.keep_drafts(handoff, handoff, &drafts(), &[], &[], &[]).await;
        assert!(kept.unwrap());
    }

    pub(super) async fn submit(&self, number: u32, csm: &str) -> bool {
        let account = self.account(number).await;
        let before = account.handoff;
        let changes = Changes { csm: Some(Some(chosen(csm))), ..Changes::default() };
        let Ok(after) = before.submit(&drafts(), &people(), changes, before.version, fixtures::now()) else {
            return false;
        };
        let key = OutboxKey {
            organization: after.organization.clone(),
            account: Some(after.id.clone()),
            owed_at: fixtures::now(),
            id: OutboxId::parse(format!("{}-r{}-submitted", after.id, after.round)).unwrap(),
        };
        let entry = OutboxEntry::new(key, Vec::new());
        self.table.store.submit(&before, &after, None, &entry, None).await.unwrap()
    }

    pub(super) async fn account(&self, number: u32) -> AccountView {
        let sample = numbered(number);
        let store = &self.table.store;
        store.get_account(&sample.organization, &sample.id, Consistency::Strong).await.unwrap().unwrap()
    }

    pub(super) async fn choice(&self, number: u32) -> Choice {
        let sample = numbered(number);
        let store = &self.table.store;
        store.get_choice(&sample.organization, &sample.id, Consistency::Strong).await.unwrap().unwrap()
    }

    pub(super) async fn loads(&self) -> Loads {
        self.table.store.get_loads(&fixtures::organization().id, Consistency::Strong).await.unwrap()
    }

    /// The mails that are owed, with the ids of what owes them.
    pub(super) async fn owed(&self) -> Vec<(String, OwedMail)> {
        let far = handoff_domain::Timestamp::MAX;
        let owed = self.table.store.list_owed(&fixtures::organization().id, far, 100).await.unwrap();
        let of = |entry: OutboxEntry| {
            let id = entry.key.id.to_string();
            entry.mails.into_iter().map(move |mail| (id.clone(), mail)).collect::<Vec<_>>()
        };
        owed.into_iter().flat_map(of).collect()
    }

    pub(super) fn stranger(&self) -> Browser<'_> {
        Browser { harness: self, token: None }
    }

    /// A browser in which this person of this organization is signed in.
    pub(super) async fn signed_in(&self, portal: u64, id: &str) -> Browser<'_> {
        let organization: OrganizationId = PortalId(portal).organization();
        let found = self.table.store.get_organizations(std::slice::from_ref(&organization)).await.unwrap();
        let token = SessionToken::from_random(organization, rand::random());
        let person = found[0].1.find(&member(id)).unwrap();
        self.table.store.put_session(&Session::begin(&token, person, fixtures::now())).await.unwrap();
        Browser { harness: self, token: Some(token) }
    }
}

#[derive(Clone)]
pub(super) struct Browser<'a> {
    pub(super) harness: &'a Harness,
    pub(super) token: Option<SessionToken>,
}

impl Browser<'_> {
    async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("accept", "text/html");
        if let Some(token) = &self.token {
            // Freshly, as after a post.
            request = request.header("cookie", format!("__Host-s={}; __Host-fresh=1", token.reveal()));
        }
        if body.is_some() {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", BASE)
                .header("sec-fetch-site", "same-origin");
        }
        let request = request.body(body.map_or(Body::empty(), Body::from)).unwrap();
        let response = self.harness.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// A post without any proof of its own.
    pub(super) async fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, Some(body)).await
    }

    /// A post with the proof of the session.
    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let keys: LinkKeys = fixtures::link_key().into();
        let csrf = self.token.as_ref().map_or_else(String::new, |token| keys.session_csrf(token));
        let all: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.post_raw(path, &all).await
    }
}
