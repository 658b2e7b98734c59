//! The submit: once and whole.

use crate::gate::{Opening, Post};
use crate::input::{seen_version, typed};
use crate::reply::{Again, Refusal};
use crate::save::stale;
use crate::views::Typed;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::Timestamp;
use handoff_domain::form::FieldErrors;
use handoff_domain::handoff::{Handoff, SubmitRefusal};
use handoff_domain::owed;
use handoff_domain::pattern::HistoryEntry;
use handoff_domain::plan::Plan;
use handoff_runtime::metrics;
use handoff_store::{Consistency, HandoffPage, StoreError, SubmitPage};
use handoff_web::error_page::json_response;
use serde_json::json;

const ACTION: &str = "submit";

/// `POST /handoff/{token}/submit`: one batch read, one transaction. A repeat answers as the first did.
pub(crate) async fn submit(post: Post) -> Response {
    hand_over(&post).await.unwrap_or_else(|refusal| refusal)
}

/// Tries of one submit: another write that leaves the version as it is, such as the note that the page was opened, may
/// come in between.
const TRIES: usize = 3;

async fn hand_over(post: &Post) -> Result<Response, Response> {
    for _ in 0..TRIES {
        if let Some(done) = try_hand_over(post).await? {
            return Ok(done);
        }
    }
    let visit = &post.visit;
    match visit.read_again().await {
        Ok(Some(page)) if visit.opening(&page.handoff) == Opening::Receipt => Ok(visit.back()),
        Ok(Some(page)) => Err(stale_form(post, &page, &typed(&post.form))),
        Ok(None) => Err(visit.not_found()),
        Err(error) => Err(post.failure(&error, error.is_retryable(), ACTION)),
    }
}

/// `None` when somebody was faster: the next read tells whether that was the same submit, a save, or nothing that matters.
async fn try_hand_over(post: &Post) -> Result<Option<Response>, Response> {
    let visit = &post.visit;
    let failed = |error: StoreError| post.failure(&error, error.is_retryable(), ACTION);
    let Some(seen) = seen_version(&post.form) else {
        return Err(Refusal::status(StatusCode::BAD_REQUEST).respond(visit.json));
    };
    let (organization, account) = (&visit.token.organization, &visit.token.account);
    // What is frozen here must be the newest of every part: the condition of the write guards the handoff alone.
    let read = visit.app.deps.store.get_submit_page(organization, account, Consistency::Strong).await;
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
    let mut after = read.handoff.submit(drafts, &read.roster, changes, seen, visit.now).map_err(again)?;
    // A later round finds the plan of the first, possibly under way, or done.
    let laid = lay(&read, &after, visit.now);
    let plan = laid.as_ref().or(read.plan.as_ref());
    if let Some(plan) = plan {
        after.account.status = plan.account_status(after.account.status);
    }
    let first_milestone = plan.and_then(Plan::ready);
    let (before, roster) = (&read.handoff, &read.roster);
    let entry = owed::submitted(before, &after, drafts, roster, &read.admins, first_milestone, visit.now)
        .map_err(|error| post.failure(&error, false, ACTION))?;
    let history = HistoryEntry::of(&after, &drafts.questions);
    let store = &visit.app.deps.store;
    let won =
        store.submit(&read.handoff, &after, laid.as_ref(), &entry, history.as_ref()).await.map_err(failed)?;
    Ok(won.then(|| {
        metrics::HANDOFF_SUBMITTED.count();
        tracing::info!("handed over");
        visit.back()
    }))
}

/// The plan of an account that has none: from the template whose rule holds.
fn lay(read: &SubmitPage, after: &Handoff, now: Timestamp) -> Option<Plan> {
    let template = read.templates.choose(&after.account).filter(|_| read.plan.is_none())?;
    Some(template.apply(now, &after.time_zone))
}

fn form_page(read: &SubmitPage) -> HandoffPage {
    HandoffPage {
        handoff: read.handoff.clone(),
        drafts: read.drafts.clone(),
        roster: read.roster.clone(),
        loads: read.loads.clone(),
        turns: read.turns.clone(),
        rhythm: read.rhythm.clone(),
        organization: None,
    }
}

fn refused(post: &Post, read: &SubmitPage, typed: &Typed, refusal: SubmitRefusal) -> Response {
    metrics::SUBMIT_REFUSED.count();
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
