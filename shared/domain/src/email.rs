//! Mail addresses that are safe to put into a header.

use email_address::{EmailAddress as Parser, Options};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text cannot be used as a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable e-mail address")]
pub struct ParseEmailError;

/// One mailbox, `local@domain`, lower-case domain, no display name, no comments, no quotes, ASCII only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads one address; surrounding white space is forgiven, everything that could break a header is not.
    pub fn parse(text: impl AsRef<str>) -> Result<Self, ParseEmailError> {
        let text = text.as_ref().trim();
        let options = Options::default().without_domain_literal().without_display_text();
        let plain =
            text.is_ascii() && !text.contains(['"', '\\', ',', ';', '<', '>', '(', ')', ' ', '\r', '\n']);
        match Parser::parse_with_options(text, options) {
            Ok(_) if plain && text.len() <= 254 => {
                let (local, domain) = text.rsplit_once('@').ok_or(ParseEmailError)?;
                Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
            }
            _ => Err(ParseEmailError),
        }
    }

    /// The address in lower case: what tells whether two spellings are one mailbox.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = ParseEmailError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_its_domain_lowered() {
        assert_eq!(EmailAddress::parse(" Ana.E@Customer.TEST ").unwrap().as_str(), "Ana.E@customer.test");
    }

    #[test]
    fn what_could_leave_the_header_is_refused() {
        for text in [
            "",
            "a",
            "a@b@c.test",
            "a@b.test\r\nBcc: x@y.test",
            "A <a@b.test>",
            "a,b@c.test",
            "\"a b\"@c.test",
            "ü@c.test",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
    }
}
