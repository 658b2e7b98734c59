//! What our people promised the customer: commitments that they wrote or said, and those that their notes report.

use super::{Cues, hash_id};
use crate::clean;
use crate::evidence::citation_at;
use crate::extractive::{Passage, Side};
use handoff_domain::finding::Promise;
use handoff_domain::id::PromiseId;
use handoff_domain::source::SourceKind;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Promises that are shown; more is a contract, not a list.
const PROMISES_MAX: usize = 12;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::parse(include_str!("promises.txt")));

/// The promises among the passages, oldest first.
pub(super) fn promises(passages: &[Passage<'_>]) -> Vec<Promise> {
    let mut seen = BTreeSet::new();
    let mut found: Vec<Promise> = passages
        .iter()
        .filter(|passage| is_promise(passage))
        .filter_map(promise)
        .filter(|promise| seen.insert(promise.id.clone()))
        .collect();
    found.sort_by_key(|promise| promise.date);
    found.truncate(PROMISES_MAX);
    found
}

fn is_promise(passage: &Passage<'_>) -> bool {
    let cues = CUES.of(&passage.words);
    let has = |name: &str| cues.contains(name);
    if passage.side != Side::Ours || passage.is_question || has("refusal") {
        return false;
    }
    if passage.source.kind == SourceKind::Email || passage.speaker.is_some() {
        let acts = has("will") && has("deed") && !has("polite");
        return has("gift") || has("word") || acts;
    }
    let is_ours = matches!(passage.source.kind, SourceKind::Note | SourceKind::Call | SourceKind::Meeting);
    is_ours && has("reported")
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
