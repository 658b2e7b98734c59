//! One owed entry from claim to outcome.

use crate::Deps;
use handoff_domain::Timestamp;
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::outbox::{MailStatus, OutboxEntry, SendOutcome};
use handoff_domain::pace::{Limit, NoSlot};
use handoff_mail::Brand;
use handoff_runtime::{metrics, report};
use handoff_store::{Consistency, StoreError};
use tracing::Instrument as _;

/// How often an entry is read again when somebody else wrote it in between.
const ROUNDS: usize = 4;

/// Where an entry stands when this sender is through with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing is left to do.
    Sent,
    /// Nothing is left to do, and a mail was given up; the handoff shows it.
    Failed,
    /// Another sender has it, or something is still open: the sweep comes back to it.
    Waiting,
}

impl Progress {
    fn of(entry: &OutboxEntry) -> Self {
        let gave_up = entry.mails.iter().any(|mail| matches!(mail.status, MailStatus::Failed { .. }));
        match (entry.is_settled(), gave_up) {
            (false, _) => Self::Waiting,
            (true, true) => Self::Failed,
            (true, false) => Self::Sent,
        }
    }
}

type Outcomes = Vec<(usize, SendOutcome)>;

/// Sends what this entry owes now, and tells a failure. `entry` may be an old image: nothing leaves before the claim is
/// written.
pub(crate) async fn work(deps: &Deps, entry: OutboxEntry) -> Result<Progress, StoreError> {
    let span = tracing::info_span!(
        "entry",
        organization = %entry.key.organization,
        account = entry.key.account.as_ref().map(tracing::field::display),
        outbox = %entry.key.id,
        correlation = entry.correlation.map(tracing::field::display),
    );
    let worked = async {
        let worked = claim_and_send(deps, entry).await;
        worked.inspect_err(|error| tracing::error!(error = report(error), "outbox entry"))
    };
    worked.instrument(span).await
}

async fn claim_and_send(deps: &Deps, entry: OutboxEntry) -> Result<Progress, StoreError> {
    let about = entry.has_link().then(|| entry.key.account.clone()).flatten();
    let organization = entry.key.organization.clone();
    let (claim, setting) = tokio::join!(claim(deps, entry), setting(deps, &organization, about.as_ref()));
    match claim? {
        Claim::Over(progress) => Ok(progress),
        Claim::Ours(claimed, to_send) => {
            let outcomes = send(deps, &setting, &claimed, &to_send).await;
            settle(deps, *claimed, &outcomes).await
        }
    }
}

/// What a mail needs beside its entry.
#[derive(Default)]
struct Setting {
    brand: Brand,
    /// The generation of the AE's link that is alive: a mail with another one is overtaken.
    alive: Option<u32>,
}

/// The organization's name and logo, and for mails with the AE's link which one is alive, in one read. A mail does not wait for
/// its looks: without them it leaves in the product's own.
async fn setting(deps: &Deps, organization: &OrganizationId, about: Option<&AccountId>) -> Setting {
    match deps.store.get_mail_setting(organization, about).await {
        Ok((found, handoff)) => Setting {
            brand: found.map(|found| deps.renderer.brand(&found)).unwrap_or_default(),
            alive: handoff.and_then(|handoff| handoff.link).map(|link| link.generation),
        },
        Err(error) => {
            tracing::warn!(error = report(&error), "an organization could not be read for its mails");
            Setting::default()
        }
    }
}

enum Claim {
    Ours(Box<OutboxEntry>, Vec<usize>),
    Over(Progress),
}

async fn claim(deps: &Deps, mut entry: OutboxEntry) -> Result<Claim, StoreError> {
    for _ in 0..ROUNDS {
        let Some((claimed, to_send)) = entry.claim(deps.clock.now()) else {
            return Ok(Claim::Over(Progress::Waiting));
        };
        if let Some(written) = deps.store.write_outbox(&claimed, deps.clock.now()).await? {
            // Without anything to send, the claim itself was the last word.
            let over = to_send.is_empty();
            return Ok(if over {
                Claim::Over(Progress::of(&written))
            } else {
                Claim::Ours(Box::new(written), to_send)
            });
        }
        match deps.store.get_outbox(&entry.key, Consistency::Strong).await? {
            // The reply to our own write was lost, and the SDK's repetition met what the first try had written.
            Some(current) if is_as_written(&current, &claimed) => {
                return Ok(Claim::Ours(Box::new(current), to_send));
            }
            Some(current) => entry = current,
            None => return Ok(Claim::Over(Progress::Sent)),
        }
    }
    Ok(Claim::Over(Progress::Waiting))
}

/// Whether the table holds exactly what this sender wrote: the moment of the claim tells it from any other's.
fn is_as_written(current: &OutboxEntry, claimed: &OutboxEntry) -> bool {
    *current == OutboxEntry { revision: claimed.revision + 1, ..claimed.clone() }
}

async fn send(deps: &Deps, setting: &Setting, claimed: &OutboxEntry, to_send: &[usize]) -> Outcomes {
    let mut outcomes = Vec::with_capacity(to_send.len());
    for &index in to_send {
        let Some(mail) = claimed.mails.get(index) else { continue };
        if matches!(mail.status, MailStatus::Unknown { resent: true, .. }) {
            metrics::MAIL_RESENT.count();
        }
        let is_overtaken =
            mail.content.link_generation().zip(setting.alive).is_some_and(|(told, alive)| told != alive);
        if is_overtaken {
            tracing::info!(kind = mail.content.kind(), index, "mail overtaken by a newer link");
            outcomes.push((index, SendOutcome::Overtaken));
            continue;
        }
        let outcome = match deps.renderer.render_as(&setting.brand, &claimed.key, mail) {
            Ok(rendered) => match permit(deps).await {
                Ok(()) => deps.mailer.send(claimed, index, mail, &rendered).await,
                Err(none) => SendOutcome::NotTaken { reason: report(&none) },
            },
            Err(dead) => SendOutcome::Refused { reason: dead.to_string() },
        };
        tell(mail.content.kind(), index, &outcome);
        outcomes.push((index, outcome));
    }
    outcomes
}

/// Waits for SES's limit. Where it cannot be asked the mail leaves all the same: SES says by itself what is too fast.
async fn permit(deps: &Deps) -> Result<(), NoSlot> {
    let Some(permits) = &deps.permits else { return Ok(()) };
    match permits.take(Limit::Mail).await {
        Err(error @ NoSlot::Unknown(_)) => {
            tracing::warn!(error = report(&error), "a mail leaves without a slot");
            Ok(())
        }
        answer => answer,
    }
}

/// Reasons are SES's error codes, or that a link is dead; the mail itself is never told.
fn tell(kind: &'static str, index: usize, outcome: &SendOutcome) {
    match outcome {
        SendOutcome::Accepted => {
            metrics::MAIL_SENT.count(kind);
            tracing::info!(kind, index, "mail sent");
        }
        SendOutcome::Refused { reason } => {
            metrics::MAIL_REFUSED.count();
            tracing::error!(kind, index, reason, "mail refused");
        }
        SendOutcome::NotTaken { reason } => tracing::warn!(kind, index, reason, "mail not taken"),
        SendOutcome::Overtaken => {}
        SendOutcome::Unknown => {
            metrics::MAIL_UNKNOWN.count();
            tracing::warn!(kind, index, "mail with unknown outcome");
        }
    }
}

/// Writes the outcomes. An event of SES may have confirmed a mail meanwhile, so the entry is read again when it changed.
async fn settle(deps: &Deps, claimed: OutboxEntry, outcomes: &Outcomes) -> Result<Progress, StoreError> {
    let mut current = claimed.clone();
    for _ in 0..ROUNDS {
        let settled = with_outcomes(&current, &claimed, outcomes, deps.clock.now());
        if settled == current {
            return Ok(Progress::of(&current));
        }
        if let Some(written) = deps.store.write_outbox(&settled, deps.clock.now()).await? {
            return Ok(Progress::of(&written));
        }
        match deps.store.get_outbox(&claimed.key, Consistency::Strong).await? {
            Some(newer) => current = newer,
            // Whoever settled it knew at least as much.
            None => return Ok(Progress::of(&settled)),
        }
    }
    Ok(Progress::Waiting)
}

fn with_outcomes(
    current: &OutboxEntry,
    claimed: &OutboxEntry,
    outcomes: &Outcomes,
    now: Timestamp,
) -> OutboxEntry {
    let mut settled = current.clone();
    for (index, outcome) in outcomes {
        let status = |entry: &OutboxEntry| entry.mails.get(*index).map(|mail| mail.status.clone());
        // "SES took it" stays true whatever happened since; any other outcome speaks of our own try only.
        if *outcome == SendOutcome::Accepted || status(current) == status(claimed) {
            settled.settle(*index, outcome.clone(), now);
        }
    }
    settled
}
