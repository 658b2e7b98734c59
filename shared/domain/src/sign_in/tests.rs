use super::*;
use crate::link::LinkKey;
use crate::roster::Role;
use proptest::prelude::*;

fn keys() -> LinkKeys {
    LinkKey::new("0123456789abcdef0123456789abcdef").unwrap().into()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn member(roles: &[Role]) -> Member {
    Member {
        id: MemberId::parse("cora").unwrap(),
        name: "Cora Lind".to_owned(),
        email: EmailAddress::parse("Cora@us.test").unwrap(),
        roles: roles.to_vec(),
        expertise: Vec::new(),
        capacity: 0,
        away_from: None,
        away_until: None,
        booking_link: String::new(),
    }
}

fn token() -> SessionToken {
    SessionToken::from_random(OrganizationId::parse("hs1").unwrap(), [7; 32])
}

fn roster(member: Member) -> Roster {
    Roster { members: vec![member], ..Roster::default() }
}

#[test]
fn a_sign_in_token_survives_the_url_and_is_known_as_ours() {
    let token = keys().sign_in_token(&SignInId::from_random(1));
    let back = SignInToken::parse(&token.reveal()).unwrap();
    assert!(keys().is_our_sign_in(&back));
    assert!(keys().find_sign_in(&token.id, &back.hash()).is_some());
    let other: LinkKeys = LinkKey::new("another key of at least 32 characters").unwrap().into();
    assert!(!other.is_our_sign_in(&back));
    assert!(
        LinkKeys::new(LinkKey::new(&"x".repeat(32)).unwrap(), Some(keys().current().clone()))
            .is_our_sign_in(&back)
    );
    assert!(crate::link::LinkToken::parse(&token.reveal()).is_err(), "it is no handoff's link");
}

#[test]
fn cookies_come_back_and_what_is_printed_or_stored_opens_nothing() {
    let browser = BrowserSecret::from_random([3; 32]);
    assert!(BrowserSecret::parse(&browser.reveal()).unwrap().hash().is_same(&browser.hash()));
    let back = SessionToken::parse(&token().reveal()).unwrap();
    assert!(back.hash().is_same(&token().hash()) && back.organization == token().organization);
    let session = Session::begin(&token(), &member(&[Role::Csm]), at(0));
    let stored = format!("{} {:?} {browser:?}", serde_json::to_string(&session).unwrap(), token());
    let secret = token().reveal().split_once('.').unwrap().1.to_owned();
    assert!(!stored.contains(&secret) && !stored.contains(&browser.reveal()) && !stored.contains("us.test"));
}

#[test]
fn proofs_belong_to_one_session_or_browser() {
    let (session, browser) = (token(), BrowserSecret::from_random([7; 32]));
    assert!(keys().is_session_csrf(&session, &keys().session_csrf(&session)));
    // The same bytes as a browser's secret prove nothing for a session.
    assert!(!keys().is_session_csrf(&session, &keys().browser_csrf(&browser)));
    assert!(!keys().is_browser_csrf(&browser, &keys().browser_csrf(&BrowserSecret::from_random([8; 32]))));
    assert!(!keys().is_browser_csrf(&browser, ""));
}

#[test]
fn a_link_is_open_for_ten_minutes_and_once() {
    let address = AddressHash::of(&EmailAddress::parse("CORA@us.test").unwrap());
    assert_eq!(address, AddressHash::of(&member(&[]).email));
    let browser = BrowserSecret::from_random([3; 32]);
    let mut wish = SignIn::begin(
        &keys(),
        SignInId::from_random(1),
        address,
        &browser,
        Vec::new(),
        "/".to_owned(),
        at(0),
    );
    assert!(wish.is_open(at(599)) && !wish.is_open(at(600)));
    wish.used_at = Some(at(1));
    assert!(!wish.is_open(at(2)));
}

#[test]
fn a_session_ends_when_idle_and_after_a_week_at_the_latest() {
    let mut session = Session::begin(&token(), &member(&[Role::Csm]), at(0));
    let known = roster(member(&[Role::Csm]));
    assert!(session.holder(&known, at(12 * 3600 - 1)).is_some());
    assert!(session.holder(&known, at(12 * 3600)).is_none());
    session.seen_at = at(7 * 86_400 - 10);
    assert!(session.holder(&known, at(7 * 86_400 - 1)).is_some());
    assert!(session.holder(&known, at(7 * 86_400)).is_none());
}

#[test]
fn a_session_is_its_holders_as_long_as_the_roster_says_so() {
    let session = Session::begin(&token(), &member(&[Role::Csm]), at(0));
    assert!(session.holder(&Roster::default(), at(1)).is_none());
    assert!(session.holder(&roster(member(&[Role::Ae])), at(1)).is_none());
    let mut renamed = member(&[Role::Admin]);
    assert!(session.holder(&roster(renamed.clone()), at(1)).is_some());
    renamed.email = EmailAddress::parse("somebody@else.test").unwrap();
    assert!(session.holder(&roster(renamed), at(1)).is_none());
}

proptest! {
    #[test]
    fn reading_any_text_as_a_secret_does_not_panic(text in ".*") {
        let _ = SignInToken::parse(&text);
        let _ = BrowserSecret::parse(&text);
        let _ = SessionToken::parse(&text);
    }

    #[test]
    fn a_changed_token_is_not_ours(index in 0usize..90, letter in "[A-Za-z0-9_-]") {
        let text = keys().sign_in_token(&SignInId::from_random(9)).reveal();
        let mut changed: Vec<char> = text.chars().collect();
        let index = index % changed.len();
        changed[index] = letter.chars().next().unwrap();
        let changed: String = changed.into_iter().collect();
        prop_assume!(changed != text);
        prop_assert!(!SignInToken::parse(&changed).is_ok_and(|token| keys().is_our_sign_in(&token)));
    }
}
