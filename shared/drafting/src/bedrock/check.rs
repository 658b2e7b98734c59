//! Nothing that a model says is taken on trust: each statement is checked against its sources, or withheld.

use super::answer::{ModelAnswer, ModelCitation, ModelClaim};
use super::budget::Reading;
use super::prompt;
use crate::clean;
use crate::confidence::{Plainness, Reference, judge};
use crate::drafter::DraftRequest;
use crate::evidence::Evidence;
use crate::extractive::{TextLanguage, stem_set};
use crate::machine::speaks_to_a_machine;
use crate::numbers::{digit_groups, numbers};
use crate::words::Words;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Citation, Claim, Draft, DraftedBy, Withheld, WithheldReason};
use handoff_domain::limits::ANSWER_MAX_BYTES;
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::source::Source;
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

/// Statements per answer: more is no summary.
const CLAIMS_MAX: usize = 12;

/// Citations per statement that are shown.
const CITATIONS_MAX: usize = 4;

/// Of a statement that was left out, so many characters are told.
const WITHHELD_MAX_CHARS: usize = 300;

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

impl Checked<'_> {
    fn into_claim(self) -> Claim {
        let mut citations: Vec<Citation> = Vec::new();
        for (citation, _) in self.citations {
            if !citations.contains(&citation) {
                citations.push(citation);
            }
        }
        Claim { text: self.text, citations }
    }
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
        let mut withheld = Vec::new();
        for claim in claims {
            match self.checked(question, claim) {
                Ok(claim) if passed.iter().any(|other| other.text == claim.text) => {}
                Ok(claim) if passed.len() < CLAIMS_MAX => passed.push(claim),
                Ok(claim) => withheld.push(too_much(claim.text)),
                Err(reason) => withheld.push(self.withheld(&claim.text, reason)),
            }
        }
        let value = value(question, &passed);
        if value.is_none() {
            withheld.extend(passed.drain(..).map(|claim| too_much(claim.text)));
        }
        let (confidence, reason) = self.confidence(&passed).unzip();
        Draft {
            value,
            claims: passed.into_iter().map(Checked::into_claim).collect(),
            confidence,
            reason: reason.unwrap_or_default(),
            withheld,
            ..Draft::open(question.id.clone(), self.by.clone(), self.request.run.clone())
        }
    }

    /// What is told of a statement that was left out: never a text that speaks to a machine, or that leaks.
    fn withheld(&self, text: &str, reason: WithheldReason) -> Withheld {
        let is_fit = reason != WithheldReason::NotForPeople && self.is_for_people(text);
        let text = if is_fit {
            clean::without_strange_links(&clean::one_line(text), |_| false)
        } else {
            String::new()
        };
        Withheld { text: shortened(&text), reason }
    }

    fn is_for_people(&self, text: &str) -> bool {
        !speaks_to_a_machine(text) && !text.contains(&self.mark) && !leaks(text)
    }

    fn checked(&self, question: &Question, claim: &ModelClaim) -> Result<Checked<'a>, WithheldReason> {
        let citations = self.citations(&claim.citations);
        if citations.is_empty() {
            return Err(WithheldReason::NoEvidence);
        }
        let shown = clean::one_line(&claim.text);
        let text = match question.kind {
            QuestionKind::MultiSelect => {
                let option = question.options.iter().find(|option| option.trim() == shown);
                option.ok_or(WithheldReason::NotAnOption)?.clone()
            }
            QuestionKind::YesNo => {
                let word = Some(shown.to_lowercase()).filter(|word| word == "yes" || word == "no");
                word.ok_or(WithheldReason::NotAnOption)?
            }
            QuestionKind::Text | QuestionKind::Textarea => self.statement(&shown, &citations)?,
        };
        Ok(Checked { text, citations })
    }

    /// The questions of the run.
    pub(super) fn questions(&self) -> &'a [Question] {
        self.request.questions
    }

    /// Citations with the sources that they were cut out of.
    pub(super) fn with_sources(&self, citations: &[Citation]) -> Vec<(Citation, &'a Source)> {
        let source = |id| self.by_name.values().find(|source| &source.id == id).copied();
        let known =
            citations.iter().filter_map(|citation| Some((citation.clone(), source(&citation.source)?)));
        known.collect()
    }

    /// The citations whose quote stands in the source that they name.
    pub(super) fn citations(&self, told: &[ModelCitation]) -> Vec<(Citation, &'a Source)> {
        let found = told.iter().filter_map(|cited| {
            let source = *self.by_name.get(cited.source.trim())?;
            let citation = self.evidence.cite(&source.id, &cited.quote).ok()?;
            Some((citation, source))
        });
        found.take(CITATIONS_MAX).collect()
    }

    /// The text of a free statement, if it leaks nothing and names no number that its sources do not name.
    pub(super) fn statement(
        &self,
        text: &str,
        citations: &[(Citation, &'a Source)],
    ) -> Result<String, WithheldReason> {
        if !self.is_for_people(text) {
            return Err(WithheldReason::NotForPeople);
        }
        let known = self.known_numbers(citations);
        if !digit_groups(text).iter().all(|number| known.contains(number)) {
            return Err(WithheldReason::UnknownNumber);
        }
        if self.is_off_topic(text, citations) {
            return Err(WithheldReason::OffTopic);
        }
        let stands = |link: &str| citations.iter().any(|(_, source)| source.body.contains(link));
        let text = clean::without_strange_links(text, stands);
        let says_something = text.chars().any(char::is_alphanumeric);
        says_something.then_some(text).ok_or(WithheldReason::NoEvidence)
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
        let statements: Vec<Vec<&Source>> = statements.collect();
        let plainness = Plainness::Direct(claims.iter().all(is_direct));
        let words = Words::of(self.request.language);
        Some(judge(&statements, plainness, false, self.reference, &words))
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

fn too_much(text: String) -> Withheld {
    Withheld { text, reason: WithheldReason::TooMuch }
}

fn shortened(text: &str) -> String {
    text.char_indices().nth(WITHHELD_MAX_CHARS).map_or(text, |(end, _)| &text[..end]).to_owned()
}

/// Whether a run of words of the orders stands in the text.
fn leaks(text: &str) -> bool {
    let words = |text: &str| text.unicode_words().map(str::to_lowercase).collect::<Vec<_>>();
    let text = words(text);
    [prompt::SYSTEM, super::welcome::SYSTEM].iter().any(|orders| {
        let orders = words(orders);
        text.windows(LEAK_WORDS).any(|run| orders.windows(LEAK_WORDS).any(|window| window == run))
    })
}
