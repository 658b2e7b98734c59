//! A draft of the welcome mail that a CSM asked for. What was typed stays; without a model the plain draft stands.

use crate::Deps;
use crate::error::WorkerError;
use crate::run::{count_usage, seed};
use handoff_domain::event::{Event, What, Who};
use handoff_domain::kickoff::KickoffTime;
use handoff_domain::message::WelcomeAsked;
use handoff_domain::welcome::WelcomeDraft;
use handoff_drafting::welcome::{Material, WelcomeRequest};
use handoff_runtime::correlate;
use handoff_store::{AccountView, Consistency};
use jiff::tz::TimeZone;

/// How often a result is fitted in anew when the CSM saves at the same time.
const FITTINGS_MAX: usize = 5;

/// Drafts, and keeps the draft beside what was typed. What comes late, or was not asked for, changes nothing.
pub(crate) async fn bring(deps: &Deps, asked: &WelcomeAsked) -> Result<(), WorkerError> {
    let (organization, account) = (&asked.organization, &asked.account);
    let Some(view) = deps.store.get_account(organization, account, Consistency::Strong).await? else {
        tracing::info!(%organization, %account, "a welcome mail of no account");
        return Ok(());
    };
    correlate(view.handoff.correlation);
    let awaited = view.welcome.as_ref().and_then(|welcome| welcome.asked.as_ref());
    if awaited.is_none_or(|awaited| awaited.run != asked.run) {
        return Ok(());
    }
    let draft = draft(deps, asked, &view).await?;
    for _ in 0..FITTINGS_MAX {
        let Some(before) = deps.store.get_welcome(organization, account).await? else { return Ok(()) };
        let Some(after) = before.receive(&asked.run, draft.clone()) else { return Ok(()) };
        let by = draft.as_ref().map(|draft| draft.by.clone());
        let what = What::WelcomeDrafted { run: asked.run.clone(), by };
        let cause = format!("welcome-drafted-{}", asked.run);
        let told = [Event::new(&view.handoff, deps.clock.now(), cause, Who::System, what)];
        if deps.store.put_welcome(&view.handoff, &after, &told).await? {
            tracing::info!(%organization, %account, "draft of a welcome mail kept");
            return Ok(());
        }
    }
    Err(WorkerError::Busy)
}

async fn draft(
    deps: &Deps,
    asked: &WelcomeAsked,
    view: &AccountView,
) -> Result<Option<WelcomeDraft>, WorkerError> {
    let found = deps.store.get_organizations(std::slice::from_ref(&asked.organization)).await?;
    let Some((organization, roster)) = found.into_iter().next() else { return Ok(None) };
    let (handoff, now) = (&view.handoff, deps.clock.now());
    let Some((id, name)) = handoff.csm_in_charge() else { return Ok(None) };
    let csm = roster.find_csm(id);
    let zone = TimeZone::get(&organization.time_zone).unwrap_or(TimeZone::UTC);
    let kickoff = view.kickoff.as_ref().filter(|kickoff| kickoff.at > now);
    let kickoff = kickoff.map(|kickoff| KickoffTime::planned(kickoff, &zone));
    let material = Material::of(handoff, view.drafts.as_ref());
    let request = WelcomeRequest {
        language: &organization.language,
        organization: &organization.name,
        company: &handoff.account.company,
        csm: csm.map_or(name, |csm| csm.name.as_str()),
        ae: &handoff.ae.name,
        booking_link: csm.map_or("", |csm| csm.booking_link.as_str()),
        kickoff: kickoff.as_ref(),
        material: &material,
        round: handoff.round,
        now,
    };
    let (draft, usage) = deps.drafter.welcome(&request, &seed(handoff), &asked.run).await;
    count_usage(&usage);
    Ok(draft)
}
