//! `GET/POST /accounts/import/hubspot`: deals won before the organization's handoffs began, to be picked by a person. Nobody
//! is mailed by itself.

use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::{View, see_other};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::handoff::Origin;
use handoff_domain::id::{AccountId, DealId};
use handoff_domain::intake::judge_import;
use handoff_domain::message::{DealHint, QueuedMessage, WorkerMessage};
use handoff_domain::reconciliation::{Reconciliation, Trouble};
use handoff_hubspot::search::Older;
use handoff_hubspot::{Deal, HubSpotError};
use handoff_runtime::{new_correlation, report};
use handoff_store::StoreError;
use handoff_web::components::{Tone, badge, notice};
use handoff_web::form::Form;
use handoff_web::{Markup, html, inline, text};
use std::collections::BTreeSet;
use std::sync::Arc;

const PATH: &str = "/accounts/import/hubspot";

/// Deals that one post imports; a page has fewer.
const PICKED_MAX: usize = 100;

/// One page: a search at HubSpot, then a batch read of the accounts that exist.
pub(crate) async fn page(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let asked = Form::parse(raw.unwrap_or_default().as_bytes());
    let asked_for = asked.last("asked").and_then(|count| count.parse::<usize>().ok());
    let news = html! { @if let Some(count) = asked_for.filter(|count| *count > 0) { (asked_notice(count)) } };
    answer(&app, &viewer, StatusCode::OK, asked.last("after"), news).await
}

/// Imports those that were ticked: a message each for the worker, which reads the deal again. Sent twice, it makes nothing twice.
pub(crate) async fn import(State(app): State<Arc<App>>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let picked = form
        .pairs()
        .filter(|(name, _)| *name == "deal")
        .filter_map(|(_, id)| DealId::parse(id).ok())
        .take(PICKED_MAX);
    let picked: BTreeSet<DealId> = picked.collect();
    let after = form.last("after").filter(|after| !after.is_empty());
    if picked.is_empty() {
        let words = html! { p { "Tick the deals whose customers are still to be handed over." } };
        let news = notice(Tone::Caution, "No deal was ticked", true, words);
        return answer(&app, viewer, StatusCode::UNPROCESSABLE_ENTITY, after, news).await;
    }
    let portal = viewer.organization.portal;
    let hint = |deal: DealId| QueuedMessage {
        correlation: Some(new_correlation()),
        message: WorkerMessage::DealHint(DealHint { portal, deal, origin: Origin::Imported }),
    };
    let count = picked.len();
    let hints: Vec<QueuedMessage> = picked.into_iter().map(hint).collect();
    if let Err(error) = app.deps.queue.send_all(&hints).await {
        tracing::error!(error = report(&error), "an import was not kept");
        let words =
            html! { p { "Nothing is lost and nothing was made twice: tick them again in a minute." } };
        let news = notice(Tone::Bad, "The deals could not be taken in just now", true, words);
        return answer(&app, viewer, StatusCode::SERVICE_UNAVAILABLE, after, news).await;
    }
    let after = after.filter(|after| after.bytes().all(|byte| byte.is_ascii_digit()));
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    see_other(&app, &format!("{PATH}?asked={count}{after}"))
}

fn asked_notice(count: usize) -> Markup {
    let title = if count == 1 {
        "One deal is being taken in".to_owned()
    } else {
        format!("{count} deals are being taken in")
    };
    notice(
        Tone::Good,
        &title,
        true,
        html! {
            p { "Their drafts are ready within minutes. Nobody is mailed: on each account, “Ask the AE” sends the link when you want it. " a href="/accounts?scope=all&state=drafting" { "See them being drafted" } "." }
        },
    )
}

/// What is shown: HubSpot's page, and which of its deals have an account.
struct Shown {
    older: Older,
    there: BTreeSet<AccountId>,
}

async fn read(
    app: &App,
    viewer: &Viewer,
    after: Option<&str>,
) -> Result<Result<Shown, HubSpotError>, StoreError> {
    let older = match app.deps.hubspot.search_older(viewer.organization.handoffs_from, after).await {
        Ok(older) => older,
        Err(error) => {
            tracing::warn!(error = report(&error), "older deals could not be read");
            return Ok(Err(error));
        }
    };
    let ids: Vec<AccountId> =
        older.deals.iter().flat_map(keys).collect::<BTreeSet<_>>().into_iter().collect();
    let mut there = BTreeSet::new();
    for some in ids.chunks(100) {
        there.extend(app.deps.store.existing_accounts(&viewer.organization.id, some).await?);
    }
    Ok(Ok(Shown { older, there }))
}

/// The accounts that a deal may have: its own, and those of deals that were merged into it.
fn keys(deal: &Deal) -> Vec<AccountId> {
    std::iter::once(deal.id.account()).chain(deal.merged_ids.iter().map(DealId::account)).collect()
}

async fn answer(
    app: &App,
    viewer: &Viewer,
    status: StatusCode,
    after: Option<&str>,
    news: Markup,
) -> Response {
    let after = after.filter(|after| !after.is_empty() && after.bytes().all(|byte| byte.is_ascii_digit()));
    let shown = match read(app, viewer, after).await {
        Ok(shown) => shown,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let zone = text::zone(&viewer.organization.time_zone);
    let since = text::day_at(viewer.organization.handoffs_from, &zone);
    let body = html! {
        div.page-head { div {
            p.small { a href="/accounts" { "Accounts" } " / " a href="/accounts/import" { "Import" } }
            h1 { "Import older deals" }
            p { "Deals won before " (since) ", when handoffs began here. They are left alone unless you pick them, and their AEs are not mailed by themselves." }
        } }
        (news)
        @match &shown {
            Ok(shown) => (list(viewer, shown, after)),
            Err(error) => (unread(error)),
        }
    };
    viewer.show(status, View { title: "Import older deals", at: PATH, wide: true, script: None, body })
}

fn unread(error: &HubSpotError) -> Markup {
    notice(Tone::Bad, "HubSpot’s deals could not be read", true, html! { p { (remedy(error)) } })
}

fn remedy(error: &HubSpotError) -> &'static str {
    match error {
        HubSpotError::Unauthorized { status: 401 } => {
            "HubSpot refused our access. Renew the access token, then open this page again."
        }
        HubSpotError::Unauthorized { .. } => {
            "HubSpot’s app may not read deals. Give it the scope crm.objects.deals.read, then open this page again."
        }
        HubSpotError::RateLimited { is_daily: true, .. } => {
            "HubSpot’s limit of the day is reached. It begins anew at midnight."
        }
        _ => "HubSpot does not answer just now. Open this page again in a minute.",
    }
}

fn list(viewer: &Viewer, shown: &Shown, after: Option<&str>) -> Markup {
    let Shown { older, there } = shown;
    let zone = text::zone(&viewer.organization.time_zone);
    let state = |deal: &Deal| {
        if keys(deal).iter().any(|key| there.contains(key)) {
            Some("Has an account")
        } else if judge_import(&deal.facts, &viewer.organization).is_err() {
            Some("Another pipeline or type")
        } else {
            None
        }
    };
    if older.deals.is_empty() {
        return html! { div.card.empty { h2 { "No older deals" } p { "HubSpot has no won deals from before handoffs began here." } } };
    }
    html! {
        form hx-boost=(inline::PAGE) method="post" action=(PATH) {
            (viewer.proof())
            @if let Some(after) = after { input type="hidden" name="after" value=(after); }
            div.table-wrap {
                table.table.table--cards {
                    caption.visually-hidden { "Older won deals, the newest first" }
                    thead { tr { th scope="col" { "Deal" } th scope="col" { "ARR" } th scope="col" { "Closed" } th scope="col" { "Import" } } }
                    tbody { @for deal in &older.deals {
                        @let name = if deal.name.is_empty() { format!("Deal {}", deal.id) } else { deal.name.clone() };
                        tr {
                            th scope="row" dir="auto" {
                                @match state(deal) {
                                    Some("Has an account") => a href={ "/accounts/" (keys(deal).into_iter().find(|key| there.contains(key)).unwrap_or_else(|| deal.id.account())) } { (name) },
                                    Some(_) => (name),
                                    None => label for={ "deal-" (deal.id) } { (name) },
                                }
                            }
                            td data-label="ARR" { @if let Some(arr) = &deal.arr { (arr.to_plain_text()) } @else { "–" } }
                            td data-label="Closed" { @if let Some(at) = deal.closed_at { (text::day_at(at, &zone)) } @else { "–" } }
                            td data-label="Import" {
                                @match state(deal) {
                                    Some(words) => (badge(Tone::Neutral, words)),
                                    None => label { input #{ "deal-" (deal.id) } type="checkbox" name="deal" value=(deal.id); span.visually-hidden { "Import " (name) } },
                                }
                            }
                        }
                    } }
                }
            }
            @if older.deals.iter().any(|deal| state(deal).is_none()) {
                div.actions { button.button { "Import the ticked deals" } }
            }
        }
        p.small.muted { (older.total) @if older.total == 1 { " older deal" } @else { " older deals" } " in HubSpot." }
        nav.actions aria-label="Pages" {
            @if after.is_some() { a.button.button--quiet href=(PATH) { "First page" } }
            @if let Some(next) = &older.next { a.button.button--quiet href={ (PATH) "?after=" (next) } { "Older ones" } }
        }
    }
}

/// For the board: why HubSpot cannot be looked through, and what to do.
pub(super) fn trouble(viewer: &Viewer, walked: &Reconciliation) -> Markup {
    let zone = text::zone(&viewer.organization.time_zone);
    let remedy = |trouble: Trouble| match trouble {
        Trouble::Unauthorized => {
            "HubSpot refuses our access. Renew the access token, and give HubSpot’s app the scope crm.objects.deals.read."
        }
        Trouble::DailyLimit => {
            "The portal’s limit of requests for today is reached. It begins anew at midnight."
        }
        Trouble::Refused => {
            "HubSpot refused the search itself. Whoever runs Handoff finds the reason in its log."
        }
        Trouble::Unavailable => "HubSpot did not answer. It is asked again every five minutes.",
    };
    html! {
        @if let Some((trouble, since)) = walked.trouble {
            (notice(Tone::Bad, "HubSpot’s deals cannot be looked through", false, html! {
                p { (remedy(trouble)) " Since " (text::moment(since, &zone)) ". Deals that webhooks tell of become handoffs all the same; the others are found as soon as HubSpot answers." }
            }))
        }
    }
}

/// For the board: when HubSpot was last looked through, and what was found.
pub(super) fn looked_through(viewer: &Viewer, walked: &Reconciliation) -> Markup {
    let zone = text::zone(&viewer.organization.time_zone);
    html! {
        p.small.muted {
            @match walked.ended_at {
                Some(at) => { "HubSpot’s won deals were last looked through on " (text::moment(at, &zone)) "." },
                None => { "HubSpot’s won deals have not been looked through yet." },
            }
            @if let Some(found) = walked.found {
                @if found.deals == 1 { " One that had no account was" } @else { " " (found.deals) " that had no account were" }
                " found and taken in on " (text::moment(found.at, &zone)) "."
            }
            " " a href=(PATH) { "Import older deals" }
        }
    }
}
