//! Every route of the function with who may take it: the router is made from this table, and a test walks it.

use crate::app::{App, Deps};
use crate::{accounts, analytics, help, logo, settings, sign_in};
use axum::Router;
use axum::response::Redirect;
use axum::routing::{get, post};
pub use handoff_signed_in::{Method, Who};
use std::sync::Arc;

/// One row of the table.
pub type Route = handoff_signed_in::Route<App>;

/// All routes.
pub const ROUTES: &[Route] = &[
    Route::get("/", Who::Anyone, || get(async || Redirect::to("/accounts"))),
    Route::get("/sign-in", Who::Anyone, || get(sign_in::ask::page)),
    Route::post("/sign-in", Who::Anyone, || post(sign_in::ask::ask)),
    Route::get("/sign-in/{token}", Who::Anyone, || get(sign_in::enter::page)),
    Route::post("/sign-in/{token}", Who::Anyone, || post(sign_in::enter::enter)),
    Route::get("/logos/{organization}/{logo}", Who::Anyone, || get(logo::show)),
    Route::post("/sign-out", Who::Member, || post(sign_in::leave)),
    Route::get("/accounts", Who::Member, || get(accounts::list)),
    Route::post("/accounts", Who::Admin, || post(accounts::create)),
    Route::get("/accounts/new", Who::Admin, || get(accounts::form)),
    Route::get("/accounts/import", Who::Admin, || get(accounts::preview)),
    Route::post("/accounts/import", Who::Admin, || post(accounts::import)),
    Route::get("/accounts/import/hubspot", Who::Admin, || get(accounts::older_deals::page)),
    Route::post("/accounts/import/hubspot", Who::Admin, || post(accounts::older_deals::import)),
    Route::get("/accounts/{id}", Who::Member, || get(accounts::show)),
    Route::get("/accounts/{id}/sources/{source}", Who::Member, || get(accounts::source)),
    Route::get("/accounts/{id}/rounds/{round}", Who::Member, || get(accounts::round)),
    Route::get("/accounts/{id}/plan", Who::Member, || get(accounts::plan::choices)),
    Route::post("/accounts/{id}/plan", Who::Member, || post(accounts::plan::choose)),
    Route::post("/accounts/{id}/milestones/{milestone}/actions", Who::Member, || post(accounts::plan::add)),
    Route::post("/accounts/{id}/milestones/{milestone}/actions/{action}/{step}", Who::Member, || {
        post(accounts::plan::act)
    }),
    Route::post("/accounts/{id}/notes", Who::Member, || post(accounts::note)),
    Route::post("/accounts/{id}/rating", Who::Member, || post(accounts::rate)),
    Route::post("/accounts/{id}/skip", Who::Member, || post(accounts::skip)),
    Route::post("/accounts/{id}/resend", Who::Member, || post(accounts::resend)),
    Route::post("/accounts/{id}/remind", Who::Member, || post(accounts::remind)),
    Route::post("/accounts/{id}/return", Who::Member, || post(accounts::give_back)),
    Route::post("/accounts/{id}/clear", Who::Member, || post(accounts::clear)),
    Route::get("/accounts/{id}/welcome", Who::Member, || get(accounts::first_mail::page)),
    Route::post("/accounts/{id}/welcome", Who::Member, || post(accounts::first_mail::post)),
    Route::get("/accounts/{id}/welcome/preview", Who::Member, || get(accounts::first_mail::preview)),
    Route::get("/accounts/{id}/welcome/mail", Who::Member, || get(accounts::first_mail::mail)),
    Route::get("/accounts/{id}/kickoff.ics", Who::Member, || get(accounts::first_call::file)),
    Route::post("/accounts/{id}/kickoff", Who::Member, || post(accounts::first_call::plan)),
    Route::get("/handoffs", Who::Admin, || get(accounts::board)),
    Route::post("/handoffs/dead-letters/{place}", Who::Admin, || post(accounts::dead_letters::put_back)),
    Route::get("/analytics", Who::Member, || get(analytics::show)),
    Route::get("/analytics.csv", Who::Member, || get(analytics::csv)),
    Route::post("/analytics/weekly", Who::Admin, || post(analytics::switch)),
    Route::get("/settings", Who::Admin, || get(settings::first)),
    Route::get("/settings/organization", Who::Admin, || get(settings::organization::page)),
    Route::post("/settings/organization", Who::Admin, || post(settings::organization::save)),
    Route::get("/settings/handoff-form", Who::Admin, || get(settings::handoff_form::page)),
    Route::post("/settings/handoff-form", Who::Admin, || post(settings::handoff_form::edit)),
    Route::get("/settings/handoff-form/versions/{version}", Who::Admin, || {
        get(settings::handoff_form::version)
    }),
    Route::get("/settings/templates", Who::Admin, || get(settings::templates::list)),
    Route::get("/settings/templates/new", Who::Admin, || get(settings::templates::new)),
    Route::get("/settings/templates/{id}", Who::Admin, || get(settings::templates::page)),
    Route::post("/settings/templates/{id}", Who::Admin, || post(settings::templates::edit)),
    Route::post("/settings/templates/{id}/{step}", Who::Admin, || post(settings::templates::settle)),
    Route::get("/settings/templates/{id}/versions/{version}", Who::Admin, || {
        get(settings::templates::version)
    }),
    Route::get("/settings/roster", Who::Admin, || get(settings::roster::list)),
    Route::post("/settings/roster", Who::Admin, || post(settings::roster::add)),
    Route::get("/settings/roster/new", Who::Admin, || get(settings::roster::new)),
    Route::get("/settings/roster/import", Who::Admin, || get(settings::roster::import::page)),
    Route::post("/settings/roster/import", Who::Admin, || post(settings::roster::import::import)),
    Route::get("/settings/roster/owners", Who::Admin, || get(settings::roster::owners::page)),
    Route::post("/settings/roster/owners", Who::Admin, || post(settings::roster::owners::add)),
    Route::get("/settings/roster/{id}", Who::Admin, || get(settings::roster::edit)),
    Route::post("/settings/roster/{id}", Who::Admin, || post(settings::roster::save)),
    Route::post("/settings/roster/{id}/remove", Who::Admin, || post(settings::roster::remove)),
    Route::get("/settings/integrations", Who::Admin, || get(settings::integrations::page)),
    Route::post("/settings/integrations", Who::Admin, || post(settings::integrations::save)),
    Route::post("/settings/integrations/test", Who::Admin, || post(settings::integrations::test_slack)),
    Route::get("/settings/integrations/endpoints/new", Who::Admin, || {
        get(settings::integrations::endpoints::new)
    }),
    Route::post("/settings/integrations/endpoints", Who::Admin, || {
        post(settings::integrations::endpoints::add)
    }),
    Route::get("/settings/integrations/endpoints/{id}", Who::Admin, || {
        get(settings::integrations::endpoints::page)
    }),
    Route::post("/settings/integrations/endpoints/{id}", Who::Admin, || {
        post(settings::integrations::endpoints::save)
    }),
    Route::post("/settings/integrations/endpoints/{id}/{step}", Who::Admin, || {
        post(settings::integrations::endpoints::step)
    }),
    Route::get("/settings/integrations/messages", Who::Admin, || get(settings::integrations::messages::list)),
    Route::get("/settings/integrations/messages/{id}", Who::Admin, || {
        get(settings::integrations::messages::page)
    }),
    Route::post("/settings/integrations/messages/{id}/again", Who::Admin, || {
        post(settings::integrations::messages::again)
    }),
    Route::get("/settings/changes", Who::Admin, || get(settings::changes::page)),
    Route::get("/help", Who::Member, || get(help::overview)),
    Route::get("/help/{role}", Who::Member, || get(help::page)),
];

/// The function's router.
pub fn router(deps: Deps) -> Router {
    let app = Arc::new(App::new(deps));
    handoff_signed_in::router(ROUTES, &app.door.clone(), app)
}
