//! The handoff form: what account executives are asked. All editing happens in the page itself, so nothing is half
//! published; publishing makes the next version, and handoffs under way keep theirs.

mod compare;
mod input;
mod page;

use super::{Sheet, Unsaved, audit, saved, show};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use handoff_domain::audit::SettingsChange;
use handoff_domain::question::QuestionSet;
use handoff_store::Consistency;
use handoff_web::assets;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};
use input::{Errors, Step, Typed};
use std::sync::Arc;

const PATH: &str = "/settings/handoff-form";

/// `GET /settings/handoff-form`.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, uri: Uri) -> Response {
    let current = match current(&app, &viewer, viewer.consistency).await {
        Ok(current) => current,
        Err(refused) => return refused,
    };
    let news = super::done(uri.query(), "The new version is published. Handoffs under way keep theirs.");
    editor(&viewer, StatusCode::OK, &Typed::of(&current), &Errors::new(), news)
}

/// `POST /settings/handoff-form`: one step of editing, told by `do`; only `publish` writes.
pub(crate) async fn edit(State(app): State<Arc<App>>, post: Post) -> Response {
    let viewer = &post.viewer;
    let mut typed = Typed::read(&post.form);
    match Step::read(post.form.last("do").unwrap_or_default()) {
        Step::Publish => publish(&app, viewer, typed).await,
        Step::Preview => match typed.check() {
            Ok(next) => sheet(viewer, StatusCode::OK, "Preview", page::preview(viewer, &typed, &next)),
            Err(errors) => refused(viewer, &typed, &errors),
        },
        step => {
            typed.step(&step);
            editor(viewer, StatusCode::OK, &typed, &Errors::new(), page::unpublished())
        }
    }
}

/// `GET /settings/handoff-form/versions/{version}`: what it asked, and what is different now.
pub(crate) async fn version(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path(number): Path<String>,
) -> Response {
    let Ok(number) = number.parse::<u32>() else { return viewer.not_found() };
    let found = app.deps.store.get_questions(&viewer.organization.id, Some(number), viewer.consistency).await;
    match found {
        Ok((Some(current), Some(old))) => {
            let title = format!("Version {number}");
            sheet(&viewer, StatusCode::OK, &title, page::version(&old, &current))
        }
        Ok(_) => viewer.not_found(),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

async fn publish(app: &App, viewer: &Viewer, mut typed: Typed) -> Response {
    let next = match typed.check() {
        Ok(next) => next,
        Err(errors) => return refused(viewer, &typed, &errors),
    };
    let current = match current(app, viewer, Consistency::Strong).await {
        Ok(current) => current,
        Err(refused) => return refused,
    };
    match keep(app, viewer, &current, &next).await {
        Ok(()) => see_other(app, "/settings/handoff-form?saved=1"),
        Err(Unsaved::Conflict) => {
            // The version that won may be newer than what was read here.
            let newest = match self::current(app, viewer, Consistency::Strong).await {
                Ok(newest) => newest,
                Err(refused) => return refused,
            };
            typed.version = newest.version;
            let news = page::published_meanwhile(&newest);
            editor(viewer, StatusCode::CONFLICT, &typed, &Errors::new(), news)
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

/// Holds only while the version that was edited is the current one. What changes nothing makes no version.
async fn keep(app: &App, viewer: &Viewer, current: &QuestionSet, next: &QuestionSet) -> Result<(), Unsaved> {
    if next.version != current.version + 1 {
        return Err(Unsaved::Conflict);
    }
    if next.questions == current.questions {
        return Ok(());
    }
    let change = SettingsChange::QuestionsPublished { version: next.version };
    let fields = compare::told(current, next);
    let entry = audit(viewer, "questions", next.version.into(), change, fields)?;
    saved(app.deps.store.publish_questions(&viewer.organization.id, next, &entry).await?)
}

async fn current(app: &App, viewer: &Viewer, consistency: Consistency) -> Result<QuestionSet, Response> {
    match app.deps.store.get_questions(&viewer.organization.id, None, consistency).await {
        Ok((Some(current), _)) => Ok(current),
        Ok((None, _)) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn refused(viewer: &Viewer, typed: &Typed, errors: &Errors) -> Response {
    let news = match errors.get("") {
        Some(error) => notice(Tone::Bad, "This cannot be published", true, html! { p { (error) } }),
        None => page::summary(typed, errors),
    };
    editor(viewer, StatusCode::UNPROCESSABLE_ENTITY, typed, errors, news)
}

fn editor(viewer: &Viewer, status: StatusCode, typed: &Typed, errors: &Errors, news: Markup) -> Response {
    sheet(viewer, status, "Handoff form", page::editor(viewer, typed, errors, &news))
}

fn sheet(viewer: &Viewer, status: StatusCode, title: &str, body: Markup) -> Response {
    let script = Some(assets::sortable());
    show(viewer, status, Sheet { title, tab: PATH, wide: false, script, body })
}
