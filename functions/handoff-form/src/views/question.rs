//! One question: its wording, its field in four types, the draft behind it, and a way to a new draft.

use super::{FormView, changed, conflicts, draft, raw_values};
use handoff_domain::form::answer_field;
use handoff_domain::limits::REDRAFTS_PER_HANDOFF;
use handoff_domain::question::Question;
use handoff_views::evidence;
use handoff_views::question as asked;
pub use handoff_views::question::control_id;
use handoff_web::components::{Tone, field_error, hidden_words, notice};
use handoff_web::{Markup, html};

/// The whole card.
pub fn card(view: &FormView<'_>, question: &Question) -> Markup {
    let error = view.errors.get(&answer_field(&question.id));
    let open = view.is_open(question);
    let state = match (error, open) {
        (Some(_), _) => " card--error",
        (None, true) => " card--needs",
        (None, false) => "",
    };
    let grouped = asked::is_grouped(question);
    html! {
        section class={ "card question" (state) } aria-labelledby={ (control_id(&question.id)) "-label" } {
            @if grouped {
                fieldset.stack-tight aria-describedby=[asked::described_by(question, error.is_some())] {
                    legend.visually-hidden { (question.wording) }
                    (field_with_head(view, question, error))
                }
            } @else { (field_with_head(view, question, error)) }
            (conflicts::of_question(view, &question.id))
            (tools(view, question))
        }
    }
}

fn field_with_head(view: &FormView<'_>, question: &Question, error: Option<&String>) -> Markup {
    let id = control_id(&question.id);
    html! {
        (asked::head(question))
        (changed::news(view, question))
        (field_error(&format!("{id}-error"), error))
        (field(view, question, error.is_some()))
        (stored_beside(view, question))
        (draft::origin(view, question))
    }
}

fn field(view: &FormView<'_>, question: &Question, invalid: bool) -> Markup {
    asked::field(question, &view.raw_values(question), invalid)
}

fn stored_beside(view: &FormView<'_>, question: &Question) -> Markup {
    let stored = view.stored_otherwise(question);
    html! {
        @if let Some(text) = stored {
            (saved_meanwhile(&answer_field(&question.id), &text, view.stored(&question.id).map(raw_values).unwrap_or_default()))
        }
    }
}

/// What is stored in a field that was typed into at the same time; the script makes a choice of it.
pub fn saved_meanwhile(field: &str, text: &str, raw: Vec<String>) -> Markup {
    html! {
        div data-conflict=(field) data-stored=(serde_json::Value::from(raw).to_string()) {
            (notice(Tone::Caution, "Saved meanwhile, in another tab or by someone else", false, html! {
                p.quoted { @if text.is_empty() { em { "Left empty" } } @else { (text) } }
                p.small { "Yours is in the field above. It replaces the saved one when you save or hand over." }
            }))
        }
    }
}

fn tools(view: &FormView<'_>, question: &Question) -> Markup {
    html! {
        div.question__tools {
            (evidence::tools(&view.reading(), question))
            (changed::tools(view, question))
            (redraft(view, Some(question)))
        }
    }
}

/// The way to a new draft, for one question or for all; words alone while one is under way or when all were used.
pub fn redraft(view: &FormView<'_>, question: Option<&Question>) -> Markup {
    if let Some(pending) = view.pending_redraft() {
        let mine = pending.question.is_none() || pending.question.as_ref() == question.map(|q| &q.id);
        return html! { @if mine { p.small.muted { "A new draft is on its way." } } };
    }
    let left = REDRAFTS_PER_HANDOFF.saturating_sub(view.handoff.redrafts);
    if left == 0 {
        return html! {
            @if question.is_none() { p.small.muted { "All " (REDRAFTS_PER_HANDOFF) " new drafts of this handoff are used. Please edit the answers by hand." } }
        };
    }
    let key = question.map(|q| q.id.as_str()).unwrap_or_default();
    let family = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{name}[{key}]") };
    let (context, id) = (family("context"), format!("context-{key}"));
    let typed = view.typed.contexts.get(key).map(String::as_str).unwrap_or_default();
    html! {
        details open[!typed.is_empty()] {
            summary {
                @match question {
                    Some(question) => { "New draft" (hidden_words(&format!(" for: {}", question.wording))) }
                    None => "Draft all answers again",
                }
            }
            div.redraft {
                div {
                    label.field-label for=(id) { "What should it take into account?" }
                    textarea.field.field--line #(id) name=(context) rows="2" placeholder="A name, a fact, a paragraph from your notes" { "\n" (typed) }
                }
                label.check {
                    input type="checkbox" name=(family("overwrite")) value="yes";
                    span { @if question.is_some() { "Replace it even if I have edited it" } @else { "Replace answers that I have edited as well" } }
                }
                div.actions {
                    button.button.button--quiet type="submit" formaction={ (view.link.path) "/redraft" }
                        name=[question.map(|_| "question")] value=[question.map(|q| q.id.as_str())] { "Ask for a new draft" }
                }
                p.small.muted { "Takes about a minute. " (left) " of " (REDRAFTS_PER_HANDOFF) " left. What you typed is saved first." }
            }
        }
    }
}
