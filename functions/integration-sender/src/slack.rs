//! Messages to Slack: blocks of plain text, in which nothing that anybody typed is markup, and a button that leads to the account.
//! <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>, <https://docs.slack.dev/reference/methods/chat.postMessage>

use crate::{Deps, wait};
use handoff_domain::delivery::{Delivery, Outcome};
use handoff_domain::event::What;
use handoff_domain::handoff::Attention;
use handoff_domain::integration::{SEALED_FOR_SLACK, SlackWay};
use handoff_research::{Answered, PostError};
use handoff_store::DeliveryPage;
use serde_json::{Value, json};

/// Where a bot posts.
const POST_MESSAGE: &str = "https://slack.com/api/chat.postMessage";
/// Longest name or reason that a message repeats, in characters.
const WORDS_MAX_CHARS: usize = 300;

/// The message, without the channel.
pub(crate) fn payload(base_url: &str, page: &DeliveryPage, delivery: &Delivery) -> Value {
    let (title, more) = words(page, delivery);
    let plain = |text: &str| json!({"type": "plain_text", "text": text, "emoji": false});
    let mut blocks = vec![json!({"type": "section", "text": plain(&title)})];
    if !more.is_empty() {
        blocks.push(json!({"type": "context", "elements": [plain(&more)]}));
    }
    if let Some(account) = &delivery.account {
        let url = format!("{base_url}/accounts/{account}");
        let button = json!({"type": "button", "text": plain("Open the account"), "url": url});
        blocks.push(json!({"type": "actions", "elements": [button]}));
    }
    json!({"text": escaped(&title), "blocks": blocks, "unfurl_links": false})
}

/// What happened in one sentence, and what belongs to it.
fn words(page: &DeliveryPage, delivery: &Delivery) -> (String, String) {
    let Some(event) = delivery.event.as_ref() else {
        let title = format!("This is a test of Handoff for {}.", short(&page.organization.name));
        return (title, "If you can read it, messages arrive in this channel.".to_owned());
    };
    let handoff = page.about.as_ref().map(|(handoff, _)| handoff);
    let company = handoff.map_or_else(|| "A customer".to_owned(), |handoff| short(&handoff.account.company));
    let ae = handoff.map(|handoff| short(&handoff.ae.name)).filter(|name| !name.is_empty());
    let ae = ae.unwrap_or_else(|| "the AE".to_owned());
    match &event.what {
        What::Submitted { csm: Some(_), csm_name, .. } => {
            (format!("{company} was handed over to {}.", short(csm_name)), format!("By {ae}."))
        }
        What::Submitted { .. } => (
            format!("{company} was handed over, and has no CSM yet."),
            format!("By {ae}, who did not find the right one in the list."),
        ),
        What::Assigned { csm_name, reason, .. } => {
            (format!("{company} is now with {}.", short(csm_name)), short(reason))
        }
        What::Reassigned { from_name, csm_name, reason, .. } => {
            (format!("{company} went from {} to {}.", short(from_name), short(csm_name)), short(reason))
        }
        What::Reminded { day: Some(day), .. } => {
            (format!("{ae} was reminded to hand over {company}."), format!("Day {day} after the invitation."))
        }
        What::Reminded { day: None, .. } => {
            (format!("{ae} was reminded to hand over {company}."), "By hand.".to_owned())
        }
        What::Expired { .. } => (
            format!("The link to hand over {company} has expired."),
            format!("{ae} did not answer. Send a new link, or skip the handoff."),
        ),
        What::AttentionRaised { reason } => (format!("{company}: {}", looked_at(*reason)), String::new()),
        _ => (format!("{company}: {}", delivery.fact.label().to_lowercase()), String::new()),
    }
}

fn looked_at(reason: Attention) -> &'static str {
    match reason {
        Attention::NoAeAddress => "the deal's owner has no mail address, so nobody was asked to hand over.",
        Attention::AeLeft => "the deal's owner has left HubSpot, so nobody was asked to hand over.",
        Attention::DraftFailed => "answers could not be drafted.",
        Attention::MailFailed => "a mail could not be delivered.",
        Attention::Overdue => "the AE has not answered in time.",
        Attention::DealReopened => "the deal is no longer won in HubSpot.",
        Attention::CsmMissing => "nobody is named to take over.",
        Attention::WrongAe => "the AE says that this handoff is not theirs.",
    }
}

fn short(text: &str) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut short: String = one_line.trim().chars().take(WORDS_MAX_CHARS).collect();
    if one_line.trim().chars().count() > WORDS_MAX_CHARS {
        short.push('…');
    }
    short
}

/// Slack's own three characters of control; the text beside the blocks is read as markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Sends one message.
pub(crate) async fn send(deps: &Deps, page: &DeliveryPage, claimed: &Delivery) -> Outcome {
    let never = |words: &str| Outcome::Never { words: words.to_owned() };
    let Some(slack) = &page.integrations.slack else { return never("Slack was disconnected") };
    let Some(payload) = &claimed.payload else { return never("There is nothing to tell") };
    let sealed = match &slack.way {
        SlackWay::Webhook { url } => url,
        SlackWay::Bot { token, .. } => token,
    };
    let Some(secret) = deps.link_keys.open(&claimed.organization, SEALED_FOR_SLACK, sealed) else {
        return never(
            "What leads to Slack was sealed under a link key that is gone. Type it again on the settings page.",
        );
    };
    match &slack.way {
        SlackWay::Webhook { .. } => {
            outcome(deps.poster.post(&secret, &[], "application/json", payload.clone()).await, of_webhook)
        }
        SlackWay::Bot { channel, .. } => {
            let mut body: Value = serde_json::from_str(payload).unwrap_or_default();
            body["channel"] = json!(channel);
            let headers = [("authorization", format!("Bearer {secret}"))];
            let content_type = "application/json; charset=utf-8";
            outcome(deps.poster.post(POST_MESSAGE, &headers, content_type, body.to_string()).await, of_bot)
        }
    }
}

fn outcome(answered: Result<Answered, PostError>, read: fn(&Answered) -> Outcome) -> Outcome {
    let later = |words: &str| Outcome::Later { words: words.to_owned(), after: None };
    match answered {
        Ok(answered) if matches!(answered.status, 429 | 500..) => Outcome::Later {
            words: format!("Slack answered {}", answered.status),
            after: wait(answered.retry_after),
        },
        Ok(answered) => read(&answered),
        Err(PostError::Refused(_)) => Outcome::Never { words: "The address is not Slack's".to_owned() },
        Err(PostError::TimedOut) => later("Slack did not answer within 15 seconds"),
        Err(PostError::Unreachable(_)) => later("Slack could not be reached"),
    }
}

fn of_webhook(answered: &Answered) -> Outcome {
    match answered.status {
        200..=299 => Outcome::Done { words: "Posted".to_owned() },
        _ => refused(answered.body.trim()),
    }
}

fn of_bot(answered: &Answered) -> Outcome {
    let body: Value = serde_json::from_str(&answered.body).unwrap_or_default();
    let error = body.get("error").and_then(Value::as_str).unwrap_or("no reason given");
    match body.get("ok").and_then(Value::as_bool) {
        Some(true) => Outcome::Done { words: "Posted".to_owned() },
        Some(false)
            if matches!(error, "ratelimited" | "internal_error" | "fatal_error" | "service_unavailable") =>
        {
            Outcome::Later { words: format!("Slack says: {error}"), after: wait(answered.retry_after) }
        }
        Some(false) => refused(error),
        // Longer than what is read of it, or no answer of Slack's.
        None if answered.body.starts_with("{\"ok\":true") => Outcome::Done { words: "Posted".to_owned() },
        None => Outcome::Later {
            words: format!("Slack answered {} without a word", answered.status),
            after: None,
        },
    }
}

/// Slack's codes with what to do about them.
fn refused(code: &str) -> Outcome {
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
    let remedy = match code.as_str() {
        "channel_not_found" | "not_in_channel" => " Invite the bot to the channel, and check its name.",
        "invalid_auth" | "not_authed" | "token_revoked" | "token_expired" | "account_inactive" => {
            " The token does not hold any more: type a new one."
        }
        "missing_scope" => " The bot needs the scope chat:write.",
        "no_service" | "no_active_hooks" | "no_team" => " The incoming webhook was removed: make a new one.",
        "channel_is_archived" | "is_archived" => " The channel is archived: choose another one.",
        _ => "",
    };
    Outcome::Never { words: format!("Slack says: {code}.{remedy}") }
}

#[cfg(test)]
mod tests;
