//! The weekly mail.

use crate::Deps;
use futures_util::future::try_join;
use handoff_domain::Timestamp;
use handoff_domain::id::OrganizationId;
use handoff_domain::report::Report;
use handoff_domain::weekly::WeeklySummary;
use handoff_store::{Consistency, StoreError};

/// Owes it where it is due: one batch read each time, then one of the questions, one query and a transaction by which of two
/// runs one goes on. A week in which nothing happened is noted and not told.
pub(crate) async fn owe(deps: &Deps, id: &OrganizationId, now: Timestamp) -> Result<bool, StoreError> {
    let Some((organization, weekly)) = deps.store.get_for_weekly(id).await? else { return Ok(false) };
    let Some(monday) = weekly.due(&organization.rhythm(), now) else { return Ok(false) };
    let span = WeeklySummary::span(monday);
    let rows = deps.store.list_totals(id, span.grain, span.first_before(), span.last);
    let questions = deps.store.get_questions(id, None, Consistency::Eventual);
    let (rows, (questions, _)) = try_join(rows, questions).await?;
    let summary = questions
        .and_then(|questions| WeeklySummary::of(&organization, &Report::new(span, &rows), &questions));
    let owed = summary.and_then(|summary| summary.owed(&organization, &weekly.readers, now).ok().flatten());
    let is_ours = deps.store.put_weekly(id, &weekly.sent(monday), owed.as_ref()).await?;
    Ok(is_ours && owed.is_some())
}
