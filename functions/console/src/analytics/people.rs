//! By AE, CSM and template, and what it costs.

use super::page::table;
use super::{Shown, words};
use handoff_domain::report::{Line, Numbers, Prices};
use handoff_web::{Markup, html};

/// Rows that stand open; the file has all.
const ROWS: usize = 20;

/// Everything below the four numbers. A CSM sees their own row, and no money.
pub(super) fn sections(shown: &Shown<'_>) -> Markup {
    html! {
        @if shown.sees_all() { (aes(shown)) }
        (csms(shown))
        (templates(shown))
        @if shown.sees_all() { (cost(shown)) }
    }
}

fn named(line: &Line) -> String {
    if line.name.is_empty() { "Nobody named".to_owned() } else { line.name.clone() }
}

fn section(id: &str, title: &str, means: &str, heads: &[&str], rows: &[Vec<String>]) -> Markup {
    html! {
        @if !rows.is_empty() {
            section id=(id) aria-labelledby={ (id) "-title" } {
                div.section-head { h2 id={ (id) "-title" } { (title) } p { (means) } }
                div.card { (table(&format!("{title}: the numbers"), heads, rows.get(..ROWS).unwrap_or(rows))) @if rows.len() > ROWS { p.small.muted { "The first " (ROWS) " of " (rows.len()) ". The file has all." } } }
            }
        }
    }
}

fn aes(shown: &Shown<'_>) -> Markup {
    let row = |line: &Line| {
        let now = &line.now;
        vec![
            named(line),
            now.get("created").to_string(),
            words::percent(now.completion()),
            Some(line.before.completion())
                .filter(|part| part.whole >= words::FEW)
                .map_or_else(|| "–".to_owned(), words::percent),
            words::time(now.wait(0.5)),
            words::percent(now.made().kept()),
            words::score(now.score()),
            now.get("reminded").to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = shown.report.aes.iter().map(row).collect();
    let heads = ["AE", "Began", "Completion", "Before", "Median time", "Drafts kept", "Rated", "Reminders"];
    section("aes", "By AE", "For a talk, not for a ranking: deals differ.", &heads, &rows)
}

fn csms(shown: &Shown<'_>) -> Markup {
    let mine = |line: &&Line| shown.sees_all() || line.id == shown.viewer.member.id.as_str();
    let row = |line: &Line| {
        let now = &line.now;
        vec![
            named(line),
            now.get("received").to_string(),
            now.get("ratings").to_string(),
            words::score(now.score()),
            words::percent(now.repeated()),
            now.get("returned").to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = shown.report.csms.iter().filter(mine).map(row).collect();
    let heads = ["CSM", "Accounts given", "Rated", "Mean score", "Had to repeat", "Given back"];
    let title = if shown.sees_all() { "By CSM" } else { "Yours" };
    section("csms", title, "What each CSM received, and what they said of it.", &heads, &rows)
}

fn templates(shown: &Shown<'_>) -> Markup {
    let row = |line: &Line| {
        let now = &line.now;
        let cells = [words::time(now.wait(0.5)), words::score(now.score()), words::percent(now.repeated())];
        std::iter::once(line.id.clone()).chain([now.get("done").to_string()]).chain(cells).collect()
    };
    let rows: Vec<Vec<String>> = shown.report.templates.iter().map(row).collect();
    let heads = ["Template", "Handed over", "Median time", "Mean score", "Had to repeat"];
    section("templates", "By template", "By the plan that the account began with.", &heads, &rows)
}

fn cost(shown: &Shown<'_>) -> Markup {
    let prices = Prices::default();
    let (now, before) = (&shown.report.now, &shown.report.before);
    let each = |numbers: &Numbers| numbers.dollars_per_handoff(prices);
    let rows = [
        ("Model", dollars_of(now, "microdollars"), dollars_of(before, "microdollars")),
        ("Mails", now.get("mails") as f64 * prices.mail, before.get("mails") as f64 * prices.mail),
        (
            "Calls of functions, table and queues",
            now.get("created") as f64 * prices.calls,
            before.get("created") as f64 * prices.calls,
        ),
        ("Together", now.dollars(prices), before.dollars(prices)),
    ];
    let rows =
        rows.map(|(name, now, before)| vec![name.to_owned(), words::dollars(now), words::dollars(before)]);
    let models: Vec<Vec<String>> = shown
        .report
        .models
        .iter()
        .filter(|line| !line.now.is_empty())
        .map(|line| {
            let kept = words::percent(line.now.made().kept());
            vec![
                line.id.clone(),
                line.now.get("runs").to_string(),
                line.now.get("tokens").to_string(),
                words::dollars(dollars_of(&line.now, "microdollars")),
                kept,
            ]
        })
        .collect();
    let moved = words::moved(each(now), each(before), before.get("created"), words::dollars);
    html! {
        section #cost aria-labelledby="cost-title" {
            div.section-head { h2 #cost-title { "Cost" } p { "The model by its tokens and your prices, a mail at $0.0001, and what each handoff uses of AWS. What runs anyway, alarms and keys, is not in it." } }
            div.card {
                p { strong { (each(now).map_or_else(|| "–".to_owned(), words::dollars)) } " for one handoff, " (moved) "." }
                @if now.get("unpriced") > 0 { p.small { (now.get("unpriced")) " runs of a model have no price: set BEDROCK_PRICES, and later ones are counted." } }
                (table("Cost: what it is for", &["What", "Now", "Before"], &rows))
                @if !models.is_empty() { (table("By model", &["Drafter", "Runs", "Tokens", "Cost", "Drafts kept"], &models)) }
            }
        }
    }
}

fn dollars_of(numbers: &Numbers, counter: &str) -> f64 {
    numbers.get(counter) as f64 / 1e6
}
