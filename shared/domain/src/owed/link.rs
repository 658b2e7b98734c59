//! Mails to the AE that carry the link: again, as a reminder, or for another round.

use super::{count, key, owed};
use crate::draft::Drafts;
use crate::handoff::{Handoff, HandoffState};
use crate::id::{OutboxId, ParseIdError};
use crate::outbox::{Invitation, MailContent, OutboxEntry, Reminder, ReturnedHandoff};
use jiff::Timestamp;

/// What each mail with the link says of the handoff; `None` without a link.
pub fn invitation(handoff: &Handoff, drafts: Option<&Drafts>) -> Option<Invitation> {
    let link = handoff.link.as_ref()?;
    let drafted = drafts.map_or(&[][..], |drafts| drafts.drafts.as_slice());
    Some(Invitation {
        organization_name: handoff.organization_name.clone(),
        ae_name: handoff.ae.name.clone(),
        company: handoff.account.company.clone(),
        deal_name: handoff.account.deal_name.clone(),
        arr: handoff.account.arr.clone(),
        close_date: handoff.account.close_date,
        generation: link.generation,
        link_hash: Some(link.hash.clone()),
        expires_at: link.expires_at,
        time_zone: handoff.time_zone.clone(),
        questions: count(drafts.map_or(0, |drafts| drafts.questions.questions.len())),
        drafted: count(drafted.iter().filter(|draft| draft.value.is_some()).count()),
        conflicts: count(drafts.map_or(0, |drafts| handoff.open_conflicts(drafts).count())),
    })
}

/// The invitation once more, with the link as it is now; `None` without an address or a link.
pub fn resent(
    after: &Handoff,
    drafts: Option<&Drafts>,
    now: Timestamp,
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let Some(invitation) = invitation(after, drafts) else { return Ok(None) };
    let cause = format!("r{}-g{}-resent", after.round, invitation.generation);
    to_ae(after, &cause, MailContent::HandoffInvitation(invitation), now)
}

/// A reminder with the link that is alive, and what is still open; `is_last` when no other comes by itself; `None` without an address or a link.
pub fn reminded(
    after: &Handoff,
    drafts: &Drafts,
    is_last: bool,
    now: Timestamp,
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let Some(invitation) = invitation(after, Some(drafts)) else { return Ok(None) };
    let required = drafts.questions.questions.iter().filter(|question| question.required);
    let open = required.filter(|question| after.shown_value(drafts, &question.id).is_none());
    let open: Vec<String> = open.map(|question| question.wording.clone()).collect();
    let cause = format!("r{}-reminder-{}", after.round, after.reminders);
    let content =
        MailContent::HandoffReminder(Reminder { invitation, open, number: after.reminders, is_last });
    to_ae(after, &cause, content, now)
}

/// What the CSM wants to know, with the link of the new round; `None` where there is nothing to tell.
pub fn returned(
    after: &Handoff,
    drafts: &Drafts,
    now: Timestamp,
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let told = after.returned.as_ref().filter(|_| after.state == HandoffState::AwaitingAe);
    let (Some(returned), Some(invitation)) = (told, invitation(after, Some(drafts))) else {
        return Ok(None);
    };
    let (by, reason) = (returned.by.clone(), returned.reason.clone());
    let content = MailContent::HandoffReturned(ReturnedHandoff { invitation, by, reason });
    to_ae(after, &format!("r{}-returned", after.round), content, now)
}

fn to_ae(
    after: &Handoff,
    cause: &str,
    content: MailContent,
    now: Timestamp,
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let Some(to) = after.ae.email.clone() else { return Ok(None) };
    let id = OutboxId::parse(format!("{}-{cause}", after.id))?;
    let entry = OutboxEntry::new(key(after, id, now), vec![owed(to, None, content)]);
    Ok(Some(entry.on_the_way(after.correlation)))
}
