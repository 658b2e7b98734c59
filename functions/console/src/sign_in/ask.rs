//! Asking for a link: the same answer, after the same calls, for every address.

use super::pages;
use super::then::own_path;
use crate::app::App;
use crate::gate::Stranger;
use crate::reply;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::Response;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::{OutboxId, ParseIdError, SignInId};
use handoff_domain::limits::{SIGN_IN_WINDOW_MINUTES, SIGN_INS_PER_ADDRESS, SIGN_INS_PER_ORGANIZATION};
use handoff_domain::outbox::{MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail, SignInLink};
use handoff_domain::sign_in::{AddressHash, BrowserSecret, SignIn};
use handoff_runtime::metrics;
use handoff_store::StoreError;
use handoff_web::error_page::ErrorPage;
use handoff_web::form::Form;
use handoff_web::html;
use std::sync::Arc;

/// How long a browser may take between the page and the link, in seconds: an hour.
const BROWSER_SECONDS: u32 = 3600;

/// `GET /sign-in`: asks for the address. `sent` and `out` say what happened before, `then` where to go afterwards.
pub(crate) async fn page(State(app): State<Arc<App>>, uri: Uri, stranger: Stranger) -> Response {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let browser = stranger.browser.unwrap_or_else(new_browser);
    let csrf = app.deps.link_keys.browser_csrf(&browser);
    let then = query.last("then").map_or("", own_path);
    let page = match (query.last("sent"), query.last("out")) {
        (Some(_), _) => pages::sent(then),
        (None, out) => pages::ask(&csrf, then, "", None, out.is_some()),
    };
    with_browser(&app, &browser, page.respond(StatusCode::OK))
}

/// `POST /sign-in`: mails a link where an organization knows the address; 303 either way.
pub(crate) async fn ask(State(app): State<Arc<App>>, stranger: Stranger) -> Response {
    let Some(browser) = stranger.browser.clone() else {
        return ErrorPage::new(StatusCode::FORBIDDEN).respond(false);
    };
    let typed = stranger.form.last("email").unwrap_or_default();
    let then = own_path(stranger.form.last("then").unwrap_or_default());
    let Ok(address) = EmailAddress::parse(typed) else {
        let csrf = app.deps.link_keys.browser_csrf(&browser);
        let error = "Type your work address, for example kim@company.com.";
        let page = pages::ask(&csrf, then, typed, Some(error), false);
        return page.respond(StatusCode::UNPROCESSABLE_ENTITY);
    };
    match mail_link(&app, &stranger, &address, &browser, then).await {
        Ok(true) => {}
        Ok(false) => return too_often(),
        Err(AskError::Store(error)) => {
            return reply::failure(&error, error.is_retryable(), stranger.request);
        }
        Err(AskError::Id(error)) => return reply::failure(&error, false, stranger.request),
    }
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("then", then).finish();
    with_browser(&app, &browser, reply::redirect(&format!("/sign-in?sent=1&{query}")))
}

enum AskError {
    Store(StoreError),
    Id(ParseIdError),
}

impl From<StoreError> for AskError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Three calls for every address: a count, who knows it, and a transaction. `false` when it was asked for too often.
async fn mail_link(
    app: &App,
    stranger: &Stranger,
    address: &EmailAddress,
    browser: &BrowserSecret,
    then: &str,
) -> Result<bool, AskError> {
    let (store, hash, now) = (&app.deps.store, AddressHash::of(address), stranger.now);
    if !store.count_sign_in(&hash, SIGN_INS_PER_ADDRESS, now).await? {
        metrics::SIGN_IN_REFUSED.count("address_limit");
        return Ok(false);
    }
    let organizations = store.list_known_by(&hash).await?;
    let id = SignInId::from_random(rand::random());
    let owner = organizations.first().cloned();
    let keys = &app.deps.link_keys;
    let wish = SignIn::begin(keys, id, hash, browser, organizations, then.to_owned(), now);
    let owed = match owner {
        None => None,
        Some(organization) => Some(OutboxEntry::new(
            OutboxKey {
                organization,
                account: None,
                owed_at: now,
                id: OutboxId::parse(format!("sign-in-{}", wish.id)).map_err(AskError::Id)?,
            },
            vec![OwedMail {
                to: EmailAddress::parse(address.folded()).unwrap_or_else(|_| address.clone()),
                reply_to: None,
                content: MailContent::SignIn(SignInLink { id: wish.id.clone(), hash: wish.hash.clone() }),
                status: MailStatus::Owed,
            }],
        )),
    };
    // Whoever asks learns nothing of this limit: it would tell known addresses from strangers'.
    if !store.create_sign_in(&wish, owed.as_ref(), SIGN_INS_PER_ORGANIZATION, now).await? {
        metrics::SIGN_IN_REFUSED.count("organization_limit");
        tracing::warn!("too many sign-in links for one organization");
        return Ok(true);
    }
    metrics::SIGN_IN_ASKED.count();
    Ok(true)
}

fn too_often() -> Response {
    let more = html! {
        p { "This address asked for " (SIGN_INS_PER_ADDRESS) " links within " (SIGN_IN_WINDOW_MINUTES) " minutes. Use the newest mail, or ask again in a quarter of an hour." }
    };
    let mut response = ErrorPage::new(StatusCode::TOO_MANY_REQUESTS).respond_with(more);
    let wait = (SIGN_IN_WINDOW_MINUTES * 60).to_string();
    if let Ok(wait) = wait.parse() {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

fn new_browser() -> BrowserSecret {
    BrowserSecret::from_random(rand::random())
}

fn with_browser(app: &App, browser: &BrowserSecret, mut response: Response) -> Response {
    if let Some(cookie) = app.door.browser.set(&browser.reveal(), BROWSER_SECONDS) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
