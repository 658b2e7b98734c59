//! SES's event publishing records, as far as they matter here.

use handoff_domain::Timestamp;
use handoff_domain::id::CorrelationId;
use handoff_domain::outbox::OutboxKey;
use serde::Deserialize;
use std::collections::HashMap;

/// How SES's notice begins that it puts into the topic when its event destination is made: plain text, about no mail.
const SET_UP: &str = "Successfully validated SNS topic";

/// A message that is no event of SES. The text is not kept: it may hold addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an SES event")]
pub(crate) struct ParseEventError;

/// What SES tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailEvent {
    /// SES's word for what happened, for example `Bounce`.
    pub(crate) kind: String,
    /// When it happened, by SES's own clock: the same in every repeat. `None` where it does not say.
    pub(crate) at: Option<Timestamp>,
    pub(crate) meaning: Meaning,
    /// Which of our mails; `None` for a mail that we did not send.
    pub(crate) about: Option<About>,
}

/// What follows from an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// SES accepted the mail and will try to deliver it.
    Taken,
    /// The mail will never arrive: bounced for good (also when its addressee is on a suppression list), rejected or not
    /// rendered.
    Lost,
    /// On its way, read, or delayed: nothing to do.
    Progress,
    /// Nothing to do, but worth a look.
    Worrying,
}

/// One mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) key: OutboxKey,
    /// Its position in the entry.
    pub(crate) mail: usize,
    pub(crate) correlation: Option<CorrelationId>,
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
    #[serde(default)]
    bounce: Option<Bounce>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    #[serde(default)]
    bounce_type: String,
    #[serde(default)]
    timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Mail {
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    tags: HashMap<String, Vec<String>>,
}

impl MailEvent {
    /// Reads a queue message's body.
    pub(crate) fn parse(body: &str) -> Result<Self, ParseEventError> {
        let envelope = serde_json::from_str::<Envelope>(body).ok();
        let envelope = envelope.filter(|envelope| envelope.kind == "Notification");
        let text = envelope.as_ref().map_or(body, |envelope| &envelope.message);
        if text.trim_start().starts_with(SET_UP) {
            return Ok(Self { kind: "SetUp".to_owned(), at: None, meaning: Meaning::Progress, about: None });
        }
        let record: Record = serde_json::from_str(text).map_err(|_| ParseEventError)?;
        let (meaning, about) = (meaning(&record), about(&record.mail.tags));
        Ok(Self { at: at(&record), meaning, about, kind: record.event_type })
    }
}

/// A bounce has a moment of its own; anything else is told at the moment when SES took the mail.
fn at(record: &Record) -> Option<Timestamp> {
    let bounced = record.bounce.as_ref().and_then(|bounce| bounce.timestamp.as_ref());
    bounced.or(record.mail.timestamp.as_ref())?.parse().ok()
}

fn meaning(record: &Record) -> Meaning {
    let is_permanent = record.bounce.as_ref().is_some_and(|bounce| bounce.bounce_type == "Permanent");
    match record.event_type.as_str() {
        "Send" => Meaning::Taken,
        "Bounce" if is_permanent => Meaning::Lost,
        // SES writes the latter with a space in events and without one in its API.
        "Reject" | "Rendering Failure" | "RenderingFailure" => Meaning::Lost,
        "Delivery" | "Open" | "Click" => Meaning::Progress,
        _ => Meaning::Worrying,
    }
}

fn about(tags: &HashMap<String, Vec<String>>) -> Option<About> {
    let first = |name: &str| tags.get(name).and_then(|values| values.first());
    Some(About {
        key: OutboxKey::from_tag(first("outbox")?)?,
        mail: first("mail")?.parse().ok()?,
        correlation: first("correlation").and_then(|id| id.parse().ok()),
    })
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
    fn the_notice_that_the_topic_works_is_about_none_of_ours() {
        let notice = "Successfully validated SNS topic for Amazon SES event publishing.";
        let wrapped = format!(r#"{{"Type":"Notification","Message":"{notice}"}}"#);
        for body in [notice, &wrapped] {
            assert_eq!(MailEvent::parse(body).unwrap().about, None, "{body}");
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
