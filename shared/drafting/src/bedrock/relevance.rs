//! How much a part of a source has to do with what is asked: BM25 over the words of the questions and their subjects.

use crate::drafter::DraftRequest;
use crate::extractive::subject_cues;
use bm25::{Embedder, EmbedderBuilder, Scorer, Tokenizer};
use unicode_segmentation::UnicodeSegmentation;

/// Letters of a word that count: endings differ, in every language that sources come in.
const STEM_CHARS: usize = 6;

/// Splits into words without their endings.
#[derive(Debug, Clone, Copy, Default)]
struct Words;

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let stem = |word: &str| word.to_lowercase().chars().take(STEM_CHARS).collect::<String>();
        text.unicode_words().filter(|word| word.chars().count() > 2).map(stem).collect()
    }
}

/// What is asked, as one query.
pub(super) struct Relevance {
    query: String,
}

impl Relevance {
    /// All questions of the run, the words of their subjects, and what the AE added.
    pub(super) fn new(request: &DraftRequest<'_>) -> Self {
        let mut words: Vec<&str> = request.context.into_iter().collect();
        for question in request.questions {
            words.extend([question.wording.as_str(), question.help.as_str()]);
            words.extend(question.options.iter().map(String::as_str));
            words.extend(subject_cues(&question.id).map(|cue| -> &str { cue }));
        }
        Self { query: words.join(" ") }
    }

    /// For each text how relevant it is, from 0 for one that shares no word to 1 for the best of them.
    pub(super) fn scores(&self, texts: &[&str]) -> Vec<f32> {
        let embedder: Embedder<u32, Words> =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Words, texts).build();
        let mut scorer = Scorer::new();
        for (index, text) in texts.iter().enumerate() {
            scorer.upsert(&index, embedder.embed(text));
        }
        let found = scorer.matches(&embedder.embed(&self.query));
        let best = found.iter().map(|found| found.score).fold(f32::MIN_POSITIVE, f32::max);
        let mut relevance = vec![0.0; texts.len()];
        for hit in found {
            if let Some(score) = relevance.get_mut(hit.id) {
                *score = hit.score / best;
            }
        }
        relevance
    }
}
