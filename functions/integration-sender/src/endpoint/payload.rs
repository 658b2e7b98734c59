//! What is told: `docs/webhooks.md` shows one example of each type, and a test holds it to them.

use handoff_domain::delivery::Delivery;
use handoff_domain::event::{Event, What, Who};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::MemberId;
use handoff_store::DeliveryPage;
use serde::Serialize;
use serde_json::{Map, Value, json};

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: jiff::Timestamp,
    data: Data<'a>,
}

/// Fields are only ever added.
#[derive(Serialize)]
struct Data<'a> {
    organization: &'a str,
    portal_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<About<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    round: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<By<'a>>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Serialize)]
struct About<'a> {
    id: &'a str,
    company: &'a str,
    deal_id: Option<&'a str>,
    url: String,
}

#[derive(Serialize)]
struct By<'a> {
    kind: &'static str,
    name: &'a str,
}

/// The message's body; `None` when the account is gone.
pub(crate) fn payload(base_url: &str, page: &DeliveryPage, delivery: &Delivery) -> Option<String> {
    let about = page.about.as_ref().map(|(handoff, _)| handoff);
    if delivery.account.is_some() && about.is_none() {
        return None;
    }
    let event = delivery.event.as_ref();
    let payload = Payload {
        r#type: delivery.fact.as_str(),
        timestamp: delivery.made_at,
        data: Data {
            organization: page.organization.id.as_str(),
            portal_id: page.organization.portal.0,
            account: about.map(|handoff| account(base_url, handoff)),
            round: event.and_then(|event| event.round),
            by: event.and_then(by),
            more: event.map(more).unwrap_or_default(),
        },
    };
    serde_json::to_string(&payload).ok()
}

fn account<'a>(base_url: &str, handoff: &'a Handoff) -> About<'a> {
    About {
        id: handoff.id.as_str(),
        company: &handoff.account.company,
        deal_id: handoff.account.deal.as_ref().map(handoff_domain::id::DealId::as_str),
        url: format!("{base_url}/accounts/{}", handoff.id),
    }
}

fn by(event: &Event) -> Option<By<'_>> {
    match &event.who {
        Who::System => None,
        Who::Ae { name } => Some(By { kind: "ae", name }),
        Who::Member { name, .. } => Some(By { kind: "member", name }),
    }
}

fn member(id: &MemberId, name: &str) -> Value {
    json!({"id": id, "name": name})
}

fn more(event: &Event) -> Map<String, Value> {
    let value = match &event.what {
        What::AccountCreated { by_hand } => json!({"by_hand": by_hand}),
        What::DraftsReady { drafted, questions, sources, gaps, .. } => {
            json!({"questions": questions, "drafted": drafted, "sources": sources, "gaps": gaps})
        }
        What::Reminded { day, .. } => json!({"day": day}),
        What::AttentionRaised { reason } => json!({"reason": reason.as_str()}),
        What::Submitted { csm, csm_name, answers, template, .. } => json!({
            "csm": csm.as_ref().map(|csm| member(csm, csm_name)),
            "answers": {"accepted": answers.accepted, "edited": answers.edited, "written": answers.written},
            "template": template,
        }),
        What::Skipped { reason } | What::Returned { reason } => json!({"reason": reason}),
        What::Assigned { csm, csm_name, reason } => json!({"csm": member(csm, csm_name), "reason": reason}),
        What::Reassigned { from, from_name, csm, csm_name, reason } => {
            json!({"from": member(from, from_name), "csm": member(csm, csm_name), "reason": reason})
        }
        What::Rated { rating, before } => json!({
            "score": rating.score,
            "customer_repeated": rating.repeated,
            "is_change": before.is_some(),
        }),
        _ => json!({}),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
