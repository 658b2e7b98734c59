//! What a draft says of itself: who wrote it, how sure it is, and what similar customers named.

use super::FormView;
use handoff_domain::draft::{Confidence, Draft, DraftedBy};
use handoff_domain::finding::{SIMILAR_MIN, Suggestion};
use handoff_domain::question::Question;
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html};

/// One line: confidence, drafter and reason; or that the sources are silent.
pub fn origin(view: &FormView<'_>, question: &Question) -> Markup {
    let draft = view.drafts.find(&question.id);
    html! {
        p.question__origin {
            @match draft.filter(|draft| draft.value.is_some()) {
                Some(draft) => {
                    (confidence(draft.confidence))
                    (by_hand(view, question))
                    span { (drafter(&draft.by)) @if !draft.reason.is_empty() { " · " (draft.reason) } }
                }
                None => {
                    (by_hand(view, question))
                    span { (silence(view)) }
                }
            }
        }
        (hint(draft))
    }
}

/// Whether the answer is no longer the draft's: chosen in a conflict, or typed.
fn by_hand(view: &FormView<'_>, question: &Question) -> Markup {
    let drafts = view.drafts;
    if !view.handoff.is_edited(drafts, &question.id) {
        return html! {};
    }
    let stored = view.stored(&question.id);
    let is_chosen = drafts.conflicts.iter().any(|conflict| {
        let own = conflict.question.as_ref() == Some(&question.id) && stored.is_some();
        own && (0..conflict.versions.len())
            .any(|index| drafts.settled_answer(conflict, index).as_ref() == stored)
    });
    let has_draft = drafts.find(&question.id).is_some_and(|draft| draft.value.is_some());
    html! {
        @if is_chosen { (badge(Tone::Info, "As you settled it")) }
        @else if has_draft { (badge(Tone::Info, "Edited by you")) }
    }
}

/// Why there is no draft: a source that was not read is not a source that is silent.
fn silence(view: &FormView<'_>) -> &'static str {
    if view.drafts.sources.is_empty() {
        "There was nothing to draft from."
    } else if view.drafts.gaps.is_empty() {
        "The sources do not say."
    } else {
        "The sources that could be read do not say."
    }
}

fn drafter(by: &DraftedBy) -> &'static str {
    match by {
        DraftedBy::Model(_) => "Drafted by AI",
        DraftedBy::Extractive => "Picked from the sources, no AI model",
    }
}

/// The confidence as a word and three dots.
pub fn confidence(confidence: Option<Confidence>) -> Markup {
    let Some(confidence) = confidence else { return html! {} };
    let (tone, dots) = match confidence {
        Confidence::High => ("good", 3),
        Confidence::Medium => ("neutral", 2),
        Confidence::Low => ("caution", 1),
    };
    html! {
        span class={ "badge badge--" (tone) } {
            span.meter-dots aria-hidden="true" { @for dot in 0..3 { i.on[dot < dots] {} } }
            (confidence.label())
        }
    }
}

/// What similar customers named, as a suggestion; never a word of it in the field. Not shown where so few are counted that
/// one could be told from the others.
fn hint(draft: Option<&Draft>) -> Markup {
    let counted = |one: &&Suggestion| usize::try_from(one.of).is_ok_and(|of| of >= SIMILAR_MIN);
    let suggestions: Vec<&Suggestion> =
        draft.map_or(&[][..], |draft| &draft.suggestions).iter().filter(counted).collect();
    html! {
        @if !suggestions.is_empty() {
            div.hint {
                p { b { "Worth asking?" } " A pattern, not a fact about this customer:" }
                ul { @for one in suggestions { li { (one.count) " of " (one.of) " similar customers named " b dir="auto" { (one.text) } } } }
            }
        }
    }
}
