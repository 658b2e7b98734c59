//! The captured mails: a list, one mail as its reader would see it, and all of them as JSON.

use super::reply::{json as json_reply, refused};
use super::start::kind_words;
use crate::aws::mails::Mail;
use crate::street::{Street, StreetError};
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use handoff_web::components::{Tone, badge, facts};
use handoff_web::page::Page;
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};
use http::{HeaderValue, StatusCode, header};

/// The page that frames a mail may frame nothing else.
const FRAMING: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
     frame-ancestors 'none'; base-uri 'none'";
/// A mail's HTML runs nothing, loads nothing, and may open its links in the whole window when somebody clicks.
const MAIL: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
     frame-ancestors 'self'; base-uri 'none'; \
     sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

pub(crate) async fn json(State(street): State<Street>) -> Result<Response, StreetError> {
    Ok(json_reply(&street.mails.list()?))
}

pub(crate) async fn list(State(street): State<Street>) -> Result<Response, StreetError> {
    let mut mails = street.mails.list()?;
    mails.reverse();
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        p.crumbs { a href="/local" { "Local run" } }
        h1 { "Mail" }
        p.lead { "Nothing leaves this machine: every mail that Handoff sends is kept here, newest first." }
        @if mails.is_empty() { p.muted { "No mail yet. Close a sample deal on the start page." } }
        (mail_list(&mails, &street))
    };
    Ok(Page { title: "Mail", brand: "Local run", script: None, body }.respond(StatusCode::OK))
}

/// Mails as a list with their links.
pub(crate) fn mail_list(mails: &[Mail], street: &Street) -> Markup {
    html! {
        @if !mails.is_empty() {
            ul.rows {
                @for mail in mails {
                    li.row {
                        div.row__body {
                            p.row__title { a href={ "/local/mail/" (mail.id) } { (mail.subject) } }
                            p.row__meta {
                                (badge(Tone::Info, &kind_words(&mail.kind)))
                                span { "to " (mail.to.join(", ")) }
                                (moment(mail.sent_at, &zone("UTC")))
                            }
                        }
                        @if let Some(link) = link_in(mail, street) {
                            a.button.button--quiet href=(link) { "Open its link" }
                        }
                    }
                }
            }
        }
    }
}

/// The first link of ours in a mail, made to lead here whatever the public origin is.
fn link_in(mail: &Mail, street: &Street) -> Option<String> {
    let starts = ["/handoff/", "/sign-in/"].map(|path| format!("{}{path}", street.base_url));
    let at = starts.iter().find_map(|start| mail.text.find(start))?;
    let rest = &mail.text[at + street.base_url.len()..];
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | ')' | '"')).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

pub(crate) async fn one(
    State(street): State<Street>,
    Path(id): Path<String>,
) -> Result<Response, StreetError> {
    let Some(mail) = street.mails.find(&id)? else { return Ok(no_such_mail()) };
    let rows = [
        ("From", html! { (mail.from) }),
        ("To", html! { (mail.to.join(", ")) }),
        ("Answers go to", html! { (mail.reply_to.as_deref().unwrap_or("the sender")) }),
        ("Sent", moment(mail.sent_at, &zone("UTC"))),
        ("Kind", html! { (kind_words(&mail.kind)) }),
        ("Account", html! { (mail.account_id.as_deref().unwrap_or("none")) }),
    ];
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        p.crumbs { a href="/local" { "Local run" } " / " a href="/local/mail" { "Mail" } }
        h1 { (mail.subject) }
        (facts(&rows))
        @if let Some(link) = link_in(&mail, &street) {
            p.actions { a.button href=(link) { "Open its link" } }
        }
        section.card {
            h2 { "As it looks" }
            iframe.mail-frame title="The mail's HTML" src={ "/local/mail/" (mail.id) "/html" }
                sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" {}
        }
        section.card {
            h2 { "As plain text" }
            pre.mail-text tabindex="0" { (mail.text) }
        }
        section.card {
            details {
                summary { "The whole message as it would travel" }
                pre.mail-text tabindex="0" { (mail.raw) }
            }
        }
    };
    let mut response =
        Page { title: &mail.subject, brand: "Local run", script: None, body }.respond(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMING));
    Ok(response)
}

pub(crate) async fn html_part(
    State(street): State<Street>,
    Path(id): Path<String>,
) -> Result<Response, StreetError> {
    let Some(mail) = street.mails.find(&id)? else { return Ok(no_such_mail()) };
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, MAIL)];
    Ok((headers, with_base(&mail.html)).into_response())
}

/// Links leave the frame: the pages that they lead to refuse to be framed.
fn with_base(html: &str) -> String {
    let head = html.find("<head>").map_or(0, |at| at + "<head>".len());
    format!("{}<base target=\"_top\">{}", &html[..head], &html[head..])
}

fn no_such_mail() -> Response {
    refused(StatusCode::NOT_FOUND, "There is no such mail.")
}
