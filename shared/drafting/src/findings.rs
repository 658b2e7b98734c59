//! What the sources hold beside answers, found by code for both drafters: what they disagree about, what Sales promised.

mod conflicts;
mod counts;
mod disputes;
mod promises;

use crate::drafter::DraftRequest;
use crate::extractive::Material;
use crate::extractive::padded;
use aho_corasick::AhoCorasick;
use data_encoding::HEXLOWER;
use handoff_domain::finding::{Conflict, Promise};
pub(crate) use promises::binding_cues;
use ring::digest::{SHA256, digest};
use std::collections::BTreeSet;

/// Bytes of a hash that an id shows: enough that two findings of one account never meet.
const ID_BYTES: usize = 12;

/// What the sources of this request disagree about, and what our people promised, oldest first. Text that speaks to a
/// machine is neither.
pub fn find(request: &DraftRequest<'_>) -> (Vec<Conflict>, Vec<Promise>) {
    of_material(request, &Material::read(request))
}

/// As [`find`], of material that was read already.
pub(crate) fn of_material(
    request: &DraftRequest<'_>,
    material: &Material<'_>,
) -> (Vec<Conflict>, Vec<Promise>) {
    (conflicts::conflicts(request, material), promises::promises(material))
}

/// An id that stays the same as long as the words do.
fn hash_id(prefix: &str, words: &str) -> String {
    let hash = digest(&SHA256, padded(words).as_bytes());
    format!("{prefix}{}", HEXLOWER.encode(&hash.as_ref()[..ID_BYTES]))
}

/// Named lists of cues, of the same format as the concepts.
struct Cues {
    automaton: Option<AhoCorasick>,
    owners: Vec<&'static str>,
}

impl Cues {
    fn parse(text: &'static str) -> Self {
        let (mut name, mut cues, mut owners) = ("", Vec::new(), Vec::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name = section;
            } else if let Some((_, listed)) = line.split_once(": ") {
                cues.extend(listed.split(", ").map(|cue| {
                    cue.strip_suffix('*')
                        .map_or_else(|| format!(" {cue} "), |beginning| format!(" {beginning}"))
                }));
                owners.resize(cues.len(), name);
            }
        }
        Self { automaton: AhoCorasick::new(&cues).ok(), owners }
    }

    /// The lists that have a cue in these folded words.
    fn of(&self, words: &str) -> BTreeSet<&'static str> {
        let found = self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(words));
        found.filter_map(|found| self.owners.get(found.pattern().as_usize()).copied()).collect()
    }
}

#[cfg(test)]
mod tests;
