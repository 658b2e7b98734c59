//! `GET /accounts`: search, filters, pages; a CSM sees their own first.

use super::query::{AGES, Query, STANDINGS};
use super::words;
use crate::app::App;
use crate::gate::Viewer;
use crate::reply::View;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::account::Money;
use handoff_domain::listing::Listed;
use handoff_domain::roster::Role;
use handoff_store::AccountsPage;
use handoff_web::{Markup, html, inline, text};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Rows of one page.
const ROWS: usize = 50;

/// One query, or several at once.
pub(crate) async fn list(State(app): State<Arc<App>>, viewer: Viewer, RawQuery(raw): RawQuery) -> Response {
    let query = Query::parse(raw.as_deref().unwrap_or_default());
    let filter = query.filter(&viewer.member, &viewer.roster, viewer.now);
    let cursor = query.cursor();
    let store = &app.deps.store;
    match store.list_accounts(&viewer.organization.id, &filter, cursor.as_ref(), ROWS).await {
        Ok(page) => {
            let body = body(&viewer, &query, &page);
            viewer.show(
                StatusCode::OK,
                View { title: "Accounts", at: "/accounts", wide: true, script: None, body },
            )
        }
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn body(viewer: &Viewer, query: &Query, page: &AccountsPage) -> Markup {
    html! {
        div.page-head {
            div {
                h1 { "Accounts" }
                p { "Everything that Sales handed over to " (viewer.organization.name) ", or is about to." }
            }
            @if viewer.member.has(Role::Admin) {
                p.actions {
                    a.button.button--quiet href="/accounts/new" { "Make one by hand" }
                    a.button.button--quiet href="/accounts/import" { "Import" }
                }
            }
        }
        (search(viewer, query))
        div #results data-count=(found(page)) {
            @if page.rows.is_empty() { (empty(viewer, query, page)) } @else {
                (table(&page.rows, &text::zone(&viewer.organization.time_zone)))
            }
            (pages(query, page))
        }
    }
}

/// What a list says aloud once it is narrowed.
fn found(page: &AccountsPage) -> String {
    match (page.rows.len(), page.next.is_some()) {
        (1, false) => "1 account".to_owned(),
        (rows, false) => format!("{rows} accounts"),
        (rows, true) => format!("The first {rows} accounts"),
    }
}

/// The tabs of a CSM, and the fields that narrow the list: a form that only reads.
fn search(viewer: &Viewer, query: &Query) -> Markup {
    let is_mine = query.is_mine(&viewer.member);
    let tab =
        |scope: &str| Query { scope: scope.to_owned(), csm: String::new(), ..query.clone() }.address("");
    html! {
        @if viewer.member.has(Role::Csm) {
            nav.tabs aria-label="Whose accounts" {
                a href=(tab("mine")) aria-current=[is_mine.then_some("page")] { "Mine" }
                a href=(tab("all")) aria-current=[(!is_mine).then_some("page")] { "All" }
            }
        }
        form.filters method="get" action="/accounts" role="search" hx-boost=(inline::RESULTS) hx-replace-url="true" hx-trigger=(inline::WHILE_TYPING) {
            @if !query.scope.is_empty() { input type="hidden" name="scope" value=(query.scope); }
            div.filters__wide {
                label for="q" { "Company, CSM or AE begins with" }
                input.field #q name="q" type="search" value=(query.q) maxlength="80" autocomplete="off";
            }
            div {
                label for="state" { "State" }
                select.field #state name="state" {
                    option value="" { "Any" }
                    @for (name, words, _) in STANDINGS { option value=(name) selected[query.state == name] { (words) } }
                }
            }
            @if !is_mine {
                div {
                    label for="csm" { "CSM" }
                    select.field #csm name="csm" {
                        option value="" { "Any" }
                        @if filter_names_somebody_gone(viewer, query) { option value=(query.csm) selected { "Somebody who left" } }
                        @for csm in viewer.roster.csms() { option value=(csm.id) selected[query.csm == csm.id.as_str()] { (csm.name) } }
                    }
                }
            }
            div {
                label for="ae" { "AE" }
                input.field #ae name="ae" value=(query.ae) maxlength="80" autocomplete="off";
            }
            div {
                label for="age" { "Made" }
                select.field #age name="age" {
                    option value="" { "At any time" }
                    @for (name, words, ..) in AGES { option value=(name) selected[query.age == name] { (words) } }
                }
            }
            div.filters__go {
                button.button { "Search" }
                @if query.is_narrowed() { a href=(Query { scope: query.scope.clone(), ..Query::default() }.address("")) { "Clear" } }
            }
        }
    }
}

/// Whether the list is narrowed to somebody who is no CSM any more.
fn filter_names_somebody_gone(viewer: &Viewer, query: &Query) -> bool {
    !query.csm.is_empty() && !viewer.roster.csms().any(|csm| csm.id.as_str() == query.csm)
}

fn table(rows: &[Listed], zone: &TimeZone) -> Markup {
    html! {
        div.table-wrap {
            table.table.table--cards {
                caption.visually-hidden { "Accounts" }
                thead { tr {
                    th scope="col" { "Company" } th scope="col" { "Handoff" } th scope="col" { "AE" } th scope="col" { "CSM" }
                    th.number scope="col" { "ARR" } th scope="col" { "Made" }
                } }
                tbody { @for row in rows { (one(row, zone)) } }
            }
        }
    }
}

fn one(listed: &Listed, zone: &TimeZone) -> Markup {
    let row = &listed.row;
    html! {
        tr {
            th scope="row" dir="auto" {
                a href={ "/accounts/" (listed.account) } { (row.company) }
                @if row.round > 1 { small { "Round " (row.round) } }
            }
            td { (words::badges_of(listed)) }
            td data-label="AE" { (row.ae) }
            td data-label="CSM" { (row.csm_name) }
            td.number data-label="ARR" { @if let Some(arr) = &row.arr { (Money::to_plain_text(arr)) } }
            td data-label="Made" { (text::day_at(listed.created_at, zone)) }
        }
    }
}

/// Nothing found, or nothing there yet: what to do then.
fn empty(viewer: &Viewer, query: &Query, page: &AccountsPage) -> Markup {
    let is_mine = query.is_mine(&viewer.member);
    html! {
        div.card.empty {
            @if page.next.is_some() {
                h2 { "Nothing so far" }
                p { "The accounts searched until here do not fit. Go on below." }
            } @else if query.is_narrowed() {
                h2 { "No account fits" }
                p { "Names are searched by how they begin. Try fewer letters, or clear the search." }
            } @else if is_mine {
                h2 { "No account is yours yet" }
                p { "An account appears here when an AE hands it over to you. " a href="/accounts?scope=all" { "See all accounts" } "." }
            } @else {
                h2 { "No accounts yet" }
                p { "The first one appears when a deal is won in HubSpot." }
            }
        }
    }
}

fn pages(query: &Query, page: &AccountsPage) -> Markup {
    html! {
        @if page.next.is_some() || !query.after.is_empty() {
            nav.actions aria-label="Pages" {
                @if !query.after.is_empty() { a.button.button--quiet href=(query.address("")) { "First page" } }
                @if let Some(next) = &page.next { a.button.button--quiet rel="next" href=(query.address(&next.to_text())) { "Next page" } }
            }
        }
    }
}
