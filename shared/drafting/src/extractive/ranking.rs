//! Which passages answer a question, best first: learned weights for the subjects that we know, BM25 and coverage for all
//! others.

use crate::extractive::Material;
use crate::extractive::features::features;
use crate::extractive::language::{Language, padded, stem_set};
use crate::extractive::parties::Parties;
use crate::extractive::passages::Passage;
use crate::extractive::subjects::{CLAIM_CHANCES, COLUMNS, OPEN_CHANCES, subject};
use bm25::{Embedder, EmbedderBuilder, Scorer, Tokenizer};
use handoff_domain::question::Question;
use handoff_domain::source::SourceKind;
use jiff::Timestamp;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Share of a question's words, weighed by rarity, that a passage must hold to answer a question of no known subject.
const COVERAGE_ENOUGH: f32 = 0.5;

/// Words of questions that say nothing of what is asked.
const ASKING: &str = "customer customers client company product tool solution expect main primary top want need plan describe list \
    please name tell give know any kunde kunden kundin produkt client clients produit cliente producto there able use using used";

/// A passage and how well it answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked<'p, 'a> {
    /// What is found.
    pub(crate) passage: &'p Passage<'a>,
    /// How well, compared with others of the same question only.
    pub(crate) score: f32,
    /// How probable it is that it answers, from 0 to 1.
    pub(crate) chance: f32,
}

/// Splits at spaces: the passages are stems already.
#[derive(Debug, Clone, Copy, Default)]
struct Spaces;

impl Tokenizer for Spaces {
    fn tokenize(&self, text: &str) -> Vec<String> {
        text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

/// The passages of one run, indexed.
pub(crate) struct Ranking<'a> {
    passages: &'a [Passage<'a>],
    language: Language,
    embedder: Embedder<u32, Spaces>,
    scorer: Scorer<usize>,
    frequency: BTreeMap<String, usize>,
    /// Per passage: how probable it is that it answers each subject.
    chances: &'a [[f32; COLUMNS]],
    dates: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(material: &'a Material<'a>, language: Language) -> Self {
        let passages = material.passages.as_slice();
        let documents: Vec<String> = passages.iter().map(document).collect();
        let corpus: Vec<&str> = documents.iter().map(String::as_str).collect();
        let embedder: Embedder<u32, Spaces> =
            EmbedderBuilder::with_tokenizer_and_fit_to_corpus(Spaces, &corpus).build();
        let mut scorer = Scorer::new();
        let mut frequency: BTreeMap<String, usize> = BTreeMap::new();
        for (index, text) in documents.iter().enumerate() {
            scorer.upsert(&index, embedder.embed(text));
            for stem in text.split(' ').collect::<BTreeSet<_>>() {
                *frequency.entry(stem.to_owned()).or_default() += 1;
            }
        }
        let written = || passages.iter().filter_map(|passage| passage.source.date);
        Self {
            passages,
            language,
            embedder,
            scorer,
            frequency,
            chances: &material.chances,
            dates: (written().min(), written().max()),
        }
    }

    /// The passages to which `score` gives a score, best first, the newer first among equals.
    pub(crate) fn rank_plain(
        &self,
        score: impl Fn(&Passage<'a>) -> Option<f32>,
    ) -> impl Iterator<Item = Ranked<'a, 'a>> {
        let mut ranked: Vec<Ranked<'a, 'a>> = self
            .passages
            .iter()
            .filter_map(|passage| {
                Some(Ranked { passage, score: score(passage)? + self.recency(passage), chance: 0.9 })
            })
            .collect();
        sort(&mut ranked);
        ranked.into_iter()
    }

    /// The passages that `weigh` takes by their chances, with what it makes of them, best first.
    pub(crate) fn rank_weighed<T>(
        &self,
        weigh: impl Fn(&Passage<'a>, &[f32; COLUMNS]) -> Option<(f32, T)>,
    ) -> Vec<(Ranked<'a, 'a>, T)> {
        let weighed = self.passages.iter().zip(self.chances).filter_map(|(passage, chances)| {
            let (chance, what) = weigh(passage, chances)?;
            Some((Ranked { passage, score: chance + self.recency(passage), chance }, what))
        });
        let mut ranked: Vec<(Ranked<'a, 'a>, T)> = weighed.collect();
        ranked.sort_by(|(a, _), (b, _)| order(a, b));
        ranked
    }

    /// The passages that answer, best first; none when nothing does.
    pub(crate) fn rank(&self, question: &Question) -> Vec<Ranked<'a, 'a>> {
        let mut ranked = match subject(&question.id) {
            Some(subject) => self.by_subject(subject),
            None => self.by_words(question),
        };
        sort(&mut ranked);
        ranked
    }

    /// Nothing when no passage is probable enough to leave the question open no longer.
    fn by_subject(&self, subject: usize) -> Vec<Ranked<'a, 'a>> {
        let chances = self.chances.iter().map(|chances| chances[subject]);
        let added = |passage: &Passage<'_>| passage.source.kind == SourceKind::Context;
        let likely = self.passages.iter().zip(chances).filter(|(passage, chance)| {
            *chance >= CLAIM_CHANCES[subject] || added(passage) && *chance >= CLAIM_CHANCES[subject] / 2.0
        });
        let ranked: Vec<Ranked<'a, 'a>> = likely
            .map(|(passage, chance)| Ranked { passage, score: chance + 0.1 * self.recency(passage), chance })
            .collect();
        let is_open =
            !ranked.iter().any(|ranked| ranked.chance >= OPEN_CHANCES[subject] || added(ranked.passage));
        if is_open { Vec::new() } else { ranked }
    }

    fn by_words(&self, question: &Question) -> Vec<Ranked<'a, 'a>> {
        let asked = self.asked(question);
        if asked.is_empty() {
            return Vec::new();
        }
        let helping =
            self.stems_of(&format!("{} {} {}", question.wording, question.help, question.options.join(" ")));
        let candidates = self.passages.iter().enumerate().filter_map(|(index, passage)| {
            let coverage = self.coverage(&asked, passage);
            if coverage < COVERAGE_ENOUGH || passage.is_question {
                return None;
            }
            let score = 3.0 * coverage + self.recency(passage) - errands(passage);
            Some((index, Ranked { passage, score, chance: coverage }))
        });
        self.add_relevance(&helping, candidates.collect())
    }

    /// What a question asks about, as stems.
    pub(crate) fn asked(&self, question: &Question) -> BTreeSet<String> {
        let idle = stem_set(ASKING, self.language);
        let named: BTreeSet<String> =
            stem_set(&question.wording, self.language).difference(&idle).cloned().collect();
        if named.is_empty() {
            stem_set(&question.help, self.language).difference(&idle).cloned().collect()
        } else {
            named
        }
    }

    /// Share of what is asked about that the passage, its label or its heading names, weighed by rarity. Words that
    /// stand in no source weigh as much as the rarest.
    pub(crate) fn coverage(&self, asked: &BTreeSet<String>, passage: &Passage<'_>) -> f32 {
        let weight = |stem: &String| {
            let seen = self.frequency.get(stem).copied().unwrap_or(0);
            (1.0 + self.passages.len() as f32 / (seen as f32 + 1.0)).ln()
        };
        let total: f32 = asked.iter().map(weight).sum();
        let named =
            asked.iter().filter(|stem| passage.stems.contains(stem) || passage.around.contains(*stem));
        let covered: f32 = named.map(weight).sum();
        if total > 0.0 { covered / total } else { 0.0 }
    }

    fn stems_of(&self, text: &str) -> String {
        let languages =
            [self.language, Language::English, Language::German, Language::French, Language::Spanish];
        let stems: BTreeSet<String> =
            languages.into_iter().flat_map(|language| stem_set(text, language)).collect();
        stems.into_iter().collect::<Vec<_>>().join(" ")
    }

    /// Adds BM25, from 0 to 1.5 for the best of the candidates, to their scores.
    fn add_relevance(&self, query: &str, candidates: Vec<(usize, Ranked<'a, 'a>)>) -> Vec<Ranked<'a, 'a>> {
        let query = self.embedder.embed(query);
        let scored: Vec<(f32, Ranked<'a, 'a>)> = candidates
            .into_iter()
            .map(|(index, ranked)| (self.scorer.score(&index, &query).unwrap_or(0.0), ranked))
            .collect();
        let best = scored.iter().map(|(relevance, _)| *relevance).fold(f32::EPSILON, f32::max);
        let add = |(relevance, ranked): (f32, Ranked<'a, 'a>)| Ranked {
            score: ranked.score + 1.5 * relevance / best,
            ..ranked
        };
        scored.into_iter().map(add).collect()
    }

    /// Newer is better, from 0 to 0.8 over the span of the sources; what the AE added beats all of them.
    fn recency(&self, passage: &Passage<'_>) -> f32 {
        if passage.source.kind == SourceKind::Context {
            return 3.0;
        }
        let (Some(oldest), Some(newest), Some(date)) = (self.dates.0, self.dates.1, passage.source.date)
        else {
            return 0.0;
        };
        let span = (newest.as_second() - oldest.as_second()).max(1) as f32;
        0.8 * (date.as_second() - oldest.as_second()) as f32 / span
    }
}

/// The best first, then the newer; sources and their sentences in order where all else is equal.
fn sort(ranked: &mut [Ranked<'_, '_>]) {
    ranked.sort_by(order);
}

fn order(a: &Ranked<'_, '_>, b: &Ranked<'_, '_>) -> Ordering {
    let date = |ranked: &Ranked<'_, '_>| ranked.passage.source.date;
    b.score
        .total_cmp(&a.score)
        .then_with(|| date(b).cmp(&date(a)))
        .then_with(|| a.passage.source.id.cmp(&b.passage.source.id))
        .then_with(|| a.passage.range.start.cmp(&b.passage.range.start))
}

/// The features of every passage.
pub(crate) fn features_of(passages: &[Passage<'_>], parties: &Parties) -> Vec<BTreeSet<String>> {
    let texts = passages.iter().map(|passage| (passage.text(), passage.concepts.and(passage.placed)));
    let rivals = parties.rivals(texts);
    passages.iter().map(|passage| features(passage, parties, &rivals)).collect()
}

fn document(passage: &Passage<'_>) -> String {
    passage.stems.iter().chain(&passage.around).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// Words in which people arrange meetings and send papers tell little.
fn errands(passage: &Passage<'_>) -> f32 {
    if passage.concepts.has("errand") { 1.5 } else { 0.0 }
}

/// Whether the folded words of `phrase` stand in `words` one after the other.
pub(crate) fn names(words: &str, phrase: &str) -> bool {
    let phrase = padded(phrase);
    phrase.trim() != "" && words.contains(&phrase)
}
