//! What other tools were told: notes in the built-in CRM, messages to Slack and endpoints.

use super::reply::json as json_reply;
use crate::crm::Crm;
use crate::receivers::{ENDPOINT, Received};
use crate::street::Street;
use axum::extract::State;
use axum::response::Response;
use handoff_web::components::{Tone, badge};
use handoff_web::page::Page;
use handoff_web::{Markup, html};
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) async fn json(State(street): State<Street>) -> Response {
    let notes = street.crm.as_ref().map(Crm::written_notes).unwrap_or_default();
    json_reply(&json!({"notes": notes, "messages": street.receivers.list()}))
}

pub(crate) async fn page(State(street): State<Street>) -> Response {
    let notes = street.crm.as_ref().map(Crm::written_notes).unwrap_or_default();
    let mut received = street.receivers.list();
    received.reverse();
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        p.crumbs { a href="/local" { "Local run" } }
        h1 { "What other tools were told" }
        p.lead { "Nothing leaves this machine: HubSpot, Slack and " code { "https://" (ENDPOINT) } " stand here. Its paths " code { "/gone" } ", " code { "/away" } " and " code { "/wrong" } " answer with errors, every other one takes what comes." }
        p { "What is told to whom is set under " a href="/settings/integrations" { "Settings, Integrations" } "." }
        section {
            div.section-head { h2 { "Notes in HubSpot" } p { "On the deals of the built-in CRM." } }
            @if notes.is_empty() { p.muted { "None yet. Hand a customer over." } }
            @for note in &notes { div.card { p.small.muted { "Deal " (note.deal) } pre.wrap tabindex="0" { (plain(&note.body)) } } }
        }
        section {
            div.section-head { h2 { "Messages" } p { "To Slack and to endpoints, the newest first." } }
            @if received.is_empty() { p.muted { "None yet. Connect Slack with https://hooks.slack.com/services/T0/B0/x, or add an endpoint." } }
            @for one in &received { (message(one)) }
        }
    };
    Page { title: "What other tools were told", brand: "Local run", script: None, body }
        .respond(StatusCode::OK)
}

fn message(one: &Received) -> Markup {
    let body: Option<Value> = serde_json::from_str(&one.body).ok();
    let words = body.as_ref().and_then(|body| body["text"].as_str().or(body["type"].as_str()));
    let pretty = body.as_ref().and_then(|body| serde_json::to_string_pretty(body).ok());
    html! {
        div.card {
            p {
                strong { (words.unwrap_or("A message")) } " "
                (badge(if one.status < 300 { Tone::Good } else { Tone::Caution }, &one.status.to_string()))
            }
            p.small.muted { "https://" (one.host) (one.path) }
            details {
                summary { "The whole message" }
                @for (name, value) in &one.headers { p.small { code.wrap { (name) ": " (value) } } }
                pre.wrap tabindex="0" { (pretty.as_deref().unwrap_or(&one.body)) }
            }
        }
    }
}

/// The note as text: each paragraph and break a line.
fn plain(note: &str) -> String {
    let mut text = String::new();
    for part in note.replace("<br>", "\n").replace("</p>", "\n\n").split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_note_reads_as_text() {
        let note = r#"<p><b>Goals</b><br>Less &lt;paper&gt; &amp; noise</p><p><a href="x">Open it</a></p>"#;
        assert_eq!(plain(note), "Goals\nLess <paper> & noise\n\nOpen it");
    }
}
