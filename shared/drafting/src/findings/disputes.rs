//! What sources can disagree about beside dates and counts: who decides or signs, and what the start takes in.

use super::Cues;
use crate::clean;
use crate::extractive::{Passage, padded};
use handoff_domain::source::{Source, SourceKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Words of a name that are shorter than this are particles and initials.
const NAME_MIN_CHARS: usize = 3;

/// A matter of the start has a name of at least this many letters.
const MATTER_MIN_CHARS: usize = 4;

/// A word in more passages than this is what the whole sale is about, not a part of it.
const MATTER_MAX_PASSAGES: usize = 6;

/// Sentences with more words than this speak of more than one matter.
const PLAIN_MAX_WORDS: usize = 22;

static CUES: LazyLock<Cues> = LazyLock::new(|| Cues::parse(include_str!("disputes.txt")));

/// What somebody is said to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    /// Chooses.
    Decides,
    /// Signs.
    Signs,
}

/// The customer's people, by the words of their names.
pub(super) struct People<'a> {
    names: Vec<(&'a str, BTreeSet<String>)>,
}

impl<'a> People<'a> {
    pub(super) fn of(sources: &'a [Source]) -> Self {
        let contacts = sources.iter().filter(|source| source.kind == SourceKind::Contact);
        let words = |name: &str| {
            let long = name.split_whitespace().filter(|word| word.chars().count() >= NAME_MIN_CHARS);
            long.map(padded).collect()
        };
        Self { names: contacts.map(|contact| (contact.title.as_str(), words(&contact.title))).collect() }
    }

    /// The one person who, as the passage says, decides or signs. Nobody where it names several, or asks.
    pub(super) fn in_power(&self, passage: &Passage<'_>) -> Option<(Power, String)> {
        let cues = CUES.of(&passage.words);
        let power = match (cues.contains("decides"), cues.contains("signs")) {
            (true, false) => Power::Decides,
            (false, true) => Power::Signs,
            _ => return None,
        };
        if passage.is_question {
            return None;
        }
        if cues.contains("self") {
            let writer = passage.speaker.as_deref().or(passage.source.author.as_deref())?;
            let name = clean::one_line(writer.split('<').next().unwrap_or_default());
            return self.names.iter().any(|(known, _)| *known == name).then_some((power, name));
        }
        let contacts = self
            .names
            .iter()
            .filter(|(_, words)| words.iter().any(|word| passage.words.contains(word.as_str())))
            .map(|(name, _)| (*name).to_owned());
        let others = bracketed(passage.text()).filter(|name| !self.knows(name));
        let named: BTreeSet<String> = contacts.chain(others).collect();
        let mut named = named.into_iter();
        named.next().filter(|_| named.next().is_none()).map(|name| (power, name))
    }

    fn knows(&self, name: &str) -> bool {
        let words = padded(name);
        self.names.iter().any(|(_, known)| known.iter().any(|word| words.contains(word.as_str())))
    }
}

/// Full names in brackets, as people name someone for the first time: `group procurement (Stuart Hale)`.
fn bracketed(text: &str) -> impl Iterator<Item = String> {
    let inside = text.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    let is_name = |words: &Vec<&str>| {
        let capital = |word: &&str| {
            let mut chars = word.chars();
            chars.next().is_some_and(char::is_uppercase)
                && chars.clone().count() >= 2
                && chars.all(char::is_lowercase)
        };
        words.len() == 2 && words.iter().all(capital)
    };
    inside
        .map(|inside| inside.split_whitespace().collect::<Vec<_>>())
        .filter(is_name)
        .map(|words| words.join(" "))
}

/// The matters that some passages take into the start and others leave out of it, each with whether it is taken in.
pub(super) fn matters<'p, 'a>(passages: &'p [Passage<'a>]) -> Vec<(String, Vec<(&'p Passage<'a>, bool)>)> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for passage in passages {
        for stem in passage.stems.iter().map(String::as_str).collect::<BTreeSet<_>>() {
            *places.entry(stem).or_default() += 1;
        }
    }
    let mut told: BTreeMap<&str, Vec<(&'p Passage<'a>, bool)>> = BTreeMap::new();
    for passage in passages.iter().filter(|passage| is_plain(passage)) {
        let cues = CUES.of(&passage.words);
        let taken_in = cues.contains("taken_in");
        if taken_in == cues.contains("left_out") {
            continue;
        }
        for stem in passage.stems.iter().collect::<BTreeSet<_>>() {
            let is_rare = places.get(stem.as_str()).is_some_and(|count| *count <= MATTER_MAX_PASSAGES);
            if is_rare && name_of(passage.text(), stem).is_some() {
                told.entry(stem).or_default().push((passage, taken_in));
            }
        }
    }
    let disputed = |(stem, said): &(&str, Vec<(&Passage<'_>, bool)>)| {
        said.iter().any(|(_, taken_in)| *taken_in)
            && said.iter().any(|(_, taken_in)| !*taken_in)
            && said.iter().any(|(passage, _)| is_named(passage.text(), stem))
    };
    told.into_iter()
        .filter(disputed)
        .map(|(stem, said)| (name_of(said[0].0.text(), stem).unwrap_or(stem).to_owned(), said))
        .collect()
}

fn is_plain(passage: &Passage<'_>) -> bool {
    !passage.is_question
        && !passage.concepts.has("moved")
        && !matches!(passage.source.kind, SourceKind::Deal | SourceKind::Company | SourceKind::Contact)
        && passage.words.split_whitespace().count() <= PLAIN_MAX_WORDS
}

/// Whether the word with this stem is written as a name: with a capital, and not only because it begins the sentence.
fn is_named(text: &str, stem: &str) -> bool {
    let first = text.split_whitespace().next().map(bare);
    name_of(text, stem).is_some_and(|word| {
        let has_inner_capital = word.chars().skip(1).any(char::is_uppercase);
        word.chars().next().is_some_and(char::is_uppercase) && (has_inner_capital || Some(word) != first)
    })
}

fn name_of<'t>(text: &'t str, stem: &str) -> Option<&'t str> {
    let mut words = text.split_whitespace().map(bare).filter(|word| word.chars().count() >= MATTER_MIN_CHARS);
    // A stem may end in another letter than its word: `shopifi`.
    let root: String = stem.chars().take(stem.chars().count().max(MATTER_MIN_CHARS + 1) - 1).collect();
    words.find(|word| padded(word).trim().starts_with(&root))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
