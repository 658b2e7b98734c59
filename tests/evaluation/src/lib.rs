//! How good the drafts are: synthetic deals with gold answers, drafted the way the worker drafts, and scored.
//!
//! `docs/evaluation.md` says what each figure means. Scoring is pure; only [`pipeline`] and [`deals`] touch the world.

pub mod deals;
pub mod figures;
pub mod gold;
pub mod learning;
pub mod markdown;
pub mod page;
pub mod pipeline;
pub mod score;
pub mod tables;
pub mod tally;
pub mod text;
pub mod verbose;

use std::path::PathBuf;

/// Why an evaluation could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationError {
    /// A deal, its gold, or a report cannot be read or written.
    #[error("{} cannot be read or written", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A gold file has another shape.
    #[error("{} cannot be understood", path.display())]
    Gold {
        /// Which one.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The deals cannot be served.
    #[error("the CRM that serves the deals cannot start")]
    Crm(#[from] handoff_local::crm::CrmError),
    /// No port to serve them on.
    #[error("the CRM that serves the deals has no address")]
    Address(#[source] std::io::Error),
    /// A variable is missing or bad.
    #[error(transparent)]
    Config(#[from] handoff_runtime::ConfigError),
    /// A deal could not be read back.
    #[error("deal {name} cannot be read from the CRM")]
    Gather {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        source: handoff_hubspot::HubSpotError,
    },
    /// A file names no deal, or the CRM has lost it.
    #[error("{0} holds no deal that the CRM finds")]
    NoDeal(String),
    /// Figures of a model would hold those of another drafter.
    #[error("the figures are not written: the model did not draft {0}")]
    ModelAway(String),
    /// Nothing to evaluate.
    #[error("no deal has this number")]
    NoDeals,
    /// The page has no place for the figures.
    #[error("{} has no markers for the figures of this drafter", .0.display())]
    NoMarkers(PathBuf),
}
