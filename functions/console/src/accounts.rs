//! The organization's accounts.

use crate::gate::Viewer;
use crate::reply::View;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_web::html;

/// `GET /accounts`.
pub(crate) async fn list(viewer: Viewer) -> Response {
    let body = html! {
        div.page-head { div { h1 { "Accounts" } p { "Everything that Sales handed over to " (viewer.organization.name) "." } } }
        div.card.empty {
            h2 { "No account is shown here yet" }
            p { "An account appears when a deal is won in HubSpot." }
        }
    };
    viewer.show(StatusCode::OK, View { title: "Accounts", at: "/accounts", wide: true, script: None, body })
}
