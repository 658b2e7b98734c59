use super::*;
use crate::form::Changes;
use crate::handoff::CsmChoice;
use crate::handoff::tests::{at, drafts, handoff, roster};
use crate::link::LinkKey;

fn link(generation: u32) -> Link {
    let key = LinkKey::new(&"k".repeat(32)).unwrap();
    let one = handoff();
    Link::issue(&key, &one.organization, &one.id, generation, 30, at(0))
}

fn awaiting() -> Handoff {
    Handoff {
        link: Some(link(1)),
        ae: super::super::Ae { name: "Ana".to_owned(), email: EmailAddress::parse("ana@us.test").ok() },
        ..handoff()
    }
}

fn returned() -> Returned {
    Returned { at: at(20), by: "Cora".to_owned(), reason: "Who signs?".to_owned() }
}

fn submitted() -> Handoff {
    let before = awaiting();
    let csm = roster().csms().next().unwrap().id.clone();
    let changes = Changes { csm: Some(Some(CsmChoice::Member(csm))), ..Changes::default() };
    before.submit(&drafts("r1", Some("drafted")), &roster(), changes, before.version, at(9)).unwrap()
}

#[test]
fn a_skip_closes_what_is_open_and_leaves_only_the_search_for_a_csm() {
    for state in [HandoffState::Drafting, HandoffState::AwaitingAe, HandoffState::Expired] {
        let mut open = Handoff { state, ..awaiting() };
        open.raise(Attention::MailFailed, at(1));
        let closed = open.skip("They bought elsewhere".to_owned(), at(9)).unwrap();
        assert_eq!(closed.state, HandoffState::Skipped);
        assert_eq!(closed.attention.iter().collect::<Vec<_>>(), [&Attention::CsmMissing]);
        assert_eq!(closed.account.status, AccountStatus::Onboarding);
        assert_eq!(closed.skip("again".to_owned(), at(9)), Err(StepRefusal::NotNow));
    }
    let mut reopened = awaiting();
    reopened.raise(Attention::DealReopened, at(1));
    assert_eq!(reopened.skip("x".to_owned(), at(9)).unwrap().account.status, AccountStatus::Cancelled);
    assert_eq!(submitted().skip("x".to_owned(), at(9)), Err(StepRefusal::NotNow));
}

#[test]
fn a_new_link_goes_to_the_ae_or_to_whom_an_admin_names_and_mends_what_kept_it_away() {
    let mut stuck = Handoff { state: HandoffState::Expired, ..awaiting() };
    for reason in [Attention::NoAeAddress, Attention::MailFailed, Attention::DealReopened] {
        stuck.raise(reason, at(1));
    }
    let sent = stuck.resend(link(2), None, &Rhythm::default()).unwrap();
    assert_eq!((sent.state, sent.link.clone().unwrap().generation), (HandoffState::AwaitingAe, 2));
    assert_eq!(sent.attention.iter().copied().collect::<Vec<_>>(), [Attention::DealReopened]);
    assert_eq!(sent.ae, stuck.ae);
    let other = EmailAddress::parse("bo@us.test").unwrap();
    let sent = stuck.resend(link(2), Some(other.clone()), &Rhythm::default()).unwrap();
    assert_eq!((sent.ae.name.as_str(), sent.ae.email), ("", Some(other)));
    stuck.ae.email = None;
    assert_eq!(stuck.resend(link(2), None, &Rhythm::default()), Err(StepRefusal::NoAddress));
    assert_eq!(submitted().resend(link(2), None, &Rhythm::default()), Err(StepRefusal::NotNow));
}

#[test]
fn a_reminder_needs_a_living_link_and_a_day_between() {
    let waiting = awaiting();
    assert_eq!(waiting.remind(None, at(5)).unwrap().reminders, 1);
    assert_eq!(waiting.remind(Some(at(5)), at(6)), Err(StepRefusal::TooSoon));
    assert!(waiting.remind(Some(at(5)), at(5 + 86_400)).is_ok());
    assert_eq!(waiting.remind(None, at(30 * 86_400)), Err(StepRefusal::LinkExpired));
    assert_eq!(submitted().remind(None, at(10)), Err(StepRefusal::NotNow));
}

#[test]
fn a_return_opens_the_next_round_with_what_was_handed_over_and_keeps_the_one_before() {
    let done = submitted();
    let (open, ended) =
        done.give_back(&drafts("r1", Some("drafted")), link(2), &Rhythm::default(), returned()).unwrap();
    assert_eq!((open.round, open.state, ended.round), (2, HandoffState::AwaitingAe, 1));
    assert_eq!(Some(ended.submission.clone()), done.submission);
    assert_eq!(open.returned, Some(returned()));
    assert_eq!(open.csm_in_charge(), done.csm_in_charge());
    assert!(open.version > done.version && open.submission.is_none() && open.opened_at.is_none());
    let again = open
        .submit(&drafts("r1", Some("drafted")), &roster(), Changes::default(), open.version, at(30))
        .unwrap();
    assert_eq!(again.submission.unwrap().answers, ended.submission.answers);
    assert_eq!(
        open.give_back(&drafts("r1", Some("drafted")), link(3), &Rhythm::default(), returned()),
        Err(StepRefusal::NotNow)
    );
}

#[test]
fn only_what_a_person_can_settle_by_looking_is_cleared_so() {
    let mut raised = awaiting();
    for reason in [Attention::MailFailed, Attention::NoAeAddress] {
        raised.raise(reason, at(1));
    }
    assert!(!raised.clear(Attention::MailFailed).unwrap().attention.contains(&Attention::MailFailed));
    assert_eq!(raised.clear(Attention::NoAeAddress), Err(StepRefusal::NotNow));
    assert_eq!(raised.clear(Attention::DealReopened), Err(StepRefusal::NotNow));
}

#[test]
fn a_reason_is_a_sentence() {
    assert_eq!(reason(" They left.\r\nReally "), Ok("They left.\nReally".to_owned()));
    assert_eq!(reason(" \n "), Err(StepRefusal::NoReason));
    assert_eq!(reason(&"x".repeat(REASON_MAX_BYTES + 1)), Err(StepRefusal::TooLong));
}
