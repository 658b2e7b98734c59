//! One question: which facts are stated, which claims are right, and whether leaving it open was.

use super::evidence::{How, ShownQuote, own_words, shown, states};
use crate::gold::{Fact, Gold, GoldQuestion, GoldValue, GoldVersion};
use crate::tally::{Ratio, Tally};
use crate::text::holds_terms;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Claim, Confidence, Draft};
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::source::Source;

/// How one question went.
#[derive(Debug, Clone)]
pub struct QuestionScore {
    /// Its id.
    pub id: String,
    /// Its wording.
    pub wording: String,
    /// The answer, as plain text; nothing when it was left open.
    pub value: Option<String>,
    /// Of the answer.
    pub confidence: Option<Confidence>,
    /// Of the confidence.
    pub reason: String,
    /// What gold says.
    pub facts: Vec<FactScore>,
    /// What the answer says.
    pub claims: Vec<ClaimScore>,
    /// For questions with given answers.
    pub choice: Option<ChoiceScore>,
    /// All of it, counted.
    pub tally: Tally,
}

/// A fact of gold, and whether the answer states it.
#[derive(Debug, Clone)]
pub struct FactScore {
    /// The fact, for people.
    pub says: String,
    /// Whether an answer without it lacks something.
    pub is_needed: bool,
    /// How the answer states it, if it does.
    pub stated: Option<How>,
    /// The words that state it, each once.
    pub quotes: Vec<String>,
}

/// A claim of the answer, and whether it is right.
#[derive(Debug, Clone)]
pub struct ClaimScore {
    /// Its text.
    pub text: String,
    /// What it rests on.
    pub quotes: Vec<ShownQuote>,
    /// How it states a fact, if it does.
    pub right: Option<How>,
    /// The fact that it states.
    pub fact: Option<String>,
}

/// A question with given answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceScore {
    /// The right answer; nothing where the sources do not say.
    pub wanted: Option<String>,
    /// Whether the answer is exactly that.
    pub is_exact: bool,
}

impl QuestionScore {
    /// Missed facts, wrong claims, and an answer where there should be none or the other way round.
    pub fn faults(&self) -> usize {
        let tally = &self.tally;
        let missed = (tally.facts.of - tally.facts.hits) + (tally.claims.of - tally.claims.hits);
        let choice = usize::from(self.choice.as_ref().is_some_and(|choice| !choice.is_exact));
        missed + choice + (tally.open.of - tally.open.hits) + tally.wrongly_open.hits
    }
}

pub(super) fn score(
    question: &Question,
    gold: &Gold,
    draft: Option<&Draft>,
    sources: &[Source],
) -> QuestionScore {
    let nothing = GoldQuestion::default();
    let right = gold.questions.get(question.id.as_str()).unwrap_or(&nothing);
    let versions: Vec<&GoldVersion> = gold
        .conflicts
        .iter()
        .filter(|conflict| conflict.question == question.id.as_str())
        .flat_map(|conflict| &conflict.versions)
        .collect();
    let claims = draft.map(|draft| draft.claims.as_slice()).unwrap_or_default();
    let value = draft.and_then(|draft| draft.value.as_ref());
    let answer = value.map(AnswerValue::to_plain_text).unwrap_or_default();
    let own = own_words(&answer, claims.iter().flat_map(|claim| &claim.citations));
    let is_choice = matches!(question.kind, QuestionKind::YesNo | QuestionKind::MultiSelect);
    let mut score = QuestionScore {
        id: question.id.to_string(),
        wording: question.wording.clone(),
        value: value.map(|_| answer),
        confidence: draft.and_then(|draft| draft.confidence),
        reason: draft.map(|draft| draft.reason.clone()).unwrap_or_default(),
        facts: right.facts.iter().map(|fact| fact_score(fact, claims, &own)).collect(),
        claims: claims.iter().map(|claim| claim_score(claim, right, &versions, value, sources)).collect(),
        choice: is_choice.then(|| choice_score(right.value.as_ref(), value)),
        tally: Tally::default(),
    };
    score.tally = tally(&score, question.kind, right, value);
    score
}

fn fact_score(fact: &Fact, claims: &[Claim], own_words: &str) -> FactScore {
    let cited = claims.iter().any(|claim| super::evidence::cites(&claim.citations, &fact.quotes));
    let stated = cited.then_some(How::Cited).or(holds_terms(own_words, &fact.terms).then_some(How::Terms));
    let mut quotes: Vec<String> = Vec::new();
    for quote in &fact.quotes {
        if !quotes.contains(&quote.quote) {
            quotes.push(quote.quote.clone());
        }
    }
    FactScore { says: fact.says.clone(), is_needed: fact.needed, stated, quotes }
}

fn claim_score(
    claim: &Claim,
    right: &GoldQuestion,
    versions: &[&GoldVersion],
    value: Option<&AnswerValue>,
    sources: &[Source],
) -> ClaimScore {
    let facts = right.facts.iter().map(|fact| (&fact.says, &fact.quotes, &fact.terms));
    let versions = versions.iter().map(|version| (&version.says, &version.quotes, &version.terms));
    let stated = facts.chain(versions).filter_map(|(says, quotes, terms)| {
        states(&claim.text, &claim.citations, quotes, terms).map(|how| (how, says.clone()))
    });
    let best = match &right.value {
        Some(wanted) => {
            is_right_choice(wanted, &claim.text, value).then_some((How::Terms, claim.text.clone()))
        }
        None => stated.min_by_key(|(how, _)| *how),
    };
    let (right, fact) = best.unzip();
    ClaimScore { text: claim.text.clone(), quotes: shown(&claim.citations, sources), right, fact }
}

fn is_right_choice(wanted: &GoldValue, claim: &str, value: Option<&AnswerValue>) -> bool {
    match (wanted, value) {
        (GoldValue::YesNo(wanted), Some(AnswerValue::YesNo(value))) => wanted == value,
        (GoldValue::Choices(wanted), Some(AnswerValue::Choices(_))) => wanted.iter().any(|one| one == claim),
        _ => false,
    }
}

fn choice_score(wanted: Option<&GoldValue>, value: Option<&AnswerValue>) -> ChoiceScore {
    let is_exact = match (wanted, value) {
        (None, None) => true,
        (Some(GoldValue::YesNo(wanted)), Some(AnswerValue::YesNo(value))) => wanted == value,
        (Some(GoldValue::Choices(wanted)), Some(AnswerValue::Choices(value))) => {
            wanted.len() == value.len() && wanted.iter().all(|one| value.contains(one))
        }
        _ => false,
    };
    let wanted = wanted.map(|wanted| match wanted {
        GoldValue::YesNo(true) => "Yes".to_owned(),
        GoldValue::YesNo(false) => "No".to_owned(),
        GoldValue::Choices(choices) => choices.join(", "),
    });
    ChoiceScore { wanted, is_exact }
}

fn tally(
    score: &QuestionScore,
    kind: QuestionKind,
    right: &GoldQuestion,
    value: Option<&AnswerValue>,
) -> Tally {
    let mut tally = Tally::default();
    let is_left_open = score.value.is_none();
    let is_answerable = right.value.is_some() || right.facts.iter().any(|fact| fact.needed);
    if is_answerable {
        tally.wrongly_open = Ratio::count([is_left_open]);
    } else if right.facts.is_empty() {
        tally.open = Ratio::count([is_left_open]);
    }
    let exact = score.choice.as_ref().map(|choice| Ratio::count([choice.is_exact])).unwrap_or_default();
    match kind {
        QuestionKind::Text | QuestionKind::Textarea => {
            let needed = || score.facts.iter().filter(|fact| fact.is_needed);
            tally.facts = Ratio::count(needed().map(|fact| fact.stated.is_some()));
            tally.facts_cited = Ratio::count(needed().map(|fact| fact.stated == Some(How::Cited)));
            tally.claims = Ratio::count(score.claims.iter().map(|claim| claim.right.is_some()));
            tally.claims_cited =
                Ratio::count(score.claims.iter().map(|claim| claim.right == Some(How::Cited)));
            tally.count_level(score.confidence, tally.claims);
            if let Some(answer) = &score.value {
                tally.words = Ratio { hits: answer.split_whitespace().count(), of: 1 };
            }
        }
        QuestionKind::YesNo => {
            tally.yes_no = exact;
            if is_answerable {
                tally.yes_no_recall = exact;
            }
            if !is_left_open {
                tally.yes_no_precision = exact;
                tally.count_level(score.confidence, exact);
            }
        }
        QuestionKind::MultiSelect => {
            tally.multi_select = exact;
            (tally.option_precision, tally.option_recall) = options(right.value.as_ref(), value);
            tally.count_level(score.confidence, tally.option_precision);
        }
    }
    tally
}

/// How many chosen options are right, and how many right ones were chosen.
fn options(wanted: Option<&GoldValue>, value: Option<&AnswerValue>) -> (Ratio, Ratio) {
    let wanted = match wanted {
        Some(GoldValue::Choices(wanted)) => wanted.as_slice(),
        _ => &[],
    };
    let chosen = match value {
        Some(AnswerValue::Choices(chosen)) => chosen.as_slice(),
        _ => &[],
    };
    (
        Ratio::count(chosen.iter().map(|one| wanted.contains(one))),
        Ratio::count(wanted.iter().map(|one| chosen.contains(one))),
    )
}
