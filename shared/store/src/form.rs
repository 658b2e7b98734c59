//! What the form writes: saves, openings, requests for new drafts. One update each, without reading first.

use crate::Store;
use crate::error::StoreError;
use crate::handoff::DROPPED;
use crate::item::to_attribute;
use crate::update::{CURRENT, Refusal, Updating, number, text};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::Timestamp;
use handoff_domain::answer::Answer;
use handoff_domain::event::Event;
use handoff_domain::handoff::{Changes, Handoff, HandoffState, PendingRedraft};
use handoff_domain::id::{AccountId, OrganizationId, RunId};
use handoff_domain::limits::{REDRAFT_WAIT_MINUTES, REDRAFTS_PER_HANDOFF};
use handoff_domain::link::TokenHash;
use jiff::SignedDuration;

/// What became of a save.
#[derive(Debug, Clone)]
pub enum SaveOutcome {
    /// Kept; the handoff's new version.
    Saved {
        /// As the form must send it next.
        version: u64,
    },
    /// Not kept: the link, the state or the version does not fit. The handoff as it is, if there is one.
    Refused(Option<Box<Handoff>>),
    /// Not kept: the handoff would outgrow the table's item.
    TooLarge,
}

/// What became of asking for a new draft.
#[derive(Debug, Clone)]
pub enum AskOutcome {
    /// Counted and noted.
    Asked,
    /// Not counted. The handoff as it is, if there is one.
    Refused(Option<Box<Handoff>>),
}

const SAVING: &str = "saving answers";

/// Sets what the AE changed.
fn with_changes(update: Updating, changes: &Changes, now: Timestamp) -> Result<Updating, StoreError> {
    let mut update = update;
    for (index, (question, value)) in changes.answers.iter().enumerate() {
        let answer = to_attribute("answer", &Answer { value: value.clone(), saved_at: now })?;
        update = update.entry("answers", format!("q{index}"), question.as_str(), Some(answer));
    }
    for (index, (conflict, settlement)) in changes.settled.iter().enumerate() {
        let settled = settlement.as_ref().map(|settled| to_attribute("settlement", settled)).transpose()?;
        update = update.entry("settled", format!("c{index}"), conflict.as_str(), settled);
    }
    for (index, (promise, passed_on)) in changes.promises.iter().enumerate() {
        let dropped = (!passed_on).then_some(AttributeValue::Bool(true));
        update = update.entry(DROPPED, format!("p{index}"), promise.as_str(), dropped);
    }
    if let Some(note) = &changes.note {
        update = update.set("#note = :note", ":note", text(note));
        update.call = update.call.expression_attribute_names("#note", "note");
    }
    if let Some(csm) = &changes.csm {
        update = update.set("#csm = :csm", ":csm", to_attribute("choice of a CSM", csm)?);
        update.call = update.call.expression_attribute_names("#csm", "csm");
    }
    Ok(update)
}

fn second(at: Timestamp) -> String {
    // Whole seconds, as links store their end: the two are compared as text.
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

impl Store {
    /// Saves what an AE changed: one update that holds only while the handoff awaits its AE, the link is the living one
    /// and the version is the one that the form was shown with. The first save of a form that nobody noted as opened is
    /// followed by one transaction, which tells that as well.
    pub async fn save_answers(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        link: &TokenHash,
        seen_version: u64,
        changes: &Changes,
        now: Timestamp,
    ) -> Result<SaveOutcome, StoreError> {
        let next_version = seen_version.saturating_add(1);
        let update =
            self.update_handoff(organization, account).set("#version = :next", ":next", number(next_version));
        let mut update = with_changes(update, changes, now)?;
        update.call = alive(update.call, link, now)
            .expression_attribute_names("#opened_at", "opened_at")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":seen", number(seen_version));
        for _ in 0..2 {
            let condition = format!("{ALIVE} AND #version = :seen AND attribute_exists(#opened_at)");
            let call = update.call.clone().condition_expression(condition);
            let sets = update.sets.clone();
            match self.finish(call, sets, &update.removes, SAVING).await? {
                Ok(()) => return Ok(SaveOutcome::Saved { version: next_version }),
                Err(Refusal::TooLarge) => return Ok(SaveOutcome::TooLarge),
                Err(Refusal::Condition(Some(handoff))) if handoff.opened_at.is_none() => {}
                Err(Refusal::Condition(handoff)) => return Ok(SaveOutcome::Refused(handoff)),
            }
            match self.save_first(organization, account, update.clone(), now).await? {
                Ok(()) => return Ok(SaveOutcome::Saved { version: next_version }),
                Err(Refusal::TooLarge) => return Ok(SaveOutcome::TooLarge),
                // Noted as opened in between: a save like any other.
                Err(Refusal::Condition(Some(handoff))) if handoff.opened_at.is_some() => {}
                Err(Refusal::Condition(handoff)) => return Ok(SaveOutcome::Refused(handoff)),
            }
        }
        Err(StoreError::Contended { operation: SAVING })
    }

    /// The save that opens the form.
    async fn save_first(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        update: Updating,
        now: Timestamp,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let update = update.set("#opened_at = :opened", ":opened", text(now.to_string()));
        let condition = format!("{ALIVE} AND #version = :seen AND attribute_not_exists(#opened_at)");
        let call = update.call.condition_expression(condition);
        let told = self.put_events(organization, account, &[Event::opened(now)])?;
        self.finish_and_tell(call, update.sets, &update.removes, told, SAVING).await
    }

    /// Notes that a person opened the form, and tells it; nothing when it was noted before or the link is not alive.
    pub async fn record_opened(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        link: &TokenHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = self.update_handoff(organization, account).set(
            "#opened_at = :opened",
            ":opened",
            text(now.to_string()),
        );
        let call = alive(update.call, link, now)
            .condition_expression(format!("{ALIVE} AND attribute_not_exists(#opened_at)"))
            .expression_attribute_names("#opened_at", "opened_at");
        let told = self.put_events(organization, account, &[Event::opened(now)])?;
        self.finish_and_tell(call, update.sets, &[], told, "noting an opening").await.map(|_| ())
    }

    /// Counts, notes and tells a request for a new draft, unless the limit is reached or one is under way.
    pub async fn ask_redraft(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        link: &TokenHash,
        pending: &PendingRedraft,
        now: Timestamp,
    ) -> Result<AskOutcome, StoreError> {
        let patience = SignedDuration::from_mins(REDRAFT_WAIT_MINUTES);
        let forgotten = now.checked_sub(patience).unwrap_or(Timestamp::MIN);
        let update = self
            .update_handoff(organization, account)
            .set("#redraft = :redraft", ":redraft", to_attribute("request for a new draft", pending)?)
            .set("#redrafts = #redrafts + :one", ":one", number(1));
        let call = alive(update.call, link, now)
            .condition_expression(format!(
                "{ALIVE} AND #redrafts < :limit AND (attribute_not_exists(#redraft) OR #redraft.#asked_at < :forgotten)"
            ))
            .expression_attribute_names("#redraft", "redraft")
            .expression_attribute_names("#redrafts", "redrafts")
            .expression_attribute_names("#asked_at", "asked_at")
            .expression_attribute_values(":limit", number(u64::from(REDRAFTS_PER_HANDOFF)))
            .expression_attribute_values(":forgotten", text(second(forgotten)));
        let told = self.put_events(organization, account, &[Event::redraft_asked(pending)])?;
        match self.finish_and_tell(call, update.sets, &[], told, "asking for a new draft").await? {
            Ok(()) => Ok(AskOutcome::Asked),
            Err(Refusal::Condition(handoff)) => Ok(AskOutcome::Refused(handoff)),
            Err(Refusal::TooLarge) => Ok(AskOutcome::Refused(None)),
        }
    }

    /// Takes back a request that could not be queued; nothing when another run took its place.
    pub async fn withdraw_redraft(
        &self,
        organization: &OrganizationId,
        account: &AccountId,
        run: &RunId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update =
            self.update_handoff(organization, account).set("#redrafts = #redrafts - :one", ":one", number(1));
        let call = update
            .call
            .condition_expression(format!("{CURRENT} AND #redraft.#run = :run"))
            .expression_attribute_names("#redraft", "redraft")
            .expression_attribute_names("#redrafts", "redrafts")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":run", text(run.as_str()));
        let told = self.put_events(organization, account, &[Event::redraft_withdrawn(run, now)])?;
        let removes = ["#redraft".to_owned()];
        self.finish_and_tell(call, update.sets, &removes, told, "withdrawing a request").await.map(|_| ())
    }
}

const ALIVE: &str =
    "#format = :format AND #state = :awaiting AND #link.#hash = :hash AND #link.#expires_at > :second";

fn alive(call: UpdateItemFluentBuilder, link: &TokenHash, now: Timestamp) -> UpdateItemFluentBuilder {
    call.expression_attribute_names("#state", "state")
        .expression_attribute_names("#link", "link")
        .expression_attribute_names("#hash", "hash")
        .expression_attribute_names("#expires_at", "expires_at")
        .expression_attribute_values(":awaiting", text(HandoffState::AwaitingAe.as_str()))
        .expression_attribute_values(":hash", text(link.as_str()))
        .expression_attribute_values(":second", text(second(now)))
}
