//! The mails that steps owe.

use handoff_domain::email::EmailAddress;
use handoff_domain::handoff::{Changes, CsmChoice, Handoff, HandoffState};
use handoff_domain::id::{MemberId, PortalId};
use handoff_domain::link::Link;
use handoff_domain::outbox::{MailContent, OutboxEntry};
use handoff_domain::owed::{renewed, submitted};
use handoff_domain::plan::Template;
use handoff_testing::fixtures::{drafts, handoff, link_key, now, roster};

fn handed_over(csm: CsmChoice, change: impl FnOnce(&mut Handoff)) -> OutboxEntry {
    let mut before = handoff();
    change(&mut before);
    let changes = Changes { csm: Some(Some(csm)), note: Some("Be gentle".into()), ..Changes::default() };
    let drafts = drafts("run-1", Some("Drafted"));
    let after = before.submit(&drafts, &roster(), changes, 0, now()).unwrap();
    let admins = [EmailAddress::parse("a@x.test").unwrap(), EmailAddress::parse("b@x.test").unwrap()];
    submitted(
        &before,
        &after,
        &drafts,
        &roster(),
        &admins,
        Template::first().apply(now(), "UTC").milestones.first(),
        now(),
    )
    .unwrap()
}

fn cora() -> CsmChoice {
    CsmChoice::Member(MemberId::parse("cora").unwrap())
}

fn kinds(entry: &OutboxEntry) -> Vec<(&str, &str)> {
    entry.mails.iter().map(|mail| (mail.to.as_str(), mail.content.kind())).collect()
}

#[test]
fn the_csm_gets_everything_and_the_ae_a_receipt() {
    let entry = handed_over(cora(), |_| {});
    assert_eq!(entry.key.id.as_str(), "d1001-r1-submitted");
    assert_eq!(
        kinds(&entry),
        [("cora@northwind.test", "handoff_received"), ("ana@northwind.test", "handoff_receipt")]
    );
    assert_eq!(entry.mails[0].reply_to.as_ref().map(EmailAddress::as_str), Some("ana@northwind.test"));
    let MailContent::HandoffReceived(document) = &entry.mails[0].content else { panic!() };
    assert_eq!(document.answers.len(), 8);
    assert_eq!(document.answers[0].evidence[0].source, "Note: Discovery call");
    assert_eq!(document.first_milestone.as_ref().unwrap().title, "Kickoff");
    assert_eq!((document.note.as_str(), document.csm_missing), ("Be gentle", false));
}

#[test]
fn without_the_right_csm_every_admin_hears_of_it() {
    let missing = CsmChoice::Placeholder { name: "Kim".into(), email: "kim@x.test".into() };
    let entry = handed_over(missing, |_| {});
    assert_eq!(
        kinds(&entry),
        [
            ("a@x.test", "handoff_escalated"),
            ("b@x.test", "handoff_escalated"),
            ("ana@northwind.test", "handoff_receipt")
        ]
    );
    let MailContent::HandoffEscalated(escalation) = &entry.mails[0].content else { panic!() };
    assert_eq!((escalation.portal, escalation.detail.as_str()), (PortalId(62515), "Kim, kim@x.test"));
}

#[test]
fn an_ae_without_an_address_gets_nothing() {
    let entry = handed_over(cora(), |handoff| handoff.ae.email = None);
    assert_eq!(kinds(&entry), [("cora@northwind.test", "handoff_received")]);
    assert_eq!(entry.mails[0].reply_to, None);
}

#[test]
fn a_renewal_raises_the_generation_and_keeps_the_life() {
    let mut before = handoff();
    before.link = Some(Link::issue(&link_key(), &before.organization, &before.id, 1, 7, now()));
    before.state = HandoffState::Expired;
    let late = "2026-12-24T10:00:00Z".parse().unwrap();
    let (after, entry) = renewed(
        &before,
        Some(&drafts("r", Some("x"))),
        &link_key(),
        &handoff_domain::reminder::Rhythm::default(),
        late,
    )
    .unwrap()
    .unwrap();
    let link = after.link.unwrap();
    assert_eq!((link.generation, after.renewals, after.state), (2, 1, HandoffState::AwaitingAe));
    assert_eq!(link.expires_at.to_string(), "2026-12-31T10:00:00Z");
    assert_eq!(entry.key.id.as_str(), "d1001-g2-renewed");
    assert_eq!(kinds(&entry), [("ana@northwind.test", "handoff_link_renewed")]);
    before.ae.email = None;
    assert!(
        renewed(&before, None, &link_key(), &handoff_domain::reminder::Rhythm::default(), late)
            .unwrap()
            .is_none()
    );
}

#[test]
fn the_document_tells_how_conflicts_were_settled_and_which_promises_go_on() {
    use handoff_domain::finding::Settlement;
    use handoff_domain::id::{ConflictId, PromiseId};
    let drafts = handoff_testing::fixtures::drafts_with_findings("run-1", Some("Drafted"));
    let mut changes = Changes { csm: Some(Some(cora())), ..Changes::default() };
    changes.settled.insert(ConflictId::parse("c-go-live").unwrap(), Some(Settlement::Version(1)));
    changes.promises.insert(PromiseId::parse("p-price").unwrap(), false);
    let after = handoff().submit(&drafts, &roster(), changes, 0, now()).unwrap();
    let entry = submitted(
        &handoff(),
        &after,
        &drafts,
        &roster(),
        &[],
        Template::first().apply(now(), "UTC").milestones.first(),
        now(),
    )
    .unwrap();
    let MailContent::HandoffReceived(document) = &entry.mails[0].content else { panic!() };
    let settled: Vec<_> = document.conflicts.iter().map(|one| (one.subject.as_str(), &one.settled)).collect();
    assert_eq!(settled, [("Go-live date", &Some(Settlement::Version(1))), ("Sites", &None)]);
    assert_eq!(document.conflicts[0].versions[0].evidence[0].source, "E-mail: Rollout");
    let promises: Vec<_> = document.promises.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(promises, ["Two days of training on site at no charge"]);
    assert_eq!(document.promises_dropped, 1);
}
