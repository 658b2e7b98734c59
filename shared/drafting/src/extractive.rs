//! Drafts without a model: the sentences of the sources that answer, quoted as they stand. Deterministic.

mod choice;
mod compose;
mod dates;
mod language;
mod passages;
mod people;
mod ranking;
mod subjects;

use crate::confidence::Reference;
use crate::drafter::{DraftRequest, Drafted};
use compose::{Found, draft};
use handoff_domain::draft::{Draft, DraftedBy, Usage};
use handoff_domain::id::QuestionId;
use handoff_domain::question::{Question, QuestionKind};
use language::Language;
pub(crate) use language::{Language as TextLanguage, stem_set};
use passages::passages;
use ranking::Ranking;

/// Words in several languages that tell of the subject of a question; none for a question of no known subject.
pub(crate) fn subject_cues(question: &QuestionId) -> impl Iterator<Item = &'static str> + use<> {
    let subject = subjects::subject(question).into_iter();
    subject.flat_map(|subject| subject.strong.iter().chain(&subject.weak).map(String::as_str))
}

/// Picks sentences. Needs no model, no network and no state.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExtractiveDrafter;

impl ExtractiveDrafter {
    /// The drafter.
    pub fn new() -> Self {
        Self
    }

    /// Answers what the sources plainly answer, and leaves the rest open.
    pub fn draft(&self, request: &DraftRequest<'_>) -> Drafted {
        let language = Language::from_code(request.language);
        let passages = passages(request.sources, language);
        let ranking = Ranking::new(&passages, language);
        let reference = Reference::new(request.sources, request.now);
        let drafts = request.questions.iter().map(|question| {
            let found = answer(question, request, &ranking);
            draft(question, found, request, reference)
        });
        let drafts: Vec<Draft> = drafts.collect();
        Drafted {
            drafts,
            by: DraftedBy::Extractive,
            fallback: None,
            conflicts: Vec::new(),
            promises: Vec::new(),
            usage: Usage::default(),
            left_out: Vec::new(),
        }
    }
}

fn answer<'a>(question: &Question, request: &DraftRequest<'a>, ranking: &Ranking<'a>) -> Option<Found<'a>> {
    match question.kind {
        QuestionKind::YesNo => choice::yes_or_no(question, ranking),
        QuestionKind::MultiSelect => choice::options(question, ranking),
        QuestionKind::Text | QuestionKind::Textarea => {
            let ranked = ranking.rank(question);
            if subjects::subject(&question.id).is_some_and(|subject| subject.id == "stakeholders") {
                people::stakeholders(question, request.sources, &ranked)
            } else {
                compose::sentences(question, &ranked)
            }
        }
    }
}

#[cfg(test)]
mod tests;
