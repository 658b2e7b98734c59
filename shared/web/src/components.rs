//! The pieces that pages are made of. Their looks are in `assets/handoff.css`.

use maud::{Markup, html};
use std::collections::BTreeMap;

/// The mood of a badge or a notice. Colour never says it alone: the words do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Plain.
    Neutral,
    /// Something to know.
    Info,
    /// All is well.
    Good,
    /// Look twice.
    Caution,
    /// Something must be mended.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Caution => "caution",
            Self::Bad => "bad",
        }
    }
}

/// A word or two in a small box.
pub fn badge(tone: Tone, text: &str) -> Markup {
    html! { span class={ "badge badge--" (tone.class()) } { (text) } }
}

/// A box with something to know; `alert` makes screen readers say it at once.
pub fn notice(tone: Tone, title: &str, alert: bool, body: Markup) -> Markup {
    html! {
        div class={ "notice notice--" (tone.class()) } role=[alert.then_some("alert")] {
            p.notice__title { (title) }
            (body)
        }
    }
}

/// What a row of a `data-sortable` list is dragged by. Shown by the script only; whoever has no pointer uses the row's buttons.
pub fn drag_handle() -> Markup {
    html! {
        span.drag data-handle hidden aria-hidden="true" {
            svg viewBox="0 0 12 18" width="12" height="18" focusable="false" {
                @for (x, y) in [(3, 3), (9, 3), (3, 9), (9, 9), (3, 15), (9, 15)] { circle cx=(x) cy=(y) r="1.6" fill="currentColor" {} }
            }
        }
    }
}

/// Facts as term and value; the values may be links. Nothing is shown for an empty list.
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        @if !rows.is_empty() {
            dl.facts { @for (term, value) in rows { div { dt { (term) } dd { (value) } } } }
        }
    }
}

/// All errors of a form with links to their fields. `anchors` maps a field's name to the id of its control.
pub fn error_summary(
    errors: &BTreeMap<String, String>,
    labels: &BTreeMap<String, (String, String)>,
) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.notice.notice--bad #errors role="alert" tabindex="-1" {
                h2.notice__title { (if errors.len() == 1 { "One thing to fix" } else { "A few things to fix" }) }
                ul.plain {
                    @for (field, error) in errors {
                        li {
                            @match labels.get(field) {
                                Some((id, label)) => { a href={ "#" (id) } { (label) } ": " (error) }
                                None => { (error) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The error of one field, to be named in its `aria-describedby`; nothing when there is none.
pub fn field_error(id: &str, error: Option<&String>) -> Markup {
    html! { @if let Some(error) = error { p.field-error id=(id) { span.visually-hidden { "Error: " } (error) } } }
}

/// Words for screen readers only.
pub fn hidden_words(text: &str) -> Markup {
    html! { span.visually-hidden { (text) } }
}
