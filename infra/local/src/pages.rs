//! The routes that exist only here: the start page, the captured mails, and the levers for tests. They answer on the
//! loopback interface to loopback names only, even when a tunnel leads to the rest.

mod accounts;
mod components;
mod guard;
mod levers;
mod mail;
mod reply;
mod sign_in;
mod start;
mod told;

use crate::street::Street;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::header;

const STYLE: &str = include_str!("pages/local.css");

/// Everything under `/local`.
pub(crate) fn router(street: Street) -> Router {
    Router::new()
        .route("/local", get(start::page))
        .route("/local/style.css", get(style))
        .route("/local/components", get(components::page))
        .route("/local/components/mail", get(components::mail))
        .route("/local/mail", get(mail::list))
        .route("/local/mail.json", get(mail::json))
        .route("/local/mail/{id}", get(mail::one))
        .route("/local/mail/{id}/html", get(mail::html_part))
        .route("/local/told", get(told::page))
        .route("/local/told.json", get(told::json))
        .route("/local/clock", get(levers::clock).post(levers::advance))
        .route("/local/schedules/{name}/run", post(levers::run_schedule))
        .route("/local/year", post(levers::year))
        .route("/local/step", post(levers::step))
        .route("/local/queues", get(levers::queues))
        .route("/local/queues/redrive", post(levers::redrive))
        .route("/local/queues/{name}/messages", post(levers::send))
        .route("/local/table.json", get(levers::table))
        .route("/local/deals", get(levers::deals))
        .route("/local/deals/{id}/close", post(levers::close))
        .route("/local/deals/{id}/copies", post(levers::copy))
        .route("/local/deals/{id}/reopen", post(levers::reopen))
        .route("/local/accounts", post(accounts::make))
        .route("/local/accounts/new", get(accounts::new))
        .route("/local/sign-in", post(sign_in::sign_in))
        .route("/local/faults", get(levers::faults).post(levers::set_faults))
        .route("/local/calls.json", get(levers::calls))
        .route("/local/journal.json", get(levers::journal))
        .route("/local/rights.json", get(levers::rights))
        .route("/local/calls/reset", post(levers::reset_calls))
        .layer(from_fn(guard::loopback_only))
        .layer(map_response(handoff_web::headers::secure))
        .with_state(street)
}

/// Who opens the bare address wants to know what to do here.
pub(crate) async fn start_page_first(request: Request, next: Next) -> Response {
    if request.uri().path() == "/" { Redirect::to("/local").into_response() } else { next.run(request).await }
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}
