//! Forty days of many handoffs: random answers, bounces, wishes to be asked later, a sweep that is away for days, sweeps
//! that stop in the middle and sweeps at once, over the night on which clocks change. Held against a plan that is worked
//! out day by day, in another way than the code does.

use super::{Street, awaiting, sweep};
use handoff_domain::Timestamp;
use handoff_domain::event::What;
use handoff_domain::handoff::{Attention, Handoff, HandoffState};
use handoff_domain::id::AccountId;
use handoff_domain::link::Link;
use handoff_domain::organization::{Organization, REMINDER_DAYS};
use handoff_store::Consistency;
use handoff_testing::fixtures::{self, link_key};
use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, ToSpan as _};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::time::Duration;

const HANDOFFS: u32 = 200;
const THOUSANDS: u32 = 4000;
const ZONE: &str = "Australia/Lord_Howe";
/// Hours of the day at which a sweep runs, where the organization is.
const HOURS: [i8; 5] = [3, 9, 12, 16, 21];
/// Days on which no sweep runs.
const AWAY: std::ops::Range<i64> = 12..16;

/// What a person does to one handoff, and when.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Submit,
    Skip,
    Bounce,
    Later(Date),
}

struct Life {
    issued_at: Timestamp,
    deed: Option<(Timestamp, Deed)>,
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap()
}

fn here(date: Date, hour: i8) -> Timestamp {
    date.to_datetime(time(hour, 1, 0, 0)).to_zoned(zone()).unwrap().timestamp()
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn workday(mut date: Date) -> Date {
    while is_weekend(date) {
        date = date.tomorrow().unwrap();
    }
    date
}

/// The moments of the sweeps: none while it is away.
fn sweeps(first: Date) -> Vec<Timestamp> {
    let days = (0..42).filter(|day| !AWAY.contains(day)).map(|day| first + Span::new().days(day));
    days.flat_map(|date| HOURS.map(|hour| here(date, hour))).collect()
}

/// On which days this handoff's AE is reminded.
fn planned(life: &Life, sweeps: &[Timestamp]) -> Vec<Date> {
    let date = |at: Timestamp| at.to_zoned(zone()).date();
    let dies = life.issued_at + SignedDuration::from_hours(30 * 24);
    let step = |day: u8| (day, workday(date(life.issued_at) + i64::from(day).days()));
    let mut open: Vec<(u8, Date)> =
        REMINDER_DAYS.map(step).into_iter().filter(|(_, on)| here(*on, 9) < dies).collect();
    let (mut told, mut chosen) = (Vec::new(), None);
    let mut deed = life.deed;
    for at in sweeps {
        if let Some((_, what)) = deed.filter(|(when, _)| when <= at) {
            match what {
                Deed::Submit | Deed::Skip | Deed::Bounce => break,
                Deed::Later(on) => {
                    chosen = Some(workday(on));
                    open.retain(|(_, step)| *step > workday(on));
                    deed = None;
                }
            }
        }
        if *at >= dies {
            break;
        }
        let today = date(*at);
        let hour = at.to_zoned(zone()).hour();
        if *at < life.issued_at || is_weekend(today) || !(9..17).contains(&hour) {
            continue;
        }
        let is_chosen = chosen.is_some_and(|on| on <= today);
        let is_step = chosen.is_none_or(|on| on <= today) && open.iter().any(|(_, on)| *on <= today);
        if is_chosen || is_step {
            told.push(today);
            chosen = None;
            open.retain(|(_, on)| *on > today);
        }
    }
    told
}

fn random_life(random: &mut StdRng, first: Date) -> Life {
    let issued_on = first + i64::from(random.random_range(0..9_i32)).days();
    let issued_at =
        here(issued_on, random.random_range(0..24)) + SignedDuration::from_mins(random.random_range(2..55));
    let when = issued_at + SignedDuration::from_mins(random.random_range(60..40 * 24 * 60));
    // Not in the middle of a sweep's minute.
    let when = when + SignedDuration::from_secs(30);
    let deed = match random.random_range(0..10) {
        0..3 => Some(Deed::Submit),
        3 => Some(Deed::Skip),
        4 => Some(Deed::Bounce),
        5 | 6 => {
            Some(Deed::Later(when.to_zoned(zone()).date() + i64::from(random.random_range(1..8_i32)).days()))
        }
        _ => None,
    };
    Life { issued_at, deed: deed.map(|deed| (when, deed)) }
}

/// What a person's deed makes of it; `None` where it is refused.
fn after(before: &Handoff, organization: &Organization, when: Timestamp, deed: Deed) -> Option<Handoff> {
    if before.state != HandoffState::AwaitingAe {
        return None;
    }
    let mut after = before.clone();
    match deed {
        Deed::Submit => {
            after.state = HandoffState::Submitted;
            after.reminder = None;
        }
        Deed::Skip => return before.skip("By hand".to_owned(), when).ok(),
        Deed::Bounce => after.raise(Attention::MailFailed, when),
        Deed::Later(date) => return before.later(&organization.rhythm(), date, when).ok(),
    }
    Some(after)
}

/// Does what people do; what is refused is left out of the plan.
async fn act(street: &Street, organization: &Organization, account: &AccountId, life: &mut Life) {
    let Some((when, deed)) = life.deed else { return };
    let before = street.read(account).await;
    if matches!(deed, Deed::Bounce) && before.state == HandoffState::AwaitingAe {
        let store = &street.deps.store;
        return store.add_attention(&organization.id, account, Attention::MailFailed, when).await.unwrap();
    }
    match after(&before, organization, when, deed) {
        Some(after) => assert!(street.deps.store.replace_handoff(&before, &after, &[], &[]).await.unwrap()),
        None => life.deed = None,
    }
}

fn lord_howe() -> (Organization, Date) {
    let mut organization = fixtures::organization();
    organization.time_zone = ZONE.to_owned();
    // The clocks of Lord Howe go back by half an hour on 5 April.
    (organization, "2026-03-23".parse().unwrap())
}

#[test]
fn thousands_of_handoffs_are_reminded_as_planned_by_the_rule_alone() {
    let (organization, first) = lord_howe();
    let (mut random, sweeps, rhythm) = (StdRng::seed_from_u64(7), sweeps(first), organization.rhythm());
    let mut reminders = 0;
    for _ in 0..THOUSANDS {
        let mut life = random_life(&mut random, first);
        let made = fixtures::handoff();
        let link = Link::issue(&link_key(), &made.organization, &made.id, 1, 30, life.issued_at);
        let mut handoff = made.with_link(link, &rhythm);
        handoff.state = HandoffState::AwaitingAe;
        let (mut told, mut before) = (Vec::new(), Timestamp::MIN);
        for at in &sweeps {
            if let Some((when, deed)) = life.deed.filter(|(when, _)| before < *when && when <= at) {
                match after(&handoff, &organization, when, deed) {
                    Some(after) => handoff = after,
                    None => life.deed = None,
                }
            }
            before = *at;
            let is_due = handoff.due().is_some_and(|due| due.at <= *at);
            let passed = handoff.pass(&rhythm, *at);
            assert_eq!(passed.is_some(), is_due, "the index knows what the rule does");
            let Some(passed) = passed else { continue };
            told.extend(
                matches!(passed.what, Some(What::Reminded { .. })).then(|| at.to_zoned(zone()).date()),
            );
            handoff = passed.after;
        }
        assert_eq!(told, planned(&life, &sweeps), "{:?} {:?}", life.issued_at, life.deed);
        reminders += told.len();
    }
    assert!(reminders > 8000, "{reminders}");
}

#[tokio::test]
async fn forty_days_bring_each_reminder_as_planned_and_none_twice() {
    let mut random = StdRng::seed_from_u64(20_260_405);
    let (organization, first) = lord_howe();
    let street = Street::new(&organization).await;
    let mut lives = BTreeMap::new();
    for deal in 1..=HANDOFFS {
        let life = random_life(&mut random, first);
        let made = awaiting(&street, deal, life.issued_at).await;
        let planned = made.clone().with_link(made.link.clone().unwrap(), &organization.rhythm());
        assert!(street.deps.store.replace_handoff(&made, &planned, &[], &[]).await.unwrap());
        lives.insert(made.id, life);
    }
    let sweeps = sweeps(first);
    let mut before = Timestamp::MIN;
    for at in &sweeps {
        for (account, life) in &mut lives {
            if life.deed.is_some_and(|(when, _)| before < when && when <= *at) {
                act(&street, &organization, account, life).await;
            }
        }
        street.at(*at);
        // One that stops somewhere in the middle, then two at once.
        let cut = Duration::from_millis(random.random_range(0..40));
        let _ = tokio::time::timeout(cut, sweep(&street.deps)).await;
        let (one, other) = tokio::join!(sweep(&street.deps), sweep(&street.deps));
        one.unwrap();
        other.unwrap();
        before = *at;
    }
    let (mut reminders, mut states) = (0, BTreeMap::<&str, u32>::new());
    for (account, life) in &lives {
        let events = {
            let id = &organization.id;
            street.deps.store.get_account(id, account, Consistency::Strong).await.unwrap().unwrap().events
        };
        let told: Vec<Date> = events
            .iter()
            .filter(|event| matches!(event.what, What::Reminded { .. }))
            .map(|event| event.at.to_zoned(zone()).date())
            .collect();
        assert_eq!(told, planned(life, &sweeps), "{account} {:?} {:?}", life.issued_at, life.deed);
        let handoff = street.read(account).await;
        assert_eq!(usize::try_from(handoff.reminders).unwrap(), told.len());
        *states.entry(handoff.state.as_str()).or_default() += 1;
        reminders += told.len();
    }
    let owed = street.owed().await.iter().filter(|(_, mail)| mail.kind() == "handoff_reminder").count();
    assert_eq!(owed, reminders);
    assert!(reminders > 300 && states["expired"] > 50 && states["submitted"] > 20, "{reminders} {states:?}");
}
