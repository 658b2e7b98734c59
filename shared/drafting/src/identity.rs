//! Ids of what is found in the sources: they follow from the words, so that a new draft finds the same again.

use handoff_domain::finding::Version;
use handoff_domain::id::{ConflictId, PromiseId, QuestionId};
use ring::digest::{SHA256, digest};
use unicode_normalization::UnicodeNormalization;

/// Bytes of the digest that are kept: plenty for the few findings of one handoff.
const KEPT_BYTES: usize = 8;

/// The id of a conflict between these versions, in whatever order they come.
pub(crate) fn conflict_id(question: Option<&QuestionId>, versions: &[Version]) -> ConflictId {
    let mut quotes: Vec<String> = versions
        .iter()
        .flat_map(|version| &version.citations)
        .map(|citation| folded(&citation.quote))
        .collect();
    quotes.sort_unstable();
    quotes.dedup();
    let text = format!("{}|{}", question.map_or("", QuestionId::as_str), quotes.join("|"));
    ConflictId::parse(format!("c-{}", hash(&text)))
        .unwrap_or_else(|_| unreachable!("hexadecimal by construction"))
}

/// The id of a promise with this quote.
pub(crate) fn promise_id(quote: &str) -> PromiseId {
    let id = format!("p-{}", hash(&folded(quote)));
    PromiseId::parse(id).unwrap_or_else(|_| unreachable!("hexadecimal by construction"))
}

fn folded(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn hash(text: &str) -> String {
    use std::fmt::Write as _;
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().take(KEPT_BYTES).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
