//! One endpoint: its address, what it is told, its signing secret, and what can be done with it.

mod form;

use super::{Errors, Now, PATH, Unsaved, endpoint_path, keep, now, test, words};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use crate::settings::{Sheet, conflict, done, show};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use form::{Typed, changes};
use handoff_domain::audit::SettingsChange;
use handoff_domain::fact::Fact;
use handoff_domain::id::EndpointId;
use handoff_domain::integration::{ENDPOINTS_MAX, Endpoint, Integrations, Target};
use handoff_store::Consistency;
use handoff_web::components::{Tone, field_error, notice};
use handoff_web::fields::{Field, tick};
use handoff_web::{Markup, html};
use std::sync::Arc;

/// `GET /settings/integrations/endpoints/new`.
pub(crate) async fn new(State(app): State<Arc<App>>, viewer: Viewer) -> Response {
    match now(&app, &viewer, viewer.consistency).await {
        Ok(now) => {
            let typed = Typed::empty(&now.integrations);
            answer(&app, &viewer, StatusCode::OK, (&now, None), &typed, &Errors::new(), &html! {})
        }
        Err(refused) => refused,
    }
}

/// `POST /settings/integrations/endpoints`.
pub(crate) async fn add(State(app): State<Arc<App>>, post: Post) -> Response {
    change(&app, &post, None).await
}

/// `GET /settings/integrations/endpoints/{id}`.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path(id): Path<String>,
    uri: Uri,
) -> Response {
    let now = match now(&app, &viewer, viewer.consistency).await {
        Ok(now) => now,
        Err(refused) => return refused,
    };
    let Some(endpoint) = find(&now.integrations, &id) else { return viewer.not_found() };
    let typed = Typed::of(endpoint, &now.integrations);
    let news = done(uri.query(), "The endpoint is saved.");
    answer(&app, &viewer, StatusCode::OK, (&now, Some(endpoint)), &typed, &Errors::new(), &news)
}

/// `POST /settings/integrations/endpoints/{id}`.
pub(crate) async fn save(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    match EndpointId::parse(id) {
        Ok(id) => change(&app, &post, Some(id)).await,
        Err(_) => post.viewer.not_found(),
    }
}

/// `POST /settings/integrations/endpoints/{id}/{step}`: `test`, `secret`, `pause`, `resume`, `remove`.
pub(crate) async fn step(
    State(app): State<Arc<App>>,
    Path((id, step)): Path<(String, String)>,
    post: Post,
) -> Response {
    let viewer = &post.viewer;
    let now = match now(&app, viewer, Consistency::Strong).await {
        Ok(now) => now,
        Err(refused) => return refused,
    };
    let before = &now.integrations;
    let Some(endpoint) = find(before, &id) else { return viewer.not_found() };
    let mut after = before.clone();
    let name = endpoint.name.clone();
    let mut edit = |change: fn(&mut Endpoint, handoff_domain::Timestamp)| {
        for one in after.endpoints.iter_mut().filter(|one| one.id == endpoint.id) {
            change(one, viewer.now);
        }
    };
    let (told, to) = match step.as_str() {
        "test" => return test(&app, viewer, Target::Endpoint(endpoint.id.clone())).await,
        "secret" => {
            edit(|one, now| {
                one.generation += 1;
                one.rotated_at = Some(now);
            });
            (SettingsChange::EndpointSecretReplaced { name }, endpoint_path(&endpoint.id))
        }
        "pause" => {
            edit(|one, now| one.paused_at = one.paused_at.or(Some(now)));
            (SettingsChange::EndpointChanged { name }, endpoint_path(&endpoint.id))
        }
        "resume" => {
            edit(|one, _| one.paused_at = None);
            (SettingsChange::EndpointChanged { name }, endpoint_path(&endpoint.id))
        }
        "remove" => {
            after.endpoints.retain(|one| one.id != endpoint.id);
            (SettingsChange::EndpointRemoved { name }, PATH.to_owned())
        }
        _ => return viewer.not_found(),
    };
    let fields = changes(Some(endpoint), after.endpoint(&endpoint.id), false);
    let shown = post.form.last("revision").unwrap_or_default();
    match keep(&app, viewer, shown, before, &after, (told, fields)).await {
        Ok(()) => see_other(&app, &format!("{to}?saved=1")),
        Err(Unsaved::Conflict) => {
            let typed = Typed::of(endpoint, before);
            answer(
                &app,
                viewer,
                StatusCode::CONFLICT,
                (&now, Some(endpoint)),
                &typed,
                &Errors::new(),
                &conflict(&[]),
            )
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

/// Adds an endpoint, or changes a known one.
async fn change(app: &App, post: &Post, known: Option<EndpointId>) -> Response {
    let viewer = &post.viewer;
    let now = match now(app, viewer, Consistency::Strong).await {
        Ok(now) => now,
        Err(refused) => return refused,
    };
    let before = &now.integrations;
    let endpoint = known.as_ref().and_then(|id| before.endpoint(id));
    if known.is_some() && endpoint.is_none() {
        return viewer.not_found();
    }
    let mut typed = Typed::read(&post.form);
    let id = known.clone().unwrap_or_else(|| EndpointId::from_random(rand::random()));
    let checked = typed.check(&app.deps, &viewer.organization.id, &id, endpoint);
    let is_full = known.is_none() && before.endpoints.len() >= ENDPOINTS_MAX;
    let full = || "There are ten endpoints, and that is the most. Remove one first.".to_owned();
    let checked = if is_full { Err(Errors::from([("name".to_owned(), full())])) } else { checked };
    let made = match checked {
        Ok(made) => made,
        Err(errors) => {
            let news = form::summary(&errors);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return answer(app, viewer, status, (&now, endpoint), &typed, &errors, &news);
        }
    };
    let mut after = before.clone();
    match after.endpoints.iter_mut().find(|one| one.id == id) {
        Some(one) => *one = made.clone(),
        None => after.endpoints.push(made.clone()),
    }
    let name = made.name.clone();
    let told = match endpoint {
        Some(_) => SettingsChange::EndpointChanged { name },
        None => SettingsChange::EndpointAdded { name },
    };
    let fields = changes(endpoint, Some(&made), !typed.url.is_empty());
    match keep(app, viewer, &typed.revision, before, &after, (told, fields)).await {
        Ok(()) => see_other(app, &format!("{}?saved=1", endpoint_path(&id))),
        Err(Unsaved::Conflict) => {
            typed.revision = before.revision.to_string();
            let news = conflict(&changes(endpoint, Some(&made), false));
            answer(app, viewer, StatusCode::CONFLICT, (&now, endpoint), &typed, &Errors::new(), &news)
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

fn find<'a>(integrations: &'a Integrations, id: &str) -> Option<&'a Endpoint> {
    integrations.endpoint(&EndpointId::parse(id).ok()?)
}

fn answer(
    app: &App,
    viewer: &Viewer,
    status: StatusCode,
    (now, endpoint): (&Now, Option<&Endpoint>),
    typed: &Typed,
    errors: &Errors,
    news: &Markup,
) -> Response {
    let title = endpoint.map_or("Add an endpoint", |endpoint| endpoint.name.as_str());
    let action = endpoint.map_or_else(|| format!("{PATH}/endpoints"), |endpoint| endpoint_path(&endpoint.id));
    let field = |name: &'static str, label, value| Field::text(name, label, value).error(errors.get(name));
    let url_help = match endpoint {
        Some(_) => "Kept, and not shown again, since it may hold a secret. Type another one to replace it.",
        None => "Begins with https:// and leads to the public internet.",
    };
    let body = html! {
        nav.small aria-label="Up" { a href=(PATH) { "Integrations" } }
        h1 { (title) }
        (news)
        @if endpoint.is_some_and(|endpoint| endpoint.paused_at.is_some()) {
            (notice(Tone::Caution, "This endpoint is paused", false, html! { p { "It is told nothing until you resume it. What happens meanwhile is not told later." } }))
        }
        form method="post" action=(action) novalidate {
            (viewer.proof())
            input type="hidden" name="revision" value=(typed.revision);
            section.card.stack {
                div.fields {
                    (field("name", "Name", &typed.name).help("For your own people.").input())
                    div.whole { (field("url", "Address", &typed.url).kind("url").help(url_help).input()) }
                }
                fieldset #fact {
                    legend.field-label { "What it is told" }
                    (field_error("fact-error", errors.get("fact")))
                    div.choices { @for fact in Fact::ALL { (tick("fact", fact.as_str(), fact.label(), typed.facts.contains(fact.as_str()))) } }
                }
            }
            div.actions { button.button { "Save" } a.button.button--quiet href=(PATH) { "Cancel" } }
        }
        @if let Some(endpoint) = endpoint { (beside(app, viewer, now, endpoint)) }
    };
    show(viewer, status, Sheet { title, tab: PATH, wide: false, script: None, body })
}

/// What can be done with an endpoint that is there.
fn beside(app: &App, viewer: &Viewer, now: &Now, endpoint: &Endpoint) -> Markup {
    let secrets =
        app.deps.link_keys.webhook_secrets(&viewer.organization.id, &endpoint.id, &[endpoint.generation]);
    let has_two = endpoint.generations(viewer.now).len() > 1;
    let step = |name: &str, label: &str, class: &str| {
        html! {
            form method="post" action={ (endpoint_path(&endpoint.id)) "/" (name) } {
                (viewer.proof())
                input type="hidden" name="revision" value=(now.integrations.revision);
                button class=(class) { (label) }
            }
        }
    };
    html! {
        section.card.stack {
            h2 { "Does it arrive?" }
            p { (endpoint.host) }
            (words::state(viewer, now, &Target::Endpoint(endpoint.id.clone())))
            div.actions {
                (step("test", "Send a test", "button button--quiet"))
                a.button.button--quiet href={ (PATH) "/messages?target=" (Target::Endpoint(endpoint.id.clone())) } { "Its messages" }
            }
        }
        section.card.stack {
            h2 { "Signing secret" }
            p { "Every message is signed with it, so that the receiver can tell yours from anybody else's." }
            @if has_two { p { "Replaced less than a day ago: until then messages are signed with the one before as well." } }
            details {
                summary { "Show the secret" }
                @for secret in secrets.iter().take(1) { p { code.wrap { (secret) } } }
            }
            div.actions { (step("secret", "Replace the secret", "button button--quiet")) }
        }
        section.card.stack {
            h2 { "Stop" }
            div.actions {
                @if endpoint.paused_at.is_some() { (step("resume", "Resume", "button button--quiet")) }
                @else { (step("pause", "Pause", "button button--quiet")) }
                (step("remove", "Remove", "button button--danger"))
            }
        }
    }
}
