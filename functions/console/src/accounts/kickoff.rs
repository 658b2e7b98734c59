//! The kickoff call: planning it, and the invitation as a file. GET changes nothing.

mod file;

use super::account::{Said, Typed, answer_with, find, read};
use super::welcome::Shown;
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use handoff_domain::event::{Event, What, Who};
use handoff_domain::kickoff::{Kickoff, KickoffRefusal, KickoffTime};
use handoff_domain::plan::{Purpose, Step};
use handoff_store::AccountView;
use handoff_web::error_page::ErrorPage;
use handoff_web::form::Form;
use std::sync::Arc;

/// `GET /accounts/{id}/kickoff.ics`: as planned, or at `date`, `time` and for `minutes`.
pub(crate) async fn file(
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
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let time = match asked(&shown, &query) {
        Ok(time) => time,
        Err(refusal) => {
            let said = Some(Said::caution(refusal.to_string()));
            return answer_with(&viewer, &account, StatusCode::UNPROCESSABLE_ENTITY, said, &Typed::default());
        }
    };
    let Some(text) = file::invitation(&shown, &time) else {
        return ErrorPage::failure(StatusCode::INTERNAL_SERVER_ERROR, viewer.request.to_string())
            .respond(false);
    };
    let name = format!("attachment; filename=\"{}\"", file::name(&account.handoff.account.company));
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, text).into_response()
}

/// What is planned, else what is offered, with what the form says in its place.
fn asked(shown: &Shown<'_>, form: &Form) -> Result<KickoffTime, KickoffRefusal> {
    let field = |name| form.last(name).unwrap_or_default();
    offered(shown).with(field("date"), field("time"), field("minutes"))
}

/// What the form begins with.
pub(super) fn offered(shown: &Shown<'_>) -> KickoffTime {
    shown.planned().unwrap_or_else(|| KickoffTime::offered(shown.viewer.now, &shown.zone))
}

/// `POST /accounts/{id}/kickoff`: plans it, or moves it, and begins what the plan says of it.
pub(crate) async fn plan(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let account = match read(&app, viewer, &id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    if let Err(refusal) = account.handoff.may_welcome(&viewer.member) {
        let status = match refusal {
            handoff_domain::welcome::WelcomeRefusal::NotYours => StatusCode::FORBIDDEN,
            _ => StatusCode::CONFLICT,
        };
        let said = Some(Said::caution(refusal.to_string()));
        return answer_with(viewer, &account, status, said, &Typed::default());
    }
    let written = write(&app, viewer, form, &account).await;
    match written {
        Ok(Ok(())) => see_other(&app, &format!("/accounts/{}#begin", account.handoff.id)),
        Ok(Err(refusal)) => {
            let status = match refusal {
                KickoffRefusal::Stale => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let said = Some(Said::caution(refusal.to_string()));
            let typed = Typed { kickoff: Some(typed(form)), ..Typed::default() };
            answer_with(viewer, &account, status, said, &typed)
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn typed(form: &Form) -> [String; 3] {
    ["date", "time", "minutes"].map(|name| form.last(name).unwrap_or_default().to_owned())
}

async fn write(
    app: &App,
    viewer: &Viewer,
    form: &Form,
    account: &AccountView,
) -> Result<Result<(), KickoffRefusal>, handoff_store::StoreError> {
    let (handoff, before) = (&account.handoff, account.kickoff.as_ref());
    let who = Who::from(&*viewer.member);
    let shown = Shown::new(viewer, account);
    let planned = asked(&shown, form).and_then(|time| Kickoff::plan(before, &time, who.clone(), viewer.now));
    let kickoff = match planned {
        Ok(kickoff) if Some(&kickoff) == before => return Ok(Ok(())),
        Ok(kickoff) => kickoff,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let seen = form.last("moves").and_then(|seen| seen.trim().parse::<u32>().ok());
    if seen.is_some_and(|seen| seen != kickoff.moves) {
        return Ok(Err(KickoffRefusal::Stale));
    }
    let what = What::KickoffPlanned {
        starts_at: kickoff.at,
        minutes: u32::from(kickoff.minutes),
        moves: kickoff.moves,
    };
    let cause = format!("kickoff-{}", kickoff.moves);
    let told = [Event::new(handoff, viewer.now, cause, who.clone(), what)];
    let plan = account.plan.as_ref();
    let moved = plan.and_then(|plan| {
        let (milestone, action) = plan.open_for(Purpose::Kickoff)?;
        let step = plan.take(handoff, (&milestone.id, &action.id), Step::Start, who, viewer.now);
        Some((plan, step.ok().flatten()?))
    });
    let moved = moved.as_ref().map(|(plan, moved)| (*plan, moved));
    let kept = app.deps.store.put_kickoff(handoff, &kickoff, moved, &told).await?;
    Ok(if kept { Ok(()) } else { Err(KickoffRefusal::Stale) })
}
