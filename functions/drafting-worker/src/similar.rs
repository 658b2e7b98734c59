//! What similar customers named, beside the drafts: suggestions, never a part of them.

use crate::Deps;
use handoff_domain::draft::Draft;
use handoff_domain::finding::Suggestion;
use handoff_domain::handoff::Handoff;
use handoff_domain::pattern::{self, CustomerKey, Segment};
use handoff_domain::question::{Question, QuestionSet};
use handoff_domain::source::{SourceGap, SourceKind};
use handoff_hubspot::Gathered;
use handoff_runtime::report;

/// Adds the suggestions to the drafts, and their counts to the sources: one query where industry and size are known,
/// nothing where they are not. What cannot be counted is told and stops nothing.
pub(crate) async fn suggest(
    deps: &Deps,
    handoff: &Handoff,
    questions: &QuestionSet,
    gathered: &mut Gathered,
    drafts: &mut [Draft],
) {
    let Some(segment) = Segment::of(&gathered.account) else { return };
    let entries = match deps.store.list_history(&handoff.organization, &segment).await {
        Ok(entries) => entries,
        Err(error) => {
            tracing::warn!(error = report(&error), "similar customers could not be counted");
            let reason = "Similar customers could not be counted".to_owned();
            return gathered.gaps.push(SourceGap { kind: SourceKind::Pattern, reason });
        }
    };
    let own = CustomerKey::of(&handoff.organization, &gathered.account);
    let counts: Vec<(&Question, Vec<Suggestion>)> = questions
        .questions
        .iter()
        .map(|question| (question, pattern::suggest(&entries, &own, question)))
        .collect();
    for (question, suggestions) in &counts {
        if let Some(draft) = drafts.iter_mut().find(|draft| draft.question == question.id) {
            draft.suggestions.clone_from(suggestions);
        }
    }
    gathered.sources.extend(pattern::source(&counts, deps.clock.now()));
}
