//! Every route of the function with who may take it: the router is made from this table, and a test walks it.

use crate::app::{App, Deps};
use crate::gate::{Gate, guard};
use crate::{accounts, help, settings, sign_in};
use axum::Router;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use handoff_domain::roster::{Member, Role};
use handoff_runtime::http::watch;
use handoff_web::error_page::ErrorPage;
use handoff_web::shell::NavItem;
use handoff_web::{headers, negotiation};
use std::sync::Arc;

/// Who may take a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody; a post needs the proof of a browser that is about to sign in.
    Anyone,
    /// Everybody who is signed in, admin or CSM.
    Member,
    /// Admins.
    Admin,
}

impl Who {
    /// Whether this person may.
    pub fn admits(self, member: &Member) -> bool {
        match self {
            Self::Anyone => true,
            Self::Member => member.may_sign_in(),
            Self::Admin => member.has(Role::Admin),
        }
    }
}

/// What a route does with what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Shows. HEAD is the same without a body.
    Get,
    /// Changes: the gate has read the form and checked origin and proof.
    Post,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The pattern of the path.
    pub path: &'static str,
    /// Who may take it.
    pub who: Who,
    handler: fn() -> MethodRouter<Arc<App>>,
}

impl Route {
    const fn get(path: &'static str, who: Who, handler: fn() -> MethodRouter<Arc<App>>) -> Self {
        Self { method: Method::Get, path, who, handler }
    }

    const fn post(path: &'static str, who: Who, handler: fn() -> MethodRouter<Arc<App>>) -> Self {
        Self { method: Method::Post, path, who, handler }
    }
}

/// All routes.
pub const ROUTES: &[Route] = &[
    Route::get("/", Who::Anyone, || get(async || Redirect::to("/accounts"))),
    Route::get("/sign-in", Who::Anyone, || get(sign_in::ask::page)),
    Route::post("/sign-in", Who::Anyone, || post(sign_in::ask::ask)),
    Route::get("/sign-in/{token}", Who::Anyone, || get(sign_in::enter::page)),
    Route::post("/sign-in/{token}", Who::Anyone, || post(sign_in::enter::enter)),
    Route::post("/sign-out", Who::Member, || post(sign_in::leave)),
    Route::get("/accounts", Who::Member, || get(accounts::list)),
    Route::post("/accounts", Who::Admin, || post(accounts::create)),
    Route::get("/accounts/new", Who::Admin, || get(accounts::form)),
    Route::get("/accounts/import", Who::Admin, || get(accounts::preview)),
    Route::post("/accounts/import", Who::Admin, || post(accounts::import)),
    Route::get("/accounts/{id}", Who::Member, || get(accounts::show)),
    Route::get("/accounts/{id}/sources/{source}", Who::Member, || get(accounts::source)),
    Route::get("/accounts/{id}/rounds/{round}", Who::Member, || get(accounts::round)),
    Route::post("/accounts/{id}/notes", Who::Member, || post(accounts::note)),
    Route::post("/accounts/{id}/rating", Who::Member, || post(accounts::rate)),
    Route::post("/accounts/{id}/skip", Who::Member, || post(accounts::skip)),
    Route::post("/accounts/{id}/resend", Who::Member, || post(accounts::resend)),
    Route::post("/accounts/{id}/remind", Who::Member, || post(accounts::remind)),
    Route::post("/accounts/{id}/return", Who::Member, || post(accounts::give_back)),
    Route::post("/accounts/{id}/clear", Who::Member, || post(accounts::clear)),
    Route::get("/handoffs", Who::Admin, || get(accounts::board)),
    Route::get("/settings", Who::Admin, || get(settings::first)),
    Route::get("/settings/organization", Who::Admin, || get(settings::organization::page)),
    Route::post("/settings/organization", Who::Admin, || post(settings::organization::save)),
    Route::get("/settings/handoff-form", Who::Admin, || get(settings::handoff_form::page)),
    Route::post("/settings/handoff-form", Who::Admin, || post(settings::handoff_form::edit)),
    Route::get("/settings/handoff-form/versions/{version}", Who::Admin, || {
        get(settings::handoff_form::version)
    }),
    Route::get("/settings/roster", Who::Admin, || get(settings::roster::list)),
    Route::post("/settings/roster", Who::Admin, || post(settings::roster::add)),
    Route::get("/settings/roster/new", Who::Admin, || get(settings::roster::new)),
    Route::get("/settings/roster/import", Who::Admin, || get(settings::roster::import::page)),
    Route::post("/settings/roster/import", Who::Admin, || post(settings::roster::import::import)),
    Route::get("/settings/roster/{id}", Who::Admin, || get(settings::roster::edit)),
    Route::post("/settings/roster/{id}", Who::Admin, || post(settings::roster::save)),
    Route::post("/settings/roster/{id}/remove", Who::Admin, || post(settings::roster::remove)),
    Route::get("/help", Who::Member, || get(help::overview)),
    Route::get("/help/{role}", Who::Member, || get(help::page)),
];

/// The navigation, in its order; only what has a route, and what the person may see.
const NAV: [NavItem; 5] = [
    NavItem { href: "/accounts", label: "Accounts" },
    NavItem { href: "/handoffs", label: "Handoffs" },
    NavItem { href: "/analytics", label: "Analytics" },
    NavItem { href: "/settings", label: "Settings" },
    NavItem { href: "/help", label: "Help" },
];

/// Where this person can go.
pub(crate) fn nav(member: &Member) -> Vec<NavItem> {
    let open = |item: &NavItem| {
        let mut routes = ROUTES.iter().filter(|route| route.method == Method::Get && route.path == item.href);
        routes.any(|route| route.who.admits(member))
    };
    NAV.into_iter().filter(open).collect()
}

/// The function's router.
pub fn router(deps: Deps) -> Router {
    let app = Arc::new(App::new(deps));
    let mut router = Router::new();
    for route in ROUTES {
        let gate = Gate { app: app.clone(), who: route.who };
        router = router.route(route.path, (route.handler)().route_layer(from_fn_with_state(gate, guard)));
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(headers::secure))
        .layer(from_fn(watch))
        .with_state(app)
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn not_found(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::NOT_FOUND).respond(negotiation::wants_json(&headers)).into_response()
}

#[allow(clippy::unused_async, reason = "axum takes a future")]
async fn method_not_allowed(headers: HeaderMap) -> Response {
    ErrorPage::new(StatusCode::METHOD_NOT_ALLOWED).respond(negotiation::wants_json(&headers)).into_response()
}
