//! Saving while typing, and noting that a person opened the form.

use crate::gate::{Opening, Post};
use crate::input::{seen_version, typed};
use crate::reply::{Again, Refusal};
use crate::views::{Message, Typed};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use handoff_domain::form::FieldErrors;
use handoff_runtime::metrics;
use handoff_store::SaveOutcome;
use handoff_web::components::Tone;
use handoff_web::error_page::json_response;
use handoff_web::html;
use serde_json::json;

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
        Ok(version) if post.visit.json => {
            let mut response = json_response(StatusCode::OK, &json!({"version": version}));
            post.visit.mark_fresh(&mut response);
            response
        }
        Ok(_) => post.visit.back(),
        Err(refusal) => refusal,
    }
}

/// Saves what was typed; the new version, or the answer that says why not and keeps all of it.
pub(crate) async fn save(post: &Post, typed: &Typed, action: &str) -> Result<u64, Response> {
    let visit = &post.visit;
    let Some(seen) = seen_version(&post.form) else {
        return Err(Refusal::status(StatusCode::BAD_REQUEST).respond(visit.json));
    };
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let failed = |error: handoff_store::StoreError| post.failure(&error, error.is_retryable(), action);
    let questions = visit.app.questions(organization, account).await.map_err(failed)?;
    let Some(questions) = questions else { return Err(visit.not_found()) };
    let changes = match typed.input.check(&questions) {
        Ok(changes) => changes,
        Err(errors) => return Err(refused_fields(post, typed, errors, action).await),
    };
    let (store, hash) = (&visit.app.deps.store, visit.token.hash());
    let saved = store.save_answers(organization, account, &hash, seen, &changes, visit.now).await;
    match saved.map_err(failed)? {
        SaveOutcome::Saved { version } => Ok(version),
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
