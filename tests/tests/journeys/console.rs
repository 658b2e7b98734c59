//! From a closed deal to a rated handoff in the console, and back to the AE for another round.

use crate::rig::{Street, deal};
use reqwest::StatusCode;
use serde_json::Value;

/// Names of what was told about the account, the oldest first.
async fn told(street: &Street) -> Vec<String> {
    let table = street.json("/local/table.json").await;
    let mut events: Vec<&Value> =
        table.as_array().unwrap().iter().filter(|item| item["kind"]["S"] == "event").collect();
    events.sort_by_key(|event| event["SK"]["S"].as_str().unwrap().to_owned());
    let name = |event: &Value| match &event["what"]["S"] {
        Value::String(name) => name.clone(),
        _ => event["what"]["M"].as_object().unwrap().keys().next().unwrap().clone(),
    };
    events.into_iter().map(name).collect()
}

#[tokio::test]
async fn a_closed_deal_becomes_a_rated_handoff_and_goes_back_for_another_round() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    let done = street.submit(&link, "grace-lin", &[("note", "Ask Lee first.")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    street.settle().await;
    let path = format!("/accounts/d{}", deal::RICH);
    let csm = street.sign_in("grace.lin@northwind.example").await;
    assert!(csm.get("/accounts").await.html.contains(&path), "hers is the first that she sees");
    let page = csm.get(&path).await.html;
    for words in ["Ask Lee first.", "Evidence (", "What happened", "Handed over to Grace Lin"] {
        assert!(page.contains(words), "{words}");
    }

    let fields = [("score", "4"), ("useful[risks]", "wrong"), ("repeated", "yes")];
    let rated = csm.post(&path, &format!("{path}/rating"), &fields).await;
    assert_eq!(rated.status, StatusCode::SEE_OTHER, "{}", rated.html);
    assert!(csm.get(&path).await.html.contains("1 reported wrong"));
    let noted = csm.post(&path, &format!("{path}/notes"), &[("text", "They close in August.")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);

    let back = csm.post(&path, &format!("{path}/return"), &[("reason", "Who signs?")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.html);
    street.settle().await;
    assert_eq!(street.get(&link).await.status, StatusCode::GONE, "the link of the first round is dead");
    let again = street.link("handoff_returned").await;
    let form = street.get(&again).await.html;
    assert!(form.contains("Who signs?") && form.contains("Ask Lee first."));
    assert_eq!(street.submit(&again, "grace-lin", &[]).await.status, StatusCode::SEE_OTHER);
    street.settle().await;
    let page = csm.get(&path).await.html;
    assert!(page.contains("They close in August.") && page.contains("Round 1") && page.contains("Rate it"));
    let told = told(&street).await;
    for one in
        ["account_created", "drafts_ready", "invitation_owed", "mail_sent", "rated", "note_added", "returned"]
    {
        assert!(told.iter().any(|name| name == one), "{one}: {told:?}");
    }
    assert_eq!(told.iter().filter(|name| *name == "submitted").count(), 2, "{told:?}");
}

#[tokio::test]
async fn an_admin_sends_a_new_link_and_the_old_one_dies() {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let old = street.link("handoff_invitation").await;
    let path = format!("/accounts/d{}", deal::RICH);
    let admin = street.sign_in("admin@example.com").await;
    assert!(admin.get("/handoffs").await.html.contains(&path));
    let reminded = admin.post(&path, &format!("{path}/remind"), &[]).await;
    assert_eq!(reminded.status, StatusCode::SEE_OTHER, "{}", reminded.html);
    street.settle().await;
    assert_eq!(street.link("handoff_reminder").await, old, "a reminder repeats the living link");
    let sent = admin.post(&path, &format!("{path}/resend"), &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    street.settle().await;
    let new = street.link("handoff_invitation").await;
    assert_ne!(new, old);
    assert_eq!(street.get(&old).await.status, StatusCode::GONE);
    assert_eq!(street.get(&new).await.status, StatusCode::OK);
    let skipped = admin.post(&path, &format!("{path}/skip"), &[("reason", "An old customer.")]).await;
    assert_eq!(skipped.status, StatusCode::SEE_OTHER);
    assert_eq!(street.get(&new).await.status, StatusCode::GONE);
}
