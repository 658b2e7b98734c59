//! The mails that drafting owes: the AE's invitation, or an admin's word that there is nobody to invite.

use handoff_domain::Timestamp;
use handoff_domain::draft::Drafts;
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::{Attention, Handoff, Origin};
use handoff_domain::id::{OutboxId, ParseIdError};
use handoff_domain::organization::Organization;
use handoff_domain::outbox::{MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use handoff_domain::owed::{self, invitation};
use handoff_domain::source::SourceGap;

/// What is owed once the drafts are ready: the invitation, or the escalation where the AE cannot be reached.
pub(crate) fn invited(
    handoff: &Handoff,
    drafts: &Drafts,
    organization: &Organization,
    now: Timestamp,
) -> Option<OutboxEntry> {
    if handoff.origin == Origin::Imported {
        return None;
    }
    let unreachable = [Attention::NoAeAddress, Attention::AeLeft]
        .into_iter()
        .find(|reason| handoff.attention.contains(reason));
    match (unreachable, &handoff.ae.email, &handoff.link) {
        (None, Some(to), Some(link)) => {
            let content = MailContent::HandoffInvitation(invitation(handoff, Some(drafts))?);
            let mail = OwedMail { to: to.clone(), reply_to: None, content, status: MailStatus::Owed };
            entry(handoff, &format!("g{}-invitation", link.generation), vec![mail], now).ok()
        }
        (reason, _, _) => {
            let reason = reason.unwrap_or(Attention::NoAeAddress);
            escalation(handoff, reason, "no-ae", &drafts.gaps, organization, now)
        }
    }
}

/// What is told when the drafts are ready, or the AE can be reached at last: the invitation, where it is owed, and the
/// reasons to look that came and went.
pub(crate) fn told(before: &Handoff, after: &Handoff, now: Timestamp) -> Vec<Event> {
    let invited = after.link.as_ref().filter(|_| !needs_ae(after) && after.ae.email.is_some());
    let invited = invited.map(|link| Event::invitation_owed(after, link.generation, now));
    let attention = Event::attention(before, after, &Who::System, now);
    invited.into_iter().chain(attention).collect()
}

/// Whether there is nobody to invite.
pub(crate) fn needs_ae(handoff: &Handoff) -> bool {
    handoff.attention.contains(&Attention::NoAeAddress) || handoff.attention.contains(&Attention::AeLeft)
}

/// One mail to each admin: why somebody should look at this handoff, and what of its sources is not read.
pub(crate) fn escalation(
    handoff: &Handoff,
    reason: Attention,
    cause: &str,
    unread: &[SourceGap],
    organization: &Organization,
    now: Timestamp,
) -> Option<OutboxEntry> {
    let trouble = owed::Trouble { reason, cause, detail: handoff.ae.name.clone(), unread };
    owed::escalated(handoff, trouble, organization, now).ok().flatten()
}

fn entry(
    handoff: &Handoff,
    cause: &str,
    mails: Vec<OwedMail>,
    now: Timestamp,
) -> Result<OutboxEntry, ParseIdError> {
    let key = OutboxKey {
        organization: handoff.organization.clone(),
        account: Some(handoff.id.clone()),
        owed_at: now,
        id: OutboxId::parse(format!("{}-r{}-{cause}", handoff.id, handoff.round))?,
    };
    Ok(OutboxEntry::new(key, mails).on_the_way(handoff.correlation))
}
