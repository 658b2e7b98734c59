use super::*;
use handoff_domain::id::{RunId, SourceId};
use handoff_domain::question::QuestionSet;

fn source(id: &str, kind: SourceKind, day: i8, body: &str) -> Source {
    Source {
        id: SourceId::parse(id).unwrap(),
        kind,
        title: id.into(),
        author: None,
        date: Some(format!("2026-10-{day:02}T09:00:00Z").parse().unwrap()),
        body: body.into(),
    }
}

fn chosen<'a>(sources: &'a [Source], run: &'a RunId, budget: usize) -> Reading<'a> {
    // A request borrows its questions as long as its sources.
    let questions = Box::leak(Box::new(QuestionSet::first().questions));
    let request = DraftRequest {
        language: "en",
        company: "Northwind",
        questions,
        sources,
        context: None,
        seed: "seed",
        run,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    choose(&request, budget)
}

fn read(reading: &Reading<'_>) -> Vec<String> {
    reading.excerpts.iter().map(|excerpt| excerpt.source.id.to_string()).collect()
}

const NOISE: &str = "The weather was fine and lunch was late. We talked of holidays and of the football. ";

#[test]
fn what_fits_is_read_whole_in_the_order_in_which_it_was_written() {
    let sources = [
        source("new", SourceKind::Note, 9, &NOISE.repeat(20)),
        source("old", SourceKind::Email, 1, "They chose us because the sync worked.\n\nGo-live is in May."),
        source("pattern", SourceKind::Pattern, 9, "7 of 9"),
        source("blank", SourceKind::Note, 9, " \n "),
    ];
    let run = RunId::parse("r").unwrap();
    let reading = chosen(&sources, &run, 30_000);
    assert_eq!(read(&reading), ["old", "new"]);
    assert_eq!(reading.excerpts[0].text, sources[1].body);
    assert_eq!(reading.excerpts[1].text, sources[0].body);
    assert!(reading.left_out.is_empty());
}

#[test]
fn an_old_answer_is_read_before_newer_noise() {
    let mut sources: Vec<Source> = (2..28)
        .map(|day| source(&format!("noise-{day}"), SourceKind::Email, day, &NOISE.repeat(20)))
        .collect();
    let answer = "Go-live is planned for 1 March 2027. Their main risk is the missing executive sponsor.";
    sources.push(source("answer", SourceKind::Note, 1, answer));
    sources.push(source("deal", SourceKind::Deal, 1, "Amount: 1"));
    let run = RunId::parse("r").unwrap();
    let reading = chosen(&sources, &run, 900);
    let ids = read(&reading);
    assert!(ids.contains(&"answer".to_owned()) && ids.contains(&"deal".to_owned()), "{ids:?}");
    assert!(ids.contains(&"noise-27".to_owned()) && !ids.contains(&"noise-2".to_owned()), "{ids:?}");
    let told: Vec<&str> = reading.left_out.iter().map(|gap| gap.reason.as_str()).collect();
    assert!(told.iter().any(|reason| reason.contains("were left out")), "{told:?}");
    let again = chosen(&sources, &run, 900);
    assert_eq!(read(&again), ids);
}

#[test]
fn of_a_long_source_the_relevant_part_is_read_and_the_cut_is_shown() {
    let mut body = NOISE.repeat(300);
    body.push_str("Dana said: we expect to go live on 1 March 2027. ");
    body.push_str(&NOISE.repeat(300));
    let sources = [source("call", SourceKind::Call, 1, &body)];
    let run = RunId::parse("r").unwrap();
    let reading = chosen(&sources, &run, 2_000);
    let text = &reading.excerpts[0].text;
    assert!(text.contains("1 March 2027") && text.contains("[… cut …]"), "{text}");
    assert!(tokens::count(text) <= 2_200);
    assert_eq!(reading.left_out.len(), 1);
    assert!(reading.left_out[0].reason.contains("in part"));
}

#[test]
fn blocks_cover_any_text() {
    for text in ["", "a", &"x".repeat(10_000), &"日本語。".repeat(2_000), &NOISE.repeat(50), "a\n\nb\r\nc. D"]
    {
        let blocks = blocks(text);
        let joined: String = blocks.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(joined, text);
    }
}
