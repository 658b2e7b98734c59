//! What is owed when a CSM says that answers were wrong.

use super::{answer, key, owed};
use crate::draft::Drafts;
use crate::email::EmailAddress;
use crate::handoff::Handoff;
use crate::id::{OutboxId, ParseIdError, QuestionId};
use crate::outbox::{AnswersReport, MailContent, OutboxEntry};
use crate::rating::{Rated, Rating, Usefulness};
use std::collections::BTreeMap;

/// One mail to each admin with the answers that are reported for the first time; `None` where there are none, or nobody
/// to tell.
pub fn reported(
    handoff: &Handoff,
    drafts: &Drafts,
    rated: &Rated,
    before: Option<&Rating>,
    by: &str,
    admins: &[EmailAddress],
) -> Result<Option<OutboxEntry>, ParseIdError> {
    let Some(submission) = handoff.submission.as_ref().filter(|_| !admins.is_empty()) else {
        return Ok(None);
    };
    let known = before.map(|before| &before.useful);
    let is_wrong = |useful: Option<&BTreeMap<QuestionId, Usefulness>>, id| {
        useful.and_then(|useful| useful.get(id)) == Some(&Usefulness::Wrong)
    };
    let questions = drafts.questions.questions.iter();
    let wrong = questions.filter(|question| {
        is_wrong(Some(&rated.rating.useful), &question.id) && !is_wrong(known, &question.id)
    });
    let answers: Vec<_> = wrong.map(|question| answer(question, submission, drafts)).collect();
    if answers.is_empty() {
        return Ok(None);
    }
    let content = MailContent::AnswersReported(AnswersReport {
        organization_name: handoff.organization_name.clone(),
        time_zone: handoff.time_zone.clone(),
        company: handoff.account.company.clone(),
        ae_name: handoff.ae.name.clone(),
        by: by.to_owned(),
        answers,
        unread: drafts.gaps.clone(),
    });
    let id = OutboxId::parse(format!("{}-r{}-reported-{}", handoff.id, rated.round, rated.times))?;
    let mails = admins.iter().map(|admin| owed(admin.clone(), None, content.clone())).collect();
    Ok(Some(OutboxEntry::new(key(handoff, id, rated.at), mails).on_the_way(handoff.correlation)))
}
