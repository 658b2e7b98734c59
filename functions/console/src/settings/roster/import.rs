//! Many people at once, from a list with commas: looked at first, then taken whole or not at all. Taking the same list
//! again changes nothing.

use super::input::Typed;
use super::{PATH, keep, words};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use crate::settings::{Sheet, Unsaved, show};
use crate::spreadsheet::{self, delimiter};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::audit::SettingsChange;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::MemberId;
use handoff_domain::roster::{Member, Roster};
use handoff_web::components::{Tone, badge, notice};
use handoff_web::fields::Field;
use handoff_web::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const COLUMNS: &str = "name,email,roles,expertise,capacity,away_from,away_until,booking_link";
const EXAMPLE: &str =
    "Kim Roe,kim@company.com,csm;admin,Healthcare;Enterprise,6,,,https://meet.company.com/kim";

/// What becomes of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    New(Member),
    Changed(Member),
    Same,
    Wrong(Vec<String>),
}

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// As an editor counts it.
    line: u64,
    name: String,
    email: String,
    outcome: Outcome,
}

/// `GET /settings/roster/import`.
#[allow(clippy::unused_async, reason = "axum takes a future")]
pub(crate) async fn page(viewer: Viewer) -> Response {
    answer(&viewer, StatusCode::OK, "", html! {})
}

/// `POST /settings/roster/import`: `list` is looked at; with `do=import` it is taken, if every row is right.
pub(crate) async fn import(State(app): State<Arc<App>>, post: Post) -> Response {
    let viewer = &post.viewer;
    let list = &*spreadsheet::sent(&post.form, "list");
    let rows = match read(list, &viewer.roster) {
        Ok(rows) => rows,
        Err(what) => {
            let news = notice(Tone::Bad, "This list cannot be read", true, html! { p { (what) } });
            return answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, list, news);
        }
    };
    let is_right = !rows.iter().any(|row| matches!(row.outcome, Outcome::Wrong(_)));
    let people = rows.iter().filter_map(|row| match &row.outcome {
        Outcome::New(member) | Outcome::Changed(member) => Some(member.clone()),
        Outcome::Same | Outcome::Wrong(_) => None,
    });
    let after = match viewer.roster.with(people) {
        Ok(after) => after,
        Err(error) => {
            let news = notice(Tone::Bad, "That is not possible", true, html! { p { (words(error)) } });
            return answer(viewer, StatusCode::UNPROCESSABLE_ENTITY, list, news);
        }
    };
    if !is_right || post.form.last("do") != Some("import") {
        let status = if is_right { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return answer(viewer, status, list, preview(viewer, list, &rows, is_right));
    }
    let (added, changed) = counts(&rows);
    if added + changed == 0 {
        return see_other(&app, "/settings/roster?saved=1");
    }
    match keep(&app, viewer, &after, SettingsChange::RosterImported { added, changed }, Vec::new()).await {
        Ok(()) => see_other(&app, "/settings/roster?saved=1"),
        Err(Unsaved::Conflict) => {
            let news = html! { (super::super::conflict(&[])) (preview(viewer, list, &rows, true)) };
            answer(viewer, StatusCode::CONFLICT, list, news)
        }
        Err(Unsaved::Failed(error, retryable)) => viewer.failure(&*error, retryable),
    }
}

fn counts(rows: &[Row]) -> (u32, u32) {
    let count = |is: fn(&Outcome) -> bool| {
        u32::try_from(rows.iter().filter(|row| is(&row.outcome)).count()).unwrap_or(u32::MAX)
    };
    (
        count(|outcome| matches!(outcome, Outcome::New(_))),
        count(|outcome| matches!(outcome, Outcome::Changed(_))),
    )
}

/// The rows of a list; people are known by their address. The error says why it is no list at all.
fn read(list: &str, roster: &Roster) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(list))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(list.as_bytes());
    let header = reader.headers().map_err(|_| format!("The first line must name the columns: {COLUMNS}"))?;
    let columns: BTreeMap<String, usize> = header
        .iter()
        .enumerate()
        .map(|(place, name)| (name.trim_start_matches('\u{feff}').to_lowercase(), place))
        .collect();
    if let Some(missing) = ["name", "email", "roles"].into_iter().find(|name| !columns.contains_key(*name)) {
        return Err(format!(
            "The first line lacks the column {missing}. It names the columns, for example: {COLUMNS}"
        ));
    }
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    for record in reader.records() {
        let record =
            record.map_err(|_| "A quotation mark is not closed, or a line is not text.".to_owned())?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| columns.get(name).and_then(|place| record.get(*place)).unwrap_or_default();
        let mut row = row(line, cell, roster);
        let address = row.email.to_ascii_lowercase();
        if !seen.insert(address) {
            row.outcome = Outcome::Wrong(vec!["The list has this address twice.".to_owned()]);
        }
        rows.push(row);
    }
    if rows.is_empty() { Err("The list holds no person.".to_owned()) } else { Ok(rows) }
}

fn row<'a>(line: u64, cell: impl Fn(&str) -> &'a str, roster: &Roster) -> Row {
    let text = |name| cell(name).to_owned();
    let typed = Typed {
        name: text("name"),
        email: text("email"),
        roles: cell("roles")
            .split([';', ' ', '|'])
            .filter(|role| !role.is_empty())
            .map(str::to_owned)
            .collect(),
        expertise: text("expertise"),
        capacity: text("capacity"),
        away_from: text("away_from"),
        away_until: text("away_until"),
        booking_link: text("booking_link"),
        ..Typed::empty(roster.revision)
    };
    let address = EmailAddress::parse(&typed.email).map(|email| email.folded()).ok();
    let known = roster.members.iter().find(|member| Some(member.email.folded()) == address);
    let id = known.map_or_else(|| MemberId::from_random(rand::random()), |member| member.id.clone());
    let outcome = match (typed.check(id), known) {
        (Err(errors), _) => Outcome::Wrong(errors.into_values().collect()),
        (Ok(member), Some(known)) if member == *known => Outcome::Same,
        (Ok(member), Some(_)) => Outcome::Changed(member),
        (Ok(member), None) => Outcome::New(member),
    };
    Row { line, name: typed.name, email: typed.email, outcome }
}

fn preview(viewer: &Viewer, list: &str, rows: &[Row], is_right: bool) -> Markup {
    let (added, changed) = counts(rows);
    html! {
        @if is_right {
            (notice(Tone::Info, "Nothing is saved yet", false, html! { p { (added) " new, " (changed) " changed. People who are not in the list stay as they are." } }))
        } @else {
            (notice(Tone::Bad, "Some rows need a correction", true, html! { p { "Nothing is saved: the list is taken whole or not at all. Correct the rows below and look again." } }))
        }
        div.table-wrap {
            table.table.table--cards {
                caption.visually-hidden { "What the list would change" }
                thead { tr { th.number scope="col" { "Line" } th scope="col" { "Person" } th scope="col" { "What happens" } } }
                tbody { @for row in rows {
                    tr {
                        td.number data-label="Line" { (row.line) }
                        th scope="row" { (row.name) small { (row.email) } }
                        td data-label="What happens" { (told(&row.outcome)) }
                    }
                } }
            }
        }
        @if is_right {
            form method="post" action="/settings/roster/import" {
                (viewer.proof())
                input type="hidden" name="list" value=(list);
                button.button name="do" value="import" { "Import " (rows.len()) (if rows.len() == 1 { " person" } else { " people" }) }
            }
        }
    }
}

fn told(outcome: &Outcome) -> Markup {
    match outcome {
        Outcome::New(_) => badge(Tone::Good, "New"),
        Outcome::Changed(_) => badge(Tone::Info, "Changed"),
        Outcome::Same => badge(Tone::Neutral, "Stays as it is"),
        Outcome::Wrong(errors) => {
            html! { (badge(Tone::Bad, "Wrong")) @for error in errors { small { (error) } } }
        }
    }
}

fn answer(viewer: &Viewer, status: StatusCode, list: &str, news: Markup) -> Response {
    let help = format!(
        "The first line names the columns: {COLUMNS}. Several roles or tags stand with ; between them."
    );
    let body = html! {
        nav.small aria-label="Up" { a href=(PATH) { "Roster" } }
        div.page-head { div { h1 { "Import people" } p { "Choose a file that a spreadsheet saved with commas (CSV), or paste a list. You see what it would change before anything is saved." } } }
        (news)
        form.card method="post" action="/settings/roster/import" enctype="multipart/form-data" {
            (viewer.proof())
            (Field::text(spreadsheet::FILE, "A file", "").file(".csv,.tsv,.txt,text/csv"))
            (Field::text("list", "Or the list itself", list).help(&help).area(10))
            details { summary { "An example" } pre.small { (COLUMNS) "\n" (EXAMPLE) } }
            button.button.button--quiet { "Look at it" }
        }
    };
    show(viewer, status, Sheet { title: "Import people", tab: PATH, wide: true, script: None, body })
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_testing::fixtures;

    fn outcomes(list: &str) -> Vec<&'static str> {
        let rows = read(list, &fixtures::roster()).unwrap();
        let word = |row: &Row| match row.outcome {
            Outcome::New(_) => "new",
            Outcome::Changed(_) => "changed",
            Outcome::Same => "same",
            Outcome::Wrong(_) => "wrong",
        };
        rows.iter().map(word).collect()
    }

    #[test]
    fn each_row_is_judged_by_its_address() {
        let list = "\u{feff}Name,EMAIL,roles,capacity,expertise\nCora Lind,CORA@northwind.test,csm,5,Healthcare\n\
            \"Roe, Kim\",kim@northwind.test,csm;admin,,\nSam Okoro,sam@northwind.test,csm,9,\nX,no,boss,,\nKim,Kim@northwind.test,ae,,\n";
        let found = outcomes(list);
        // Cora's address differs in its spelling, which is a change to her.
        assert_eq!(found, ["changed", "new", "changed", "wrong", "wrong"]);
        let again = "name,email,roles,capacity,expertise\nCora Lind,cora@northwind.test,csm,5,Healthcare\n";
        assert_eq!(outcomes(again), ["same"]);
    }

    #[test]
    fn what_is_no_list_says_what_is_missing() {
        let read = |list| read(list, &fixtures::roster()).unwrap_err();
        assert!(read("").contains("name"));
        assert!(read("name,mail\na,b").contains("email"));
        assert!(read("name,email,roles\n").contains("no person"));
    }

    #[test]
    fn the_example_is_right() {
        assert_eq!(outcomes(&format!("{COLUMNS}\n{EXAMPLE}\n")), ["new"]);
    }

    /// A target for fuzzing: a list of anything is rows or one sentence.
    #[test]
    fn fuzz_import() {
        bolero::check!().with_type::<String>().for_each(|text| {
            let head = "company,ae,name,email,roles\n";
            for text in [text.clone(), format!("{head}{text}")] {
                if let Err(why) = read(&text, &Roster::default()) {
                    assert!(!why.is_empty());
                }
            }
        });
    }
}
