//! Which passages answer a question, best first: cues for the subjects that we know, BM25 and coverage for all others.

use crate::extractive::dates;
use crate::extractive::language::{Language, padded, stem_set};
use crate::extractive::passages::Passage;
use crate::extractive::subjects::{ERRANDS, SUBJECTS, Subject, subject};
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
    dates: (Option<Timestamp>, Option<Timestamp>),
}

impl<'a> Ranking<'a> {
    pub(crate) fn new(passages: &'a [Passage<'a>], language: Language) -> Self {
        let documents: Vec<String> = passages.iter().map(|passage| document(passage, language)).collect();
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
        Self { passages, language, embedder, scorer, frequency, dates: (written().min(), written().max()) }
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
        let relevance = self.relevance(&self.stems_of(&query));
        let candidates = self.passages.iter().enumerate().filter_map(|(index, passage)| {
            let cues = cues(subject, passage);
            if cues < CUES_ENOUGH {
                return None;
            }
            let best_other =
                SUBJECTS.iter().filter(|other| other.id != subject.id).map(|other| cues_of(other, passage));
            let elsewhere = best_other.fold(0.0, f32::max) > cues + 1.5;
            let score = cues + relevance(index) + self.recency(passage);
            let direct = passage.label_or_heading_hits(subject) || !elsewhere;
            Some(Ranked { passage, score: if elsewhere { score * OTHER_SUBJECT } else { score }, direct })
        });
        candidates.collect()
    }

    fn by_words(&self, question: &Question) -> Vec<Ranked<'a, 'a>> {
        let asked = self.asked(question);
        if asked.is_empty() {
            return Vec::new();
        }
        let helping =
            self.stems_of(&format!("{} {} {}", question.wording, question.help, question.options.join(" ")));
        let relevance = self.relevance(&helping);
        let candidates = self.passages.iter().enumerate().filter_map(|(index, passage)| {
            let coverage = self.coverage(&asked, passage);
            if coverage < COVERAGE_ENOUGH || passage.is_question {
                return None;
            }
            let score = 3.0 * coverage + relevance(index) + self.recency(passage) - errands(passage);
            Some(Ranked { passage, score, direct: coverage > 0.75 })
        });
        candidates.collect()
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
        let around = stem_set(&format!("{} {}", passage.heading, passage.label), self.language);
        let weight = |stem: &String| {
            let seen = self.frequency.get(stem).copied().unwrap_or(0);
            (1.0 + self.passages.len() as f32 / (seen as f32 + 1.0)).ln()
        };
        let total: f32 = asked.iter().map(weight).sum();
        let named = asked.iter().filter(|stem| passage.stems.contains(stem) || around.contains(*stem));
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

    /// BM25 of each passage, from 0 to 1.5 for the best of them.
    fn relevance(&self, query: &str) -> impl Fn(usize) -> f32 + use<> {
        let scores: BTreeMap<usize, f32> = self
            .scorer
            .matches(&self.embedder.embed(query))
            .into_iter()
            .map(|found| (found.id, found.score))
            .collect();
        let best = scores.values().copied().fold(0.0, f32::max);
        move |index| if best > 0.0 { 1.5 * scores.get(&index).copied().unwrap_or(0.0) / best } else { 0.0 }
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
        hits(subject.headings, &self.heading) + hits(subject.headings, &self.label) > 0
    }
}

fn document(passage: &Passage<'_>, language: Language) -> String {
    let around = stem_set(&format!("{} {}", passage.heading, passage.label), language);
    passage.stems.iter().chain(&around).map(String::as_str).collect::<Vec<_>>().join(" ")
}

fn cues(subject: &Subject, passage: &Passage<'_>) -> f32 {
    let base = cues_of(subject, passage);
    if base < CUES_ENOUGH {
        return base;
    }
    let digits = passage.words.chars().any(|c| c.is_ascii_digit());
    base + match subject.id {
        "go_live" if !dates::mentions(passage.text()).is_empty() => 3.0,
        "go_live" if digits => 0.0,
        "go_live" => -2.5,
        "top_goals" if digits => 1.0,
        _ => 0.0,
    }
}

fn cues_of(subject: &Subject, passage: &Passage<'_>) -> f32 {
    if passage.is_question || !may_answer(subject, passage) {
        return 0.0;
    }
    let capped = |count: usize, most: usize| count.min(most) as f32;
    let strong = hits(subject.strong, &passage.words);
    let plain = if strong > 0 { 3.0 + 0.8 * capped(strong - 1, 2) } else { 0.0 };
    let placed = if passage.label_or_heading_hits(subject) { 3.5 } else { 0.0 };
    plain + placed + 0.4 * capped(hits(subject.weak, &passage.words), 3) - errands(passage)
}

fn hits(cues: &[&str], words: &str) -> usize {
    cues.iter().filter(|cue| words.contains(**cue)).count()
}

fn errands(passage: &Passage<'_>) -> f32 {
    3.0 * hits(ERRANDS, &passage.words).min(2) as f32
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
            passage.label == " " || hits(&told, &passage.label) > 0 || passage.label_or_heading_hits(subject)
        }
        _ => true,
    }
}

/// Whether the folded words of `phrase` stand in `words` one after the other.
pub(crate) fn names(words: &str, phrase: &str) -> bool {
    let phrase = padded(phrase);
    phrase.trim() != "" && words.contains(&phrase)
}
