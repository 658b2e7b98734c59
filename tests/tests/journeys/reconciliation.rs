//! What webhooks lose is found; what is older waits for a person.

use crate::rig::Street;
use serde_json::json;

const ADMIN: &str = "admin@example.com";

#[tokio::test]
async fn a_deal_whose_webhook_was_lost_becomes_a_handoff_all_the_same() {
    let street = Street::open().await;
    let german = street.deal("In German").await;
    let closed = street.post_json(&format!("/local/deals/{german}/close"), &json!({ "silent": true })).await;
    assert!(closed.status().is_success());
    street.settle().await;
    assert!(street.items("HANDOFF").await.is_empty());
    street.advance(60).await;
    let found = street.run_schedule("deal-reconciliation").await;
    assert_eq!((&found["found"], &found["ended"]), (&json!(1), &json!(1)), "{found}");
    // A webhook on its way would come first.
    street.advance(121).await;
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
    street.advance(300).await;
    let again = street.run_schedule("deal-reconciliation").await;
    assert_eq!(again["found"], 0, "{again}");
    street.close(&german).await;
    assert_eq!(street.items("HANDOFF").await.len(), 1);
    let admin = street.sign_in(ADMIN).await;
    let board = admin.get("/handoffs").await.html;
    assert!(
        board.contains("last looked through") && board.contains("One that had no account was"),
        "{board}"
    );
}

#[tokio::test]
async fn hubspot_that_refuses_the_search_is_told_on_the_board_until_it_answers() {
    let street = Street::open().await;
    let fault = json!([{ "service": "hubspot", "mode": "error", "probability": 1.0, "seed": 1 }]);
    street.faults(fault).await;
    let failed = street.run_schedule("deal-reconciliation").await;
    assert_eq!((&failed["ended"], &failed["incomplete"]), (&json!(0), &json!(1)), "{failed}");
    street.faults(json!([])).await;
    let admin = street.sign_in(ADMIN).await;
    assert!(admin.get("/handoffs").await.html.contains("cannot be looked through"));
    street.run_schedule("deal-reconciliation").await;
    assert!(!admin.get("/handoffs").await.html.contains("cannot be looked through"));
}

#[tokio::test]
async fn an_older_deal_waits_for_a_person_and_its_ae_for_their_word() {
    let street = Street::open().await;
    let old = street.deal("Won long ago").await;
    let swept = street.run_schedule("deal-reconciliation").await;
    assert_eq!(swept["found"], 0, "{swept}");
    let admin = street.sign_in(ADMIN).await;
    let page = admin.get("/accounts/import/hubspot").await;
    assert!(
        page.html.contains("Old Mill") && page.html.contains(&format!("value=\"{old}\"")),
        "{}",
        page.html
    );
    let nothing = admin.post("/accounts/import/hubspot", "/accounts/import/hubspot", &[]).await;
    assert!(nothing.status == 422 && nothing.html.contains("No deal was ticked"), "{}", nothing.status);
    // Twice: it makes one.
    for _ in 0..2 {
        let done =
            admin.post("/accounts/import/hubspot", "/accounts/import/hubspot", &[("deal", &old)]).await;
        assert!(done.status.is_redirection(), "{}", done.status);
    }
    street.settle().await;
    let accounts = street.items("HANDOFF").await;
    assert_eq!((accounts.len(), accounts[0]["state"].to_string().contains("awaiting_ae")), (1, true));
    street.advance(35 * 86_400).await;
    street.run_schedule("reminder-sweep").await;
    street.settle().await;
    let kinds: Vec<String> = street.mails().await.iter().map(|mail| mail["kind"].to_string()).collect();
    assert!(kinds.iter().all(|kind| kind.contains("sign_in")), "nobody was mailed by itself: {kinds:?}");
    let admin = street.sign_in(ADMIN).await;
    assert!(admin.get("/accounts/import/hubspot").await.html.contains("Has an account"));
    let account = format!("/accounts/d{old}");
    assert!(admin.get(&account).await.html.contains("Ask the AE"));
    let asked = admin.post(&account, &format!("{account}/resend"), &[("ae", "ae@northwind.example")]).await;
    assert!(asked.status.is_redirection(), "{} {}", asked.status, asked.html);
    street.settle().await;
    assert_eq!(street.mails_of("handoff_invitation").await.len(), 1);
    let form = street.get(&street.link("handoff_invitation").await).await;
    assert_eq!(form.status, 200);
}
