//! What was typed and could not be kept in its place: shown to be copied, or sent again with one button.

use super::{LinkView, Typed};
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::Handoff;
use handoff_web::form::Form;
use handoff_web::page::Page;
use handoff_web::{Markup, html};

/// Everything typed, by question, to be copied.
pub fn words(drafts: &Drafts, typed: &Typed) -> Markup {
    let texts = typed.input.answers.iter().filter_map(|(id, raw)| {
        let filled: Vec<&str> =
            raw.iter().map(String::as_str).filter(|text| !text.trim().is_empty()).collect();
        let wording = drafts.questions.find(id).map_or(id.as_str(), |question| question.wording.as_str());
        (!filled.is_empty()).then(|| (wording, filled.join(", ")))
    });
    let note = typed.input.note.as_ref().filter(|note| !note.trim().is_empty());
    let settled = typed.input.conflicts.iter().filter_map(|(id, raw)| {
        let conflict = drafts.conflict(id)?;
        let chosen = match raw.trim() {
            "neither" => "None of these",
            place => conflict.versions.get(place.parse::<usize>().ok()?)?.text.as_str(),
        };
        Some((conflict.title(), chosen.to_owned()))
    });
    let texts: Vec<(&str, String)> =
        texts.chain(settled).chain(note.map(|note| ("A word to the CSM", note.clone()))).collect();
    html! {
        @if !texts.is_empty() {
            div.section-head { h2 { "What you typed" } p { "It was not saved. Copy what you still need." } }
            div.card.answers { @for (wording, text) in texts { div { h3 { (wording) } p.value { (text) } } } }
        }
    }
}

/// The page of a post that came after the handoff was submitted.
pub fn closed<'a>(handoff: &'a Handoff, link: &LinkView, words: Option<Markup>) -> Page<'a> {
    let body = html! {
        h1 { (handoff.account.company) " was handed over already" }
        p.lead { "The answers are frozen, so nothing was changed." }
        p { a href=(link.path) { "See what was handed over" } }
        @if let Some(words) = words { (words) }
    };
    Page { title: "Handed over already", brand: &handoff.organization_name, script: None, body }
}

/// A form that sends the same fields again.
pub fn again(link: &LinkView, action: &str, form: &Form) -> Markup {
    html! {
        form method="post" action={ (link.path) "/" (action) } {
            @for (name, value) in form.pairs() {
                @if value.contains(['\n', '\r']) || value.len() > 200 {
                    // A hidden input would drop line breaks on its way through some browsers.
                    textarea.visually-hidden name=(name) tabindex="-1" aria-hidden="true" { "\n" (value) }
                } @else { input type="hidden" name=(name) value=(value); }
            }
            p { "Nothing that you typed is lost." }
            button.button type="submit" { "Try again" }
        }
    }
}
