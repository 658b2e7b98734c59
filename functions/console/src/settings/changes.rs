//! Who changed which settings, when: the newest first, in pages.

use super::{Sheet, said, show, words};
use crate::app::App;
use crate::gate::Viewer;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::Timestamp;
use handoff_domain::audit::AuditEntry;
use handoff_domain::id::AuditId;
use handoff_web::form::Form;
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};
use std::sync::Arc;

const PATH: &str = "/settings/changes";

/// Changes of one page.
const SHOWN: u16 = 50;

/// `GET /settings/changes`; `at` and `id` name the entry that the page goes on after. One query.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let asked = Form::parse(raw.unwrap_or_default().as_bytes());
    let after = asked.last("at").zip(asked.last("id"));
    let after = after.and_then(|(at, id)| Some((at.parse::<Timestamp>().ok()?, AuditId::parse(id).ok()?)));
    let after = after.as_ref().map(|(at, id)| (*at, id));
    match app.deps.store.list_audit(&viewer.organization.id, after, SHOWN).await {
        Ok(audit) => {
            let body = body(&viewer, &audit, after.is_some());
            let sheet = Sheet { title: "Changes", tab: PATH, wide: false, script: None, body };
            show(&viewer, StatusCode::OK, sheet)
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn body(viewer: &Viewer, audit: &[AuditEntry], is_later_page: bool) -> Markup {
    let zone = zone(&viewer.organization.time_zone);
    let next = audit.last().filter(|_| audit.len() == usize::from(SHOWN));
    html! {
        div.page-head { div { h1 { "Changes" } p { "Who changed which settings, when. What happened to an account stands on its own page." } } }
        @if audit.is_empty() {
            div.card.empty {
                @if is_later_page { h2 { "That was the first change" } p { "There are no earlier ones." } }
                @else { h2 { "Nothing has been changed yet" } p { "Each change of the settings appears here with who made it, and with what it said before." } }
            }
        } @else {
            ol.history.card {
                @for entry in audit {
                    li {
                        b { (entry.by) } " " (words(&entry.change)) " "
                        span.muted { (moment(entry.at, &zone)) }
                        @for field in &entry.fields {
                            div.change {
                                (field.field) ": "
                                del { (said(&field.before)) } " → " ins { (said(&field.after)) }
                            }
                        }
                    }
                }
            }
        }
        @if is_later_page || next.is_some() {
            nav.actions aria-label="Pages" {
                @if is_later_page { a.button.button--quiet href=(PATH) { "Newest changes" } }
                @if let Some(last) = next {
                    a.button.button--quiet rel="next" href={ (PATH) "?at=" (last.at) "&id=" (last.id) } { "Earlier changes" }
                }
            }
        }
    }
}
