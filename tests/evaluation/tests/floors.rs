//! What the extractive drafter may not fall below, on the part that it is tuned on, and whether the committed figures are
//! still those that are measured. `make eval` prints the tables; `docs/evaluation.md` explains them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test program: its helpers stand outside of the tests themselves"
)]

use handoff_evaluation::deals::{self, EvaluationDeal, Split};
use handoff_evaluation::pipeline::{self, Pipeline};
use handoff_evaluation::score::DealScore;
use handoff_evaluation::tables::{self, Scored};
use handoff_evaluation::tally::{Ratio, Tally};
use handoff_evaluation::{figures, markdown};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What is held, where it is counted, and the least share.
type Floor = (&'static str, fn(&Tally) -> Ratio, f64);

/// A little under what is measured: raise them whenever the drafter gets better.
const FLOORS: [Floor; 4] = [
    ("recall of needed facts", |tally| tally.facts, 0.88),
    ("precision of claims", |tally| tally.claims, 0.92),
    ("correct \"not in the sources\"", |tally| tally.open, 0.9),
    ("precision of options", |tally| tally.option_precision, 0.85),
];

/// Both parts, drafted once for all tests.
fn measured() -> &'static [(EvaluationDeal, DealScore)] {
    static MEASURED: OnceLock<Vec<(EvaluationDeal, DealScore)>> = OnceLock::new();
    MEASURED.get_or_init(|| {
        let deals: Vec<EvaluationDeal> =
            Split::ALL.into_iter().flat_map(|split| deals::read(split).unwrap()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scores = runtime.block_on(async {
            let pipeline = Pipeline::start(&deals, pipeline::extractive()).await.unwrap();
            pipeline.evaluate_all(&deals).await.unwrap()
        });
        deals.into_iter().zip(scores).collect()
    })
}

fn scored() -> Vec<Scored<'static>> {
    measured().iter().map(|(deal, score)| Scored { deal, score }).collect()
}

#[test]
fn every_shown_quote_stands_in_its_source() {
    let quotes = tables::total(&scored()).quotes;
    assert!(quotes.of > 100, "{quotes:?}: too few to mean anything");
    assert_eq!(quotes.hits, quotes.of, "{}", markdown::aside(&scored()));
}

#[test]
fn the_extractive_drafter_keeps_its_floors_on_the_part_to_tune_on() {
    let tune: Vec<Scored<'_>> = scored().into_iter().filter(|one| one.deal.split == Split::Tune).collect();
    let tally = tables::total(&tune);
    let fallen: Vec<String> = FLOORS
        .iter()
        .filter(|(_, of, floor)| of(&tally).share().is_none_or(|share| share < *floor))
        .map(|(name, of, floor)| format!("{name}: {}, at least {floor}", tables::share(of(&tally))))
        .collect();
    assert!(fallen.is_empty(), "{}", fallen.join("\n"));
}

#[test]
fn the_committed_figures_are_those_that_are_measured() {
    let page = std::fs::read_to_string(figures::document()).unwrap();
    let committed = figures::committed(&page, "extractive").expect("the page has a place for them");
    let measured = markdown::render(&tables::parts(&scored()));
    assert!(
        committed.ends_with(measured.trim()),
        "docs/evaluation.md is stale: run `make eval-figures`\n{measured}"
    );
}

#[test]
fn gold_stands_in_the_sources_and_answers_questions_that_are_asked() {
    for (deal, score) in measured() {
        assert!(score.lost_gold.is_empty(), "{}: {:?}", deal.name, score.lost_gold);
        let asked: BTreeSet<&str> = score.questions.iter().map(|question| question.id.as_str()).collect();
        for question in deal.gold.questions.keys().chain(deal.gold.conflicts.iter().map(|one| &one.question))
        {
            assert!(asked.contains(question.as_str()), "{}: {question} is not asked", deal.name);
        }
    }
}

#[test]
fn the_set_holds_what_it_is_for() {
    let deals: Vec<&EvaluationDeal> = measured().iter().map(|(deal, _)| deal).collect();
    let numbers: BTreeSet<&str> = deals.iter().map(|deal| deal.number()).collect();
    assert!(
        deals.len() >= 40 && numbers.len() == deals.len(),
        "{} deals, {} numbers",
        deals.len(),
        numbers.len()
    );
    for split in Split::ALL {
        let of: Vec<&&EvaluationDeal> = deals.iter().filter(|deal| deal.split == split).collect();
        let all =
            tables::total(&scored().into_iter().filter(|one| one.deal.split == split).collect::<Vec<_>>());
        let languages: BTreeSet<&str> = of.iter().map(|deal| deal.gold.language.as_str()).collect();
        assert_eq!(languages, ["de", "en", "fr"].into(), "{split:?}");
        assert!(
            all.open.of >= 20 && all.conflict_recall.of >= 5 && all.promise_recall.of >= 20,
            "{split:?}: {all:?}"
        );
    }
}
