//! Counting against an embedded table: whatever happens meanwhile, the totals are what a recount of the records gives.

use super::*;
use handoff_domain::answer::Change;
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::event::{AnswerCounts, AnswerMade, Event, What, Who};
use handoff_domain::handoff::{Ae, Handoff};
use handoff_domain::id::{AccountId, MemberId, QuestionId};
use handoff_domain::outbox::MailContent;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::rating::{Rating, Usefulness};
use handoff_domain::rollup::{Contribution, Grain, Of, Totals};
use handoff_domain::source::SourceKind;
use handoff_testing::fixtures::{self, organization, roster};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

struct Street {
    table: TestTable,
    deps: Deps,
    ahead_ms: Arc<AtomicI64>,
}

impl Street {
    async fn new() -> Self {
        let (table, ahead_ms) = (table().await, Arc::new(AtomicI64::new(0)));
        let (questions, template) = (QuestionSet::first(), Template::first());
        table.store.create_organization(&organization(), &questions, &roster(), &template).await.unwrap();
        let deps = Deps { store: table.store.clone(), clock: Clock::shifted(ahead_ms.clone()) };
        Self { table, deps, ahead_ms }
    }

    fn at(&self, moment: Timestamp) {
        let ahead = moment.duration_since(Clock::system().now()).as_millis();
        self.ahead_ms.store(i64::try_from(ahead).unwrap(), Ordering::Relaxed);
    }

    async fn make(&self, number: u32) -> Handoff {
        let email = handoff_domain::email::EmailAddress::parse(format!("ae{}@seller.test", number % 3)).ok();
        let made = Handoff {
            id: AccountId::parse(format!("d{number}")).unwrap(),
            ae: Ae { name: format!("Ae {}", number % 3), email },
            ..fixtures::handoff()
        };
        self.deps.store.create_handoff(&made).await.unwrap();
        made
    }

    /// Tells facts, as the functions do: with a change of the handoff.
    async fn tell(&self, handoff: &mut Handoff, told: &[Event]) {
        assert!(self.deps.store.replace_handoff(handoff, handoff, &[], told).await.unwrap());
        handoff.revision += 1;
    }

    async fn totals(&self) -> Totals {
        let mut totals = Totals::new();
        for (row, _) in self.deps.store.all_totals(&organization().id).await.unwrap() {
            totals.add_row(&row);
        }
        totals
    }

    async fn recount(&self, accounts: &[Handoff]) -> Totals {
        let mut totals = Totals::new();
        for account in accounts {
            let read = self.deps.store.get_to_count(&organization().id, &account.id).await.unwrap().unwrap();
            totals.add(&Contribution::of(&read.handoff, &read.events));
        }
        totals
    }
}

fn any_fact(random: &mut StdRng) -> What {
    let generation = random.random_range(1..4);
    let usage = Usage {
        tokens_in: 700,
        tokens_out: 90,
        microdollars: Some(random.random_range(0..900)),
        ..Usage::default()
    };
    let question = QuestionId::parse(["risks", "why_us"][random.random_range(0..2)]).unwrap();
    match random.random_range(0..9) {
        0 => What::Opened,
        1 => What::Expired { generation },
        2 => What::Renewed { generation },
        3 => What::Skipped { reason: String::new() },
        4 | 5 => {
            let change = Change::ALL[random.random_range(0..4)];
            What::Submitted {
                csm: MemberId::parse("grace").ok(),
                csm_name: "Grace".to_owned(),
                answers: AnswerCounts::default(),
                made: BTreeMap::from([(
                    question,
                    AnswerMade { change, from: BTreeSet::from([SourceKind::Note]) },
                )]),
                template: "Standard".to_owned(),
            }
        }
        6 | 7 => {
            let useful = BTreeMap::from([(question, Usefulness::ALL[random.random_range(0..3)])]);
            let rating =
                Rating { score: random.random_range(1..6), useful, repeated: random.random_range(0..2) == 0 };
            What::Rated { rating, before: None }
        }
        _ => What::DraftsReady {
            by: DraftedBy::Model("nova".to_owned()),
            drafted: 1,
            questions: 1,
            sources: 1,
            gaps: 0,
            usage,
        },
    }
}

/// At a random moment of some weeks, also long before what was counted already.
fn any_event(random: &mut StdRng, handoff: &Handoff) -> Event {
    let at = fixtures::now() + SignedDuration::from_mins(random.random_range(0..60 * 24 * 40));
    let who = Who::Member { id: MemberId::parse("grace").unwrap(), name: "Grace".to_owned() };
    Event::new(handoff, at, random.random::<u64>(), who, any_fact(random))
}

#[tokio::test]
async fn whatever_happens_meanwhile_the_totals_are_what_a_recount_gives() {
    let street = Street::new().await;
    let mut random = StdRng::seed_from_u64(20_261_123);
    let mut accounts = Vec::new();
    for number in 1..=25 {
        accounts.push(street.make(number).await);
    }
    let mut repeat: Option<(usize, Event)> = None;
    for round in 0..25 {
        for _ in 0..random.random_range(1..12) {
            let place = random.random_range(0..accounts.len());
            let mut told = vec![any_event(&mut random, &accounts[place])];
            if let Some((before, event)) = repeat.take().filter(|_| random.random_range(0..2) == 0) {
                // The same fact, told once more.
                street.tell(&mut accounts[before], std::slice::from_ref(&event)).await;
            }
            repeat = Some((place, told[0].clone()));
            told.push(any_event(&mut random, &accounts[place]));
            if random.random_range(0..6) == 0 {
                // The link goes to a colleague: what was counted is theirs.
                accounts[place].ae.email = handoff_domain::email::EmailAddress::parse("new@seller.test").ok();
            }
            street.tell(&mut accounts[place], &told).await;
        }
        // One that stops somewhere in the middle, then two at once.
        let cut = Duration::from_millis(random.random_range(0..60));
        let _ = tokio::time::timeout(cut, count(&street.deps)).await;
        let (one, other) = tokio::join!(count(&street.deps), count(&street.deps));
        one.unwrap();
        other.unwrap();
        // Whoever lost a race against the other left it to the next.
        count(&street.deps).await.unwrap();
        let (counted, recounted) = (street.totals().await, street.recount(&accounts).await);
        assert_eq!(counted.differences(&recounted), vec![], "after round {round}");
    }
    let before = street.table.dump().await;
    let idle = count(&street.deps).await.unwrap();
    assert_eq!((idle.facts, idle.accounts), (0, 0));
    assert_eq!(street.table.dump().await, before, "nothing new costs nothing");
    let all = street.totals().await;
    assert!(all.rows().len() > 100, "{}", all.rows().len());
}

#[tokio::test]
async fn an_account_with_a_long_history_is_counted_in_several_steps() {
    let street = Street::new().await;
    let mut made = street.make(1).await;
    for day in 0..70 {
        let at = fixtures::now() + SignedDuration::from_hours(24 * day);
        let told = [Event::new(
            &made,
            at,
            format!("r{day}"),
            Who::System,
            What::Reminded { generation: 1, day: None },
        )];
        street.tell(&mut made, &told).await;
    }
    let summary = count(&street.deps).await.unwrap();
    assert_eq!((summary.accounts, summary.facts), (1, 71));
    assert_eq!(street.totals().await, street.recount(std::slice::from_ref(&made)).await);
    assert_eq!(count(&street.deps).await.unwrap().facts, 0);
}

#[tokio::test]
async fn an_account_that_cannot_be_read_does_not_stop_the_others() {
    let street = Street::new().await;
    let (spoilt, good) = (street.make(1).await, street.make(2).await);
    let key = format!(r#""PK":{{"S":"O#{}#A#{}"}},"SK":{{"S":"HANDOFF"}}"#, spoilt.organization, spoilt.id);
    street.table.load(&format!(r#"[{{{key},"format":{{"N":"99"}}}}]"#)).await;
    let summary = count(&street.deps).await.unwrap();
    assert_eq!((summary.facts, summary.incomplete), (1, 1));
    assert_eq!(street.totals().await, street.recount(&[good]).await);
}

#[tokio::test]
async fn the_weekly_mail_goes_once_to_the_admins_who_want_it() {
    let street = Street::new().await;
    let (id, admin) = (organization().id, organization().admins[0].clone());
    let rhythm = organization().rhythm();
    let mut made = street.make(1).await;
    let told = [any_event(&mut StdRng::seed_from_u64(1), &made)];
    street.tell(&mut made, &told).await;
    let next =
        Grain::Week.start(rhythm.date(fixtures::now())).checked_add(jiff::Span::new().weeks(1)).unwrap();
    street.at(rhythm.opening(next).unwrap() + SignedDuration::from_mins(5));
    assert_eq!(count(&street.deps).await.unwrap().weekly, 0, "nobody asked for it");
    let (_, weekly) = street.deps.store.get_for_weekly(&id).await.unwrap().unwrap();
    let stranger = handoff_domain::email::EmailAddress::parse("gone@b.test").unwrap();
    let wanted = weekly.with(&admin, true).with(&stranger, true);
    assert!(street.deps.store.put_weekly(&id, &wanted, None).await.unwrap());
    let (one, other) = tokio::join!(count(&street.deps), count(&street.deps));
    assert_eq!(one.unwrap().weekly + other.unwrap().weekly, 1);
    assert_eq!(count(&street.deps).await.unwrap().weekly, 0);
    let owed = street.deps.store.list_owed(&id, Timestamp::MAX, 10).await.unwrap();
    let mails: Vec<_> = owed.into_iter().flat_map(|entry| entry.mails).collect();
    assert_eq!(mails.len(), 1, "nobody who is no admin any more");
    assert!(
        mails[0].to == admin
            && matches!(&mails[0].content, MailContent::WeeklySummary(summary) if summary.now.created == 1)
    );
}

#[tokio::test]
async fn a_row_that_went_wrong_is_mended_unless_somebody_counts_at_the_same_time() {
    let street = Street::new().await;
    street.make(1).await;
    count(&street.deps).await.unwrap();
    let id = organization().id;
    let rows = street.deps.store.all_totals(&id).await.unwrap();
    let (row, revision) = rows.iter().find(|(row, _)| row.of == Of::Organization).unwrap();
    let missing = BTreeMap::from([("created".to_owned(), 5)]);
    assert!(street.deps.store.mend_row(&id, row, *revision, &missing).await.unwrap());
    assert!(
        !street.deps.store.mend_row(&id, row, *revision, &missing).await.unwrap(),
        "it changed meanwhile"
    );
    let after = street.deps.store.all_totals(&id).await.unwrap();
    let mended = after.iter().find(|(one, _)| one.period == row.period && one.of == row.of).unwrap();
    assert_eq!(mended.0.counts["created"], row.counts["created"] + 5);
}

#[test]
fn the_scheduler_s_input_is_known() {
    let sample = include_str!("../../../events/analytics-rollup/analytics-rollup.json");
    let trigger: Trigger = serde_json::from_str(sample).unwrap();
    assert_eq!(trigger.schedule, Schedule::AnalyticsRollup);
}
