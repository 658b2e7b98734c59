//! SES's event publishing records, as far as they matter here.

use handoff_domain::outbox::OutboxKey;
use serde::Deserialize;
use std::collections::HashMap;

/// SES accepted the mail and will try to deliver it.
pub(crate) const SEND: &str = "Send";

/// A message that is no event of SES. The text is not kept: it may hold addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an SES event")]
pub(crate) struct ParseEventError;

/// What SES tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailEvent {
    /// SES's word for what happened, for example `Bounce`.
    pub(crate) kind: String,
    /// Which of our mails; `None` for a mail that we did not send.
    pub(crate) about: Option<About>,
}

/// One mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) key: OutboxKey,
    /// Its position in the entry.
    pub(crate) mail: usize,
}

/// SNS's envelope, unless raw delivery is on.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Type")]
    kind: String,
    #[serde(rename = "Message")]
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_type: String,
    mail: Mail,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

impl MailEvent {
    /// Reads a queue message's body.
    pub(crate) fn parse(body: &str) -> Result<Self, ParseEventError> {
        let record: Record = match serde_json::from_str::<Envelope>(body) {
            Ok(envelope) if envelope.kind == "Notification" => serde_json::from_str(&envelope.message),
            _ => serde_json::from_str(body),
        }
        .map_err(|_| ParseEventError)?;
        Ok(Self { about: about(&record.mail.tags), kind: record.event_type })
    }
}

fn about(tags: &HashMap<String, Vec<String>>) -> Option<About> {
    let first = |name: &str| tags.get(name).and_then(|values| values.first());
    Some(About { key: OutboxKey::from_tag(first("outbox")?)?, mail: first("mail")?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_of_others_is_about_none_of_ours() {
        let event = |tags: &str| {
            MailEvent::parse(&format!(r#"{{"eventType":"Send","mail":{{"tags":{tags}}}}}"#)).unwrap()
        };
        for tags in ["{}", r#"{"outbox":[]}"#, r#"{"outbox":["x"],"mail":["0"]}"#, r#"{"mail":["0"]}"#] {
            assert_eq!(event(tags).about, None, "{tags}");
        }
    }

    #[test]
    fn what_is_no_event_is_an_error() {
        for body in
            ["", "{", "[]", "{}", r#"{"eventType":1,"mail":{}}"#, r#"{"Type":"Notification","Message":"hi"}"#]
        {
            assert_eq!(MailEvent::parse(body), Err(ParseEventError), "{body}");
        }
    }
}
