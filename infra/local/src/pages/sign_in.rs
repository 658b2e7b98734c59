//! The short way in: as anybody of the organization, without a mail. The long way is `/sign-in`, as on AWS.

use super::reply::{failed, refused};
use crate::organization::PORTAL;
use crate::street::Street;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use bytes::Bytes;
use handoff_domain::id::MemberId;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_domain::sign_in::{Session, SessionToken};
use handoff_runtime::report;
use handoff_store::StoreError;
use handoff_web::cookie::{Cookie, SESSION};
use handoff_web::{Markup, html};
use http::{StatusCode, header};

const WEEK_SECONDS: u32 = 7 * 24 * 3600;

/// The buttons of the start page.
pub(super) fn buttons(roster: &Roster) -> Markup {
    let button = |member: &Member, role: &str| {
        html! {
            form method="post" action="/local/sign-in" {
                input type="hidden" name="member" value=(member.id);
                button.button.button--quiet { "Sign in as " (role) ", " (member.name) }
            }
        }
    };
    let admin = roster.members.iter().find(|member| member.has(Role::Admin));
    html! {
        section #console {
            div.section-head {
                h2 { "Sign in" }
                p { "These buttons sign you in at once. With " a href="/sign-in" { "the page that everybody else sees" } ", the link comes by mail." }
            }
            div.actions {
                @if let Some(admin) = admin { (button(admin, "admin")) }
                @if let Some(csm) = roster.csms().next() { (button(csm, "CSM")) }
            }
        }
    }
}

/// The local organization's people; none if they cannot be read.
pub(super) async fn people(street: &Street) -> Result<Roster, StoreError> {
    let found = street.store.get_organizations(&[PORTAL.organization()]).await?;
    Ok(found.into_iter().next().map(|(_, roster)| roster).unwrap_or_default())
}

/// `POST /local/sign-in` with `member`: a session of that person, and on to the console.
pub(crate) async fn sign_in(State(street): State<Street>, body: Bytes) -> Response {
    let mut fields = form_urlencoded::parse(&body);
    let member = fields.find(|(name, _)| name == "member").map(|(_, id)| MemberId::parse(id));
    let Some(Ok(member)) = member else {
        return refused(StatusCode::BAD_REQUEST, "Expected the field `member`, an id of the roster.");
    };
    let roster = match people(&street).await {
        Ok(roster) => roster,
        Err(error) => return failed(&report(&error)),
    };
    let Some(member) = roster.find(&member).filter(|member| member.may_sign_in()) else {
        return refused(StatusCode::NOT_FOUND, "Nobody of this id may sign in.");
    };
    let token = SessionToken::from_random(PORTAL.organization(), rand::random());
    let session = Session::begin(&token, member, street.now());
    if let Err(error) = street.store.put_session(&session).await {
        return failed(&report(&error));
    }
    let cookie = Cookie::new(SESSION, &street.base_url).lax().set(&token.reveal(), WEEK_SECONDS);
    let mut response = Redirect::to("/accounts").into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
