//! What the sources disagree about: each version with its date and its words, for the AE to settle.

use super::question::saved_meanwhile;
use super::{FormView, raw_values};
use handoff_domain::finding::{Conflict, Version};
use handoff_domain::form::{answer_field, conflict_field};
use handoff_domain::id::{ConflictId, QuestionId};
use handoff_views::conflict;
use handoff_web::components::{Tone, badge, field_error};
use handoff_web::{Markup, html};
use serde_json::Value;

/// The conflicts that this question's answer hangs on.
pub fn of_question(view: &FormView<'_>, question: &QuestionId) -> Markup {
    let own = view.drafts.conflicts.iter().filter(|conflict| conflict.question.as_ref() == Some(question));
    html! { @for conflict in own { (choice(view, conflict, false)) } }
}

/// The conflicts that no question of this handoff hangs on, in a section of their own.
pub fn section(view: &FormView<'_>) -> Markup {
    let asks = |id: &QuestionId| view.drafts.questions.find(id).is_some();
    let mut others = view
        .drafts
        .conflicts
        .iter()
        .filter(|conflict| !conflict.question.as_ref().is_some_and(asks))
        .peekable();
    html! {
        @if others.peek().is_some() {
            div.section-head {
                h2 { "Sources disagree" }
                p { "Say which one holds, if you know. Your CSM is told what is still open." }
            }
            @for conflict in others { div.card { (choice(view, conflict, true)) } }
        }
    }
}

/// The id of the control that an error about this conflict leads to.
pub fn choice_id(conflict: &ConflictId) -> String {
    format!("conflict-{conflict}")
}

/// `is_alone` in a section that says already that sources disagree.
fn choice(view: &FormView<'_>, conflict: &Conflict, is_alone: bool) -> Markup {
    let (id, name) = (choice_id(&conflict.id), conflict_field(&conflict.id));
    let chosen = view.settlement(conflict);
    let error = view.errors.get(&name);
    let field = conflict.question.as_ref().map(answer_field);
    let drafted = conflict.question.as_ref().map(|question| {
        let draft = view.drafts.find(question).and_then(|draft| draft.value.as_ref());
        list(draft.map(raw_values))
    });
    html! {
        fieldset.conflict #{ (id) "-box" } data-field=[field] data-draft=[drafted] aria-describedby={ (id) "-help" @if error.is_some() { " " (id) "-error" } } {
            legend.conflict__title {
                span { @if !is_alone { "Sources disagree: " } (conflict.title()) } " "
                (state(&chosen))
            }
            p.conflict__help #{ (id) "-help" } {
                "Which one holds?" @if view.drafts.settled_answer(conflict, 0).is_some() { " It becomes the answer, unless you wrote your own." }
            }
            (field_error(&format!("{id}-error"), error))
            div.versions {
                @for (index, version) in conflict.versions.iter().enumerate() {
                    (side(view, conflict, index, version, &chosen))
                }
            }
            div.conflict__rest {
                @for (value, label, place) in [("neither", "None of these", "-neither"), ("", "Not sure: leave it to the CSM", "-open")] {
                    label.choice { input #{ (id) (place) } type="radio" name=(name) value=(value) checked[chosen == value]; span { (label) } }
                }
            }
            p.conflict__follow role="status" {}
            (stored_beside(view, conflict))
        }
    }
}

fn state(chosen: &str) -> Markup {
    match chosen {
        "" => badge(Tone::Caution, "Open"),
        "neither" => badge(Tone::Good, "Settled: none of these"),
        _ => badge(Tone::Good, "Settled"),
    }
}

fn side(view: &FormView<'_>, conflict: &Conflict, index: usize, version: &Version, chosen: &str) -> Markup {
    let base = choice_id(&conflict.id);
    let id = if index == 0 { base.clone() } else { format!("{base}-{index}") };
    let answer = view.drafts.settled_answer(conflict, index).map(|answer| list(Some(raw_values(&answer))));
    html! {
        div.version {
            label.version__choice {
                input #(id) type="radio" name=(conflict_field(&conflict.id)) value=(index) checked[chosen == index.to_string()]
                    data-answer=[answer] aria-describedby={ (base) "-said-" (index) };
                span {
                    b dir="auto" { (version.text) }
                    span.version__when { (conflict::said(&view.reading(), version)) @if index == 0 && version.date.is_some() { " · the newest" } }
                }
            }
            div.version__said #{ (base) "-said-" (index) } {
                (conflict::words(&view.reading(), version))
            }
        }
    }
}

/// A field's values as the script reads them.
fn list(values: Option<Vec<String>>) -> String {
    Value::from(values.unwrap_or_default()).to_string()
}

/// The stored choice when it differs from the one that was sent; only on the page of a conflict of two saves.
fn stored_beside(view: &FormView<'_>, conflict: &Conflict) -> Markup {
    let stored = view.stored_settlement(conflict);
    let was_sent = view.typed.input.conflicts.contains_key(&conflict.id);
    if !view.conflict || !was_sent || stored == view.settlement(conflict) {
        return html! {};
    }
    let words = match view.handoff.settled.get(&conflict.id) {
        None => "Left open",
        settled => conflict.chosen(settled).map_or("None of these", |version| version.text.as_str()),
    };
    saved_meanwhile(&conflict_field(&conflict.id), words, vec![stored])
}

/// What an error about a conflict leads to, and what it is called.
pub fn labels(view: &FormView<'_>) -> impl Iterator<Item = (String, (String, String))> {
    let conflicts = view.drafts.conflicts.iter();
    conflicts.map(|one| (conflict_field(&one.id), (choice_id(&one.id), one.title().to_owned())))
}
