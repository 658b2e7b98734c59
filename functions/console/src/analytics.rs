//! The numbers: what came of handoffs, beside the time before, and what to do about it.

mod chart;
mod file;
mod page;
mod people;
mod weekly;
mod words;

pub(crate) use weekly::switch;

use crate::app::App;
use crate::gate::Viewer;
use crate::reply::View;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::try_join;
use handoff_domain::question::QuestionSet;
use handoff_domain::report::{Report, Span};
use handoff_domain::rollup::Grain;
use handoff_domain::roster::Role;
use handoff_domain::weekly::Weekly;
use handoff_store::StoreError;
use handoff_web::form::Form;
use std::sync::Arc;

/// Where the page is.
const PATH: &str = "/analytics";

/// Everything that is shown.
struct Shown<'a> {
    viewer: &'a Viewer,
    report: Report,
    questions: QuestionSet,
    weekly: Weekly,
}

impl Shown<'_> {
    /// Money and other people's numbers are for those who answer for them.
    fn sees_all(&self) -> bool {
        self.viewer.member.has(Role::Admin)
    }

    /// The wording of a question, else its id: it may have been taken out since.
    fn wording<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.questions.questions.iter().find(|question| question.id.as_str() == id);
        found.map_or(id, |question| question.wording.as_str())
    }
}

/// A query and a batch read at once.
async fn read<'a>(app: &App, viewer: &'a Viewer, raw: Option<String>) -> Result<Shown<'a>, StoreError> {
    let asked = Form::parse(raw.unwrap_or_default().as_bytes());
    let grain = asked.last("by").and_then(Grain::parse).unwrap_or(Grain::Week);
    let today = viewer.organization.rhythm().date(viewer.now);
    let span = Span::up_to(grain, today);
    let id = &viewer.organization.id;
    let rows = app.deps.store.list_totals(id, grain, span.first_before(), span.last);
    let beside = app.deps.store.get_beside_totals(id, viewer.consistency);
    let (rows, (questions, weekly)) = try_join(rows, beside).await?;
    Ok(Shown { viewer, report: Report::new(span, &rows), questions, weekly })
}

/// `GET /analytics`; `by` is `day`, `week` or `month`.
pub(crate) async fn show(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    match read(&app, &viewer, raw).await {
        Ok(shown) => {
            let body = page::body(&shown);
            viewer.show(StatusCode::OK, View { title: "Analytics", at: PATH, wide: true, script: None, body })
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

/// `GET /analytics.csv`: everything that the page shows.
pub(crate) async fn csv(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    match read(&app, &viewer, raw).await {
        Ok(shown) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_static("attachment; filename=\"handoff-analytics.csv\""),
                ),
            ];
            match file::of(&shown) {
                Ok(text) => (headers, text).into_response(),
                Err(error) => viewer.failure(&error, false),
            }
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}
