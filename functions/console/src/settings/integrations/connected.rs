//! From the typed fields to what HubSpot and Slack are told, and what of it changed. Secrets come in and never go out again.

use super::Errors;
use crate::app::Deps;
use handoff_domain::audit::FieldChange;
use handoff_domain::id::OrganizationId;
use handoff_domain::integration::{HubSpotPart, Integrations, SEALED_FOR_SLACK, Slack, SlackTopic, SlackWay};
use handoff_domain::link::Sealed;
use handoff_web::form::Form;
use std::collections::BTreeSet;

/// Where Slack takes incoming webhooks.
const SLACK_HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
const TOKEN_MAX_CHARS: usize = 300;
const CHANNEL_MAX_CHARS: usize = 80;

/// How Slack is reached, as the form says it.
pub(super) const WAYS: [(&str, &str); 3] =
    [("off", "Not at all"), ("webhook", "By an incoming webhook"), ("bot", "By a bot")];

/// The fields as text: as they are stored, or as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) revision: String,
    pub(super) hubspot: BTreeSet<String>,
    pub(super) way: String,
    /// Only what somebody just typed: what is stored is never shown.
    pub(super) url: String,
    /// The same.
    pub(super) token: String,
    pub(super) channel: String,
    pub(super) topics: BTreeSet<String>,
}

fn way(slack: Option<&Slack>) -> &'static str {
    match slack.map(|slack| &slack.way) {
        None => "off",
        Some(SlackWay::Webhook { .. }) => "webhook",
        Some(SlackWay::Bot { .. }) => "bot",
    }
}

impl Typed {
    /// What is stored.
    pub(super) fn of(integrations: &Integrations) -> Self {
        let slack = integrations.slack.as_ref();
        let channel = match slack.map(|slack| &slack.way) {
            Some(SlackWay::Bot { channel, .. }) => channel.clone(),
            _ => String::new(),
        };
        // Whoever connects Slack wants to hear of something.
        let topics =
            slack.map_or_else(|| SlackTopic::ALL.into_iter().collect(), |slack| slack.topics.clone());
        Self {
            revision: integrations.revision.to_string(),
            hubspot: integrations.hubspot.iter().map(|part| part.as_str().to_owned()).collect(),
            way: way(slack).to_owned(),
            url: String::new(),
            token: String::new(),
            channel,
            topics: topics.iter().map(|topic| topic.as_str().to_owned()).collect(),
        }
    }

    /// What somebody typed.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name| form.last(name).unwrap_or_default().trim().to_owned();
        let several = |name: &str| {
            form.pairs().filter(|(found, _)| *found == name).map(|(_, value)| value.to_owned()).collect()
        };
        Self {
            revision: text("revision"),
            hubspot: several("hubspot"),
            way: text("slack"),
            url: text("slack_url"),
            token: text("slack_token"),
            channel: text("slack_channel"),
            topics: several("topic"),
        }
    }

    /// Whether a secret was typed, so that the audit can say so without saying which.
    pub(super) fn has_new_secret(&self) -> bool {
        match self.way.as_str() {
            "webhook" => !self.url.is_empty(),
            "bot" => !self.token.is_empty(),
            _ => false,
        }
    }

    /// What is wanted with these fields, or what is wrong with each.
    pub(super) fn check(
        &self,
        deps: &Deps,
        organization: &OrganizationId,
        before: &Integrations,
    ) -> Result<Integrations, Errors> {
        let mut errors = Errors::new();
        let mut wrong = |field: &str, remedy: &str| drop(errors.insert(field.to_owned(), remedy.to_owned()));
        let parts = HubSpotPart::ALL.into_iter().filter(|part| self.hubspot.contains(part.as_str()));
        let topics: BTreeSet<SlackTopic> =
            SlackTopic::ALL.into_iter().filter(|topic| self.topics.contains(topic.as_str())).collect();
        let seal = |plain: &str| deps.link_keys.seal(organization, SEALED_FOR_SLACK, plain, rand::random());
        let kept = before.slack.as_ref().map(|slack| &slack.way);
        let way = match self.way.as_str() {
            "off" => None,
            "webhook" => match self.check_url(deps, kept, seal) {
                Ok(url) => Some(SlackWay::Webhook { url }),
                Err(remedy) => {
                    wrong("slack_url", remedy);
                    None
                }
            },
            "bot" => {
                let token = self.check_token(kept, seal).map_err(|remedy| wrong("slack_token", remedy));
                let is_channel = (1..=CHANNEL_MAX_CHARS).contains(&self.channel.chars().count())
                    && !self.channel.contains(|c: char| c.is_whitespace() || c.is_control());
                if !is_channel {
                    wrong("slack_channel", "Give the channel's id, like C0123456789, or its name.");
                }
                token.ok().map(|token| SlackWay::Bot { token, channel: self.channel.clone() })
            }
            _ => {
                wrong("slack", "Choose one of the three.");
                None
            }
        };
        if self.way != "off" && topics.is_empty() {
            wrong("topic", "Tick what Slack is to be told, or choose “Not at all”.");
        }
        let after = Integrations {
            hubspot: parts.collect(),
            slack: way.map(|way| Slack { way, topics }),
            ..before.clone()
        };
        if errors.is_empty() { Ok(after) } else { Err(errors) }
    }

    fn check_url(
        &self,
        deps: &Deps,
        kept: Option<&SlackWay>,
        seal: impl Fn(&str) -> Sealed,
    ) -> Result<Sealed, &'static str> {
        match (self.url.as_str(), kept) {
            ("", Some(SlackWay::Webhook { url })) => Ok(url.clone()),
            ("", _) => Err("Paste the address that Slack shows for the incoming webhook."),
            (url, _) => match deps.poster.check(url) {
                Ok(host) if SLACK_HOSTS.contains(&host.as_str()) => Ok(seal(url)),
                _ => Err("This is no address of Slack's. It begins with https://hooks.slack.com/services/."),
            },
        }
    }

    fn check_token(
        &self,
        kept: Option<&SlackWay>,
        seal: impl Fn(&str) -> Sealed,
    ) -> Result<Sealed, &'static str> {
        match (self.token.as_str(), kept) {
            ("", Some(SlackWay::Bot { token, .. })) => Ok(token.clone()),
            ("", _) => Err("Paste the bot's token. It begins with xoxb-."),
            (token, _) => {
                let is_token = token.starts_with("xoxb-")
                    && token.len() <= TOKEN_MAX_CHARS
                    && token.bytes().all(|byte| byte.is_ascii_graphic());
                if is_token { Ok(seal(token)) } else { Err("This is no bot's token. It begins with xoxb-.") }
            }
        }
    }
}

/// What tells `after` from `before`, field by field, without any secret.
pub(super) fn changes(before: &Integrations, after: &Integrations, has_new_secret: bool) -> Vec<FieldChange> {
    let parts =
        |one: &Integrations| one.hubspot.iter().map(|part| part.label()).collect::<Vec<_>>().join(", ");
    let label = |one: &Integrations| {
        let way = way(one.slack.as_ref());
        WAYS.iter().find(|(value, _)| *value == way).map_or("", |(_, label)| label)
    };
    let channel = |one: &Integrations| match one.slack.as_ref().map(|slack| &slack.way) {
        Some(SlackWay::Bot { channel, .. }) => channel.clone(),
        _ => String::new(),
    };
    let topics = |one: &Integrations| {
        let topics = one.slack.iter().flat_map(|slack| &slack.topics).map(|topic| topic.label());
        topics.collect::<Vec<_>>().join("; ")
    };
    let secret = if has_new_secret { "a new one" } else { "" };
    let fields = [
        FieldChange::of("Written to HubSpot", parts(before), parts(after)),
        FieldChange::of("Slack is told", label(before), label(after)),
        FieldChange::of("Slack's address or token", "", secret),
        FieldChange::of("Slack channel", channel(before), channel(after)),
        FieldChange::of("Slack hears of", topics(before), topics(after)),
    ];
    fields.into_iter().flatten().collect()
}
