//! The deals on the disk: one file in HubSpot's shapes and one with the gold for each.

use crate::EvaluationError;
use crate::gold::Gold;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The two parts of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Split {
    /// May be looked at while the drafter is made better.
    Tune,
    /// Only for the figures.
    Report,
}

impl Split {
    /// Both, in the order of reports.
    pub const ALL: [Self; 2] = [Self::Tune, Self::Report];

    /// The name of its folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Report => "report",
        }
    }
}

/// One deal of the set.
#[derive(Debug, Clone)]
pub struct EvaluationDeal {
    /// Its file's name without ending: `03-tamarack-bank`.
    pub name: String,
    /// Which part it belongs to.
    pub split: Split,
    /// HubSpot's id of it.
    pub id: String,
    /// The file as the CRM reads it.
    pub text: String,
    /// What is right.
    pub gold: Gold,
}

impl EvaluationDeal {
    /// The two digits that its name begins with.
    pub fn number(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Outline {
    deal: OutlineDeal,
}

#[derive(Deserialize)]
struct OutlineDeal {
    id: String,
}

/// Where the set lies in the repository.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deals")
}

/// Reads one part, in the order of the deals' numbers.
pub fn read(split: Split) -> Result<Vec<EvaluationDeal>, EvaluationError> {
    let folder = folder().join(split.as_str());
    let failed = |source| EvaluationError::File { path: folder.clone(), source };
    let entries = fs::read_dir(&folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut names: Vec<String> =
        entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let deals = names.iter().filter_map(|name| name.strip_suffix(".gold.json"));
    deals.map(|name| read_deal(&folder, name, split)).collect()
}

fn read_deal(folder: &Path, name: &str, split: Split) -> Result<EvaluationDeal, EvaluationError> {
    let text = read_file(&folder.join(format!("{name}.json")))?;
    let outline: Outline = serde_json::from_str(&text)
        .map_err(|source| EvaluationError::Gold { path: folder.join(format!("{name}.json")), source })?;
    let path = folder.join(format!("{name}.gold.json"));
    let gold =
        serde_json::from_str(&read_file(&path)?).map_err(|source| EvaluationError::Gold { path, source })?;
    Ok(EvaluationDeal { name: name.to_owned(), split, id: outline.deal.id, text, gold })
}

fn read_file(path: &Path) -> Result<String, EvaluationError> {
    fs::read_to_string(path).map_err(|source| EvaluationError::File { path: path.to_owned(), source })
}
