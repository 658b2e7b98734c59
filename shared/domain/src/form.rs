//! What the AE's form sends, checked field by field; nothing that was typed is dropped in silence.

use crate::answer::{AnswerValue, InvalidAnswer};
use crate::draft::Drafts;
use crate::finding::Settlement;
use crate::handoff::CsmChoice;
use crate::id::{ConflictId, MemberId, PromiseId, QuestionId};
use crate::limits::ANSWER_MAX_BYTES;
use std::collections::BTreeMap;

/// What an AE sends when saving: fields that are absent are left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormInput {
    /// Raw values by question, as the browser sent them.
    pub answers: BTreeMap<QuestionId, Vec<String>>,
    /// How conflicts are settled: a version's place from 0, `neither`, or empty for open.
    pub conflicts: BTreeMap<ConflictId, String>,
    /// What becomes of promises: `keep` or `drop`.
    pub promises: BTreeMap<PromiseId, String>,
    /// The note to the CSM.
    pub note: Option<String>,
    /// The CSM chosen: a member's id, `placeholder`, or empty.
    pub csm: Option<String>,
    /// Name of a placeholder CSM.
    pub csm_name: Option<String>,
    /// Address of a placeholder CSM.
    pub csm_email: Option<String>,
}

/// What a save or a submit refuses, by the form field's name, in words that say the remedy.
pub type FieldErrors = BTreeMap<String, String>;

/// The form's field name of a question.
pub fn answer_field(question: &QuestionId) -> String {
    format!("answers[{question}]")
}

/// The form's field name of a conflict.
pub fn conflict_field(conflict: &ConflictId) -> String {
    format!("conflicts[{conflict}]")
}

/// The form's field name of a promise.
pub fn promise_field(promise: &PromiseId) -> String {
    format!("promises[{promise}]")
}

/// Changes that a save makes; only what was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// New values; `None` inside means emptied.
    pub answers: BTreeMap<QuestionId, Option<AnswerValue>>,
    /// Conflicts as they are settled now; `None` inside means open again.
    pub settled: BTreeMap<ConflictId, Option<Settlement>>,
    /// Whether a promise is passed on to the CSM.
    pub promises: BTreeMap<PromiseId, bool>,
    /// New note.
    pub note: Option<String>,
    /// New choice; `Some(None)` means unchosen.
    #[allow(clippy::option_option, reason = "not sent, emptied, and chosen are three things")]
    pub csm: Option<Option<CsmChoice>>,
}

impl FormInput {
    /// Checks shape and size of what was sent against the handoff's questions. Required questions may still be open.
    pub fn check(&self, drafts: &Drafts) -> Result<Changes, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut changes = Changes::default();
        for (id, raw) in &self.answers {
            let parsed = match drafts.questions.find(id) {
                Some(question) => AnswerValue::parse(question, raw).map_err(|error| error.to_string()),
                None => Err("This handoff has no such question. Reload the page and try again.".to_owned()),
            };
            match parsed {
                Ok(value) => drop(changes.answers.insert(id.clone(), value)),
                Err(error) => drop(errors.insert(answer_field(id), error)),
            }
        }
        self.check_conflicts(drafts, &mut changes, &mut errors);
        self.check_promises(drafts, &mut changes, &mut errors);
        if let Some(note) = &self.note {
            if note.len() > ANSWER_MAX_BYTES {
                errors.insert("note".to_owned(), InvalidAnswer::TooLong.to_string());
            }
            changes.note = Some(note.replace("\r\n", "\n"));
        }
        match self.csm_choice() {
            Ok(choice) => changes.csm = choice,
            Err(error) => drop(errors.insert("csm".to_owned(), error)),
        }
        if errors.is_empty() { Ok(changes) } else { Err(errors) }
    }

    fn check_conflicts(&self, drafts: &Drafts, changes: &mut Changes, errors: &mut FieldErrors) {
        const GONE: &str = "What was read has changed, and this choice is no longer open. Look at the page again, then save.";
        const NO_VERSION: &str = "Please choose one of the versions, “None of these”, or leave it open.";
        for (id, raw) in &self.conflicts {
            let settlement = match (drafts.conflict(id), raw.trim()) {
                (None, _) => Err(GONE),
                (Some(_), "") => Ok(None),
                (Some(_), "neither") => Ok(Some(Settlement::Neither)),
                (Some(conflict), place) => match place.parse() {
                    Ok(index) if index < conflict.versions.len() => Ok(Some(Settlement::Version(index))),
                    _ => Err(NO_VERSION),
                },
            };
            match settlement {
                Ok(settlement) => drop(changes.settled.insert(id.clone(), settlement)),
                Err(error) => drop(errors.insert(conflict_field(id), error.to_owned())),
            }
        }
    }

    fn check_promises(&self, drafts: &Drafts, changes: &mut Changes, errors: &mut FieldErrors) {
        const GONE: &str = "What was read has changed, and this promise is no longer listed. Look at the page again, then save.";
        const NEITHER: &str = "Please tick the promise to pass it on, or untick it.";
        for (id, raw) in &self.promises {
            let passed_on = match (drafts.promise(id), raw.trim()) {
                (None, _) => Err(GONE),
                (Some(_), "keep") => Ok(true),
                (Some(_), "drop") => Ok(false),
                (Some(_), _) => Err(NEITHER),
            };
            match passed_on {
                Ok(passed_on) => drop(changes.promises.insert(id.clone(), passed_on)),
                Err(error) => drop(errors.insert(promise_field(id), error.to_owned())),
            }
        }
    }

    #[allow(clippy::option_option, reason = "not sent, emptied, and chosen are three things")]
    fn csm_choice(&self) -> Result<Option<Option<CsmChoice>>, String> {
        const SHORT_MAX_BYTES: usize = 200;
        let short = |text: &Option<String>| text.as_deref().unwrap_or("").trim().to_owned();
        let (name, email) = (short(&self.csm_name), short(&self.csm_email));
        match self.csm.as_deref().map(str::trim) {
            None => Ok(None),
            Some("") => Ok(Some(None)),
            Some("placeholder") if name.len() > SHORT_MAX_BYTES || email.len() > SHORT_MAX_BYTES => {
                Err("Please keep the name and the address under 200 characters.".to_owned())
            }
            Some("placeholder") => Ok(Some(Some(CsmChoice::Placeholder { name, email }))),
            Some(id) => MemberId::parse(id)
                .map(|id| Some(Some(CsmChoice::Member(id))))
                .map_err(|_| "Please choose a CSM from the list.".to_owned()),
        }
    }
}
