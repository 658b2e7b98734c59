//! What people do with a handoff: skip, resend, remind, give back, dismiss. Each reads the account once and is one
//! transaction; a refusal shows the page again with what was typed.

use super::account::{Said, Typed, answer_with, read};
use crate::app::App;
use crate::gate::{Post, Viewer};
use crate::reply::see_other;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handoff_domain::email::EmailAddress;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::handoff::{Attention, EndedRound, Handoff, Returned, StepRefusal, reason};
use handoff_domain::link::Link;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::owed;
use handoff_store::AccountView;
use handoff_web::form::Form;
use std::sync::Arc;

type Account = (State<Arc<App>>, Path<String>, Post);

/// What a step does.
struct Change {
    after: Handoff,
    owed: Option<OutboxEntry>,
    told: Vec<Event>,
    ended: Option<EndedRound>,
}

/// Everything that a step is decided from.
struct Asked<'a> {
    app: &'a App,
    viewer: &'a Viewer,
    form: &'a Form,
    account: &'a AccountView,
}

impl Asked<'_> {
    fn field(&self, name: &str) -> &str {
        self.form.last(name).unwrap_or_default()
    }

    /// Whether the page showed this number; a page that sends none is believed.
    fn has_seen(&self, name: &str, number: u32) -> bool {
        self.field(name)
            .trim()
            .parse::<u32>()
            .map_or(self.field(name).trim().is_empty(), |seen| seen == number)
    }

    fn next_link(&self) -> Result<Link, StepRefusal> {
        let handoff = &self.account.handoff;
        // Only one that was imported has none: its AE was never asked.
        let before = handoff.link.as_ref().map_or(0, |link| link.generation);
        if !self.has_seen("generation", before) {
            return Err(StepRefusal::NotNow);
        }
        let days = self.viewer.organization.link_life_days;
        let key = self.app.deps.link_keys.current();
        let generation = before + 1;
        Ok(Link::issue(key, &handoff.organization, &handoff.id, generation, days, self.viewer.now))
    }

    fn who(&self) -> Who {
        Who::from(&*self.viewer.member)
    }

    /// What is told of a step: the step itself and the reasons to look that it took.
    fn told(&self, after: &Handoff, cause: &str, what: What) -> Vec<Event> {
        let (before, who, now) = (&self.account.handoff, self.who(), self.viewer.now);
        let mut told = Event::attention(before, after, &who, now);
        told.push(Event::new(before, now, cause, who, what));
        told
    }
}

/// `POST /accounts/{id}/skip`.
pub(crate) async fn skip(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    take((State(app), Path(id), post), |asked| {
        let reason = reason(asked.field("reason"))?;
        let after = asked.account.handoff.skip(reason.clone(), asked.viewer.now)?;
        let told = asked.told(&after, "skipped", What::Skipped { reason });
        Ok(Change { after, owed: None, told, ended: None })
    })
    .await
}

/// `POST /accounts/{id}/resend`: the link before dies; also renews one that has expired.
pub(crate) async fn resend(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    take((State(app), Path(id), post), |asked| {
        let handoff = &asked.account.handoff;
        let ae = match asked.field("ae").trim() {
            "" => None,
            text => Some(EmailAddress::parse(text).map_err(|_| StepRefusal::NoAddress)?),
        };
        let after = handoff.resend(asked.next_link()?, ae, &asked.viewer.organization.rhythm())?;
        let generation = after.link.as_ref().map_or(0, |link| link.generation);
        let (word, what) = if handoff.is_expired(asked.viewer.now) {
            ("renewed", What::Renewed { generation })
        } else if handoff.link.is_none() {
            ("invitation", What::InvitationOwed { generation })
        } else {
            ("resent", What::Resent { generation })
        };
        let told = asked.told(&after, &format!("{word}-g{generation}"), what);
        let owed = owed::resent(&after, asked.account.drafts.as_ref(), asked.viewer.now);
        Ok(Change { owed: owed.map_err(|_| StepRefusal::NotNow)?, after, told, ended: None })
    })
    .await
}

/// `POST /accounts/{id}/remind`: the living link once more.
pub(crate) async fn remind(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    take((State(app), Path(id), post), |asked| {
        let account = asked.account;
        let drafts = account.drafts.as_ref().ok_or(StepRefusal::NotNow)?;
        let reminded = |event: &&Event| matches!(event.what, What::Reminded { .. } | What::Resent { .. });
        let last = account.events.iter().rev().find(reminded).map(|event| event.at);
        let after = account.handoff.remind(last, asked.viewer.now)?;
        let generation = after.link.as_ref().map_or(0, |link| link.generation);
        let told = asked.told(
            &after,
            &format!("reminded-{}", after.reminders),
            What::Reminded { generation, day: None },
        );
        let owed =
            owed::reminded(&after, drafts, false, asked.viewer.now).map_err(|_| StepRefusal::NotNow)?;
        Ok(Change { after, owed, told, ended: None })
    })
    .await
}

/// `POST /accounts/{id}/return`: the next round; the one before stays as it was.
pub(crate) async fn give_back(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    take((State(app), Path(id), post), |asked| {
        let account = asked.account;
        if !asked.has_seen("round", account.handoff.round) {
            return Err(StepRefusal::NotNow);
        }
        let reason = reason(asked.field("reason"))?;
        let drafts = account.drafts.as_ref().ok_or(StepRefusal::NotNow)?;
        let by = asked.viewer.member.name.clone();
        let returned = Returned { at: asked.viewer.now, by, reason: reason.clone() };
        let rhythm = asked.viewer.organization.rhythm();
        let (after, ended) = account.handoff.give_back(drafts, asked.next_link()?, &rhythm, returned)?;
        let told = asked.told(&after, &format!("returned-r{}", ended.round), What::Returned { reason });
        let owed = owed::returned(&after, drafts, asked.viewer.now).map_err(|_| StepRefusal::NotNow)?;
        Ok(Change { after, owed, told, ended: Some(ended) })
    })
    .await
}

/// `POST /accounts/{id}/clear`: somebody looked at a reason that no step of ours mends.
pub(crate) async fn clear(State(app): State<Arc<App>>, Path(id): Path<String>, post: Post) -> Response {
    take((State(app), Path(id), post), |asked| {
        let known = Attention::ALL.into_iter().find(|one| one.as_str() == asked.field("reason"));
        let after = asked.account.handoff.clear(known.ok_or(StepRefusal::NotNow)?)?;
        let told = Event::attention(&asked.account.handoff, &after, &asked.who(), asked.viewer.now);
        Ok(Change { after, owed: None, told, ended: None })
    })
    .await
}

async fn take(
    (State(app), Path(id), post): Account,
    step: impl Fn(&Asked<'_>) -> Result<Change, StepRefusal>,
) -> Response {
    let Post { viewer, form } = &post;
    let account = match read(&app, viewer, &id).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let asked = Asked { app: &app, viewer, form, account: &account };
    let change = match step(&asked) {
        Ok(change) => change,
        Err(refusal) => return refused(viewer, &account, form, refusal),
    };
    let (store, before) = (&app.deps.store, &account.handoff);
    let Change { after, owed, told, ended } = &change;
    let written = match ended {
        Some(ended) => store.give_back(before, after, ended, owed.as_slice(), told).await,
        None => store.replace_handoff(before, after, owed.as_slice(), told).await,
    };
    match written {
        Ok(true) => see_other(&app, &format!("/accounts/{}", after.id)),
        Ok(false) => match read(&app, viewer, &id).await {
            Ok(account) => refused(viewer, &account, form, StepRefusal::NotNow),
            Err(response) => response,
        },
        Err(error) => viewer.failure(&error, error.is_retryable()),
    }
}

fn refused(viewer: &Viewer, account: &AccountView, form: &Form, refusal: StepRefusal) -> Response {
    let status = match refusal {
        StepRefusal::NotNow | StepRefusal::LinkExpired => StatusCode::CONFLICT,
        StepRefusal::TooSoon => StatusCode::TOO_MANY_REQUESTS,
        StepRefusal::NoAddress | StepRefusal::NoReason | StepRefusal::TooLong => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let typed = Typed {
        reason: form.last("reason").unwrap_or_default().to_owned(),
        ae: form.last("ae").unwrap_or_default().to_owned(),
        ..Typed::default()
    };
    answer_with(viewer, account, status, Some(Said::caution(refusal.to_string())), &typed)
}
