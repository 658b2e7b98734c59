//! Both routes with who may take them. Whose account it is decides the rest, in the handlers.

use crate::app::{App, Deps};
use crate::{assign, show};
use axum::Router;
use axum::routing::{get, post};
use handoff_signed_in::Who;
use std::sync::Arc;

/// One row of the table.
pub type Route = handoff_signed_in::Route<App>;

/// All routes.
pub const ROUTES: &[Route] = &[
    Route::get("/accounts/{id}/csm", Who::Member, || get(show::page)).with_choice(),
    Route::post("/accounts/{id}/csm", Who::Member, || post(assign::assign)),
];

/// The function's router.
pub fn router(deps: Deps) -> Router {
    let app = Arc::new(App::new(deps));
    handoff_signed_in::router(ROUTES, &app.door.clone(), app)
}
