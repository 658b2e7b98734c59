//! One event of each kind, with each of its fields set.

use super::support::now;
use handoff_domain::answer::Change;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::event::{AnswerCounts, AnswerMade, Event, PlanStep, What, Who};
use handoff_domain::handoff::{Attention, Handoff};
use handoff_domain::id::{ActionId, MemberId, MilestoneId, NoteId, OutboxId, QuestionId, RunId};
use handoff_domain::rating::{Rating, Usefulness};
use handoff_domain::source::SourceKind;
use std::collections::{BTreeMap, BTreeSet};

fn rating() -> Rating {
    let question = QuestionId::parse("risks").unwrap();
    Rating { score: 4, useful: BTreeMap::from([(question, Usefulness::Wrong)]), repeated: true }
}

fn sam() -> MemberId {
    MemberId::parse("sam").unwrap()
}

fn usage() -> Usage {
    Usage { tokens_in: 70, tokens_out: 9, cache_read: 1, cache_written: 2, microdollars: Some(64) }
}

fn made() -> BTreeMap<QuestionId, AnswerMade> {
    let made = AnswerMade { change: Change::LightlyEdited, from: BTreeSet::from([SourceKind::Note]) };
    BTreeMap::from([(QuestionId::parse("risks").unwrap(), made)])
}

fn everything() -> Vec<What> {
    let (run, cause) = (RunId::parse("r2").unwrap(), OutboxId::parse("d1001-r1-submitted").unwrap());
    let note = NoteId::from_random(7);
    let (csm, csm_name) = (MemberId::parse("cora").ok(), "Cora Lind".to_owned());
    let (mail, by) = ("handoff_received".to_owned(), DraftedBy::Model("m".to_owned()));
    let (question, reason) = (QuestionId::parse("risks").ok(), Attention::MailFailed);
    let (words, generation) = ("They bought elsewhere.".to_owned(), 2);
    let (milestone, title) = (MilestoneId::parse("kickoff").unwrap(), "Kickoff".to_owned());
    let answers = AnswerCounts { accepted: 5, edited: 2, written: 1 };
    vec![
        What::AccountCreated { by_hand: true },
        What::DraftsReady { by: by.clone(), drafted: 6, questions: 8, sources: 12, gaps: 1, usage: usage() },
        What::InvitationOwed { generation },
        What::MailSent { mail: mail.clone(), cause: cause.clone(), count: 1 },
        What::MailFailed { mail, cause: cause.clone(), count: 1 },
        What::MailLost { cause: cause.clone(), how: "Bounce".to_owned(), mail: Some(1) },
        What::AttentionRaised { reason },
        What::AttentionCleared { reason },
        What::Opened,
        What::RedraftAsked { run: run.clone(), question },
        What::RedraftWithdrawn { run: run.clone() },
        What::RedraftArrived { run: run.clone(), by: DraftedBy::Extractive, usage: usage() },
        What::RedraftArrived { run: run.clone(), by: by.clone(), usage: usage() },
        What::Submitted { csm, csm_name, answers, made: made(), template: "Standard".to_owned() },
        What::Assigned { csm: sam(), csm_name: "Sam Okoro".to_owned(), reason: words.clone() },
        What::Reassigned {
            from: MemberId::parse("cora").unwrap(),
            from_name: "Cora Lind".to_owned(),
            csm: sam(),
            csm_name: "Sam Okoro".to_owned(),
            reason: words.clone(),
        },
        What::Skipped { reason: words.clone() },
        What::Resent { generation },
        What::Renewed { generation },
        What::Reminded { generation, day: Some(7) },
        What::Expired { generation },
        What::LaterAsked { date: jiff::civil::date(2026, 11, 30) },
        What::NotMine {
            colleague: MemberId::parse("sam").ok(),
            colleague_name: "Sam Okoro".to_owned(),
            word: "His.".to_owned(),
        },
        What::Returned { reason: words },
        What::NoteAdded { note: note.clone() },
        What::NoteEdited { note },
        What::Rated { rating: rating(), before: Some(rating()) },
        What::PlanStepTaken {
            step: PlanStep::Skipped,
            milestone: milestone.clone(),
            action: ActionId::parse("welcome").unwrap(),
            title: title.clone(),
            reason: "Sales did.".to_owned(),
        },
        What::MilestoneDone { milestone: milestone.clone(), title: title.clone() },
        What::MilestoneReopened { milestone, title: title.clone() },
        What::TemplateChosen { name: title, version: 2, before: "Standard".to_owned() },
        What::WentLive,
        What::BackInOnboarding,
        What::WelcomeDraftAsked { run: run.clone() },
        What::WelcomeDrafted { run, by: Some(by) },
        What::WelcomeSent { to: 2, number: 1, cause },
        What::KickoffPlanned { starts_at: now(), minutes: 45, moves: 1 },
    ]
}

/// All of them, of one handoff, by each kind of person.
pub(crate) fn events(handoff: &Handoff) -> Vec<Event> {
    let member = Who::Member { id: MemberId::parse("cora").unwrap(), name: "Cora Lind".to_owned() };
    let who = [Who::System, Who::ae(handoff), member];
    let told = everything().into_iter().zip(who.into_iter().cycle()).enumerate();
    told.map(|(index, (what, who))| Event::new(handoff, now(), format_args!("e{index:02}"), who, what))
        .collect()
}
