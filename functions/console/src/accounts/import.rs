//! `GET/POST /accounts/import`: many accounts from a list, looked at before anything is made.

mod rows;

use super::make;
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::{View, see_other};
use crate::spreadsheet;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::by_hand::NewAccount;
use handoff_domain::id::AccountId;
use handoff_store::StoreError;
use handoff_web::components::{Tone, badge, notice};
use handoff_web::fields::Field;
use handoff_web::{Markup, html};
use rows::{Row, read};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Accounts that one read asks the table for.
const ASKED_AT_ONCE: usize = 100;

/// The empty page.
pub(crate) async fn preview(viewer: Viewer) -> Response {
    answer(&viewer, StatusCode::OK, "", &html! {})
}

/// Shows what a list would make; with `step` = `make`, and every row in order, makes it. What was made by an earlier try is
/// there already and is not made again.
pub(crate) async fn import(State(app): State<Arc<App>>, post: Post) -> Response {
    let Post { viewer, form } = &post;
    let text = &*spreadsheet::sent(form, "csv");
    let rows = match read(text) {
        Ok(rows) => rows,
        Err(why) => {
            let said = notice(Tone::Bad, &why, true, html! {});
            return answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, text, &said);
        }
    };
    let good: Vec<(AccountId, &NewAccount)> = rows
        .iter()
        .filter_map(|row| row.read.as_ref().ok())
        .map(|new| (new.derived_id(&viewer.organization.id), new))
        .collect();
    let is_whole = good.len() == rows.len();
    if form.last("step") == Some("make") && is_whole {
        return make_all(&app, viewer, &good).await;
    }
    let there = match existing(&app, viewer, &good).await {
        Ok(there) => there,
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    let status = if is_whole { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    answer(viewer, status, text, &shown(viewer, &rows, &there, is_whole, text))
}

async fn existing(
    app: &App,
    viewer: &Viewer,
    good: &[(AccountId, &NewAccount)],
) -> Result<BTreeSet<AccountId>, StoreError> {
    let mut there = BTreeSet::new();
    for asked in good.chunks(ASKED_AT_ONCE) {
        let ids: Vec<AccountId> = asked.iter().map(|(id, _)| id.clone()).collect();
        there.extend(app.deps.store.existing_accounts(&viewer.organization.id, &ids).await?);
    }
    Ok(there)
}

async fn make_all(app: &App, viewer: &Viewer, good: &[(AccountId, &NewAccount)]) -> Response {
    let intake = match app.deps.store.get_intake(&viewer.organization.id).await {
        Ok(Some(intake)) => intake,
        Ok(None) => return viewer.not_found(),
        Err(error) => return viewer.failure(&error, error.is_retryable()),
    };
    for (id, new) in good {
        if let Err(error) = make::make(app, viewer, &intake, id.clone(), new).await {
            return viewer.failure(&error, error.is_retryable());
        }
    }
    see_other(app, "/accounts?scope=all&state=drafting")
}

fn answer(viewer: &Viewer, status: StatusCode, text: &str, said: &Markup) -> Response {
    let body = html! {
        div.page-head { div {
            p.small { a href="/accounts" { "Accounts" } }
            h1 { "Import accounts" }
            p { "Choose a file with commas (CSV), or paste a list. You see what it makes before anything is made; the same list sent again makes nothing twice." }
            p { a href="/accounts/import/hubspot" { "Import older deals from HubSpot" } " instead." }
        } }
        (said)
        form.card.rows method="post" action="/accounts/import" enctype="multipart/form-data" {
            (viewer.proof())
            (Field::text(spreadsheet::FILE, "A file", "").file(".csv,.tsv,.txt,text/csv"))
            div.stack-tight {
                label.field-label for="csv" { "Or the list itself" }
                p.question__help #csv-help { "The first line names the columns: company and ae are required; arr, close_date, website, industry, size, contacts and raw_payload may be there. At most " (rows::ROWS_MAX) " rows." }
                textarea.field #csv name="csv" rows="8" aria-describedby="csv-help" spellcheck="false" placeholder="company,ae,arr,close_date" { (text) }
            }
            p.actions { button.button name="step" value="preview" { "Look at it" } }
        }
    };
    viewer.show(
        status,
        View { title: "Import accounts", at: "/accounts/import", wide: true, script: None, body },
    )
}

fn shown(viewer: &Viewer, rows: &[Row], there: &BTreeSet<AccountId>, is_whole: bool, text: &str) -> Markup {
    let bad = rows.iter().filter(|row| row.read.is_err()).count();
    let id = |new: &NewAccount| new.derived_id(&viewer.organization.id);
    html! {
        @if is_whole {
            div.card {
                h2 { (rows.len()) @if rows.len() == 1 { " account" } @else { " accounts" } " to make" }
                @if !there.is_empty() { p { (there.len()) " of them are there already and stay as they are." } }
                form method="post" action="/accounts/import" {
                    (viewer.proof())
                    input type="hidden" name="csv" value=(text);
                    button.button name="step" value="make" { "Make them, and invite their AEs" }
                }
            }
        } @else {
            (notice(Tone::Bad, &format!("{bad} of {} rows cannot be made", rows.len()), true, html! { p { "Nothing was made. Mend them below, then look again." } }))
        }
        div.table-wrap {
            table.table.table--cards {
                caption.visually-hidden { "What the list holds" }
                thead { tr { th scope="col" { "Line" } th scope="col" { "Company" } th scope="col" { "AE" } th scope="col" { "What becomes of it" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td data-label="Line" { (row.line) }
                            th scope="row" dir="auto" { (row.company) }
                            td data-label="AE" { (row.ae) }
                            td {
                                @match &row.read {
                                    Ok(new) if there.contains(&id(new)) => (badge(Tone::Neutral, "There already")),
                                    Ok(_) => (badge(Tone::Good, "Will be made")),
                                    Err(errors) => { (badge(Tone::Bad, "To mend")) @for (field, remedy) in errors { small { b { (field) } ": " (remedy) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
