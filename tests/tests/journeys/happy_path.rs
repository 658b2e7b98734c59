//! A deal closes and the CSM knows everything.

use crate::rig::{Street, deal};
use reqwest::StatusCode;

#[tokio::test]
async fn a_deal_closes_and_the_csm_knows_everything() {
    let street = Street::open().await;
    street.close(deal::RICH).await;

    let [invitation] = street.mails_of("handoff_invitation").await.try_into().unwrap();
    assert!(invitation["subject"].as_str().unwrap().contains("Brightwater"), "{invitation}");
    let link = street.link("handoff_invitation").await;
    assert!(invitation["html"].as_str().unwrap().contains(&link));

    let form = street.get(&link).await;
    assert_eq!(form.status, StatusCode::OK);
    assert!(
        form.html.contains("Brightwater") && form.html.contains("<mark"),
        "the evidence stands on the page"
    );

    let note = "Pat is the one to win over. She was burnt by a rollout in 2023.";
    let done = street
        .submit(&link, "grace-lin", &[("note", note), ("answers[risks]", "Their COO leaves in March.")])
        .await;
    assert_eq!((done.status, done.location.as_deref()), (StatusCode::SEE_OTHER, Some(link.as_str())));
    street.settle().await;

    let receipt = street.get(&link).await;
    assert!(receipt.html.contains("Grace Lin") && receipt.html.contains("Their COO leaves in March."));
    assert!(!receipt.html.contains("<textarea"), "the receipt is read-only");

    let [received] = street.mails_of("handoff_received").await.try_into().unwrap();
    for part in ["text", "html"] {
        let part = received[part].as_str().unwrap();
        for told in ["Brightwater", "Their COO leaves in March.", "burnt by a rollout", "primary use case"] {
            assert!(part.contains(told), "the CSM's mail lacks {told}: {part}");
        }
    }
    assert_eq!(street.mails_of("handoff_receipt").await.len(), 1);
    assert_eq!(street.mails().await.len(), 3);

    let [plan] = street.items("PLAN").await.try_into().unwrap();
    assert!(plan["body"].is_object());
    let [loads] = street.items("LOADS").await.try_into().unwrap();
    assert_eq!(loads["loads"]["M"]["grace-lin"]["N"], "1");
}

#[tokio::test]
async fn every_sample_deal_has_the_outcome_that_its_story_tells() {
    let street = Street::open().await;
    let deals = street.json("/local/deals").await;
    for deal in deals.as_array().unwrap() {
        street.close(deal["id"].as_str().unwrap()).await;
    }
    let handoffs = street.items("HANDOFF").await;
    let of = |id: &str| handoffs.iter().find(|item| item["id"]["S"] == format!("d{id}"));
    let renewal = street.deal("A renewal").await;
    assert!(of(&renewal).is_none(), "a renewal is no new business");
    for story in ["The owner has no e-mail", "The owner has left", "The owner is a queue"] {
        let item = of(&street.deal(story).await).unwrap().clone();
        assert_eq!(item["state"]["S"], "awaiting_ae");
        let reason = item["attention"]["SS"][0].as_str().unwrap();
        assert!(["no_ae_address", "ae_left"].contains(&reason), "{story}: {reason}");
    }
    let escalations = street.mails_of("handoff_escalated").await;
    assert_eq!(escalations.len(), 3);
    assert!(escalations.iter().all(|mail| mail["to"][0] == "admin@example.com"));
    assert_eq!(street.mails_of("handoff_invitation").await.len(), handoffs.len() - 3);
    assert_eq!(street.json("/local/queues").await["dead"], 0);
}
