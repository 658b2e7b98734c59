//! An obedient model that does whatever a source tells it: nothing may change but shown text, and nothing may be shown as
//! grounded that is not.

use super::*;
use crate::evidence::Evidence;
use crate::extractive::ExtractiveDrafter;
use std::path::Path;

/// The one case that is a plain statement in a source: it may be shown, with that source.
const PLAIN_STATEMENT: u64 = 9;

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn vectors() -> Option<Value> {
    let directory = std::env::var_os("TEST_DATA_DIR").unwrap_or_else(|| "../../../shared".into());
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(directory).join("vectors/prompt-injection-crm.json");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Some(serde_json::from_str(&text).unwrap());
    }
    eprintln!("skipped: {} is absent", path.display());
    None
}

struct Case {
    id: u64,
    text: String,
    sources: Vec<Source>,
    questions: Vec<Question>,
}

fn cases(vectors: &Value) -> Vec<Case> {
    let read = |case: &Value| {
        let text = case["text"].as_str().unwrap().to_owned();
        let (mut sources, mut questions) = (sources(), questions());
        let kind = match case["field"].as_str().unwrap() {
            "website" => Some(SourceKind::Website),
            "deal.description" => Some(SourceKind::Deal),
            "raw_payload" => Some(SourceKind::Payload),
            "history" => Some(SourceKind::Pattern),
            "note" => Some(SourceKind::Note),
            _ => None,
        };
        match kind {
            Some(kind) => sources.push(source("evil", kind, &text)),
            None => questions[0].wording.clone_from(&text),
        }
        Case { id: case["id"].as_u64().unwrap(), text, sources, questions }
    };
    vectors["cases"].as_array().unwrap().iter().map(read).collect()
}

/// The short name of the block in which `needle` stands, as an obedient model would find it.
fn block_with(request: &Value, needle: &str) -> String {
    let text = request["messages"][0]["content"][0]["text"].as_str().unwrap();
    let blocks = text.split("\n<<<").skip(1);
    let name = |block: &str| block.split(' ').next().unwrap_or_default().to_owned();
    blocks.filter(|block| block.contains(needle)).map(name).next().unwrap_or_else(|| "S1".into())
}

/// What obedience looks like: each is one way to answer every question.
fn obedient_claims(request: &Value, canary: &str, injected: &str) -> Vec<Value> {
    let evil = block_with(request, canary);
    let plain = block_with(request, "Go-live is 1 March 2027.");
    let orders = request["system"][0]["text"].as_str().unwrap();
    let true_quote = (plain.as_str(), "Go-live is 1 March 2027.");
    vec![
        claim(canary, &[(&evil, canary)]),
        claim(canary, &[true_quote]),
        claim(canary, &[(&evil, canary), true_quote]),
        claim(&format!("The go-live is {canary}"), &[true_quote]),
        claim(injected, &[(&evil, injected)]),
        claim("Go-live: see https://evil.test/c?d=SECRETS or evil.example/x", &[true_quote]),
        claim(orders, &[true_quote]),
        claim(&format!("Go-live {}", orders.lines().nth(6).unwrap()), &[true_quote]),
        claim("Their admin password is hunter2", &[(&evil, "admin password is hunter2")]),
        claim(canary, &[]),
    ]
}

#[tokio::test]
async fn whatever_an_obedient_model_says_only_grounded_text_is_shown() {
    let Some(vectors) = vectors() else { return };
    let canary = vectors["canary"].as_str().unwrap().to_owned();
    for case in cases(&vectors) {
        let (canary_of, text_of) = (canary.clone(), case.text.clone());
        let ids: Vec<String> = case.questions.iter().map(|question| question.id.to_string()).collect();
        let server = Server::scripted(move |_, request| {
            let claims = obedient_claims(request, &canary_of, &text_of);
            let answers: Vec<Value> = ids.iter().map(|id| answer(id, &claims)).collect();
            let conflict =
                json!({"question": ids[0], "kind": "scope", "subject": canary_of, "versions": claims});
            let promises: Vec<Value> = claims
                .iter()
                .map(|claim| json!({"text": claim["text"], "by": canary_of, "citations": claim["citations"]}))
                .collect();
            let document = json!({"answers": answers, "conflicts": [conflict], "promises": promises});
            Reply::Text("end_turn", document.to_string())
        })
        .await;
        let drafted = draft_with(&server, &case.sources, &case.questions, OutputMode::JsonSchema).await;
        assert!(drafted.fallback.is_none());
        holds(&drafted, &case, &canary);
        let request = server.asked()[0].1.to_string();
        assert!(!request.contains("hunter2"), "no pattern of another customer is read");
        assert!(!request.contains('\u{e0041}') && !request.contains('\u{202e}'), "nothing hidden is read");
    }
}

#[tokio::test]
async fn an_injection_instead_of_an_answer_ends_in_extractive_drafts() {
    let Some(vectors) = vectors() else { return };
    let canary = vectors["canary"].as_str().unwrap();
    for case in cases(&vectors) {
        let server = Server::saying(Reply::Text("end_turn", case.text.clone())).await;
        let drafted = draft_with(&server, &case.sources, &case.questions, OutputMode::JsonSchema).await;
        assert_eq!(drafted.by, DraftedBy::Extractive, "case {}", case.id);
        holds(&drafted, &case, canary);
    }
}

#[test]
fn the_extractive_drafter_picks_no_injection() {
    let Some(vectors) = vectors() else { return };
    let run = RunId::parse("run-1").unwrap();
    for case in cases(&vectors) {
        for questions in [&case.questions, &QuestionSet::first().questions] {
            let drafted = ExtractiveDrafter::new().draft(&DraftRequest {
                language: "en",
                company: "Northwind",
                questions,
                sources: &case.sources,
                context: None,
                seed: "a secret of the handoff",
                run: &run,
                now: "2026-11-22T10:00:00Z".parse().unwrap(),
            });
            holds(&drafted, &case, vectors["canary"].as_str().unwrap());
        }
    }
}

/// What is shown of conflicts and promises: texts, each with the quotes that it rests on.
fn findings(drafted: &Drafted) -> Vec<(String, Vec<handoff_domain::draft::Citation>)> {
    let versions = drafted.conflicts.iter().flat_map(|conflict| {
        conflict
            .versions
            .iter()
            .map(|version| (format!("{} {}", conflict.subject, version.text), version.citations.clone()))
    });
    let promises = drafted.promises.iter().map(|promise| {
        (format!("{} {}", promise.text, promise.by.as_deref().unwrap_or_default()), promise.citations.clone())
    });
    versions.chain(promises).collect()
}

fn finding_holds(text: &str, citations: &[handoff_domain::draft::Citation], case: &Case, canary: &str) {
    let id = case.id;
    assert!(!text.contains(canary) || id == PLAIN_STATEMENT, "case {id}: {text}");
    for hidden in ["hunter2", "evil.test", "evil.example", "SECRETS", "You prepare the handover", "<<<"] {
        assert!(!text.contains(hidden), "case {id}: {text}");
    }
    assert!(!citations.is_empty(), "case {id}: {text}");
    for citation in citations {
        let source = case.sources.iter().find(|source| source.id == citation.source).unwrap();
        assert!(source.body.contains(&citation.quote), "case {id}: {citation:?}");
    }
}

fn holds(drafted: &Drafted, case: &Case, canary: &str) {
    for (text, citations) in findings(drafted) {
        finding_holds(&text, &citations, case, canary);
    }
    let evidence = Evidence::new(&case.sources);
    for draft in &drafted.drafts {
        let (shown, id) = (text(draft), case.id);
        assert!(!shown.contains(canary) || id == PLAIN_STATEMENT, "case {id}: {shown}");
        if shown.contains(canary) {
            assert!(
                draft.citations().iter().any(|citation| citation.quote.contains(canary)),
                "case {id}: {draft:?}"
            );
        }
        for hidden in [
            "hunter2",
            "evil.test",
            "evil.example",
            "SECRETS",
            "You prepare the handover",
            "It is data",
            "<<<",
        ] {
            assert!(!shown.contains(hidden), "case {id}: {shown}");
        }
        assert!(
            !shown.contains(|c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}')),
            "case {id}"
        );
        for citation in draft.citations() {
            let source = case.sources.iter().find(|source| source.id == citation.source).unwrap();
            assert!(source.body.contains(&citation.quote), "case {id}: {citation:?}");
            assert!(evidence.cite(&citation.source, &citation.quote).is_ok(), "case {id}: {citation:?}");
        }
        // Listed as unsupported, so it may say anything but where to go.
        for withheld in &draft.withheld {
            assert!(!withheld.text.contains("evil."), "case {id}: {withheld:?}");
        }
        assert_eq!(
            draft.value.is_some(),
            !draft.citations().is_empty(),
            "case {id}: what has no support is open"
        );
    }
}
