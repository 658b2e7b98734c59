//! What stands beside the handoff: notes, the rating.

use super::Shown;
use handoff_domain::event::Who;
use handoff_domain::limits::ANSWER_MAX_BYTES;
use handoff_domain::note::Note;
use handoff_domain::rating::{Rated, SCORE_MAX, Usefulness};
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, inline, text};

/// What a person is called.
pub(in crate::accounts) fn name(who: &Who, ae: &str) -> String {
    match who {
        Who::System => "Handoff".to_owned(),
        Who::Ae { name } if !name.is_empty() => name.clone(),
        Who::Ae { .. } if !ae.is_empty() => ae.to_owned(),
        Who::Ae { .. } => "The AE".to_owned(),
        Who::Member { name, .. } => name.clone(),
    }
}

/// Notes, the newest first, and the field for another.
pub(super) fn notes(shown: &Shown<'_>) -> Markup {
    html! {
        section.card #notes aria-labelledby="notes-title" {
            h2 #notes-title { "Notes" }
            @if !shown.account.notes.is_empty() {
                ul.history { @for note in shown.account.notes.iter().rev() { li { (one(shown, note)) } } }
            }
            form.stack-tight method="post" action={ (shown.path) "/notes" } hx-boost=(inline::PAGE) data-said="The note is added." {
                (shown.viewer.proof())
                label for="note-text" { "What did you learn?" }
                textarea.field #note-text name="text" required maxlength=(ANSWER_MAX_BYTES) { (shown.typed.note) }
                button.button.button--quiet { "Add the note" }
            }
        }
    }
}

fn one(shown: &Shown<'_>, note: &Note) -> Markup {
    let Some(current) = note.current() else { return html! {} };
    let before = &note.texts[..note.texts.len() - 1];
    let ae = &shown.handoff().ae.name;
    html! {
        p.value dir="auto" { (current.text) }
        p.small.muted { (name(&current.by, ae)) ", " (text::moment(current.at, &shown.zone)) @if !before.is_empty() { " · changed" } }
        details {
            summary { "Change" span.visually-hidden { " the note of " (text::moment(note.created_at, &shown.zone)) } }
            form.stack-tight method="post" action={ (shown.path) "/notes" } hx-boost=(inline::PAGE) data-said="The note is changed." {
                (shown.viewer.proof())
                input type="hidden" name="note" value=(note.id);
                input type="hidden" name="seen" value=(note.texts.len());
                label for={ "text-" (note.id) } { "The note" }
                textarea.field id={ "text-" (note.id) } name="text" required maxlength=(ANSWER_MAX_BYTES) { (current.text) }
                button.button.button--quiet.button--small { "Save the change" }
            }
            @if !before.is_empty() {
                p.small.muted { "Before:" }
                ul.plain.small {
                    @for text in before.iter().rev() {
                        li { p.value dir="auto" { (text.text) } span.muted { (name(&text.by, ae)) ", " (text::moment(text.at, &shown.zone)) } }
                    }
                }
            }
        }
    }
}

/// How useful the handoff was: as said, and the form to say it.
pub(super) fn rating(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let (Some(_), Some(drafts)) = (&handoff.submission, &shown.account.drafts) else { return html! {} };
    let rated = shown.account.ratings.iter().find(|rated| rated.round == handoff.round);
    let was = rated.map(|rated| &rated.rating);
    html! {
        section.card #rating aria-labelledby="rating-title" {
            h2 #rating-title { "How useful was this handoff?" }
            @if let Some(rated) = rated { (said(shown, rated)) }
            details open[rated.is_none()] {
                summary { @if rated.is_some() { "Rate it anew" } @else { "Rate it" } }
                form.stack-tight method="post" action={ (shown.path) "/rating" } hx-boost=(inline::PAGE) data-said="The rating is sent." {
                    (shown.viewer.proof())
                    fieldset {
                        legend.small { "As a whole, 1 (no use) to " (SCORE_MAX) " (knew everything)" }
                        div.scores {
                            @for score in 1..=SCORE_MAX {
                                label.choice { input type="radio" name="score" value=(score) required checked[was.is_some_and(|was| was.score == score)]; span { (score) } }
                            }
                        }
                    }
                    @for question in &drafts.questions.questions {
                        @let said = was.and_then(|was| was.useful.get(&question.id));
                        div.rating-row {
                            label for={ "useful-" (question.id) } dir="auto" { (question.wording) }
                            select.field id={ "useful-" (question.id) } name={ "useful[" (question.id) "]" } {
                                option value="" { "Not said" }
                                @for word in Usefulness::ALL { option value=(word.as_str()) selected[said == Some(&word)] { (word.label()) } }
                            }
                        }
                    }
                    label.check { input type="checkbox" name="repeated" value="yes" checked[was.is_some_and(|was| was.repeated)]; span { "The customer had to say something again" } }
                    button.button { "Send the rating" }
                }
            }
        }
    }
}

fn said(shown: &Shown<'_>, rated: &Rated) -> Markup {
    let rating = &rated.rating;
    let wrong = rating.count(Usefulness::Wrong);
    html! {
        p {
            b { (rating.score) " of " (SCORE_MAX) }
            " by " (name(&rated.by, "")) ", " (text::moment(rated.at, &shown.zone)) "."
            @if rating.repeated { " The customer had to say something again." }
        }
        @if wrong > 0 { p { (badge(Tone::Bad, &format!("{wrong} reported wrong"))) } }
    }
}
