//! Links: expired, replaced, unknown; and that looking changes nothing.

use crate::rig::{Street, deal};
use reqwest::StatusCode;

async fn invited() -> (Street, String) {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    (street, link)
}

#[tokio::test]
async fn an_expired_link_offers_a_fresh_one_to_the_ae_and_the_old_one_is_replaced() {
    let (street, link) = invited().await;
    street.advance(30 * 86_400 - 120).await;
    assert_eq!(street.get(&link).await.status, StatusCode::OK);
    street.advance(180).await;
    let expired = street.get(&link).await;
    assert_eq!(expired.status, StatusCode::GONE);
    let csrf = expired.field("csrf");
    let renewed = street.post(&format!("{link}/renew"), &[("csrf", &csrf)]).await;
    assert!(renewed.status.is_redirection() || renewed.status.is_success(), "{}", renewed.status);
    street.settle().await;
    let [mail] = street.mails_of("handoff_link_renewed").await.try_into().unwrap();
    let invitation = street.mails_of("handoff_invitation").await;
    assert_eq!(mail["to"], invitation[0]["to"]);
    let fresh = street.link("handoff_link_renewed").await;
    assert_ne!(fresh, link);
    assert_eq!(street.get(&fresh).await.status, StatusCode::OK);
    let replaced = street.get(&link).await;
    assert_eq!(replaced.status, StatusCode::GONE);
    assert!(!replaced.html.contains("name=\"csrf\""), "a replaced link offers nothing");
}

#[tokio::test]
async fn looking_changes_nothing_however_often() {
    let (street, link) = invited().await;
    let before = street.json("/local/table.json").await;
    for _ in 0..20 {
        assert_eq!(street.get(&link).await.status, StatusCode::OK);
        assert_eq!(street.http.head(street.url(&link)).send().await.unwrap().status(), StatusCode::OK);
        street.get(&format!("{link}/sources/deal-{}", deal::RICH)).await;
    }
    assert_eq!(street.json("/local/table.json").await, before);
}

#[tokio::test]
async fn every_wrong_token_looks_like_an_unknown_one() {
    let (street, link) = invited().await;
    let unknown = street.get("/handoff/nobody-knows-this-token").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let token = link.trim_start_matches("/handoff/");
    let flipped: String = token
        .chars()
        .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect();
    let without_last = &token[..token.len() - 1];
    for wrong in [
        format!("{token}A"),
        flipped,
        format!("{token}="),
        without_last.to_owned(),
        format!("{token}%00"),
        "*".into(),
        "-1".into(),
    ] {
        let page = street.get(&format!("/handoff/{wrong}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
        assert_eq!(without_id(&page.html), without_id(&unknown.html), "{wrong}");
    }
}

/// The page without its correlation id, which differs by design.
fn without_id(html: &str) -> String {
    html.split("<code").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest)).collect()
}

#[tokio::test]
async fn a_submitted_handoff_shows_its_receipt_until_day_thirty() {
    let (street, link) = invited().await;
    street.submit(&link, "grace-lin", &[]).await;
    street.advance(29 * 86_400).await;
    assert_eq!(street.get(&link).await.status, StatusCode::OK);
    street.advance(2 * 86_400).await;
    assert_eq!(street.get(&link).await.status, StatusCode::GONE);
}
