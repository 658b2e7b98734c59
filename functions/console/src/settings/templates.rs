//! Templates of onboarding plans: which there are, for which accounts, and what stands in them. All editing happens in the
//! page itself, so nothing is half published; publishing makes the next version, and accounts keep the one they began with.

mod compare;
mod editor;
mod input;
mod list;
mod step;

use super::{Sheet, Unsaved, audit, saved, show};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use handoff_domain::audit::{FieldChange, SettingsChange};
use handoff_domain::id::TemplateId;
use handoff_domain::plan::{Template, TemplateRefusal, Templates};
use handoff_store::Consistency;
use handoff_web::assets;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};
use input::{Errors, Typed};
use std::sync::Arc;
use step::Step;

const PATH: &str = "/settings/templates";

/// Tries of one change: somebody else may change another template at the same moment.
const TRIES: usize = 3;

/// `GET /settings/templates`.
pub(crate) async fn list(State(app): State<Arc<App>>, viewer: Viewer, uri: Uri) -> Response {
    let news = super::done(uri.query(), "Saved. Accounts with a plan keep the one that they have.");
    match templates(&app, &viewer, viewer.consistency).await {
        Ok(templates) => listed(&viewer, StatusCode::OK, &templates, &news),
        Err(response) => response,
    }
}

fn listed(viewer: &Viewer, status: StatusCode, templates: &Templates, news: &Markup) -> Response {
    sheet(viewer, status, "Templates", list::page(viewer, templates, news))
}

/// `GET /settings/templates/new`, with `from` as a copy of another.
pub(crate) async fn new(State(app): State<Arc<App>>, viewer: Viewer, uri: Uri) -> Response {
    let from = uri.query().unwrap_or_default();
    let from = form_urlencoded::parse(from.as_bytes()).find(|(name, _)| name == "from");
    let from = from.and_then(|(_, id)| TemplateId::parse(id.into_owned()).ok());
    match templates(&app, &viewer, viewer.consistency).await {
        Ok(templates) => {
            let typed = Typed::new(from.and_then(|id| templates.find(&id)));
            edited(&viewer, StatusCode::OK, &typed, &Errors::new(), &html! {})
        }
        Err(response) => response,
    }
}

/// `GET /settings/templates/{id}`.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, Path(id): Path<String>) -> Response {
    let Ok(id) = TemplateId::parse(id) else { return viewer.not_found() };
    let templates = match templates(&app, &viewer, viewer.consistency).await {
        Ok(templates) => templates,
        Err(response) => return response,
    };
    match templates.find(&id) {
        Some(template) => edited(&viewer, StatusCode::OK, &Typed::of(template), &Errors::new(), &html! {}),
        None => viewer.not_found(),
    }
}

/// `POST /settings/templates/{id}`: one step of editing, told by `do`; only `publish` writes. A new template has an id from the
/// page that it was made on, so that it is made once.
pub(crate) async fn edit(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let viewer = &post.viewer;
    let Ok(id) = TemplateId::parse(id) else { return viewer.not_found() };
    let mut typed = Typed::read(&post.form, id);
    match Step::read(post.form.last("do").unwrap_or_default()) {
        Step::Publish => publish(&app, viewer, typed).await,
        Step::Preview => match typed.check() {
            Ok(next) => {
                let body = editor::preview(viewer, &typed, &next);
                sheet(viewer, StatusCode::OK, "Preview", body)
            }
            Err(errors) => wrong(viewer, &typed, &errors),
        },
        step => {
            step.carry_out(&mut typed);
            let news = editor::unpublished();
            edited(viewer, StatusCode::OK, &typed, &Errors::new(), &news)
        }
    }
}

async fn publish(app: &App, viewer: &Viewer, mut typed: Typed) -> Response {
    let next = match typed.check() {
        Ok(next) => next,
        Err(errors) => return wrong(viewer, &typed, &errors),
    };
    match keep(app, viewer, &next).await {
        Ok(Ok(())) => see_other(app, "/settings/templates?saved=1"),
        Ok(Err(TemplateRefusal::Stale)) => {
            let newest = match templates(app, viewer, Consistency::Strong).await {
                Ok(templates) => templates.find(&typed.id).cloned(),
                Err(response) => return response,
            };
            let Some(newest) = newest else { return viewer.not_found() };
            typed.version = newest.version;
            let news = editor::published_meanwhile(&newest);
            edited(viewer, StatusCode::CONFLICT, &typed, &Errors::new(), &news)
        }
        Ok(Err(TemplateRefusal::Unknown)) => viewer.not_found(),
        Ok(Err(refusal)) => {
            let news = notice(Tone::Bad, &refusal.to_string(), true, html! {});
            edited(viewer, StatusCode::CONFLICT, &typed, &Errors::new(), &news)
        }
        Err(response) => response,
    }
}

/// Holds only while the version that was edited is the current one. What changes nothing, or was published by the same page
/// already, makes no version.
async fn keep(app: &App, viewer: &Viewer, next: &Template) -> Result<Result<(), TemplateRefusal>, Response> {
    change(app, viewer, |before| {
        let current = before.find(&next.id);
        if current.is_some_and(|current| is_same(current, next)) {
            return Ok(None);
        }
        let (after, replaced) = before.publish(next.clone())?;
        let fields = compare::told(current, next);
        let told = SettingsChange::TemplatePublished { name: next.name.clone(), version: next.version };
        Ok(Some(Change { after, replaced, told, fields }))
    })
    .await
}

/// Whether there is nothing to publish: the same is in use, in the version that was edited or the one that would be made.
fn is_same(current: &Template, next: &Template) -> bool {
    let is_ours = current.version == next.version || current.version + 1 == next.version;
    is_ours && Template { version: current.version, ..next.clone() } == *current
}

/// `POST /settings/templates/{id}/{step}`: `archive`, `restore`, `default`, `earlier`.
pub(crate) async fn settle(
    State(app): State<Arc<App>>,
    Path((id, step)): Path<(String, String)>,
    post: Post,
) -> Response {
    let viewer = &post.viewer;
    let Ok(id) = TemplateId::parse(id) else { return viewer.not_found() };
    if !["archive", "restore", "default", "earlier"].contains(&step.as_str()) {
        return viewer.not_found();
    }
    let seen = post.form.last("revision").and_then(|seen| seen.trim().parse::<u64>().ok());
    let settled = change(&app, viewer, |before| {
        let name = before.find(&id).ok_or(TemplateRefusal::Unknown)?.name.clone();
        let (is_archived, is_default) = (before.archived.contains(&id), before.default == id);
        // Where an order changed meanwhile, one place up is another place than the one that was meant.
        let is_moved = step == "earlier" && seen.is_some_and(|seen| seen != before.revision);
        let (after, told) = match step.as_str() {
            "archive" if is_archived => return Ok(None),
            "restore" if !is_archived => return Ok(None),
            "default" if is_default => return Ok(None),
            "archive" => (before.archive(&id)?, SettingsChange::TemplateArchived { name }),
            "restore" => (before.restore(&id)?, SettingsChange::TemplateRestored { name }),
            "default" => (before.make_default(&id)?, SettingsChange::TemplateDefault { name }),
            _ if is_moved => return Err(TemplateRefusal::Stale),
            _ => (before.earlier(&id)?, SettingsChange::TemplateMoved { name }),
        };
        Ok(Some(Change { after, replaced: None, told, fields: Vec::new() }))
    });
    match settled.await {
        Ok(Ok(())) => see_other(&app, "/settings/templates?saved=1"),
        Ok(Err(TemplateRefusal::Unknown)) => viewer.not_found(),
        Ok(Err(refusal)) => match templates(&app, viewer, Consistency::Strong).await {
            Ok(templates) => {
                let news = notice(
                    Tone::Caution,
                    &refusal.to_string(),
                    true,
                    html! { p { "Nothing was changed. This is how it stands now." } },
                );
                listed(viewer, StatusCode::CONFLICT, &templates, &news)
            }
            Err(response) => response,
        },
        Err(response) => response,
    }
}

/// A change of the templates with what the audit says of it.
struct Change {
    after: Templates,
    replaced: Option<Template>,
    told: SettingsChange,
    fields: Vec<FieldChange>,
}

/// Reads, decides and writes; reads and decides again where somebody was faster.
async fn change(
    app: &App,
    viewer: &Viewer,
    decide: impl Fn(&Templates) -> Result<Option<Change>, TemplateRefusal>,
) -> Result<Result<(), TemplateRefusal>, Response> {
    for _ in 0..TRIES {
        let before = templates(app, viewer, Consistency::Strong).await?;
        let change = match decide(&before) {
            Ok(Some(change)) => change,
            Ok(None) => return Ok(Ok(())),
            Err(refusal) => return Ok(Err(refusal)),
        };
        match write(app, viewer, &before, change).await {
            Ok(()) => return Ok(Ok(())),
            Err(Unsaved::Conflict) => {}
            Err(Unsaved::Failed(error, retryable)) => return Err(viewer.failure(&*error, retryable)),
        }
    }
    Ok(Err(TemplateRefusal::Stale))
}

async fn write(app: &App, viewer: &Viewer, before: &Templates, change: Change) -> Result<(), Unsaved> {
    let Change { after, replaced, told, fields } = change;
    let entry = audit(viewer, "templates", after.revision, told, fields)?;
    let store = &app.deps.store;
    saved(store.save_templates(&viewer.organization.id, before, &after, replaced.as_ref(), &entry).await?)
}

/// `GET /settings/templates/{id}/versions/{version}`: what stood in it, and what is different now.
pub(crate) async fn version(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path((id, number)): Path<(String, String)>,
) -> Response {
    let (Ok(id), Ok(number)) = (TemplateId::parse(id), number.parse::<u32>()) else {
        return viewer.not_found();
    };
    let (organization, fresh) = (&viewer.organization.id, viewer.consistency);
    let (templates, old) = match app.deps.store.get_templates(organization, Some((&id, number)), fresh).await
    {
        Ok(Some(found)) => found,
        Ok(None) => return viewer.not_found(),
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let Some(current) = templates.find(&id) else { return viewer.not_found() };
    let shown = if current.version == number { Some(current) } else { old.as_ref() };
    let Some(shown) = shown else { return viewer.not_found() };
    let title = format!("{}, version {number}", shown.name);
    sheet(&viewer, StatusCode::OK, &title, editor::version(shown, current))
}

async fn templates(app: &App, viewer: &Viewer, consistency: Consistency) -> Result<Templates, Response> {
    match app.deps.store.get_templates(&viewer.organization.id, None, consistency).await {
        Ok(Some((templates, _))) => Ok(templates),
        Ok(None) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn wrong(viewer: &Viewer, typed: &Typed, errors: &Errors) -> Response {
    let news = editor::summary(typed, errors);
    edited(viewer, StatusCode::UNPROCESSABLE_ENTITY, typed, errors, &news)
}

fn edited(viewer: &Viewer, status: StatusCode, typed: &Typed, errors: &Errors, news: &Markup) -> Response {
    let title = if typed.version == 0 { "New template" } else { "Template" };
    let body = editor::page(viewer, typed, errors, news);
    let script = Some(assets::sortable());
    show(viewer, status, Sheet { title, tab: PATH, wide: true, script, body })
}

fn sheet(viewer: &Viewer, status: StatusCode, title: &str, body: Markup) -> Response {
    show(viewer, status, Sheet { title, tab: PATH, wide: false, script: None, body })
}
