//! What the lists cost at 100,000 accounts: queries, read units and time of each, on the embedded table. Not a test: it
//! prints. A number as its argument makes it smaller.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for people")]

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use handoff_domain::handoff::HandoffState;
use handoff_domain::listing::{Filter, Lane, Standing, fold};
use handoff_store::keys;
use handoff_testing::crowd::{fill, member};
use handoff_testing::fixtures::{handoff, now};
use handoff_testing::table;
use handoff_testing::table::TABLE;
use jiff::SignedDuration;
use std::time::Instant;

const PAGE: usize = 50;
fn lists() -> Vec<(&'static str, Filter)> {
    let any = Filter::default();
    let text = |text: &str| Filter { text: fold(text), ..any.clone() };
    let state = |state| Filter { standing: Some(Standing::State(state)), ..any.clone() };
    let month = Some(now() - SignedDuration::from_hours(30 * 24));
    vec![
        ("all, first page", any.clone()),
        ("mine", Filter { csm: Some(member(7)), ..any.clone() }),
        ("mine, by text", Filter { csm: Some(member(7)), ..text("ab") }),
        ("by the start of a company", text("abc")),
        ("by one letter", text("a")),
        ("by the start of an AE", text("ae 39")),
        ("by a CSM's name", Filter { csms_named: vec![member(7)], ..text("csm 7") }),
        ("awaiting", state(HandoffState::AwaitingAe)),
        ("submitted, this month", Filter { made_from: month, ..state(HandoffState::Submitted) }),
        ("needs attention", Filter { standing: Some(Standing::Attention), ..any.clone() }),
        ("this month", Filter { made_from: month, ..any.clone() }),
        ("an AE's skipped ones", Filter { ae: fold("ae 104"), ..state(HandoffState::Skipped) }),
        ("nothing", text("zzzz nobody")),
    ]
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = std::env::args().find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let table = table().await;
    let begun = Instant::now();
    fill(&table.store, &table.client, TABLE, count, |items| table.import(items)).await;
    println!("{count} accounts, filled in {:.0} s", begun.elapsed().as_secs_f64());
    let organization = handoff().organization;
    println!("{:<28} {:>5} {:>6} {:>10}", "list", "rows", "more", "time");
    for (name, filter) in lists() {
        let begun = Instant::now();
        let page = table.store.list_accounts(&organization, &filter, None, PAGE).await.unwrap();
        let took = begun.elapsed();
        println!(
            "{name:<28} {:>5} {:>6} {:>7.1} ms",
            page.rows.len(),
            page.next.is_some(),
            took.as_secs_f64() * 1e3
        );
    }
    let begun = Instant::now();
    for lane in [Lane::Attention, Lane::Drafting, Lane::AwaitingAe, Lane::Expired] {
        table.store.list_lane(&organization, lane, PAGE).await.unwrap();
    }
    println!(
        "{:<28} {:>5} {:>6} {:>7.1} ms",
        "the board's four lanes",
        "",
        "",
        begun.elapsed().as_secs_f64() * 1e3
    );
    let read = table.client.query().table_name(TABLE).index_name(keys::COMPANIES_INDEX);
    let read = read
        .key_condition_expression("list_pk = :pk")
        .expression_attribute_values(":pk", AttributeValue::S(keys::list_partition(&organization)))
        .limit(51)
        .return_consumed_capacity(ReturnConsumedCapacity::Total);
    let units = read.send().await.unwrap().consumed_capacity.and_then(|units| units.capacity_units);
    println!("a page of 51 rows: {} read units", units.unwrap_or_default());
}
