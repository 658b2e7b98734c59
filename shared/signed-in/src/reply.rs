//! Answers: pages in the frame of who is signed in, ways back, refusals.

use crate::{Viewer, nav};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use handoff_runtime::http::RequestId;
use handoff_runtime::report;
use handoff_web::assets::Asset;
use handoff_web::error_page::ErrorPage;
use handoff_web::shell::Shell;
use handoff_web::{Markup, html};
use std::error::Error;

/// What differs between signed-in pages.
#[derive(Debug)]
pub struct View<'a> {
    /// Of the window.
    pub title: &'a str,
    /// Where in the navigation.
    pub at: &'a str,
    /// Whether it needs the room of a desk.
    pub wide: bool,
    /// Its script, if it has one.
    pub script: Option<&'static Asset>,
    /// Everything inside `<main>`, beginning with the one `<h1>`.
    pub body: Markup,
}

impl Viewer {
    /// A page for this person.
    pub fn show(&self, status: StatusCode, view: View<'_>) -> Response {
        let nav = nav(&self.member);
        let shell = Shell {
            title: view.title,
            nav: &nav,
            at: view.at,
            organization: &self.organization.name,
            logo: self.organization.logo.as_ref().map(|logo| logo.path(&self.organization.id)),
            who: &self.member.name,
            who_id: self.member.id.as_str(),
            csrf: &self.csrf,
            wide: view.wide,
            script: view.script,
            body: view.body,
        };
        shell.respond(status)
    }

    /// The hidden field that every form of a page carries.
    pub fn proof(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }

    /// A failure of ours: logged once, with a number on the page.
    pub fn failure(&self, error: &(dyn Error + 'static), retryable: bool) -> Response {
        failure(error, retryable, self.request)
    }

    /// The page of what is not there, or not this organization's.
    pub fn not_found(&self) -> Response {
        let body = html! {
            div.calm {
                h1 { "Nothing here" }
                p.lead { "This address leads nowhere in " (self.organization.name) ". It may have been mistyped." }
                p { a.button.button--quiet href="/accounts" { "To the accounts" } }
            }
        };
        let view = View { title: "Nothing here", at: "", wide: false, script: None, body };
        self.show(StatusCode::NOT_FOUND, view)
    }
}

/// 303.
pub fn redirect(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(_) => ErrorPage::new(StatusCode::INTERNAL_SERVER_ERROR).respond(false),
    }
}

/// To the sign-in page, and back afterwards.
pub(crate) fn to_sign_in(wanted: &str) -> Response {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("then", wanted).finish();
    redirect(&format!("/sign-in?{query}"))
}

/// 403: signed in, but not for this.
pub(crate) fn not_for(viewer: &Viewer) -> Response {
    let body = html! {
        div.calm {
            h1 { "This page is for admins" }
            p.lead { "You are signed in as " (viewer.member.name) ". An admin of " (viewer.organization.name) " can do this, or give you the role on the roster." }
            p { a.button.button--quiet href="/accounts" { "To the accounts" } }
        }
    };
    let view = View { title: "This page is for admins", at: "", wide: false, script: None, body };
    viewer.show(StatusCode::FORBIDDEN, view)
}

/// Logs a failure of ours once, and makes its page; the number on it stands in every log line of this request.
pub fn failure(error: &(dyn Error + 'static), retryable: bool, request: RequestId) -> Response {
    tracing::error!(error = report(error), "a request failed");
    let status = if retryable { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR };
    ErrorPage::failure(status, request.to_string()).respond(false)
}
