//! Learns the weights by which the extractive drafter tells what a sentence answers: from labelled sentences, and from
//! the deals of the part to tune on. The part for the figures is never read.

pub mod regression;

use crate::EvaluationError;
use crate::deals::EvaluationDeal;
use crate::gold::{Gold, GoldValue};
use crate::text::overlaps;
use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};
use handoff_drafting::extractive::{Example, examples};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The questions' ids, and promises, in the order of the columns of the weights, each with its label in the files of sentences.
pub const SUBJECTS: [(&str, &str); 12] = [
    ("primary_use_case", "use_case"),
    ("top_goals", "goals"),
    ("risks", "risks"),
    ("stakeholders", "stakeholders"),
    ("technical_environment", "tech"),
    ("why_us", "why_us"),
    ("objections", "objections"),
    ("go_live", "go_live"),
    (PROMISE, "promise"),
    ("single_sign_on", "sso_yes"),
    ("single_sign_on", "sso_no"),
    ("integrations", "connect"),
];

/// No question, but what Sales promised.
pub const PROMISE: &str = "promise";

/// Its column; the given answers follow it.
pub const PROMISE_COLUMN: usize = 8;

/// The files whose labels tell of sign-on and of connected systems. Of others a sentence about technology may be of either,
/// without a label that says so.
const CHOICE_FILES: [&str; 2] = ["sso", "connect"];

/// What the two files tell of, as columns.
const CHOICE_COLUMNS: [Range<usize>; 2] = [9..11, 11..12];

/// The column of technology.
const TECHNOLOGY: usize = 4;

/// Deals or sentences that a word must stand in to be learned: words of one customer say nothing of the next.
const WORD_MIN_PLACES: usize = 6;

/// The same for everything else that is seen of a passage.
const FEATURE_MIN_PLACES: usize = 3;

/// Places of groups of sentences are counted from here: there are fewer deals.
const GROUPS_BEGIN: usize = 10_000;

/// A passage as it is seen, and what it answers.
#[derive(Debug, Clone)]
pub struct Lesson {
    /// The deal it is of, by its place in the list; nothing for a sentence from the files.
    pub deal: Option<usize>,
    /// The group of sentences that it is of: those of one made-up deal; nothing for a sentence by itself.
    pub group: Option<usize>,
    /// What is seen.
    pub example: Example,
    /// Which of [`SUBJECTS`] it answers.
    pub answers: [bool; SUBJECTS.len()],
    /// Whether what it says of sign-on, and of connected systems, is labelled, too.
    pub tells: [bool; 2],
}

/// The lessons of one deal: a passage answers a question when gold quotes the same place for it.
pub fn of_deal(at: usize, deal: &EvaluationDeal, sources: &[Source]) -> Vec<Lesson> {
    let lesson = |example: Example| {
        let answers = SUBJECTS.map(|(question, label)| {
            let value = deal.gold.questions.get(question).and_then(|right| right.value.as_ref());
            let says = |wanted: bool| matches!(value, Some(GoldValue::YesNo(told)) if *told == wanted);
            let is_other = label == "sso_yes" && !says(true) || label == "sso_no" && !says(false);
            !is_other && is_gold(&deal.gold, question, &example)
        });
        let asks = |question: &str| deal.gold.questions.contains_key(question);
        let tells = [asks("single_sign_on"), asks("integrations")];
        Lesson { deal: Some(at), group: None, example, answers, tells }
    };
    examples(sources, &deal.gold.language).into_iter().map(lesson).collect()
}

fn is_gold(gold: &Gold, question: &str, example: &Example) -> bool {
    let promised = gold.promises.iter().filter(|_| question == PROMISE).flat_map(|promise| &promise.quotes);
    let right = gold.questions.get(question);
    let quotes = right.into_iter().flat_map(|right| &right.facts).flat_map(|fact| &fact.quotes);
    let of_value = right.into_iter().flat_map(|right| &right.quotes);
    let mut of_source =
        quotes.chain(of_value).chain(promised).filter(|quote| quote.source == example.source.as_str());
    of_source.any(|quote| overlaps(&quote.quote, &example.quote))
}

/// The lessons of all files of sentences, in the order of their names: labels, kind of source, side and the sentence, between
/// tabs. A line `# deal: ...` begins a group of sentences that stand in one deal.
pub fn of_sentences(folder: &Path) -> Result<Vec<Lesson>, EvaluationError> {
    let failed = |source| EvaluationError::File { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "tsv"));
    paths.sort();
    let (mut lessons, mut groups) = (Vec::new(), 0);
    for path in paths {
        let failed = |source| EvaluationError::File { path: path.clone(), source };
        let text = fs::read_to_string(&path).map_err(failed)?;
        let tells = CHOICE_FILES.map(|name| path.file_stem().is_some_and(|stem| stem == name));
        let mut group = None;
        for line in text.lines() {
            if line.starts_with("# deal:") {
                group = Some(groups);
                groups += 1;
            } else {
                lessons.extend(of_sentence(line, group, tells));
            }
        }
    }
    Ok(lessons)
}

fn of_sentence(line: &str, group: Option<usize>, tells: [bool; 2]) -> Option<Lesson> {
    let mut fields = line.splitn(4, '\t');
    let (labels, kind, side, sentence) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let answers = SUBJECTS.map(|(_, label)| labels.split(',').any(|known| known == label));
    let sources = surroundings(kind, side, sentence)?;
    let seen = examples(&sources, "en").into_iter().filter(|example| example.source == sources[0].id);
    // A line of two sentences is one lesson.
    let example = seen.reduce(|mut first, next| {
        first.features.extend(next.features);
        first
    })?;
    Some(Lesson { deal: None, group, example, answers, tells })
}

/// The sentence as a source of its kind, and two records that tell who is ours and who is the customer's.
fn surroundings(kind: &str, side: &str, sentence: &str) -> Option<[Source; 3]> {
    let source = |id: &str, kind: SourceKind, title: &str, author: Option<&str>, body: String| {
        let (id, title, author) = (SourceId::parse(id).ok()?, title.to_owned(), author.map(str::to_owned));
        Some(Source { id, kind, title, author, date: None, body })
    };
    let speaks = |ours: &str, theirs: &str| if side == "us" { ours.to_owned() } else { theirs.to_owned() };
    let (kind, author, body) = match kind {
        "email" => (
            SourceKind::Email,
            speaks("Ana Ellis <a@us.example>", "Kim Lee <k@them.example>"),
            sentence.to_owned(),
        ),
        "call" => (
            SourceKind::Call,
            "Ana Ellis".to_owned(),
            format!("{}: {sentence}", speaks("Ana Ellis", "Kim Lee")),
        ),
        "task" => (SourceKind::Task, "Ana Ellis".to_owned(), sentence.to_owned()),
        "meeting" => (SourceKind::Meeting, "Ana Ellis".to_owned(), sentence.to_owned()),
        "deal" => (SourceKind::Deal, String::new(), format!("Description: {sentence}")),
        _ => (SourceKind::Note, "Ana Ellis".to_owned(), sentence.to_owned()),
    };
    Some([
        source("sentence", kind, "", Some(author.as_str()).filter(|author| !author.is_empty()), body)?,
        source("contact", SourceKind::Contact, "Kim Lee", None, "E-mail: k@them.example".to_owned())?,
        source("note", SourceKind::Note, "", Some("Ana Ellis"), "Intro.".to_owned())?,
    ])
}

impl Lesson {
    /// Whether its labels say if it answers this one of [`SUBJECTS`].
    pub fn is_told(&self, subject: usize) -> bool {
        let of_choice = CHOICE_COLUMNS.iter().position(|columns| columns.contains(&subject));
        of_choice.is_none_or(|choice| self.tells[choice] || !self.answers[TECHNOLOGY])
    }

    /// What all lessons of one deal share; nothing for a sentence by itself.
    pub fn place(&self) -> Option<usize> {
        self.deal.or(self.group.map(|group| GROUPS_BEGIN + group))
    }

    /// Whether one of our people says or writes it to the customer.
    pub fn is_ours(&self) -> bool {
        self.example.features.contains("ours.email") || self.example.features.contains("ours.speaker")
    }
}

/// Whether a feature is a stem, a word, two in a row, or a piece of one.
fn is_wording(feature: &str) -> bool {
    ["w.", "u.", "b.", "c."].iter().any(|kind| feature.starts_with(kind))
}

/// The features that stand in enough places, `always` first.
pub fn features(lessons: &[Lesson]) -> Vec<String> {
    let mut places: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (index, lesson) in lessons.iter().enumerate() {
        let place = lesson.place().unwrap_or(usize::MAX - index);
        for feature in &lesson.example.features {
            places.entry(feature).or_default().insert(place);
        }
    }
    let enough = |feature: &str| if is_wording(feature) { WORD_MIN_PLACES } else { FEATURE_MIN_PLACES };
    let kept = places.iter().filter(|(feature, places)| places.len() >= enough(feature));
    std::iter::once("always".to_owned()).chain(kept.map(|(feature, _)| (*feature).to_owned())).collect()
}
