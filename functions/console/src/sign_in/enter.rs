//! Using a link: shown by GET, which consumes nothing, because mail scanners open links; used once by POST.

use super::pages;
use super::then::own_path;
use crate::app::App;
use crate::gate::Stranger;
use crate::reply;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use handoff_domain::limits::SESSION_LIFE_DAYS;
use handoff_domain::organization::Organization;
use handoff_domain::roster::Member;
use handoff_domain::sign_in::{Session, SessionToken, SignIn, SignInToken};
use handoff_runtime::metrics;
use handoff_store::StoreError;
use handoff_web::error_page::ErrorPage;
use std::sync::Arc;

/// `GET /sign-in/{token}`: one button.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    stranger: Stranger,
) -> Response {
    let token = readable(path);
    let wish = match open_wish(&app, &token, &stranger).await {
        Ok(wish) => wish,
        Err(refused) => return refused,
    };
    match stranger.browser.filter(|browser| wish.browser.is_same(&browser.hash())) {
        Some(browser) => {
            pages::enter(&token, &app.deps.link_keys.browser_csrf(&browser)).respond(StatusCode::OK)
        }
        None => pages::other_browser().respond(StatusCode::OK),
    }
}

/// `POST /sign-in/{token}`: begins the session. Somebody whom several organizations know chooses one.
pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    stranger: Stranger,
) -> Response {
    let token = readable(path);
    let wish = match open_wish(&app, &token, &stranger).await {
        Ok(wish) => wish,
        Err(refused) => return refused,
    };
    let Some(browser) = stranger.browser.as_ref().filter(|browser| wish.browser.is_same(&browser.hash()))
    else {
        metrics::SIGN_IN_REFUSED.count("other_browser");
        return pages::other_browser().respond(StatusCode::FORBIDDEN);
    };
    let mut known = match memberships(&app, &wish).await {
        Ok(known) => known,
        Err(error) => return reply::failure(&error, error.is_retryable(), stranger.request),
    };
    if let Some(chosen) = stranger.form.last("organization") {
        known.retain(|(organization, _)| organization.id.as_str() == chosen);
    }
    match known.as_slice() {
        [] => pages::unknown().respond(StatusCode::GONE),
        [(organization, member)] => begin(&app, &stranger, &wish, organization, member).await,
        several => {
            let csrf = app.deps.link_keys.browser_csrf(browser);
            pages::choose(&token, &csrf, several).respond(StatusCode::OK)
        }
    }
}

/// A token that cannot even be read is a wrong one like any other.
fn readable(path: Result<Path<String>, PathRejection>) -> String {
    path.map(|Path(token)| token).unwrap_or_default()
}

/// The wish behind a token, if it is still open: else the page that says so.
async fn open_wish(app: &App, token: &str, stranger: &Stranger) -> Result<SignIn, Response> {
    let not_found = || ErrorPage::new(StatusCode::NOT_FOUND).respond(false);
    let token = SignInToken::parse(token).map_err(|_| not_found())?;
    if !app.deps.link_keys.is_our_sign_in(&token) {
        return Err(not_found());
    }
    let found = app.deps.store.get_sign_in(&token.id).await;
    let found = found.map_err(|error| reply::failure(&error, error.is_retryable(), stranger.request))?;
    let open = found.filter(|wish| wish.hash.is_same(&token.hash()) && wish.is_open(stranger.now));
    open.ok_or_else(|| pages::over().respond(StatusCode::GONE))
}

/// Where the address may sign in now: what the mail promised may be gone.
async fn memberships(app: &App, wish: &SignIn) -> Result<Vec<(Organization, Member)>, StoreError> {
    let organizations = app.deps.store.get_organizations(&wish.organizations).await?;
    let member = |(organization, roster): (Organization, handoff_domain::roster::Roster)| {
        let member = roster.find_signing_in(&wish.address)?.clone();
        Some((organization, member))
    };
    Ok(organizations.into_iter().filter_map(member).collect())
}

async fn begin(
    app: &App,
    stranger: &Stranger,
    wish: &SignIn,
    organization: &Organization,
    member: &Member,
) -> Response {
    let token = SessionToken::from_random(organization.id.clone(), rand::random());
    let session = Session::begin(&token, member, stranger.now);
    match app.deps.store.begin_session(wish, &session, stranger.now).await {
        Ok(true) => {}
        Ok(false) => return pages::over().respond(StatusCode::GONE),
        Err(error) => return reply::failure(&error, error.is_retryable(), stranger.request),
    }
    metrics::SIGNED_IN.count();
    tracing::info!(organization = %organization.id, member = %member.id, "signed in");
    // Read freshly at first: the session was written just now.
    let mut response = reply::see_other(app, own_path(&wish.then));
    let life = u32::try_from(SESSION_LIFE_DAYS * 24 * 3600).unwrap_or(u32::MAX);
    for cookie in
        [app.door.session.set(&token.reveal(), life), app.door.browser.set("", 0)].into_iter().flatten()
    {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
