//! Which parts of the sources the model reads: the newest and most relevant first, until its budget of tokens is used.
//! The same choice for the same sources and questions, every time; what is left out is told.

use super::relevance::Relevance;
use super::tokens;
use crate::clean;
use crate::drafter::DraftRequest;
use handoff_domain::source::{Source, SourceGap, SourceKind};
use std::collections::BTreeMap;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Tokens of a part that is chosen or left out as one.
const BLOCK_TOKENS: usize = 120;

/// Longest part without a sentence end, in bytes: what has none is no prose.
const BLOCK_MAX_BYTES: usize = 1_500;

/// Tokens that the line above and below each source takes.
const CAPTION_TOKENS: usize = 40;

/// What the newest source is ahead of the oldest, where the most relevant part is 1 ahead of one that shares no word.
const RECENCY: f32 = 0.5;

/// Sources of one kind that are named one by one when they are left out.
const NAMED_MAX: usize = 3;

/// Stands where parts of a source were left out.
const CUT: &str = "\n[… cut …]\n";

/// One source as the model reads it.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    /// The whole source.
    pub(super) source: &'a Source,
    /// What the model reads of it.
    pub(super) text: String,
}

/// What the model reads, in the order in which it was written, and what it does not.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) excerpts: Vec<Excerpt<'a>>,
    pub(super) left_out: Vec<SourceGap>,
}

/// A source made ready for choosing from.
struct Material<'a> {
    source: &'a Source,
    text: String,
    blocks: Vec<Range<usize>>,
}

impl<'a> Material<'a> {
    fn new(source: &'a Source) -> Self {
        let text = clean::visible(&source.body);
        Self { source, blocks: blocks(&text), text }
    }
}

/// One part of one source.
#[derive(Clone, Copy)]
struct Block {
    material: usize,
    place: usize,
    tokens: usize,
}

/// Picks what is read within `budget_tokens`. Records and what the AE added come first.
pub(super) fn choose<'a>(request: &DraftRequest<'a>, budget_tokens: usize) -> Reading<'a> {
    let materials: Vec<Material<'a>> = materials(request.sources);
    let mut taken: Vec<Vec<bool>> = materials.iter().map(|one| vec![false; one.blocks.len()]).collect();
    let mut left = budget_tokens;
    for block in ranked(request, &materials) {
        let Some(of_source) = taken.get_mut(block.material) else { continue };
        let caption = if of_source.contains(&true) { 0 } else { CAPTION_TOKENS };
        if let Some(place) = of_source.get_mut(block.place).filter(|_| block.tokens + caption <= left) {
            *place = true;
            left -= block.tokens + caption;
        }
    }
    let left_out = gaps(&materials, &taken);
    let read = materials.into_iter().zip(&taken).filter(|(_, taken)| taken.contains(&true));
    let mut excerpts: Vec<Excerpt<'a>> = read
        .map(|(material, taken)| Excerpt { source: material.source, text: excerpt(&material, taken) })
        .collect();
    excerpts.sort_by_key(|excerpt| (excerpt.source.date, excerpt.source.kind, excerpt.source.id.clone()));
    Reading { excerpts, left_out }
}

/// Patterns are no evidence, and so the model does not see them.
fn materials(sources: &[Source]) -> Vec<Material<'_>> {
    let readable = sources.iter().filter(|source| source.kind != SourceKind::Pattern);
    let mut materials: Vec<Material<'_>> =
        readable.map(Material::new).filter(|material| !material.text.trim().is_empty()).collect();
    materials.sort_by(|a, b| b.source.date.cmp(&a.source.date).then_with(|| a.source.id.cmp(&b.source.id)));
    materials
}

/// Whole sentences, about [`BLOCK_TOKENS`] each, that cover the text.
fn blocks(text: &str) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for sentence in text.split_sentence_bounds() {
        for piece in pieces(sentence) {
            let grown = end + piece.len();
            if end > start && tokens::count(&text[start..grown]) > BLOCK_TOKENS {
                blocks.push(start..end);
                start = end;
            }
            end = grown;
        }
    }
    if end > start {
        blocks.push(start..end);
    }
    blocks
}

fn pieces(mut sentence: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while sentence.len() > BLOCK_MAX_BYTES {
        let (piece, rest) = sentence.split_at(sentence.floor_char_boundary(BLOCK_MAX_BYTES));
        pieces.push(piece);
        sentence = rest;
    }
    pieces.push(sentence);
    pieces
}

/// All blocks, the most useful first: those of records, then by relevance and newness.
fn ranked(request: &DraftRequest<'_>, materials: &[Material<'_>]) -> Vec<Block> {
    let mut all: Vec<(Block, &str)> = Vec::new();
    for (index, material) in materials.iter().enumerate() {
        all.extend(material.blocks.iter().enumerate().map(|(place, range)| {
            let text = &material.text[range.clone()];
            (Block { material: index, place, tokens: tokens::count(text) }, text)
        }));
    }
    let texts: Vec<&str> = all.iter().map(|(_, text)| *text).collect();
    let relevance = Relevance::new(request).scores(&texts);
    let mut scored: Vec<(bool, f32, Block)> = all
        .iter()
        .zip(relevance)
        .map(|((block, _), relevance)| {
            let is_later = materials.get(block.material).is_none_or(|one| !is_record(one.source.kind));
            let score = relevance + RECENCY * newness(block.material, materials.len());
            (is_later, score, *block)
        })
        .collect();
    scored.sort_by(|a, b| {
        (a.0.cmp(&b.0))
            .then_with(|| b.1.total_cmp(&a.1))
            .then_with(|| (a.2.material, a.2.place).cmp(&(b.2.material, b.2.place)))
    });
    scored.into_iter().map(|(_, _, block)| block).collect()
}

/// From 1 for the newest source down to 0: materials stand newest first.
#[allow(clippy::cast_precision_loss, reason = "there are far fewer than 2^24 sources")]
fn newness(material: usize, all: usize) -> f32 {
    1.0 - material as f32 / all.max(1) as f32
}

fn is_record(kind: SourceKind) -> bool {
    matches!(kind, SourceKind::Context | SourceKind::Deal | SourceKind::Company | SourceKind::Contact)
}

/// The blocks that are read, in their order, with a mark where others stood.
fn excerpt(material: &Material<'_>, taken: &[bool]) -> String {
    let mut text = String::new();
    let mut is_cut = false;
    for (range, taken) in material.blocks.iter().zip(taken) {
        if *taken {
            if is_cut {
                text.push_str(CUT);
            }
            text.push_str(&material.text[range.clone()]);
        }
        is_cut = !taken;
    }
    if is_cut {
        text.push_str(CUT);
    }
    text.trim_end_matches('\n').to_owned()
}

/// What was left out, by name where it is little, by number where it is much.
fn gaps(materials: &[Material<'_>], taken: &[Vec<bool>]) -> Vec<SourceGap> {
    let mut unread: BTreeMap<SourceKind, Vec<&Source>> = BTreeMap::new();
    let mut gaps = Vec::new();
    for (material, taken) in materials.iter().zip(taken) {
        if !taken.contains(&true) {
            unread.entry(material.source.kind).or_default().push(material.source);
        } else if taken.contains(&false) {
            gaps.push(gap(material.source, "was read in part only: it is too long to be read whole"));
        }
    }
    for (kind, sources) in unread {
        if sources.len() > NAMED_MAX {
            let what = "were left out: there was more material than the model reads at once";
            gaps.push(SourceGap { kind, reason: format!("{} {what}", sources.len()) });
        } else {
            let what = "was left out: there was more material than the model reads at once";
            gaps.extend(sources.into_iter().map(|source| gap(source, what)));
        }
    }
    gaps
}

fn gap(source: &Source, what: &str) -> SourceGap {
    SourceGap { kind: source.kind, reason: format!("“{}” {what}", clean::one_line(&source.title)) }
}

#[cfg(test)]
mod tests;
