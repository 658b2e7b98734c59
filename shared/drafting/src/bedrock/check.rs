//! Nothing that a model says is taken on trust: each statement is checked against its sources, or withheld.

use super::answer::{ModelAnswer, ModelClaim};
use super::budget::Reading;
use super::prompt;
use crate::clean;
use crate::confidence::{Reference, Support, weigh};
use crate::drafter::DraftRequest;
use crate::evidence::Evidence;
use crate::extractive::{TextLanguage, stem_set};
use crate::machine::speaks_to_a_machine;
use crate::numbers::{digit_groups, numbers};
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Citation, Draft, DraftedBy};
use handoff_domain::limits::ANSWER_MAX_BYTES;
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::source::Source;
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

/// Statements per answer: more is no summary.
const CLAIMS_MAX: usize = 12;

/// Citations per statement that are shown.
const CITATIONS_MAX: usize = 4;

/// So many words of the orders in a row are a leak, not a coincidence.
const LEAK_WORDS: usize = 7;

/// Checks the answers of one run.
pub(super) struct Checker<'a> {
    evidence: Evidence<'a>,
    by_name: BTreeMap<String, &'a Source>,
    request: &'a DraftRequest<'a>,
    by: DraftedBy,
    reference: Reference,
    mark: String,
}

/// A statement that passed.
struct Checked<'a> {
    text: String,
    citations: Vec<(Citation, &'a Source)>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(request: &'a DraftRequest<'a>, reading: &Reading<'a>, by: DraftedBy) -> Self {
        let sources = || reading.excerpts.iter().map(|excerpt| excerpt.source);
        let by_name =
            sources().enumerate().map(|(index, source)| (prompt::short_name(index), source)).collect();
        Self {
            evidence: Evidence::new(sources()),
            by_name,
            request,
            by,
            reference: Reference::new(request.sources, request.now),
            mark: prompt::mark(request),
        }
    }

    /// The draft that may be shown.
    pub(super) fn check(&self, question: &Question, answer: &ModelAnswer) -> Draft {
        let claims: &[ModelClaim] = if answer.not_in_sources { &[] } else { &answer.claims };
        let mut passed: Vec<Checked<'a>> = Vec::new();
        let mut withheld = 0;
        for claim in claims {
            match self.checked(question, claim).filter(|_| passed.len() < CLAIMS_MAX) {
                Some(claim) if passed.iter().any(|other| other.text == claim.text) => {}
                Some(claim) => passed.push(claim),
                None => withheld += 1,
            }
        }
        let value = value(question, &passed);
        if value.is_none() {
            withheld += u32::try_from(passed.len()).unwrap_or(u32::MAX);
            passed.clear();
        }
        let (confidence, reason) = self.confidence(&passed).unzip();
        Draft {
            question: question.id.clone(),
            value,
            citations: distinct(passed.into_iter().flat_map(|claim| claim.citations)),
            confidence,
            reason: reason.unwrap_or_default(),
            withheld,
            by: self.by.clone(),
            run: self.request.run.clone(),
        }
    }

    fn checked(&self, question: &Question, claim: &ModelClaim) -> Option<Checked<'a>> {
        let citations = self.citations(claim);
        if citations.is_empty() {
            return None;
        }
        let shown = clean::one_line(&claim.text);
        let text = match question.kind {
            QuestionKind::MultiSelect => {
                question.options.iter().find(|option| option.trim() == shown)?.clone()
            }
            QuestionKind::YesNo => Some(shown.to_lowercase()).filter(|word| word == "yes" || word == "no")?,
            QuestionKind::Text | QuestionKind::Textarea => self.statement(&shown, &citations)?,
        };
        Some(Checked { text, citations })
    }

    fn citations(&self, claim: &ModelClaim) -> Vec<(Citation, &'a Source)> {
        let found = claim.citations.iter().filter_map(|cited| {
            let source = *self.by_name.get(cited.source.trim())?;
            let citation = self.evidence.cite(&source.id, &cited.quote).ok()?;
            Some((citation, source))
        });
        found.take(CITATIONS_MAX).collect()
    }

    /// The text of a free statement, if it leaks nothing and names no number that its sources do not name.
    fn statement(&self, text: &str, citations: &[(Citation, &'a Source)]) -> Option<String> {
        if speaks_to_a_machine(text) || text.contains(&self.mark) || leaks(text) {
            return None;
        }
        let known = self.known_numbers(citations);
        if !digit_groups(text).iter().all(|number| known.contains(number)) {
            return None;
        }
        if self.is_off_topic(text, citations) {
            return None;
        }
        let stands = |link: &str| citations.iter().any(|(_, source)| source.body.contains(link));
        let text = clean::without_strange_links(text, stands);
        text.chars().any(char::is_alphanumeric).then_some(text)
    }

    /// Whether the statement shares no content word with any of its quotes, although both are in the same language.
    fn is_off_topic(&self, text: &str, citations: &[(Citation, &'a Source)]) -> bool {
        let quotes =
            citations.iter().map(|(citation, _)| citation.quote.as_str()).collect::<Vec<_>>().join(" ");
        let language = TextLanguage::from_code(self.request.language);
        let same_language =
            citations.iter().all(|(_, source)| TextLanguage::detect(&source.body) == Some(language));
        same_language && stem_set(text, language).is_disjoint(&stem_set(&quotes, language))
    }

    /// Numbers that stand in the cited sources, their captions and dates, the customer's name; and the year after each
    /// date, since "March" in a note of November means the next one.
    fn known_numbers(&self, citations: &[(Citation, &'a Source)]) -> std::collections::BTreeSet<String> {
        let mut known = digit_groups(self.request.company);
        for (_, source) in citations {
            known.extend(numbers(&source.body));
            known.extend(numbers(&source.title));
            if let Some(date) = source.date {
                known.extend(digit_groups(&date.strftime("%Y-%m-%d").to_string()));
                let year = date.strftime("%Y").to_string().parse::<u32>().unwrap_or_default();
                known.insert((year + 1).to_string());
            }
        }
        known
    }

    fn confidence(&self, claims: &[Checked<'a>]) -> Option<(handoff_domain::draft::Confidence, String)> {
        if claims.is_empty() {
            return None;
        }
        let statements = claims.iter().map(|claim| {
            let sources: BTreeMap<&str, &Source> =
                claim.citations.iter().map(|(_, source)| (source.id.as_str(), *source)).collect();
            sources.into_values().collect()
        });
        let direct = claims.iter().all(is_direct);
        Some(weigh(&Support { statements: statements.collect(), direct, conflict: None }, self.reference))
    }
}

/// A quote of a few words proves a name, not a statement.
fn is_direct(claim: &Checked<'_>) -> bool {
    let claimed = claim.text.unicode_words().count();
    claim.citations.iter().any(|(citation, _)| citation.quote.unicode_words().count() * 3 >= claimed)
}

fn value(question: &Question, claims: &[Checked<'_>]) -> Option<AnswerValue> {
    let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    if texts.is_empty() {
        return None;
    }
    match question.kind {
        QuestionKind::YesNo => match texts.as_slice() {
            ["yes"] => Some(AnswerValue::YesNo(true)),
            ["no"] => Some(AnswerValue::YesNo(false)),
            _ => None,
        },
        QuestionKind::MultiSelect => {
            let chosen = question.options.iter().filter(|option| texts.contains(&option.as_str()));
            Some(AnswerValue::Choices(chosen.cloned().collect()))
        }
        QuestionKind::Text => short_enough(texts.join(" ")),
        QuestionKind::Textarea if texts.len() == 1 => short_enough(texts.concat()),
        QuestionKind::Textarea => short_enough(format!("- {}", texts.join("\n- "))),
    }
}

fn short_enough(text: String) -> Option<AnswerValue> {
    (text.len() <= ANSWER_MAX_BYTES).then_some(AnswerValue::Text(text))
}

fn distinct<'a>(citations: impl Iterator<Item = (Citation, &'a Source)>) -> Vec<Citation> {
    let mut kept: Vec<Citation> = Vec::new();
    for (citation, _) in citations {
        if !kept.contains(&citation) {
            kept.push(citation);
        }
    }
    kept
}

/// Whether a run of words of the orders stands in the text.
fn leaks(text: &str) -> bool {
    let words = |text: &str| text.unicode_words().map(str::to_lowercase).collect::<Vec<_>>();
    let (orders, text) = (words(prompt::SYSTEM), words(text));
    text.windows(LEAK_WORDS).any(|run| orders.windows(LEAK_WORDS).any(|window| window == run))
}
