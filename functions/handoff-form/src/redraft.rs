//! Asking for a new draft of one answer or of all, with more context.

use crate::gate::{Opening, Post};
use crate::input::{has_answers, typed, wants_overwrite};
use crate::reply::{Again, Refusal};
use crate::save::{save, shown_again};
use crate::views::{Message, Typed};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::form::{FieldErrors, FormInput};
use handoff_domain::handoff::{Handoff, PendingRedraft};
use handoff_domain::id::{QuestionId, RunId};
use handoff_domain::limits::{REDRAFT_CONTEXT_MAX_BYTES, REDRAFTS_PER_HANDOFF};
use handoff_domain::message::{QueuedMessage, RedraftAsked, WorkerMessage};
use handoff_runtime::metrics;
use handoff_store::AskOutcome;
use handoff_web::components::Tone;
use handoff_web::error_page::json_response;
use handoff_web::html;
use serde_json::json;

const ACTION: &str = "redraft";

/// `POST /handoff/{token}/redraft`: saves what was typed, counts the wish, queues it.
pub(crate) async fn redraft(post: Post) -> Response {
    ask(&post, typed(&post.form)).await.unwrap_or_else(|refusal| refusal)
}

async fn ask(post: &Post, mut typed: Typed) -> Result<Response, Response> {
    let visit = &post.visit;
    let asked = wish(post, &typed).await?;
    if asked.context.len() > REDRAFT_CONTEXT_MAX_BYTES {
        return Err(refuse(post, &typed, StatusCode::UNPROCESSABLE_ENTITY, TOO_LONG).await);
    }
    if has_answers(&typed) && post.form.last("version").is_some() {
        save(post, &typed, ACTION).await?;
        // What is saved is read back; only the words for the new draft are still unsaved.
        typed.input = FormInput::default();
    }
    let pending =
        PendingRedraft { run: asked.run.clone(), question: asked.question.clone(), asked_at: visit.now };
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let store = &visit.app.deps.store;
    let outcome = store.ask_redraft(organization, account, &visit.token.hash(), &pending, visit.now).await;
    match outcome.map_err(|error| post.failure(&error, error.is_retryable(), ACTION))? {
        AskOutcome::Asked => {}
        // The answer to our own first call was lost, and its repeat found our own wish.
        AskOutcome::Refused(Some(handoff)) if is_pending(&handoff, &asked.run) => {}
        AskOutcome::Refused(None) => return Err(visit.not_found()),
        AskOutcome::Refused(Some(handoff)) => return Err(refused(post, &typed, &handoff).await),
    }
    let run = asked.run.clone();
    // The worker reads the handoff, and with it the correlation id that is not known here.
    let message = QueuedMessage { correlation: None, message: WorkerMessage::RedraftAsked(asked) };
    if let Err(error) = visit.app.deps.queue.send(&message).await {
        tracing::error!(error = handoff_runtime::report(&error), "a new draft could not be queued");
        // The worker ignores a run that is not the pending one, so taking it back is safe even if the queue has it.
        if let Err(error) = store.withdraw_redraft(organization, account, &run, visit.now).await {
            tracing::error!(
                error = handoff_runtime::report(&error),
                "a request for a new draft could not be withdrawn"
            );
        }
        return Err(refuse(post, &typed, StatusCode::SERVICE_UNAVAILABLE, QUEUE_AWAY).await);
    }
    metrics::REDRAFT_ASKED.count();
    if visit.json {
        return Ok(json_response(StatusCode::ACCEPTED, &json!({"run": run})));
    }
    Ok(visit.back())
}

fn is_pending(handoff: &Handoff, run: &RunId) -> bool {
    handoff.redraft.as_ref().is_some_and(|pending| pending.run == *run)
}

/// What is asked for. A question that this handoff does not ask is no wish of our page.
async fn wish(post: &Post, typed: &Typed) -> Result<RedraftAsked, Response> {
    let visit = &post.visit;
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let key = post.form.last("question").map(str::trim).unwrap_or_default();
    let question = match key {
        "" => None,
        key => {
            let questions = visit.app.questions(organization, account, &FormInput::default()).await;
            let questions = questions.map_err(|error| post.failure(&error, error.is_retryable(), ACTION))?;
            let id = QuestionId::parse(key)
                .ok()
                .filter(|id| questions.is_some_and(|all| all.questions.find(id).is_some()));
            Some(id.ok_or_else(|| Refusal::status(StatusCode::BAD_REQUEST).respond(visit.json))?)
        }
    };
    let own = typed.contexts.get(key).or_else(|| typed.contexts.get(""));
    // Unique, so that a run that is pending already under this name can only be our own.
    let run = RunId::parse(format!("redraft-{}-{:08x}", visit.now.as_microsecond(), rand::random::<u32>()))
        .map_err(|error| post.failure(&error, false, ACTION))?;
    Ok(RedraftAsked {
        organization: organization.clone(),
        account: account.clone(),
        run,
        question,
        context: own.map(|text| text.replace("\r\n", "\n")).unwrap_or_default(),
        overwrite: wants_overwrite(&post.form, key),
    })
}

type Words = (&'static str, &'static str);
const TOO_LONG: Words =
    ("That is too much at once", "Please keep what you add for a new draft under 10,000 characters.");
const QUEUE_AWAY: Words = (
    "A new draft cannot be asked for right now",
    "Please try again in a few minutes. Nothing that you typed is lost, and this try does not count.",
);
const USED_UP: Words = (
    "No new drafts are left for this handoff",
    "You have asked as often as one handoff allows. Please edit the answers by hand: nothing that you typed is lost.",
);
const UNDER_WAY: Words =
    ("A new draft is on its way already", "Wait for it, then ask again. Nothing that you typed is lost.");

async fn refused(post: &Post, typed: &Typed, handoff: &Handoff) -> Response {
    if post.visit.opening(handoff) != Opening::Form {
        return crate::save::conflict(post, typed, ACTION).await;
    }
    if handoff.redrafts >= REDRAFTS_PER_HANDOFF {
        return refuse(post, typed, StatusCode::TOO_MANY_REQUESTS, USED_UP).await;
    }
    refuse(post, typed, StatusCode::CONFLICT, UNDER_WAY).await
}

async fn refuse(post: &Post, typed: &Typed, status: StatusCode, (title, words): Words) -> Response {
    if post.visit.json {
        return json_response(status, &json!({"error": title}));
    }
    let errors = FieldErrors::new();
    let message =
        Message { tone: Tone::Caution, title, body: html! { p { (words) } (lost_contexts(typed)) } };
    let again = Again { status, typed, errors: &errors, conflict: false, message: Some(message) };
    shown_again(post, again, ACTION).await
}

/// Words for a new draft, also where the page has no field for them any more.
fn lost_contexts(typed: &Typed) -> handoff_web::Markup {
    html! { @for text in typed.contexts.values().filter(|text| !text.trim().is_empty()) { p.quoted { (text) } } }
}
