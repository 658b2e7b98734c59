//! Not now, or not mine: quiet, at the end of the form, and part of it, so that nothing that was typed is left behind.

use super::FormView;
use handoff_domain::handoff::Attention;
use handoff_domain::limits::WORD_MAX_BYTES;
use handoff_web::components::{Tone, field_error, notice};
use handoff_web::{Markup, html, text};

/// The fields, and what they are called.
pub const FIELDS: [(&str, &str); 3] =
    [("date", "Ask me again on"), ("colleague", "Whose is it?"), ("word", "A word to your admin")];

/// What the AE said already.
pub fn said(view: &FormView<'_>) -> Markup {
    let is_not_theirs = view.handoff.attention.contains(&Attention::WrongAe);
    html! {
        @if is_not_theirs {
            (notice(Tone::Info, "You told us that this one is not yours", false, html! {
                p { "Your Handoff admin knows and sends the link to whoever sold it. You get no more reminders. If it is yours after all, hand it over as usual." }
            }))
        }
    }
}

/// Both, each behind a summary; open where something is wrong with it.
pub fn section(view: &FormView<'_>) -> Markup {
    let is_not_theirs = view.handoff.attention.contains(&Attention::WrongAe);
    html! {
        @if !is_not_theirs {
            div.section-head { h2 { "Not now, or not yours?" } p { (next(view)) } }
            div.card.stack-tight { (later(view)) (not_mine(view)) }
        }
    }
}

/// When the next reminder comes.
fn next(view: &FormView<'_>) -> String {
    match &view.handoff.reminder {
        Some(next) => format!("The next reminder comes on {}.", text::day_at(next.at, &view.zone())),
        None => "No more reminders come.".to_owned(),
    }
}

fn is_wrong(view: &FormView<'_>, fields: &[&str]) -> bool {
    fields.iter().any(|field| view.errors.contains_key(*field))
}

fn later(view: &FormView<'_>) -> Markup {
    let typed = &view.typed.aside.date;
    let zone = view.zone();
    let tomorrow = view.now.to_zoned(zone.clone()).date().tomorrow().ok();
    let last = view.handoff.link.as_ref().map(|link| link.expires_at.to_zoned(zone).date());
    let error = view.errors.get("date");
    html! {
        details #not-now open[is_wrong(view, &["date"]) || !typed.is_empty()] {
            summary { "Not now: choose when we ask again" }
            div.stack-tight {
                label.field-label for="aside-date" { (FIELDS[0].1) }
                (field_error("aside-date-error", error))
                input.field #aside-date type="date" name="date" value=(typed) min=[tomorrow] max=[last]
                    aria-invalid=[error.map(|_| "true")] aria-describedby="aside-date-help";
                p.small.muted #aside-date-help { "Until then you hear nothing from us. What you typed is saved first." }
                div.actions { button.button.button--quiet type="submit" formaction={ (view.link.path) "/later" } { "Ask me on that day" } }
            }
        }
    }
}

fn not_mine(view: &FormView<'_>) -> Markup {
    let typed = &view.typed.aside;
    let is_open = !typed.colleague.is_empty() || !typed.word.is_empty();
    let (error, word_error) = (view.errors.get("colleague"), view.errors.get("word"));
    html! {
        details #not-mine open[is_wrong(view, &["colleague", "word"]) || is_open] {
            summary { "Not mine: somebody else sold this" }
            div.stack-tight {
                label.field-label for="aside-colleague" { (FIELDS[1].1) }
                (field_error("aside-colleague-error", error))
                select.field #aside-colleague name="colleague" aria-invalid=[error.map(|_| "true")] {
                    option value="" { "Not in this list, or I don\u{2019}t know" }
                    @for member in &view.roster.members {
                        option value=(member.id) selected[typed.colleague == member.id.as_str()] { (member.name) }
                    }
                }
                label.field-label for="aside-word" { (FIELDS[2].1) " " span.question__need { "Optional if you chose a name" } }
                (field_error("aside-word-error", word_error))
                textarea.field.field--line #aside-word name="word" rows="2" maxlength=(WORD_MAX_BYTES) aria-invalid=[word_error.map(|_| "true")] { "\n" (typed.word) }
                p.small.muted { "Your admin is told and sends the link on. What you typed so far is saved and goes with it." }
                div.actions { button.button.button--quiet type="submit" formaction={ (view.link.path) "/not-me" } { "Tell my admin" } }
            }
        }
    }
}
