//! Text as it compares: compatibility-decomposed, white space and quote marks alike, each piece knowing where it stood.

use std::ops::Range;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

/// A text folded for comparison, with the way back to the original.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    text: String,
    pieces: Vec<Piece>,
}

/// One folded character: where it stands in the folded text, and the bytes of the original that it came from.
#[derive(Debug, Clone, Copy)]
struct Piece {
    at: usize,
    start: usize,
    end: usize,
}

impl Folded {
    /// Folds `original`. Two texts that look and mean the same fold to the same; look-alike letters of other scripts
    /// do not.
    pub(crate) fn new(original: &str) -> Self {
        let mut decomposed: Vec<(char, usize, usize)> = Vec::with_capacity(original.len());
        for (start, c) in original.char_indices().filter(|&(_, c)| !is_ignorable(c)) {
            let end = start + c.len_utf8();
            let alike = alike(c);
            if alike == c {
                decompose_compatible(c, |part| decomposed.push((self::alike(part), start, end)));
            } else {
                decomposed.push((alike, start, end));
            }
        }
        order_marks(&mut decomposed);
        Self::join(&decomposed)
    }

    fn join(decomposed: &[(char, usize, usize)]) -> Self {
        let mut folded = Self::default();
        for &(c, start, end) in decomposed {
            match folded.pieces.last_mut() {
                Some(last) if c == ' ' && folded.text.ends_with(' ') => last.end = end,
                _ => {
                    folded.pieces.push(Piece { at: folded.text.len(), start, end });
                    folded.text.push(c);
                }
            }
        }
        folded
    }

    /// The folded text, without white space at its ends.
    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// Every place in the original where `needle` (folded, trimmed) stands, in order, cut through no character.
    pub(crate) fn find<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        let haystack = if needle.is_empty() { "" } else { self.text.as_str() };
        haystack.match_indices(needle).filter_map(|(at, found)| self.original_range(at..at + found.len()))
    }

    fn original_range(&self, folded: Range<usize>) -> Option<Range<usize>> {
        let first = self.pieces.binary_search_by_key(&folded.start, |piece| piece.at).ok()?;
        let next = self.pieces.partition_point(|piece| piece.at < folded.end);
        let pieces = self.pieces.get(first..next)?;
        let (start, end) = (pieces.first()?.start, pieces.iter().map(|piece| piece.end).max()?);
        let starts_inside = first > 0 && self.pieces[first - 1].end > start;
        let ends_inside = self.pieces.get(next).is_some_and(|piece| piece.start < end || self.is_mark(piece));
        (!starts_inside && !ends_inside).then_some(start..end)
    }

    fn is_mark(&self, piece: &Piece) -> bool {
        self.text[piece.at..].chars().next().is_some_and(|c| canonical_combining_class(c) != 0)
    }
}

/// Canonical order of combining marks: stable by class within each run of marks.
fn order_marks(decomposed: &mut [(char, usize, usize)]) {
    for run in decomposed.chunk_by_mut(|a, b| class(a) != 0 && class(b) != 0) {
        run.sort_by_key(class);
    }
}

fn class(piece: &(char, usize, usize)) -> u8 {
    canonical_combining_class(piece.0)
}

/// White space, quote marks and dashes of every kind compare as one of each.
fn alike(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        '"' | '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | '‹'
        | '›' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        c => c,
    }
}

/// Characters that show nothing and that writing programs leave behind.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}
