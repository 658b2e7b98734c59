//! One handoff whose time has come: read as it is now, decided by the domain, written in one transaction.

use crate::Deps;
use handoff_domain::Timestamp;
use handoff_domain::draft::Drafts;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::handoff::{Handoff, Passed, PassedMail};
use handoff_domain::id::AccountId;
use handoff_domain::organization::Organization;
use handoff_domain::outbox::OutboxEntry;
use handoff_domain::owed::{self, Trouble};
use handoff_runtime::metrics;
use handoff_store::StoreError;
use serde::Serialize;

/// What was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The AE is reminded.
    Reminded,
    /// Its link has expired.
    Expired,
    /// Its drafting takes too long: the admins are told.
    GivenUp,
    /// A reminder was put off, or left out.
    PutOff,
    /// Nothing was to be done any more, or somebody else was faster.
    Nothing,
}

impl Outcome {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::Reminded, Self::Expired, Self::GivenUp, Self::PutOff, Self::Nothing];

    /// The name, as metrics spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reminded => "reminded",
            Self::Expired => "expired",
            Self::GivenUp => "given_up",
            Self::PutOff => "put_off",
            Self::Nothing => "nothing",
        }
    }

    fn of(passed: &Passed) -> Self {
        match (&passed.what, passed.mail) {
            (Some(What::Reminded { .. }), _) => Self::Reminded,
            (Some(What::Expired { .. }), _) => Self::Expired,
            (_, Some(PassedMail::Escalation(_))) => Self::GivenUp,
            _ => Self::PutOff,
        }
    }
}

/// Two calls: a read, and a transaction that holds only while nobody else changed the handoff.
pub(crate) async fn settle(
    deps: &Deps,
    organization: &Organization,
    account: &AccountId,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let Some((before, drafts)) = deps.store.get_handoff_and_drafts(&organization.id, account).await? else {
        return Ok(Outcome::Nothing);
    };
    let Some(passed) = before.pass(&organization.rhythm(), now) else { return Ok(Outcome::Nothing) };
    let outcome = Outcome::of(&passed);
    let owed = owed(&passed, drafts.as_ref(), organization, now);
    let told = told(&before, &passed, now);
    if !deps.store.replace_handoff(&before, &passed.after, owed.as_slice(), &told).await? {
        return Ok(Outcome::Nothing);
    }
    metrics::HANDOFFS_SETTLED.count(outcome.as_str());
    tracing::info!(organization = %organization.id, %account, outcome = outcome.as_str(), "handoff settled");
    Ok(outcome)
}

fn owed(
    passed: &Passed,
    drafts: Option<&Drafts>,
    organization: &Organization,
    now: Timestamp,
) -> Option<OutboxEntry> {
    let owed = match passed.mail? {
        PassedMail::Reminder { is_last } => owed::reminded(&passed.after, drafts?, is_last, now),
        PassedMail::Escalation(reason) => {
            let trouble =
                Trouble { reason, cause: "late", detail: passed.after.ae.name.clone(), unread: &[] };
            owed::escalated(&passed.after, trouble, organization, now)
        }
    };
    owed.ok().flatten()
}

fn told(before: &Handoff, passed: &Passed, now: Timestamp) -> Vec<Event> {
    let mut told = Event::attention(before, &passed.after, &Who::System, now);
    let after = &passed.after;
    told.extend(passed.what.clone().map(|what| {
        let cause = match &what {
            What::Expired { generation } => format!("expired-g{generation}"),
            _ => format!("reminded-{}", after.reminders),
        };
        Event::new(after, now, cause, Who::System, what)
    }));
    told
}
