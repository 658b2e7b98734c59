use super::*;
use crate::account::Contact;
use crate::draft::{DraftedBy, Usage};
use crate::email::EmailAddress;
use crate::handoff::tests::{at, handoff};
use crate::handoff::{Assigned, Handoff};
use crate::id::MemberId;
use proptest::prelude::*;

fn contact(name: &str, email: &str) -> Contact {
    Contact { name: name.into(), email: email.into(), phone: String::new(), title: String::new() }
}

fn submitted() -> Handoff {
    let mut handoff = handoff();
    handoff.state = HandoffState::Submitted;
    handoff.assigned =
        Some(Assigned { csm: MemberId::parse("cora").unwrap(), name: "Cora Lind".into(), at: at(1) });
    handoff.account.contacts =
        vec![contact("Pat Doe", "pat@acme.test"), contact("Lee", "Lee@acme.test"), contact("Kim", "")];
    handoff
}

fn letter(to: &[&str], body: &str) -> WelcomeLetter {
    WelcomeLetter::read(to.iter().copied(), "Welcome", body)
}

fn send(
    welcome: &Welcome,
    letter: &WelcomeLetter,
    seen: Option<u32>,
    again: bool,
) -> Result<Sending, WelcomeRefusal> {
    welcome.send(&submitted(), letter.clone(), seen, again, (Who::System, at(5)))
}

fn sent(welcome: &Welcome, letter: &WelcomeLetter, seen: Option<u32>, again: bool) -> Welcome {
    match send(welcome, letter, seen, again) {
        Ok(Sending::Goes(after)) => *after,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_same_page_sends_it_once_and_another_page_needs_a_tick() {
    let mail = letter(&["pat@acme.test", "lee@ACME.test"], "Hello {first name},");
    let first = sent(&Welcome::default(), &mail, Some(0), false);
    assert_eq!((first.sent.len(), first.version), (1, 1));
    assert_eq!(first.sent[0].cause.as_str(), "d1-welcome-1");
    assert_eq!(send(&first, &mail, Some(0), false), Ok(Sending::IsGone), "a double click");
    assert_eq!(send(&first, &mail, None, false), Ok(Sending::IsGone), "a repeat without a page");
    let other = letter(&["pat@acme.test"], "Another");
    assert_eq!(send(&first, &other, Some(0), false), Err(WelcomeRefusal::Stale));
    assert_eq!(send(&first, &mail, Some(1), false), Err(WelcomeRefusal::AlreadySent));
    let second = sent(&first, &mail, Some(1), true);
    assert_eq!(send(&second, &mail, Some(1), true), Ok(Sending::IsGone), "a double click on the second");
    assert_eq!(second.sent[1].cause.as_str(), "d1-welcome-2");
    let mut many = second;
    while many.sent.len() < WELCOME_SENDS_MAX {
        many = sent(&many, &mail, Some(many.version), true);
    }
    assert_eq!(send(&many, &mail, Some(many.version), true), Err(WelcomeRefusal::SentTooOften));
}

#[test]
fn only_contacts_with_an_address_are_written_to_and_only_with_something() {
    let refused = |mail: &WelcomeLetter| send(&Welcome::default(), mail, Some(0), false).unwrap_err();
    assert_eq!(refused(&letter(&[], "x")), WelcomeRefusal::NoReader);
    assert_eq!(refused(&letter(&["", "no address"], "x")), WelcomeRefusal::NoReader);
    assert_eq!(refused(&letter(&["eve@evil.test"], "x")), WelcomeRefusal::Stranger);
    assert_eq!(refused(&letter(&["pat@acme.test"], " \r\n ")), WelcomeRefusal::NoBody);
    let long = "x".repeat(crate::limits::WELCOME_BODY_MAX_BYTES + 1);
    assert_eq!(refused(&letter(&["pat@acme.test"], &long)), WelcomeRefusal::TooLong);
    let without_subject = WelcomeLetter { subject: String::new(), ..letter(&["pat@acme.test"], "x") };
    assert_eq!(refused(&without_subject), WelcomeRefusal::NoSubject);
    assert_eq!(refused(&letter(&["pat@acme.test"], "Dear {firstname}")), WelcomeRefusal::Placeholder);
    assert_eq!(letter(&["pat@acme.test", "PAT@acme.test"], "x").to.len(), 1);
}

#[test]
fn the_csm_in_charge_and_admins_write_and_nobody_else() {
    let member = |id: &str, roles: &[Role]| Member {
        id: MemberId::parse(id).unwrap(),
        name: String::new(),
        email: EmailAddress::parse("a@b.test").unwrap(),
        roles: roles.to_vec(),
        expertise: Vec::new(),
        capacity: 0,
        away_from: None,
        away_until: None,
        booking_link: String::new(),
    };
    let (cora, sam, admin) =
        (member("cora", &[Role::Csm]), member("sam", &[Role::Csm]), member("ada", &[Role::Admin]));
    let handoff = submitted();
    assert_eq!(handoff.may_welcome(&cora), Ok(()));
    assert_eq!(handoff.may_welcome(&admin), Ok(()));
    assert_eq!(handoff.may_welcome(&sam), Err(WelcomeRefusal::NotYours));
    assert_eq!(handoff.may_welcome(&member("cora", &[Role::Ae])), Err(WelcomeRefusal::NotYours));
    let open = Handoff { state: HandoffState::AwaitingAe, ..handoff.clone() };
    assert_eq!(open.may_welcome(&admin), Err(WelcomeRefusal::NotNow));
    let nobodys = Handoff { state: HandoffState::Skipped, assigned: None, ..handoff };
    assert_eq!(nobodys.may_welcome(&admin), Err(WelcomeRefusal::NoCsm));
}

#[test]
fn a_draft_never_touches_what_was_typed() {
    let draft = WelcomeDraft {
        subject: "s".into(),
        parts: vec![WelcomePart::own("Hello")],
        by: DraftedBy::Model("m".into()),
        round: 1,
        at: at(9),
        withheld: 0,
        usage: Usage::default(),
    };
    let run = |id: &str| RunId::parse(id).unwrap();
    let typed = Welcome::default().save(letter(&[], "Mine"), Some(0)).unwrap();
    let asked = typed.ask(run("w1"), at(1)).unwrap();
    assert_eq!(asked.ask(run("w2"), at(2)), Err(WelcomeRefusal::Drafting));
    assert!(asked.ask(run("w2"), at(60 * REDRAFT_WAIT_MINUTES + 1)).is_ok());
    let arrived = asked.receive(&run("w1"), Some(draft)).unwrap();
    assert_eq!((&arrived.letter, arrived.version), (&typed.letter, typed.version));
    assert!(arrived.drafted_for(&submitted()).is_some() && !arrived.is_awaited(at(2)));
    assert_eq!(arrived.receive(&run("w1"), None), None, "a repeat changes nothing");
    let mut next_round = submitted();
    next_round.round = 2;
    assert!(arrived.drafted_for(&next_round).is_none(), "what it was made from is no longer what holds");
}

#[test]
fn each_reader_reads_their_own_name() {
    assert_eq!(personal("Hello {first name},", "Pat  Doe"), "Hello Pat,");
    assert_eq!(personal("Guten Tag {name},", "Pat Doe"), "Guten Tag Pat Doe,");
    assert_eq!(personal("Hello {first name}, {name}", ""), "Hello,");
    assert_eq!(personal("{name}", "Eve\r\nBcc: x"), "Eve Bcc: x");
}

proptest! {
    #[test]
    fn however_often_and_in_whatever_order_a_page_is_sent_each_of_its_versions_goes_once(
        clicks in proptest::collection::vec((0u32..6, any::<bool>()), 0..30)
    ) {
        let mail = letter(&["pat@acme.test"], "x");
        let mut welcome = Welcome::default();
        let mut gone = std::collections::BTreeSet::new();
        for (seen, again) in clicks {
            if let Ok(Sending::Goes(after)) = send(&welcome, &mail, Some(seen), again) {
                prop_assert!(gone.insert(seen), "version {} went twice", seen);
                prop_assert!(again || after.sent.len() == 1);
                welcome = *after;
            }
        }
        let causes: std::collections::BTreeSet<_> = welcome.sent.iter().map(|one| one.cause.as_str()).collect();
        prop_assert_eq!(causes.len(), welcome.sent.len());
    }
}
