//! Drafts without a model: the sentences of the sources that answer, quoted as they stand. Deterministic.

mod choice;
mod compose;
mod concepts;
mod dates;
mod features;
mod language;
mod parties;
pub(crate) mod passages;
mod people;
mod ranking;
mod subjects;

use crate::confidence::Reference;
use crate::drafter::{DraftRequest, Drafted};
use crate::findings;
pub(crate) use crate::words::Words;
use compose::{Found, draft};
pub(crate) use dates::{Mention, is_denied, precise};
use handoff_domain::draft::{Draft, DraftedBy, Usage};
use handoff_domain::finding::Conflict;
use handoff_domain::id::{QuestionId, SourceId};
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::source::Source;
use language::Language;
pub(crate) use language::{Language as TextLanguage, padded, stem_of, stem_set};
use parties::Parties;
pub(crate) use parties::Side;
pub(crate) use passages::Passage;
use passages::passages;
use ranking::{Ranking, features_of};
use std::collections::BTreeSet;

/// Words in several languages that tell of the subject of a question; none for a question of no known subject.
pub(crate) fn subject_cues(question: &QuestionId) -> impl Iterator<Item = &'static str> + use<> {
    subjects::subject(question).into_iter().flat_map(subjects::telling_concepts).flat_map(concepts::cues_of)
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
        let material = Material::read(request);
        let (conflicts, promises) = findings::of_material(request, &material);
        let ranking = Ranking::new(&material, Language::from_code(request.language));
        let reference = Reference::new(request.sources, request.now);
        let drafts = request.questions.iter().map(|question| {
            let conflict = conflicts.iter().find(|conflict| conflict.question.as_ref() == Some(&question.id));
            let found = answer(question, request, &ranking, conflict);
            draft(question, found, request, reference)
        });
        let drafts: Vec<Draft> = drafts.collect();
        Drafted {
            drafts,
            by: DraftedBy::Extractive,
            fallback: None,
            conflicts,
            promises,
            usage: Usage::default(),
            left_out: Vec::new(),
        }
    }
}

/// The sources of one run, read: who is who, every passage, and how probable it is that it answers each subject.
pub(crate) struct Material<'a> {
    pub(crate) passages: Vec<Passage<'a>>,
    chances: Vec<[f32; subjects::COLUMNS]>,
}

impl<'a> Material<'a> {
    pub(crate) fn read(request: &DraftRequest<'a>) -> Self {
        let parties = Parties::new(request.sources);
        let passages = passages(request.sources, &parties, Language::from_code(request.language));
        let chances = features_of(&passages, &parties).iter().map(subjects::chances).collect();
        Self { passages, chances }
    }

    /// The passages that are at least this probably a promise, should it be one of ours.
    pub(crate) fn binding(&self, sure: f32) -> impl Iterator<Item = &Passage<'a>> {
        let all = self.passages.iter().zip(&self.chances);
        all.filter(move |(_, chances)| chances[subjects::PROMISE] >= sure).map(|(passage, _)| passage)
    }

    /// The passages that answer the subject at least this probably.
    pub(crate) fn told(&self, subject: &str, sure: f32) -> impl Iterator<Item = &Passage<'a>> {
        let at = subjects::SUBJECTS.iter().position(|known| *known == subject);
        let all = self.passages.iter().zip(&self.chances);
        all.filter(move |(_, chances)| at.is_some_and(|at| chances[at] >= sure)).map(|(passage, _)| passage)
    }
}

/// A passage as it is weighed: what the weights of the extractive drafter are learned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Where it stands.
    pub source: SourceId,
    /// Its words.
    pub quote: String,
    /// What is seen of it, by name.
    pub features: BTreeSet<String>,
}

/// The passages of these sources as they are weighed, in order. `language` is the organization's as ISO 639-1.
pub fn examples(sources: &[Source], language: &str) -> Vec<Example> {
    let parties = Parties::new(sources);
    let passages = passages(sources, &parties, Language::from_code(language));
    let features = features_of(&passages, &parties);
    let example = |(passage, features): (&passages::Passage<'_>, BTreeSet<String>)| Example {
        source: passage.source.id.clone(),
        quote: passage.source.body[passage.whole()].to_owned(),
        features,
    };
    passages.iter().zip(features).map(example).collect()
}

fn answer<'a>(
    question: &Question,
    request: &DraftRequest<'a>,
    ranking: &Ranking<'a>,
    conflict: Option<&Conflict>,
) -> Option<Found<'a>> {
    match question.kind {
        QuestionKind::YesNo => choice::yes_or_no(question, request, ranking),
        QuestionKind::MultiSelect => choice::options(question, request, ranking),
        QuestionKind::Text | QuestionKind::Textarea => {
            let ranked = ranking.rank(question);
            if subjects::subject(&question.id)
                .is_some_and(|subject| subjects::SUBJECTS[subject] == "stakeholders")
            {
                people::stakeholders(question, request, &ranked)
            } else {
                compose::sentences(question, request, &ranked, conflict)
            }
        }
    }
}

#[cfg(test)]
mod tests;
