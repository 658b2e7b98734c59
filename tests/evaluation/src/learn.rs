//! Learns the weights of the extractive drafter, and tells how well such weights do on deals that they were not learned
//! from.

use clap::Parser;
use handoff_evaluation::EvaluationError;
use handoff_evaluation::deals::{self, EvaluationDeal, Split};
use handoff_evaluation::learning::regression::Table;
use handoff_evaluation::learning::{self, Lesson, PROMISE, PROMISE_COLUMN, SUBJECTS};
use handoff_evaluation::pipeline::{self, Pipeline};
use handoff_evaluation::text::overlaps;
use handoff_runtime::report;
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Parts that the deals are split into, each left out once.
const FOLDS: usize = 5;

/// Lines of an answer, at most.
const SHOWN_MAX: usize = 7;

/// Learns the weights of the extractive drafter from labelled sentences and the deals to tune on.
#[derive(Debug, Parser)]
struct Options {
    /// Writes the weights into the drafting room; otherwise they are only judged.
    #[arg(long)]
    write: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "handoff-learn: {}", report(&error));
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), EvaluationError> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let deals = deals::read(Split::Tune)?;
    let pipeline = Pipeline::start(&deals, pipeline::extractive()).await?;
    let mut lessons = learning::of_sentences(&here.join("sentences"))?;
    for (at, deal) in deals.iter().enumerate() {
        let (gathered, _, _) = pipeline.gather(deal).await?;
        lessons.extend(learning::of_deal(at, deal, &gathered.sources));
    }
    let table = Table::new(&lessons, learning::features(&lessons));
    print(&format!("{} lessons\n", lessons.len()));
    if options.write {
        let all = |table: &Table| -> Vec<Vec<f64>> {
            let learn = |subject| table.learn(subject, |row| lessons[row].is_told(subject));
            (0..SUBJECTS.len()).map(learn).collect()
        };
        let table = Table::new(&lessons, table.telling(&all(&table)));
        let learned = all(&table);
        let path = here.join("../../shared/drafting/src/extractive/weights.txt");
        let failed = |source| EvaluationError::File { path: PathBuf::from(&path), source };
        return std::fs::write(&path, table.render(&learned)).map_err(failed);
    }
    for (subject, (question, label)) in SUBJECTS.iter().enumerate() {
        let chances = left_out(&table, &lessons, subject);
        print(&format!("{question}: {label}\n"));
        for step in 3_u8..17 {
            let limit = f64::from(step) / 20.0;
            let told = if *question == PROMISE {
                promised(limit, &lessons, &chances)
            } else if subject > PROMISE_COLUMN {
                chosen(subject, limit, &lessons, &chances)
            } else {
                let of_deals = line(question, limit, &deals, &lessons, &chances);
                of_deals + &of_groups(subject, limit, &lessons, &chances)
            };
            print(&told);
        }
    }
    Ok(())
}

/// How probable each passage is, by weights that were learned without its deal.
fn left_out(table: &Table, lessons: &[Lesson], subject: usize) -> Vec<f64> {
    let fold = |row: usize| lessons[row].place().unwrap_or(row) % FOLDS;
    let mut chances = vec![0.0; lessons.len()];
    for left in 0..FOLDS {
        let learned = table.learn(subject, |row| fold(row) != left && lessons[row].is_told(subject));
        for row in (0..lessons.len()).filter(|&row| fold(row) == left) {
            chances[row] = table.chance(row, &learned);
        }
    }
    chances
}

/// The same for groups of labelled sentences, in which every sentence of the label is needed.
fn of_groups(subject: usize, limit: f64, lessons: &[Lesson], chances: &[f64]) -> String {
    let groups: BTreeSet<usize> = lessons.iter().filter_map(|lesson| lesson.group).collect();
    let (mut needed, mut right, mut shown, mut open, mut unanswered) = (0, 0, 0, 0, 0);
    for group in groups {
        let rows = || (0..lessons.len()).filter(|&row| lessons[row].group == Some(group));
        let mut picked: Vec<usize> = rows().filter(|&row| chances[row] >= limit).collect();
        picked.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]));
        picked.truncate(SHOWN_MAX);
        let answers = rows().filter(|&row| lessons[row].answers[subject]).count();
        needed += answers;
        shown += picked.len();
        right += picked.iter().filter(|&&row| lessons[row].answers[subject]).count();
        unanswered += usize::from(answers == 0);
        open += usize::from(answers == 0 && picked.is_empty());
    }
    format!(
        "        groups: recall {right}/{needed}  precision {right}/{shown}  left open rightly {open}/{unanswered}\n"
    )
}

/// What of our words would be shown as promises: of deals, and of sentences by themselves.
fn promised(limit: f64, lessons: &[Lesson], chances: &[f64]) -> String {
    let of = |is_deal: bool| {
        let ours = |row: &usize| lessons[*row].is_ours() && lessons[*row].deal.is_some() == is_deal;
        let rows: Vec<usize> = (0..lessons.len()).filter(ours).collect();
        let shown: Vec<usize> = rows.iter().copied().filter(|&row| chances[row] >= limit).collect();
        let right = shown.iter().filter(|&&row| lessons[row].answers[PROMISE_COLUMN]).count();
        let all = rows.iter().filter(|&&row| lessons[row].answers[PROMISE_COLUMN]).count();
        format!("recall {right}/{all}  precision {right}/{}", shown.len())
    };
    format!("  {limit:.2}  deals {}  sentences {}\n", of(true), of(false))
}

/// What would be taken for a given answer, of all sentences that are labelled for it.
fn chosen(subject: usize, limit: f64, lessons: &[Lesson], chances: &[f64]) -> String {
    let told = |row: &usize| lessons[*row].is_told(subject);
    let rows: Vec<usize> = (0..lessons.len()).filter(told).collect();
    let taken: Vec<usize> = rows.iter().copied().filter(|&row| chances[row] >= limit).collect();
    let right = taken.iter().filter(|&&row| lessons[row].answers[subject]).count();
    let all = rows.iter().filter(|&&row| lessons[row].answers[subject]).count();
    format!("  {limit:.2}  recall {right}/{all}  precision {right}/{}\n", taken.len())
}

/// What would be shown, and how much of it would be right, if a passage needed this chance.
fn line(question: &str, limit: f64, deals: &[EvaluationDeal], lessons: &[Lesson], chances: &[f64]) -> String {
    let subject = SUBJECTS.iter().position(|(known, _)| *known == question).unwrap_or_default();
    let (mut found, mut needed, mut right, mut shown, mut open, mut unanswered) = (0, 0, 0, 0, 0, 0);
    for (at, deal) in deals.iter().enumerate() {
        let facts = deal.gold.questions.get(question).map(|right| right.facts.as_slice()).unwrap_or_default();
        let mut picked: Vec<usize> = (0..lessons.len())
            .filter(|&row| lessons[row].deal == Some(at) && chances[row] >= limit)
            .collect();
        picked.sort_by(|&a, &b| chances[b].total_cmp(&chances[a]));
        picked.truncate(SHOWN_MAX);
        shown += picked.len();
        right += picked.iter().filter(|&&row| lessons[row].answers[subject]).count();
        unanswered += usize::from(facts.is_empty());
        open += usize::from(facts.is_empty() && picked.is_empty());
        for fact in facts.iter().filter(|fact| fact.needed) {
            needed += 1;
            let states = |row: &usize| {
                let example = &lessons[*row].example;
                let mut places = fact.quotes.iter().filter(|quote| quote.source == example.source.as_str());
                places.any(|quote| overlaps(&quote.quote, &example.quote))
            };
            found += usize::from(picked.iter().any(states));
        }
    }
    format!(
        "  {limit:.2}  recall {found}/{needed}  precision {right}/{shown}  left open rightly {open}/{unanswered}\n"
    )
}

fn print(text: &str) {
    // A reader that has gone away misses nothing that it wants.
    let _ = io::stdout().write_all(text.as_bytes());
}
