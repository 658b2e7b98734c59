use super::*;
use crate::evidence::Evidence;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::Confidence;
use handoff_domain::id::{QuestionId, RunId, SourceId};
use handoff_domain::question::QuestionSet;
use handoff_domain::source::{Source, SourceKind};
use std::fmt::Write as _;

mod deals;

fn drafted(sources: &[Source], questions: &[Question], language: &str) -> Vec<Draft> {
    let run = RunId::parse("run-1").unwrap();
    let request = DraftRequest {
        language,
        company: "Northwind Outfitters",
        questions,
        sources,
        context: None,
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    let drafted = ExtractiveDrafter::new().draft(&request);
    assert_eq!(drafted, ExtractiveDrafter::new().draft(&request), "the same every time");
    let evidence = Evidence::new(sources);
    for citation in drafted.drafts.iter().flat_map(|draft| &draft.citations) {
        let found = evidence.cite(&citation.source, &citation.quote);
        assert!(found.is_ok(), "{citation:?}: {found:?}");
    }
    drafted.drafts
}

fn page(drafts: &[Draft]) -> String {
    let mut page = String::new();
    for draft in drafts {
        let value = draft
            .value
            .as_ref()
            .map_or_else(|| "(not in the sources)".to_owned(), AnswerValue::to_plain_text);
        let confidence = draft.confidence.map_or("", Confidence::label);
        let _ = writeln!(page, "## {} [{confidence}: {}]\n{value}", draft.question, draft.reason);
        let quoted: Vec<&str> = draft.citations.iter().map(|citation| citation.source.as_str()).collect();
        let _ = writeln!(page, "   <- {}\n", quoted.join(", "));
    }
    page
}

fn eight() -> Vec<Question> {
    QuestionSet::first().questions
}

fn question(kind: QuestionKind, wording: &str, options: &[&str]) -> Question {
    Question {
        id: QuestionId::parse("own").unwrap(),
        kind,
        wording: wording.into(),
        help: String::new(),
        placeholder: String::new(),
        required: false,
        options: options.iter().map(|&option| option.into()).collect(),
    }
}

#[test]
fn show_me() {
    for (name, sources, language) in [
        ("rich", deals::rich(), "en"),
        ("empty", deals::nearly_empty(), "en"),
        ("contradictory", deals::contradictory(), "en"),
        ("german", deals::german(), "de"),
    ] {
        eprintln!("\n######## {name}\n{}", page(&drafted(&sources, &eight(), language)));
    }
}
