//! The welcome mail and the kickoff: who may send, that it goes once, and that nothing internal goes at all.

use super::accounts::{PAGE, account, owed, submitted};
use super::harness::{Harness, OURS, THEIRS};
use axum::http::StatusCode;
use handoff_domain::event::What;
use handoff_testing::fixtures;

const WELCOME: &str = "/accounts/d1001/welcome";
const MAIL: [(&str, &str); 3] = [
    ("to", "pat@acme.test"),
    ("subject", "Welcome, {name}"),
    ("body", "Hello {first name},\r\n\r\nwelcome!"),
];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    MAIL.iter().copied().chain(more.iter().copied()).collect()
}

async fn welcomes(harness: &Harness) -> Vec<String> {
    let mails = owed(harness).await.into_iter();
    mails.filter(|(kind, _)| kind == "welcome").map(|(_, to)| to).collect()
}

#[tokio::test]
async fn a_double_click_sends_it_once_and_another_time_needs_a_tick() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let fields = with(&[("version", "0"), ("do", "send")]);
    for click in 0..3 {
        let answer = cora.post(WELCOME, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "click {click}: {}", answer.body);
    }
    assert_eq!(welcomes(&harness).await, ["pat@acme.test"]);
    let view = account(&harness).await;
    let sent =
        view.events.iter().filter(|event| matches!(event.what, What::WelcomeSent { to: 1, number: 1, .. }));
    assert_eq!(sent.count(), 1);
    let action = view.plan.unwrap().milestones[0].actions[0].clone();
    assert!(action.state.is_finished(), "the plan's action is done by it");
    let again = cora.post(WELCOME, &with(&[("version", "1")])).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("sent before") && again.body.contains("Hello {first name}"));
    let again = cora.post(WELCOME, &with(&[("version", "1"), ("again", "yes")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(welcomes(&harness).await.len(), 2);
    let page = cora.get(PAGE).await.body;
    assert!(page.contains("Sent the welcome mail to 1 person") && page.contains("once more"));
}

#[tokio::test]
async fn a_caller_that_names_no_page_sends_once_as_well() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    for _ in 0..2 {
        assert_eq!(cora.post(WELCOME, &MAIL).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(welcomes(&harness).await.len(), 1);
}

#[tokio::test]
async fn a_stale_page_changes_nothing_and_loses_nothing() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let saved = cora.post(WELCOME, &with(&[("version", "0"), ("do", "save")])).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let mut admin = harness.signed_in(OURS, "admin").await;
    for what in ["save", "send"] {
        let fields = [
            ("to", "pat@acme.test"),
            ("subject", "S"),
            ("body", "Typed <b>late</b>"),
            ("version", "0"),
            ("do", what),
        ];
        let stale = admin.post(WELCOME, &fields).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{what}");
        assert!(stale.body.contains("Typed &lt;b&gt;late"), "{what}");
    }
    assert!(welcomes(&harness).await.is_empty());
    assert!(cora.get(WELCOME).await.body.contains("welcome!"));
}

#[tokio::test]
async fn only_the_csm_in_charge_and_admins_write_to_the_customer() {
    let harness = submitted().await;
    let mut sam = harness.signed_in(OURS, "sam").await;
    for what in ["save", "send", "draft", "preview"] {
        assert_eq!(sam.post(WELCOME, &with(&[("do", what)])).await.status, StatusCode::FORBIDDEN, "{what}");
    }
    assert_eq!(sam.post(&format!("{PAGE}/kickoff"), &[]).await.status, StatusCode::FORBIDDEN);
    assert!(!sam.get(WELCOME).await.body.contains("name=\"body\""));
    let mut boss = harness.signed_in(THEIRS, "boss").await;
    assert_eq!(boss.post(WELCOME, &MAIL).await.status, StatusCode::NOT_FOUND);
    assert_eq!(boss.get(&format!("{PAGE}/kickoff.ics")).await.status, StatusCode::NOT_FOUND);
    assert!(welcomes(&harness).await.is_empty());
    let mut admin = harness.signed_in(OURS, "admin").await;
    assert_eq!(admin.post(WELCOME, &MAIL).await.status, StatusCode::SEE_OTHER);
    let stranger = [("to", "eve@evil.test"), ("subject", "x"), ("body", "x")];
    assert_eq!(admin.post(WELCOME, &stranger).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(welcomes(&harness).await, ["pat@acme.test"]);
}

#[tokio::test]
async fn the_draft_holds_nothing_internal_and_the_preview_is_the_mail() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let page = cora.get(WELCOME).await.body;
    assert!(page.contains("welcome to Northwind!") && page.contains("Two days of training on site"));
    assert!(!page.contains("Be gentle with Pat"));
    assert_eq!(account(&harness).await.welcome, None, "looking changes nothing");
    let saved = cora.post(WELCOME, &with(&[("version", "0"), ("do", "preview")])).await;
    assert_eq!(saved.header("location"), "/accounts/d1001/welcome/preview");
    let preview = cora.get("/accounts/d1001/welcome/preview").await;
    assert!(
        preview.body.contains("sandbox=\"\"")
            && preview.header("content-security-policy").ends_with("frame-src 'self'")
    );
    let mail = cora.get("/accounts/d1001/welcome/mail?reader=0").await;
    assert!(mail.body.contains("Hello Pat,") && mail.header("content-security-policy").contains("sandbox"));
    assert!(welcomes(&harness).await.is_empty(), "looking sends nothing");
}

#[tokio::test]
async fn the_kickoff_is_planned_moved_and_handed_out_as_one_event() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let ics = format!("{PAGE}/kickoff.ics");
    let offered = cora.get(&ics).await;
    assert_eq!(offered.header("content-type"), "text/calendar; charset=utf-8");
    assert!(offered.header("content-disposition").contains("kickoff-acme-health.ics"));
    assert!(offered.body.contains("DTSTART:20261123T100000Z\r\n") && offered.body.contains("SEQUENCE:0\r\n"));
    assert_eq!(account(&harness).await.kickoff, None, "looking changes nothing");
    let plan = |date: &'static str, moves: &'static str| {
        [("date", date), ("time", "14:30"), ("minutes", "60"), ("moves", moves)]
    };
    let kickoff = format!("{PAGE}/kickoff");
    assert_eq!(cora.post(&kickoff, &plan("2026-12-01", "0")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(cora.post(&kickoff, &plan("2026-12-01", "0")).await.status, StatusCode::SEE_OTHER, "a repeat");
    assert_eq!(cora.post(&kickoff, &plan("2026-12-03", "0")).await.status, StatusCode::CONFLICT);
    assert_eq!(cora.post(&kickoff, &plan("2026-12-02", "1")).await.status, StatusCode::SEE_OTHER);
    let past = cora.post(&kickoff, &plan("2020-01-01", "2")).await;
    assert!(past.status == StatusCode::UNPROCESSABLE_ENTITY && past.body.contains("2020-01-01"));
    let planned = cora.get(&ics).await.body;
    let unfolded = planned.replace("\r\n ", "");
    for line in [
        "DTSTART:20261202T143000Z",
        "DTEND:20261202T153000Z",
        "SEQUENCE:1",
        "UID:kickoff-d1001@hs62515.handoff.invalid",
        "ORGANIZER;CN=Cora Lind:mailto:cora@northwind.test",
        "ROLE=REQ-PARTICIPANT",
        "mailto:pat@acme.test",
        "ROLE=OPT-PARTICIPANT",
    ] {
        assert!(unfolded.contains(line), "{line}\n{unfolded}");
    }
    assert!(!unfolded.contains("Be gentle") && planned.lines().all(|line| line.len() <= 76));
    let other = cora.get(&format!("{ics}?date=2026-12-04&time=09:00&minutes=30")).await.body;
    assert!(other.contains("DTSTART:20261204T090000Z") && other.contains("SEQUENCE:2"));
    let events = account(&harness).await.events;
    let told = events.iter().filter(|event| matches!(event.what, What::KickoffPlanned { .. })).count();
    assert_eq!(told, 2);
    assert!(fixtures::now() < events.last().unwrap().at + jiff::SignedDuration::from_hours(1));
}
