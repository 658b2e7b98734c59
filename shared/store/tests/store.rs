//! The store against the embedded emulator: what each write keeps, and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test program")]

mod store {
    mod lists;
    mod telling;
    mod timeline;
}

use aws_sdk_dynamodb::types::AttributeValue;
use handoff_domain::answer::AnswerValue;
use handoff_domain::event::Who;
use handoff_domain::handoff::{Attention, Changes, CsmChoice, DraftingClaim, HandoffState, PendingRedraft};
use handoff_domain::id::{AccountId, MemberId, QuestionId, RunId};
use handoff_domain::link::Link;
use handoff_domain::outbox::{Escalation, MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use handoff_domain::pattern::HistoryEntry;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_store::{AskOutcome, Consistency, Created, SaveOutcome};
use handoff_testing::fixtures::{drafts, handoff, link_key, now, organization, roster, source};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;

fn entry(id: &str) -> OutboxEntry {
    let handoff = handoff();
    let key = OutboxKey {
        organization: handoff.organization,
        account: Some(handoff.id),
        owed_at: now(),
        id: handoff_domain::id::OutboxId::parse(id).unwrap(),
    };
    let content = MailContent::HandoffEscalated(Escalation {
        organization_name: "Northwind".into(),
        company: "Acme".into(),
        deal: None,
        portal: organization().portal,
        reason: Attention::NoAeAddress,
        detail: String::new(),
        unread: Vec::new(),
    });
    let mail =
        OwedMail { to: organization().admins[0].clone(), reply_to: None, content, status: MailStatus::Owed };
    OutboxEntry::new(key, vec![mail])
}

/// A table with the organization and one handoff that awaits its AE.
async fn awaiting() -> TestTable {
    let table = table().await;
    let (organization, questions, template) = (organization(), QuestionSet::first(), Template::first());
    assert!(table.store.create_organization(&organization, &questions, &roster(), &template).await.unwrap());
    let mut begun = handoff();
    begun.state = HandoffState::Drafting;
    begun.link = None;
    begun.claim = Some(DraftingClaim { run: RunId::parse("r1").unwrap(), until: now() });
    assert!(matches!(table.store.create_handoff(&begun).await.unwrap(), Created::New));
    let (after, drafts, owed) = (handoff(), drafts("r1", Some("drafted")), entry("d1001-r1-g1-invitation"));
    assert!(table.store.keep_drafts(&begun, &after, &drafts, &[source()], &[owed], &[]).await.unwrap());
    table
}

fn text_change(question: &str, text: &str) -> Changes {
    let mut changes = Changes::default();
    changes.answers.insert(QuestionId::parse(question).unwrap(), Some(AnswerValue::Text(text.into())));
    changes
}

#[tokio::test]
async fn an_organization_is_made_once() {
    let table = awaiting().await;
    let again = table
        .store
        .create_organization(&organization(), &QuestionSet::first(), &roster(), &Template::first())
        .await;
    assert!(!again.unwrap());
    let intake = table.store.get_intake(&organization().id).await.unwrap().unwrap();
    assert_eq!(intake.organization, organization());
    assert_eq!(intake.questions, QuestionSet::first());
    assert_eq!(table.store.list_organizations().await.unwrap(), [organization().id]);
    let stranger = handoff_domain::id::PortalId(1).organization();
    assert!(table.store.get_intake(&stranger).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_is_made_once_and_read_back_whole() {
    let table = awaiting().await;
    let Created::Existing(existing) = table.store.create_handoff(&handoff()).await.unwrap() else {
        panic!("made twice")
    };
    assert_eq!(existing.state, HandoffState::AwaitingAe);
    let page = table
        .store
        .get_handoff_page(&existing.organization, &existing.id, Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.handoff.account, handoff().account);
    assert_eq!(page.drafts.unwrap(), drafts("r1", Some("drafted")));
    assert_eq!(page.roster, roster());
    let (_, _, sources) =
        table.store.get_with_sources(&existing.organization, &existing.id).await.unwrap().unwrap();
    assert_eq!(sources, [source()]);
}

#[tokio::test]
async fn a_save_holds_only_for_the_version_the_link_and_the_state() {
    let table = awaiting().await;
    let h = handoff();
    let hash = h.link.as_ref().unwrap().hash.clone();
    let change = text_change("risks", "their CFO leaves");
    let save = |version, at| table.store.save_answers(&h.organization, &h.id, &hash, version, &change, at);
    assert!(matches!(save(0, now()).await.unwrap(), SaveOutcome::Saved { version: 1 }));
    let SaveOutcome::Refused(Some(held)) = save(0, now()).await.unwrap() else {
        panic!("stale save was kept")
    };
    assert_eq!(held.version, 1);
    assert_eq!(
        held.answers[&QuestionId::parse("risks").unwrap()].value,
        Some(AnswerValue::Text("their CFO leaves".into()))
    );
    let expired = now() + SignedDuration::from_hours(24 * 30);
    assert!(matches!(save(1, expired).await.unwrap(), SaveOutcome::Refused(Some(_))));
    let foreign = Link::issue(&link_key(), &h.organization, &h.id, 2, 30, now()).hash;
    let other = table.store.save_answers(&h.organization, &h.id, &foreign, 1, &change, now()).await.unwrap();
    assert!(matches!(other, SaveOutcome::Refused(Some(_))));
}

#[tokio::test]
async fn a_submit_is_all_or_nothing_and_once() {
    let table = awaiting().await;
    let page = table
        .store
        .get_submit_page(&handoff().organization, &handoff().id, Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    let changes = Changes {
        csm: Some(Some(CsmChoice::Member(MemberId::parse("cora").unwrap()))),
        ..Changes::default()
    };
    let after = page.handoff.submit(&page.drafts.unwrap(), &page.roster, changes, 0, now()).unwrap();
    let plan = page.templates.all[0].apply(now(), "UTC");
    let owed = entry("d1001-r1-submitted");
    assert!(table.store.submit(&page.handoff, &after, Some(&plan), &owed, None).await.unwrap());
    let once = table.dump().await;
    assert!(!table.store.submit(&page.handoff, &after, Some(&plan), &owed, None).await.unwrap());
    assert_eq!(table.dump().await, once);
    let shown = table
        .store
        .get_handoff_page(&after.organization, &after.id, Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.loads.of(&MemberId::parse("cora").unwrap()), 1);
    assert_eq!(shown.handoff.submission, after.submission);
}

#[tokio::test]
async fn new_drafts_are_asked_for_one_at_a_time_up_to_the_limit() {
    let table = awaiting().await;
    let h = handoff();
    let hash = h.link.as_ref().unwrap().hash.clone();
    let ask = async |run: &str, at| {
        let pending = PendingRedraft { run: RunId::parse(run).unwrap(), question: None, asked_at: at };
        table.store.ask_redraft(&h.organization, &h.id, &hash, &pending, at).await.unwrap()
    };
    assert!(matches!(ask("a", now()).await, AskOutcome::Asked));
    assert!(matches!(ask("b", now()).await, AskOutcome::Refused(Some(_))));
    table.store.withdraw_redraft(&h.organization, &h.id, &RunId::parse("a").unwrap(), now()).await.unwrap();
    for count in 0..5 {
        let at = now() + SignedDuration::from_mins(11 * count);
        assert!(matches!(ask(&format!("c{count}"), at).await, AskOutcome::Asked), "{count}");
    }
    let SaveLimit::Reached = limit(ask("d", now() + SignedDuration::from_hours(9)).await) else {
        panic!("no limit")
    };
}

enum SaveLimit {
    Reached,
    Open,
}

fn limit(outcome: AskOutcome) -> SaveLimit {
    match outcome {
        AskOutcome::Refused(Some(handoff)) if handoff.redrafts == 5 => SaveLimit::Reached,
        _ => SaveLimit::Open,
    }
}

#[tokio::test]
async fn two_senders_of_one_entry_notice_each_other() {
    let table = awaiting().await;
    let owed =
        table.store.list_owed(&organization().id, now() + SignedDuration::from_secs(1), 10).await.unwrap();
    let [entry] = owed.as_slice() else { panic!("{owed:?}") };
    let (claimed, to_send) = entry.claim(now()).unwrap();
    assert_eq!(to_send, [0]);
    let mut mine = table.store.write_outbox(&claimed, now()).await.unwrap().unwrap();
    assert!(table.store.write_outbox(&claimed, now()).await.unwrap().is_none());
    mine.settle(0, handoff_domain::outbox::SendOutcome::Accepted, now());
    assert!(table.store.write_outbox(&mine, now()).await.unwrap().is_some());
    assert!(table.store.get_outbox(&entry.key, handoff_store::Consistency::Strong).await.unwrap().is_none());
}

#[tokio::test]
async fn a_listing_passes_over_what_it_cannot_read_and_goes_on_behind_the_first_page() {
    let table = awaiting().await;
    let good = table.client.scan().table_name(handoff_testing::table::TABLE).send().await.unwrap();
    let good = good
        .items()
        .iter()
        .find(|item| item.get("kind").is_some_and(|kind| kind.as_s().unwrap() == "outbox"));
    let good = good.unwrap();
    for (index, is_readable) in [false, true, true].into_iter().enumerate() {
        let mut item = good.clone();
        let sort_key = format!("{}{index}", item["SK"].as_s().unwrap());
        item.insert("SK".to_owned(), AttributeValue::S(sort_key));
        if !is_readable {
            item.insert("body".to_owned(), AttributeValue::S("no body".to_owned()));
        }
        let put = table.client.put_item().table_name(handoff_testing::table::TABLE);
        put.set_item(Some(item)).send().await.unwrap();
    }
    let owed = table.store.list_owed(&organization().id, now() + SignedDuration::from_secs(1), 1).await;
    assert_eq!(owed.unwrap().len(), 3);
}

#[tokio::test]
async fn a_mail_that_fails_for_good_marks_the_handoff() {
    let table = awaiting().await;
    let mut entry = table
        .store
        .get_outbox(&entry("d1001-r1-g1-invitation").key, handoff_store::Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    entry.settle(0, handoff_domain::outbox::SendOutcome::Refused { reason: "MessageRejected".into() }, now());
    assert!(table.store.write_outbox(&entry, now()).await.unwrap().is_some());
    let page = table
        .store
        .get_handoff_page(&handoff().organization, &handoff().id, Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    assert!(page.handoff.attention.contains(&Attention::MailFailed));
    table
        .store
        .add_attention(&handoff().organization, &handoff().id, Attention::Overdue, now())
        .await
        .unwrap();
    let page = table
        .store
        .get_handoff_page(&handoff().organization, &handoff().id, Consistency::Strong)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.handoff.attention.len(), 2);
}

#[tokio::test]
async fn opening_is_noted_once_and_nothing_usable_is_stored() {
    let table = awaiting().await;
    let h = handoff();
    let link = h.link.as_ref().unwrap();
    table.store.record_opened(&h.organization, &h.id, &link.hash, now()).await.unwrap();
    let first = table.dump().await;
    table
        .store
        .record_opened(&h.organization, &h.id, &link.hash, now() + SignedDuration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(table.dump().await, first);
    assert!(!first.contains(&link_key().handoff_token(&h.organization, &h.id, 1).reveal()));
}

fn named(account: &str, second: i64) -> HistoryEntry {
    let segment = r#"{"industry":"banking","band":"11-50"}"#;
    HistoryEntry {
        organization: handoff().organization,
        account: AccountId::parse(account).unwrap(),
        submitted_at: jiff::Timestamp::from_second(second).unwrap(),
        segment: serde_json::from_str(segment).unwrap(),
        customer: serde_json::from_str(&format!("\"{account}\"")).unwrap(),
        named: std::collections::BTreeMap::new(),
    }
}

#[tokio::test]
async fn a_submit_leaves_what_it_named_for_its_industry_and_size_alone() {
    let table = awaiting().await;
    let (organization, account) = (handoff().organization, handoff().id);
    let page =
        table.store.get_submit_page(&organization, &account, Consistency::Strong).await.unwrap().unwrap();
    let changes = Changes {
        csm: Some(Some(CsmChoice::Member(MemberId::parse("cora").unwrap()))),
        ..Changes::default()
    };
    let after = page.handoff.submit(&page.drafts.unwrap(), &page.roster, changes, 0, now()).unwrap();
    let (plan, owed) = (page.templates.all[0].apply(now(), "UTC"), entry("d1001-r1-submitted"));
    let left = named("d1", 100);
    assert!(table.store.submit(&page.handoff, &after, Some(&plan), &owed, Some(&left)).await.unwrap());
    let late = named("d2", 200);
    assert!(!table.store.submit(&page.handoff, &after, Some(&plan), &owed, Some(&late)).await.unwrap());
    let listed = table.store.list_history(&organization, &left.segment).await.unwrap();
    assert_eq!(listed, [left], "a submit that is refused leaves nothing");
    let other = serde_json::from_str(r#"{"industry":"banking","band":"1-10"}"#).unwrap();
    assert_eq!(table.store.list_history(&organization, &other).await.unwrap(), []);
}

#[tokio::test]
async fn an_account_by_hand_is_made_once_with_its_payload() {
    let table = table().await;
    let mut by_hand = handoff();
    by_hand.id = AccountId::by_hand(7);
    let (organization, account) = (by_hand.organization.clone(), by_hand.id.clone());
    assert_eq!(table.store.get_by_hand(&organization, &account).await.unwrap(), None);
    let payload = "Notes. ".repeat(20_000);
    assert!(table.store.create_by_hand(&by_hand, &payload, Who::System).await.unwrap());
    assert!(!table.store.create_by_hand(&by_hand, "other", Who::System).await.unwrap());
    let held = table.store.get_by_hand(&organization, &account).await.unwrap();
    assert_eq!(held.unwrap(), (by_hand, payload));
}
