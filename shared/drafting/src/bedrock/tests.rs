use super::client::{BedrockDrafter, Guardrail, OutputMode};
use crate::drafter::{DraftRequest, Drafted};
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Confidence, Draft, DraftedBy};
use handoff_domain::id::{QuestionId, RunId, SourceId};
use handoff_domain::question::{Question, QuestionKind, QuestionSet};
use handoff_domain::source::{Source, SourceKind};
use serde_json::{Value, json};
use server::{Reply, Server};
use std::time::Duration;

mod caching;
mod findings;
mod injection;
mod outcomes;
mod server;
mod welcome;

const MODEL: &str = "eu.amazon.nova-lite-v1:0";

fn source(id: &str, kind: SourceKind, body: &str) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        kind,
        title: format!("About {id}"),
        author: Some("Dana Kim".into()),
        date: Some("2026-11-02T09:00:00Z".parse().unwrap()),
        body: body.into(),
    }
}

fn sources() -> Vec<Source> {
    vec![
        source(
            "note-1",
            SourceKind::Note,
            "Northwind wants fewer returns by hand.\nGo-live is 1 March 2027.",
        ),
        source(
            "email-1",
            SourceKind::Email,
            "We chose you because the NetSuite sync worked. SSO is required for all users.",
        ),
    ]
}

fn questions() -> Vec<Question> {
    let question = |id: &str, kind, wording: &str, options: &[&str]| Question {
        id: QuestionId::parse(id).unwrap(),
        kind,
        wording: wording.into(),
        help: String::new(),
        placeholder: String::new(),
        required: false,
        options: options.iter().map(|&option| option.into()).collect(),
    };
    let mut all: Vec<Question> = QuestionSet::first().questions;
    all.retain(|question| ["primary_use_case", "why_us", "go_live"].contains(&question.id.as_str()));
    all.push(question("sign_on", QuestionKind::YesNo, "Is SSO required?", &[]));
    all.push(question(
        "systems",
        QuestionKind::MultiSelect,
        "Which systems are connected?",
        &["NetSuite", "SAP"],
    ));
    all
}

async fn draft_with(
    server: &Server,
    sources: &[Source],
    questions: &[Question],
    output: OutputMode,
) -> Drafted {
    draft_by(&drafter(server, output), sources, questions).await
}

async fn draft_by(drafter: &BedrockDrafter, sources: &[Source], questions: &[Question]) -> Drafted {
    let run = RunId::parse("run-1").unwrap();
    let request = DraftRequest {
        language: "en",
        company: "Northwind Outfitters",
        questions,
        sources,
        context: None,
        seed: "a secret of the handoff",
        run: &run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    drafter.draft(&request).await
}

fn drafter(server: &Server, output: OutputMode) -> BedrockDrafter {
    let retry = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(Duration::from_millis(2));
    BedrockDrafter::with_retries(&server.config(), MODEL.into(), retry).with_output(output)
}

async fn draft(server: &Server) -> Drafted {
    draft_with(server, &sources(), &questions(), OutputMode::JsonSchema).await
}

fn claim(text: &str, cited: &[(&str, &str)]) -> Value {
    let citations: Vec<Value> =
        cited.iter().map(|(source, quote)| json!({"source": source, "quote": quote})).collect();
    json!({"text": text, "citations": citations})
}

fn answer(question: &str, claims: &[Value]) -> Value {
    json!({"question": question, "not_in_sources": claims.is_empty(), "claims": claims})
}

/// S1 is the e-mail: both have the same date, and kinds come in their own order.
fn good_answers() -> Vec<Value> {
    vec![
        answer("primary_use_case", &[claim("Fewer returns by hand.", &[("S1", "fewer returns by hand")])]),
        answer("why_us", &[claim("The NetSuite sync worked.", &[("S2", "the NetSuite sync worked")])]),
        answer("go_live", &[claim("1 March 2027", &[("S1", "Go-live is 1 March 2027.")])]),
        answer("sign_on", &[claim("yes", &[("S2", "SSO is required for all users")])]),
        answer("systems", &[claim("NetSuite", &[("S2", "the NetSuite sync worked")])]),
    ]
}

fn text(draft: &Draft) -> String {
    draft.value.as_ref().map(AnswerValue::to_plain_text).unwrap_or_default()
}
