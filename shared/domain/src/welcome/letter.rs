//! The mail as a person leaves it, and as each reader gets it.

use super::WelcomeRefusal;
use crate::account::Contact;
use crate::email::EmailAddress;
use crate::handoff::Handoff;
use crate::limits::{WELCOME_BODY_MAX_BYTES, WELCOME_RECIPIENTS_MAX, WELCOME_SUBJECT_MAX_CHARS};
use serde::{Deserialize, Serialize};

/// Becomes the reader's first name.
pub const FIRST_NAME: &str = "{first name}";

/// Becomes the reader's full name.
pub const FULL_NAME: &str = "{name}";

/// What a person left in the editor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeLetter {
    /// Who gets it, each a mail of their own.
    pub to: Vec<EmailAddress>,
    /// The subject.
    pub subject: String,
    /// The body: plain text, paragraphs with an empty line between.
    pub body: String,
}

impl WelcomeLetter {
    /// From the form's fields: line breaks of browsers become ours, addresses that are none and repeats fall away.
    pub fn read<'a>(to: impl IntoIterator<Item = &'a str>, subject: &str, body: &str) -> Self {
        let mut chosen: Vec<EmailAddress> = Vec::new();
        for address in to.into_iter().filter_map(|text| EmailAddress::parse(text).ok()) {
            if !chosen.iter().any(|known| known.folded() == address.folded()) {
                chosen.push(address);
            }
        }
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { to: chosen, subject, body: body.replace("\r\n", "\n").trim().to_owned() }
    }

    /// Whether it can be kept.
    pub(super) fn check_size(&self) -> Result<(), WelcomeRefusal> {
        if self.to.len() > WELCOME_RECIPIENTS_MAX {
            return Err(WelcomeRefusal::TooManyReaders);
        }
        let is_long = self.body.len() > WELCOME_BODY_MAX_BYTES
            || self.subject.chars().count() > WELCOME_SUBJECT_MAX_CHARS;
        if is_long { Err(WelcomeRefusal::TooLong) } else { Ok(()) }
    }

    /// Whether it can be sent to contacts of this account.
    pub(super) fn check(&self, handoff: &Handoff) -> Result<(), WelcomeRefusal> {
        self.check_size()?;
        if self.to.is_empty() {
            return Err(WelcomeRefusal::NoReader);
        }
        if self.to.iter().any(|to| handoff.account.contact(to).is_none()) {
            return Err(WelcomeRefusal::Stranger);
        }
        if self.subject.is_empty() {
            return Err(WelcomeRefusal::NoSubject);
        }
        if self.body.is_empty() {
            return Err(WelcomeRefusal::NoBody);
        }
        if has_strange_placeholder(&self.subject) || has_strange_placeholder(&self.body) {
            return Err(WelcomeRefusal::Placeholder);
        }
        Ok(())
    }
}

impl crate::account::Account {
    /// The contact with this address.
    pub fn contact(&self, address: &EmailAddress) -> Option<&Contact> {
        let folded = address.folded();
        self.contacts.iter().find(|contact| contact.address().is_some_and(|own| own.folded() == folded))
    }
}

impl Contact {
    /// The address as one that a mail can go to; `None` where the CRM holds none that is usable.
    pub fn address(&self) -> Option<EmailAddress> {
        EmailAddress::parse(&self.email).ok()
    }
}

/// The text for a reader of this name. Without a name the space before it goes as well: `Hello {first name},` becomes
/// `Hello,`.
pub fn personal(text: &str, name: &str) -> String {
    let full = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = full.split(' ').next().unwrap_or_default().to_owned();
    let mut text = text.to_owned();
    for (placeholder, value) in [(FIRST_NAME, first), (FULL_NAME, full)] {
        if value.is_empty() {
            text = text.replace(&format!(" {placeholder}"), "");
        }
        text = text.replace(placeholder, &value);
    }
    text
}

/// Whether something in curly brackets is left that no reader's name takes the place of.
fn has_strange_placeholder(text: &str) -> bool {
    const LONGEST: usize = 40;
    let rest = text.replace(FIRST_NAME, "").replace(FULL_NAME, "");
    rest.split('{').skip(1).any(|after| after.find('}').is_some_and(|end| end <= LONGEST))
}
