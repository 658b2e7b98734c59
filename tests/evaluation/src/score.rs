//! Scoring: one deal's drafts against its gold. Pure.

mod evidence;
mod finding;
mod question;
#[cfg(test)]
mod tests;

pub use evidence::{How, ShownQuote};
pub use finding::{FindingsScore, GoldFinding, ShownFinding};
pub use question::{ChoiceScore, ClaimScore, FactScore, QuestionScore};

use crate::gold::Gold;
use crate::tally::{Ratio, Tally};
use handoff_domain::question::Question;
use handoff_domain::source::Source;
use handoff_drafting::Drafted;

/// How one deal went.
#[derive(Debug, Clone)]
pub struct DealScore {
    /// One per question, in the order in which they were asked.
    pub questions: Vec<QuestionScore>,
    /// What the sources disagree about.
    pub conflicts: FindingsScore,
    /// What Sales promised.
    pub promises: FindingsScore,
    /// Quotes of gold facts that stand in no source that the drafter was given: a fault of the set, or of the reading.
    pub lost_gold: Vec<ShownQuote>,
    /// Why a model did not write, when it should have.
    pub fallback: Option<String>,
    /// All of it, counted.
    pub tally: Tally,
}

impl DealScore {
    /// Everything that is wrong with it; the worst deal has most.
    pub fn faults(&self) -> usize {
        let questions = self.questions.iter().map(QuestionScore::faults).sum::<usize>();
        questions + self.conflicts.faults() + self.promises.faults()
    }

    /// Every quote that is shown.
    pub fn quotes(&self) -> impl Iterator<Item = &ShownQuote> {
        let claims =
            self.questions.iter().flat_map(|question| &question.claims).flat_map(|claim| &claim.quotes);
        let findings = self.conflicts.shown.iter().chain(&self.promises.shown);
        claims.chain(findings.flat_map(|shown| &shown.quotes))
    }
}

/// Scores what was drafted from `sources` for `questions`.
pub fn score(gold: &Gold, questions: &[Question], sources: &[Source], drafted: &Drafted) -> DealScore {
    let questions: Vec<QuestionScore> = questions
        .iter()
        .map(|question| {
            let draft = drafted.drafts.iter().find(|draft| draft.question == question.id);
            question::score(question, gold, draft, sources)
        })
        .collect();
    let conflicts = finding::conflicts(&gold.conflicts, &drafted.conflicts, sources);
    let promises = finding::promises(&gold.promises, &drafted.promises, sources);
    let mut tally: Tally = questions.iter().map(|question| &question.tally).sum();
    tally.deals = 1;
    tally.usage = drafted.usage;
    tally.conflict_recall = conflicts.recall();
    tally.conflict_precision = conflicts.precision();
    tally.promise_recall = promises.recall();
    tally.promise_precision = promises.precision();
    let lost_gold = evidence::lost(gold, sources);
    let fallback = drafted.fallback.clone();
    let mut score = DealScore { questions, conflicts, promises, lost_gold, fallback, tally };
    score.tally.quotes = Ratio::count(score.quotes().map(|quote| quote.is_verbatim));
    score
}
