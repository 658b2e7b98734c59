//! Counting an organization again from its records: what `make recount` does, and what tests hold totals against.

use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::rollup::{Contribution, Counts, Of, Period, Totals, TotalsRow};
use handoff_store::{Store, StoreError};
use std::collections::BTreeMap;

/// How often an account that somebody counts at the same time is tried.
const TRIES: usize = 40;

/// What differed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recounted {
    /// Accounts that were counted.
    pub accounts: u64,
    /// Accounts whose share of the totals was not what their records say.
    pub stale: u64,
    /// Counters of rows that were not the sum of all shares: whose, which, what stood there, what should.
    pub wrong: Vec<String>,
    /// Rows that could not be mended because somebody counted into them.
    pub busy: u64,
}

/// First every account is brought up to its records. Then the rows are read, and after them all shares: whatever is counted in
/// between changes a row's revision, and that row is left alone.
pub async fn recount(
    store: &Store,
    organization: &OrganizationId,
    write: bool,
    told: &mut Recounted,
) -> Result<(), StoreError> {
    walk(store, organization, write, told).await?;
    let rows = store.all_totals(organization).await?;
    let right = walk(store, organization, false, &mut Recounted::default()).await?;
    let revisions: BTreeMap<(Period, Of), (TotalsRow, u64)> =
        rows.into_iter().map(|(row, revision)| ((row.period, row.of.clone()), (row, revision))).collect();
    let mut stored = Totals::new();
    for (row, _) in revisions.values() {
        stored.add_row(row);
    }
    let mut missing: BTreeMap<(Period, Of), Counts> = BTreeMap::new();
    for (period, of, counter, there, should) in stored.differences(&right) {
        told.wrong.push(format!(
            "{} {} {of} {counter}: {there}, should be {should}",
            period.grain.as_str(),
            period.start
        ));
        missing.entry((period, of)).or_default().insert(counter, should - there);
    }
    for (key, counts) in missing.into_iter().filter(|_| write) {
        let bare =
            || TotalsRow { period: key.0, of: key.1.clone(), name: String::new(), counts: Counts::new() };
        let (row, revision) = revisions.get(&key).cloned().unwrap_or_else(|| (bare(), 0));
        told.busy += u64::from(!store.mend_row(organization, &row, revision, &counts).await?);
    }
    Ok(())
}

/// The sum of what the totals hold of each account.
async fn walk(
    store: &Store,
    organization: &OrganizationId,
    write: bool,
    told: &mut Recounted,
) -> Result<Totals, StoreError> {
    let (mut sum, mut from) = (Totals::new(), None);
    loop {
        let (accounts, next) = store.list_account_ids(organization, from).await?;
        for account in &accounts {
            told.accounts += 1;
            if let Some(share) = bring_up(store, organization, account, write, told).await? {
                sum.add(&share);
            }
        }
        from = next;
        if from.is_none() {
            return Ok(sum);
        }
    }
}

/// An account's share as the totals hold it from now on; with `write` it is what its records say.
async fn bring_up(
    store: &Store,
    organization: &OrganizationId,
    account: &AccountId,
    write: bool,
    told: &mut Recounted,
) -> Result<Option<Contribution>, StoreError> {
    for attempt in 0..TRIES {
        let Some(read) = store.get_to_count(organization, account).await? else { return Ok(None) };
        let now = Contribution::of(&read.handoff, &read.events);
        // What waits for the next run of the schedule is no mistake.
        let is_stale = read.folded != now;
        told.stale += u64::from(is_stale && attempt == 0 && read.uncounted() == 0);
        if !is_stale || !write {
            return Ok(Some(read.folded));
        }
        if store.put_counted(&read, &now).await? {
            return Ok(Some(now));
        }
    }
    told.busy += 1;
    Ok(None)
}
