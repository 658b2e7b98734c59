//! Who may come in: tokens, origins, proofs, and what a token opens.

use crate::app::App;
use crate::reply::Refusal;
use crate::views::LinkView;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use handoff_domain::Timestamp;
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::limits::FORM_BODY_MAX_BYTES;
use handoff_domain::link::{LinkKeys, LinkStanding, LinkToken};
use handoff_runtime::correlate;
use handoff_runtime::http::RequestId;
use handoff_store::Consistency;
use handoff_web::form::Form;
use handoff_web::{negotiation, origin};
use std::sync::Arc;

/// What a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Nothing; the same answer as for any other wrong address.
    Unknown,
    /// The form.
    Form,
    /// The receipt.
    Receipt,
    /// A page that says that drafts are being written.
    Drafting,
    /// The link's last day passed.
    Expired,
    /// A newer link was sent.
    Replaced,
    /// The handoff was closed without a submit.
    Skipped,
}

/// What `token` opens at `now`.
pub fn judge(keys: &LinkKeys, token: &LinkToken, handoff: &Handoff, now: Timestamp) -> Opening {
    let Some(link) = &handoff.link else {
        // No link was issued; the first one can be known all the same to whoever holds the mail of a run that is repeated.
        let ours = handoff.state == HandoffState::Drafting && keys.is_ours(token, 1);
        return if ours { Opening::Drafting } else { Opening::Unknown };
    };
    match (keys.judge(token, link, now), handoff.state) {
        (LinkStanding::Unknown, _) => Opening::Unknown,
        (LinkStanding::Replaced, _) => Opening::Replaced,
        (_, HandoffState::Skipped) => Opening::Skipped,
        (LinkStanding::Expired, _) | (LinkStanding::Alive, HandoffState::Expired) => Opening::Expired,
        (LinkStanding::Alive, HandoffState::Submitted) => Opening::Receipt,
        (LinkStanding::Alive, HandoffState::Drafting) => Opening::Drafting,
        (LinkStanding::Alive, HandoffState::AwaitingAe) => Opening::Form,
    }
}

/// A request whose address holds a token of the right shape.
pub(crate) struct Visit {
    pub(crate) app: Arc<App>,
    pub(crate) token: LinkToken,
    pub(crate) link: LinkView,
    pub(crate) json: bool,
    pub(crate) consistency: Consistency,
    pub(crate) now: Timestamp,
    pub(crate) request: RequestId,
}

impl Visit {
    /// Reads the token; anything that is none gets the page of any wrong address.
    #[allow(clippy::result_large_err, reason = "the error is the answer, and it is sent at once")]
    fn begin(app: Arc<App>, token: &str, parts: &Parts) -> Result<Self, Response> {
        let headers = &parts.headers;
        let json = negotiation::wants_json(headers);
        let parsed =
            LinkToken::parse(token).map_err(|_| Refusal::status(StatusCode::NOT_FOUND).respond(json))?;
        let link = LinkView { path: format!("/handoff/{token}"), csrf: app.deps.link_keys.csrf(&parsed) };
        let fresh = app.fresh.read(headers).is_some();
        let consistency = if fresh { Consistency::Strong } else { Consistency::Eventual };
        let now = app.deps.clock.now();
        let request = parts.extensions.get().copied().unwrap_or_default();
        tracing::Span::current()
            .record("organization", parsed.organization.as_str())
            .record("account", parsed.account.as_str());
        Ok(Self { token: parsed, link, json, consistency, now, request, app })
    }

    /// What the token opens. From here on, log lines name the handoff's correlation id.
    pub(crate) fn opening(&self, handoff: &Handoff) -> Opening {
        correlate(handoff.correlation);
        judge(&self.app.deps.link_keys, &self.token, handoff, self.now)
    }

    /// The page of any wrong address.
    pub(crate) fn not_found(&self) -> Response {
        Refusal::status(StatusCode::NOT_FOUND).respond(self.json)
    }

    /// Refuses with `status`; but whoever holds no token of ours learns nothing of that.
    async fn refuse(&self, status: StatusCode) -> Response {
        let known = self.app.deps.store.get_handoff_page(
            &self.token.organization,
            &self.token.account,
            self.consistency,
        );
        match known.await {
            Ok(Some(page)) if self.opening(&page.handoff) != Opening::Unknown => {
                Refusal::status(status).respond(self.json)
            }
            Ok(_) => self.not_found(),
            Err(error) => self.failure(&error, error.is_retryable()),
        }
    }
}

/// An address whose token cannot even be read is a wrong one like any other.
impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let path = Path::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let path = path.map(|Path(path)| path).unwrap_or_default();
        let token = path.iter().find(|(name, _)| name == "token").map_or("", |(_, token)| token.as_str());
        Self::begin(app.clone(), token, parts)
    }
}

/// A post that came from our own page: its proof can only be had from a page that its token opened.
pub(crate) struct Post {
    pub(crate) visit: Visit,
    pub(crate) form: Form,
}

/// Checks token, body, origin and proof, in this order.
impl FromRequest<Arc<App>> for Post {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let form = match Form::read(&parts.headers, body, FORM_BODY_MAX_BYTES).await {
            Ok(form) => form,
            Err(error) => return Err(visit.refuse(error.status()).await),
        };
        let ours = origin::check(&parts.headers, &visit.app.deps.base_url).is_ok();
        let proof = form.last("csrf").unwrap_or_default();
        if !ours || !visit.app.deps.link_keys.is_csrf(&visit.token, proof) {
            return Err(visit.refuse(StatusCode::FORBIDDEN).await);
        }
        Ok(Self { visit, form })
    }
}
