//! From gathered sources to a handoff that awaits its AE, whatever its account was made from; and the end of one that
//! could not get there.

use crate::error::WorkerError;
use crate::run::{self, run_of, seed};
use crate::{Deps, mails, similar};
use handoff_domain::Timestamp;
use handoff_domain::draft::{DraftRun, Drafts};
use handoff_domain::event::{Event, Who};
use handoff_domain::handoff::{Attention, Handoff, HandoffState, Origin};
use handoff_domain::id::{AccountId, OrganizationId};
use handoff_domain::link::Link;
use handoff_domain::organization::Organization;
use handoff_domain::source::SourceRef;
use handoff_drafting::DraftRequest;
use handoff_hubspot::Gathered;
use handoff_runtime::metrics;
use handoff_store::Intake;

/// Drafts, and keeps drafts, sources and the mail that is owed in one transaction.
pub(crate) async fn deliver(
    deps: &Deps,
    intake: &Intake,
    before: &Handoff,
    mut gathered: Gathered,
) -> Result<(), WorkerError> {
    let run_id = before.claim.as_ref().map_or_else(|| run_of("unclaimed"), |claim| claim.run.clone());
    let seed = seed(before);
    let request = DraftRequest {
        language: &intake.organization.language,
        company: &gathered.account.company,
        questions: &intake.questions.questions,
        sources: &gathered.sources,
        context: None,
        seed: &seed,
        run: &run_id,
        now: deps.clock.now(),
    };
    let mut drafted = run::draft(deps, &request).await;
    // Only now: no drafter may take another customer's answers for this one's.
    similar::suggest(deps, before, &intake.questions, &mut gathered, &mut drafted.drafts).await;
    let now = deps.clock.now();
    let drafts = Drafts {
        questions: intake.questions.clone(),
        drafts: drafted.drafts,
        sources: gathered.sources.iter().map(SourceRef::from).collect(),
        gaps: gathered.gaps.iter().cloned().chain(drafted.left_out).collect(),
        conflicts: drafted.conflicts,
        promises: drafted.promises,
        earlier: Vec::new(),
        run: DraftRun {
            id: run_id,
            finished_at: now,
            by: drafted.by,
            fallback: drafted.fallback,
            usage: drafted.usage,
        },
    };
    let mut after = await_ae(deps, intake, before, &gathered, now);
    after.material_until = intake.organization.material_until(before.created_at);
    let owed = mails::invited(&after, &drafts, &intake.organization, now);
    let mut told = vec![Event::drafted(&after, &drafts)];
    told.extend(mails::told(before, &after, now));
    let (sources, owed) = (&gathered.sources, owed.as_slice());
    let kept = deps.store.keep_drafts(before, &after, &drafts, sources, owed, &told).await?;
    let (organization, account) = (&after.organization, &after.id);
    tracing::info!(%organization, %account, kept, sources = gathered.sources.len(), gaps = drafts.gaps.len(), fallback = drafts.run.fallback.is_some(), "drafted");
    if kept { Ok(()) } else { Err(WorkerError::Busy) }
}

fn await_ae(deps: &Deps, intake: &Intake, before: &Handoff, gathered: &Gathered, now: Timestamp) -> Handoff {
    let mut after = before.clone();
    after.account = gathered.account.clone();
    after.ae = gathered.ae.clone();
    after.lower(Attention::DraftFailed);
    after.state = HandoffState::AwaitingAe;
    after.claim = None;
    if after.origin == Origin::Imported {
        // Whoever imported it says when the AE is asked, and whom.
        return after;
    }
    if let Some(reason) = gathered.ae_attention {
        after.raise(reason, now);
    }
    after.with_link(issue(deps, &intake.organization, before, 1, now), &intake.organization.rhythm())
}

pub(crate) fn issue(
    deps: &Deps,
    organization: &Organization,
    handoff: &Handoff,
    generation: u32,
    now: Timestamp,
) -> Link {
    Link::issue(&deps.link_key, &organization.id, &handoff.id, generation, organization.link_life_days, now)
}

/// Marks a handoff that could not be drafted, and tells the admins: nobody else would see that it stands still.
pub(crate) async fn give_up(
    deps: &Deps,
    organization: &OrganizationId,
    account: &AccountId,
) -> Result<(), WorkerError> {
    let Some(intake) = deps.store.get_intake(organization).await? else { return Ok(()) };
    let Some((before, _, _)) = deps.store.get_with_sources(organization, account).await? else {
        return Ok(());
    };
    if before.state != HandoffState::Drafting || before.attention.contains(&Attention::DraftFailed) {
        return Ok(());
    }
    let now = deps.clock.now();
    let mut after = before.clone();
    after.raise(Attention::DraftFailed, now);
    let reason = Attention::DraftFailed;
    let owed = mails::escalation(&after, reason, "draft-failed", &[], &intake.organization, now);
    let told = Event::attention(&before, &after, &Who::System, now);
    if deps.store.replace_handoff(&before, &after, owed.as_slice(), &told).await? {
        metrics::DRAFT_FAILED.count();
    }
    Ok(())
}
