//! A person who was deleted in HubSpot for privacy is taken out of every account that knows them.

use crate::{Deps, WorkerError};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use handoff_domain::email::EmailAddress;
use handoff_domain::forget::Forgotten;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::message::PersonDeleted;
use handoff_domain::source::Source;
use handoff_store::TakenOut;

/// Accounts that are looked through at the same time.
const AT_ONCE: usize = 8;
/// How often an account that others write to is tried.
const TRIES: usize = 4;

/// Looks through all accounts; twice is as once. Who they were is known from the contact as it was gathered.
pub(crate) async fn forget(deps: &Deps, deleted: &PersonDeleted) -> Result<(), WorkerError> {
    let organization = deleted.portal.organization();
    let (mut from, mut accounts, mut changed) = (None, 0_usize, 0_usize);
    loop {
        let (page, next) = deps.store.list_account_ids(&organization, from).await?;
        accounts += page.len();
        let looked = stream::iter(page)
            .map(|account| forget_in(deps, &organization, account, &deleted.contact))
            .buffer_unordered(AT_ONCE);
        changed += looked.try_fold(0, |sum, items| async move { Ok(sum + items) }).await?;
        from = next;
        if from.is_none() {
            tracing::info!(%organization, accounts, items = changed, "a person was forgotten");
            return Ok(());
        }
    }
}

/// How many items of the account named them.
async fn forget_in(
    deps: &Deps,
    organization: &OrganizationId,
    account: AccountId,
    contact: &str,
) -> Result<usize, WorkerError> {
    let Some((_, _, sources)) = deps.store.get_with_sources(organization, &account).await? else {
        return Ok(0);
    };
    let id = format!("contact-{contact}");
    let Some(person) = sources.iter().find(|source| source.id.as_str() == id).map(who) else { return Ok(0) };
    if person.is_nobody() {
        return Ok(0);
    }
    let mut changed = 0;
    for _ in 0..TRIES {
        let mut busy = false;
        for item in deps.store.account_items(organization, &account).await? {
            match deps.store.forget_in(&item, &person, true).await? {
                TakenOut::NotNamed => {}
                TakenOut::Done => changed += 1,
                TakenOut::Changed => busy = true,
            }
        }
        if !busy {
            return Ok(changed);
        }
    }
    // The message comes again, and with it another look.
    Err(WorkerError::Busy)
}

/// Name and address, from the contact as a source.
fn who(source: &Source) -> Forgotten {
    let words = source.body.split(|c: char| c.is_whitespace() || "<>(),;:".contains(c));
    let email = words.filter(|word| word.contains('@')).find_map(|word| EmailAddress::parse(word).ok());
    Forgotten::new(email.as_ref(), Some(&source.title))
}
