//! What the AE's form sends, checked field by field; nothing that was typed is dropped in silence.

use crate::answer::{AnswerValue, InvalidAnswer};
use crate::draft::Drafts;
use crate::handoff::CsmChoice;
use crate::id::{MemberId, QuestionId};
use crate::limits::ANSWER_MAX_BYTES;
use std::collections::BTreeMap;

/// What an AE sends when saving: fields that are absent are left alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormInput {
    /// Raw values by question, as the browser sent them.
    pub answers: BTreeMap<QuestionId, Vec<String>>,
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

/// Changes that a save makes; only what was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// New values; `None` inside means emptied.
    pub answers: BTreeMap<QuestionId, Option<AnswerValue>>,
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
