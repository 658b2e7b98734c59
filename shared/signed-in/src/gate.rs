//! Who may come in: sessions, roles, origins and proofs. Every route has this before its handler.

use crate::{Door, reply};
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use handoff_domain::Timestamp;
use handoff_domain::id::AccountId;
use handoff_domain::limits::FORM_BODY_MAX_BYTES;
use handoff_domain::organization::Organization;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_domain::sign_in::{BrowserSecret, SessionToken};
use handoff_runtime::http::RequestId;
use handoff_runtime::report;
use handoff_store::{Choice, Consistency, StoreError};
use handoff_web::error_page::ErrorPage;
use handoff_web::form::Form;
use handoff_web::origin;
use std::sync::Arc;

/// Who may take a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody; a post needs the proof of a browser that is about to sign in.
    Anyone,
    /// Everybody who is signed in, admin or CSM.
    Member,
    /// Admins.
    Admin,
}

impl Who {
    /// Whether this person may.
    pub fn admits(self, member: &Member) -> bool {
        match self {
            Self::Anyone => true,
            Self::Member => member.may_sign_in(),
            Self::Admin => member.has(Role::Admin),
        }
    }
}

/// Who is signed in, and all that their session read.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The organization that the session belongs to: the only one whose keys a handler may name.
    pub organization: Arc<Organization>,
    /// The organization's people.
    pub roster: Arc<Roster>,
    /// Who it is, with the roles of this moment.
    pub member: Arc<Member>,
    /// The proof for this page's forms.
    pub csrf: String,
    /// How fresh this browser's reads must be.
    pub consistency: Consistency,
    /// The time of the request.
    pub now: Timestamp,
    /// The request's id, for the page that tells of a failure.
    pub request: RequestId,
    /// The account of the route and what its CSM is chosen by, where the route asks for it ([`crate::Route::with_choice`])
    /// and the organization has it.
    pub choice: Option<Arc<Choice>>,
    /// The session itself.
    pub token: SessionToken,
}

/// A post with its fields, from a page of ours.
#[derive(Debug, Clone)]
pub struct Post {
    /// Who sent it.
    pub viewer: Viewer,
    /// What was sent.
    pub form: Form,
}

/// A browser that is about to sign in.
#[derive(Debug, Clone)]
pub struct Stranger {
    /// The secret of its cookie; `None` when it has none.
    pub browser: Option<BrowserSecret>,
    /// What it sent; empty for a GET.
    pub form: Form,
    /// The time of the request.
    pub now: Timestamp,
    /// The request's id, for the page that tells of a failure.
    pub request: RequestId,
}

/// What stands before one route.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    pub(crate) door: Arc<Door>,
    pub(crate) who: Who,
    /// Whether the account of the path, and what its CSM is chosen by, is read with the session.
    pub(crate) with_choice: bool,
}

/// The layer of each route.
pub(crate) async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    match gate.who {
        Who::Anyone => match let_stranger_in(&gate.door, request).await {
            Ok(request) => next.run(request).await,
            Err(refused) => refused,
        },
        who => {
            let mut response = match let_in(&gate, who, request).await {
                Ok(request) => next.run(request).await,
                Err(refused) => refused,
            };
            let headers = response.headers_mut();
            headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
            headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
            response
        }
    }
}

async fn let_stranger_in(door: &Door, request: Request) -> Result<Request, Response> {
    let browser = door.browser.read(request.headers()).and_then(|text| BrowserSecret::parse(text).ok());
    let id = request_id(request.extensions().get());
    let proof =
        |proof: &str| browser.as_ref().is_some_and(|browser| door.link_keys.is_browser_csrf(browser, proof));
    let (mut request, form) = read_post(door, request, proof).await?;
    let stranger =
        Stranger { browser: browser.clone(), form: form.unwrap_or_default(), now: door.now(), request: id };
    request.extensions_mut().insert(stranger);
    Ok(request)
}

async fn let_in(gate: &Gate, who: Who, request: Request) -> Result<Request, Response> {
    let door = &*gate.door;
    let (mut parts, body) = request.into_parts();
    let account = if gate.with_choice { account_of(&mut parts).await } else { None };
    let request = Request::from_parts(parts, body);
    let headers = request.headers();
    let visit = find_viewer(door, headers, account.as_ref(), request_id(request.extensions().get())).await;
    let viewer = match visit {
        Ok(Some(viewer)) => viewer,
        Ok(None) => return Err(reply::to_sign_in(&wanted(door, request.method(), request.uri(), headers))),
        Err(error) => {
            let id = request_id(request.extensions().get());
            return Err(reply::failure(&error, error.is_retryable(), id));
        }
    };
    if !who.admits(&viewer.member) {
        return Err(reply::not_for(&viewer));
    }
    let proof = |proof: &str| door.link_keys.is_session_csrf(&viewer.token, proof);
    let (mut request, form) = read_post(door, request, proof).await?;
    if let Some(form) = form {
        request.extensions_mut().insert(Post { viewer: viewer.clone(), form });
    }
    request.extensions_mut().insert(viewer);
    Ok(request)
}

/// The account that the path names, by its parameter `id`.
async fn account_of(parts: &mut Parts) -> Option<AccountId> {
    let named = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let id = named.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_owned())?;
    AccountId::parse(id).ok()
}

/// Who is signed in with these headers: one batch read, and now and then a note that the session is used.
async fn find_viewer(
    door: &Door,
    headers: &HeaderMap,
    account: Option<&AccountId>,
    request: RequestId,
) -> Result<Option<Viewer>, StoreError> {
    let Some(token) = door.session.read(headers).and_then(|text| SessionToken::parse(text).ok()) else {
        return Ok(None);
    };
    let fresh = door.fresh.read(headers).is_some();
    let consistency = if fresh { Consistency::Strong } else { Consistency::Eventual };
    let now = door.now();
    let read = match account {
        None => door.store.get_visit(&token, consistency).await?.map(|visit| (visit, None)),
        Some(account) => door.store.get_visit_and_choice(&token, account, consistency).await?,
    };
    let Some((visit, choice)) = read else { return Ok(None) };
    let Some(member) = visit.session.holder(&visit.roster, now).cloned() else { return Ok(None) };
    tracing::Span::current().record("organization", token.organization.as_str());
    if visit.session.is_to_be_noted(now)
        && let Err(error) = door.store.note_session(&visit.session, now).await
    {
        // The page does not depend on it; the next one tries again.
        tracing::warn!(error = report(&error), "a session could not be noted");
    }
    Ok(Some(Viewer {
        organization: Arc::new(visit.organization),
        roster: Arc::new(visit.roster),
        member: Arc::new(member),
        csrf: door.link_keys.session_csrf(&token),
        consistency,
        now,
        request,
        choice: choice.map(Arc::new),
        token,
    }))
}

/// Reads a post's form and checks where it comes from; anything else passes as it is.
async fn read_post(
    door: &Door,
    request: Request,
    is_proof: impl Fn(&str) -> bool,
) -> Result<(Request, Option<Form>), Response> {
    if request.method() != Method::POST {
        return Ok((request, None));
    }
    let refuse = |status| ErrorPage::new(status).respond(false);
    let (parts, body) = request.into_parts();
    let form = Form::read(&parts.headers, body, FORM_BODY_MAX_BYTES).await;
    let form = form.map_err(|error| refuse(error.status()))?;
    let ours = origin::check(&parts.headers, &door.base_url).is_ok();
    if !ours || !is_proof(form.last("csrf").unwrap_or_default()) {
        return Err(refuse(StatusCode::FORBIDDEN));
    }
    Ok((Request::from_parts(parts, axum::body::Body::empty()), Some(form)))
}

/// Where somebody wanted to go who has to sign in first: the page itself, or the page that a form stood on.
fn wanted(door: &Door, method: &Method, uri: &Uri, headers: &HeaderMap) -> String {
    if *method != Method::POST {
        return uri.path_and_query().map_or("/accounts", |path| path.as_str()).to_owned();
    }
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = from.and_then(|from| from.strip_prefix(door.base_url.trim_end_matches('/')));
    path.unwrap_or("/accounts").to_owned()
}

fn request_id(known: Option<&RequestId>) -> RequestId {
    known.copied().unwrap_or_default()
}

macro_rules! left_by_the_gate {
    ($($name:ty),*) => {$(
        /// Left by the gate; a route without one answers 500.
        impl<S: Sync> FromRequestParts<S> for $name {
            type Rejection = Response;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
                let left = parts.extensions.remove::<$name>();
                left.ok_or_else(|| ErrorPage::new(StatusCode::INTERNAL_SERVER_ERROR).respond(false))
            }
        }
    )*};
}
left_by_the_gate!(Viewer, Post, Stranger);
