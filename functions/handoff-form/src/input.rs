//! From a posted form to what the rules take.

use crate::views::{Aside, Typed};
use handoff_domain::form::FormInput;
use handoff_domain::id::{ConflictId, PromiseId, QuestionId};
use handoff_web::form::Form;

/// What was typed and chosen: answers by question, conflicts, promises, note, CSM, and words for new drafts. Names that are
/// no ids are left out: no page of ours sends them.
pub fn typed(form: &Form) -> Typed {
    let text = |name: &str| form.last(name).map(str::to_owned);
    let answers = form.family("answers").into_iter();
    let mut contexts: std::collections::BTreeMap<String, String> = form
        .family("context")
        .into_iter()
        .filter_map(|(question, values)| Some((question.to_owned(), values.into_iter().next_back()?)))
        .collect();
    if let Some(all) = text("context") {
        contexts.insert(String::new(), all);
    }
    let last = |mut values: Vec<String>| values.pop().unwrap_or_default();
    let conflicts = form.family("conflicts").into_iter();
    let promises = form.family("promises").into_iter();
    Typed {
        input: FormInput {
            answers: answers.filter_map(|(id, raw)| Some((QuestionId::parse(id).ok()?, raw))).collect(),
            conflicts: conflicts
                .filter_map(|(id, raw)| Some((ConflictId::parse(id).ok()?, last(raw))))
                .collect(),
            // A box that is not ticked sends nothing, so a hidden `drop` stands before it.
            promises: promises
                .filter_map(|(id, raw)| Some((PromiseId::parse(id).ok()?, last(raw))))
                .collect(),
            note: text("note"),
            csm: text("csm"),
            csm_name: text("csm_name"),
            csm_email: text("csm_email"),
        },
        contexts,
        aside: Aside {
            date: text("date").unwrap_or_default(),
            colleague: text("colleague").unwrap_or_default(),
            word: text("word").unwrap_or_default(),
        },
    }
}

/// Whether the form carries anything to save.
pub fn has_answers(typed: &Typed) -> bool {
    let input = &typed.input;
    let chosen = !input.conflicts.is_empty() || !input.promises.is_empty();
    chosen || !input.answers.is_empty() || input.note.is_some() || input.csm.is_some()
}

/// Whether a new draft may replace an edited answer: the tick of the question `key`, or of all questions under the empty
/// key. Our page sends the fields of every question at once, so the tick of all questions says nothing about one; clients
/// that send no words under the question's own name may use the plain names.
pub fn wants_overwrite(form: &Form, key: &str) -> bool {
    let own = form.family("overwrite").remove(key).and_then(|values| values.into_iter().next_back());
    let has_own_fields = !key.is_empty() && form.family("context").contains_key(key);
    let plain = form.last("overwrite").filter(|_| !has_own_fields);
    own.as_deref().or(plain).is_some_and(|value| !matches!(value, "" | "no" | "false" | "0" | "off"))
}

/// The version that the form was shown with; `None` when it is missing, no number, or beyond every counter.
pub fn seen_version(form: &Form) -> Option<u64> {
    let version: u64 = form.last("version")?.trim().parse().ok()?;
    i64::try_from(version).is_ok().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_page_is_read() {
        let form = Form::parse(
            b"version=7&answers[a]=1&answers[a]=2&answers[%23]=x&note=n&csm=placeholder&csm_name=N&csm_email=e&context[a]=c&context=all",
        );
        let typed = typed(&form);
        assert_eq!(typed.input.answers[&QuestionId::parse("a").unwrap()], ["1", "2"]);
        assert_eq!(typed.input.answers.len(), 1);
        assert_eq!(typed.input.csm_name.as_deref(), Some("N"));
        assert_eq!((typed.contexts["a"].as_str(), typed.contexts[""].as_str()), ("c", "all"));
        assert_eq!(seen_version(&form), Some(7));
        assert!(has_answers(&typed));
        assert_eq!(seen_version(&Form::parse(b"version=-1")), None);
    }

    #[test]
    fn choices_are_read_as_the_page_sends_them() {
        let form = Form::parse(
            b"conflicts[c]=1&conflicts[d]=&promises[p]=drop&promises[p]=keep&promises[q]=drop&conflicts[/]=1",
        );
        let typed = typed(&form);
        let conflicts: Vec<_> =
            typed.input.conflicts.iter().map(|(id, raw)| (id.as_str(), raw.as_str())).collect();
        let promises: Vec<_> =
            typed.input.promises.iter().map(|(id, raw)| (id.as_str(), raw.as_str())).collect();
        assert_eq!(conflicts, [("c", "1"), ("d", "")]);
        assert_eq!(promises, [("p", "keep"), ("q", "drop")]);
        assert!(has_answers(&typed));
    }

    #[test]
    fn a_version_beyond_every_counter_is_none() {
        assert_eq!(seen_version(&Form::parse(b"version=18446744073709551615")), None);
        assert_eq!(seen_version(&Form::parse(b"version=9223372036854775808")), None);
        assert_eq!(
            seen_version(&Form::parse(b"version=9223372036854775807")),
            Some(9_223_372_036_854_775_807)
        );
    }

    #[test]
    fn a_questions_own_tick_is_not_the_tick_of_all() {
        for (body, key, expected) in [
            ("context[a]=&context=&overwrite=yes", "a", false),
            ("context[a]=&context=&overwrite[a]=yes", "a", true),
            ("context[a]=&context=&overwrite[a]=yes", "", false),
            ("context[a]=&context=&overwrite=yes", "", true),
            ("context=&overwrite=yes", "a", true),
            ("overwrite[a]=no&overwrite=yes", "a", false),
            ("context[a]=", "a", false),
        ] {
            assert_eq!(wants_overwrite(&Form::parse(body.as_bytes()), key), expected, "{body} {key}");
        }
    }
}
