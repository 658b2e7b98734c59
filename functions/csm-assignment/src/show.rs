//! `GET /accounts/{id}/csm`: who has it, and who else could.

use crate::app::App;
use crate::page::{self, Said, Shown, Typed};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::id::MemberId;
use handoff_signed_in::{View, Viewer};
use handoff_store::Choice;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One query; the gate has read the rest.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let Some(choice) = viewer.choice.clone() else { return viewer.not_found() };
    let known_by = match app.store.list_csms_of_company(&choice.handoff).await {
        Ok(known_by) => known_by,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let is_same = raw.as_deref().is_some_and(|query| query.split('&').any(|pair| pair == "same=1"));
    let said = is_same.then_some(Said::HasItAlready);
    answer(&viewer, &choice, &known_by, StatusCode::OK, said, Typed::default())
}

/// The page with what is to be said and what was typed.
pub(crate) fn answer(
    viewer: &Viewer,
    choice: &Choice,
    known_by: &BTreeSet<MemberId>,
    status: StatusCode,
    said: Option<Said>,
    typed: Typed,
) -> Response {
    let shown = Shown::new(viewer, choice, known_by, said, typed);
    let title = format!("CSM of {}", choice.handoff.account.company);
    let body = page::body(&shown);
    viewer.show(status, View { title: &title, at: "/accounts/account", wide: false, script: None, body })
}
