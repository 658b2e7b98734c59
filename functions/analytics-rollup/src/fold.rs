//! One account: what it adds now takes the place of what it added before.

use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::rollup::Contribution;
use handoff_store::{Store, StoreError};

/// How often an account that somebody counts at the same time, or that is too much for one transaction, is taken up again.
const TRIES: usize = 40;

/// What became of one account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Events that were not counted before.
    pub events: u64,
}

/// Counts an account: a query and a transaction, more only where it has much that is new. Nothing is counted twice, whoever
/// else does the same.
pub async fn count_account(
    store: &Store,
    organization: &OrganizationId,
    account: &AccountId,
) -> Result<Counted, StoreError> {
    let mut counted = Counted::default();
    for _ in 0..TRIES {
        let Some(read) = store.get_to_count(organization, account).await? else { break };
        counted.events = counted.events.max(u64::try_from(read.uncounted()).unwrap_or(u64::MAX));
        let now = Contribution::of(&read.handoff, &read.events);
        if store.put_counted(&read, &now).await? {
            return Ok(counted);
        }
    }
    // The marks that are left bring the next run here.
    Ok(counted)
}
