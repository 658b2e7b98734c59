//! A new draft that an AE asked for: from the sources at hand and what the AE added.

use crate::Deps;
use crate::error::WorkerError;
use crate::run::{self, seed};
use handoff_domain::draft::{Draft, DraftRun, Drafts};
use handoff_domain::event::Event;
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::id::SourceId;
use handoff_domain::message::RedraftAsked;
use handoff_domain::question::Question;
use handoff_domain::source::{Source, SourceKind, SourceRef};
use handoff_drafting::{DraftRequest, Drafted};
use handoff_runtime::correlate;
use handoff_store::Store;

/// How often a result is fitted in anew when the AE saves at the same time.
const FITTINGS_MAX: usize = 5;

type Held = (Handoff, Drafts, Vec<Source>);

/// Drafts anew and fits the result in. What comes late, or was not asked for, changes nothing.
pub(crate) async fn bring(deps: &Deps, asked: &RedraftAsked) -> Result<(), WorkerError> {
    let Some((handoff, drafts, mut sources)) = read(&deps.store, asked).await? else {
        tracing::info!(organization = %asked.organization, account = %asked.account, "new draft no longer wanted");
        return Ok(());
    };
    correlate(handoff.correlation);
    sources.extend(added_context(asked, &handoff, &sources, deps));
    let intake = deps.store.get_intake(&asked.organization).await?;
    let language = intake.map_or_else(|| "en".to_owned(), |intake| intake.organization.language);
    let drafted = draft(deps, asked, &handoff, &drafts, &sources, &language).await;
    let arrived = arrive(asked, &drafts, &sources, drafted, deps);
    for _ in 0..FITTINGS_MAX {
        let Some((before, drafts, _)) = read(&deps.store, asked).await? else { return Ok(()) };
        let Some((after, drafts)) = before.receive_redraft(&drafts, &arrived, asked.overwrite) else {
            return Ok(());
        };
        let told = [Event::redraft_arrived(&after, &drafts)];
        if deps.store.keep_drafts(&before, &after, &drafts, &sources, &[], &told).await? {
            tracing::info!(organization = %asked.organization, account = %asked.account, "new draft kept");
            return Ok(());
        }
    }
    Err(WorkerError::Busy)
}

async fn read(store: &Store, asked: &RedraftAsked) -> Result<Option<Held>, WorkerError> {
    let held = store.get_with_sources(&asked.organization, &asked.account).await?;
    Ok(held.and_then(|(handoff, drafts, sources)| {
        let wanted = handoff.state == HandoffState::AwaitingAe
            && handoff.redraft.as_ref().is_some_and(|pending| pending.run == asked.run);
        Some((handoff, drafts?, sources)).filter(|_| wanted)
    }))
}

fn added_context(asked: &RedraftAsked, handoff: &Handoff, sources: &[Source], deps: &Deps) -> Option<Source> {
    let earlier = sources.iter().filter(|source| source.kind == SourceKind::Context).count();
    let id = SourceId::parse(format!("context-{}", earlier + 1)).ok()?;
    let text = asked.context.trim();
    (!text.is_empty()).then(|| Source {
        id,
        kind: SourceKind::Context,
        title: "Added when asking for a new draft".to_owned(),
        author: Some(handoff.ae.name.clone()).filter(|name| !name.is_empty()),
        date: Some(deps.clock.now()),
        body: text.to_owned(),
    })
}

async fn draft(
    deps: &Deps,
    asked: &RedraftAsked,
    handoff: &Handoff,
    drafts: &Drafts,
    sources: &[Source],
    language: &str,
) -> Drafted {
    let wanted = |question: &&Question| asked.question.as_ref().is_none_or(|id| id == &question.id);
    let questions: Vec<Question> = drafts.questions.questions.iter().filter(wanted).cloned().collect();
    let seed = seed(handoff);
    let request = DraftRequest {
        language,
        company: &handoff.account.company,
        questions: &questions,
        sources,
        context: Some(asked.context.trim()).filter(|context| !context.is_empty()),
        seed: &seed,
        run: &asked.run,
        now: deps.clock.now(),
    };
    run::draft(deps, &request).await
}

fn arrive(
    asked: &RedraftAsked,
    before: &Drafts,
    sources: &[Source],
    drafted: Drafted,
    deps: &Deps,
) -> Drafts {
    // What similar customers named does not hang on what is read anew.
    let suggestions = |draft: Draft| {
        let suggestions = before.find(&draft.question).map(|before| before.suggestions.clone());
        Draft { suggestions: suggestions.unwrap_or_default(), ..draft }
    };
    Drafts {
        questions: before.questions.clone(),
        drafts: drafted.drafts.into_iter().map(suggestions).collect(),
        sources: sources.iter().map(SourceRef::from).collect(),
        gaps: before.gaps.clone(),
        conflicts: drafted.conflicts,
        promises: drafted.promises,
        earlier: Vec::new(),
        run: DraftRun {
            id: asked.run.clone(),
            finished_at: deps.clock.now(),
            by: drafted.by,
            fallback: drafted.fallback,
            usage: drafted.usage,
        },
    }
}
