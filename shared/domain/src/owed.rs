//! The mails that the steps of a handoff owe, as pure functions: complete, readable by themselves.

mod assigned;
mod escalation;
mod link;
mod report;
mod welcome;

pub use assigned::{Assigning, assigned};
pub use escalation::{Trouble, escalated};
pub use link::{invitation, reminded, resent, returned};
pub use report::reported;
pub use welcome::{welcome, welcome_mail};

use crate::answer::AnswerValue;
use crate::draft::{Citation, Draft, Drafts};
use crate::email::EmailAddress;
use crate::event::{Event, What, Who};
use crate::finding::{Conflict, Promise, Version};
use crate::handoff::{Attention, CsmChoice, Handoff, HandoffState, Submission};
use crate::id::{OrganizationId, OutboxId, ParseIdError, PortalId};
use crate::link::{Link, LinkKey};
use crate::outbox::{
    DocumentAnswer, DocumentConflict, DocumentMilestone, DocumentPromise, DocumentVersion, Escalation,
    Evidence, HandoffDocument, MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail,
};
use crate::plan::Milestone;
use crate::question::Question;
use crate::reminder::Rhythm;
use crate::roster::Roster;
use crate::settling::passed_on;
use jiff::Timestamp;

/// The mails of a submit: the whole handoff to the CSM, or to every admin that one is missing; a receipt to the AE; and a
/// word to whoever had the account and has it no longer.
pub fn submitted(
    before: &Handoff,
    after: &Handoff,
    drafts: &Drafts,
    roster: &Roster,
    admins: &[EmailAddress],
    first_milestone: Option<&Milestone>,
    now: Timestamp,
) -> Result<OutboxEntry, ParseIdError> {
    let mut mails = Vec::new();
    if let Some(submission) = &after.submission {
        let document = Box::new(document(after, submission, drafts, first_milestone));
        match &submission.csm {
            CsmChoice::Member(id) => {
                let csm = roster.find_csm(id).map(|csm| csm.email.clone());
                let received = MailContent::HandoffReceived(document.clone());
                mails.extend(csm.map(|to| owed(to, after.ae.email.clone(), received)));
            }
            CsmChoice::Placeholder { name, email } => {
                let content = MailContent::HandoffEscalated(csm_missing(after, drafts, name, email));
                mails.extend(
                    admins.iter().map(|to| owed(to.clone(), after.ae.email.clone(), content.clone())),
                );
            }
        }
        let csm_address = match &submission.csm {
            CsmChoice::Member(id) => roster.find_csm(id).map(|csm| csm.email.clone()),
            CsmChoice::Placeholder { .. } => None,
        };
        mails.extend(
            after.ae.email.clone().map(|to| owed(to, csm_address, MailContent::HandoffReceipt(document))),
        );
        mails.extend(assigned::chosen_anew(before, after, roster));
    }
    let id = OutboxId::parse(format!("{}-r{}-submitted", after.id, after.round))?;
    Ok(OutboxEntry::new(key(after, id, now), mails).on_the_way(after.correlation))
}

/// The handoff with a fresh link, and the mail that carries it; `None` without an address to send it to. The new link
/// lives as long as the one before did.
pub fn renewed(
    before: &Handoff,
    drafts: Option<&Drafts>,
    link_key: &LinkKey,
    rhythm: &Rhythm,
    now: Timestamp,
) -> Result<Option<(Handoff, OutboxEntry)>, ParseIdError> {
    let (Some(old), Some(to)) = (&before.link, &before.ae.email) else { return Ok(None) };
    let life_days = old.expires_at.duration_since(old.issued_at).as_hours() / 24;
    let generation = old.generation + 1;
    let link = Link::issue(link_key, &before.organization, &before.id, generation, life_days, now);
    let mut after = before.clone().with_link(link, rhythm);
    after.state = HandoffState::AwaitingAe;
    after.renewals += 1;
    after.lower(Attention::Overdue);
    let Some(content) = invitation(&after, drafts).map(MailContent::HandoffLinkRenewed) else {
        return Ok(None);
    };
    let id = OutboxId::parse(format!("{}-g{generation}-renewed", before.id))?;
    let entry = OutboxEntry::new(key(before, id, now), vec![owed(to.clone(), None, content)])
        .on_the_way(before.correlation);
    Ok(Some((after, entry)))
}

/// What is told of a renewal.
pub fn told_of_renewal(before: &Handoff, after: &Handoff, who: Who, now: Timestamp) -> Vec<Event> {
    let generation = after.link.as_ref().map_or(0, |link| link.generation);
    let mut told = Event::attention(before, after, &who, now);
    let what = What::Renewed { generation };
    told.push(Event::new(after, now, format_args!("renewed-g{generation}"), who, what));
    told
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn key(handoff: &Handoff, id: OutboxId, owed_at: Timestamp) -> OutboxKey {
    OutboxKey { organization: handoff.organization.clone(), account: Some(handoff.id.clone()), owed_at, id }
}

fn owed(to: EmailAddress, reply_to: Option<EmailAddress>, content: MailContent) -> OwedMail {
    OwedMail { to, reply_to, content, status: MailStatus::Owed }
}

/// The whole handoff as it was submitted.
pub fn document(
    after: &Handoff,
    submission: &Submission,
    drafts: &Drafts,
    first_milestone: Option<&Milestone>,
) -> HandoffDocument {
    HandoffDocument {
        answers: drafts
            .questions
            .questions
            .iter()
            .map(|question| answer(question, submission, drafts))
            .collect(),
        conflicts: drafts.conflicts.iter().map(|one| conflict(one, submission, drafts)).collect(),
        promises: passed_on(drafts, &submission.dropped_promises).map(|one| promise(one, drafts)).collect(),
        ..summary(after, submission, first_milestone)
    }
}

/// A document without answers: what is known of the customer, and of the submission as a whole.
fn summary(after: &Handoff, submission: &Submission, first_milestone: Option<&Milestone>) -> HandoffDocument {
    let account = &after.account;
    HandoffDocument {
        organization_name: after.organization_name.clone(),
        time_zone: after.time_zone.clone(),
        company: account.company.clone(),
        deal_name: account.deal_name.clone(),
        arr: account.arr.clone(),
        close_date: account.close_date,
        website: account.website.clone(),
        industry: account.industry.clone(),
        size: account.size.clone(),
        contacts: account.contacts.clone(),
        ae_name: after.ae.name.clone(),
        ae_email: after.ae.email.clone(),
        csm_name: submission.csm_name.clone(),
        csm_missing: matches!(submission.csm, CsmChoice::Placeholder { .. }),
        submitted_at: submission.at,
        note: submission.note.clone(),
        answers: Vec::new(),
        conflicts: Vec::new(),
        promises: Vec::new(),
        promises_dropped: count(submission.dropped_promises.len()),
        first_milestone: first_milestone.map(DocumentMilestone::from),
        generation: after.link.as_ref().map_or(1, |link| link.generation),
        link_hash: after.link.as_ref().map(|link| link.hash.clone()),
        assignment: None,
    }
}

fn answer(question: &Question, submission: &Submission, drafts: &Drafts) -> DocumentAnswer {
    let answer = submission.answers.get(&question.id);
    let draft = drafts.find(&question.id).filter(|_| answer.is_some());
    DocumentAnswer {
        wording: question.wording.clone(),
        answer: answer.map(|answer| AnswerValue::to_plain_text(&answer.value)).unwrap_or_default(),
        origin: answer.map(|answer| answer.origin),
        evidence: draft.map(|draft| evidence(draft, drafts)).unwrap_or_default(),
    }
}

fn evidence(draft: &Draft, drafts: &Drafts) -> Vec<Evidence> {
    draft.citations().into_iter().map(|citation| quoted(citation, drafts)).collect()
}

fn quoted(citation: &Citation, drafts: &Drafts) -> Evidence {
    let source = drafts.source(&citation.source);
    Evidence {
        quote: citation.quote.clone(),
        source: source.map_or_else(
            || citation.source.to_string(),
            |source| match source.title.as_str() {
                "" => source.kind.label().to_owned(),
                title => format!("{}: {title}", source.kind.label()),
            },
        ),
        author: source.and_then(|source| source.author_name()).map(str::to_owned),
        date: source.and_then(|source| source.date),
    }
}

fn conflict(conflict: &Conflict, submission: &Submission, drafts: &Drafts) -> DocumentConflict {
    let version = |version: &Version| DocumentVersion {
        text: version.text.clone(),
        evidence: version.citations.iter().map(|citation| quoted(citation, drafts)).collect(),
    };
    DocumentConflict {
        subject: conflict.title().to_owned(),
        versions: conflict.versions.iter().map(version).collect(),
        settled: submission.settled.get(&conflict.id).cloned(),
    }
}

fn promise(promise: &Promise, drafts: &Drafts) -> DocumentPromise {
    DocumentPromise {
        text: promise.text.clone(),
        by: promise.by.clone(),
        date: promise.date,
        evidence: promise.citations.iter().map(|citation| quoted(citation, drafts)).collect(),
    }
}

fn csm_missing(after: &Handoff, drafts: &Drafts, name: &str, email: &str) -> Escalation {
    let named: Vec<&str> = [name, email].into_iter().filter(|text| !text.is_empty()).collect();
    Escalation {
        organization_name: after.organization_name.clone(),
        company: after.account.company.clone(),
        deal: after.account.deal.clone(),
        portal: portal_of(&after.organization),
        reason: Attention::CsmMissing,
        detail: named.join(", "),
        unread: drafts.gaps.clone(),
    }
}

/// The portal that an organization's id is derived from.
fn portal_of(organization: &OrganizationId) -> PortalId {
    PortalId(
        organization.as_str().strip_prefix("hs").and_then(|digits| digits.parse().ok()).unwrap_or_default(),
    )
}
