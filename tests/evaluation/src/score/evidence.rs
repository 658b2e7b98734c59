//! Whether shown quotes stand in their source, and whether they are about what gold quotes are about.

use crate::gold::{Gold, Quote};
use crate::text::{holds_terms, is_verbatim, overlaps};
use handoff_domain::draft::Citation;
use handoff_domain::source::Source;

/// How a statement was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It cites the words that gold cites.
    Cited,
    /// Its wording holds the terms.
    Terms,
}

/// A quote as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownQuote {
    /// The source's id.
    pub source: String,
    /// The words.
    pub quote: String,
    /// Whether they stand in the source.
    pub is_verbatim: bool,
}

/// Citations as they are shown.
pub(super) fn shown(citations: &[Citation], sources: &[Source]) -> Vec<ShownQuote> {
    let show = |citation: &Citation| check(citation.source.as_str(), &citation.quote, sources);
    citations.iter().map(show).collect()
}

fn check(id: &str, quote: &str, sources: &[Source]) -> ShownQuote {
    let stands = |source: &Source| source.id.as_str() == id && is_verbatim(quote, &source.body);
    ShownQuote { source: id.to_owned(), quote: quote.to_owned(), is_verbatim: sources.iter().any(stands) }
}

/// Whether any of the citations is about the place of any of the gold quotes.
pub(super) fn cites(citations: &[Citation], gold: &[Quote]) -> bool {
    citations.iter().any(|citation| {
        gold.iter().any(|quote| {
            is_of(citation.source.as_str(), &quote.source) && overlaps(&citation.quote, &quote.quote)
        })
    })
}

/// A source that was split has parts whose ids go on from its own.
fn is_of(source: &str, whole: &str) -> bool {
    source.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// How a statement with this text and these citations states what gold says.
pub(super) fn states(
    text: &str,
    citations: &[Citation],
    quotes: &[Quote],
    terms: &[Vec<String>],
) -> Option<How> {
    if cites(citations, quotes) {
        return Some(How::Cited);
    }
    holds_terms(&own_words(text, citations), terms).then_some(How::Terms)
}

/// The text without what it repeats of its quotes: those words are judged by where they stand, for a word like `calendar`
/// stands in many a sentence that says something else.
pub(super) fn own_words<'a>(text: &str, citations: impl IntoIterator<Item = &'a Citation>) -> String {
    let mut text = text.to_owned();
    for citation in citations {
        let quote = citation.quote.trim();
        if !quote.is_empty() {
            text = text.replace(quote, " ");
        }
    }
    text
}

/// What gold says that stands in none of the sources, title and author included: the first quote of each. What a mail repeats need
/// only stand in the mail that it repeats, and a signature where it is kept.
pub(super) fn lost<'a>(gold: &Gold, sources: &'a [Source]) -> Vec<ShownQuote> {
    let questions = gold.questions.values();
    let facts = questions
        .flat_map(|question| question.facts.iter().map(|fact| &fact.quotes).chain([&question.quotes]));
    let versions = gold.conflicts.iter().flat_map(|conflict| &conflict.versions);
    let findings =
        versions.map(|version| &version.quotes).chain(gold.promises.iter().map(|promise| &promise.quotes));
    // Records are read field by field, in another order than the set's writers saw them.
    let stands = |quote: &Quote| {
        let texts = |source: &'a Source| -> [&'a str; 3] {
            let Source { body, title, author, .. } = source;
            [body, title, author.as_deref().unwrap_or_default()]
        };
        let mut texts = sources.iter().flat_map(texts);
        texts.any(|text| is_verbatim(&quote.quote, text) || overlaps(&quote.quote, text))
    };
    let lost = facts.chain(findings).filter(|quotes| !quotes.iter().any(stands));
    lost.filter_map(|quotes| quotes.first())
        .map(|quote| ShownQuote {
            source: quote.source.clone(),
            quote: quote.quote.clone(),
            is_verbatim: false,
        })
        .collect()
}
