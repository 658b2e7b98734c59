//! SES's Query protocol, as far as the mailer speaks it: SendEmail. The mail is kept instead of sent, and SES's SEND
//! event goes to the mail-events queue in the same transaction.

use crate::aws::faults::{Faults, Service};
use crate::aws::mails::{Mail, Mails};
use crate::aws::queues::{QueueName, Queues};
use crate::aws::shapes::{internal_error, ses_error};
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::Bytes;
use handoff_domain::outbox::OutboxKey;
use handoff_runtime::Clock;
use http::{StatusCode, header};
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

const MAIL_MAX_BYTES: usize = 10 * 1024 * 1024;

/// What the stand-in needs.
#[derive(Debug, Clone)]
pub(crate) struct Ses {
    pub(crate) mails: Mails,
    pub(crate) queues: Queues,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
}

/// The stand-in's one route.
pub(crate) fn router(ses: Ses) -> Router {
    Router::new().route("/", post(answer)).layer(DefaultBodyLimit::max(2 * MAIL_MAX_BYTES)).with_state(ses)
}

async fn answer(State(ses): State<Ses>, body: Bytes) -> Response {
    let form = Form(form_urlencoded::parse(&body).into_owned().collect());
    if form.get("Action") != "SendEmail" {
        return refuse("InvalidAction", "The local run does not serve this action.");
    }
    let mail = match read_mail(&form, ses.clock.now()) {
        Ok(mail) => mail,
        Err((code, message)) => return refuse(code, message),
    };
    let event = send_event(&mail, &form, ses.clock.now());
    let copies = if ses.faults.duplicates(Service::Ses) { 2 } else { 1 };
    let events = vec![event.as_str(); copies];
    let kept = ses.mails.keep(&mail, |transaction| {
        ses.queues.insert(transaction, QueueName::MailEvents, &events, Duration::ZERO).map(drop)
    });
    if let Err(error) = kept {
        tracing::error!(error = handoff_runtime::report(&error), "mail");
        return internal_error(Service::Ses);
    }
    ses.queues.wake();
    let answer = format!(
        "<SendEmailResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><SendEmailResult>\
         <MessageId>{}</MessageId></SendEmailResult><ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\
         </SendEmailResponse>",
        mail.id,
        uuid::Uuid::new_v4()
    );
    ([(header::CONTENT_TYPE, "text/xml")], answer).into_response()
}

fn refuse(code: &str, message: &str) -> Response {
    ses_error(StatusCode::BAD_REQUEST, "Sender", code, message)
}

/// The form of a Query request.
struct Form(HashMap<String, String>);

impl Form {
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn list(&self, prefix: &str) -> Vec<String> {
        (1..).map_while(|index| self.0.get(&format!("{prefix}.member.{index}")).cloned()).collect()
    }

    fn tags(&self) -> BTreeMap<String, String> {
        let pair = |index: u32| {
            let name = self.0.get(&format!("Tags.member.{index}.Name"))?;
            Some((name.clone(), self.get(&format!("Tags.member.{index}.Value")).to_owned()))
        };
        (1..).map_while(pair).collect()
    }
}

fn read_mail(form: &Form, now: Timestamp) -> Result<Mail, (&'static str, &'static str)> {
    let addresses = ["Destination.ToAddresses", "Destination.CcAddresses", "Destination.BccAddresses"]
        .map(|list| form.list(list));
    let to: Vec<String> = addresses.concat();
    let from = form.get("Source").to_owned();
    let reply_to = form.list("ReplyToAddresses");
    let tags = form.tags();
    let is_tag = |text: &String| {
        text.len() <= 256 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if to.is_empty() || from.is_empty() {
        return Err(("InvalidParameterValue", "Missing required header 'To' or 'From'."));
    }
    if to.iter().chain(&reply_to).chain([&from]).any(|address| !is_plain_address(address)) {
        return Err((
            "InvalidParameterValue",
            "Missing final '@domain', or the address contains control characters.",
        ));
    }
    if !tags.iter().all(|(name, value)| is_tag(name) && is_tag(value) && !name.is_empty()) {
        return Err((
            "InvalidParameterValue",
            "Tag names and values are letters, digits, _ and -, up to 256.",
        ));
    }
    let id = format!("0102{}-000000", uuid::Uuid::new_v4());
    let (headers, raw) = build(form, &id, &to, &from, &reply_to, now);
    if raw.len() > MAIL_MAX_BYTES {
        return Err(("InvalidParameterValue", "Message length is more than 10485760 bytes long."));
    }
    let account = tags.get("outbox").and_then(|tag| OutboxKey::from_tag(tag)?.account);
    let tag = |name: &str| tags.get(name).map_or("", String::as_str);
    Ok(Mail {
        cause: format!("{}/{}", tag("outbox"), tag("mail")),
        id,
        kind: tags.get("kind").cloned().unwrap_or_default(),
        to,
        from,
        reply_to: (!reply_to.is_empty()).then(|| reply_to.join(", ")),
        subject: form.get("Message.Subject.Data").to_owned(),
        text: form.get("Message.Body.Text.Data").to_owned(),
        html: form.get("Message.Body.Html.Data").to_owned(),
        headers,
        raw,
        sent_at: now,
        account_id: account.map(|account| account.to_string()),
    })
}

/// One address, bare or with a display name, on one line.
fn is_plain_address(text: &str) -> bool {
    let bare = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    !text.contains(|c: char| c.is_control()) && bare.split('@').filter(|part| !part.is_empty()).count() == 2
}

fn build(
    form: &Form,
    id: &str,
    to: &[String],
    from: &str,
    reply_to: &[String],
    now: Timestamp,
) -> (BTreeMap<String, String>, String) {
    let mut builder = MessageBuilder::new()
        .message_id(format!("{id}@email.amazonses.com"))
        .date(now.as_second())
        // As given: SES passes addresses through, display names and all.
        .header("From", Raw::new(from.to_owned()))
        .header("To", Raw::new(to.join(", ")))
        .subject(form.get("Message.Subject.Data"));
    if !reply_to.is_empty() {
        builder = builder.header("Reply-To", Raw::new(reply_to.join(", ")));
    }
    if !form.get("Message.Body.Text.Data").is_empty() {
        builder = builder.text_body(form.get("Message.Body.Text.Data"));
    }
    if !form.get("Message.Body.Html.Data").is_empty() {
        builder = builder.html_body(form.get("Message.Body.Html.Data"));
    }
    let raw = builder.write_to_string().unwrap_or_default();
    (read_headers(&raw), raw)
}

/// The header lines of a built message, unfolded.
fn read_headers(raw: &str) -> BTreeMap<String, String> {
    let head = raw.split_once("\r\n\r\n").map_or(raw, |(head, _)| head);
    let unfolded = head.replace("\r\n\t", " ").replace("\r\n ", " ");
    let line =
        |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    unfolded.split("\r\n").filter_map(line).collect()
}

/// SES's event publishing record of a sent mail.
fn send_event(mail: &Mail, form: &Form, now: Timestamp) -> String {
    let mut tags: BTreeMap<String, Vec<String>> =
        form.tags().into_iter().map(|(name, value)| (name, vec![value])).collect();
    tags.insert("ses:configuration-set".to_owned(), vec![form.get("ConfigurationSetName").to_owned()]);
    json!({
        "eventType": "Send",
        "mail": {
            "timestamp": now,
            "source": mail.from,
            "sourceArn": "arn:aws:ses:us-east-1:000000000000:identity/local",
            "sendingAccountId": "000000000000",
            "messageId": mail.id,
            "destination": mail.to,
            "headersTruncated": false,
            "headers": mail.headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
            "commonHeaders": {"from": [mail.from], "to": mail.to, "messageId": mail.id, "subject": mail.subject},
            "tags": tags,
        },
        "send": {},
    })
    .to_string()
}
