//! One question as it is asked: its wording and its field in four types. The form fills it, the settings preview it.

use handoff_domain::form::answer_field;
use handoff_domain::id::QuestionId;
use handoff_domain::question::{Question, QuestionKind};
use handoff_web::{Markup, html};

/// What fits into one line of a phone.
const ONE_LINE_MAX_CHARS: usize = 30;

/// The id of the control that an error about this question leads to.
pub fn control_id(question: &QuestionId) -> String {
    format!("q-{question}")
}

/// Whether the field is several controls, which need a group around them.
pub fn is_grouped(question: &Question) -> bool {
    matches!(question.kind, QuestionKind::MultiSelect | QuestionKind::YesNo)
}

/// The ids of what describes the field: its help, and its error where there is one.
pub fn described_by(question: &Question, has_error: bool) -> Option<String> {
    let id = control_id(&question.id);
    let help = (!question.help.is_empty()).then(|| format!("{id}-help"));
    let error = has_error.then(|| format!("{id}-error"));
    let ids: Vec<String> = help.into_iter().chain(error).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The wording, whether it must be answered, and the help.
pub fn head(question: &Question) -> Markup {
    let id = control_id(&question.id);
    html! {
        div.question__head {
            h3 #{ (id) "-label" } {
                @if is_grouped(question) { (question.wording) } @else { label for=(id) { (question.wording) } }
                " "
                span.question__need { (if question.required { "Required" } else { "Optional" }) }
            }
            @if !question.help.is_empty() { p.question__help #{ (id) "-help" } { (question.help) } }
        }
    }
}

/// The field with these values: one text, or any number of options.
pub fn field(question: &Question, raw: &[String], invalid: bool) -> Markup {
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
