//! What is asked of a drafter, what it hands back, and the choice between the two.

use crate::bedrock::BedrockDrafter;
use crate::extractive::ExtractiveDrafter;
use crate::welcome::WelcomeRequest;
use handoff_domain::Timestamp;
use handoff_domain::draft::{Draft, DraftedBy, Usage};
use handoff_domain::finding::{Conflict, Promise};
use handoff_domain::id::RunId;
use handoff_domain::question::Question;
use handoff_domain::source::{Source, SourceGap};
use handoff_domain::welcome::WelcomeDraft;

/// One pass over some questions.
#[derive(Debug, Clone, Copy)]
pub struct DraftRequest<'a> {
    /// The organization's language as ISO 639-1, for example `en`: answers are written in it, quotes stay as they are.
    pub language: &'a str,
    /// The customer's name.
    pub company: &'a str,
    /// What to answer, in order.
    pub questions: &'a [Question],
    /// What to answer from. Patterns from other customers are no evidence and are left unread.
    pub sources: &'a [Source],
    /// What the AE added when asking again. It stands among the sources, too, as [`SourceKind::Context`].
    ///
    /// [`SourceKind::Context`]: handoff_domain::source::SourceKind::Context
    pub context: Option<&'a str>,
    /// A secret of the handoff, the same for all its runs: what no author of a source can know.
    pub seed: &'a str,
    /// The run that the drafts will name.
    pub run: &'a RunId,
    /// The time now: how old a source is follows from it where the deal names no close date.
    pub now: Timestamp,
}

/// What a drafter hands back.
#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    /// One per question, in the order of the questions.
    pub drafts: Vec<Draft>,
    /// Who wrote them. A single draft may name another: what a model left out is filled in extractively.
    pub by: DraftedBy,
    /// Why a model that should have written did not, or not all of it, in words for people.
    pub fallback: Option<String>,
    /// What the sources disagree about.
    pub conflicts: Vec<Conflict>,
    /// What Sales promised the customer, oldest first.
    pub promises: Vec<Promise>,
    /// What it took of the model.
    pub usage: Usage,
    /// Sources that did not fit, or not whole, into what the model could read.
    pub left_out: Vec<SourceGap>,
}

/// The two ways to draft.
#[derive(Debug, Clone)]
pub enum Drafter {
    /// Picks sentences; needs no model.
    Extractive(ExtractiveDrafter),
    /// Asks a model on Bedrock, and picks sentences when that is away.
    Bedrock(BedrockDrafter),
}

impl Drafter {
    /// Answers the questions from the sources. Never fails.
    pub async fn draft(&self, request: &DraftRequest<'_>) -> Drafted {
        match self {
            Self::Extractive(drafter) => drafter.draft(request),
            Self::Bedrock(drafter) => drafter.draft(request).await,
        }
    }

    /// Drafts the lines of a welcome mail in words of its own; `None` where no model writes, or nothing of what it wrote
    /// holds: the plain draft is as good as there is. With what it took.
    pub async fn welcome(
        &self,
        request: &WelcomeRequest<'_>,
        seed: &str,
        run: &RunId,
    ) -> (Option<WelcomeDraft>, Usage) {
        match self {
            Self::Extractive(_) => (None, Usage::default()),
            Self::Bedrock(drafter) => drafter.welcome(request, seed, run).await,
        }
    }
}
