//! What the model says of conflicts and promises, checked as its answers are, and joined with what code finds itself.

use super::answer::{ModelClaim, ModelConflict, ModelPromise};
use super::check::Checker;
use crate::clean;
use crate::identity::{conflict_id, promise_id};
use handoff_domain::draft::Citation;
use handoff_domain::finding::{Conflict, Promise, Version};
use handoff_domain::question::Question;
use handoff_domain::source::{Source, SourceKind};
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

/// Conflicts, and promises, that are shown: more is no help in two minutes.
const FINDINGS_MAX: usize = 20;

/// Longest title of a conflict.
const SUBJECT_MAX_CHARS: usize = 60;

/// Shorter words say nothing.
const WORD_MIN_CHARS: usize = 4;

/// Versions of one conflict.
const VERSIONS_MAX: usize = 4;

impl<'a> Checker<'a> {
    /// The conflicts that stand in the sources, the model's first; those that code finds as well are not repeated.
    pub(super) fn conflicts(&self, told: &[ModelConflict], found: Vec<Conflict>) -> Vec<Conflict> {
        let mut conflicts: Vec<Conflict> = told.iter().filter_map(|told| self.conflict(told)).collect();
        for conflict in found {
            let quotes = quotes_of_conflict(&conflict);
            if !conflicts.iter().any(|known| overlaps(&quotes_of_conflict(known), &quotes)) {
                conflicts.push(conflict);
            }
        }
        let mut seen = BTreeSet::new();
        conflicts.retain(|conflict| seen.insert(conflict.id.clone()));
        conflicts.truncate(FINDINGS_MAX);
        conflicts
    }

    /// The promises that stand in the sources, oldest first.
    pub(super) fn promises(&self, told: &[ModelPromise], found: Vec<Promise>) -> Vec<Promise> {
        let mut promises: Vec<Promise> = told.iter().filter_map(|told| self.promise(told)).collect();
        for promise in found {
            let is_known = |known: &Promise| overlaps(&quotes(&known.citations), &quotes(&promise.citations));
            if !promises.iter().any(is_known) {
                promises.push(promise);
            }
        }
        let mut seen = BTreeSet::new();
        promises.retain(|promise| seen.insert(promise.id.clone()));
        promises.sort_by_key(|promise| promise.date);
        promises.truncate(FINDINGS_MAX);
        promises
    }

    fn conflict(&self, told: &ModelConflict) -> Option<Conflict> {
        let mut versions: Vec<Version> =
            told.versions.iter().filter_map(|version| self.version(version)).take(VERSIONS_MAX).collect();
        versions.sort_by_key(|version| std::cmp::Reverse(version.date));
        let texts: BTreeSet<String> = versions.iter().map(|version| version.text.to_lowercase()).collect();
        let places: BTreeSet<(&str, &str)> =
            versions.iter().flat_map(|version| quotes(&version.citations)).collect();
        if versions.len() < 2 || texts.len() < versions.len() || places.len() < 2 {
            return None;
        }
        let citations: Vec<(Citation, &'a Source)> =
            versions.iter().flat_map(|version| self.with_sources(&version.citations)).collect();
        let asked = self.question(&told.question);
        let subject = self.subject(&told.subject, asked, &citations);
        let question = asked.map(|question| question.id.clone());
        Some(Conflict {
            id: conflict_id(question.as_ref(), &versions),
            question,
            kind: told.kind,
            subject: subject.unwrap_or_default(),
            versions,
        })
    }

    /// What a conflict is about, in words that the question or the sources use: a title rests on no quote, so it must not
    /// say anything of its own.
    fn subject(
        &self,
        told: &str,
        asked: Option<&Question>,
        citations: &[(Citation, &'a Source)],
    ) -> Option<String> {
        let told = clean::one_line(told);
        let known = |word: &str| {
            let stands = |text: &str| text.to_lowercase().contains(word);
            asked.is_some_and(|question| stands(&question.wording))
                || citations.iter().any(|(_, source)| stands(&source.body))
        };
        let words = told.unicode_words().map(str::to_lowercase);
        let is_known = words.filter(|word| word.chars().count() >= WORD_MIN_CHARS).all(|word| known(&word));
        let is_short = told.chars().count() <= SUBJECT_MAX_CHARS;
        (is_known && is_short).then(|| self.statement(&told, citations).ok()).flatten()
    }

    fn version(&self, told: &ModelClaim) -> Option<Version> {
        let citations = self.citations(&told.citations);
        let text = self.statement(&clean::one_line(&told.text), &citations).ok()?;
        let date = citations.iter().filter_map(|(_, source)| source.date).max();
        let citations: Vec<Citation> = citations.into_iter().map(|(citation, _)| citation).collect();
        (!citations.is_empty()).then_some(Version { text, citations, date })
    }

    /// A promise by someone whom its source names. What the AE added, and what stands on a website, is no promise.
    fn promise(&self, told: &ModelPromise) -> Option<Promise> {
        let mut citations = self.citations(&told.citations);
        citations.retain(|(_, source)| !matches!(source.kind, SourceKind::Website | SourceKind::Context));
        let (first, source) = citations.first()?;
        let id = promise_id(&first.quote);
        let text = self.statement(&clean::one_line(&told.text), &citations).ok()?;
        let date = source.date;
        let by = clean::one_line(&told.by);
        let stands = |source: &Source| {
            source.author.as_deref().unwrap_or_default().contains(&by) || source.body.contains(&by)
        };
        let by = (!by.is_empty() && citations.iter().any(|(_, source)| stands(source))).then_some(by);
        Some(Promise {
            id,
            text,
            by,
            date,
            citations: citations.into_iter().map(|(citation, _)| citation).collect(),
        })
    }

    fn question(&self, id: &str) -> Option<&'a Question> {
        self.questions().iter().find(|question| question.id.as_str() == id.trim())
    }
}

type Quote<'c> = (&'c str, &'c str);

fn quotes(citations: &[Citation]) -> Vec<Quote<'_>> {
    citations.iter().map(|citation| (citation.source.as_str(), citation.quote.as_str())).collect()
}

fn quotes_of_conflict(conflict: &Conflict) -> Vec<Quote<'_>> {
    conflict.versions.iter().flat_map(|version| quotes(&version.citations)).collect()
}

/// Whether two findings rest on the same words.
fn overlaps(a: &[Quote<'_>], b: &[Quote<'_>]) -> bool {
    a.iter().any(|one| {
        b.iter().any(|other| one.0 == other.0 && (one.1.contains(other.1) || other.1.contains(one.1)))
    })
}
