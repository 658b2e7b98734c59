//! Integrations: what flows on into HubSpot, Slack and endpoints, how it goes, and every message.

mod connected;
pub(crate) mod endpoints;
pub(crate) mod messages;
mod page;
mod words;

use super::{Sheet, Unsaved, audit, saved, show};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use connected::{Typed, changes};
use handoff_domain::audit::{FieldChange, SettingsChange};
use handoff_domain::delivery::Delivery;
use handoff_domain::id::EndpointId;
use handoff_domain::integration::{Integrations, Target};
use handoff_store::{Consistency, StoreError};
use handoff_web::Markup;
use std::collections::BTreeMap;
use std::sync::Arc;

const PATH: &str = "/settings/integrations";

/// Messages by which the page says how each target goes.
const NEWEST: u16 = 50;

/// What is wrong, by field.
type Errors = BTreeMap<String, String>;

/// What a page shows: what is wanted, and how the newest messages went.
struct Now {
    integrations: Integrations,
    newest: Vec<Delivery>,
}

/// `GET /settings/integrations`.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, uri: Uri) -> Response {
    let now = match now(&app, &viewer, viewer.consistency).await {
        Ok(now) => now,
        Err(refused) => return refused,
    };
    let typed = Typed::of(&now.integrations);
    let news = super::done(uri.query(), "The integrations are saved.");
    form(&viewer, StatusCode::OK, &now, &typed, &Errors::new(), &news)
}

/// `POST /settings/integrations`: what HubSpot and Slack are told.
pub(crate) async fn save(State(app): State<Arc<App>>, post: Post) -> Response {
    let viewer = &post.viewer;
    let mut now = match now(&app, viewer, Consistency::Strong).await {
        Ok(now) => now,
        Err(refused) => return refused,
    };
    let mut typed = Typed::read(&post.form);
    let after = match typed.check(&app.deps, &viewer.organization.id, &now.integrations) {
        Ok(after) => after,
        Err(errors) => {
            let news = page::summary(&errors);
            return form(viewer, StatusCode::UNPROCESSABLE_ENTITY, &now, &typed, &errors, &news);
        }
    };
    let fields = changes(&now.integrations, &after, typed.has_new_secret());
    match keep(
        &app,
        viewer,
        &typed.revision,
        &now.integrations,
        &after,
        (SettingsChange::Integrations, fields),
    )
    .await
    {
        Ok(()) => see_other(&app, "/settings/integrations?saved=1"),
        Err(Unsaved::Conflict) => {
            typed.revision = now.integrations.revision.to_string();
            now.newest.clear();
            let news = super::conflict(&changes(&now.integrations, &after, false));
            form(viewer, StatusCode::CONFLICT, &now, &typed, &Errors::new(), &news)
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

/// `POST /settings/integrations/test`: a message to Slack that only tries whether messages arrive.
pub(crate) async fn test_slack(State(app): State<Arc<App>>, post: Post) -> Response {
    match now(&app, &post.viewer, Consistency::Strong).await {
        Ok(now) if now.integrations.slack.is_some() => test(&app, &post.viewer, Target::Slack).await,
        Ok(_) => post.viewer.not_found(),
        Err(refused) => refused,
    }
}

/// Owes a test and leads to where its fate is told.
async fn test(app: &App, viewer: &Viewer, target: Target) -> Response {
    let test = Delivery::test(&viewer.organization.id, target, viewer.now, rand::random());
    match app.deps.store.put_delivery(&test).await {
        Ok(_) => see_other(app, &format!("{PATH}/messages/{}", test.id)),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

async fn now(app: &App, viewer: &Viewer, consistency: Consistency) -> Result<Now, Response> {
    let id = &viewer.organization.id;
    let read = async {
        let (found, newest) = tokio::try_join!(
            app.deps.store.get_integrations(id, consistency),
            app.deps.store.list_deliveries(id, None, NEWEST)
        )?;
        let integrations = found.map(|(_, integrations)| integrations).unwrap_or_default();
        Ok::<_, StoreError>(Now { integrations, newest })
    };
    read.await.map_err(|error| viewer.failure(&error, error.is_retryable()))
}

/// Holds for the revision that the page was shown with. What changes nothing is written nowhere.
async fn keep(
    app: &App,
    viewer: &Viewer,
    shown: &str,
    before: &Integrations,
    after: &Integrations,
    (change, fields): (SettingsChange, Vec<FieldChange>),
) -> Result<(), Unsaved> {
    if shown != before.revision.to_string() {
        return Err(Unsaved::Conflict);
    }
    if after == before {
        return Ok(());
    }
    let entry = audit(viewer, "integrations", before.revision + 1, change, fields)?;
    saved(app.deps.store.put_integrations(&viewer.organization.id, after, Some(&entry)).await?)
}

fn form(
    viewer: &Viewer,
    status: StatusCode,
    now: &Now,
    typed: &Typed,
    errors: &Errors,
    news: &Markup,
) -> Response {
    let body = page::body(viewer, now, typed, errors, news);
    show(viewer, status, Sheet { title: "Integrations", tab: PATH, wide: false, script: None, body })
}

fn endpoint_path(id: &EndpointId) -> String {
    format!("{PATH}/endpoints/{id}")
}
