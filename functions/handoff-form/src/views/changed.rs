//! What a new draft changed, word by word.

use super::FormView;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Draft, Replaced};
use handoff_domain::question::Question;
use handoff_web::components::hidden_words;
use handoff_web::{Markup, html};
use similar::{ChangeTag, TextDiff};
use std::time::Duration;

/// How long the comparison may look for the shortest difference; after that a longer one will do.
const PATIENCE: Duration = Duration::from_millis(50);

/// The draft before and the draft now, for a question whose draft was replaced.
fn replaced<'a>(view: &'a FormView<'_>, question: &Question) -> Option<(&'a Draft, &'a Replaced)> {
    let draft = view.drafts.find(&question.id)?;
    Some((draft, draft.replaced.as_ref()?))
}

/// A word on the card until the next save: this answer is new.
pub fn news(view: &FormView<'_>, question: &Question) -> Markup {
    let Some((draft, replaced)) = replaced(view, question) else { return html! {} };
    let saved = view.handoff.answers.values().any(|answer| answer.saved_at > replaced.at);
    let words = match (draft.value == replaced.value, &draft.value) {
        (true, _) => "The new draft says the same as before.",
        (false, None) => "The new draft found no answer in the sources. See “What changed” below.",
        (false, Some(_)) => "This is the new draft. See “What changed” below.",
    };
    html! {
        @if !saved && !view.has_unsaved() { p.news { (words) } }
    }
}

/// The old words and the new ones in one text, one click away.
pub fn tools(view: &FormView<'_>, question: &Question) -> Markup {
    let Some((draft, replaced)) = replaced(view, question).filter(|(draft, old)| draft.value != old.value)
    else {
        return html! {};
    };
    let plain = |value: &Option<AnswerValue>| value.as_ref().map(AnswerValue::to_plain_text);
    let (old, new) = (plain(&replaced.value), plain(&draft.value));
    html! {
        details {
            summary { "What changed" (hidden_words(&format!(" in the draft for: {}", question.wording))) }
            @match (&old, &new) {
                (None, Some(new)) => { p.small.muted { "Before, the sources did not say. All of it is new:" } p.diff dir="auto" { (new) } }
                (Some(old), None) => { p.small.muted { "Now the sources do not say. This stood here before:" } p.diff dir="auto" { (old) } }
                _ => {
                    p.small.muted { "Struck out is what stood here before, underlined is what is new." }
                    p.diff dir="auto" { (difference(old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default())) }
                }
            }
        }
    }
}

/// Both texts in one: runs of words that stayed, went or came.
fn difference(old: &str, new: &str) -> Markup {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_words(old, new);
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    html! {
        @for (tag, text) in runs {
            @match tag {
                ChangeTag::Equal => (text),
                ChangeTag::Delete => del { (hidden_words("[before: ")) (text) (hidden_words("] ")) },
                ChangeTag::Insert => ins { (hidden_words("[new: ")) (text) (hidden_words("] ")) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without one kind of change and without the words for screen readers.
    fn reading(markup: &str, without: &str) -> String {
        let mut text = markup.to_owned();
        let hidden = "<span class=\"visually-hidden\">";
        while let Some(start) = text.find(hidden) {
            let end = start + text[start..].find("</span>").unwrap() + "</span>".len();
            text.replace_range(start..end, "");
        }
        while let Some(start) = text.find(&format!("<{without}>")) {
            let close = format!("</{without}>");
            let end = start + text[start..].find(&close).unwrap() + close.len();
            text.replace_range(start..end, "");
        }
        ["<ins>", "</ins>", "<del>", "</del>"].iter().fold(text, |text, tag| text.replace(tag, ""))
    }

    #[test]
    fn both_texts_can_be_read_from_the_difference() {
        for (old, new) in [
            ("Go-live in mid March, before the season.", "Go-live on 2 February 2027, before the season."),
            ("- one\n- two", "- two\n- three"),
            ("", "all new"),
            ("Überall ein Wort", "Überall zwei Wörter"),
        ] {
            let markup = difference(old, new).into_string();
            assert_eq!(reading(&markup, "ins"), old, "{markup}");
            assert_eq!(reading(&markup, "del"), new, "{markup}");
        }
    }

    #[test]
    fn changes_are_told_in_words_too() {
        let markup = difference("in March", "in April").into_string();
        assert!(
            markup.contains("[before: </span>March") && markup.contains("[new: </span>April"),
            "{markup}"
        );
    }
}
