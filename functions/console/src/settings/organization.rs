//! The organization itself: its name, its time, which deals count, how its account executives are asked.

mod input;
mod logo;
mod page;

use super::{Sheet, Unsaved, audit, saved, show};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use handoff_domain::audit::SettingsChange;
use handoff_domain::logo::LogoImage;
use handoff_domain::organization::Organization;
use handoff_store::Consistency;
use input::{Errors, Typed, changes};
use page::Shown;
use std::sync::Arc;

const PATH: &str = "/settings/organization";

/// `GET /settings/organization`.
#[allow(clippy::unused_async, reason = "axum takes a future")]
pub(crate) async fn page(viewer: Viewer, uri: Uri) -> Response {
    let typed = Typed::of(&viewer.organization);
    let news = super::done(uri.query(), "The organization is saved.");
    let shown = Shown { typed: &typed, errors: &Errors::new(), news };
    form(&viewer, StatusCode::OK, shown)
}

/// `POST /settings/organization`.
pub(crate) async fn save(State(app): State<Arc<App>>, post: Post) -> Response {
    let viewer = &post.viewer;
    let mut typed = Typed::read(&post.form);
    let image = post.form.file("logo").map(|file| logo::read(file.bytes()));
    let after = match typed.check(&viewer.organization, image.as_ref()) {
        Ok(after) => after,
        Err(errors) => {
            let news = page::summary(&errors);
            let shown = Shown { typed: &typed, errors: &errors, news };
            return form(viewer, StatusCode::UNPROCESSABLE_ENTITY, shown);
        }
    };
    let image = image.and_then(Result::ok);
    match keep(&app, viewer, &typed, &after, image.as_ref()).await {
        Ok(()) => see_other(&app, "/settings/organization?saved=1"),
        Err(Unsaved::Conflict) => {
            let now = match newest(&app, viewer).await {
                Ok(now) => now,
                Err(refused) => return refused,
            };
            let news = super::conflict(&changes(&now, &after));
            typed.revision = now.revision.to_string();
            let shown = Shown { typed: &typed, errors: &Errors::new(), news };
            form(viewer, StatusCode::CONFLICT, shown)
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

/// Holds for the revision that the page was shown with. What changes nothing is written nowhere.
async fn keep(
    app: &App,
    viewer: &Viewer,
    typed: &Typed,
    after: &Organization,
    image: Option<&LogoImage>,
) -> Result<(), Unsaved> {
    let before = &viewer.organization;
    if typed.revision != before.revision.to_string() {
        return Err(Unsaved::Conflict);
    }
    let fields = changes(before, after);
    if fields.is_empty() {
        return Ok(());
    }
    let entry = audit(viewer, "organization", before.revision + 1, SettingsChange::Organization, fields)?;
    saved(app.deps.store.save_organization(after, image, &entry).await?)
}

/// The organization past every replica's lag.
async fn newest(app: &App, viewer: &Viewer) -> Result<Organization, Response> {
    match app.deps.store.get_visit(&viewer.token, Consistency::Strong).await {
        Ok(Some(visit)) => Ok(visit.organization),
        Ok(None) => Err(viewer.not_found()),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn form(viewer: &Viewer, status: StatusCode, shown: Shown<'_>) -> Response {
    let body = page::body(viewer, &shown);
    show(viewer, status, Sheet { title: "Organization", tab: PATH, wide: false, script: None, body })
}
