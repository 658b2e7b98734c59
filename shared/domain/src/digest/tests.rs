use super::*;
use crate::handoff::HandoffState;
use crate::handoff::tests::{at, handoff};
use std::collections::BTreeSet;

const DAY: i64 = 86_400;

fn organization() -> Organization {
    let (name, admin) =
        ("Northwind".to_owned(), crate::email::EmailAddress::parse("ada@northwind.example").unwrap());
    Organization::new(crate::id::PortalId(62515), name, admin, at(0))
}

fn listed(reason: Option<Attention>, since: Timestamp) -> Listed {
    let handoff = handoff();
    let mut row = handoff.row();
    row.expires_at = Some(since);
    Listed {
        account: handoff.id.clone(),
        state: if reason.is_some() { HandoffState::AwaitingAe } else { HandoffState::Expired },
        attention: reason.into_iter().collect::<BTreeSet<_>>(),
        attention_since: reason.map(|_| since),
        created_at: at(0),
        opened_at: None,
        row,
    }
}

fn digest(mark: DigestMark, waiting: &[Listed], now: Timestamp) -> Option<Digest> {
    let organization = organization();
    mark.digest(&organization, waiting, false, &organization.rhythm(), now)
}

#[test]
fn it_is_due_once_on_a_working_day_in_working_hours() {
    let rhythm = organization().rhythm();
    let morning: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let mark = DigestMark::default();
    assert!(mark.is_due(&rhythm, morning));
    assert!(!mark.is_due(&rhythm, "2026-11-23T08:59:59Z".parse().unwrap()));
    assert!(!mark.is_due(&rhythm, "2026-11-22T12:00:00Z".parse().unwrap()));
    let looked = mark.looked(morning);
    assert!(!looked.is_due(&rhythm, "2026-11-23T16:59:00Z".parse().unwrap()));
    assert!(looked.is_due(&rhythm, "2026-11-24T09:00:00Z".parse().unwrap()));
}

#[test]
fn it_is_sent_when_something_is_new_and_at_the_beginning_of_a_week() {
    let monday: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let later = |days: i64| monday + jiff::SignedDuration::from_secs(days * DAY);
    let old = [listed(Some(Attention::MailFailed), later(-3))];
    let mark = DigestMark::default();
    assert_eq!(digest(mark, &[], monday), None);
    assert_eq!(digest(mark, &old, monday).unwrap().rows.len(), 1);
    let mark = mark.looked(monday);
    assert_eq!(digest(mark, &old, later(1)), None);
    let more = [old[0].clone(), listed(None, later(0) + jiff::SignedDuration::from_secs(60))];
    let told = digest(mark, &more, later(1)).unwrap();
    let reasons: Vec<_> = told.rows.iter().map(|row| row.reason).collect();
    assert_eq!(reasons, [Some(Attention::MailFailed), None]);
    let friday = mark.looked(later(4));
    assert_eq!(digest(friday, &more, later(4)), None);
    assert_eq!(digest(friday, &more, later(7)).unwrap().rows.len(), 2);
}

#[test]
fn each_admin_gets_one_mail_under_the_name_of_the_day_and_nobody_is_no_entry() {
    let monday: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let mut organization = organization();
    let rhythm = organization.rhythm();
    let told = digest(DigestMark::default(), &[listed(None, monday)], monday).unwrap();
    let entry = told.clone().owed(&organization, &rhythm, monday).unwrap().unwrap();
    assert_eq!((entry.key.id.as_str(), entry.mails.len()), ("digest-2026-11-23", 1));
    organization.admins.clear();
    assert_eq!(told.owed(&organization, &rhythm, monday).unwrap(), None);
}
