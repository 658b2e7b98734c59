//! What Sales promised: each with its words, passed on unless the AE takes it out.

use super::FormView;
use super::question::saved_meanwhile;
use handoff_domain::finding::Promise;
use handoff_domain::form::promise_field;
use handoff_domain::id::PromiseId;
use handoff_views::promise as promise_words;
use handoff_web::components::{field_error, hidden_words};
use handoff_web::{Markup, html};

/// The section; nothing without promises.
pub fn section(view: &FormView<'_>) -> Markup {
    html! {
        @if !view.drafts.promises.is_empty() {
            div.section-head {
                h2 { "What we promised" }
                p { "Found in your records. What is ticked goes to the CSM; untick what no longer holds or was never meant." }
            }
            ul.card.promises { @for promise in &view.drafts.promises { li { (one(view, promise)) } } }
        }
    }
}

/// The id of the control that an error about this promise leads to.
pub fn box_id(promise: &PromiseId) -> String {
    format!("promise-{promise}")
}

fn one(view: &FormView<'_>, promise: &Promise) -> Markup {
    let (id, name) = (box_id(&promise.id), promise_field(&promise.id));
    let error = view.errors.get(&name);
    html! {
        h3 dir="auto" { (promise.text) }
        (promise_words::said(&view.reading(), promise))
        (field_error(&format!("{id}-error"), error))
        input type="hidden" name=(name) value="drop";
        label.check {
            input #(id) type="checkbox" name=(name) value="keep" checked[view.is_passed_on(&promise.id)]
                aria-describedby=[error.map(|_| format!("{id}-error"))];
            span { "Pass on to the CSM" (hidden_words(&format!(": {}", promise.text))) }
        }
        (stored_beside(view, promise))
    }
}

/// The stored choice when it differs from the one that was sent; only on the page of a conflict of two saves.
fn stored_beside(view: &FormView<'_>, promise: &Promise) -> Markup {
    let stored = view.is_stored_passed_on(&promise.id);
    let was_sent = view.typed.input.promises.contains_key(&promise.id);
    if !view.conflict || !was_sent || stored == view.is_passed_on(&promise.id) {
        return html! {};
    }
    let (words, raw) = if stored { ("Passed on", "keep") } else { ("Left out", "drop") };
    saved_meanwhile(&promise_field(&promise.id), words, vec![raw.to_owned()])
}

/// What an error about a promise leads to, and what it is called.
pub fn labels(view: &FormView<'_>) -> impl Iterator<Item = (String, (String, String))> {
    let promises = view.drafts.promises.iter();
    promises.map(|one| (promise_field(&one.id), (box_id(&one.id), one.text.clone())))
}
