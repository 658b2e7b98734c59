//! From a posted form to what the rules take.

use crate::views::Typed;
use handoff_domain::form::FormInput;
use handoff_domain::id::QuestionId;
use handoff_web::form::Form;

/// What was typed: answers by question, note, CSM, and words for new drafts. Names that are no question ids are left
/// out: no page of ours sends them.
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
    Typed {
        input: FormInput {
            answers: answers.filter_map(|(id, raw)| Some((QuestionId::parse(id).ok()?, raw))).collect(),
            note: text("note"),
            csm: text("csm"),
            csm_name: text("csm_name"),
            csm_email: text("csm_email"),
        },
        contexts,
    }
}

/// Whether the form carries anything to save.
pub fn has_answers(typed: &Typed) -> bool {
    let input = &typed.input;
    !input.answers.is_empty() || input.note.is_some() || input.csm.is_some()
}

/// The version that the form was shown with; `None` when it is missing or no number.
pub fn seen_version(form: &Form) -> Option<u64> {
    form.last("version")?.trim().parse().ok()
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
}
