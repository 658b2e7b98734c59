//! The lists of accounts: four sparse indexes on the handoff item, and pages over one or several of their partitions.
//! Their keys and the row are derived from the handoff with every write, never stored in the domain.

mod page;
mod segment;

pub use page::{AccountsPage, Cursor};

use crate::error::StoreError;
use crate::item::{Item, to_attribute};
use crate::keys::{self, PK};
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::handoff::Handoff;
use handoff_domain::listing::{Listed, Row, fold};
use std::collections::BTreeSet;

/// The attribute that holds what a row shows.
const ROW: &str = "row";

/// What each list's index carries beside its keys.
pub(crate) const PROJECTED: [&str; 5] = ["state", "attention", "attention_since", "created_at", ROW];

/// What the index of lanes carries beside its keys: the board also says whether the form was opened.
pub(crate) const PROJECTED_ON_LANES: [&str; 6] =
    ["state", "attention", "attention_since", "created_at", "opened_at", ROW];

/// Sets the keys of the lists' indexes and the row, or removes them.
pub(crate) fn index(item: &mut Item, handoff: &Handoff) -> Result<(), StoreError> {
    let row = handoff.row();
    let organization = &handoff.organization;
    let made = keys::made_sort(handoff.created_at, &handoff.id);
    let ae = fold(&row.ae);
    let csm = row.csm.as_ref().map(|csm| keys::csm_partition(organization, csm));
    let text = |value: String| Some(AttributeValue::S(value));
    let derived = [
        (keys::LIST_PK, text(keys::list_partition(organization))),
        (keys::COMPANY_SK, text(keys::named_sort(&fold(&row.company), &made))),
        (keys::AE_SK, (!ae.is_empty()).then(|| AttributeValue::S(keys::named_sort(&ae, &made)))),
        (keys::LANE_PK, text(keys::lane_partition(organization, handoff.lane()))),
        (keys::CSM_PK, csm.map(AttributeValue::S)),
        (keys::MADE_SK, text(made)),
        (ROW, Some(to_attribute("row of a list", &row)?)),
    ];
    for (name, value) in derived {
        match value {
            Some(value) => drop(item.insert(name.to_owned(), value)),
            None => drop(item.remove(name)),
        }
    }
    Ok(())
}

/// The row of an index entry; one that cannot be read is told in the log and passed over.
fn readable(entry: &Item) -> Option<Listed> {
    let found = listed(entry);
    if found.is_none() {
        let key = entry.get(PK).and_then(|key| key.as_s().ok());
        tracing::error!(key, "unreadable entry of a list");
    }
    found
}

fn listed(entry: &Item) -> Option<Listed> {
    let text = |name: &str| entry.get(name).and_then(|value| value.as_s().ok());
    let moment = |name: &str| text(name).and_then(|at| at.parse().ok());
    let attention = match entry.get("attention") {
        None => BTreeSet::new(),
        Some(reasons) => serde_dynamo::from_attribute_value(reasons.clone()).ok()?,
    };
    let row: Row = serde_dynamo::from_attribute_value(entry.get(ROW)?.clone()).ok()?;
    Some(Listed {
        account: keys::account_of(text(PK)?)?,
        state: serde_dynamo::from_attribute_value(entry.get("state")?.clone()).ok()?,
        attention,
        attention_since: moment("attention_since"),
        created_at: moment("created_at")?,
        opened_at: moment("opened_at"),
        row,
    })
}
