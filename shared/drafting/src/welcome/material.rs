//! What of a handoff is fit to be said to the customer.

use super::fit::{Internal, is_between_us, is_fit, said_to_them, sentences};
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::Drafts;
use handoff_domain::finding::Promise;
use handoff_domain::handoff::{Handoff, HandoffState};
use handoff_domain::id::QuestionId;
use handoff_domain::settling::passed_on;
use handoff_domain::welcome::{WelcomeCitation, WelcomeLine, WelcomeSource};
use std::collections::BTreeSet;

/// Lines of one subject: more is no welcome.
const LINES_MAX: usize = 4;

/// The questions whose answers are said, by the id that they keep through all versions. Every other one, and so each
/// question that an organization adds, is for colleagues only.
const SAID: [&str; 3] = ["primary_use_case", "top_goals", "go_live"];

/// The question whose answer is known to both sides.
const TECHNICAL: &str = "technical_environment";

/// One line, and the words of the answer that it is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// As it is said to the customer.
    pub text: String,
    /// The words as they stand in the answer or in the promise.
    pub quote: String,
    /// Where they stand.
    pub source: WelcomeSource,
}

impl Fact {
    /// As a line of a draft.
    pub fn line(&self) -> WelcomeLine {
        let citation = WelcomeCitation { source: self.source.clone(), quote: self.quote.clone() };
        WelcomeLine { text: self.text.clone(), citations: vec![citation] }
    }
}

/// What may be said, subject by subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// What they want to do first.
    pub use_case: Vec<Fact>,
    /// Their goals.
    pub goals: Vec<Fact>,
    /// When they start.
    pub go_live: Vec<Fact>,
    /// What was promised.
    pub promises: Vec<Fact>,
    /// Lines that were left out.
    pub withheld: u32,
    /// What must not be said, for those who write in words of their own.
    pub(crate) internal: Internal,
    /// What is said already: one sentence may answer two questions.
    pub(crate) said: BTreeSet<String>,
}

impl Material {
    /// Of what was handed over; of a handoff that was skipped, what a person had answered by then. A draft that nobody
    /// read is not said to a customer.
    pub fn of(handoff: &Handoff, drafts: Option<&Drafts>) -> Self {
        let Some(drafts) = drafts else { return Self::default() };
        let company = &handoff.account.company;
        let mut material = Self { internal: internal(handoff, drafts), ..Self::default() };
        let [use_case, goals, go_live] =
            SAID.map(|id| QuestionId::parse(id).ok().and_then(|id| Some((answer(handoff, &id)?, id))));
        let mut say = |found: Option<(String, QuestionId)>| {
            let (text, id) = found.unzip();
            let source = id.map(WelcomeSource::Answer);
            source
                .map(|source| material.lines(&text.unwrap_or_default(), &source, company))
                .unwrap_or_default()
        };
        // A start that two sources disagree about, and nobody settled, is a thing to ask and not to say.
        let go_live = go_live.filter(|(_, id)| !is_disputed(handoff, drafts, id));
        let (use_case, goals, go_live) = (say(use_case), say(goals), say(go_live));
        let promises = promises(handoff, drafts)
            .flat_map(|promise| {
                let source = WelcomeSource::Promise(promise.id.clone());
                material.lines(&promise.text, &source, company)
            })
            .collect();
        Self { use_case, goals, go_live, promises, ..material }
    }

    /// The four subjects in the order in which they are said.
    pub fn sections(&self) -> [&[Fact]; 4] {
        [&self.use_case, &self.goals, &self.go_live, &self.promises]
    }

    fn lines(&mut self, text: &str, source: &WelcomeSource, company: &str) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        // A promise is one line already; only an answer falls into sentences.
        let is_promise = matches!(source, WelcomeSource::Promise(_));
        let quotes: Vec<&str> = if is_promise { vec![text.trim()] } else { sentences(text).collect() };
        for quote in quotes.into_iter().filter(|quote| !quote.is_empty()) {
            if self.said.contains(quote) {
                continue;
            }
            let is_said = is_fit(quote) && !self.internal.holds(quote);
            // What was promised was said to them already, discounts too.
            let is_theirs = is_promise || !is_between_us(quote);
            let said = is_said && is_theirs;
            let text = if said { said_to_them(quote, company) } else { String::new() };
            if text.is_empty() || facts.len() >= LINES_MAX {
                self.withheld = self.withheld.saturating_add(1);
            } else {
                self.said.insert(quote.to_owned());
                facts.push(Fact { text, quote: quote.to_owned(), source: source.clone() });
            }
        }
        facts
    }
}

/// What a person stands behind: the submitted answer, or the one that was typed before the handoff was skipped.
fn answer(handoff: &Handoff, question: &QuestionId) -> Option<String> {
    let submitted = handoff.submission.as_ref().map(|submission| submission.answers.get(question));
    let value = match submitted {
        Some(answer) => answer.map(|answer| &answer.value),
        None => handoff.answers.get(question).and_then(|answer| answer.value.as_ref()),
    };
    match value? {
        AnswerValue::Text(text) => Some(text.clone()),
        AnswerValue::Choices(choices) => Some(choices.join("\n")),
        // Without its question a yes says nothing.
        AnswerValue::YesNo(_) => None,
    }
}

fn is_disputed(handoff: &Handoff, drafts: &Drafts, question: &QuestionId) -> bool {
    let settled = handoff.submission.as_ref().map_or(&handoff.settled, |submission| &submission.settled);
    let mut about = drafts.conflicts.iter().filter(|conflict| conflict.question.as_ref() == Some(question));
    about.any(|conflict| !settled.contains_key(&conflict.id))
}

/// What the AE passed on; of a skipped handoff nobody passed anything on.
fn promises<'a>(handoff: &'a Handoff, drafts: &'a Drafts) -> impl Iterator<Item = &'a Promise> {
    let submission = handoff.submission.as_ref().filter(|_| handoff.state == HandoffState::Submitted);
    submission.into_iter().flat_map(|submission| passed_on(drafts, &submission.dropped_promises))
}

/// Everything that colleagues say among themselves: the other answers, the notes, and why it came back or was skipped.
/// What stands in the technical environment is no secret from them; that it is not said is a matter of length.
fn internal(handoff: &Handoff, drafts: &Drafts) -> Internal {
    let said = |question: &QuestionId| SAID.contains(&question.as_str()) || question.as_str() == TECHNICAL;
    let questions = drafts.questions.questions.iter().filter(|question| !said(&question.id));
    let mut texts: Vec<String> = questions.filter_map(|question| answer(handoff, &question.id)).collect();
    texts.push(handoff.note.clone());
    texts.extend(handoff.submission.as_ref().map(|submission| submission.note.clone()));
    texts.extend(handoff.returned.as_ref().map(|returned| returned.reason.clone()));
    texts.push(handoff.skip_reason.clone());
    Internal::of(&texts)
}
