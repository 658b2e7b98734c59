//! What the form writes: saves, openings, requests for new drafts. One update each, without reading first.

use crate::Store;
use crate::error::StoreError;
use crate::format::{self, FORMAT};
use crate::handoff::{DROPPED, handoff_from};
use crate::item::{Item, to_attribute};
use crate::keys::{self, Kind};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use handoff_domain::Timestamp;
use handoff_domain::answer::Answer;
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

/// An update under construction.
pub(crate) struct Updating {
    pub(crate) call: UpdateItemFluentBuilder,
    sets: Vec<String>,
    removes: Vec<String>,
}

impl Updating {
    fn set(mut self, expression: impl Into<String>, placeholder: &str, value: AttributeValue) -> Self {
        self.sets.push(expression.into());
        self.call = self.call.expression_attribute_values(placeholder, value);
        self
    }

    /// Sets or removes one entry of a map that the item always has.
    fn entry(mut self, map: &str, name: String, id: &str, value: Option<AttributeValue>) -> Self {
        let (path, placeholder) = (format!("#{map}.#{name}"), format!(":{name}"));
        self.call = self
            .call
            .expression_attribute_names(format!("#{map}"), map)
            .expression_attribute_names(format!("#{name}"), id);
        match value {
            Some(value) => self.set(format!("{path} = {placeholder}"), &placeholder, value),
            None => {
                self.removes.push(path);
                self
            }
        }
    }
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn second(at: Timestamp) -> String {
    // Whole seconds, as links store their end: the two are compared as text.
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

impl Store {
    /// Saves what an AE changed: one update that holds only while the handoff awaits its AE, the link is the living one
    /// and the version is the one that the form was shown with.
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
        let mut update = self
            .update_handoff(organization, account)
            .set("#opened_at = if_not_exists(#opened_at, :now)", ":now", text(now.to_string()))
            .set("#version = :next", ":next", number(next_version));
        update.call = update.call.expression_attribute_names("#opened_at", "opened_at");
        for (index, (question, value)) in changes.answers.iter().enumerate() {
            let answer = to_attribute("answer", &Answer { value: value.clone(), saved_at: now })?;
            update = update.entry("answers", format!("q{index}"), question.as_str(), Some(answer));
        }
        for (index, (conflict, settlement)) in changes.settled.iter().enumerate() {
            let settled =
                settlement.as_ref().map(|settled| to_attribute("settlement", settled)).transpose()?;
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
        let call = alive(update.call, link, now)
            .condition_expression(format!("{ALIVE} AND #version = :seen"))
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":seen", number(seen_version));
        match self.finish(call, update.sets, &update.removes, "saving answers").await? {
            Ok(()) => Ok(SaveOutcome::Saved { version: next_version }),
            Err(Refusal::Condition(handoff)) => Ok(SaveOutcome::Refused(handoff)),
            Err(Refusal::TooLarge) => Ok(SaveOutcome::TooLarge),
        }
    }

    /// Notes that a person opened the form; nothing when it was noted before or the link is not alive.
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
        self.finish(call, update.sets, &[], "noting an opening").await.map(|_| ())
    }

    /// Counts and notes a request for a new draft, unless the limit is reached or one is under way.
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
        match self.finish(call, update.sets, &[], "asking for a new draft").await? {
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
        let mut sets = update.sets;
        sets.push("#revision = #revision + :one REMOVE #redraft".to_owned());
        let call = call.expression_attribute_names("#revision", "revision");
        self.finish_with(call, format!("SET {}", sets.join(", ")), "withdrawing a request").await.map(|_| ())
    }

    pub(crate) fn update_handoff(&self, organization: &OrganizationId, account: &AccountId) -> Updating {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keys::handoff(organization, account).attributes()))
            .return_values(ReturnValue::None)
            .expression_attribute_names("#format", FORMAT)
            .expression_attribute_values(":format", format::current())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Updating { call, sets: Vec::new(), removes: Vec::new() }
    }
}

/// Every update in place holds for items of the current format only: it would leave an older one half changed, and must
/// not touch a newer one.
pub(crate) const CURRENT: &str = "#format = :format";
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

pub(crate) enum Refusal {
    Condition(Option<Box<Handoff>>),
    TooLarge,
}

impl Store {
    async fn finish(
        &self,
        call: UpdateItemFluentBuilder,
        mut sets: Vec<String>,
        removes: &[String],
        operation: &'static str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        sets.push("#revision = #revision + :step".to_owned());
        let call = call
            .expression_attribute_names("#revision", "revision")
            .expression_attribute_values(":step", number(1));
        let mut expression = format!("SET {}", sets.join(", "));
        if !removes.is_empty() {
            expression = format!("{expression} REMOVE {}", removes.join(", "));
        }
        self.finish_with(call, expression, operation).await
    }

    /// Sends the update; once more when it met a handoff of an older format, which is current by then.
    pub(crate) async fn finish_with(
        &self,
        call: UpdateItemFluentBuilder,
        expression: String,
        operation: &'static str,
    ) -> Result<Result<(), Refusal>, StoreError> {
        let call = call.update_expression(expression);
        let held = match sent(call.clone().send().await, operation)? {
            Err(Held::Item(Some(item))) if self.was_older(Kind::Handoff, &item).await? => {
                sent(call.send().await, operation)?
            }
            outcome => outcome,
        };
        match held {
            Ok(()) => Ok(Ok(())),
            Err(Held::Item(item)) => {
                let handoff = item.map(handoff_from).transpose()?;
                Ok(Err(Refusal::Condition(handoff.map(Box::new))))
            }
            Err(Held::TooLarge) => Ok(Err(Refusal::TooLarge)),
        }
    }
}

/// What stood in an update's way.
enum Held {
    Item(Option<Item>),
    TooLarge,
}

fn sent(
    answer: Result<UpdateItemOutput, SdkError<UpdateItemError>>,
    operation: &'static str,
) -> Result<Result<(), Held>, StoreError> {
    match answer {
        Ok(_) => Ok(Ok(())),
        Err(SdkError::ServiceError(refused)) if refused.err().is_conditional_check_failed_exception() => {
            match refused.into_err() {
                UpdateItemError::ConditionalCheckFailedException(held) => Ok(Err(Held::Item(held.item))),
                _ => Ok(Err(Held::Item(None))),
            }
        }
        Err(error) if is_too_large(&error) => Ok(Err(Held::TooLarge)),
        Err(error) => Err(StoreError::call(operation)(error)),
    }
}

fn is_too_large(error: &SdkError<UpdateItemError>) -> bool {
    let service = error.as_service_error();
    service.is_some_and(|error| {
        error.code() == Some("ValidationException")
            && error.message().is_some_and(|message| message.contains("size") && message.contains("exceeded"))
    })
}
