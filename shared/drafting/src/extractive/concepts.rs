//! What a sentence speaks of: a few dozen concepts that any sale has, each with its words in the languages of sources.

use crate::extractive::language::{Language, padded};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// Begins the sections whose words count in headings, labels and titles only.
const HEADING: &str = "heading.";

/// A set of concepts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Concepts(u128);

impl Concepts {
    /// The concepts in a sentence of an unknown language.
    pub(crate) fn of(text: &str) -> Self {
        Self::in_words(&padded(text), None)
    }

    /// The concepts in folded words. English stands in sentences of every language, the others only in their own: `but`
    /// is a goal in French.
    pub(crate) fn in_words(words: &str, language: Option<Language>) -> Self {
        Self(find(words, language).0 & !LEXICON.headings)
    }

    /// The concepts in a heading, a label or a title, with the subjects that these announce.
    pub(crate) fn of_heading(text: &str, language: Option<Language>) -> Self {
        find(&padded(text), language)
    }

    /// Whether the concept of this name is among them.
    pub(crate) fn has(self, name: &str) -> bool {
        let index = LEXICON.names.iter().position(|known| *known == name);
        index.is_some_and(|index| self.0 & (1 << index) != 0)
    }

    /// Whether any concept of these names is among them.
    pub(crate) fn has_any(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Whether a heading announces the subject.
    pub(crate) fn announces(self, subject: &str) -> bool {
        self.has(&format!("{HEADING}{subject}"))
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Their names, in the order of the file.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        LEXICON
            .names
            .iter()
            .enumerate()
            .filter(move |(index, _)| self.0 & (1 << index) != 0)
            .map(|(_, name)| *name)
    }
}

/// The cues of the concept of this name, in every language, as they are looked up in folded words.
pub(crate) fn cues_of(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let index = LEXICON.names.iter().position(|known| *known == name);
    let owned = LEXICON.cues.iter().zip(&LEXICON.owners);
    owned.filter(move |(_, (owner, _))| Some(*owner) == index).map(|(cue, _)| cue.as_str())
}

struct Lexicon {
    names: Vec<&'static str>,
    headings: u128,
    automaton: Option<AhoCorasick>,
    cues: Vec<String>,
    /// Which concept each cue belongs to, and in which language.
    owners: Vec<(usize, Language)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| parse(include_str!("concepts.txt")));

fn find(words: &str, language: Option<Language>) -> Concepts {
    let Some(automaton) = &LEXICON.automaton else { return Concepts::default() };
    let is_spoken = |of: Language| of == Language::English || language.is_none_or(|language| language == of);
    let found = automaton
        .find_overlapping_iter(words)
        .filter_map(|found| LEXICON.owners.get(found.pattern().as_usize()))
        .filter(|(_, language)| is_spoken(*language));
    Concepts(found.fold(0, |set, (index, _)| set | (1 << index)))
}

fn parse(text: &'static str) -> Lexicon {
    let mut lexicon =
        Lexicon { names: Vec::new(), headings: 0, automaton: None, cues: Vec::new(), owners: Vec::new() };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            lexicon.headings |= u128::from(name.starts_with(HEADING)) << lexicon.names.len();
            lexicon.names.push(name);
        } else if let Some((language, listed)) = line.split_once(": ") {
            let owner = (lexicon.names.len().saturating_sub(1), Language::from_code(language));
            lexicon.cues.extend(listed.split(", ").map(cue));
            lexicon.owners.resize(lexicon.cues.len(), owner);
        }
    }
    lexicon.automaton = AhoCorasick::new(&lexicon.cues).ok();
    lexicon
}

/// The cue as it is looked up: with a space where a word must begin or end.
fn cue(text: &str) -> String {
    let (begins, text) = text.strip_prefix('*').map_or((" ", text), |rest| ("", rest));
    let (text, ends) = text.strip_suffix('*').map_or((text, " "), |rest| (rest, ""));
    format!("{begins}{text}{ends}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_meant_in_every_language() {
        for text in
            ["They sign in with a password.", "Anmeldung mit Passwort.", "Connexion par mot de passe."]
        {
            assert!(Concepts::of(text).has("login"), "{text}");
        }
        assert!(!Concepts::of("A long design meeting").has("login"));
        assert!(Concepts::of("die ERP-Schnittstellen").has("system_word"));
    }

    #[test]
    fn headings_announce_and_sentences_do_not() {
        assert!(Concepts::of_heading("Ziele:", None).announces("top_goals"));
        assert!(!Concepts::of("Ziele:").announces("top_goals"));
    }

    #[test]
    fn every_cue_is_written_as_words_are_folded() {
        for line in include_str!("concepts.txt").lines().filter(|line| line.get(2..4) == Some(": ")) {
            for text in line[4..].split(", ") {
                let bare = text.trim_matches('*');
                assert_eq!(padded(bare).trim(), bare, "{text}");
            }
        }
        assert!(LEXICON.names.len() <= 128 && LEXICON.headings.count_ones() == 8);
    }
}
