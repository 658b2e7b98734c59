//! What our people promised the customer: commitments that they wrote or said, and those that their notes report.

use super::{Cues, hash_id};
use crate::clean;
use crate::evidence::citation_at;
use crate::extractive::{Material, Passage, Side};
use handoff_domain::finding::Promise;
use handoff_domain::id::PromiseId;
use handoff_domain::source::SourceKind;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Promises that are shown; more is a contract, not a list.
const PROMISES_MAX: usize = 12;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::parse(include_str!("promises.txt")));

/// How probable it must be that words of ours bind us.
const SURE: f32 = 0.35;

/// The lists of binding and of merely polite words that have a cue in these folded words.
pub(crate) fn binding_cues(words: &str) -> BTreeSet<&'static str> {
    CUES.of(words)
}

/// The promises of this material, oldest first.
pub(super) fn promises(material: &Material<'_>) -> Vec<Promise> {
    let bound = material.binding(SURE).filter(|passage| is_said_by_us(passage));
    let told = material.passages.iter().filter(|passage| is_reported(passage));
    let mut seen = BTreeSet::new();
    let mut found: Vec<Promise> =
        bound.chain(told).filter_map(promise).filter(|promise| seen.insert(promise.id.clone())).collect();
    found.sort_by_key(|promise| promise.date);
    found.truncate(PROMISES_MAX);
    found
}

/// Whether one of us wrote or said it to the customer, and neither asks, declines nor is merely polite.
fn is_said_by_us(passage: &Passage<'_>) -> bool {
    let is_told = passage.source.kind == SourceKind::Email || passage.speaker.is_some();
    let cues = binding_cues(&passage.words);
    let is_polite = cues.contains("polite") && !cues.contains("gift") && !cues.contains("word");
    is_told && passage.side == Side::Ours && !passage.is_question && !cues.contains("refusal") && !is_polite
}

/// Whether a note of ours says that we promised it.
fn is_reported(passage: &Passage<'_>) -> bool {
    let is_note = matches!(passage.source.kind, SourceKind::Note | SourceKind::Call | SourceKind::Meeting);
    let cues = binding_cues(&passage.words);
    is_note
        && passage.speaker.is_none()
        && !passage.is_question
        && cues.contains("reported")
        && !cues.contains("refusal")
}

fn promise(passage: &Passage<'_>) -> Option<Promise> {
    let source = passage.source;
    let quote = &source.body[passage.whole()];
    let author = passage.speaker.as_deref().or(source.author.as_deref());
    let by = author.map(|author| clean::one_line(author.split('<').next().unwrap_or_default()));
    Some(Promise {
        id: PromiseId::parse(hash_id("p-", quote)).ok()?,
        text: clean::one_line(quote),
        by: by.filter(|by| !by.is_empty()),
        date: source.date,
        citations: vec![citation_at(source, passage.whole())],
    })
}
