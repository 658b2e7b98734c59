//! Drafts the evaluation deals, scores the drafts, and prints the table.

use clap::Parser;
use handoff_evaluation::deals::{self, EvaluationDeal, Split};
use handoff_evaluation::pipeline::{self, Pipeline};
use handoff_evaluation::tables::{self, Scored};
use handoff_evaluation::{EvaluationError, figures, markdown, page, verbose};
use handoff_runtime::{Environment, report};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How good the drafts are, measured on synthetic deals with gold answers.
#[derive(Debug, Parser)]
#[command(name = "handoff-evaluation")]
struct Options {
    /// Only this part of the set.
    #[arg(long)]
    split: Option<Split>,
    /// Only the deal with this number, for example 03.
    #[arg(long)]
    deal: Option<String>,
    /// Who drafts; bedrock reads BEDROCK_MODEL_ID and AWS credentials from the environment.
    #[arg(long, default_value = "extractive")]
    drafter: DrafterOption,
    /// Prints every miss and every wrong claim (of the report part only with --show-report-cases).
    #[arg(long)]
    verbose: bool,
    /// Shows single cases of the report part, which nobody should tune on.
    #[arg(long)]
    show_report_cases: bool,
    /// Writes the figures into docs/evaluation.md; only for the whole set.
    #[arg(long, conflicts_with_all = ["split", "deal"])]
    figures: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum DrafterOption {
    Extractive,
    Bedrock,
}

impl DrafterOption {
    fn as_str(self) -> &'static str {
        match self {
            Self::Extractive => "extractive",
            Self::Bedrock => "bedrock",
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            let _ = writeln!(io::stderr(), "A shown quote does not stand in its source.");
            ExitCode::FAILURE
        }
        Err(error) => {
            let _ = writeln!(io::stderr(), "handoff-evaluation: {}", report(&error));
            ExitCode::FAILURE
        }
    }
}

/// Whether every shown quote stands in its source.
async fn run(options: &Options) -> Result<bool, EvaluationError> {
    let environment = Environment::from_process();
    let (drafter, name) = match options.drafter {
        DrafterOption::Extractive => (pipeline::extractive(), "extractive".to_owned()),
        DrafterOption::Bedrock => {
            let model = environment.get("BEDROCK_MODEL_ID").unwrap_or_default();
            (pipeline::bedrock(&environment)?, format!("bedrock, {model}"))
        }
    };
    let deals = chosen(options)?;
    let done = Pipeline::start(&deals, drafter).await?.evaluate_all(&deals).await?;
    let scored: Vec<Scored<'_>> =
        deals.iter().zip(&done).map(|(deal, score)| Scored { deal, score }).collect();
    let parts = tables::parts(&scored);
    let cases: Vec<Scored<'_>> = scored.iter().copied().filter(|one| may_show(options, one.deal)).collect();
    if options.verbose {
        print(&cases.iter().map(|one| verbose::deal(*one)).collect::<String>());
    }
    let text = markdown::render(&parts);
    print(&format!("\n{text}{}", markdown::aside(&scored)));
    let folder = output_folder();
    write(&folder, "report.md", &text)?;
    write(&folder, "report.html", &page::render(&name, &parts, &cases))?;
    if options.figures {
        if let Some(one) = scored.iter().find(|one| one.score.fallback.is_some()) {
            return Err(EvaluationError::ModelAway(one.deal.name.clone()));
        }
        let measured = format!("Drafted by: {name}.\n\n{text}");
        figures::write(&figures::document(), options.drafter.as_str(), &measured)?;
    }
    let quotes = tables::total(&scored).quotes;
    Ok(quotes.hits == quotes.of)
}

fn chosen(options: &Options) -> Result<Vec<EvaluationDeal>, EvaluationError> {
    let mut chosen = Vec::new();
    for split in Split::ALL.into_iter().filter(|split| options.split.is_none_or(|one| one == *split)) {
        chosen.extend(deals::read(split)?);
    }
    chosen.retain(|deal| options.deal.as_deref().is_none_or(|number| deal.number() == number));
    if chosen.is_empty() {
        return Err(EvaluationError::NoDeals);
    }
    Ok(chosen)
}

fn may_show(options: &Options, deal: &EvaluationDeal) -> bool {
    deal.split == Split::Tune || options.show_report_cases
}

fn output_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/evaluation")
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), EvaluationError> {
    let path = folder.join(name);
    let failed = |source| EvaluationError::File { path: path.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&path, text).map_err(failed)
}

fn print(text: &str) {
    // A reader that has gone away misses nothing that it wants.
    let _ = io::stdout().write_all(text.as_bytes());
}
