use super::*;
use crate::evidence::Evidence;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::Confidence;
use handoff_domain::id::{QuestionId, RunId};
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
        seed: "a secret of the handoff",
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    let drafted = ExtractiveDrafter::new().draft(&request);
    assert_eq!(drafted, ExtractiveDrafter::new().draft(&request), "the same every time");
    let evidence = Evidence::new(sources);
    for citation in drafted.drafts.iter().flat_map(Draft::citations) {
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
        let quoted: Vec<&str> = draft.citations().iter().map(|citation| citation.source.as_str()).collect();
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

fn own(sources: &[Source], question: Question) -> Draft {
    drafted(sources, &[question], "en").remove(0)
}

fn note(body: &str) -> Vec<Source> {
    vec![deals::source("note-1", SourceKind::Note, "Note", "Tom Weber", "2026-11-02", body)]
}

#[test]
fn a_rich_deal_reads_well() {
    insta::assert_snapshot!(page(&drafted(&deals::rich(), &eight(), "en")));
}

#[test]
fn a_nearly_empty_deal_is_left_open() {
    assert!(drafted(&deals::nearly_empty(), &eight(), "en").iter().all(|draft| draft.value.is_none()));
    assert!(
        drafted(&[], &eight(), "en")
            .iter()
            .all(|draft| draft.value.is_none() && draft.citations().is_empty())
    );
}

#[test]
fn contradictions_are_shown_side_by_side() {
    let drafts = drafted(&deals::contradictory(), &eight(), "en");
    let go_live = drafts.iter().find(|draft| draft.question.as_str() == "go_live").unwrap();
    assert_eq!(go_live.confidence, Some(Confidence::Low));
    insta::assert_snapshot!(page(&drafts));
}

#[test]
fn a_deal_in_german_is_answered_from_its_own_words() {
    insta::assert_snapshot!(page(&drafted(&deals::german(), &eight(), "de")));
}

#[test]
fn french_and_spanish_are_read_too() {
    let french = note(
        "Objectifs :\n- Réduire le temps de réponse de 40 %\n\nLe déploiement est prévu pour le 15 mars 2027. Ils nous ont choisis pour la simplicité.",
    );
    let spanish = note(
        "Quieren reemplazar las hojas de cálculo por un solo sistema. La puesta en marcha será el 1 de abril de 2027. Les preocupa el precio.",
    );
    let answered = |sources: &[Source], language: &str| {
        let drafts = drafted(sources, &eight(), language);
        drafts
            .into_iter()
            .filter(|draft| draft.value.is_some())
            .map(|draft| draft.question.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(answered(&french, "fr"), ["top_goals", "why_us", "go_live"]);
    assert_eq!(answered(&spanish, "es"), ["primary_use_case", "objections", "go_live"]);
}

#[test]
fn what_the_ae_added_settles_a_date() {
    let mut sources = deals::contradictory();
    sources.push(deals::source(
        "context-1",
        SourceKind::Context,
        "Added by you",
        "",
        "2026-11-21",
        "Ingrid and Peter agreed: go-live is 3 May 2027.",
    ));
    let drafts = drafted(&sources, &eight(), "en");
    let go_live = drafts.iter().find(|draft| draft.question.as_str() == "go_live").unwrap();
    assert_eq!((go_live.confidence, go_live.reason.as_str()), (Some(Confidence::High), "You added this"));
    assert!(go_live.value.as_ref().unwrap().to_plain_text().contains("3 May 2027"));
}

#[test]
fn yes_and_no_are_only_said_where_a_source_says_so() {
    let ask = |body: &str| {
        own(&note(body), question(QuestionKind::YesNo, "Is single sign-on required?", &[])).value
    };
    assert_eq!(ask("Single sign-on is required for all users."), Some(AnswerValue::YesNo(true)));
    assert_eq!(ask("Single sign-on is not required for now."), Some(AnswerValue::YesNo(false)));
    assert_eq!(ask("Single sign-on might be required later."), None);
    assert_eq!(ask("Is single sign-on required for them?"), None);
    assert_eq!(ask("They signed on Tuesday."), None);
    assert_eq!(
        ask("Single sign-on is required for staff.\nSingle sign-on is not required for partners."),
        None
    );
}

#[test]
fn only_options_that_a_source_names_are_chosen() {
    let ask = |body: &str| {
        let options = ["Salesforce", "NetSuite", "Other", "Data import"];
        own(&note(body), question(QuestionKind::MultiSelect, "Which integrations do they need?", &options))
            .value
    };
    let chosen =
        |options: &[&str]| Some(AnswerValue::Choices(options.iter().map(|&option| option.into()).collect()));
    assert_eq!(
        ask("They need integrations with NetSuite and a data import, but do not need Salesforce."),
        chosen(&["NetSuite", "Data import"])
    );
    assert_eq!(ask("On the other hand they like us."), None);
    assert_eq!(ask("Maybe NetSuite, to be decided."), None);
}

#[test]
fn a_question_of_no_known_subject_is_answered_by_its_words() {
    let ask = |wording: &str| {
        own(&deals::rich(), question(QuestionKind::Text, wording, &[]))
            .value
            .map(|value| value.to_plain_text())
    };
    assert_eq!(
        ask("Which fraud did the pilot find?")
            .map(|text| text.contains("11% of the flagged returns were fraud")),
        Some(true)
    );
    assert_eq!(ask("What is their favourite colour?"), None);
    assert_eq!(ask("Do they have a works council agreement?"), None);
}

#[test]
fn many_long_sources_are_no_trouble() {
    let body = "We talked about many things on that day, and nothing of it mattered much. ".repeat(40);
    let sources: Vec<Source> = (0..120)
        .map(|index| {
            deals::source(&format!("note-{index}"), SourceKind::Note, "Note", "", "2026-11-02", &body)
        })
        .collect();
    assert!(drafted(&sources, &eight(), "en").iter().all(|draft| draft.value.is_none()));
}
