//! The submit: once and whole.

use crate::app::App;
use crate::documents;
use crate::gate::{Opening, Post};
use crate::input::{seen_version, typed};
use crate::reply::{Again, Refusal};
use crate::save::stale;
use crate::views::Typed;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::form::FieldErrors;
use handoff_domain::handoff::SubmitRefusal;
use handoff_store::{Consistency, HandoffPage, StoreError, SubmitPage};
use handoff_web::error_page::json_response;
use serde_json::json;
use std::sync::Arc;

const ACTION: &str = "submit";

/// `POST /handoff/{token}/submit`: one batch read, one transaction. A repeat answers as the first did.
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let post = match Post::begin(app, path, request).await {
        Ok(post) => post,
        Err(refusal) => return refusal,
    };
    hand_over(&post).await.unwrap_or_else(|refusal| refusal)
}

/// Tries of one submit: the first may have read a moment too early, or lost to the note that the page was opened.
const TRIES: usize = 3;

/// What a cheap read or a lost race refuses is looked at again with a strong read before the AE is told.
async fn hand_over(post: &Post) -> Result<Response, Response> {
    let mut answer = hand_over_as_read(post, post.visit.consistency).await;
    for _ in 1..TRIES {
        match answer {
            Err(refusal) if is_worth_a_look(&refusal) => {
                answer = hand_over_as_read(post, Consistency::Strong).await;
            }
            answer => return answer,
        }
    }
    answer
}

fn is_worth_a_look(refusal: &Response) -> bool {
    matches!(refusal.status(), StatusCode::NOT_FOUND | StatusCode::CONFLICT | StatusCode::GONE)
}

async fn hand_over_as_read(post: &Post, consistency: Consistency) -> Result<Response, Response> {
    let visit = &post.visit;
    let failed = |error: StoreError| post.failure(&error, error.is_retryable(), ACTION);
    let Some(seen) = seen_version(&post.form) else {
        return Err(Refusal::status(StatusCode::BAD_REQUEST).respond(visit.json));
    };
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    let read = visit.app.deps.store.get_submit_page(organization, account, consistency).await;
    let Some(read) = read.map_err(failed)? else { return Err(visit.not_found()) };
    let opening = visit.opening(&read.handoff);
    let (Opening::Form, Some(drafts)) = (opening, &read.drafts) else {
        return Err(if opening == Opening::Receipt {
            visit.back()
        } else {
            post.too_late(&form_page(&read), opening)
        });
    };
    let typed = typed(&post.form);
    let again = |refusal| refused(post, &read, &typed, refusal);
    let changes = typed.input.check(drafts).map_err(|errors| again(SubmitRefusal::Fields(errors)))?;
    let after = read.handoff.submit(drafts, &read.roster, changes, seen, visit.now).map_err(again)?;
    let plan = read.template.apply(visit.now);
    let entry = documents::submitted(&after, drafts, &read.roster, &read.admins, &plan, visit.now)
        .map_err(|error| post.failure(&error, false, ACTION))?;
    if visit.app.deps.store.submit(&read.handoff, &after, &plan, &entry).await.map_err(failed)? {
        return Ok(visit.back());
    }
    // Somebody was faster: the same submit from another tab, or a save.
    match visit.read_again().await.map_err(failed)? {
        Some(page) if visit.opening(&page.handoff) == Opening::Receipt => Ok(visit.back()),
        Some(page) => Err(stale_form(post, &page, &typed)),
        None => Err(visit.not_found()),
    }
}

fn form_page(read: &SubmitPage) -> HandoffPage {
    HandoffPage {
        handoff: read.handoff.clone(),
        drafts: read.drafts.clone(),
        roster: read.roster.clone(),
        loads: read.loads.clone(),
    }
}

fn refused(post: &Post, read: &SubmitPage, typed: &Typed, refusal: SubmitRefusal) -> Response {
    let page = form_page(read);
    match refusal {
        SubmitRefusal::NotAwaiting => post.too_late(&page, post.visit.opening(&page.handoff)),
        SubmitRefusal::Stale => stale_form(post, &page, typed),
        SubmitRefusal::Fields(errors) if post.visit.json => {
            json_response(StatusCode::UNPROCESSABLE_ENTITY, &json!({"errors": errors}))
        }
        SubmitRefusal::Fields(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            post.visit
                .form_again(&page, Again { status, typed, errors: &errors, conflict: false, message: None })
        }
    }
}

fn stale_form(post: &Post, page: &HandoffPage, typed: &Typed) -> Response {
    let opening = post.visit.opening(&page.handoff);
    if opening != Opening::Form {
        return post.too_late(page, opening);
    }
    if post.visit.json {
        return crate::reply::conflict_json(&page.handoff);
    }
    let errors = FieldErrors::new();
    let status = StatusCode::CONFLICT;
    post.visit
        .form_again(page, Again { status, typed, errors: &errors, conflict: true, message: Some(stale()) })
}
