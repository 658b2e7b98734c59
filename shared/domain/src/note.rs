//! What the CSM writes down while they learn. A note is changed, never lost: each text before stays.

use crate::event::Who;
use crate::id::NoteId;
use crate::limits::{ANSWER_MAX_BYTES, NOTE_EDITS_MAX};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One note about an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Which.
    pub id: NoteId,
    /// When it was first written.
    pub created_at: Timestamp,
    /// Every text that it had, the oldest first; the last one is the note. At least one.
    pub texts: Vec<NoteText>,
}

/// One text of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteText {
    /// As it was typed.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
}

/// Why a note is not taken. The text says the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefusal {
    /// Nothing was written.
    #[error("Please write something.")]
    Empty,
    /// Too long to keep.
    #[error("This note is too long: please keep it under {} characters.", ANSWER_MAX_BYTES)]
    TooLong,
    /// Somebody changed it since the page was shown.
    #[error("Somebody changed this note meanwhile. Your text stands below; nothing was overwritten.")]
    Stale,
    /// It has been changed too often to keep every text.
    #[error("This note was changed very often. Please write a new one.")]
    TooMany,
}

impl Note {
    /// A new note.
    pub fn write(id: NoteId, text: &str, by: Who, now: Timestamp) -> Result<Self, NoteRefusal> {
        let text = NoteText { text: checked(text)?, at: now, by };
        Ok(Self { id, created_at: now, texts: vec![text] })
    }

    /// The note with another text, where `seen` is how many texts it had when it was shown.
    pub fn edit(&self, seen: usize, text: &str, by: Who, now: Timestamp) -> Result<Self, NoteRefusal> {
        let text = checked(text)?;
        if seen != self.texts.len() {
            return Err(NoteRefusal::Stale);
        }
        if self.texts.len() >= NOTE_EDITS_MAX {
            return Err(NoteRefusal::TooMany);
        }
        let mut edited = self.clone();
        edited.texts.push(NoteText { text, at: now, by });
        Ok(edited)
    }

    /// The text that holds now.
    pub fn current(&self) -> Option<&NoteText> {
        self.texts.last()
    }
}

fn checked(text: &str) -> Result<String, NoteRefusal> {
    match text.trim() {
        "" => Err(NoteRefusal::Empty),
        text if text.len() > ANSWER_MAX_BYTES => Err(NoteRefusal::TooLong),
        text => Ok(text.replace("\r\n", "\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn an_edit_keeps_every_text_and_refuses_what_was_not_seen() {
        let note = Note::write(NoteId::from_random(1), " One\r\ntwo ", Who::System, at(1)).unwrap();
        assert_eq!(note.current().unwrap().text, "One\ntwo");
        let edited = note.edit(1, "Three", Who::System, at(2)).unwrap();
        let texts: Vec<&str> = edited.texts.iter().map(|text| text.text.as_str()).collect();
        assert_eq!(texts, ["One\ntwo", "Three"]);
        assert_eq!(edited.edit(1, "Four", Who::System, at(3)), Err(NoteRefusal::Stale));
        assert_eq!(note.edit(1, " ", Who::System, at(3)), Err(NoteRefusal::Empty));
        let long = "x".repeat(ANSWER_MAX_BYTES + 1);
        assert_eq!(note.edit(1, &long, Who::System, at(3)), Err(NoteRefusal::TooLong));
    }
}
