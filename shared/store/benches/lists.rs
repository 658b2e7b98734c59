//! What the lists cost at 100,000 accounts: queries, read units and time of each, on the embedded table. Not a test: it
//! prints. A number as its argument makes it smaller.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a program for people")]

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, ReturnConsumedCapacity, WriteRequest};
use handoff_domain::handoff::{Assigned, Attention, Handoff, HandoffState};
use handoff_domain::id::{AccountId, MemberId};
use handoff_domain::listing::{Filter, Lane, Standing, fold};
use handoff_store::keys;
use handoff_testing::fixtures::{handoff, now};
use handoff_testing::table::{Item, TABLE};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;
use std::time::Instant;

const PAGE: usize = 50;
const CSMS: usize = 200;

fn member(number: usize) -> MemberId {
    MemberId::parse(format!("csm-{number}")).unwrap()
}

/// Of a hundred, 95 are submitted; a few of the others wait.
fn account(number: usize) -> Handoff {
    let mut made = handoff();
    made.id = AccountId::parse(format!("d{number}")).unwrap();
    let letters = number.wrapping_mul(7919) % 17_576;
    let letter = |place: usize| char::from(b'a' + u8::try_from(letters / place % 26).unwrap());
    made.account.company = format!("{}{}{} Company {number}", letter(676), letter(26), letter(1));
    made.ae.name = format!("Ae {}", number % 400);
    made.created_at = now() - SignedDuration::from_mins(i64::try_from(number).unwrap() * 5);
    made.state = match number % 100 {
        0 => HandoffState::Drafting,
        1 | 2 => HandoffState::AwaitingAe,
        3 => HandoffState::Expired,
        4 => HandoffState::Skipped,
        _ => HandoffState::Submitted,
    };
    if made.state == HandoffState::Submitted {
        let name = format!("Csm {}", number % CSMS);
        made.assigned = Some(Assigned { csm: member(number % CSMS), name, at: made.created_at });
    }
    if number % 500 == 7 {
        made.raise(Attention::MailFailed, made.created_at);
    }
    made
}

/// The item of an account, made from one that the store wrote, by the store's own keys.
fn item(written: &Item, number: usize) -> Item {
    let made = account(number);
    let text = |value: String| AttributeValue::S(value);
    let mut item = written.clone();
    let (org, row) = (&made.organization, made.row());
    let sort = keys::made_sort(made.created_at, &made.id);
    item.extend(keys::handoff(org, &made.id).attributes());
    item.insert("id".to_owned(), text(made.id.to_string()));
    item.insert("state".to_owned(), text(made.state.as_str().to_owned()));
    item.insert("created_at".to_owned(), text(made.created_at.to_string()));
    item.insert(keys::COMPANY_SK.to_owned(), text(keys::named_sort(&fold(&row.company), &sort)));
    item.insert(keys::AE_SK.to_owned(), text(keys::named_sort(&fold(&row.ae), &sort)));
    item.insert(keys::LANE_PK.to_owned(), text(keys::lane_partition(org, made.lane())));
    if let Some(csm) = &row.csm {
        item.insert(keys::CSM_PK.to_owned(), text(keys::csm_partition(org, csm)));
    }
    if !made.attention.is_empty() {
        item.insert("attention".to_owned(), AttributeValue::Ss(vec!["mail_failed".to_owned()]));
    }
    item.insert(keys::MADE_SK.to_owned(), text(sort));
    item.insert("row".to_owned(), serde_dynamo::to_attribute_value(row).unwrap());
    item
}

async fn fill(table: &TestTable, count: usize) {
    table.store.create_handoff(&account(0)).await.unwrap();
    let items = table.items().await;
    let written = items.iter().find(|item| item.contains_key(keys::MADE_SK)).unwrap();
    for chunk in (0..count).collect::<Vec<_>>().chunks(25) {
        let puts = chunk.iter().map(|number| {
            let put = PutRequest::builder().set_item(Some(item(written, *number))).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        table.client.batch_write_item().request_items(TABLE, puts.collect()).send().await.unwrap();
    }
}

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
    fill(&table, count).await;
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
