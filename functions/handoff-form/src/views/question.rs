//! One question: its wording, its field in four types, the draft behind it, and a way to a new draft.

use super::{FormView, changed, conflicts, draft, raw_values};
use handoff_domain::form::answer_field;
use handoff_domain::id::QuestionId;
use handoff_domain::limits::REDRAFTS_PER_HANDOFF;
use handoff_domain::question::{Question, QuestionKind};
use handoff_views::evidence;
use handoff_web::components::{Tone, field_error, hidden_words, notice};
use handoff_web::{Markup, html};

/// What fits into one line of a phone.
const ONE_LINE_MAX_CHARS: usize = 30;

/// The id of the control that an error about this question leads to.
pub fn control_id(question: &QuestionId) -> String {
    format!("q-{question}")
}

/// The whole card.
pub fn card(view: &FormView<'_>, question: &Question) -> Markup {
    let error = view.errors.get(&answer_field(&question.id));
    let open = view.is_open(question);
    let state = match (error, open) {
        (Some(_), _) => " card--error",
        (None, true) => " card--needs",
        (None, false) => "",
    };
    let grouped = matches!(question.kind, QuestionKind::MultiSelect | QuestionKind::YesNo);
    html! {
        section class={ "card question" (state) } aria-labelledby={ (control_id(&question.id)) "-label" } {
            @if grouped {
                fieldset.stack-tight aria-describedby=[described_by(question, error.is_some())] {
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
        div.question__head {
            h3 #{ (id) "-label" } {
                @match question.kind {
                    QuestionKind::Text | QuestionKind::Textarea => label for=(id) { (question.wording) },
                    QuestionKind::MultiSelect | QuestionKind::YesNo => (question.wording),
                }
                " "
                span.question__need { (if question.required { "Required" } else { "Optional" }) }
            }
            @if !question.help.is_empty() { p.question__help #{ (id) "-help" } { (question.help) } }
        }
        (changed::news(view, question))
        (field_error(&format!("{id}-error"), error))
        (field(view, question, error.is_some()))
        (stored_beside(view, question))
        (draft::origin(view, question))
    }
}

fn described_by(question: &Question, has_error: bool) -> Option<String> {
    let id = control_id(&question.id);
    let help = (!question.help.is_empty()).then(|| format!("{id}-help"));
    let error = has_error.then(|| format!("{id}-error"));
    let ids: Vec<String> = help.into_iter().chain(error).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

fn field(view: &FormView<'_>, question: &Question, invalid: bool) -> Markup {
    let raw = view.raw_values(question);
    let text = raw.last().map(String::as_str).unwrap_or_default();
    let (id, name) = (control_id(&question.id), answer_field(&question.id));
    let described = described_by(question, invalid);
    let invalid = invalid.then_some("true");
    let required = question.required.then_some("true");
    let placeholder = (!question.placeholder.is_empty()).then_some(question.placeholder.as_str());
    match question.kind {
        // An input of one line would drop line breaks, and hide the end of a longer text on a phone.
        QuestionKind::Text if !text.contains('\n') && text.chars().count() <= ONE_LINE_MAX_CHARS => html! {
            input.field #(id) type="text" name=(name) value=(text) placeholder=[placeholder] autocomplete="off"
                aria-describedby=[described] aria-invalid=[invalid] aria-required=[required];
        },
        QuestionKind::Text | QuestionKind::Textarea => html! {
            textarea.field.field--line[question.kind == QuestionKind::Text] #(id) name=(name) rows=(rows(text, question.kind)) placeholder=[placeholder]
                aria-describedby=[described] aria-invalid=[invalid] aria-required=[required] {
                // Parsers drop the first line break of a textarea, so one is given away.
                "\n" (text)
            }
        },
        QuestionKind::MultiSelect => html! {
            input type="hidden" name=(name) value="";
            div.choices {
                @for (index, option) in question.options.iter().enumerate() {
                    label.choice {
                        input #{ (choice_id(&id, index)) } type="checkbox" name=(name) value=(option)
                            checked[raw.iter().any(|value| value.trim() == option.trim())];
                        span { (option) }
                    }
                }
            }
        },
        QuestionKind::YesNo => {
            let mut offers = vec![("yes", "Yes"), ("no", "No")];
            if !question.required {
                offers.push(("", "Not known"));
            }
            html! {
                div.choices {
                    @for (index, (value, label)) in offers.into_iter().enumerate() {
                        label.choice {
                            input #{ (choice_id(&id, index)) } type="radio" name=(name) value=(value) checked[text == value && !raw.is_empty()];
                            span { (label) }
                        }
                    }
                }
            }
        }
    }
}

fn choice_id(id: &str, index: usize) -> String {
    if index == 0 { id.to_owned() } else { format!("{id}-{index}") }
}

/// A first height for browsers that cannot fit a field to its text; 60 characters to a line.
fn rows(text: &str, kind: QuestionKind) -> usize {
    let lines: usize = text.lines().map(|line| line.chars().count() / 60 + 1).sum();
    lines.clamp(if kind == QuestionKind::Text { 2 } else { 3 }, 14)
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
