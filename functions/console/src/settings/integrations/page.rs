//! The page of all integrations.

use super::connected::{Typed, WAYS};
use super::{Errors, Now, PATH, endpoint_path, words};
use crate::gate::Viewer;
use handoff_domain::integration::{ENDPOINTS_MAX, Endpoint, HubSpotPart, SlackTopic, SlackWay, Target};
use handoff_web::components::{Tone, badge, error_summary, field_error};
use handoff_web::fields::{Field, tick};
use handoff_web::{Markup, html};

const LABELS: [(&str, &str); 5] = [
    ("slack", "How Slack is told"),
    ("slack_url", "Address of the incoming webhook"),
    ("slack_token", "Token of the bot"),
    ("slack_channel", "Channel"),
    ("topic", "What Slack is told"),
];

/// All errors with links to their fields.
pub(super) fn summary(errors: &Errors) -> Markup {
    let labels =
        LABELS.iter().map(|(name, label)| ((*name).to_owned(), ((*name).to_owned(), (*label).to_owned())));
    error_summary(errors, &labels.collect())
}

pub(super) fn body(viewer: &Viewer, now: &Now, typed: &Typed, errors: &Errors, news: &Markup) -> Markup {
    html! {
        div.page-head {
            div { h1 { "Integrations" } p { "What flows on into the tools that your people use. Nobody who hands over ever waits for it." } }
            div.actions { a.button.button--quiet href={ (PATH) "/messages" } { "Messages" } }
        }
        (news)
        form method="post" action=(PATH) novalidate {
            (viewer.proof())
            input type="hidden" name="revision" value=(typed.revision);
            (hubspot(viewer, now, typed))
            (slack(viewer, now, typed, errors))
            div.actions { button.button { "Save" } }
        }
        @if now.integrations.slack.is_some() {
            form.actions method="post" action={ (PATH) "/test" } { (viewer.proof()) button.button.button--quiet { "Send a test to Slack" } }
        }
        (endpoints(viewer, now))
    }
}

fn hubspot(viewer: &Viewer, now: &Now, typed: &Typed) -> Markup {
    html! {
        section.card.stack {
            h2 { "HubSpot" }
            p { "When a customer is handed over, or gets another CSM. Only for accounts that a deal made." }
            @for part in HubSpotPart::ALL {
                div.stack-tight {
                    (tick("hubspot", part.as_str(), part.label(), typed.hubspot.contains(part.as_str())))
                    p.field-help { (about(part)) }
                    @if now.integrations.hubspot.contains(&part) { (words::state(viewer, now, &Target::HubSpot(part))) }
                }
            }
        }
    }
}

fn about(part: HubSpotPart) -> &'static str {
    match part {
        HubSpotPart::Note => {
            "One note for each handoff with every answer, kept up to date. Never the AE's word to the CSM."
        }
        HubSpotPart::Owner => {
            "The CSM becomes the owner of the deal's company. Needs a user in HubSpot with the CSM's mail address."
        }
        HubSpotPart::Properties => {
            "Make these properties for deals in HubSpot first: handoff_state, handoff_csm and handoff_url as text, handoff_invited_at and handoff_submitted_at as date and time."
        }
    }
}

fn slack(viewer: &Viewer, now: &Now, typed: &Typed, errors: &Errors) -> Markup {
    let field = |name: &'static str, value| {
        let label = LABELS.iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label);
        Field::text(name, label, value).error(errors.get(name))
    };
    let kept = now.integrations.slack.as_ref().map(|slack| &slack.way);
    let url_help = match kept {
        Some(SlackWay::Webhook { .. }) => "Kept, and not shown again. Paste another one to replace it.",
        _ => "In Slack: Apps, Incoming Webhooks, Add to Slack. It is kept sealed and not shown again.",
    };
    let token_help = match kept {
        Some(SlackWay::Bot { .. }) => "Kept, and not shown again. Paste another one to replace it.",
        _ => "Begins with xoxb-. The bot needs the scope chat:write and an invitation to the channel.",
    };
    html! {
        section.card.stack {
            h2 { "Slack" }
            div.fields {
                div.whole { (field("slack", &typed.way).select(&WAYS)) }
                div.whole { (field("slack_url", &typed.url).help(url_help).input()) }
                (field("slack_token", &typed.token).help(token_help).input())
                (field("slack_channel", &typed.channel).help("For a bot: the channel's id, or its name.").input())
            }
            fieldset #topic {
                legend.field-label { "What Slack is told" }
                (field_error("topic-error", errors.get("topic")))
                @for topic in SlackTopic::ALL { (tick("topic", topic.as_str(), topic.label(), typed.topics.contains(topic.as_str()))) }
            }
            @if now.integrations.slack.is_some() { (words::state(viewer, now, &Target::Slack)) }
        }
    }
}

fn endpoints(viewer: &Viewer, now: &Now) -> Markup {
    let all = &now.integrations.endpoints;
    html! {
        section.card.stack {
            div.page-head {
                div { h2 { "Endpoints" } p { "Addresses of your own that get a signed message when something happens: a warehouse, an automation, a chat that is not Slack." } }
                @if all.len() < ENDPOINTS_MAX { div.actions { a.button.button--quiet href={ (PATH) "/endpoints/new" } { "Add an endpoint" } } }
            }
            @for endpoint in all { (row(viewer, now, endpoint)) }
            @if all.is_empty() { p.muted { "None yet. How messages look and how to verify them stands in docs/webhooks.md, beside the code of Handoff." } }
        }
    }
}

fn row(viewer: &Viewer, now: &Now, endpoint: &Endpoint) -> Markup {
    html! {
        div.stack-tight {
            p {
                a href=(endpoint_path(&endpoint.id)) { b { (endpoint.name) } } " "
                span.muted { (endpoint.host) ", " (endpoint.facts.len()) @if endpoint.facts.len() == 1 { " kind of message" } @else { " kinds of messages" } }
                @if endpoint.paused_at.is_some() { " " (badge(Tone::Caution, "Paused")) }
            }
            (words::state(viewer, now, &Target::Endpoint(endpoint.id.clone())))
        }
    }
}
