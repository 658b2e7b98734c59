//! One deal that may be won: read again, judged, made an account once, drafted, its AE invited.

use crate::deliver::{deliver, give_up, issue};
use crate::error::WorkerError;
use crate::patience::{PATIENT_TRIES, RECEIVES_MAX};
use crate::run::claim;
use crate::{Deps, Work, mails, research, sources};
use handoff_domain::Timestamp;
use handoff_domain::account::{Account, AccountStatus};
use handoff_domain::handoff::{Ae, Attention, Handoff, HandoffState, Origin};
use handoff_domain::id::AccountId;
use handoff_domain::intake::{NotWanted, judge, judge_import};
use handoff_domain::message::{DealHint, WorkerMessage};
use handoff_domain::organization::Organization;
use handoff_domain::research::Researched;
use handoff_hubspot::Deal;
use handoff_runtime::metrics;
use handoff_store::{Created, Intake};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Why a deal is worked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cause<'a> {
    /// Somebody, or a wait that ended, says that it may be won.
    Hint,
    /// This handoff's website was read.
    Researched(&'a Handoff, &'a Researched),
}

/// Takes one hint as far as it goes. Safe to repeat, and to run twice at once. The last failure marks the handoff, if
/// it got that far, and tells the admins: nobody else would see that it stands still.
pub(crate) async fn take_in(
    deps: &Deps,
    work: Work<'_>,
    hint: &DealHint,
    cause: Cause<'_>,
) -> Result<(), WorkerError> {
    let taken = Box::pin(read_again(deps, work, hint, cause)).await;
    // Another worker that has the handoff will bring it to its end, or give it up itself.
    let is_ours = !matches!(taken, Ok(()) | Err(WorkerError::Busy));
    if is_ours && work.receives >= RECEIVES_MAX {
        give_up(deps, &hint.portal.organization(), &hint.deal.account()).await?;
    }
    taken
}

async fn read_again(
    deps: &Deps,
    work: Work<'_>,
    hint: &DealHint,
    cause: Cause<'_>,
) -> Result<(), WorkerError> {
    let organization = hint.portal.organization();
    let Some(intake) = deps.store.get_intake(&organization).await? else {
        tracing::warn!(%organization, "hint of an unknown portal dropped");
        return Ok(());
    };
    let Some(deal) = deps.hubspot.get_deal(&hint.deal).await? else {
        tracing::info!(%organization, deal = %hint.deal, "deal not found");
        return Ok(());
    };
    let judge = if hint.origin == Origin::Imported { judge_import } else { judge };
    if let Err(reason) = judge(&deal.facts, &intake.organization) {
        tracing::info!(%organization, deal = %deal.id, reason = reason.as_str(), "deal not wanted");
        return note_reopened(deps, &intake.organization, &deal, reason).await;
    }
    if let Cause::Researched(existing, _) = cause {
        // Its account is there; nothing that comes from this side may make one.
        return meet_again(deps, &intake, &deal, existing.clone(), work, cause).await;
    }
    if is_known_by_another_id(deps, &intake.organization, hint, &deal).await? {
        tracing::info!(%organization, deal = %deal.id, "deal was merged from one that has its account");
        return Ok(());
    }
    let now = deps.clock.now();
    let handoff = Handoff { origin: hint.origin, ..begin(&intake, &deal, work, now) };
    match deps.store.create_handoff(&handoff).await? {
        Created::New => {
            metrics::HANDOFF_CREATED.count();
            if hint.origin == Origin::Found {
                metrics::DEAL_MISSED.count();
            }
            tracing::info!(%organization, account = %handoff.id, "account made");
            draft(deps, &intake, &deal, handoff, work, cause).await
        }
        Created::Existing(existing) => meet_again(deps, &intake, &deal, *existing, work, cause).await,
    }
}

async fn note_reopened(
    deps: &Deps,
    organization: &Organization,
    deal: &Deal,
    reason: NotWanted,
) -> Result<(), WorkerError> {
    if !matches!(reason, NotWanted::NotWon | NotWanted::Archived) {
        return Ok(());
    }
    let known = deps.store.existing_accounts(&organization.id, &[deal.id.account()]).await?;
    for account in known {
        deps.store
            .add_attention(&organization.id, &account, Attention::DealReopened, deps.clock.now())
            .await?;
    }
    Ok(())
}

/// Whether an account was made from a deal that HubSpot merged into this one, or that this one was merged into.
async fn is_known_by_another_id(
    deps: &Deps,
    organization: &Organization,
    hint: &DealHint,
    deal: &Deal,
) -> Result<bool, WorkerError> {
    let others = deal.merged_ids.iter().chain([&hint.deal]).filter(|id| **id != deal.id);
    let others: BTreeSet<AccountId> = others.map(handoff_domain::id::DealId::account).collect();
    if others.is_empty() {
        return Ok(false);
    }
    let others: Vec<AccountId> = others.into_iter().take(100).collect();
    Ok(!deps.store.existing_accounts(&organization.id, &others).await?.is_empty())
}

fn begin(intake: &Intake, deal: &Deal, work: Work<'_>, now: Timestamp) -> Handoff {
    let organization = &intake.organization;
    let account = Account {
        company: if deal.name.is_empty() { format!("Deal {}", deal.id) } else { deal.name.clone() },
        deal_name: deal.name.clone(),
        deal: Some(deal.id.clone()),
        arr: deal.arr.clone(),
        close_date: close_date(organization, deal),
        won_at: deal.facts.won_at,
        contacts: Vec::new(),
        website: String::new(),
        industry: String::new(),
        size: String::new(),
        status: AccountStatus::Handoff,
    };
    let questions = intake.questions.version;
    let begun = Handoff::begin(organization, deal.id.account(), account, Ae::default(), questions, now);
    let claim = claim(work.message, now);
    Handoff { correlation: Some(work.correlation), claim: Some(claim), ..begun }
}

fn close_date(organization: &Organization, deal: &Deal) -> Option<jiff::civil::Date> {
    deal.close_date(&TimeZone::get(&organization.time_zone).unwrap_or(TimeZone::UTC))
}

async fn meet_again(
    deps: &Deps,
    intake: &Intake,
    deal: &Deal,
    mut existing: Handoff,
    work: Work<'_>,
    cause: Cause<'_>,
) -> Result<(), WorkerError> {
    let now = deps.clock.now();
    match existing.state {
        HandoffState::Drafting if matches!(cause, Cause::Hint) && research::is_awaited(&existing, now) => {
            research::ask_again(deps, work, &existing, hint_of(intake, deal, &existing)).await
        }
        HandoffState::Drafting => {
            let mine = claim(work.message, now);
            let held =
                existing.claim.as_ref().is_some_and(|claim| now < claim.until && claim.run != mine.run);
            if held || !deps.store.take_claim(&existing, &mine).await? {
                return Err(WorkerError::Busy);
            }
            existing.claim = Some(mine);
            existing.revision += 1;
            draft(deps, intake, deal, existing, work, cause).await
        }
        HandoffState::AwaitingAe if mails::needs_ae(&existing) && existing.origin != Origin::Imported => {
            invite_later(deps, intake, deal, existing, now).await
        }
        _ => {
            let first = existing.correlation.map(tracing::field::display);
            tracing::info!(organization = %existing.organization, account = %existing.id, first, "account exists");
            Ok(())
        }
    }
}

fn hint_of(intake: &Intake, deal: &Deal, handoff: &Handoff) -> WorkerMessage {
    let (portal, deal, origin) = (intake.organization.portal, deal.id.clone(), handoff.origin);
    WorkerMessage::DealHint(DealHint { portal, deal, origin })
}

/// The deal got an owner who can be reached: the drafts stand ready, so the invitation is owed now.
async fn invite_later(
    deps: &Deps,
    intake: &Intake,
    deal: &Deal,
    before: Handoff,
    now: Timestamp,
) -> Result<(), WorkerError> {
    let (ae, attention) = deps.hubspot.find_ae(deal).await?;
    if attention.is_some() {
        return Ok(());
    }
    let Some(drafts) = deps.store.get_drafts(&before.organization, &before.id).await? else { return Ok(()) };
    let mut after = before.clone();
    after.ae = ae;
    after.lower(Attention::NoAeAddress);
    after.lower(Attention::AeLeft);
    let generation = before.link.as_ref().map_or(1, |link| link.generation + 1);
    let link = issue(deps, &intake.organization, &after, generation, now);
    let after = after.with_link(link, &intake.organization.rhythm());
    let owed = mails::invited(&after, &drafts, &intake.organization, now);
    let told = mails::told(&before, &after, now);
    let kept = deps.store.replace_handoff(&before, &after, owed.as_slice(), &told).await?;
    if kept { Ok(()) } else { Err(WorkerError::Busy) }
}

async fn draft(
    deps: &Deps,
    intake: &Intake,
    deal: &Deal,
    before: Handoff,
    work: Work<'_>,
    cause: Cause<'_>,
) -> Result<(), WorkerError> {
    let last_try = work.receives >= PATIENT_TRIES;
    let mut companies = None;
    if deps.research_queue.is_some() && before.research.is_none() {
        let read = deps.hubspot.read_companies(deal, last_try).await?;
        let website = read.website();
        if !website.is_empty() {
            return research::ask(deps, work, &before, hint_of(intake, deal, &before), website).await;
        }
        companies = Some(read);
    }
    let mut gathered = deps.hubspot.gather_with(deal, companies, last_try).await?;
    research::add(cause, &before, &mut gathered);
    sources::prepare(&mut gathered);
    gathered.account.close_date = close_date(&intake.organization, deal);
    deliver(deps, intake, &before, gathered).await
}
