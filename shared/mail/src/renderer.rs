//! From an owed mail to the three texts that leave.

use crate::brand::Brand;
use crate::links::{DeadLink, Links};
use crate::{html, mails, personal, text};
use handoff_domain::link::LinkKeys;
use handoff_domain::organization::Organization;
use handoff_domain::outbox::{MailContent, OutboxKey, OwedMail};

/// A mail as it leaves. Holds a living link: never log it.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The name before the address that it comes from; empty for the deployment's own.
    pub sender: String,
    /// The subject: one line, at most 150 characters.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part, with the same content.
    pub text: String,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rendered(..)")
    }
}

/// Makes mails; holds what links are made of.
#[derive(Debug, Clone)]
pub struct Renderer {
    base_url: String,
    link_keys: LinkKeys,
}

impl Renderer {
    /// `base_url` is the public origin, with or without a slash at its end.
    pub fn new(base_url: String, link_keys: impl Into<LinkKeys>) -> Self {
        Self { base_url: base_url.trim_end_matches('/').to_owned(), link_keys: link_keys.into() }
    }

    /// The mail in the product's own look.
    pub fn render(&self, key: &OutboxKey, mail: &OwedMail) -> Result<Rendered, DeadLink> {
        self.render_as(&Brand::default(), key, mail)
    }

    /// What an organization's mails carry.
    pub fn brand(&self, organization: &Organization) -> Brand {
        Brand::of(organization, &self.base_url)
    }

    /// The mail, ready to send. The same input always gives the same mail.
    pub fn render_as(&self, brand: &Brand, key: &OutboxKey, mail: &OwedMail) -> Result<Rendered, DeadLink> {
        if let MailContent::Welcome(written) = &mail.content {
            let mut rendered = personal::welcome(written);
            if !brand.sender.is_empty() {
                rendered.sender.clone_from(&brand.sender);
            }
            return Ok(rendered);
        }
        let links = Links { base_url: &self.base_url, link_keys: &self.link_keys, key };
        let letter = mails::compose(mail, links)?;
        let (html, text) = (html::render(&letter, brand.sign.as_ref()), text::render(&letter));
        Ok(Rendered { sender: brand.sender.clone(), html, text, subject: letter.subject })
    }
}

#[cfg(test)]
mod tests;
