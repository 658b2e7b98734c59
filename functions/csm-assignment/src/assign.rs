//! `POST /accounts/{id}/csm`: gives the account to a CSM. Two at once end in one: the write holds only for the handoff that was
//! read, and the number of assignments that the page showed tells a decision from before.

use crate::app::App;
use crate::page::{Said, Typed};
use crate::show;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::{AssignRefusal, AssignWish, Handoff};
use handoff_domain::id::{AccountId, ParseIdError};
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::owed::{self, Assigning};
use handoff_domain::plan::Plan;
use handoff_runtime::metrics;
use handoff_signed_in::{Post, Viewer};
use handoff_store::{AccountView, Consistency};
use handoff_web::form::Form;
use std::sync::Arc;

/// Tries of one assignment: a note, a save or a mail that came back may be written in between.
const TRIES: usize = 3;

pub(crate) async fn assign(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let viewer = &post.viewer;
    let Ok(id) = AccountId::parse(id) else { return viewer.not_found() };
    for _ in 0..TRIES {
        match try_assign(&app, &post, &id).await {
            Ok(Some(response)) => return response,
            Ok(None) => {}
            Err(refused) => return refused,
        }
    }
    refused(&app, &post, &id, AssignRefusal::Stale).await
}

/// `None` when somebody else wrote to the account in between.
async fn try_assign(app: &App, post: &Post, id: &AccountId) -> Result<Option<Response>, Response> {
    let viewer = &post.viewer;
    let read = app.store.get_account(&viewer.organization.id, id, Consistency::Strong).await;
    let read = read.map_err(|error| viewer.failure(&error, error.is_retryable()))?;
    let account = read.ok_or_else(|| viewer.not_found())?;
    let before = &account.handoff;
    let (after, reason) = match before.assign(&wish(post), &viewer.roster, viewer.now) {
        Ok(Some(decided)) => decided,
        Ok(None) => return Ok(Some(app.door.see_other(&format!("/accounts/{id}/csm?same=1")))),
        Err(refusal) => return Err(refused(app, post, id, refusal).await),
    };
    let owed = mails(viewer, &account, &after, &reason).map_err(|error| viewer.failure(&error, false))?;
    let who = Who::from(&*viewer.member);
    let mut told = Event::attention(before, &after, &who, viewer.now);
    told.extend(Event::assigned(before, &after, who, reason, viewer.now));
    match app.store.replace_handoff(before, &after, &[owed], &told).await {
        Ok(true) => {
            metrics::ACCOUNT_ASSIGNED.count(if before.csm_in_charge().is_some() {
                "reassigned"
            } else {
                "assigned"
            });
            Ok(Some(app.door.see_other(&format!("/accounts/{id}"))))
        }
        Ok(false) => Ok(None),
        Err(error) => Err(viewer.failure(&error, error.is_retryable())),
    }
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    form.last(name).unwrap_or_default()
}

fn wish(post: &Post) -> AssignWish<'_> {
    AssignWish {
        by: &post.viewer.member,
        csm: field(&post.form, "csm"),
        reason: field(&post.form, "reason"),
        seen: match field(&post.form, "assignments").trim() {
            "" => None,
            // What is no number was never shown.
            text => Some(text.parse().unwrap_or(u32::MAX)),
        },
    }
}

/// What was handed over last, in this round or the one before, goes to whoever has the account now.
fn mails(
    viewer: &Viewer,
    account: &AccountView,
    after: &Handoff,
    reason: &str,
) -> Result<OutboxEntry, ParseIdError> {
    let now = account.handoff.submission.as_ref().zip(account.drafts.as_ref());
    let earlier = account.rounds.last().map(|ended| (&ended.submission, &ended.drafts));
    let assigning = Assigning {
        before: &account.handoff,
        after,
        last: now.or(earlier),
        first_milestone: account.plan.as_ref().and_then(Plan::ready),
        roster: &viewer.roster,
        by: &viewer.member,
        reason,
    };
    owed::assigned(&assigning, viewer.now)
}

/// The page as things stand now, with what was typed.
async fn refused(app: &App, post: &Post, id: &AccountId, refusal: AssignRefusal) -> Response {
    metrics::ASSIGNMENT_REFUSED.count();
    let viewer = &post.viewer;
    let choice = match app.store.get_choice(&viewer.organization.id, id, Consistency::Strong).await {
        Ok(Some(choice)) => choice,
        Ok(None) => return viewer.not_found(),
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let known_by = match app.store.list_csms_of_company(&choice.handoff).await {
        Ok(known_by) => known_by,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let typed = Typed {
        csm: field(&post.form, "csm").to_owned(),
        reason: field(&post.form, "reason").to_owned(),
        is_sent: true,
    };
    show::answer(viewer, &choice, &known_by, status(refusal), Some(Said::Refused(refusal)), typed)
}

fn status(refusal: AssignRefusal) -> StatusCode {
    match refusal {
        AssignRefusal::NotYet | AssignRefusal::Cancelled | AssignRefusal::Stale => StatusCode::CONFLICT,
        AssignRefusal::NotYours => StatusCode::FORBIDDEN,
        AssignRefusal::NotACsm | AssignRefusal::NoReason | AssignRefusal::TooLong => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}
