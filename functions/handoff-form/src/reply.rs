//! Answers: pages for people, JSON for the script, and never a word lost that was typed.

use crate::gate::{Opening, Post, Visit};
use crate::views::{self, FormView, Message, Typed, gone, kept, receipt};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use handoff_domain::answer::AnswerValue;
use handoff_domain::form::FieldErrors;
use handoff_domain::handoff::{CsmChoice, Handoff};
use handoff_domain::id::QuestionId;
use handoff_runtime::report;
use handoff_store::{Consistency, HandoffPage};
use handoff_web::Markup;
use handoff_web::error_page::{ErrorPage, json_response};
use serde_json::{Value, json};
use std::error::Error;

/// How long reads are strong after a post, in seconds: far longer than replicas lag.
const FRESH_SECONDS: u32 = 60;

/// A refusal that says nothing of what is stored.
pub(crate) struct Refusal(ErrorPage);

impl Refusal {
    /// With the fixed page of a status.
    pub(crate) fn status(status: StatusCode) -> Self {
        Self(ErrorPage::new(status))
    }

    /// As an answer.
    pub(crate) fn respond(&self, json: bool) -> Response {
        self.0.respond(json)
    }
}

impl Visit {
    /// Logs a failure of ours once, and makes its page; the id on it stands in every log line of this request.
    fn failure_page(&self, error: &(dyn Error + 'static), retryable: bool) -> ErrorPage {
        tracing::error!(error = report(error), "a request failed");
        let status =
            if retryable { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
        ErrorPage::failure(status, self.request.to_string())
    }

    /// A failure of ours where nothing was typed.
    pub(crate) fn failure(&self, error: &(dyn Error + 'static), retryable: bool) -> Response {
        self.failure_page(error, retryable).respond(self.json)
    }
}

impl Post {
    /// A failure of ours: the page holds everything that was typed, and sends it again with one button.
    pub(crate) fn failure(&self, error: &(dyn Error + 'static), retryable: bool, action: &str) -> Response {
        let page = self.visit.failure_page(error, retryable);
        if self.visit.json {
            return page.respond(true);
        }
        page.respond_with(kept::again(&self.visit.link, action, &self.form))
    }

    /// The page of what the token opens now, for a post that came too late; what was typed stands under it.
    pub(crate) fn too_late(&self, page: &HandoffPage, opening: Opening) -> Response {
        let visit = &self.visit;
        let words = page.drafts.as_ref().map(|drafts| kept::words(drafts, &crate::input::typed(&self.form)));
        match opening {
            Opening::Unknown => visit.not_found(),
            Opening::Receipt | Opening::Form | Opening::Drafting if visit.json => {
                conflict_json(&page.handoff)
            }
            Opening::Receipt | Opening::Form | Opening::Drafting => {
                kept::closed(&page.handoff, &visit.link, words).respond(StatusCode::CONFLICT)
            }
            other => gone(visit, &page.handoff, other, words),
        }
    }
}

impl Visit {
    /// Back to the page of the link, which will then be read freshly.
    pub(crate) fn back(&self) -> Response {
        let mut response =
            (StatusCode::SEE_OTHER, [(header::LOCATION, self.link.path.clone())]).into_response();
        self.mark_fresh(&mut response);
        response
    }

    /// Makes the next read of this browser a strong one.
    pub(crate) fn mark_fresh(&self, response: &mut Response) {
        if let Some(cookie) = self.app.fresh.set("1", FRESH_SECONDS) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// The form again, with everything typed.
    pub(crate) fn form_again(&self, page: &HandoffPage, again: Again<'_>) -> Response {
        let Some(drafts) = &page.drafts else { return self.not_found() };
        let title = format!("Hand over {}", page.handoff.account.company);
        let view = FormView {
            handoff: &page.handoff,
            drafts,
            roster: &page.roster,
            loads: &page.loads,
            turns: page.turns.as_ref(),
            link: &self.link,
            typed: again.typed,
            errors: again.errors,
            conflict: again.conflict,
            message: again.message,
            now: self.now,
        };
        let title = if again.status.is_success() { title } else { format!("Please look: {title}") };
        let mut response = views::form::page(&view, &title).respond(again.status);
        if matches!(again.status, StatusCode::SERVICE_UNAVAILABLE) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
        if !again.status.is_success() {
            self.mark_fresh(&mut response);
        }
        response
    }

    /// Reads the page anew, past every replica's lag.
    pub(crate) async fn read_again(&self) -> Result<Option<HandoffPage>, handoff_store::StoreError> {
        self.app
            .deps
            .store
            .get_handoff_page(&self.token.organization, &self.token.account, Consistency::Strong)
            .await
    }
}

/// Why the form is shown again.
pub(crate) struct Again<'a> {
    pub(crate) status: StatusCode,
    pub(crate) typed: &'a Typed,
    pub(crate) errors: &'a FieldErrors,
    pub(crate) conflict: bool,
    pub(crate) message: Option<Message>,
}

/// What a token opens, for GET.
pub(crate) fn page_of(visit: &Visit, page: &HandoffPage) -> Response {
    let title = format!("{} is handed over", page.handoff.account.company);
    match (visit.opening(&page.handoff), &page.drafts) {
        (Opening::Unknown, _) => visit.not_found(),
        (Opening::Form, Some(drafts)) => {
            visit.app.remember(&visit.token.organization, &visit.token.account, drafts);
            let (typed, errors) = (Typed::default(), FieldErrors::new());
            let again = Again {
                status: StatusCode::OK,
                typed: &typed,
                errors: &errors,
                conflict: false,
                message: None,
            };
            visit.form_again(page, again)
        }
        (Opening::Receipt, Some(drafts)) => match receipt::page(&page.handoff, drafts, &title) {
            Some(page) => page.respond(StatusCode::OK),
            None => visit.not_found(),
        },
        (Opening::Form | Opening::Receipt | Opening::Drafting, _) => {
            gone::drafting(&page.handoff).respond(StatusCode::OK)
        }
        (other, _) => gone(visit, &page.handoff, other, None),
    }
}

/// The 410 of a link that opens nothing any more.
pub(crate) fn gone(visit: &Visit, handoff: &Handoff, opening: Opening, more: Option<Markup>) -> Response {
    let (mut page, word) = match opening {
        Opening::Expired => (gone::expired(handoff, &visit.link), "expired"),
        Opening::Skipped => (gone::skipped(handoff), "skipped"),
        _ => (gone::replaced(handoff), "replaced"),
    };
    if visit.json {
        return json_response(StatusCode::GONE, &json!({"error": word}));
    }
    if let Some(more) = more {
        page.body = handoff_web::html! { (page.body) (more) };
    }
    page.respond(StatusCode::GONE)
}

/// A value as fields of the form hold it: one text, or several for a multi-select.
fn value_json(value: Option<&AnswerValue>) -> Value {
    match value.map(views::raw_values) {
        None => Value::from(""),
        Some(mut one) if one.len() == 1 && !matches!(value, Some(AnswerValue::Choices(_))) => {
            Value::from(one.remove(0))
        }
        Some(many) => Value::from(many),
    }
}

/// Answers by question.
pub(crate) fn answers_json<'a>(
    answers: impl Iterator<Item = (&'a QuestionId, Option<&'a AnswerValue>)>,
) -> Value {
    Value::Object(answers.map(|(id, value)| (id.to_string(), value_json(value))).collect())
}

/// The 409 of the script: the handoff's version and what it holds. Of the choices only those that somebody made: a
/// conflict that is not named is open, a promise that is not named is passed on.
pub(crate) fn conflict_json(handoff: &Handoff) -> Response {
    let (answers, note, csm, settled, dropped) = match &handoff.submission {
        Some(done) => {
            let answers = answers_json(done.answers.iter().map(|(id, answer)| (id, Some(&answer.value))));
            (answers, &done.note, Some(&done.csm), &done.settled, &done.dropped_promises)
        }
        None => {
            let answers =
                answers_json(handoff.answers.iter().map(|(id, answer)| (id, answer.value.as_ref())));
            (answers, &handoff.note, handoff.csm.as_ref(), &handoff.settled, &handoff.dropped_promises)
        }
    };
    let csm = match csm {
        None => Value::from(""),
        Some(CsmChoice::Member(id)) => Value::from(id.as_str()),
        Some(CsmChoice::Placeholder { name, email }) => json!(["placeholder", name, email]),
    };
    let settled = settled.iter().map(|(id, settled)| (id.to_string(), Value::from(settled.as_field())));
    let dropped = dropped.iter().map(|id| (id.to_string(), Value::from("drop")));
    let body = json!({
        "version": handoff.version, "answers": answers, "note": note, "csm": csm, "state": handoff.state.as_str(),
        "conflicts": settled.collect::<serde_json::Map<_, _>>(),
        "promises": dropped.collect::<serde_json::Map<_, _>>(),
    });
    json_response(StatusCode::CONFLICT, &body)
}
