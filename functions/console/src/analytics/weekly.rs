//! The weekly mail's switch: each admin for themselves.

use super::{PATH, Shown};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::roster::Role;
use handoff_store::Consistency;
use handoff_web::inline;
use handoff_web::{Markup, html};
use std::sync::Arc;

/// Another admin may write at the same moment.
const TRIES: usize = 4;

pub(super) fn section(shown: &Shown<'_>) -> Markup {
    let wants = shown.weekly.readers.contains(&shown.viewer.member.email);
    html! {
        @if shown.viewer.member.has(Role::Admin) {
            section #weekly aria-labelledby="weekly-title" {
                div.section-head { h2 #weekly-title { "By mail" } p { "What the week before says, when Monday’s work begins." } }
                form.card hx-boost=(inline::PAGE) method="post" action={ (PATH) "/weekly" } {
                    (shown.viewer.proof())
                    p { @if wants { "You get it at " strong { (shown.viewer.member.email) } "." } @else { "You do not get it." } }
                    button.button.button--quiet name="wants" value=(if wants { "no" } else { "yes" }) { @if wants { "Stop the weekly mail" } @else { "Mail me every Monday" } }
                }
            }
        }
    }
}

/// `POST /analytics/weekly`; `wants` is `yes` or `no`. A batch read and a transaction.
pub(crate) async fn switch(State(app): State<Arc<App>>, post: Post) -> Response {
    let viewer: &Viewer = &post.viewer;
    let wants = post.form.last("wants") == Some("yes");
    let id = &viewer.organization.id;
    for _ in 0..TRIES {
        let before = match app.deps.store.get_beside_totals(id, Consistency::Strong).await {
            Ok((_, weekly)) => weekly,
            Err(error) => return viewer.failure(&error, error.is_retryable()),
        };
        let after = before.with(&viewer.member.email, wants);
        if after == before {
            return see_other(&app, &format!("{PATH}#weekly"));
        }
        match app.deps.store.put_weekly(id, &after, None).await {
            Ok(true) => return see_other(&app, &format!("{PATH}#weekly")),
            Ok(false) => {}
            Err(error) => return viewer.failure(&error, error.is_retryable()),
        }
    }
    handoff_web::error_page::ErrorPage::new(StatusCode::SERVICE_UNAVAILABLE).respond(false)
}
