//! Conflicts and promises that a model tells, true ones and others.

use super::*;
use handoff_domain::finding::ConflictKind;

fn told(conflicts: &[Value], promises: &[Value]) -> Reply {
    let document = json!({"answers": good_answers(), "conflicts": conflicts, "promises": promises});
    Reply::Text("end_turn", document.to_string())
}

fn deal() -> Vec<Source> {
    let mut sources = sources();
    sources.push(source(
        "call-1",
        SourceKind::Call,
        "Dana Kim: We would rather start in May 2027.\nTom Weber: I will throw in two training days, no charge.",
    ));
    sources.push(source("website-1", SourceKind::Website, "We promise every customer a 30 day refund."));
    sources[2].date = Some("2026-11-09T09:00:00Z".parse().unwrap());
    sources
}

async fn drafted(conflicts: &[Value], promises: &[Value]) -> Drafted {
    let server = Server::saying(told(conflicts, promises)).await;
    let drafted = draft_with(&server, &deal(), &questions(), OutputMode::JsonSchema).await;
    assert_eq!(drafted.fallback, None);
    drafted
}

fn conflict(question: &str, subject: &str, versions: &[Value]) -> Value {
    json!({"question": question, "kind": "date", "subject": subject, "versions": versions})
}

fn march() -> Value {
    claim("1 March 2027", &[("S1", "Go-live is 1 March 2027.")])
}

fn may() -> Value {
    claim("May 2027", &[("S4", "We would rather start in May 2027.")])
}

/// Those that name May in their call: code may find it by itself under another subject.
fn of_model<'a>(drafted: &'a Drafted, subject: &str) -> Vec<&'a handoff_domain::finding::Conflict> {
    drafted.conflicts.iter().filter(|conflict| conflict.subject == subject).collect()
}

#[tokio::test]
async fn a_conflict_is_shown_with_its_versions_the_newest_first() {
    let drafted = drafted(&[conflict("go_live", "When they start", &[march(), may()])], &[]).await;
    let conflicts = of_model(&drafted, "When they start");
    assert_eq!(conflicts.len(), 1, "{:?}", drafted.conflicts);
    let versions: Vec<&str> = conflicts[0].versions.iter().map(|version| version.text.as_str()).collect();
    assert_eq!(versions, ["May 2027", "1 March 2027"]);
    assert_eq!(conflicts[0].kind, ConflictKind::Date);
    assert_eq!(conflicts[0].question.as_ref().map(QuestionId::as_str), Some("go_live"));
    assert_eq!(drafted.conflicts.len(), 1, "what code finds as well is not shown twice");
    let again = self::drafted(&[conflict("go_live", "Else", &[may(), march()])], &[]).await;
    assert_eq!(again.conflicts[0].id, conflicts[0].id, "the same disagreement keeps its id");
}

#[tokio::test]
async fn a_conflict_that_does_not_stand_in_the_sources_is_not_shown() {
    let invented = claim("June 2027", &[("S4", "We would rather start in June 2027.")]);
    let other_number = claim("8 May 2027", &[("S4", "We would rather start in May 2027.")]);
    let told = [
        conflict("go_live", "Invented", &[march(), invented]),
        conflict("go_live", "One version", &[march()]),
        conflict("go_live", "The same twice", &[march(), march()]),
        conflict("go_live", "A number of its own", &[march(), other_number]),
    ];
    let drafted = drafted(&told, &[]).await;
    for subject in ["Invented", "One version", "The same twice", "A number of its own"] {
        assert!(of_model(&drafted, subject).is_empty(), "{subject}: {:?}", drafted.conflicts);
    }
}

#[tokio::test]
async fn a_conflict_names_a_question_of_the_handoff_or_none() {
    let drafted = drafted(&[conflict("no_such", "start", &[march(), may()])], &[]).await;
    assert_eq!(of_model(&drafted, "start")[0].question, None, "{:?}", drafted.conflicts);
}

#[tokio::test]
async fn a_title_says_nothing_of_its_own() {
    let drafted =
        drafted(&[conflict("go_live", "The CEO was arrested in May", &[march(), may()])], &[]).await;
    assert_eq!(of_model(&drafted, "").len(), 1, "{:?}", drafted.conflicts);
}

#[tokio::test]
async fn a_promise_is_shown_with_who_and_when() {
    let quote = [("S4", "I will throw in two training days, no charge.")];
    let promise = |text: &str, by: &str, cited: &[(&str, &str)]| {
        let claim = claim(text, cited);
        json!({"text": text, "by": by, "citations": claim["citations"]})
    };
    let told = [
        promise("Two training days at no charge", "Tom Weber", &quote),
        promise("Three training days at no charge", "Tom Weber", &[("S4", "three training days")]),
        promise("A refund within 30 days", "", &[("S3", "a 30 day refund")]),
    ];
    let drafted = drafted(&[], &told).await;
    let promises: Vec<_> = drafted.promises.iter().filter(|one| one.text.contains("training")).collect();
    assert_eq!(promises.len(), 1, "{:?}", drafted.promises);
    assert_eq!(promises[0].by.as_deref(), Some("Tom Weber"));
    assert_eq!(promises[0].date, deal()[2].date);
    assert_eq!(promises[0].citations[0].quote, quote[0].1);
    assert!(drafted.promises.iter().all(|one| !one.text.contains("refund")), "a website promises nothing");
}

#[tokio::test]
async fn a_name_that_its_source_does_not_name_is_left_out() {
    let citations = json!([{"source": "S4", "quote": "I will throw in two training days, no charge."}]);
    let told = json!({"text": "Two training days", "by": "Eve Adams", "citations": citations});
    let drafted = drafted(&[], &[told]).await;
    let promise = drafted.promises.iter().find(|one| one.text == "Two training days").unwrap();
    assert_eq!(promise.by, None);
}
