//! Each access pattern on the golden items of each format.

use super::support::{GOLDEN, assert_indexed, format, golden, handoffs, kind, now, text};
use handoff_domain::answer::AnswerValue;
use handoff_domain::finding::Settlement;
use handoff_domain::handoff::{
    Attention, Changes, CsmChoice, DraftingClaim, Handoff, HandoffState, PendingRedraft,
};
use handoff_domain::id::{ConflictId, OrganizationId, PortalId, PromiseId, QuestionId, RunId};
use handoff_domain::listing::Lane;
use handoff_domain::outbox::{OutboxEntry, OutboxKey, SendOutcome};
use handoff_store::format::CURRENT;
use handoff_store::keys::Kind;
use handoff_store::{AskOutcome, Consistency, Created, SaveOutcome, outbox_from_image};
use handoff_testing::TestTable;
use jiff::SignedDuration;

fn organization() -> OrganizationId {
    PortalId(62515).organization()
}

async fn again(table: &TestTable, handoff: &Handoff) -> Handoff {
    let page = table.store.get_handoff_page(&handoff.organization, &handoff.id, Consistency::Strong);
    page.await.unwrap().unwrap().handoff
}

async fn awaiting(table: &TestTable) -> Vec<Handoff> {
    let found = handoffs(table).await.into_iter();
    found.filter(|handoff| handoff.state == HandoffState::AwaitingAe).collect()
}

/// A save of everything that a save can change: an answer, a conflict opened and one settled, promises put back and
/// taken out.
fn change(text: &str) -> Changes {
    let mut changes = Changes::default();
    let conflict = |id| ConflictId::parse(id).unwrap();
    changes.settled.extend([(conflict("c1"), None), (conflict("c3"), Some(Settlement::Version(0)))]);
    let promise = |id| PromiseId::parse(id).unwrap();
    changes.promises.extend([(promise("p1"), true), (promise("p2"), false)]);
    changes.answers.insert(QuestionId::parse("risks").unwrap(), Some(AnswerValue::Text(text.to_owned())));
    changes
}

/// What was written is of the current format and in the index.
async fn assert_written(table: &TestTable, kinds: &[Kind], handoff: &Handoff) {
    let items = table.items().await;
    assert_indexed(&items);
    for wanted in kinds {
        let of_it = |item: &&_| {
            kind(item) == *wanted
                && (*wanted == Kind::Loads || text(item, "PK").ends_with(&format!("#A#{}", handoff.id)))
        };
        let found = items.iter().find(of_it).unwrap_or_else(|| panic!("no {}", wanted.as_str()));
        assert_eq!(format(found), CURRENT, "{} of {}", wanted.as_str(), handoff.id);
    }
}

#[tokio::test]
async fn an_organization_of_any_format_is_found_with_its_questions() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        assert_eq!(table.store.list_organizations().await.unwrap(), [organization()]);
        let intake = table.store.get_intake(&organization()).await.unwrap().unwrap();
        assert_eq!(intake.questions.questions.len(), 8);
    }
}

#[tokio::test]
async fn a_page_of_any_format_is_shown_whole() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        let found = awaiting(&table).await;
        assert!(!found.is_empty());
        for handoff in found {
            let (_, drafts, sources) =
                table.store.get_with_sources(&handoff.organization, &handoff.id).await.unwrap().unwrap();
            assert!(drafts.is_some() && !sources.is_empty());
            assert_eq!(drafts, table.store.get_drafts(&handoff.organization, &handoff.id).await.unwrap());
        }
    }
}

#[tokio::test]
async fn a_save_keeps_what_an_older_format_held_and_writes_the_current_one() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        for before in awaiting(&table).await {
            let hash = &before.link.as_ref().unwrap().hash;
            table.store.record_opened(&before.organization, &before.id, hash, now()).await.unwrap();
            let (organization, account, seen) = (&before.organization, &before.id, before.version);
            let changes = change("new");
            let saved = table.store.save_answers(organization, account, hash, seen, &changes, now()).await;
            assert!(matches!(saved.unwrap(), SaveOutcome::Saved { .. }), "format {number}");
            let after = again(&table, &before).await;
            let drafts = table.store.get_drafts(organization, account).await.unwrap().unwrap();
            let mut plain = change("new");
            plain.settled.remove(&ConflictId::parse("c1").unwrap());
            let mut expected = before.save(&drafts, plain, now()).unwrap();
            expected.settled.remove(&ConflictId::parse("c1").unwrap());
            expected.revision = after.revision;
            assert_eq!(after, expected);
            assert_written(&table, &[Kind::Handoff], &before).await;
        }
    }
}

#[tokio::test]
async fn a_submit_of_any_format_is_whole_and_leaves_the_index() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        for handoff in awaiting(&table).await {
            let page = table.store.get_submit_page(&handoff.organization, &handoff.id, Consistency::Strong);
            let page = page.await.unwrap().unwrap();
            let csm = page.roster.csms().next().unwrap().id.clone();
            let loaded = page.loads.of(&csm);
            let mut changes = change("x");
            let drafts = page.drafts.unwrap();
            for question in &drafts.questions.questions {
                changes.answers.insert(question.id.clone(), Some(AnswerValue::Text("all known".to_owned())));
            }
            changes.csm = Some(Some(CsmChoice::Member(csm.clone())));
            let version = page.handoff.version;
            let after = page.handoff.submit(&drafts, &page.roster, changes, version, now()).unwrap();
            let entry = entry(&after, "submitted");
            let plan = page.templates.choose(&after.account).unwrap().apply(now(), "UTC");
            assert!(table.store.submit(&page.handoff, &after, Some(&plan), &entry, None).await.unwrap());
            let shown = table.store.get_submit_page(&handoff.organization, &handoff.id, Consistency::Strong);
            assert_eq!(shown.await.unwrap().unwrap().loads.of(&csm), loaded + 1);
            assert_written(&table, &[Kind::Handoff, Kind::Plan, Kind::Loads], &handoff).await;
        }
    }
}

fn entry(handoff: &Handoff, cause: &str) -> OutboxEntry {
    let key = OutboxKey {
        organization: handoff.organization.clone(),
        account: Some(handoff.id.clone()),
        owed_at: now(),
        id: handoff_domain::id::OutboxId::parse(format!("{}-{cause}", handoff.id)).unwrap(),
    };
    OutboxEntry::new(key, Vec::new())
}

#[tokio::test]
async fn a_new_draft_for_any_format_is_asked_for_and_kept() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        for handoff in awaiting(&table).await {
            let (organization, account) = (&handoff.organization, &handoff.id);
            let hash = &handoff.link.as_ref().unwrap().hash;
            let run = RunId::parse("again").unwrap();
            let pending = PendingRedraft { run: run.clone(), question: None, asked_at: now() };
            let asked = table.store.ask_redraft(organization, account, hash, &pending, now()).await.unwrap();
            assert!(matches!(asked, AskOutcome::Asked), "format {number}: {asked:?}");
            let (before, drafts, sources) =
                table.store.get_with_sources(organization, account).await.unwrap().unwrap();
            let drafts = drafts.unwrap();
            let mut arrived = drafts.clone();
            arrived.run.id = run;
            let (after, drafts) = before.receive_redraft(&drafts, &arrived, false).unwrap();
            assert!(table.store.keep_drafts(&before, &after, &drafts, &sources, &[], &[]).await.unwrap());
            assert_written(&table, &[Kind::Handoff, Kind::Drafts, Kind::Sources], &handoff).await;
        }
    }
}

#[tokio::test]
async fn a_handoff_of_any_format_is_met_again_and_taken_over() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        for handoff in handoffs(&table).await {
            let made = table.store.create_handoff(&handoff).await.unwrap();
            let Created::Existing(existing) = made else { panic!("made twice: {made:?}") };
            assert_eq!(*existing, handoff);
            if handoff.state == HandoffState::Drafting {
                let claim = DraftingClaim { run: RunId::parse("other").unwrap(), until: now() };
                assert!(table.store.take_claim(&handoff, &claim).await.unwrap());
                assert_written(&table, &[Kind::Handoff], &handoff).await;
            }
        }
    }
}

#[tokio::test]
async fn a_reason_to_look_is_added_to_any_format_and_found_in_the_index() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        let found = handoffs(&table).await;
        for before in &found {
            let raised = [Attention::DealReopened, Attention::Overdue];
            for (index, reason) in raised.into_iter().enumerate() {
                let at = now() + SignedDuration::from_secs(i64::try_from(index).unwrap());
                table.store.add_attention(&before.organization, &before.id, reason, at).await.unwrap();
            }
            let mut expected = before.clone();
            for reason in raised {
                expected.raise(reason, now());
            }
            expected.revision += 2;
            assert_eq!(again(&table, before).await, expected);
            assert_written(&table, &[Kind::Handoff], before).await;
        }
        let (asking, more) = table.store.list_lane(&organization(), Lane::Attention, 100).await.unwrap();
        assert!(asking.len() == found.len() && !more);
    }
}

#[tokio::test]
async fn an_owed_mail_of_any_format_is_claimed_and_its_failure_told() {
    for (number, _) in GOLDEN {
        let table = golden(number).await;
        let owed = table.store.list_owed(&organization(), now(), 10).await.unwrap();
        assert!(!owed.is_empty());
        for entry in owed {
            let items = table.items().await;
            let image = items.into_iter().find(|item| text(item, "SK").ends_with(entry.key.id.as_str()));
            assert_eq!(outbox_from_image(image.unwrap().into()).unwrap(), Some(entry.clone()));
            let (claimed, to_send) = entry.claim(now()).unwrap();
            let mut mine = table.store.write_outbox(&claimed, now()).await.unwrap().unwrap();
            let items = table.items().await;
            let written = items.iter().find(|item| text(item, "SK").ends_with(entry.key.id.as_str()));
            assert_eq!(format(written.unwrap()), CURRENT);
            for index in to_send {
                mine.settle(index, SendOutcome::Refused { reason: "x".to_owned() }, now());
            }
            assert!(table.store.write_outbox(&mine, now()).await.unwrap().is_some());
            let found = handoffs(&table).await;
            // A mail about nobody's account has nobody to mark.
            let Some(account) = &entry.key.account else { continue };
            let marked = found.iter().find(|handoff| handoff.id == *account).unwrap();
            assert!(marked.attention.contains(&Attention::MailFailed));
            assert_written(&table, &[Kind::Handoff], marked).await;
        }
    }
}
