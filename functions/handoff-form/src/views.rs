//! The pages of the link, as pure functions from what is stored to markup.

pub mod aside;
pub mod changed;
pub mod conflicts;
pub mod csm;
pub mod draft;
pub mod form;
pub mod gone;
pub mod kept;
pub mod promises;
pub mod question;
pub mod receipt;

use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::Drafts;
use handoff_domain::finding::{Conflict, Settlement};
use handoff_domain::form::{FieldErrors, FormInput};
use handoff_domain::handoff::{CsmChoice, Handoff, PendingRedraft};
use handoff_domain::id::{PromiseId, QuestionId};
use handoff_domain::limits::REDRAFT_WAIT_MINUTES;
use handoff_domain::question::Question;
use handoff_domain::roster::{Loads, Roster, Turns};
use handoff_views::Reading;
use handoff_web::Markup;
use handoff_web::components::Tone;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// The addresses and the proof of one link. They open the handoff: for its own page only.
#[derive(Clone)]
pub struct LinkView {
    /// The path of the link, `/handoff/<token>`.
    pub path: String,
    /// The proof that forms of this page carry.
    pub csrf: String,
}

/// What a browser sent and the page must not lose.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Answers, choices, note and CSM.
    pub input: FormInput,
    /// Words added for a new draft, by question id; under the empty id for all questions.
    pub contexts: BTreeMap<String, String>,
    /// A day, a colleague and a word of whoever does not hand over now.
    pub aside: Aside,
}

/// What was chosen and typed instead of handing over.
#[derive(Debug, Clone, Default)]
pub struct Aside {
    /// The day on which to ask again, as a date field sends it.
    pub date: String,
    /// The id of a colleague.
    pub colleague: String,
    /// A word.
    pub word: String,
}

/// Something to say at the top of the form.
#[derive(Debug)]
pub struct Message {
    /// How bad it is.
    pub tone: Tone,
    /// In a few words.
    pub title: &'static str,
    /// What it means and what to do.
    pub body: Markup,
}

/// Everything that the form is made of.
pub struct FormView<'a> {
    /// As stored.
    pub handoff: &'a Handoff,
    /// As stored.
    pub drafts: &'a Drafts,
    /// For the choice of a CSM.
    pub roster: &'a Roster,
    /// For the choice of a CSM.
    pub loads: &'a Loads,
    /// When each CSM was last given an account; `None` where the organization does not go by turns.
    pub turns: Option<&'a Turns>,
    /// Of the page itself.
    pub link: &'a LinkView,
    /// What was typed and is not stored.
    pub typed: &'a Typed,
    /// By field.
    pub errors: &'a FieldErrors,
    /// Whether typed values that differ from stored ones are shown beside them.
    pub conflict: bool,
    /// At the top.
    pub message: Option<Message>,
    /// The time.
    pub now: Timestamp,
}

impl FormView<'_> {
    /// The values that the fields of a question hold: typed ones, else stored ones, else the draft.
    pub fn raw_values(&self, question: &Question) -> Vec<String> {
        match self.typed.input.answers.get(&question.id) {
            Some(raw) => raw.clone(),
            None => self.stored(&question.id).map(raw_values).unwrap_or_default(),
        }
    }

    /// What is stored, or drafted, for a question.
    pub fn stored(&self, question: &QuestionId) -> Option<&AnswerValue> {
        self.handoff.shown_value(self.drafts, question)
    }

    /// What is stored as plain text when it differs from what was typed; only on the page of a conflict.
    pub fn stored_otherwise(&self, question: &Question) -> Option<String> {
        let typed = self.typed.input.answers.get(&question.id).filter(|_| self.conflict)?;
        let stored = self.stored(&question.id);
        let same = AnswerValue::parse(question, typed).is_ok_and(|value| value.as_ref() == stored);
        (!same).then(|| stored.map(AnswerValue::to_plain_text).unwrap_or_default())
    }

    /// How a conflict is settled, as its field holds it: what was chosen and is not stored, else what is stored.
    pub fn settlement(&self, conflict: &Conflict) -> String {
        match self.typed.input.conflicts.get(&conflict.id) {
            Some(sent) => sent.trim().to_owned(),
            None => self.stored_settlement(conflict),
        }
    }

    /// How a conflict is settled as stored; empty while it is open.
    pub fn stored_settlement(&self, conflict: &Conflict) -> String {
        self.handoff.settled.get(&conflict.id).map(Settlement::as_field).unwrap_or_default()
    }

    /// Conflicts that are open on this page.
    pub fn open_conflicts(&self) -> usize {
        self.drafts.conflicts.iter().filter(|conflict| self.settlement(conflict).is_empty()).count()
    }

    /// Whether a promise is passed on, as its box shows it.
    pub fn is_passed_on(&self, promise: &PromiseId) -> bool {
        match self.typed.input.promises.get(promise) {
            Some(sent) => sent.trim() == "keep",
            None => self.is_stored_passed_on(promise),
        }
    }

    /// Whether a promise is passed on as stored.
    pub fn is_stored_passed_on(&self, promise: &PromiseId) -> bool {
        !self.handoff.dropped_promises.contains(promise)
    }

    /// Whether nothing stands in the field of a question.
    pub fn is_open(&self, question: &Question) -> bool {
        self.raw_values(question).iter().all(|value| value.trim().is_empty())
    }

    /// Whether the page shows something that is not stored.
    pub fn has_unsaved(&self) -> bool {
        self.typed.input != FormInput::default()
    }

    /// The note as its field holds it.
    pub fn note(&self) -> &str {
        self.typed.input.note.as_deref().unwrap_or(&self.handoff.note)
    }

    /// The CSM as the field holds it: a member's id, `placeholder`, or empty; then name and address of a placeholder.
    pub fn csm(&self) -> (String, String, String) {
        let input = &self.typed.input;
        let (mut id, mut name, mut email) = match &self.handoff.csm {
            None => Default::default(),
            Some(CsmChoice::Member(id)) => (id.to_string(), String::new(), String::new()),
            Some(CsmChoice::Placeholder { name, email }) => {
                ("placeholder".to_owned(), name.clone(), email.clone())
            }
        };
        if let Some(typed) = &input.csm {
            id.clone_from(typed);
        }
        if let Some(typed) = &input.csm_name {
            name.clone_from(typed);
        }
        if let Some(typed) = &input.csm_email {
            email.clone_from(typed);
        }
        (id, name, email)
    }

    /// The new draft that is on its way; one that should have arrived long ago is not waited for.
    pub fn pending_redraft(&self) -> Option<&PendingRedraft> {
        let patience = SignedDuration::from_mins(REDRAFT_WAIT_MINUTES);
        let pending = self.handoff.redraft.as_ref()?;
        (self.now.duration_since(pending.asked_at) <= patience).then_some(pending)
    }

    /// What is only read on the page.
    pub fn reading(&self) -> Reading<'_> {
        Reading { drafts: self.drafts, zone: self.zone(), path: &self.link.path }
    }

    /// The time zone of the organization.
    pub fn zone(&self) -> TimeZone {
        handoff_web::text::zone(&self.handoff.time_zone)
    }
}

/// A value as the form's fields spell it.
pub fn raw_values(value: &AnswerValue) -> Vec<String> {
    match value {
        AnswerValue::Text(text) => vec![text.clone()],
        AnswerValue::Choices(choices) => choices.clone(),
        AnswerValue::YesNo(yes) => vec![if *yes { "yes" } else { "no" }.to_owned()],
    }
}
