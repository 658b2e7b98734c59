//! `/accounts/{id}/welcome`: the first mail to the customer, drafted, personalised, looked at as it will be received, and
//! sent because a person chose to. GET changes nothing; each post reads the account strongly and is one transaction.

mod pages;
mod shown;

use super::account::{Said, find, read};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::{View, see_other};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use handoff_domain::event::{Event, What, Who};
use handoff_domain::id::RunId;
use handoff_domain::message::{QueuedMessage, WelcomeAsked, WorkerMessage};
use handoff_domain::owed;
use handoff_domain::plan::Purpose;
use handoff_domain::welcome::{Sending, Welcome, WelcomeLetter, WelcomeRefusal};
use handoff_store::AccountView;
use handoff_web::form::Form;
use handoff_web::headers;
pub(super) use shown::Shown;
use std::sync::Arc;

/// The editor.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let account = match find(&app, &viewer, &id, viewer.consistency).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let shown = Shown::new(&viewer, &account);
    let letter = shown.offered(from(query.as_deref().unwrap_or_default()));
    answer(&shown, StatusCode::OK, None, &letter)
}

/// Which of the drafts is asked for.
fn from(query: &str) -> &str {
    query.strip_prefix("from=").unwrap_or_default()
}

fn answer(shown: &Shown<'_>, status: StatusCode, said: Option<&Said>, letter: &WelcomeLetter) -> Response {
    let body = pages::editor(shown, said, letter);
    let view = View { title: "Welcome mail", at: "/accounts/account", wide: true, script: None, body };
    shown.viewer.show(status, view)
}

/// `GET /accounts/{id}/welcome/preview`: what was saved, as each reader will get it.
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let account = match find(&app, &viewer, &id, viewer.consistency).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let shown = Shown::new(&viewer, &account);
    let body = pages::preview(&shown, reader(query.as_deref()));
    let view = View { title: "Preview", at: "/accounts/account", wide: false, script: None, body };
    headers::with_own_frames(viewer.show(StatusCode::OK, view))
}

/// `GET /accounts/{id}/welcome/mail`: the very mail of one reader, for the frame of the preview.
pub(crate) async fn mail(
    State(app): State<Arc<App>>,
    viewer: Viewer,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let account = match find(&app, &viewer, &id, viewer.consistency).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let shown = Shown::new(&viewer, &account);
    let Some(mail) = shown.mail(reader(query.as_deref())) else { return viewer.not_found() };
    let html = handoff_mail::welcome(&mail).html;
    headers::framed_mail(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// Whose mail, from 0, in the order of the letter.
fn reader(query: Option<&str>) -> usize {
    query
        .and_then(|query| query.strip_prefix("reader="))
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// `POST /accounts/{id}/welcome`: `do` is `save`, `preview` or `draft`; anything else sends.
pub(crate) async fn post(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let account = match read(&app, viewer, &id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let asked = Asked { app: &app, viewer, form, account: &account };
    let done = match account.handoff.may_welcome(&viewer.member) {
        Err(refusal) => Err(refusal),
        Ok(()) => match form.last("do").unwrap_or_default() {
            "save" => asked.keep(None).await,
            "preview" => asked.keep(Some("/preview")).await,
            "draft" => asked.draft().await,
            _ => asked.send().await,
        },
    };
    match done {
        Ok(response) => response,
        Err(refusal) => refused(&app, viewer, &id, form, refusal).await,
    }
}

/// Everything that a step is decided from.
struct Asked<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    form: &'a Form,
    account: &'a AccountView,
}

impl Asked<'_> {
    fn path(&self, rest: &str) -> String {
        format!("/accounts/{}{rest}", self.account.handoff.id)
    }

    fn welcome(&self) -> Welcome {
        self.account.welcome.clone().unwrap_or_default()
    }

    fn seen(&self) -> Option<u32> {
        self.form.last("version").and_then(|seen| seen.trim().parse().ok())
    }

    async fn keep(&self, rest: Option<&str>) -> Result<Response, WelcomeRefusal> {
        let (before, letter) = (self.welcome(), typed(self.form));
        let repeated = before.letter.as_ref() == Some(&letter);
        if !repeated {
            let after = before.save(letter, self.seen())?;
            self.write(&after, &[]).await?;
        }
        let rest = rest.map_or_else(|| "/welcome#mail".to_owned(), |rest| format!("/welcome{rest}"));
        Ok(see_other(self.app, &self.path(&rest)))
    }

    /// Keeps what was typed, and asks a model for a draft beside it.
    async fn draft(&self) -> Result<Response, WelcomeRefusal> {
        let (mut welcome, letter) = (self.welcome(), typed(self.form));
        let shown = Shown::new(self.viewer, self.account);
        let is_typed = letter.body != shown.offered("").body || letter.subject != shown.offered("").subject;
        if is_typed {
            welcome = welcome.save(letter, self.seen())?;
        }
        let handoff = &self.account.handoff;
        let run = RunId::parse(format!("w-{:032x}", rand::random::<u128>()));
        let run = run.map_err(|_| WelcomeRefusal::NotNow)?;
        let after = welcome.ask(run.clone(), self.viewer.now)?;
        let what = What::WelcomeDraftAsked { run: run.clone() };
        let cause = format!("welcome-asked-{run}");
        let told = Event::new(handoff, self.viewer.now, cause, Who::from(&*self.viewer.member), what);
        self.write(&after, &[told]).await?;
        let (organization, account) = (handoff.organization.clone(), handoff.id.clone());
        let message = WorkerMessage::WelcomeAsked(WelcomeAsked { organization, account, run });
        let message = QueuedMessage { correlation: handoff.correlation, message };
        if let Err(error) = self.app.deps.queue.send(&message).await {
            // The plain draft stands, and the wish is over in a while by itself.
            tracing::warn!(
                error = handoff_runtime::report(&error),
                "a draft of a welcome mail could not be asked for"
            );
        }
        Ok(see_other(self.app, &self.path("/welcome")))
    }

    async fn write(&self, after: &Welcome, told: &[Event]) -> Result<(), WelcomeRefusal> {
        match self.app.deps.store.put_welcome(&self.account.handoff, after, told).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(WelcomeRefusal::Stale),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Logged here; the person keeps what was typed, and is told that it is not kept.
    fn failed(&self, error: &(dyn std::error::Error + 'static)) -> WelcomeRefusal {
        tracing::error!(error = handoff_runtime::report(error), account = %self.account.handoff.id, "a welcome mail was not kept");
        WelcomeRefusal::Away
    }

    async fn send(&self) -> Result<Response, WelcomeRefusal> {
        let (handoff, viewer) = (&self.account.handoff, self.viewer);
        let who = Who::from(&*viewer.member);
        let again = self.form.last("again") == Some("yes");
        let letter = typed(self.form);
        let before = self.welcome();
        let done = || Ok(see_other(self.app, &self.path("#begin")));
        let after = match before.send(handoff, letter, self.seen(), again, (who.clone(), viewer.now))? {
            Sending::IsGone => return done(),
            Sending::Goes(after) => *after,
        };
        let Some(sent) = after.last_sent() else { return Err(WelcomeRefusal::NotNow) };
        let csm = handoff.csm_in_charge().and_then(|(csm, _)| viewer.roster.find_csm(csm));
        let csm = csm.ok_or(WelcomeRefusal::NoCsm)?;
        let entry = owed::welcome(handoff, &viewer.organization, csm, sent);
        let what = What::WelcomeSent {
            to: u32::try_from(sent.letter.to.len()).unwrap_or(u32::MAX),
            number: u32::try_from(after.sent.len()).unwrap_or(u32::MAX),
            cause: sent.cause.clone(),
        };
        let told = [Event::new(handoff, viewer.now, &sent.cause, who.clone(), what)];
        let plan = self.account.plan.as_ref();
        let moved = plan.and_then(|plan| {
            Some((plan, plan.complete_purpose(handoff, Purpose::Welcome, who.clone(), viewer.now)?))
        });
        let moved = moved.as_ref().map(|(plan, moved)| (*plan, moved));
        match self.app.deps.store.send_welcome(handoff, &after, moved, &entry, &told).await {
            Ok(true) => done(),
            // A second click, or somebody else: what stands there now says which.
            Ok(false) => Err(WelcomeRefusal::Stale),
            Err(error) => Err(self.failed(&error)),
        }
    }
}

/// What was typed and chosen.
fn typed(form: &Form) -> WelcomeLetter {
    let to = form.pairs().filter(|(name, _)| *name == "to").map(|(_, value)| value);
    let field = |name| form.last(name).unwrap_or_default();
    WelcomeLetter::read(to, field("subject"), field("body"))
}

/// The editor again with everything that was typed; a page that lost a race against itself is led to what came of it.
async fn refused(app: &App, viewer: &Viewer, id: &str, form: &Form, refusal: WelcomeRefusal) -> Response {
    let account = match read(app, viewer, id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let letter = typed(form);
    let seen = form.last("version").and_then(|seen| seen.trim().parse().ok());
    let sent = account.welcome.as_ref().and_then(Welcome::last_sent);
    let is_gone = sent.is_some_and(|sent| Some(sent.seen) == seen && sent.letter == letter);
    if refusal == WelcomeRefusal::Stale && is_gone && form.last("do").is_none_or(|what| what == "send") {
        return see_other(app, &format!("/accounts/{}#begin", account.handoff.id));
    }
    let status = match refusal {
        WelcomeRefusal::NotYours => StatusCode::FORBIDDEN,
        WelcomeRefusal::Away => StatusCode::SERVICE_UNAVAILABLE,
        WelcomeRefusal::NotNow
        | WelcomeRefusal::NoCsm
        | WelcomeRefusal::Stale
        | WelcomeRefusal::AlreadySent
        | WelcomeRefusal::SentTooOften
        | WelcomeRefusal::Drafting
        | WelcomeRefusal::DraftedTooOften => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = Shown::new(viewer, &account);
    answer(&shown, status, Some(&Said::caution(refusal.to_string())), &letter)
}
