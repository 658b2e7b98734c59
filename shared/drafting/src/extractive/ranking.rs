//! Which passages answer a question, best first: cues for the subjects that we know, BM25 and coverage for all others.

use crate::extractive::dates;
use crate::extractive::language::{Language, padded, stem_set};
use crate::extractive::passages::Passage;
use crate::extractive::subjects::{Subject, subject, subjects};
use bm25::{Embedder, EmbedderBuilder, Scorer, Tokenizer};
use handoff_domain::question::Question;
use handoff_domain::source::SourceKind;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What a passage must reach by its cues alone: one strong cue, or the right heading.
const CUES_ENOUGH: f32 = 3.0;

/// Share of a question's words, weighed by rarity, that a passage must hold to answer a question of no known subject.
const COVERAGE_ENOUGH: f32 = 0.5;

/// A passage that answers another subject much better answers this one less.
const OTHER_SUBJECT: f32 = 0.7;

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
    /// Whether it states the matter plainly.
    pub(crate) direct: bool,
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
    /// Per passage: what its cues say for each subject.
    cues: Vec<BTreeMap<&'static str, f32>>,
    dates: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(passages: &'a [Passage<'a>], language: Language) -> Self {
        let documents: Vec<String> = passages.iter().map(document).collect();
        let cues = passages
            .iter()
            .map(|passage| {
                subjects().map(|subject| (subject.id.as_str(), cues_of(subject, passage))).collect()
            })
            .collect();
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
            cues,
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
                Some(Ranked { passage, score: score(passage)? + self.recency(passage), direct: true })
            })
            .collect();
        sort(&mut ranked);
        ranked.into_iter()
    }

    /// The passages that answer, best first; none when nothing does.
    pub(crate) fn rank(&self, question: &Question) -> Vec<Ranked<'a, 'a>> {
        let mut ranked = match subject(&question.id) {
            Some(subject) => self.by_subject(question, subject),
            None => self.by_words(question),
        };
        sort(&mut ranked);
        ranked
    }

    fn by_subject(&self, question: &Question, subject: &Subject) -> Vec<Ranked<'a, 'a>> {
        let query = format!("{} {} {}", question.wording, subject.strong.concat(), subject.weak.concat());
        let candidates = self.passages.iter().enumerate().filter_map(|(index, passage)| {
            let all = self.cues.get(index)?;
            let base = all.get(subject.id.as_str()).copied().unwrap_or(0.0);
            let cues = base + specifics(subject, passage);
            if base < CUES_ENOUGH || cues < CUES_ENOUGH {
                return None;
            }
            let others = all.iter().filter(|(id, _)| **id != subject.id).map(|(_, &cues)| cues);
            let elsewhere = others.fold(0.0, f32::max) > base + margin(subject);
            let score = cues + self.recency(passage);
            let direct = passage.label_or_heading_hits(subject) || !elsewhere;
            let score = if elsewhere { score * OTHER_SUBJECT } else { score };
            Some((index, Ranked { passage, score, direct }))
        });
        self.add_relevance(&self.stems_of(&query), candidates.collect())
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
            Some((index, Ranked { passage, score, direct: coverage > 0.75 }))
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
    ranked.sort_by(|a, b| {
        let date = |ranked: &Ranked<'_, '_>| ranked.passage.source.date;
        b.score
            .total_cmp(&a.score)
            .then_with(|| date(b).cmp(&date(a)))
            .then_with(|| a.passage.source.id.cmp(&b.passage.source.id))
            .then_with(|| a.passage.range.start.cmp(&b.passage.range.start))
    });
}

impl Passage<'_> {
    fn label_or_heading_hits(&self, subject: &Subject) -> bool {
        self.placed.headings(subject) > 0
    }
}

fn document(passage: &Passage<'_>) -> String {
    passage.stems.iter().chain(&passage.around).map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// What makes an answer to this subject a good one: a date, a number.
fn specifics(subject: &Subject, passage: &Passage<'_>) -> f32 {
    let digits = passage.words.chars().any(|c| c.is_ascii_digit());
    match subject.id.as_str() {
        "go_live" if !dates::mentions(passage.text()).is_empty() => 3.0,
        "go_live" if !digits => -2.0,
        "top_goals" if digits => 1.0,
        _ => 0.0,
    }
}

/// How much more a passage must say about another subject to be no plain answer to this one. Names of systems stand in
/// sentences about anything.
fn margin(subject: &Subject) -> f32 {
    if subject.id == "technical_environment" { 0.7 } else { 2.5 }
}

fn cues_of(subject: &Subject, passage: &Passage<'_>) -> f32 {
    if passage.is_question || !may_answer(subject, passage) {
        return 0.0;
    }
    let capped = |count: usize, most: usize| count.min(most) as f32;
    let strong = passage.hits.strong(subject);
    let plain = if strong > 0 { 3.0 + 0.8 * capped(strong - 1, 2) } else { 0.0 };
    let placed: f32 = if passage.label_or_heading_hits(subject) { 3.5 } else { 0.0 };
    // What a company's website runs on tells less than what its people say they run.
    let placed = if passage.source.kind == SourceKind::Company { placed.min(CUES_ENOUGH) } else { placed };
    plain + placed + 0.4 * capped(passage.hits.weak(subject), 3) - errands(passage)
}

fn errands(passage: &Passage<'_>) -> f32 {
    3.0 * passage.hits.errands().min(2) as f32
}

/// Records tell of the customer's company, not of this deal; only some of their lines can answer.
fn may_answer(subject: &Subject, passage: &Passage<'_>) -> bool {
    match passage.source.kind {
        SourceKind::Company | SourceKind::Website => {
            subject.id == "technical_environment" && passage.label_or_heading_hits(subject)
        }
        SourceKind::Contact | SourceKind::Pattern => false,
        SourceKind::Deal => {
            let told = [
                " description ",
                " reason ",
                " next step ",
                " notes ",
                " summary ",
                " comment",
                " use case",
                " competitor",
            ];
            passage.label == " "
                || told.iter().any(|told| passage.label.contains(told))
                || passage.label_or_heading_hits(subject)
        }
        _ => true,
    }
}

/// Whether the folded words of `phrase` stand in `words` one after the other.
pub(crate) fn names(words: &str, phrase: &str) -> bool {
    let phrase = padded(phrase);
    phrase.trim() != "" && words.contains(&phrase)
}
