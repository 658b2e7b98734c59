//! The roster: who hands over, who takes over, who decides.

pub(crate) mod import;
mod input;
pub(crate) mod owners;
mod page;

use super::{Sheet, Unsaved, audit, saved, show};
use crate::accounts::left;
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use handoff_domain::audit::{FieldChange, SettingsChange};
use handoff_domain::id::MemberId;
use handoff_domain::organization::Organization;
use handoff_domain::roster::{Member, Roster, RosterError};
use handoff_store::{Consistency, StoreError};
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};
use input::{Errors, Typed, changes};
use page::Form;
use std::sync::Arc;

const PATH: &str = "/settings/roster";

/// `GET /settings/roster`.
pub(crate) async fn list(State(app): State<Arc<App>>, viewer: Viewer, uri: Uri) -> Response {
    let read = async {
        let loads = app.deps.store.get_loads(&viewer.organization.id, viewer.consistency).await?;
        let left = left::find(&app, &viewer, &loads).await?;
        Ok::<_, StoreError>((loads, left))
    };
    let (loads, left) = match read.await {
        Ok(read) => read,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let news = html! { (super::done(uri.query(), "The roster is saved.")) (left::notices(&left)) };
    let body = page::list(&viewer, &news, &loads);
    show(&viewer, StatusCode::OK, Sheet { title: "Roster", tab: PATH, wide: true, script: None, body })
}

/// `GET /settings/roster/new`.
#[allow(clippy::unused_async, reason = "axum takes a future")]
pub(crate) async fn new(viewer: Viewer) -> Response {
    let typed = Typed::empty(viewer.roster.revision);
    form(&viewer, StatusCode::OK, None, &typed, &Errors::new(), html! {})
}

/// `GET /settings/roster/{id}`.
#[allow(clippy::unused_async, reason = "axum takes a future")]
pub(crate) async fn edit(viewer: Viewer, Path(id): Path<String>) -> Response {
    let Some(member) = find(&viewer.roster, &id) else { return viewer.not_found() };
    let typed = Typed::of(member, viewer.roster.revision);
    form(&viewer, StatusCode::OK, Some(member), &typed, &Errors::new(), html! {})
}

/// `POST /settings/roster`: adds a person.
pub(crate) async fn add(State(app): State<Arc<App>>, post: Post) -> Response {
    change(&app, &post, None).await
}

/// `POST /settings/roster/{id}`: changes a person.
pub(crate) async fn save(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    match find(&post.viewer.roster, &id) {
        Some(member) => change(&app, &post, Some(member)).await,
        None => post.viewer.not_found(),
    }
}

/// `POST /settings/roster/{id}/remove`: takes a person off; their session ends with their next click.
pub(crate) async fn remove(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let viewer = &post.viewer;
    let Some(member) = find(&viewer.roster, &id) else { return viewer.not_found() };
    let typed = Typed::of(member, viewer.roster.revision);
    let refuse = |status, news| form(viewer, status, Some(member), &typed, &Errors::new(), news);
    if post.form.last("revision") != Some(viewer.roster.revision.to_string().as_str()) {
        return refuse(StatusCode::CONFLICT, super::conflict(&[]));
    }
    let after = match viewer.roster.without(&member.id) {
        Ok(after) => after,
        Err(error) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, refused(error)),
    };
    let change = SettingsChange::MemberRemoved { name: member.name.clone() };
    let fields: Vec<FieldChange> =
        FieldChange::of("Address", member.email.as_str(), "").into_iter().collect();
    match keep(&app, viewer, &after, change, fields).await {
        Ok(()) => see_other(&app, "/settings/roster?saved=1"),
        Err(Unsaved::Conflict) => refuse(StatusCode::CONFLICT, super::conflict(&[])),
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

/// Adds a person, or changes `known`.
async fn change(app: &App, post: &Post, known: Option<&Member>) -> Response {
    let viewer = &post.viewer;
    let mut typed = Typed::read(&post.form);
    let id = known.map_or_else(|| MemberId::from_random(rand::random()), |member| member.id.clone());
    let member = match typed.check(id) {
        Ok(member) => member,
        Err(errors) => {
            let news = page::summary(&errors);
            return form(viewer, StatusCode::UNPROCESSABLE_ENTITY, known, &typed, &errors, news);
        }
    };
    match put(app, viewer, &typed, known, &member).await {
        Ok(()) => see_other(app, "/settings/roster?saved=1"),
        Err(Refused::Rule(error)) => {
            let errors: Errors = match error {
                RosterError::AddressTaken => [("email".to_owned(), words(error).to_owned())].into(),
                _ => Errors::new(),
            };
            let news = if errors.is_empty() { refused(error) } else { page::summary(&errors) };
            form(viewer, StatusCode::UNPROCESSABLE_ENTITY, known, &typed, &errors, news)
        }
        Err(Refused::Unsaved(Unsaved::Conflict)) => match newest(app, viewer).await {
            Ok(now) => {
                let theirs = now.find(&member.id).map(|theirs| changes(theirs, &member)).unwrap_or_default();
                typed.revision = now.revision.to_string();
                let news = super::conflict(&theirs);
                form(viewer, StatusCode::CONFLICT, known, &typed, &Errors::new(), news)
            }
            Err(answer) => answer,
        },
        Err(Refused::Unsaved(Unsaved::Failed(error, retryable))) => viewer.failure(&*error, retryable),
    }
}

/// Why a person was not saved.
enum Refused {
    Rule(RosterError),
    Unsaved(Unsaved),
}

impl From<Unsaved> for Refused {
    fn from(unsaved: Unsaved) -> Self {
        Self::Unsaved(unsaved)
    }
}

async fn put(
    app: &App,
    viewer: &Viewer,
    typed: &Typed,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refused> {
    if typed.revision != viewer.roster.revision.to_string() {
        return Err(Unsaved::Conflict.into());
    }
    let after = viewer.roster.with([member.clone()]).map_err(Refused::Rule)?;
    let name = member.name.clone();
    let (change, fields) = match known {
        None => (SettingsChange::MemberAdded { name }, Vec::new()),
        Some(known) => (SettingsChange::MemberChanged { name }, changes(known, member)),
    };
    if known.is_some() && fields.is_empty() {
        return Ok(());
    }
    Ok(keep(app, viewer, &after, change, fields).await?)
}

/// Writes the roster, and with it who hears of trouble where that changed.
async fn keep(
    app: &App,
    viewer: &Viewer,
    after: &Roster,
    change: SettingsChange,
    fields: Vec<FieldChange>,
) -> Result<(), Unsaved> {
    let (before, id) = (&viewer.roster, &viewer.organization.id);
    let entry = audit(viewer, "roster", before.revision + 1, change, fields)?;
    let admins = after.admins();
    let told = (admins != viewer.organization.admins)
        .then(|| Organization { admins, ..Organization::clone(&viewer.organization) });
    saved(app.deps.store.save_roster(id, before, after, told.as_ref(), &entry).await?)
}

fn find<'a>(roster: &'a Roster, id: &str) -> Option<&'a Member> {
    roster.find(&MemberId::parse(id).ok()?)
}

/// The roster past every replica's lag.
async fn newest(app: &App, viewer: &Viewer) -> Result<Roster, Response> {
    match app.deps.store.get_visit(&viewer.token, Consistency::Strong).await {
        Ok(Some(visit)) => Ok(visit.roster),
        Ok(None) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn words(error: RosterError) -> &'static str {
    match error {
        RosterError::LastAdmin => {
            "Somebody must stay an admin, or nobody could change anything any more. Give the role to a second person first."
        }
        RosterError::AddressTaken => "Another person of the roster has this address.",
        RosterError::Full => "The roster holds 1,000 people at most. Take somebody off first.",
        RosterError::TooMany => {
            "These are more new people than can be saved at once. Import up to 90 at a time."
        }
    }
}

fn refused(error: RosterError) -> Markup {
    notice(Tone::Bad, "That is not possible", true, html! { p { (words(error)) } })
}

fn form(
    viewer: &Viewer,
    status: StatusCode,
    known: Option<&Member>,
    typed: &Typed,
    errors: &Errors,
    news: Markup,
) -> Response {
    let title = known.map_or("Add a person", |member| member.name.as_str());
    let body = page::form(viewer, &Form { title, known, typed, errors, news });
    show(viewer, status, Sheet { title, tab: PATH, wide: false, script: None, body })
}
