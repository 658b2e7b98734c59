use super::*;
use crate::draft::Drafts;
use crate::email::EmailAddress;
use crate::handoff::tests::{at, drafts, handoff};
use crate::handoff::{Changes, Returned};
use crate::link::{Link, LinkKey};

fn person(id: &str, roles: &[Role]) -> Member {
    Member {
        id: MemberId::parse(id).unwrap(),
        name: format!("{id} the person"),
        email: EmailAddress::parse(format!("{id}@us.test")).unwrap(),
        roles: roles.to_vec(),
        expertise: Vec::new(),
        capacity: 0,
        away_from: None,
        away_until: None,
        booking_link: String::new(),
    }
}

fn roster() -> Roster {
    let members = [
        person("ada", &[Role::Admin]),
        person("cora", &[Role::Csm]),
        person("sam", &[Role::Csm]),
        person("kim", &[Role::Csm]),
    ];
    Roster { members: members.to_vec(), revision: 0 }
}

fn drafted() -> Drafts {
    drafts("r1", Some("drafted"))
}

fn submitted(csm: CsmChoice) -> Handoff {
    let mut before = handoff();
    before.ae.email = EmailAddress::parse("ana@us.test").ok();
    let changes = Changes { csm: Some(Some(csm)), ..Changes::default() };
    before.submit(&drafted(), &roster(), changes, before.version, at(9)).unwrap()
}

fn with_cora() -> Handoff {
    submitted(CsmChoice::Member(MemberId::parse("cora").unwrap()))
}

fn with_nobody() -> Handoff {
    submitted(CsmChoice::Placeholder { name: "Priya".to_owned(), email: String::new() })
}

fn wish(
    handoff: &Handoff,
    by: &str,
    csm: &str,
    reason: &str,
) -> Result<Option<(Handoff, String)>, AssignRefusal> {
    let roster = roster();
    let by = roster.find(&MemberId::parse(by).unwrap()).unwrap();
    handoff.assign(&AssignWish { by, csm, reason, seen: Some(handoff.assignments) }, &roster, at(20))
}

fn in_charge(handoff: &Handoff) -> &str {
    handoff.csm_in_charge().map_or("", |(csm, _)| csm.as_str())
}

#[test]
fn admins_and_the_csm_in_charge_hand_over_with_a_reason_and_others_do_not() {
    let before = with_cora();
    assert_eq!(before.assignments, 1);
    for by in ["ada", "cora"] {
        let (after, reason) = wish(&before, by, "sam", " I leave. ").unwrap().unwrap();
        assert_eq!((in_charge(&after), after.assignments, reason.as_str()), ("sam", 2, "I leave."));
        assert_eq!(after.carried_by().unwrap().as_str(), "sam");
        assert_eq!(wish(&before, by, "sam", "  "), Err(AssignRefusal::NoReason));
        assert_eq!(wish(&before, by, "sam", &"x".repeat(2001)), Err(AssignRefusal::TooLong));
        assert_eq!(wish(&before, by, "ada", "no CSM"), Err(AssignRefusal::NotACsm));
    }
    assert_eq!(wish(&before, "sam", "sam", "I want it"), Err(AssignRefusal::NotYours));
    assert_eq!(wish(&before, "ada", "cora", ""), Ok(None));
}

#[test]
fn where_nobody_is_in_charge_any_csm_takes_it_and_no_reason_is_needed() {
    let before = with_nobody();
    assert!(before.attention.contains(&Attention::CsmMissing));
    let (after, reason) = wish(&before, "sam", "sam", "").unwrap().unwrap();
    assert_eq!((in_charge(&after), after.assignments, reason.as_str()), ("sam", 1, ""));
    assert!(after.attention.is_empty() && after.attention_since.is_none());
}

#[test]
fn whoever_left_the_roster_has_it_no_longer_as_far_as_rights_go() {
    let before = with_cora();
    let mut roster = roster();
    roster.members.retain(|member| member.id.as_str() != "cora");
    assert!(before.csm_left(&roster));
    let sam = roster.find(&MemberId::parse("sam").unwrap()).unwrap();
    let wish = AssignWish { by: sam, csm: "sam", reason: "", seen: None };
    let (after, _) = before.assign(&wish, &roster, at(20)).unwrap().unwrap();
    assert!(!after.csm_left(&roster));
}

#[test]
fn before_the_submit_and_once_cancelled_there_is_nobody_to_assign() {
    assert_eq!(wish(&handoff(), "ada", "sam", "x"), Err(AssignRefusal::NotYet));
    let skipped = handoff().skip("They bought elsewhere".to_owned(), at(9)).unwrap();
    assert_eq!(skipped.attention.iter().collect::<Vec<_>>(), [&Attention::CsmMissing]);
    let (after, _) = wish(&skipped, "ada", "sam", "").unwrap().unwrap();
    assert_eq!((in_charge(&after), after.carried_by().is_some()), ("sam", true));
    let mut reopened = handoff();
    reopened.raise(Attention::DealReopened, at(1));
    let cancelled = reopened.skip("Gone".to_owned(), at(9)).unwrap();
    assert!(cancelled.attention.is_empty());
    assert_eq!(wish(&cancelled, "ada", "sam", "x"), Err(AssignRefusal::Cancelled));
}

#[test]
fn a_page_from_before_the_last_assignment_changes_nothing() {
    let (after, _) = wish(&with_cora(), "ada", "sam", "x").unwrap().unwrap();
    let roster = roster();
    let ada = &roster.members[0];
    let seen = |seen| AssignWish { by: ada, csm: "kim", reason: "x", seen };
    assert_eq!(after.assign(&seen(Some(1)), &roster, at(21)), Err(AssignRefusal::Stale));
    assert!(after.assign(&seen(Some(2)), &roster, at(21)).is_ok());
    assert!(after.assign(&seen(None), &roster, at(21)).is_ok());
}

fn given_back(handoff: &Handoff) -> Handoff {
    let key = LinkKey::new(&"k".repeat(32)).unwrap();
    let link = Link::issue(&key, &handoff.organization, &handoff.id, 2, 30, at(0));
    let returned = Returned { at: at(30), by: "Cora".to_owned(), reason: "Who signs?".to_owned() };
    handoff.give_back(&drafted(), link, &crate::reminder::Rhythm::default(), returned).unwrap().0
}

#[test]
fn the_next_round_begins_with_whoever_is_in_charge_and_ends_with_them() {
    let (moved, _) = wish(&with_cora(), "ada", "sam", "x").unwrap().unwrap();
    let again = given_back(&moved);
    assert_eq!(again.csm, Some(CsmChoice::Member(MemberId::parse("sam").unwrap())));
    let done = again.submit(&drafted(), &roster(), Changes::default(), again.version, at(40)).unwrap();
    assert_eq!((in_charge(&done), done.assignments), ("sam", 2));
    assert_eq!(done.assigned, moved.assigned);
}

#[test]
fn an_assignment_while_the_ae_has_it_reaches_the_form_and_a_page_from_before_cannot_undo_it() {
    let again = given_back(&with_cora());
    let (moved, _) = wish(&again, "ada", "kim", "Cora is ill").unwrap().unwrap();
    let cora = Changes {
        csm: Some(Some(CsmChoice::Member(MemberId::parse("cora").unwrap()))),
        ..Changes::default()
    };
    let stale = moved.submit(&drafted(), &roster(), cora, again.version, at(40));
    assert_eq!(stale, Err(crate::handoff::SubmitRefusal::Stale));
    let done = moved.submit(&drafted(), &roster(), Changes::default(), moved.version, at(41)).unwrap();
    assert_eq!(in_charge(&done), "kim");
}

#[test]
fn a_placeholder_in_a_later_round_leaves_nobody_in_charge() {
    let again = given_back(&with_cora());
    let nobody = CsmChoice::Placeholder { name: "Priya".to_owned(), email: String::new() };
    let changes = Changes { csm: Some(Some(nobody)), ..Changes::default() };
    let done = again.submit(&drafted(), &roster(), changes, again.version, at(40)).unwrap();
    assert_eq!((done.csm_in_charge(), done.carried_by()), (None, None));
    assert!(done.attention.contains(&Attention::CsmMissing));
}
