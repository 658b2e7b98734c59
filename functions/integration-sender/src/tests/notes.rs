//! What flows back into HubSpot: one note for each handoff, whatever is lost, and never in the way of anybody.

use super::world::Take;
use super::*;
use handoff_domain::delivery::Standing;
use handoff_domain::id::OutboxId;
use proptest::prelude::*;
use serde_json::json;

fn assigned() -> What {
    let csm = MemberId::parse("sam").unwrap();
    What::Assigned { csm, csm_name: "Sam Okoro".to_owned(), reason: "Knows the trade".to_owned() }
}

#[tokio::test]
async fn a_submit_becomes_a_note_and_an_assignment_changes_it() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    let summary = street.told().await;
    assert_eq!((summary.untold, summary.due, summary.delivered), (1, 1, 1));
    street.happens("assigned", assigned()).await;
    assert_eq!(street.told().await.delivered, 1);
    assert_eq!(street.world.inside().asked, ["create note", "change notes"]);
    let notes = street.world.inside().notes.clone();
    assert_eq!(notes.len(), 1);
    assert!(notes[&70].contains("They run 12 sites."), "{notes:?}");
    let flow = street.deps.store.get_flow_back(&fixtures::organization().id, &fixtures::handoff().id).await;
    let flow = flow.unwrap();
    assert_eq!((flow.note.as_deref(), flow.note_begun_at), (Some("70"), None));
    assert!(flow.parts[&HubSpotPart::Note].is_done);
}

#[tokio::test]
async fn a_note_whose_answer_was_lost_is_found_and_not_made_again() {
    let street = street(|_| Integrations::default()).await;
    street.world.inside().takes.push_back(Take::AndLose);
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.waiting, 1);
    street.wait(300);
    assert_eq!(street.swept().await.delivered, 1);
    let inside = street.world.inside();
    assert_eq!(inside.asked, ["create note", "look for notes", "change notes"]);
    assert_eq!(inside.notes.len(), 1);
}

#[tokio::test]
async fn two_messages_about_one_handoff_at_once_make_one_note() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    street.happens("assigned", assigned()).await;
    street.wait(130);
    let (one, other) = tokio::join!(sweep(&street.deps), sweep(&street.deps));
    assert!(one.is_ok() && other.is_ok());
    for _ in 0..4 {
        street.wait(400);
        street.swept().await;
    }
    assert_eq!(street.world.inside().notes.len(), 1);
    let done = |one: &Delivery| matches!(one.standing, Standing::Delivered { .. });
    assert!(street.deliveries().await.iter().all(done));
}

#[tokio::test]
async fn a_validation_error_is_told_in_hubspots_words_and_can_be_sent_again() {
    let street = street(|_| Integrations::default()).await;
    let said = json!({"message": "Property values were not valid: hs_note_body must name a product"});
    street.world.inside().takes.push_back(Take::Not(400, said));
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.given_up, 1);
    let [refused] = street.deliveries().await.try_into().unwrap();
    assert!(refused.attempts[0].words.ends_with("hs_note_body must name a product"), "{refused:?}");
    assert_eq!(street.world.inside().asked.len(), 1, "no try of the same");
    let again =
        street.deps.store.write_delivery(&refused.again(street.now()).unwrap()).await.unwrap().unwrap();
    assert_eq!(street.swept().await.delivered, 1);
    assert_eq!(street.world.inside().notes.len(), 1);
    assert!(again.attempts.len() == 1);
}

#[tokio::test]
async fn a_missing_scope_is_waited_for() {
    let street = street(|_| Integrations::default()).await;
    street.world.inside().takes.push_back(Take::Not(403, json!({"category": "MISSING_SCOPES"})));
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.waiting, 1);
    let [waiting] = street.deliveries().await.try_into().unwrap();
    assert_eq!(waiting.attempts[0].words, "Handoff has no permission for this in HubSpot");
    street.wait(301);
    assert_eq!(street.swept().await.delivered, 1);
}

#[tokio::test]
async fn a_note_that_a_person_deleted_stays_deleted() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    street.told().await;
    street.world.inside().notes.clear();
    street.happens("assigned", assigned()).await;
    assert_eq!(street.told().await.given_up, 1);
    assert_eq!(street.world.inside().notes.len(), 0);
}

#[tokio::test]
async fn the_csm_owns_the_company_and_the_deal_tells_its_state() {
    let street = street(|_| everything_in_hubspot()).await;
    street.happens("submitted", handed_over()).await;
    assert_eq!(street.told().await.delivered, 3);
    let inside = street.world.inside();
    let of = |what: &str| inside.patches.iter().find(|(path, _)| path.starts_with(what)).cloned().unwrap();
    assert_eq!(of("companies"), ("companies/5".to_owned(), json!({"hubspot_owner_id": "9"})));
    let (_, deal) = of("deals");
    assert_eq!((&deal["handoff_state"], &deal["handoff_csm"]), (&json!("submitted"), &json!("Cora Lind")));
    assert_eq!(deal["handoff_url"], format!("https://handoff.test/accounts/{}", fixtures::handoff().id));
    assert!(deal["handoff_submitted_at"].as_str().unwrap().parse::<i64>().unwrap() > 0);
}

#[tokio::test]
async fn what_happened_days_ago_is_told_to_nobody() {
    let street = street(|_| Integrations::default()).await;
    street.happens("submitted", handed_over()).await;
    street.wait(73 * 3600);
    let summary = street.swept().await;
    assert_eq!((summary.untold, summary.due), (1, 0));
    assert_eq!(street.swept().await.untold, 0, "and is not looked at again");
    assert_eq!(street.deliveries().await, []);
}

#[tokio::test]
async fn what_is_nobody_elses_business_owes_nothing() {
    let street = street(|_| everything_in_hubspot()).await;
    let mail = What::MailSent { mail: "sign_in".to_owned(), cause: OutboxId::parse("x").unwrap(), count: 1 };
    street.happens("mail", mail).await;
    street.happens("asked", What::RedraftAsked { run: run(), question: None }).await;
    assert_eq!(street.told().await, SweepSummary { organizations: 1, ..SweepSummary::default() });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// I28: whatever HubSpot does with each try, in whichever order messages come: at most one note, and in the end exactly one.
    #[test]
    fn there_is_never_a_second_note(faults in proptest::collection::vec(0_u8..4, 0..8), gaps in proptest::collection::vec(0_i64..400, 8)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let street = street(|_| Integrations::default()).await;
            let take = |fault: &u8| match fault {
                0 => Take::AndLose,
                1 => Take::Not(503, json!({})),
                2 => Take::Not(429, json!({})),
                _ => Take::Not(423, json!({})),
            };
            street.world.inside().takes.extend(faults.iter().map(take));
            street.happens("submitted", handed_over()).await;
            street.happens("assigned", assigned()).await;
            street.wait(130);
            for gap in gaps {
                let (one, other) = tokio::join!(sweep(&street.deps), sweep(&street.deps));
                assert!(one.is_ok() && other.is_ok());
                street.wait(gap);
                assert!(street.world.inside().notes.len() <= 1);
            }
            for _ in 0..12 {
                street.wait(25 * 3600);
                street.swept().await;
            }
            assert_eq!(street.world.inside().notes.len(), 1);
            assert!(street.deliveries().await.iter().all(|one| matches!(one.standing, Standing::Delivered { .. })));
        });
    }
}
