//! The mails that were "sent": kept for people to read, and for tests.

use crate::state::{State, StateError};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One captured mail, as `/local/mail.json` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// SES's message id.
    pub id: String,
    /// The kind, from the message's tag; empty without one.
    pub kind: String,
    /// Everyone it was addressed to.
    pub to: Vec<String>,
    /// The sender.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Every header line by name, as sent.
    pub headers: BTreeMap<String, String>,
    /// The whole message as it would travel (RFC 5322).
    pub raw: String,
    /// When, by the system's clock, RFC 3339.
    pub sent_at: jiff::Timestamp,
    /// The account that it is about, from the message's tag.
    pub account_id: Option<String>,
    /// What it is owed for, and which of the mails owed for it, from the message's tags: the same for a mail that is sent twice.
    #[serde(default)]
    pub cause: String,
}

/// The captured mails.
#[derive(Debug, Clone)]
pub struct Mails(State);

impl Mails {
    /// The mails of this state.
    pub fn new(state: &State) -> Self {
        Self(state.clone())
    }

    /// Keeps a mail and whatever `also` writes, both or neither.
    pub(crate) fn keep(
        &self,
        mail: &Mail,
        also: impl FnOnce(&Connection) -> Result<(), StateError>,
    ) -> Result<(), StateError> {
        let mut connection = self.0.lock();
        let transaction = connection.transaction()?;
        let json = serde_json::to_string(mail)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        transaction
            .prepare_cached("INSERT INTO mails (id, mail) VALUES (?1, ?2)")?
            .execute(params![mail.id, json])?;
        also(&transaction)?;
        transaction.commit()?;
        Ok(())
    }

    /// All mails, oldest first.
    pub fn list(&self) -> Result<Vec<Mail>, StateError> {
        let connection = self.0.lock();
        let mut select = connection.prepare_cached("SELECT mail FROM mails ORDER BY position")?;
        let rows = select.query_map([], |row| row.get::<_, String>(0))?;
        // A mail that an older program wrote in another shape is not worth a broken page.
        Ok(rows
            .collect::<Result<Vec<_>, _>>()?
            .iter()
            .filter_map(|json| serde_json::from_str(json).ok())
            .collect())
    }

    /// One mail.
    pub fn find(&self, id: &str) -> Result<Option<Mail>, StateError> {
        let connection = self.0.lock();
        let mut select = connection.prepare_cached("SELECT mail FROM mails WHERE id = ?1")?;
        let json: Option<String> = select.query_row(params![id], |row| row.get(0)).optional()?;
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }
}
