//! Words as they compare across inflections: the language of a text, its stems, and its words folded for cue search.

use rust_stemmers::{Algorithm, Stemmer};
use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;
use whatlang::Lang;

/// The languages whose words we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Portuguese,
}

/// Text shorter than this, in characters, does not tell its language.
const TELLING_CHARS: usize = 40;

/// More text than this, in characters, tells no more about its language.
const SAMPLE_CHARS: usize = 600;

impl Language {
    /// From an ISO 639-1 code such as `de` or `de-CH`; English where it is none that we know.
    pub(crate) fn from_code(code: &str) -> Self {
        match code.get(..2).unwrap_or_default().to_ascii_lowercase().as_str() {
            "de" => Self::German,
            "fr" => Self::French,
            "es" => Self::Spanish,
            "it" => Self::Italian,
            "nl" => Self::Dutch,
            "pt" => Self::Portuguese,
            _ => Self::English,
        }
    }

    /// The language of a text, if the text is long enough to tell and it is one that we know.
    pub(crate) fn detect(text: &str) -> Option<Self> {
        if text.chars().take(TELLING_CHARS).count() < TELLING_CHARS {
            return None;
        }
        let text = text.char_indices().nth(SAMPLE_CHARS).map_or(text, |(end, _)| &text[..end]);
        match whatlang::Detector::with_allowlist(known()).detect_lang(text)? {
            Lang::Eng => Some(Self::English),
            Lang::Deu => Some(Self::German),
            Lang::Fra => Some(Self::French),
            Lang::Spa => Some(Self::Spanish),
            Lang::Ita => Some(Self::Italian),
            Lang::Nld => Some(Self::Dutch),
            Lang::Por => Some(Self::Portuguese),
            _ => None,
        }
    }

    /// As [`Language::detect`], only where the text leaves little doubt.
    pub(crate) fn surely(text: &str) -> Option<Self> {
        let sample = text.char_indices().nth(SAMPLE_CHARS).map_or(text, |(end, _)| &text[..end]);
        let info = whatlang::Detector::with_allowlist(known()).detect(sample)?;
        Self::detect(text).filter(|_| info.is_reliable())
    }

    fn stemmer(self) -> Stemmer {
        Stemmer::create(match self {
            Self::English => Algorithm::English,
            Self::German => Algorithm::German,
            Self::French => Algorithm::French,
            Self::Spanish => Algorithm::Spanish,
            Self::Italian => Algorithm::Italian,
            Self::Dutch => Algorithm::Dutch,
            Self::Portuguese => Algorithm::Portuguese,
        })
    }
}

fn known() -> Vec<Lang> {
    vec![Lang::Eng, Lang::Deu, Lang::Fra, Lang::Spa, Lang::Ita, Lang::Nld, Lang::Por]
}

/// The content words of `text` as stems: words that say nothing by themselves are left out.
pub(crate) fn stems(text: &str, language: Language) -> Vec<String> {
    let stemmer = language.stemmer();
    text.unicode_words()
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 1 && !is_filler(word))
        .map(|word| stemmer.stem(&word).into_owned())
        .collect()
}

/// One noun without the endings of number and case, in whatever language: for comparing it with itself.
pub(crate) fn stem_of(word: &str) -> String {
    word.to_lowercase().trim_end_matches(['s', 'n', 'e', 'x']).to_owned()
}

/// As [`stems`], each once.
pub(crate) fn stem_set(text: &str, language: Language) -> BTreeSet<String> {
    stems(text, language).into_iter().collect()
}

/// Lower-case words, each with one space on both sides, everything else taken out: ` go live by may `.
pub(crate) fn padded(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', '‘'], "'");
    let mut padded = String::with_capacity(lower.len() + 2);
    padded.push(' ');
    for word in
        lower.split(|c: char| !(c.is_alphanumeric() || c == '%' || c == '\'')).filter(|word| !word.is_empty())
    {
        padded.push_str(word);
        padded.push(' ');
    }
    padded
}

fn is_filler(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| FILLERS.split_whitespace().collect());
    SET.contains(word)
}

/// Words of grammar and of asking, in the languages above.
const FILLERS: &str = "\
    a an the and or but if so as at by for from in into of on to with about over under than then that this these those \
    it its is are was were be been being am do does did done has have had will would shall should can could may might must \
    i you he she we they me him her us them my your his our their what which who whom when where why how not no nor only \
    own same too very just also any all each some such other more most there here know they're it's we're i'm don't \
    der die das den dem des ein eine einen einem einer und oder aber wenn als an auf aus bei für mit nach von vor zu zum \
    zur über unter im in ist sind war waren sein werden wird wurde hat haben hatte ich du er sie es wir ihr mich uns was \
    welche welcher wer wann wo warum wie nicht nur auch sehr noch schon dass \
    le la les un une des du de et ou mais si que qui quoi dont où dans sur sous avec pour par est sont était être ont \
    avoir il elle ils elles nous vous je tu leur leurs ce cette ces quel quelle quels quelles pas ne plus aussi \
    el los las unos unas y o pero que quien cual cuales cuando donde como por para con sin en es son era fue ser estar \
    está están ha han su sus nuestro nuestra se lo no más también del al";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem_and_fillers_go() {
        assert_eq!(
            stems("What are their integrations?", Language::English),
            stems("the integration", Language::English)
        );
        assert_eq!(stem_set("die Ziele", Language::German), stem_set("Ziel", Language::German));
    }

    #[test]
    fn a_text_tells_its_language_when_it_is_long_enough() {
        assert_eq!(
            Language::detect("Wir möchten die Anfragen unserer Kunden schneller beantworten."),
            Some(Language::German)
        );
        assert_eq!(Language::detect("ok"), None);
    }

    #[test]
    fn padded_text_is_words_between_spaces() {
        assert_eq!(padded("Go-live: by May, 30% up!"), " go live by may 30% up ");
    }
}
