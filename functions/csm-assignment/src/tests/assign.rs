//! Assigning and reassigning: what it writes, what it tells, and what it refuses.

use super::harness::{Harness, OURS, chosen, drafts, member, numbered, people};
use axum::http::StatusCode;
use handoff_domain::event::{What, Who};
use handoff_domain::handoff::{Attention, Changes, Returned};
use handoff_domain::id::MemberId;
use handoff_domain::link::Link;
use handoff_domain::listing::Filter;
use handoff_domain::outbox::MailContent;
use handoff_testing::fixtures;

const PATH: &str = "/accounts/d1001/csm";

async fn in_charge(harness: &Harness) -> String {
    harness.account(1001).await.handoff.csm_in_charge().map_or_else(String::new, |(csm, _)| csm.to_string())
}

#[tokio::test]
async fn a_reassignment_moves_load_list_and_word_in_one_go() {
    let harness = Harness::handed_over_to("cora").await;
    let cora = harness.signed_in(OURS, "cora").await;
    let done = cora.post(PATH, &[("csm", "sam"), ("reason", "I go on leave."), ("assignments", "1")]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, "/accounts/d1001"));
    let account = harness.account(1001).await;
    assert_eq!((in_charge(&harness).await.as_str(), account.handoff.assignments), ("sam", 2));
    let loads = harness.loads().await;
    assert_eq!((loads.of(&member("cora")), loads.of(&member("sam"))), (0, 1));
    let of = |csm| Filter { csm: Some(member(csm)), ..Filter::default() };
    let store = &harness.table.store;
    for (csm, rows) in [("cora", 0), ("sam", 1)] {
        let page = store.list_accounts(&account.handoff.organization, &of(csm), None, 10).await.unwrap();
        assert_eq!(page.rows.len(), rows, "{csm}");
    }
    let told: Vec<_> =
        account.events.iter().filter(|event| matches!(event.what, What::Reassigned { .. })).collect();
    let [event] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(event.who, Who::Member { id: member("cora"), name: "Cora Lind".to_owned() });
    let What::Reassigned { from, csm, csm_name, reason, .. } = &event.what else { panic!() };
    assert_eq!(
        (from, csm, csm_name.as_str(), reason.as_str()),
        (&member("cora"), &member("sam"), "Sam Okoro", "I go on leave.")
    );
    let owed = harness.owed().await;
    let kinds: Vec<_> =
        owed.iter().map(|(id, mail)| (id.as_str(), mail.content.kind(), mail.to.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("d1001-a2-assigned", "handoff_received", "sam@northwind.test"),
            ("d1001-a2-assigned", "handoff_reassigned", "cora@northwind.test")
        ]
    );
    let MailContent::HandoffReceived(document) = &owed[0].1.content else { panic!() };
    assert_eq!((document.answers.len(), document.csm_name.as_str()), (8, "Sam Okoro"));
}

#[tokio::test]
async fn a_missing_csm_is_filled_by_any_csm_and_nobody_looks_any_more() {
    let harness = Harness::handed_over_to("").await;
    assert!(harness.account(1001).await.handoff.attention.contains(&Attention::CsmMissing));
    let sam = harness.signed_in(OURS, "sam").await;
    assert_eq!(sam.post(PATH, &[("csm", "kim")]).await.status, StatusCode::SEE_OTHER);
    let account = harness.account(1001).await;
    assert!(account.handoff.attention.is_empty());
    let what = |wanted: fn(&What) -> bool| account.events.iter().any(|event| wanted(&event.what));
    assert!(what(|what| matches!(what, What::Assigned { reason, .. } if reason.is_empty())));
    assert!(what(|what| matches!(what, What::AttentionCleared { reason: Attention::CsmMissing })));
    let owed = harness.owed().await;
    assert_eq!(owed.iter().map(|(_, mail)| mail.to.as_str()).collect::<Vec<_>>(), ["kim@northwind.test"]);
    assert_eq!(harness.loads().await.of(&member("kim")), 1);
    let turns = harness.choice(1001).await.turns;
    assert_eq!(turns.0.keys().map(MemberId::as_str).collect::<Vec<_>>(), ["kim"]);
}

#[tokio::test]
async fn who_is_not_in_charge_gets_403_and_a_page_that_says_who_can() {
    let harness = Harness::handed_over_to("cora").await;
    let sam = harness.signed_in(OURS, "sam").await;
    let before = harness.table.dump().await;
    let refused = sam.post(PATH, &[("csm", "sam"), ("reason", "I want it")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Only the CSM in charge or an admin"));
    assert!(!refused.body.contains("name=\"csm\""));
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn a_refusal_keeps_what_was_typed() {
    let harness = Harness::handed_over_to("cora").await;
    let admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let no_reason = admin.post(PATH, &[("csm", "kim"), ("reason", "  ")]).await;
    assert_eq!(no_reason.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(no_reason.body.contains("value=\"kim\" required checked"));
    let strangers = ["nobody", "admin", "", "placeholder", "\u{0}"];
    for csm in strangers {
        let refused = admin.post(PATH, &[("csm", csm), ("reason", "Because <b>")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{csm}");
        assert!(refused.body.contains("Because &lt;b&gt;"), "{csm}");
    }
    let long = admin.post(PATH, &[("csm", "kim"), ("reason", &"x".repeat(3000))]).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn a_page_from_before_gets_409_with_what_stands_and_what_was_typed() {
    let harness = Harness::handed_over_to("cora").await;
    let admin = harness.signed_in(OURS, "admin").await;
    let fields = |csm, reason| [("csm", csm), ("reason", reason), ("assignments", "1")];
    assert_eq!(admin.post(PATH, &fields("sam", "x")).await.status, StatusCode::SEE_OTHER);
    let stale = admin.post(PATH, &fields("kim", "Kim knows them")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    for words in [
        "Sam Okoro has it, since",
        "Kim knows them",
        "value=\"kim\" required checked",
        "name=\"assignments\" value=\"2\"",
    ] {
        assert!(stale.body.contains(words), "{words}");
    }
    assert_eq!(in_charge(&harness).await, "sam");
}

#[tokio::test]
async fn to_give_it_to_whoever_has_it_changes_nothing_and_says_so() {
    let harness = Harness::handed_over_to("cora").await;
    let admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let same = admin.post(PATH, &[("csm", "cora"), ("reason", "Again")]).await;
    assert_eq!((same.status, same.header("location")), (StatusCode::SEE_OTHER, "/accounts/d1001/csm?same=1"));
    assert_eq!(harness.table.dump().await, before);
    assert!(
        admin
            .get("/accounts/d1001/csm?same=1")
            .await
            .body
            .contains("They have it already. Nothing was changed.")
    );
}

#[tokio::test]
async fn two_at_once_end_in_one() {
    for _ in 0..5 {
        let harness = Harness::handed_over_to("").await;
        let (admin, sam) = (harness.signed_in(OURS, "admin").await, harness.signed_in(OURS, "sam").await);
        let fields = |csm| [("csm", csm), ("assignments", "0")];
        let (to_kim, to_cora) = (fields("kim"), fields("cora"));
        let (one, other) = tokio::join!(admin.post(PATH, &to_kim), sam.post(PATH, &to_cora));
        let mut statuses = [one.status, other.status];
        statuses.sort();
        // Whoever is late is told so; a CSM who is late finds somebody else in charge.
        assert_eq!(statuses[0], StatusCode::SEE_OTHER);
        assert!([StatusCode::CONFLICT, StatusCode::FORBIDDEN].contains(&statuses[1]));
        let account = harness.account(1001).await;
        assert_eq!(account.handoff.assignments, 1);
        assert_eq!(harness.loads().await.0.values().sum::<u32>(), 1);
        assert_eq!(harness.owed().await.len(), 1);
    }
}

#[tokio::test]
async fn before_the_submit_there_is_nobody_to_assign_and_after_a_skip_there_is() {
    let harness = Harness::start().await;
    harness.begin(&numbered(1001)).await;
    let admin = harness.signed_in(OURS, "admin").await;
    let early = admin.post(PATH, &[("csm", "sam"), ("reason", "x")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.body.contains("Ana Ellis chooses one of the CSMs when handing over"));
    let before = harness.account(1001).await.handoff;
    let skipped = before.skip("They bought elsewhere".to_owned(), fixtures::now()).unwrap();
    assert!(harness.table.store.replace_handoff(&before, &skipped, &[], &[]).await.unwrap());
    assert_eq!(admin.post(PATH, &[("csm", "sam")]).await.status, StatusCode::SEE_OTHER);
    let owed = harness.owed().await;
    let MailContent::HandoffReceived(document) = &owed[0].1.content else { panic!() };
    assert!(document.answers.is_empty() && document.assignment.as_ref().unwrap().nothing_submitted);
    assert_eq!(harness.loads().await.of(&member("sam")), 1);
}

#[tokio::test]
async fn while_the_ae_has_it_again_the_new_csm_gets_what_was_handed_over_before() {
    let harness = Harness::handed_over_to("cora").await;
    let before = harness.account(1001).await.handoff;
    let link = Link::issue(&fixtures::link_key(), &before.organization, &before.id, 2, 30, fixtures::now());
    let returned = Returned { at: fixtures::now(), by: "Cora".to_owned(), reason: "Who signs?".to_owned() };
    let (back, ended) =
        before.give_back(&drafts(), link, &handoff_domain::reminder::Rhythm::default(), returned).unwrap();
    assert!(harness.table.store.give_back(&before, &back, &ended, &[], &[]).await.unwrap());
    let admin = harness.signed_in(OURS, "admin").await;
    assert_eq!(
        admin.post(PATH, &[("csm", "sam"), ("reason", "Cora is ill")]).await.status,
        StatusCode::SEE_OTHER
    );
    let owed = harness.owed().await;
    let MailContent::HandoffReceived(document) = &owed[0].1.content else { panic!() };
    assert_eq!((document.answers.len(), document.assignment.as_ref().unwrap().with_ae), (8, true));
    let now = harness.account(1001).await.handoff;
    assert_eq!((now.csm.clone(), harness.loads().await.of(&member("sam"))), (Some(chosen("sam")), 0));
    let done = now.submit(&drafts(), &people(), Changes::default(), now.version, fixtures::now()).unwrap();
    assert_eq!(done.csm_in_charge().unwrap().0.as_str(), "sam");
}
