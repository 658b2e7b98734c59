//! Every documented shape of an answer has a clear outcome.

use crate::data;
use crate::fake::{Fake, Reply, Seen, deal, deal_id, page};
use handoff_hubspot::HubSpotError;
use serde_json::{Value, json};

fn reply(case: &Value) -> Reply {
    let body = match &case["raw_body"] {
        Value::String(raw) => raw.clone().into_bytes(),
        _ => case["body"].to_string().into_bytes(),
    };
    let mut reply =
        Reply { status: u16::try_from(case["status"].as_u64().unwrap()).unwrap(), headers: Vec::new(), body };
    for (name, value) in case["headers"].as_object().into_iter().flatten() {
        reply = reply.header(name, value.as_str().unwrap());
    }
    reply
}

#[tokio::test]
async fn every_answer_to_a_deal_read_has_its_outcome() {
    let Some(cases) = data::read("vectors/hubspot-responses.json") else { return };
    for case in cases["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let answer = reply(case);
        let (_, hubspot) = Fake::start(move |_| answer.clone()).await;
        let outcome = match hubspot.get_deal(&deal_id()).await {
            Ok(Some(deal)) if deal.facts.is_archived => "archived",
            Ok(Some(deal)) if deal.facts.is_won => "won",
            Ok(Some(_)) => "not won",
            Ok(None) => "not found",
            Err(HubSpotError::Unauthorized { .. }) => "unauthorized",
            Err(error) if error.is_retryable() => "later",
            Err(_) => "refused",
        };
        let expected = match name {
            "ok-deal" | "ok-deal-other-id-after-merge" | "ok-deal-nulls" => "won",
            "ok-deal-archived" | "owner-archived" => "archived",
            "400-validation" => "refused",
            "401" | "403-scopes" => "unauthorized",
            "404" => "not found",
            "207-partial" => "later",
            _ if name.starts_with("ok-") || name.starts_with("owner-") || name == "200-huge-note" => {
                "not won"
            }
            _ => "later",
        };
        assert_eq!(outcome, expected, "{name}");
    }
}

#[tokio::test]
async fn no_answer_to_any_other_read_stops_the_last_try() {
    let Some(cases) = data::read("vectors/hubspot-responses.json") else { return };
    for case in cases["cases"].as_array().unwrap() {
        let answer = reply(case);
        let associations =
            json!({"companies": page(1..=2), "contacts": page(51..=52), "notes": page(77..=77)});
        let rule = move |seen: &Seen| {
            if seen.is("/deals/12345678") { Reply::json(&deal(&associations)) } else { answer.clone() }
        };
        let (_, hubspot) = Fake::start(rule).await;
        let deal = hubspot.get_deal(&deal_id()).await.unwrap().unwrap();
        let first = hubspot.gather(&deal, false).await;
        let last = hubspot.gather(&deal, true).await.unwrap();
        assert_eq!(last.account.company, "Acme - Platform", "{}", case["name"]);
        assert!(first.is_err() || !last.gaps.is_empty(), "{}", case["name"]);
        assert!(last.sources.iter().any(|source| source.id.as_str() == "deal-12345678"));
    }
}

#[tokio::test]
async fn an_error_never_shows_the_token_or_the_answer() {
    let (_, hubspot) =
        Fake::start(|_| Reply { status: 400, ..Reply::json(&json!({"message": "canary"})) }).await;
    let error = hubspot.get_deal(&deal_id()).await.unwrap_err();
    let shown = format!("{error} {error:?} {hubspot:?}");
    assert!(!shown.contains("canary") && !shown.contains("Bearer"), "{shown}");
}
