//! Patterns: what customers of the same industry and size named, counted, in words of ours and never in theirs.
//!
//! Each submitted handoff leaves one [`HistoryEntry`]: the options that were chosen, yes or no, and for texts the
//! [`Theme`]s that they touch. Nothing of it can tell one customer from another. [`suggest`] counts over them.

mod segment;
mod theme;

pub(crate) use segment::industry_key;
pub use segment::{Segment, SizeBand};
pub use theme::Theme;

use crate::account::Account;
use crate::answer::AnswerValue;
use crate::finding::{SIMILAR_MIN, Suggestion};
use crate::handoff::Handoff;
use crate::id::{AccountId, OrganizationId, QuestionId, SourceId};
use crate::question::{Question, QuestionKind, QuestionSet};
use crate::source::{Source, SourceKind};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Entries that are read for one count, the newest.
pub const HISTORY_MAX: usize = 100;

/// Suggestions for one question, at most.
pub const SUGGESTIONS_MAX: usize = 3;

/// What is suggested was named by at least this share of the similar customers that answered the question: two thirds.
const MAJORITY: (usize, usize) = (2, 3);

/// Which customer an entry is about, so that several deals and rounds of one count once: a digest, no name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CustomerKey(String);

impl CustomerKey {
    /// By the website's host, or by the company's name where there is none. Differs between organizations.
    pub fn of(organization: &OrganizationId, account: &Account) -> Self {
        let site = account.website.trim().to_lowercase();
        let site = site.rsplit("://").next().unwrap_or_default();
        let host = site.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        let company = account.company.trim().to_lowercase();
        let name = if host.contains('.') { host } else { &company };
        let hash = digest::digest(&digest::SHA256, format!("{organization}\n{name}").as_bytes());
        Self(HEXLOWER.encode(hash.as_ref().get(..16).unwrap_or_default()))
    }
}

/// What an answer named, as far as it may be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// The options, in the organization's own wording.
    Options(Vec<String>),
    /// Yes or no.
    YesNo(bool),
    /// What a text touches.
    Themes(BTreeSet<Theme>),
}

/// One submitted handoff, as later ones of the same industry and size count it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Whose.
    pub organization: OrganizationId,
    /// Which account.
    pub account: AccountId,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// Where it is counted.
    pub segment: Segment,
    /// Which customer.
    pub customer: CustomerKey,
    /// What was named, by question; answered questions only.
    pub named: BTreeMap<QuestionId, Named>,
}

impl HistoryEntry {
    /// The entry of a submitted handoff; `None` without a submission, or when industry or size are not known.
    pub fn of(handoff: &Handoff, questions: &QuestionSet) -> Option<Self> {
        let submission = handoff.submission.as_ref()?;
        let named = submission.answers.iter().filter_map(|(id, answer)| {
            let question = questions.find(id)?;
            Some((id.clone(), named(question, &answer.value)?))
        });
        Some(Self {
            organization: handoff.organization.clone(),
            account: handoff.id.clone(),
            submitted_at: submission.at,
            segment: Segment::of(&handoff.account)?,
            customer: CustomerKey::of(&handoff.organization, &handoff.account),
            named: named.collect(),
        })
    }
}

/// Only what the question itself offers, or our own vocabulary.
fn named(question: &Question, value: &AnswerValue) -> Option<Named> {
    match (question.kind, value) {
        (QuestionKind::MultiSelect, AnswerValue::Choices(chosen)) => {
            let offered = chosen.iter().filter(|choice| question.options.contains(choice));
            Some(Named::Options(offered.cloned().collect()))
        }
        (QuestionKind::YesNo, AnswerValue::YesNo(yes)) => Some(Named::YesNo(*yes)),
        (QuestionKind::Text | QuestionKind::Textarea, AnswerValue::Text(text)) => {
            Some(Named::Themes(Theme::touched_by(text)))
        }
        _ => None,
    }
}

/// What a clear majority of similar customers named for a question: of at least [`SIMILAR_MIN`] others that answered
/// it, two thirds; the best three. `entries` may hold several of one customer: the latest counts.
pub fn suggest(entries: &[HistoryEntry], own: &CustomerKey, question: &Question) -> Vec<Suggestion> {
    let answers: Vec<&Named> =
        latest(entries, own).into_iter().filter_map(|entry| entry.named.get(&question.id)).collect();
    if answers.len() < SIMILAR_MIN {
        return Vec::new();
    }
    let mut counted: Vec<(String, usize)> = Vec::new();
    for (text, names) in candidates(question) {
        let count = answers.iter().filter(|named| names(named)).count();
        if count * MAJORITY.1 >= answers.len() * MAJORITY.0 {
            counted.push((text, count));
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let of = u32::try_from(answers.len()).unwrap_or(u32::MAX);
    let suggestion = |(text, count)| Suggestion { text, count: u32::try_from(count).unwrap_or(u32::MAX), of };
    counted.into_iter().take(SUGGESTIONS_MAX).map(suggestion).collect()
}

type Names<'a> = Box<dyn Fn(&Named) -> bool + 'a>;

/// Everything that could be suggested for a question, with the test whether an answer named it.
fn candidates(question: &Question) -> Vec<(String, Names<'_>)> {
    match question.kind {
        QuestionKind::MultiSelect => question
            .options
            .iter()
            .map(|option| {
                let names: Names<'_> =
                    Box::new(move |named| matches!(named, Named::Options(chosen) if chosen.contains(option)));
                (option.clone(), names)
            })
            .collect(),
        QuestionKind::YesNo => [true, false]
            .into_iter()
            .map(|yes| {
                let names: Names<'_> = Box::new(move |named| *named == Named::YesNo(yes));
                (if yes { "Yes" } else { "No" }.to_owned(), names)
            })
            .collect(),
        QuestionKind::Text | QuestionKind::Textarea => Theme::ALL
            .into_iter()
            .map(|theme| {
                let names: Names<'_> =
                    Box::new(move |named| matches!(named, Named::Themes(themes) if themes.contains(&theme)));
                (theme.label().to_owned(), names)
            })
            .collect(),
    }
}

/// The latest entry of each other customer. An account counts by its latest round alone: between two rounds its company's
/// name or website may have been corrected, and it would count as two customers.
fn latest<'a>(entries: &'a [HistoryEntry], own: &CustomerKey) -> Vec<&'a HistoryEntry> {
    let accounts = newest_by(entries, |entry| &entry.account);
    let others = accounts.into_iter().filter(|entry| entry.customer != *own);
    newest_by(others, |entry| &entry.customer)
}

/// Of the entries with the same key the newest.
fn newest_by<'a, K: Ord>(
    entries: impl IntoIterator<Item = &'a HistoryEntry>,
    key: impl Fn(&'a HistoryEntry) -> K,
) -> Vec<&'a HistoryEntry> {
    let mut newest: BTreeMap<K, &HistoryEntry> = BTreeMap::new();
    for entry in entries {
        let known = newest.entry(key(entry)).or_insert(entry);
        if (known.submitted_at, &known.account) < (entry.submitted_at, &entry.account) {
            *known = entry;
        }
    }
    newest.into_values().collect()
}

/// The counts as a source that the AE can open; `None` when there are none. No drafter reads it: it is no evidence.
pub fn source(counts: &[(&Question, Vec<Suggestion>)], at: Timestamp) -> Option<Source> {
    let lines =
        counts.iter().filter(|(_, suggestions)| !suggestions.is_empty()).map(|(question, suggestions)| {
            let lines = suggestions.iter().map(|suggestion| format!("- {}", suggestion.to_plain_text()));
            format!("{}\n{}", question.wording, lines.collect::<Vec<_>>().join("\n"))
        });
    let body = lines.collect::<Vec<_>>().join("\n\n");
    let id = SourceId::parse("pattern-1").ok()?;
    let title = "What similar customers named".to_owned();
    (!body.is_empty()).then_some(Source {
        id,
        kind: SourceKind::Pattern,
        title,
        author: None,
        date: Some(at),
        body,
    })
}

#[cfg(test)]
mod tests;
