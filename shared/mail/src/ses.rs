//! SES, version 1 of its API, with structured content: no header is ever written by hand.
//!
//! One call, one attempt. SES has no idempotency token, so whoever tries again must know how this try ended; the outbox
//! does, the SDK's own retries do not.

mod outcome;

use crate::clean;
use crate::renderer::Rendered;
use aws_sdk_ses::Client;
use aws_sdk_ses::config::retry::RetryConfig;
use aws_sdk_ses::error::BuildError;
use aws_sdk_ses::operation::send_email::builders::SendEmailFluentBuilder;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use aws_types::SdkConfig;
use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;
use handoff_domain::email::EmailAddress;
use handoff_domain::outbox::{OutboxEntry, OwedMail, SendOutcome};
use std::fmt;
use std::str::FromStr;

/// Who mails come from: an address, or `Name <address>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    name: String,
    address: EmailAddress,
}

impl Sender {
    /// As SES takes it, with another name before the address where one is given.
    pub fn named(&self, other: &str) -> String {
        let other = clean::line(other);
        let name = if other.is_empty() { &self.name } else { &other };
        match name.as_str() {
            "" => self.address.to_string(),
            // Quoted, where nothing in it ends the quotation.
            name if name.is_ascii() && !name.contains(['"', '\\']) => {
                format!("\"{name}\" <{}>", self.address)
            }
            name => format!("{} <{}>", encoded(name), self.address),
        }
    }
}

/// RFC 2047, on one line: SES wants ASCII here.
fn encoded(name: &str) -> String {
    let mut words = String::new();
    let mut writer = EmailWriter::new(&mut words, 0, 0, false);
    // Writing into a text cannot fail.
    let _ = rfc2047::encode(name, &mut writer);
    drop(writer);
    words.replace("\r\n", "")
}

/// The text names no sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sender: expected an address, or a name and an address in angle brackets")]
pub struct InvalidSender;

impl FromStr for Sender {
    type Err = InvalidSender;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let Some((name, address)) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) else {
            let address = EmailAddress::parse(text).map_err(|_| InvalidSender)?;
            return Ok(Self { name: String::new(), address });
        };
        let address = EmailAddress::parse(address).map_err(|_| InvalidSender)?;
        let name = clean::line(name.trim().trim_matches('"'));
        let is_plain = !name.contains(['"', '\\', '<', '>', '@', ',', ';', ':']);
        if is_plain { Ok(Self { name, address }) } else { Err(InvalidSender) }
    }
}

impl fmt::Display for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named(""))
    }
}

/// Sends mails through SES.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    from: Sender,
    configuration_set: Option<String>,
}

impl SesMailer {
    /// `configuration_set` names the set whose SEND events confirm mails with an unknown outcome. The timeouts are the
    /// configuration's; its retries are switched off.
    pub fn new(config: &SdkConfig, from: Sender, configuration_set: Option<String>) -> Self {
        let config = aws_sdk_ses::config::Builder::from(config).retry_config(RetryConfig::disabled()).build();
        Self { client: Client::from_conf(config), from, configuration_set }
    }

    /// Sends `mail`, which stands at position `index` of `entry`, once. Every way in which that can end is an outcome.
    pub async fn send(
        &self,
        entry: &OutboxEntry,
        index: usize,
        mail: &OwedMail,
        rendered: &Rendered,
    ) -> SendOutcome {
        let Ok(request) = self.request(entry, index, mail, rendered) else {
            return SendOutcome::Refused { reason: "incomplete request".to_owned() };
        };
        outcome::of(request.send().await)
    }

    fn request(
        &self,
        entry: &OutboxEntry,
        index: usize,
        mail: &OwedMail,
        rendered: &Rendered,
    ) -> Result<SendEmailFluentBuilder, BuildError> {
        let body = Body::builder().html(content(&rendered.html)?).text(content(&rendered.text)?).build();
        let correlation = entry.correlation.map(|id| tag("correlation", &id.to_string())).transpose()?;
        let message = Message::builder().subject(content(&rendered.subject)?).body(body).build();
        let request = self
            .client
            .send_email()
            .source(self.from.named(&rendered.sender))
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .message(message)
            .set_reply_to_addresses(mail.reply_to.as_ref().map(|address| vec![address.to_string()]))
            .set_configuration_set_name(self.configuration_set.clone())
            .tags(tag("kind", mail.content.kind())?)
            .tags(tag("outbox", &entry.key.to_tag())?)
            .tags(tag("mail", &index.to_string())?);
        Ok(match correlation {
            Some(correlation) => request.tags(correlation),
            None => request,
        })
    }
}

fn content(text: &str) -> Result<Content, BuildError> {
    Content::builder().charset("UTF-8").data(text).build()
}

fn tag(name: &str, value: &str) -> Result<MessageTag, BuildError> {
    MessageTag::builder().name(name).value(value).build()
}

#[cfg(test)]
mod tests;
