//! An account made by hand: a form for people, a route for programs.

use super::reply::{is_browser, is_form, refused};
use crate::aws::queues::QueueName;
use crate::organization::PORTAL;
use crate::street::Street;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::Bytes;
use handoff_domain::by_hand::{AccountForm, NewAccount};
use handoff_domain::event::Who;
use handoff_domain::form::FieldErrors;
use handoff_domain::id::AccountId;
use handoff_domain::message::{AccountMade, QueuedMessage, WorkerMessage};
use handoff_runtime::{new_correlation, report};
use handoff_web::components::{error_summary, field_error};
use handoff_web::error_page::json_response;
use handoff_web::page::Page;
use handoff_web::{Markup, html};
use http::{HeaderMap, StatusCode};
use serde_json::json as value;
use std::collections::BTreeMap;

/// The fields on one line: name, label, what to type.
const LINES: [(&str, &str, &str); 7] = [
    ("company", "Company", "Required"),
    ("ae", "Account executive", "Required: the address that the link goes to"),
    ("arr", "ARR", "48000 EUR"),
    ("close_date", "Close date", "2026-11-22"),
    ("website", "Website", "www.example.com"),
    ("industry", "Industry", "Computer software"),
    ("size", "Employees", "51-200"),
];

/// The fields of several lines.
const TEXTS: [(&str, &str, &str); 2] = [
    ("contacts", "Contacts", "One person to a line: name, job title, address, phone"),
    ("raw_payload", "What Sales knows", "Notes, pasted conversation, e-mail threads, meeting notes"),
];

/// `GET /local/accounts/new`.
pub(crate) async fn new() -> Response {
    page(&BTreeMap::new(), &FieldErrors::new(), StatusCode::OK)
}

/// `POST /local/accounts`: the fields of `POST /accounts`, from a form or as a JSON object.
pub(crate) async fn make(State(street): State<Street>, headers: HeaderMap, body: Bytes) -> Response {
    let typed: BTreeMap<String, String> = if is_form(&headers) {
        form_urlencoded::parse(&body).into_owned().collect()
    } else {
        let read = serde_json::from_slice::<BTreeMap<String, String>>(&body);
        let Ok(read) = read else {
            return refused(StatusCode::BAD_REQUEST, "Expected a JSON object of texts.");
        };
        read
    };
    let mut form = AccountForm::default();
    for (name, text) in &typed {
        if !form.set(name, &text.replace("\r\n", "\n")) {
            return refused(StatusCode::BAD_REQUEST, "There is no such field.");
        }
    }
    let new = match form.check() {
        Ok(new) => new,
        Err(errors) if is_browser(&headers) => {
            return page(&typed, &errors, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(errors) => {
            return json_response(StatusCode::UNPROCESSABLE_ENTITY, &value!({"errors": errors}));
        }
    };
    match keep(&street, &new).await {
        Ok(_) if is_browser(&headers) => Redirect::to("/local#handoffs").into_response(),
        Ok(account) => json_response(StatusCode::CREATED, &value!({"account": account})),
        Err(why) => super::reply::failed(&why),
    }
}

async fn keep(street: &Street, new: &NewAccount) -> Result<AccountId, String> {
    let organization = PORTAL.organization();
    let intake = street.store.get_intake(&organization).await.map_err(|error| report(&error))?;
    let intake = intake.ok_or("there is no organization")?;
    let account = AccountId::by_hand(rand::random());
    let correlation = Some(new_correlation());
    let mut handoff =
        new.begin(&intake.organization, account.clone(), intake.questions.version, street.now());
    handoff.correlation = correlation;
    let made = street.store.create_by_hand(&handoff, &new.raw_payload, Who::System).await;
    if !made.map_err(|error| report(&error))? {
        return Err("the account exists".to_owned());
    }
    let made = AccountMade { organization, account: account.clone() };
    let message = QueuedMessage { correlation, message: WorkerMessage::AccountMade(made) };
    let body = serde_json::to_string(&message).map_err(|error| report(&error))?;
    street.queues.send(QueueName::Drafting, &[&body]).map_err(|error| report(&error))?;
    Ok(account)
}

fn page(typed: &BTreeMap<String, String>, errors: &FieldErrors, status: StatusCode) -> Response {
    let labels: BTreeMap<String, (String, String)> = LINES
        .iter()
        .chain(&TEXTS)
        .map(|(name, label, _)| ((*name).to_owned(), ((*name).to_owned(), (*label).to_owned())))
        .collect();
    let text = |name: &str| typed.get(name).map_or("", String::as_str);
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        h1 { "Make an account by hand" }
        p.lead { "For a customer that no deal in the CRM stands for. Its handoff is drafted from what you type and paste." }
        (error_summary(errors, &labels))
        form.card method="post" action="/local/accounts" {
            @for (name, label, help) in LINES {
                (field(name, label, help, errors, html! {
                    input.field #(name) name=(name) value=(text(name)) aria-describedby=(format!("{name}-help")) aria-invalid=[errors.contains_key(name).then_some("true")];
                }))
            }
            @for (name, label, help) in TEXTS {
                (field(name, label, help, errors, html! {
                    textarea.field #(name) name=(name) rows="6" aria-describedby=(format!("{name}-help")) aria-invalid=[errors.contains_key(name).then_some("true")] { (text(name)) }
                }))
            }
            p.actions { button.button { "Make the account" } " " a href="/local" { "Back" } }
        }
    };
    Page { title: "Make an account by hand", brand: "Local run", script: None, body }.respond(status)
}

fn field(name: &str, label: &str, help: &str, errors: &FieldErrors, input: Markup) -> Markup {
    html! {
        div.by-hand {
            label.field-label for=(name) { (label) }
            (input)
            p.small.muted id=(format!("{name}-help")) { (help) }
            (field_error(&format!("{name}-error"), errors.get(name)))
        }
    }
}

/// The link to the form, for the start page.
pub(crate) fn link() -> Markup {
    html! { p { "No deal? " a href="/local/accounts/new" { "Make an account by hand" } "." } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_form_is_a_field_of_the_account() {
        for (name, _, _) in LINES.iter().chain(&TEXTS) {
            assert!(AccountForm::default().set(name, "x"), "{name}");
        }
        assert_eq!(LINES.len() + TEXTS.len(), 9);
    }

    #[test]
    fn what_was_typed_stands_beside_its_error() {
        let typed = BTreeMap::from([("arr".to_owned(), "much <b>".to_owned())]);
        let errors = FieldErrors::from([("arr".to_owned(), "Please write a number.".to_owned())]);
        let response = page(&typed, &errors, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
