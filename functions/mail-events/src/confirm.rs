//! Confirms one mail of an entry.

use handoff_domain::Timestamp;
use handoff_domain::outbox::{MailStatus, OutboxEntry, OutboxKey};
use handoff_store::{Consistency, Store, StoreError};

/// How often the entry is read again when the sender wrote it in between.
const ROUNDS: usize = 4;

/// Notes that SES sent this mail; whether that was news. Nothing is written when the sender knew, or all is settled.
pub(crate) async fn confirm(
    store: &Store,
    key: &OutboxKey,
    mail: usize,
    now: Timestamp,
) -> Result<bool, StoreError> {
    for round in 0..ROUNDS {
        // Mostly the cheaper read is enough: the sender's last write deleted the entry, and our own write is guarded.
        let consistency = if round == 0 { Consistency::Eventual } else { Consistency::Strong };
        let Some(mut entry) = store.get_outbox(key, consistency).await? else { return Ok(false) };
        if round == 0 && is_owed(&entry, mail) {
            // From before the claim: SES cannot speak of a mail that nobody tried to send.
            continue;
        }
        if !entry.confirm(mail) {
            return Ok(false);
        }
        if store.write_outbox(&entry, now).await?.is_some() {
            return Ok(true);
        }
    }
    // Whoever keeps writing it knows more than this event says.
    Ok(false)
}

fn is_owed(entry: &OutboxEntry, mail: usize) -> bool {
    entry.mails.get(mail).is_some_and(|mail| mail.status == MailStatus::Owed)
}
