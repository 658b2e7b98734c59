//! A crowd of accounts, for measuring how lists hold at size: written as items, by the store's own keys.

use crate::fixtures::{handoff, now};
use crate::table::Item;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::handoff::{Assigned, Attention, Handoff, HandoffState};
use handoff_domain::id::{AccountId, MemberId};
use handoff_domain::listing::fold;
use handoff_store::{Store, keys};
use jiff::SignedDuration;
use serde_json::Value;

/// How many CSMs share the crowd.
pub const CSMS: usize = 200;

/// The id of one of them.
pub fn member(number: usize) -> MemberId {
    MemberId::parse(format!("csm-{number}")).unwrap()
}

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

/// Items written with one call.
const AT_ONCE: usize = 5000;

/// The items of so many accounts in DynamoDB's JSON, the newest first, handed on in parts: 95 of a hundred are submitted,
/// a few of the others wait.
pub async fn fill(store: &Store, client: &Client, table: &str, count: usize, put: impl Fn(Vec<Value>)) {
    let first = account(0);
    store.create_handoff(&first).await.unwrap();
    let key = keys::handoff(&first.organization, &first.id).attributes();
    let written = client.get_item().table_name(table).set_key(Some(key)).send().await.unwrap().item.unwrap();
    let json = |number| serde_json::to_value(serde_dynamo::Item::from(item(&written, number))).unwrap();
    for from in (0..count).step_by(AT_ONCE) {
        put((from..count.min(from + AT_ONCE)).map(json).collect());
    }
}

/// The items of so many handoffs whose AEs are waited for, in DynamoDB's JSON: the links of the first `past` ended before `now`, those of the
/// others end later. With `bare`, an item holds what the index of due handoffs holds and nothing else.
pub async fn wait(
    store: &Store,
    client: &Client,
    (table, count, past): (&str, usize, usize),
    (now, is_bare): (Timestamp, bool),
    put: impl Fn(Vec<Value>),
) {
    let mut first = handoff();
    first.id = AccountId::parse("d1").unwrap();
    first.state = HandoffState::AwaitingAe;
    if let Some(link) = &mut first.link {
        link.expires_at = now - SignedDuration::from_hours(1);
    }
    store.create_handoff(&first).await.unwrap();
    let key = keys::handoff(&first.organization, &first.id).attributes();
    let written = client.get_item().table_name(table).set_key(Some(key)).send().await.unwrap().item.unwrap();
    let json = |number: usize| {
        let id = AccountId::parse(format!("d{}", number + 1)).unwrap();
        let mut item = if is_bare { Item::new() } else { written.clone() };
        let minutes = i64::try_from(number).unwrap();
        let due = if number < past {
            now - SignedDuration::from_mins(30)
        } else {
            now + SignedDuration::from_mins(60 + minutes % 40_000)
        };
        item.extend(keys::handoff(&first.organization, &id).attributes());
        let partition = keys::due_partition(&first.organization, keys::shard(&id));
        item.insert(keys::DUE_PK.to_owned(), AttributeValue::S(partition));
        item.insert(keys::DUE_SK.to_owned(), AttributeValue::S(keys::sortable(due)));
        item.insert("state".to_owned(), AttributeValue::S(HandoffState::AwaitingAe.as_str().to_owned()));
        item.insert("id".to_owned(), AttributeValue::S(id.to_string()));
        serde_json::to_value(serde_dynamo::Item::from(item)).unwrap()
    };
    for from in (0..count).step_by(AT_ONCE) {
        put((from..count.min(from + AT_ONCE)).map(json).collect());
    }
}
