//! `/help`: for each role what to do, what to watch, and the step that mends what went wrong.

mod texts;

use crate::gate::Viewer;
use crate::reply::View;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::roster::Role;
use handoff_web::{Markup, html};
use texts::{ADMIN, AE, CSM, Guide};

const GUIDES: [&Guide; 3] = [&CSM, &ADMIN, &AE];

/// `GET /help`: the page of each role, one's own first.
pub(crate) async fn overview(viewer: Viewer) -> Response {
    let is_admin = viewer.member.has(Role::Admin);
    let mut guides = GUIDES.to_vec();
    guides.sort_by_key(|guide| match guide.slug {
        "admin" => u8::from(!is_admin),
        "csm" => u8::from(is_admin),
        _ => 2,
    });
    let body = html! {
        div.page-head { div { h1 { "Help" } p { "What to do, what to watch, and the step that mends what went wrong." } } }
        @for guide in guides {
            section.card {
                h2 { a href={ "/help/" (guide.slug) } { (guide.title) } }
                p.muted { (guide.lead) }
            }
        }
        section.card {
            h2 { "What the drafts are good at" }
            (machines())
        }
    };
    viewer.show(StatusCode::OK, View { title: "Help", at: "/help", wide: false, script: None, body })
}

/// `GET /help/{role}`: `ae`, `csm` or `admin`.
pub(crate) async fn page(viewer: Viewer, Path(role): Path<String>) -> Response {
    let Some(guide) = GUIDES.into_iter().find(|guide| guide.slug == role) else { return viewer.not_found() };
    let body = html! {
        nav.small aria-label="Up" { a href="/help" { "Help" } }
        div.prose {
            h1 { (guide.title) }
            p.lead { (guide.lead) }
            @for section in guide.sections {
                h2 { (section.title) }
                @if !section.intro.is_empty() { p { (section.intro) } }
                ul { @for (what, how) in section.points { li { b { (what) } " " (how) } } }
            }
            h2 { "What the drafts are good at" }
            (machines())
        }
    };
    viewer.show(StatusCode::OK, View { title: guide.title, at: "/help", wide: false, script: None, body })
}

fn machines() -> Markup {
    html! {
        ul.stack-tight {
            li { b { "Good at: " } "facts, names, dates and numbers that somebody wrote down; long notes; use cases. Each draft shows the words that it rests on." }
            li { b { "Weak at: " } "tone, politics, unspoken risk, and everything that nobody wrote. An open answer means that no source says it: only the account executive may know." }
        }
    }
}
