//! `GET /accounts/{id}`, its sources, and the rounds that are over.

use super::pages;
use crate::app::App;
use crate::gate::Viewer;
use crate::reply::View;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{AccountId, ActionId, MilestoneId, SourceId};
use handoff_domain::plan::ActionKind;
use handoff_store::{AccountView, Consistency};
use handoff_views::source;
use handoff_web::components::Tone;
use handoff_web::{html, text};
use std::sync::Arc;

/// What the top of the page says after a step that was refused.
pub(super) struct Said {
    pub(super) tone: Tone,
    pub(super) words: String,
}

impl Said {
    pub(super) fn caution(words: String) -> Self {
        Self { tone: Tone::Caution, words }
    }
}

/// What was typed and is not stored.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) note: String,
    pub(super) reason: String,
    pub(super) ae: String,
    /// Day, time and minutes of the kickoff.
    pub(super) kickoff: Option<[String; 3]>,
    /// An action to add to the plan.
    pub(super) action: Option<TypedAction>,
    /// Which action to skip, and why.
    pub(super) skipped: Option<(ActionId, String)>,
}

/// An action as somebody typed it.
#[derive(Clone)]
pub(super) struct TypedAction {
    pub(super) milestone: MilestoneId,
    pub(super) id: ActionId,
    pub(super) title: String,
    pub(super) kind: ActionKind,
    pub(super) due: String,
}

/// The account as it is now, strongly read; or the answer that says why there is none.
pub(super) async fn read(app: &App, viewer: &Viewer, id: &str) -> Result<AccountView, Response> {
    find(app, viewer, id, Consistency::Strong).await
}

pub(super) async fn find(
    app: &App,
    viewer: &Viewer,
    id: &str,
    consistency: Consistency,
) -> Result<AccountView, Response> {
    let Ok(id) = AccountId::parse(id) else { return Err(viewer.not_found()) };
    match app.deps.store.get_account(&viewer.organization.id, &id, consistency).await {
        Ok(Some(account)) => Ok(account),
        Ok(None) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

/// One query.
pub(crate) async fn show(State(app): State<Arc<App>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    match find(&app, &viewer, &id, viewer.consistency).await {
        Ok(account) => answer_with(&viewer, &account, StatusCode::OK, None, &Typed::default()),
        Err(response) => response,
    }
}

pub(super) fn answer_with(
    viewer: &Viewer,
    account: &AccountView,
    status: StatusCode,
    said: Option<Said>,
    typed: &Typed,
) -> Response {
    let body = pages::account(viewer, account, said.as_ref(), typed);
    let title = account.handoff.account.company.as_str();
    viewer.show(status, View { title, at: "/accounts/account", wide: true, script: None, body })
}

/// `GET /accounts/{id}/rounds/{round}`: a round that is over, as it was.
pub(crate) async fn round(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path((id, number)): Path<(String, String)>,
) -> Response {
    let account = match find(&app, &viewer, &id, viewer.consistency).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let number = number.parse::<u32>().ok();
    let Some(ended) = account.rounds.iter().find(|ended| Some(ended.round) == number) else {
        return viewer.not_found();
    };
    let body = pages::round(&viewer, &account, ended);
    let title = format!("{}, round {}", account.handoff.account.company, ended.round);
    let view = View { title: &title, at: "/accounts/account", wide: true, script: None, body };
    viewer.show(StatusCode::OK, view)
}

/// A source that was there, once.
fn gone(viewer: &Viewer, handoff: &Handoff, day: &str) -> Response {
    let body = html! {
        div.page-head { div { h1 { "This is no longer kept" } p dir="auto" { (handoff.account.company) } } }
        div.card {
            p { "Your organization keeps material from Sales for a time that it chose; for this account it ended on " (day) "." }
            p { "What was handed over stays, with the quotes that it rests on." }
            p { a href={ "/accounts/" (handoff.id) } { "Back to the account" } }
        }
    };
    let view = View { title: "No longer kept", at: "/accounts/account", wide: false, script: None, body };
    viewer.show(StatusCode::GONE, view)
}

/// `GET /accounts/{id}/sources/{source}`: one whole source, with its quotes marked.
pub(crate) async fn source(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path((id, wanted)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(wanted)) = (AccountId::parse(id), SourceId::parse(wanted)) else {
        return viewer.not_found();
    };
    let (handoff, drafts, sources) = match app.deps.store.get_with_sources(&viewer.organization.id, &id).await
    {
        Ok(Some(found)) => found,
        Ok(None) => return viewer.not_found(),
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let zone = text::zone(&handoff.time_zone);
    // The table lets it go a day or two later than that.
    if let Some(until) = handoff.material_until.filter(|_| !handoff.has_material(viewer.now)) {
        return gone(&viewer, &handoff, &text::day_at(until, &zone));
    }
    let Some(found) = sources.iter().find(|source| source.id == wanted) else { return viewer.not_found() };
    let body = source::body(&handoff.account.company, &zone, drafts.as_ref(), found);
    let view = View { title: source::title(found), at: "/accounts/account", wide: false, script: None, body };
    viewer.show(StatusCode::OK, view)
}
