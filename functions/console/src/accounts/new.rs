//! `GET /accounts/new`, `POST /accounts`: an account that no deal stands for.

use super::make;
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::{View, see_other};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::by_hand::AccountForm;
use handoff_domain::form::FieldErrors;
use handoff_domain::id::AccountId;
use handoff_domain::limits::PAYLOAD_MAX_BYTES;
use handoff_web::components::{error_summary, field_error};
use handoff_web::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fields of one line: name, label, what to type.
const LINES: [(&str, &str, &str); 7] = [
    ("company", "Company", "Required"),
    ("ae", "Account executive", "Required: the address that the link goes to"),
    ("arr", "ARR", "A number and a currency: 48000 EUR"),
    ("close_date", "Close date", "Year, month, day: 2026-11-22"),
    ("website", "Website", "www.example.com"),
    ("industry", "Industry", "Computer software"),
    ("size", "Employees", "51-200"),
];

/// Fields of several lines.
const TEXTS: [(&str, &str, &str); 2] = [
    ("contacts", "Contacts", "One person to a line: name, job title, address, phone"),
    (
        "raw_payload",
        "What Sales knows",
        "Notes, pasted conversation, e-mail threads, meeting notes: everything that answers may be drawn from, up to 200 KB",
    ),
];

type Typed = BTreeMap<String, String>;

/// The empty form, with the id that its account will have: sent twice, it makes one.
pub(crate) async fn form(viewer: Viewer) -> Response {
    let id = AccountId::by_hand(rand::random());
    answer(&viewer, StatusCode::OK, id.as_str(), &Typed::new(), &FieldErrors::new())
}

/// Makes the account and has it drafted.
pub(crate) async fn create(State(app): State<Arc<App>>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let mut fields = AccountForm::default();
    let mut typed = Typed::new();
    for (name, text) in form.pairs() {
        let text = text.replace("\r\n", "\n");
        if fields.set(name, &text) {
            typed.insert(name.to_owned(), text);
        }
    }
    let id = form.last("id").filter(|id| id.starts_with('m')).and_then(|id| AccountId::parse(id).ok());
    let id = id.unwrap_or_else(|| AccountId::by_hand(rand::random()));
    let new = match fields.check() {
        Ok(new) => new,
        Err(errors) => return answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, id.as_str(), &typed, &errors),
    };
    let intake = match app.deps.store.get_intake(&viewer.organization.id).await {
        Ok(Some(intake)) => intake,
        Ok(None) => return viewer.not_found(),
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    match make::make(&app, viewer, &intake, id.clone(), &new).await {
        Ok(_) => see_other(&app, &format!("/accounts/{id}")),
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn answer(viewer: &Viewer, status: StatusCode, id: &str, typed: &Typed, errors: &FieldErrors) -> Response {
    let labels: BTreeMap<String, (String, String)> = LINES
        .iter()
        .chain(&TEXTS)
        .map(|(name, label, _)| ((*name).to_owned(), ((*name).to_owned(), (*label).to_owned())))
        .collect();
    let text = |name: &str| typed.get(name).map_or("", String::as_str);
    let body = html! {
        div.page-head { div {
            p.small { a href="/accounts" { "Accounts" } }
            h1 { "Make an account by hand" }
            p { "For a customer that no deal in HubSpot stands for. Answers are drafted from what you paste, and the AE gets the link. Many at once? " a href="/accounts/import" { "Import a list" } "." }
        } }
        (error_summary(errors, &labels))
        form.card.rows method="post" action="/accounts" {
            (viewer.proof())
            input type="hidden" name="id" value=(id);
            @for (name, label, help) in LINES {
                (field(name, label, help, errors, html! {
                    input.field #(name) name=(name) value=(text(name)) autocomplete="off" aria-describedby={ (name) "-help " (name) "-error" } aria-invalid=[errors.contains_key(name).then_some("true")];
                }))
            }
            @for (name, label, help) in TEXTS {
                (field(name, label, help, errors, html! {
                    textarea.field #(name) name=(name) maxlength=(PAYLOAD_MAX_BYTES) aria-describedby={ (name) "-help " (name) "-error" } aria-invalid=[errors.contains_key(name).then_some("true")] { (text(name)) }
                }))
            }
            p.actions { button.button { "Make the account" } }
        }
    };
    viewer.show(
        status,
        View { title: "Make an account by hand", at: "/accounts/new", wide: false, script: None, body },
    )
}

fn field(name: &str, label: &str, help: &str, errors: &FieldErrors, control: Markup) -> Markup {
    html! {
        div.stack-tight {
            label.field-label for=(name) { (label) }
            p.question__help id={ (name) "-help" } { (help) }
            (field_error(&format!("{name}-error"), errors.get(name)))
            (control)
        }
    }
}
