//! What the tests of formats share: golden items, and what must hold of every table.

use handoff_domain::Timestamp;
use handoff_domain::handoff::Handoff;
use handoff_domain::listing::{Row, fold};
use handoff_store::format::{CURRENT, FORMAT};
use handoff_store::keys::{self, DUE_PK, DUE_SK, Kind};
use handoff_testing::table::{Item, TestTable, table};

/// The golden items of each format, the oldest first.
pub(crate) const GOLDEN: [(u32, &str); 3] =
    [(1, include_str!("1/table.json")), (2, include_str!("2/table.json")), (3, include_str!("3/table.json"))];

/// A moment after all golden items were written, and before any of their links expires.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// A table with the golden items of a format.
pub(crate) async fn golden(format: u32) -> TestTable {
    let table = table().await;
    let (_, items) = GOLDEN.iter().find(|(number, _)| *number == format).unwrap();
    table.load(items).await;
    table
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    item.get(name).map_or("", |value| value.as_s().unwrap())
}

pub(crate) fn kind(item: &Item) -> Kind {
    Kind::at(text(item, "PK"), text(item, "SK")).unwrap()
}

pub(crate) fn format(item: &Item) -> u32 {
    item.get(FORMAT).map_or(1, |number| number.as_n().unwrap().parse().unwrap())
}

/// The handoff in an item of the current format, as plain as the table holds it.
pub(crate) fn handoff(item: &Item) -> Handoff {
    serde_dynamo::from_item(item.clone()).unwrap()
}

/// All handoffs of a table, read through the store.
pub(crate) async fn handoffs(table: &TestTable) -> Vec<Handoff> {
    let mut found = Vec::new();
    for item in table.items().await.iter().filter(|item| kind(item) == Kind::Handoff) {
        let (organization, account) = (text(item, "organization"), text(item, "id"));
        let organization = handoff_domain::id::OrganizationId::parse(organization).unwrap();
        let account = handoff_domain::id::AccountId::parse(account).unwrap();
        let page = table.store.get_handoff_page(&organization, &account, handoff_store::Consistency::Strong);
        found.push(page.await.unwrap().unwrap().handoff);
    }
    found
}

/// That the indexes say of each current handoff what the rules say.
pub(crate) fn assert_indexed(items: &[Item]) {
    for item in items.iter().filter(|item| kind(item) == Kind::Handoff && format(item) == CURRENT) {
        let handoff = handoff(item);
        let due = handoff.due();
        let partition = due
            .map_or(String::new(), |_| keys::due_partition(&handoff.organization, keys::shard(&handoff.id)));
        let moment = due.map_or(String::new(), |due| keys::sortable(due.at));
        assert_eq!((text(item, DUE_PK), text(item, DUE_SK)), (&*partition, &*moment), "{}", handoff.id);
        assert_listed(item, &handoff);
    }
}

fn assert_listed(item: &Item, handoff: &Handoff) {
    let (organization, row) = (&handoff.organization, handoff.row());
    let made = keys::made_sort(handoff.created_at, &handoff.id);
    let csm = row.csm.as_ref().map(|csm| keys::csm_partition(organization, csm));
    let expected = [
        (keys::LIST_PK, keys::list_partition(organization)),
        (keys::COMPANY_SK, keys::named_sort(&fold(&row.company), &made)),
        (
            keys::AE_SK,
            if row.ae.is_empty() { String::new() } else { keys::named_sort(&fold(&row.ae), &made) },
        ),
        (keys::LANE_PK, keys::lane_partition(organization, handoff.lane())),
        (keys::CSM_PK, csm.unwrap_or_default()),
        (keys::MADE_SK, made),
    ];
    for (name, value) in expected {
        assert_eq!(text(item, name), value, "{name} of {}", handoff.id);
    }
    let kept: Row = serde_dynamo::from_attribute_value(item["row"].clone()).unwrap();
    assert_eq!(kept, row, "{}", handoff.id);
}
