//! `GET /handoffs`: the admin's board: what waits for somebody, why, and the one step that moves it on.

use super::{dead_letters, left, older, words};
use crate::app::App;
use crate::gate::Viewer;
use crate::reply::View;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::future::{join, try_join_all, try_join3};
use handoff_domain::Timestamp;
use handoff_domain::handoff::{Attention, HandoffState};
use handoff_domain::limits::DRAFTING_PATIENCE_MINUTES;
use handoff_domain::listing::{Lane, Listed};
use handoff_domain::reconciliation::Reconciliation;
use handoff_store::StoreError;
use handoff_web::form::Form;
use handoff_web::{Markup, html, text};
use jiff::SignedDuration;
use std::sync::Arc;

/// Rows of one lane; the list shows the others.
const ROWS: usize = 25;
/// An AE who has had the link for so many days is overdue on the board, whether a reason to look stands or not.
const OVERDUE_DAYS: i64 = 7;

/// What is shown: the lane, its name, what it means, and how the list is asked for all of it.
const LANES: [(Lane, &str, &str, &str); 4] = [
    (Lane::Attention, "Needs attention", "Something stands in the way. The oldest first.", "attention"),
    (Lane::Drafting, "Being drafted", "Usually done within minutes.", "drafting"),
    (
        Lane::AwaitingAe,
        "With the AE",
        "The AE has the link. The one that waits longest first.",
        "awaiting_ae",
    ),
    (Lane::Expired, "Expired", "The link died without an answer.", "expired"),
];

/// Four queries, two reads and a look at each queue of dead letters at once.
pub(crate) async fn board(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let asked = Form::parse(raw.unwrap_or_default().as_bytes());
    let lanes = LANES.iter().map(|(lane, ..)| app.deps.store.list_lane(&viewer.organization.id, *lane, ROWS));
    let loads = app.deps.store.get_loads(&viewer.organization.id, viewer.consistency);
    let walked = app.deps.store.get_reconciliation(&viewer.organization.id);
    let read = async {
        let (lanes, loads, walked) = try_join3(try_join_all(lanes), loads, walked).await?;
        Ok::<_, StoreError>((lanes, walked, left::find(&app, &viewer, &loads).await?))
    };
    let (read, dead) = Box::pin(join(read, dead_letters::find(&app))).await;
    match read {
        Ok((lanes, walked, left)) => {
            let stuck = dead_letters::notices(&dead, asked.last("again"), &viewer);
            let is_quiet = dead.is_quiet() && left.is_empty();
            let notices = html! { (stuck) (left::notices(&left)) };
            let body = body(&viewer, &lanes, (is_quiet, &notices), &walked);
            viewer.show(
                StatusCode::OK,
                View { title: "Handoffs", at: "/handoffs", wide: true, script: None, body },
            )
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn body(
    viewer: &Viewer,
    lanes: &[(Vec<Listed>, bool)],
    (is_quiet, notices): (bool, &Markup),
    walked: &Reconciliation,
) -> Markup {
    let is_quiet = is_quiet && lanes.iter().all(|(rows, _)| rows.is_empty());
    html! {
        div.page-head { div { h1 { "Handoffs" } p { "What is under way or stuck, and the step that moves it on." } } }
        (older::trouble(viewer, walked))
        (notices)
        @if is_quiet {
            div.card.empty { h2 { "Nothing waits" } p { "Every handoff is done. New ones appear here as soon as a deal is won." } }
        }
        @for ((_, title, means, state), (rows, more)) in LANES.iter().zip(lanes).filter(|(_, (rows, _))| !rows.is_empty()) {
            section aria-labelledby={ "lane-" (state) } {
                div.section-head { h2 id={ "lane-" (state) } { (title) " (" (rows.len()) @if *more { "+" } ")" } p { (means) } }
                div.table-wrap {
                    table.table.table--cards {
                        caption.visually-hidden { (title) }
                        thead { tr { th scope="col" { "Company" } th scope="col" { "Why" } th scope="col" { "AE" } th scope="col" { "Since" } th scope="col" { "Next step" } } }
                        tbody { @for row in rows { (one(viewer, row)) } }
                    }
                }
                @if *more { p { a href={ "/accounts?scope=all&state=" (state) } { "All of them in the list" } } }
            }
        }
        (older::looked_through(viewer, walked))
    }
}

fn one(viewer: &Viewer, listed: &Listed) -> Markup {
    let zone = text::zone(&viewer.organization.time_zone);
    let step = step(listed, viewer.now);
    let ended = listed.row.expires_at.filter(|_| listed.state == HandoffState::Expired);
    let since = listed.attention_since.or(ended).unwrap_or(listed.created_at);
    html! {
        tr {
            th scope="row" dir="auto" { a href={ "/accounts/" (listed.account) } { (listed.row.company) } }
            td { (words::badges_of(listed)) small { (why(listed, viewer.now)) } }
            td data-label="AE" { (listed.row.ae) }
            td data-label="Since" { (text::day_at(since, &zone)) }
            td { a.button.button--quiet.button--small href={ "/accounts/" (listed.account) (step.place) } {
                (step.words) span.visually-hidden { ": " (listed.row.company) }
            } }
        }
    }
}

/// Why it waits, in words.
fn why(listed: &Listed, now: Timestamp) -> String {
    if let Some(reason) = listed.attention.first() {
        return words::remedy(*reason).to_owned();
    }
    let days = now.duration_since(listed.created_at).as_hours() / 24;
    match Lane::of(listed.state, false) {
        Lane::Drafting if is_stuck(listed, now) => "Drafting takes longer than it should.".to_owned(),
        Lane::Drafting => "Sources are read and answers drafted.".to_owned(),
        Lane::AwaitingAe if !words::is_asked(listed) => "Imported; its drafts stand ready.".to_owned(),
        Lane::AwaitingAe if is_expired(listed, now) => "The link has expired.".to_owned(),
        Lane::AwaitingAe if days >= OVERDUE_DAYS => {
            format!(
                "Overdue: {days} days, {}.",
                if listed.opened_at.is_some() { "opened" } else { "never opened" }
            )
        }
        Lane::AwaitingAe if listed.opened_at.is_some() => "Opened by the AE.".to_owned(),
        Lane::AwaitingAe => "Not opened yet.".to_owned(),
        _ => "The AE can ask for a fresh link, or you send one.".to_owned(),
    }
}

fn is_stuck(listed: &Listed, now: Timestamp) -> bool {
    now.duration_since(listed.created_at) > SignedDuration::from_mins(DRAFTING_PATIENCE_MINUTES)
}

fn is_expired(listed: &Listed, now: Timestamp) -> bool {
    listed.row.expires_at.is_some_and(|expires_at| expires_at <= now)
}

struct Step {
    words: &'static str,
    place: &'static str,
}

/// The one step that moves it on, and where it stands on the account's page.
fn step(listed: &Listed, now: Timestamp) -> Step {
    let step = |words, place| Step { words, place };
    match listed.attention.first() {
        Some(Attention::NoAeAddress | Attention::AeLeft) => return step("Name an address", "#resend"),
        Some(Attention::WrongAe) => return step("Send to somebody else", "#resend"),
        Some(Attention::MailFailed) => return step("Send again", "#resend"),
        Some(Attention::DraftFailed) => return step("Skip", "#skip"),
        Some(Attention::Overdue) => return step("Remind", "#remind"),
        Some(Attention::DealReopened) => return step("Skip or dismiss", "#attention"),
        Some(Attention::CsmMissing) => return step("Assign a CSM", "/csm"),
        None => {}
    }
    match Lane::of(listed.state, false) {
        Lane::AwaitingAe if !words::is_asked(listed) => step("Ask the AE", "#resend"),
        Lane::AwaitingAe if is_expired(listed, now) => step("Send a new link", "#resend"),
        Lane::AwaitingAe => step("Remind", "#remind"),
        Lane::Expired => step("Send a new link", "#resend"),
        _ => step("Look", ""),
    }
}
