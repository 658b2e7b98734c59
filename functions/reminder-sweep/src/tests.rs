//! The sweep against an embedded table.

mod life;

use super::*;
use handoff_domain::due::DueState;
use handoff_domain::event::{Event, What};
use handoff_domain::handoff::{Attention, Handoff, HandoffState};
use handoff_domain::id::{AccountId, DealId};
use handoff_domain::link::Link;
use handoff_domain::outbox::MailContent;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_store::Consistency;
use handoff_testing::fixtures::{self, drafts, link_key, organization, roster};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A Monday, 10:00 in UTC.
fn monday() -> Timestamp {
    "2026-11-02T10:00:00Z".parse().unwrap()
}

pub(super) struct Street {
    pub(super) table: TestTable,
    pub(super) deps: Deps,
    ahead_ms: Arc<AtomicI64>,
}

impl Street {
    pub(super) async fn new(organization: &Organization) -> Self {
        let (table, ahead_ms) = (table().await, Arc::new(AtomicI64::new(0)));
        let (questions, template) = (QuestionSet::first(), Template::first());
        table.store.create_organization(organization, &questions, &roster(), &template).await.unwrap();
        let deps = Deps { store: table.store.clone(), clock: Clock::shifted(ahead_ms.clone()) };
        Self { table, deps, ahead_ms }
    }

    /// Sets the clock.
    pub(super) fn at(&self, moment: Timestamp) {
        let ahead = moment.duration_since(Clock::system().now()).as_millis();
        self.ahead_ms.store(i64::try_from(ahead).unwrap(), Ordering::Relaxed);
    }

    async fn swept(&self, moment: &str) -> Summary {
        self.at(moment.parse().unwrap());
        sweep(&self.deps).await.unwrap()
    }

    pub(super) async fn read(&self, account: &AccountId) -> Handoff {
        let id = &organization().id;
        let page = self.deps.store.get_handoff_page(id, account, Consistency::Strong).await;
        page.unwrap().unwrap().handoff
    }

    async fn events(&self, account: &AccountId) -> Vec<Event> {
        let id = &organization().id;
        self.deps.store.get_account(id, account, Consistency::Strong).await.unwrap().unwrap().events
    }

    /// Mails owed so far, by kind and when; those of one kind in the order of time.
    pub(super) async fn owed(&self) -> Vec<(Timestamp, MailContent)> {
        let owed = self.deps.store.list_owed(&organization().id, Timestamp::MAX, 10_000).await.unwrap();
        let mails = owed.into_iter().flat_map(|entry| {
            entry.mails.into_iter().map(move |mail| (entry.key.owed_at, mail.content)).collect::<Vec<_>>()
        });
        let mut mails: Vec<_> = mails.collect();
        mails.sort_by_key(|(at, _)| *at);
        mails
    }

    async fn kinds(&self) -> Vec<&'static str> {
        self.owed().await.iter().map(|(_, content)| content.kind()).collect()
    }
}

pub(super) fn account(deal: u32) -> AccountId {
    DealId::parse(deal.to_string()).unwrap().account()
}

/// One that waits for its AE since `issued_at`, with drafts.
pub(super) async fn awaiting(street: &Street, deal: u32, issued_at: Timestamp) -> Handoff {
    let organization = organization();
    let made = Handoff { id: account(deal), created_at: issued_at, link: None, ..fixtures::handoff() };
    let made = Handoff { state: HandoffState::Drafting, ..made };
    street.deps.store.create_handoff(&made).await.unwrap();
    let link = Link::issue(&link_key(), &made.organization, &made.id, 1, 30, issued_at);
    let mut after = made.clone().with_link(link, &organization.rhythm());
    after.state = HandoffState::AwaitingAe;
    assert!(
        street
            .deps
            .store
            .keep_drafts(&made, &after, &drafts("r1", Some("By March.")), &[], &[], &[])
            .await
            .unwrap()
    );
    street.read(&after.id).await
}

fn count(summary: &Summary, outcome: Outcome) -> u64 {
    summary.settled[&outcome]
}

#[tokio::test]
async fn an_ae_is_reminded_on_each_step_and_the_link_ends() {
    let street = Street::new(&organization()).await;
    let made = awaiting(&street, 1, monday()).await;
    let zone = organization().rhythm();
    for (day, number) in [(3, 1), (7, 2), (14, 3), (21, 4), (28, 5)] {
        let due = zone.moment(monday(), day).unwrap();
        street.at(due - SignedDuration::from_secs(60));
        assert_eq!(count(&sweep(&street.deps).await.unwrap(), Outcome::Reminded), 0);
        street.at(due + SignedDuration::from_secs(60));
        assert_eq!(count(&sweep(&street.deps).await.unwrap(), Outcome::Reminded), 1);
        assert_eq!(count(&sweep(&street.deps).await.unwrap(), Outcome::Reminded), 0);
        let after = street.read(&made.id).await;
        assert_eq!((after.reminders, after.attention.contains(&Attention::Overdue)), (number, number > 1));
    }
    street.at(made.link.as_ref().unwrap().expires_at + SignedDuration::from_secs(5));
    assert_eq!(count(&sweep(&street.deps).await.unwrap(), Outcome::Expired), 1);
    let after = street.read(&made.id).await;
    assert_eq!((after.state, after.attention.len(), after.due()), (HandoffState::Expired, 0, None));
    let told = street.events(&made.id).await;
    let days: Vec<u8> = told
        .iter()
        .filter_map(|event| match event.what {
            What::Reminded { day, .. } => day,
            _ => None,
        })
        .collect();
    assert_eq!(days, [3, 7, 14, 21, 28]);
    assert!(told.iter().any(|event| matches!(event.what, What::Expired { .. })));
    let last = street.owed().await.into_iter().filter_map(|(_, content)| match content {
        MailContent::HandoffReminder(reminder) => Some(reminder.is_last),
        _ => None,
    });
    assert_eq!(last.collect::<Vec<_>>(), [false, false, false, false, true]);
}

#[tokio::test]
async fn after_a_pause_one_mail_stands_for_all_steps_and_waits_for_the_morning() {
    let street = Street::new(&organization()).await;
    let made = awaiting(&street, 1, monday()).await;
    let night = street.swept("2026-11-18T23:00:00Z").await;
    assert_eq!(count(&night, Outcome::PutOff), 1);
    assert_eq!(street.kinds().await, Vec::<&str>::new());
    let morning = organization().rhythm().working_from("2026-11-18T23:00:00Z".parse().unwrap()).unwrap();
    street.at(morning);
    assert_eq!(count(&sweep(&street.deps).await.unwrap(), Outcome::Reminded), 1);
    let after = street.read(&made.id).await;
    assert_eq!((after.reminders, after.reminder.map(|next| next.day)), (1, Some(21)));
}

#[tokio::test]
async fn nobody_is_reminded_who_cannot_be_reached_or_was_told_today() {
    let street = Street::new(&organization()).await;
    let bounced = awaiting(&street, 1, monday()).await;
    let id = organization().id;
    street.deps.store.add_attention(&id, &bounced.id, Attention::MailFailed, monday()).await.unwrap();
    let told = awaiting(&street, 2, monday()).await;
    let day3 = organization().rhythm().moment(monday(), 3).unwrap();
    let by_hand = told.remind(None, day3 - SignedDuration::from_secs(3600)).unwrap();
    assert!(street.deps.store.replace_handoff(&told, &by_hand, &[], &[]).await.unwrap());
    street.at(day3 + SignedDuration::from_secs(600));
    let summary = sweep(&street.deps).await.unwrap();
    assert_eq!((count(&summary, Outcome::PutOff), count(&summary, Outcome::Reminded)), (2, 0));
    for handoff in [&bounced, &told] {
        assert_eq!(street.read(&handoff.id).await.reminder.unwrap().day, 7);
    }
    // What waits for a person is named each time, and read in whole only when something comes by itself.
    assert_eq!(summary.stuck[&DueState::Attention].count, 1);
    let next = sweep(&street.deps).await.unwrap();
    assert_eq!((next.stuck[&DueState::Attention].count, count(&next, Outcome::PutOff)), (1, 0));
}

#[tokio::test]
async fn drafting_that_never_ends_is_told_to_the_admins_once() {
    let street = Street::new(&organization()).await;
    let made = Handoff {
        id: account(1),
        state: HandoffState::Drafting,
        created_at: monday(),
        link: None,
        ..fixtures::handoff()
    };
    street.deps.store.create_handoff(&made).await.unwrap();
    let early = street.swept("2026-11-02T10:30:00Z").await;
    assert_eq!((early.stuck[&DueState::Drafting].count, count(&early, Outcome::GivenUp)), (1, 0));
    let late = street.swept("2026-11-02T11:31:00Z").await;
    assert_eq!(count(&late, Outcome::GivenUp), 1);
    assert_eq!(count(&street.swept("2026-11-02T11:36:00Z").await, Outcome::GivenUp), 0);
    assert!(street.read(&made.id).await.attention.contains(&Attention::DraftFailed));
    let escalated = street.kinds().await.iter().filter(|kind| **kind == "handoff_escalated").count();
    assert_eq!(escalated, organization().admins.len());
}

#[tokio::test]
async fn admins_get_one_digest_on_a_day_on_which_something_is_new() {
    let street = Street::new(&organization()).await;
    let made = awaiting(&street, 1, monday()).await;
    let id = organization().id;
    let zone = organization().rhythm();
    let opening = |date: &str| zone.opening(date.parse().unwrap()).unwrap();
    street.at(opening("2026-11-03"));
    assert_eq!(sweep(&street.deps).await.unwrap().digests, 0);
    let raised = opening("2026-11-03") + SignedDuration::from_secs(600);
    street.deps.store.add_attention(&id, &made.id, Attention::MailFailed, raised).await.unwrap();
    street.at(raised);
    assert_eq!(sweep(&street.deps).await.unwrap().digests, 0, "today was looked already");
    street.at(opening("2026-11-04"));
    let (one, other) = tokio::join!(sweep(&street.deps), sweep(&street.deps));
    assert_eq!(one.unwrap().digests + other.unwrap().digests, 1);
    street.at(opening("2026-11-05"));
    assert_eq!(sweep(&street.deps).await.unwrap().digests, 0, "nothing is new");
    street.at(opening("2026-11-07"));
    assert_eq!(sweep(&street.deps).await.unwrap().digests, 1, "a new week");
    let digests = street.owed().await.into_iter().filter_map(|(_, content)| match content {
        MailContent::Digest(digest) => Some(digest),
        _ => None,
    });
    let rows: Vec<_> =
        digests.map(|digest| (digest.rows[0].account.clone(), digest.rows[0].reason)).collect();
    assert_eq!(rows, vec![(made.id, Some(Attention::MailFailed)); 2 * organization().admins.len()]);
}

#[tokio::test]
async fn a_sweep_reads_a_bounded_part_and_names_what_it_left() {
    let street = Street::new(&organization()).await;
    for deal in 0..60 {
        let made = Handoff {
            id: account(deal),
            state: HandoffState::Drafting,
            created_at: monday(),
            link: None,
            ..fixtures::handoff()
        };
        street.deps.store.create_handoff(&made).await.unwrap();
    }
    let before = street.table.dump().await;
    let all = street.swept("2026-11-02T04:30:00-06:00").await;
    assert_eq!(all.stuck[&DueState::Drafting].count, 60);
    let listed = street.deps.store.list_due(&organization().id, Timestamp::MAX, 2, 4).await.unwrap();
    assert!(listed.more && listed.handoffs.len() <= 16, "{}", listed.handoffs.len());
    // But for the note that somebody looked for a digest.
    let after = street.table.dump().await;
    assert_eq!(
        after.lines().filter(|line| !line.contains("DIGEST")).collect::<Vec<_>>(),
        before.lines().collect::<Vec<_>>()
    );
}

#[test]
fn the_scheduler_s_input_is_known() {
    let sample = include_str!("../../../events/reminder-sweep/reminder-sweep.json");
    let trigger: Trigger = serde_json::from_str(sample).unwrap();
    assert_eq!(trigger.schedule, Schedule::ReminderSweep);
}
