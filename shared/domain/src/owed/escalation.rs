//! A word to the admins: why they should look at a handoff.

use super::{key, owed};
use crate::handoff::{Attention, Handoff};
use crate::id::{OutboxId, ParseIdError};
use crate::organization::Organization;
use crate::outbox::{Escalation, MailContent, OutboxEntry, OwedMail};
use crate::source::SourceGap;
use jiff::Timestamp;

/// Why the admins are written to.
#[derive(Debug, Clone)]
pub struct Trouble<'a> {
    /// The reason to look.
    pub reason: Attention,
    /// Tells this cause from others of the round.
    pub cause: &'a str,
    /// What is known beside it, such as a name; may be empty.
    pub detail: String,
    /// What of the sources is not read.
    pub unread: &'a [SourceGap],
}

/// One mail to each admin; `None` where there is none.
pub fn escalated(
    handoff: &Handoff,
    trouble: Trouble<'_>,
    organization: &Organization,
    now: Timestamp,
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let content = MailContent::HandoffEscalated(Escalation {
        organization_name: handoff.organization_name.clone(),
        company: handoff.account.company.clone(),
        deal: handoff.account.deal.clone(),
        portal: organization.portal,
        reason: trouble.reason,
        detail: trouble.detail,
        unread: trouble.unread.to_vec(),
    });
    let mails: Vec<OwedMail> =
        organization.admins.iter().map(|to| owed(to.clone(), None, content.clone())).collect();
    if mails.is_empty() {
        return Ok(None);
    }
    let id = OutboxId::parse(format!("{}-r{}-{}", handoff.id, handoff.round, trouble.cause))?;
    Ok(Some(OutboxEntry::new(key(handoff, id, now), mails).on_the_way(handoff.correlation)))
}
