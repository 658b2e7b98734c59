//! Fields of forms: label, help, error and control, tied together for who cannot see them.

use crate::components::field_error;
use maud::{Markup, html};

/// One field with one line of text.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Its name in the form, and the id of its control.
    pub name: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// A sentence under the label; may be empty.
    pub help: &'a str,
    /// What it holds.
    pub value: &'a str,
    /// What is wrong with it.
    pub error: Option<&'a String>,
    /// The type of the control, as HTML names it.
    pub kind: &'static str,
}

impl<'a> Field<'a> {
    /// A field of plain text.
    pub fn text(name: &'a str, label: &'a str, value: &'a str) -> Self {
        Self { name, label, help: "", value, error: None, kind: "text" }
    }

    /// The same with a sentence under the label.
    #[must_use]
    pub fn help(self, help: &'a str) -> Self {
        Self { help, ..self }
    }

    /// The same with what is wrong with it.
    #[must_use]
    pub fn error(self, error: Option<&'a String>) -> Self {
        Self { error, ..self }
    }

    /// The same as a control of another type: `email`, `number`, `date`, `time`, `url`.
    #[must_use]
    pub fn kind(self, kind: &'static str) -> Self {
        Self { kind, ..self }
    }

    fn described(&self) -> Option<String> {
        let help = (!self.help.is_empty()).then(|| format!("{}-help", self.name));
        let error = self.error.map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = help.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn around(&self, control: &Markup) -> Markup {
        html! {
            div {
                label.field-label for=(self.name) { (self.label) }
                @if !self.help.is_empty() { p.field-help #{ (self.name) "-help" } { (self.help) } }
                (field_error(&format!("{}-error", self.name), self.error))
                (control)
            }
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.map(|_| "true")
    }

    /// One line.
    pub fn input(&self) -> Markup {
        self.around(&html! {
            input.field #(self.name) type=(self.kind) name=(self.name) value=(self.value)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()];
        })
    }

    /// A file to choose; `accept` names its types as HTML does.
    pub fn file(&self, accept: &str) -> Markup {
        self.around(&html! {
            input.field.field--file #(self.name) type="file" name=(self.name) accept=(accept)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()];
        })
    }

    /// Several lines.
    pub fn area(&self, rows: u8) -> Markup {
        self.around(&html! {
            // A newline that a browser drops after the tag.
            textarea.field #(self.name) name=(self.name) rows=(rows)
                aria-invalid=[self.invalid()] aria-describedby=[self.described()] { "\n" (self.value) }
        })
    }

    /// One of several, each as value and label.
    pub fn select(&self, options: &[(&str, &str)]) -> Markup {
        self.around(&html! {
            select.field #(self.name) name=(self.name) aria-invalid=[self.invalid()] aria-describedby=[self.described()] {
                @for (value, label) in options {
                    option value=(value) selected[*value == self.value] { (label) }
                }
            }
        })
    }
}

/// A box to tick.
pub fn tick(name: &str, value: &str, label: &str, ticked: bool) -> Markup {
    html! {
        label.choice {
            input type="checkbox" name=(name) value=(value) checked[ticked];
            span { (label) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_tied_to_its_label_help_and_error() {
        let error = "Too long".to_owned();
        let field = Field::text("name", "Name", "<x>").help("Shown in mails").error(Some(&error));
        let text = field.input().into_string();
        assert!(text.contains("for=\"name\"") && text.contains("aria-describedby=\"name-help name-error\""));
        assert!(text.contains("value=\"&lt;x&gt;\"") && text.contains("aria-invalid=\"true\""));
        assert!(!Field::text("a", "A", "").area(2).into_string().contains("aria-"));
    }

    #[test]
    fn the_chosen_option_is_selected() {
        let text = Field::text("a", "A", "de").select(&[("en", "English"), ("de", "German")]).into_string();
        assert!(text.contains("value=\"de\" selected"));
        assert!(!text.contains("value=\"en\" selected"));
    }
}
