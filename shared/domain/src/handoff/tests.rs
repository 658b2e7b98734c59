//! The handoff's states, attacked from all sides.

use super::*;
use crate::account::AccountStatus;
use crate::draft::{Citation, Claim, Confidence, Draft, DraftRun, DraftedBy, Usage};
use crate::id::SourceId;
use crate::question::QuestionSet;
use crate::roster::{Member, Role};
use proptest::prelude::*;

fn id(text: &str) -> QuestionId {
    QuestionId::parse(text).unwrap()
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn draft(question: &QuestionId, text: Option<&str>, run: &str) -> Draft {
    Draft {
        value: text.map(|text| AnswerValue::Text(text.into())),
        claims: vec![Claim {
            text: text.unwrap_or_default().into(),
            citations: vec![Citation {
                source: SourceId::parse("note-1").unwrap(),
                quote: "q".into(),
                before: String::new(),
                after: String::new(),
            }],
        }],
        confidence: text.map(|_| Confidence::High),
        ..Draft::open(question.clone(), DraftedBy::Extractive, RunId::parse(run).unwrap())
    }
}

pub(crate) fn drafts(run: &str, text: Option<&str>) -> Drafts {
    let questions = QuestionSet::first();
    Drafts {
        drafts: questions.questions.iter().map(|q| draft(&q.id, text, run)).collect(),
        questions,
        sources: vec![],
        gaps: vec![],
        conflicts: vec![],
        promises: vec![],
        earlier: vec![],
        run: DraftRun {
            id: RunId::parse(run).unwrap(),
            finished_at: at(1),
            by: DraftedBy::Extractive,
            fallback: None,
            usage: Usage::default(),
        },
    }
}

pub(crate) fn handoff() -> Handoff {
    Handoff {
        organization: OrganizationId::parse("hs1").unwrap(),
        id: AccountId::parse("d1").unwrap(),
        organization_name: "Us".into(),
        time_zone: "UTC".into(),
        account: Account {
            company: "Acme".into(),
            deal_name: String::new(),
            deal: None,
            arr: None,
            close_date: None,
            won_at: None,
            contacts: vec![],
            website: String::new(),
            industry: String::new(),
            size: String::new(),
            status: AccountStatus::Handoff,
        },
        ae: Ae::default(),
        round: 1,
        state: HandoffState::AwaitingAe,
        attention: BTreeSet::new(),
        attention_since: None,
        question_set: 1,
        created_at: at(0),
        correlation: None,
        claim: None,
        research: None,
        link: None,
        version: 3,
        revision: 0,
        answers: BTreeMap::new(),
        note: String::new(),
        settled: BTreeMap::new(),
        dropped_promises: BTreeSet::new(),
        csm: Some(CsmChoice::Member(MemberId::parse("cora").unwrap())),
        opened_at: None,
        origin: Origin::default(),
        redrafts: 0,
        redraft: None,
        renewals: 0,
        submission: None,
        assigned: None,
        assignments: 0,
        returned: None,
        reminders: 0,
        reminder: None,
        reminded_at: None,
        skip_reason: String::new(),
        material_until: None,
    }
}

pub(crate) fn roster() -> Roster {
    let member = |id: &str, role| Member {
        id: MemberId::parse(id).unwrap(),
        name: "Cora".into(),
        email: EmailAddress::parse("cora@us.test").unwrap(),
        roles: vec![role],
        expertise: vec![],
        capacity: 5,
        away_from: None,
        away_until: None,
        booking_link: String::new(),
    };
    Roster { members: vec![member("cora", Role::Csm), member("ana", Role::Ae)], ..Roster::default() }
}

fn input(pairs: &[(&str, &str)]) -> FormInput {
    FormInput {
        answers: pairs.iter().map(|(q, v)| (id(q), vec![(*v).to_owned()])).collect(),
        ..FormInput::default()
    }
}

#[test]
fn accepting_everything_freezes_the_drafts_as_accepted() {
    let drafts = drafts("r1", Some("drafted"));
    let done = handoff().submit(&drafts, &roster(), Changes::default(), 3, at(9)).unwrap();
    let submission = done.submission.unwrap();
    assert_eq!(done.state, HandoffState::Submitted);
    assert_eq!(submission.answers.len(), 8);
    assert!(submission.answers.values().all(|a| a.origin == AnswerOrigin::Accepted));
    assert_eq!(submission.csm_name, "Cora");
}

#[test]
fn an_emptied_required_answer_and_a_stranger_as_csm_are_named_together() {
    let drafts = drafts("r1", Some("drafted"));
    let mut changes = input(&[("top_goals", " ")]).check(&drafts).unwrap();
    changes.csm = Some(Some(CsmChoice::Member(MemberId::parse("ana").unwrap())));
    let Err(SubmitRefusal::Fields(errors)) = handoff().submit(&drafts, &roster(), changes, 3, at(9)) else {
        panic!()
    };
    assert_eq!(errors.keys().collect::<Vec<_>>(), ["answers[top_goals]", "csm"]);
}

#[test]
fn a_stale_form_and_a_second_submit_change_nothing() {
    let drafts = drafts("r1", Some("drafted"));
    assert_eq!(handoff().submit(&drafts, &roster(), Changes::default(), 2, at(9)), Err(SubmitRefusal::Stale));
    let done = handoff().submit(&drafts, &roster(), Changes::default(), 3, at(9)).unwrap();
    assert_eq!(
        done.submit(&drafts, &roster(), Changes::default(), done.version, at(9)),
        Err(SubmitRefusal::NotAwaiting)
    );
}

#[test]
fn a_placeholder_is_marked_for_the_admin() {
    let drafts = drafts("r1", Some("drafted"));
    let form =
        FormInput { csm: Some("placeholder".into()), csm_name: Some(" Kim ".into()), ..FormInput::default() };
    let done = handoff().submit(&drafts, &roster(), form.check(&drafts).unwrap(), 3, at(9)).unwrap();
    assert!(done.attention.contains(&Attention::CsmMissing));
    assert_eq!(done.submission.unwrap().csm_name, "Kim");
}

#[test]
fn a_redraft_keeps_what_a_person_edited_unless_told_otherwise() {
    let before = drafts("r1", Some("old"));
    let arrived = drafts("r2", Some("new"));
    let mut asked = handoff()
        .save(&before, input(&[("risks", "mine"), ("why_us", "old")]).check(&before).unwrap(), at(2))
        .unwrap();
    asked.redraft = Some(PendingRedraft { run: arrived.run.id.clone(), question: None, asked_at: at(3) });
    let (kept, drafts_after) = asked.receive_redraft(&before, &arrived, false).unwrap();
    let shown = |h: &Handoff, d: &Drafts, q: &str| h.shown_value(d, &id(q)).map(AnswerValue::to_plain_text);
    assert_eq!(shown(&kept, &drafts_after, "risks").as_deref(), Some("mine"));
    assert_eq!(shown(&kept, &drafts_after, "why_us").as_deref(), Some("new"));
    assert_eq!(kept.version, asked.version);
    let (overwritten, drafts_after) = asked.receive_redraft(&before, &arrived, true).unwrap();
    assert_eq!(shown(&overwritten, &drafts_after, "risks").as_deref(), Some("new"));
}

#[test]
fn what_was_saved_after_a_redraft_was_asked_for_stays_whatever_it_may_overwrite() {
    let (before, arrived) = (drafts("r1", Some("old")), drafts("r2", Some("new")));
    let mut asked = handoff();
    asked.redraft = Some(PendingRedraft { run: arrived.run.id.clone(), question: None, asked_at: at(3) });
    let typed = asked
        .save(&before, input(&[("risks", "typed while waiting")]).check(&before).unwrap(), at(4))
        .unwrap();
    let (kept, after) = typed.receive_redraft(&before, &arrived, true).unwrap();
    let shown = |q: &str| kept.shown_value(&after, &id(q)).map(AnswerValue::to_plain_text);
    assert_eq!(shown("risks").as_deref(), Some("typed while waiting"));
    assert_eq!(shown("why_us").as_deref(), Some("new"));
}

#[test]
fn a_redraft_that_nobody_asked_for_or_that_comes_late_is_dropped() {
    let (before, arrived) = (drafts("r1", Some("old")), drafts("r2", Some("new")));
    assert!(handoff().receive_redraft(&before, &arrived, true).is_none());
    let mut late = handoff();
    late.redraft = Some(PendingRedraft { run: arrived.run.id.clone(), question: None, asked_at: at(3) });
    late.state = HandoffState::Submitted;
    assert!(late.receive_redraft(&before, &arrived, true).is_none());
}

#[test]
fn a_question_that_is_not_asked_is_refused_by_name() {
    let errors = input(&[("nonsense", "x")]).check(&drafts("r1", None)).unwrap_err();
    assert!(errors.contains_key("answers[nonsense]"));
}

proptest! {
    #[test]
    fn what_a_person_typed_is_what_is_frozen(texts in proptest::collection::vec("\\PC{1,80}", 8)) {
        let drafts = drafts("r1", Some("drafted"));
        let ids: Vec<QuestionId> = drafts.questions.questions.iter().map(|q| q.id.clone()).collect();
        let form = FormInput {
            answers: ids.iter().cloned().zip(texts.iter().map(|t| vec![t.clone()])).collect(),
            ..FormInput::default()
        };
        let done = handoff().submit(&drafts, &roster(), form.check(&drafts).unwrap(), 3, at(9));
        match done {
            Ok(done) => for (id, text) in ids.iter().zip(&texts) {
                let frozen = done.submission.as_ref().unwrap().answers.get(id).map(|a| a.value.to_plain_text());
                prop_assert_eq!(frozen, (!text.trim().is_empty()).then(|| text.clone()));
            },
            Err(SubmitRefusal::Fields(errors)) => prop_assert!(errors.keys().all(|k| k.starts_with("answers["))),
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
