//! Saving while typing, and noting that a person opened the form.

use crate::gate::{Opening, Post, Visit};
use crate::input::{seen_version, typed};
use crate::reply::{Again, Refusal, answers_json};
use crate::views::{Message, Typed};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use handoff_domain::answer::AnswerValue;
use handoff_domain::form::{Changes, FieldErrors};
use handoff_domain::id::QuestionId;
use handoff_runtime::metrics;
use handoff_store::SaveOutcome;
use handoff_web::components::Tone;
use handoff_web::error_page::json_response;
use handoff_web::html;
use serde_json::json;
use std::collections::BTreeMap;

/// `POST /handoff/{token}/opened`: 204.
pub(crate) async fn opened(post: Post) -> Response {
    let visit = &post.visit;
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    match visit.app.deps.store.record_opened(organization, account, &visit.token.hash(), visit.now).await {
        Ok(()) => {
            metrics::HANDOFF_OPENED.count();
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => post.failure(&error, error.is_retryable(), "opened"),
    }
}

/// `POST /handoff/{token}/answers`: saves what was sent.
pub(crate) async fn answers(post: Post) -> Response {
    let typed = typed(&post.form);
    match save(&post, &typed, "answers").await {
        Ok(saved) if post.visit.json => {
            let mut body = json!({"version": saved.version});
            if !saved.following.is_empty() {
                body["answers"] =
                    answers_json(saved.following.iter().map(|(id, value)| (id, value.as_ref())));
            }
            let mut response = json_response(StatusCode::OK, &body);
            post.visit.mark_fresh(&mut response);
            response
        }
        Ok(_) => post.visit.back(),
        Err(refusal) => refusal,
    }
}

/// Answers that change because of how conflicts are settled.
type Following = BTreeMap<QuestionId, Option<AnswerValue>>;

/// What was kept.
pub(crate) struct Saved {
    /// The handoff's new version.
    pub(crate) version: u64,
    /// Answers that changed beside what was sent.
    pub(crate) following: Following,
}

/// Saves what was typed; or the answer that says why not and keeps all of it.
pub(crate) async fn save(post: &Post, typed: &Typed, action: &str) -> Result<Saved, Response> {
    let visit = &post.visit;
    let Some(seen) = seen_version(&post.form) else {
        return Err(Refusal::status(StatusCode::BAD_REQUEST).respond(visit.json));
    };
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let failed = |error: handoff_store::StoreError| post.failure(&error, error.is_retryable(), action);
    let questions = visit.app.questions(organization, account, &typed.input).await.map_err(failed)?;
    let Some(questions) = questions else { return Err(visit.not_found()) };
    let mut changes = match typed.input.check(&questions) {
        Ok(changes) => changes,
        Err(errors) => return Err(refused_fields(post, typed, errors, action).await),
    };
    let following = if changes.need_what_is_stored(&questions) {
        following(visit, &changes, seen).await.map_err(failed)?
    } else {
        Following::new()
    };
    changes.answers.extend(following.clone());
    let (store, hash) = (&visit.app.deps.store, visit.token.hash());
    let saved = store.save_answers(organization, account, &hash, seen, &changes, visit.now).await;
    match saved.map_err(failed)? {
        SaveOutcome::Saved { version } => Ok(Saved { version, following }),
        SaveOutcome::TooLarge => {
            let remedy = "This handoff holds too much text. Please shorten the longest answers.".to_owned();
            Err(refused_fields(post, typed, FieldErrors::from([("answers".to_owned(), remedy)]), action)
                .await)
        }
        SaveOutcome::Refused(None) => Err(visit.not_found()),
        SaveOutcome::Refused(Some(handoff)) if visit.json && visit.opening(&handoff) == Opening::Form => {
            Err(crate::reply::conflict_json(&handoff))
        }
        SaveOutcome::Refused(Some(_)) => Err(conflict(post, typed, action).await),
    }
}

/// The answers that follow from `changes` to the handoff of the version `seen`: the one that the write holds for. Nothing
/// for any other, which the write refuses. The only save that must read first: a version was chosen and the answer that
/// came with it does not say so yet.
async fn following(
    visit: &Visit,
    changes: &Changes,
    seen: u64,
) -> Result<Following, handoff_store::StoreError> {
    let page = visit.read_again().await?;
    let stored = page.filter(|page| page.handoff.version == seen);
    Ok(stored
        .and_then(|page| Some(page.handoff.answers_that_follow(page.drafts.as_ref()?, changes)))
        .unwrap_or_default())
}

/// 422: the form again, or the errors by field.
pub(crate) async fn refused_fields(
    post: &Post,
    typed: &Typed,
    errors: FieldErrors,
    action: &str,
) -> Response {
    const STATUS: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
    if post.visit.json {
        return json_response(STATUS, &json!({"errors": errors}));
    }
    let again = Again { status: STATUS, typed, errors: &errors, conflict: false, message: None };
    shown_again(post, again, action).await
}

/// 409: the form again with what was typed beside what is saved.
pub(crate) async fn conflict(post: &Post, typed: &Typed, action: &str) -> Response {
    let errors = FieldErrors::new();
    let again = Again {
        status: StatusCode::CONFLICT,
        typed,
        errors: &errors,
        conflict: true,
        message: Some(stale()),
    };
    shown_again(post, again, action).await
}

/// What the top of a conflict's page says.
pub(crate) fn stale() -> Message {
    Message {
        tone: Tone::Caution,
        title: "Someone saved while you were typing",
        body: html! {
            p { "Nothing is lost and nothing was overwritten. Your text is in the fields; where the saved text differs, it stands beside. Check those, then save or hand over." }
        },
    }
}

/// Reads the form anew and shows it again; or why it cannot be shown, with what was typed.
pub(crate) async fn shown_again(post: &Post, again: Again<'_>, action: &str) -> Response {
    match post.visit.read_again().await {
        Ok(Some(page)) => match post.visit.opening(&page.handoff) {
            Opening::Form => post.visit.form_again(&page, again),
            other => post.too_late(&page, other),
        },
        Ok(None) => post.visit.not_found(),
        Err(error) => post.failure(&error, error.is_retryable(), action),
    }
}
