//! A year of life for the numbers to show: deals of several AEs, handed over sooner or later, drafts that get better, CSMs who say
//! what they think. The same each time for the same day; written by the store as the functions write it, then counted by the
//! function that counts. No mail comes of it.

use crate::organization::PORTAL;
use futures_util::{StreamExt as _, stream};
use handoff_domain::Timestamp;
use handoff_domain::account::{Account, AccountStatus, Money};
use handoff_domain::answer::{AnswerOrigin, AnswerValue, Change};
use handoff_domain::draft::{DraftedBy, Usage};
use handoff_domain::email::EmailAddress;
use handoff_domain::event::{AnswerCounts, AnswerMade, Event, What, Who};
use handoff_domain::handoff::{Ae, Assigned, CsmChoice, FinalAnswer, Handoff, HandoffState, Submission};
use handoff_domain::id::{AccountId, MemberId, OutboxId, QuestionId};
use handoff_domain::organization::Organization;
use handoff_domain::rating::{Rating, Usefulness};
use handoff_domain::rollup::whole;
use handoff_domain::source::SourceKind;
use handoff_store::{Store, StoreError};
use jiff::SignedDuration;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::{BTreeMap, BTreeSet};

/// Deals in the year.
const DEALS: i64 = 620;
/// Accounts written at once.
const AT_ONCE: usize = 8;
/// Account ids from here on are the year's.
const FIRST_ID: i64 = 880_000_000;

/// An AE and their ways: how often they never answer (percent), and how long they take (typical hours).
const AES: [(&str, &str, u32, f64); 5] = [
    ("Ana Ellis", "ana.ellis", 3, 5.0),
    ("Ben Okafor", "ben.okafor", 6, 20.0),
    ("Chiara Conti", "chiara.conti", 9, 30.0),
    ("David Moreau", "david.moreau", 28, 110.0),
    ("Eun-ji Park", "eunji.park", 5, 11.0),
];

/// A CSM, and how kind their scores are.
const CSMS: [(&str, &str, f64); 5] = [
    ("grace-lin", "Grace Lin", 0.2),
    ("mateo-rossi", "Mateo Rossi", -0.7),
    ("hanna-weber", "Hanna Weber", 0.0),
    ("sam-okafor", "Sam Okafor", 0.4),
    ("lucia-marin", "Lucía Marín", 0.1),
];

/// A first question, how often its draft is kept (percent, at the year's beginning), and how often there is one.
const QUESTIONS: [(&str, u32, u32); 8] = [
    ("primary_use_case", 78, 95),
    ("top_goals", 66, 90),
    ("risks", 34, 70),
    ("stakeholders", 72, 92),
    ("technical_environment", 61, 80),
    ("why_us", 48, 75),
    ("objections", 41, 66),
    ("go_live", 83, 88),
];

const FIRST_NAMES: [&str; 12] = [
    "Blue Fjord",
    "Harbor",
    "Tern",
    "Copper",
    "Linden",
    "Vela",
    "Quarry",
    "Marsh",
    "Solano",
    "Pine",
    "Ostrava",
    "Delta",
];
const LAST_NAMES: [&str; 8] =
    ["Clinics", "Logistics", "Robotics", "Foods", "Bank", "Schools", "Steel", "Travel"];
const INDUSTRIES: [&str; 4] = ["Healthcare", "Logistics", "Retail", "Software"];

/// One deal of the year: the handoff as it ended, and all that happened.
struct Life {
    begun: Handoff,
    ended: Handoff,
    told: Vec<Event>,
}

/// Writes the year that ends now; how many handoffs are new. Those that are there already stay as they are.
pub(crate) async fn fill(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    let Some(organization) = store.get_organization(&PORTAL.organization()).await? else { return Ok(0) };
    let lives = (0..DEALS).filter_map(|number| life(&organization, number, now));
    let written = stream::iter(lives).map(|life| write(store, life)).buffer_unordered(AT_ONCE);
    let outcomes: Vec<Result<bool, StoreError>> = written.collect().await;
    outcomes.into_iter().try_fold(0, |sum, new| Ok(sum + usize::from(new?)))
}

async fn write(store: &Store, life: Life) -> Result<bool, StoreError> {
    if let handoff_store::Created::Existing(_) = store.create_handoff(&life.begun).await? {
        return Ok(false);
    }
    store.replace_handoff(&life.begun, &life.ended, &[], &life.told).await
}

/// What one deal's random choices are made with, so that each is the same each time.
struct Dice(StdRng);

impl Dice {
    fn percent(&mut self, chance: u32) -> bool {
        self.0.random_range(0..100) < chance
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        from.get(self.0.random_range(0..from.len().max(1))).copied()
    }

    /// A waiting time around `typical`, now and then very long.
    fn hours(&mut self, typical: f64) -> f64 {
        let spread: f64 = self.0.random_range(-1.3..1.5);
        (typical * spread.exp()).clamp(0.3, 680.0)
    }
}

fn after(at: Timestamp, hours: f64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(whole(hours * 3600.0))).unwrap_or(at)
}

fn life(organization: &Organization, number: i64, now: Timestamp) -> Option<Life> {
    let mut dice = Dice(StdRng::seed_from_u64(u64::try_from(number).unwrap_or_default()));
    // More deals towards the end of the year, none of this week: their links would still live.
    let share = (number as f64 / DEALS as f64).powf(0.8);
    let begun_at = after(now, -24.0 * 365.0 + 24.0 * 356.0 * share + dice.0.random_range(0.0..20.0));
    let (ae_name, ae_address, never, typical) = dice.pick(&AES)?;
    let email = EmailAddress::parse(format!("{ae_address}@northwind.example")).ok();
    let company = format!("{} {} {number}", dice.pick(&FIRST_NAMES)?, dice.pick(&LAST_NAMES)?);
    let account = Account {
        deal_name: format!("{company}: new business"),
        deal: None,
        arr: Some(Money {
            amount: (dice.0.random_range(4..90) * 1000).to_string(),
            currency: "USD".to_owned(),
        }),
        close_date: Some(organization.rhythm().date(begun_at)),
        won_at: Some(begun_at),
        contacts: Vec::new(),
        website: String::new(),
        industry: dice.pick(&INDUSTRIES)?.to_owned(),
        size: dice.0.random_range(20..900).to_string(),
        status: AccountStatus::Handoff,
        company,
    };
    // As if made by hand: no deal of the CRM stands behind it, so nothing of it flows back.
    let id = AccountId::by_hand(u128::try_from(FIRST_ID + number).ok()?);
    let ae = Ae { name: ae_name.to_owned(), email };
    let begun = Handoff::begin(organization, id, account, ae, 1, begun_at);
    let mut tale = Tale { dice, ended: begun.clone(), told: Vec::new(), share };
    tale.drafted(begun_at);
    if tale.dice.percent(never) {
        tale.lost(begun_at);
    } else {
        tale.handed_over(begun_at, typical)?;
    }
    let Tale { ended, told, .. } = tale;
    Some(Life { begun, ended, told })
}

/// One handoff while its year goes by.
struct Tale {
    dice: Dice,
    ended: Handoff,
    told: Vec<Event>,
    /// How much of the year is over, 0 to 1: drafts get better.
    share: f64,
}

impl Tale {
    fn tell(&mut self, at: Timestamp, cause: &str, who: Who, what: What) {
        self.told.push(Event::new(&self.ended, at, cause, who, what));
    }

    fn mail(&mut self, at: Timestamp, kind: &str) {
        let Ok(cause) = OutboxId::parse(format!("{}-{kind}", self.ended.id)) else { return };
        self.tell(
            at,
            &format!("sent-{kind}"),
            Who::System,
            What::MailSent { mail: kind.to_owned(), cause, count: 1 },
        );
    }

    fn drafted(&mut self, begun_at: Timestamp) {
        let (at, tokens_in) = (after(begun_at, 0.02), self.dice.0.random_range(4000..16_000));
        let tokens_out = self.dice.0.random_range(600..1500);
        let microdollars = Some(tokens_in * 60 / 1000 + tokens_out * 240 / 1000);
        let by = DraftedBy::Model("amazon.nova-lite-v1:0".to_owned());
        let usage = Usage { tokens_in, tokens_out, microdollars, ..Usage::default() };
        let what = What::DraftsReady { by, drafted: 7, questions: 8, sources: 18, gaps: 0, usage };
        self.tell(at, "drafts", Who::System, what);
        self.tell(at, "invitation-g1", Who::System, What::InvitationOwed { generation: 1 });
        self.mail(at, "handoff_invitation");
    }

    fn reminded(&mut self, begun_at: Timestamp, until: Timestamp) -> u32 {
        let days = [3_u8, 7, 14, 21, 28];
        let due: Vec<(u8, Timestamp)> = days.map(|day| (day, after(begun_at, 24.0 * f64::from(day)))).into();
        let due: Vec<_> = due.into_iter().filter(|(_, at)| *at < until).collect();
        for (number, (day, at)) in (1..).zip(&due) {
            let what = What::Reminded { generation: 1, day: Some(*day) };
            self.tell(*at, &format!("reminded-{number}"), Who::System, what);
        }
        u32::try_from(due.len()).unwrap_or_default()
    }

    fn lost(&mut self, begun_at: Timestamp) {
        let ends_at = after(begun_at, 24.0 * 30.0);
        self.ended.reminders = self.reminded(begun_at, ends_at);
        self.tell(ends_at, "expired-g1", Who::System, What::Expired { generation: 1 });
        let (robin, reason) =
            (member("admin", "Robin Admin"), "Nobody answered; started by hand.".to_owned());
        if self.dice.percent(70) {
            self.tell(after(ends_at, 30.0), "skipped", robin, What::Skipped { reason: reason.clone() });
            self.ended.state = HandoffState::Skipped;
            self.ended.skip_reason = reason;
        } else {
            self.ended.state = HandoffState::Expired;
        }
        self.ended.account.status = AccountStatus::Live;
    }

    fn handed_over(&mut self, begun_at: Timestamp, typical: f64) -> Option<()> {
        let at = after(begun_at, self.dice.hours(typical));
        self.ended.reminders = self.reminded(begun_at, at);
        let ae = Who::ae(&self.ended);
        let opened_at = after(at, -0.2);
        self.tell(opened_at, "opened", ae.clone(), What::Opened);
        self.ended.opened_at = Some(opened_at);
        let (csm_id, csm_name, kindness) = self.dice.pick(&CSMS)?;
        let csm = MemberId::parse(csm_id).ok()?;
        let (answers, made, counts) = self.answers();
        let kept = counts.accepted;
        let template = if self.dice.percent(60) { "Standard onboarding" } else { "Enterprise onboarding" };
        let (csm_name, template) = (csm_name.to_owned(), template.to_owned());
        let what = What::Submitted {
            csm: Some(csm.clone()),
            csm_name: csm_name.clone(),
            answers: counts,
            made,
            template,
        };
        self.tell(at, "submitted-r1", ae, what);
        self.mail(at, "handoff_received");
        self.mail(at, "handoff_receipt");
        let who = member(csm_id, &csm_name);
        if self.dice.percent(74) {
            self.rated(after(at, 200.0), who, kindness + f64::from(kept) * 0.12);
        }
        self.tell(after(at, 900.0), "live", Who::System, What::WentLive);
        self.ended.state = HandoffState::Submitted;
        self.ended.account.status = AccountStatus::Live;
        self.ended.assigned = Some(Assigned { csm: csm.clone(), name: csm_name.clone(), at });
        self.ended.submission = Some(Submission {
            at,
            answers,
            note: String::new(),
            settled: BTreeMap::new(),
            dropped_promises: BTreeSet::new(),
            csm: CsmChoice::Member(csm),
            csm_name,
        });
        Some(())
    }

    #[allow(clippy::type_complexity, reason = "three views of the same answers")]
    fn answers(
        &mut self,
    ) -> (BTreeMap<QuestionId, FinalAnswer>, BTreeMap<QuestionId, AnswerMade>, AnswerCounts) {
        let (mut answers, mut made, mut counts) = (BTreeMap::new(), BTreeMap::new(), AnswerCounts::default());
        for (id, keeps, drafts) in QUESTIONS {
            let Ok(question) = QuestionId::parse(id) else { continue };
            let keeps = keeps + u32::try_from(whole(12.0 * self.share)).unwrap_or_default();
            let change = match (self.dice.percent(drafts), self.dice.percent(keeps), self.dice.percent(60)) {
                (false, ..) => Change::FromNothing,
                (true, true, true) => Change::AsItWas,
                (true, true, false) => Change::LightlyEdited,
                (true, false, _) => Change::Rewritten,
            };
            let origin = match change {
                Change::AsItWas => AnswerOrigin::Accepted,
                Change::FromNothing => AnswerOrigin::Written,
                Change::LightlyEdited | Change::Rewritten => AnswerOrigin::Edited,
            };
            match origin {
                AnswerOrigin::Accepted => counts.accepted += 1,
                AnswerOrigin::Edited => counts.edited += 1,
                AnswerOrigin::Written => counts.written += 1,
            }
            let kinds = [SourceKind::Note, SourceKind::Email, SourceKind::Call, SourceKind::Deal];
            let from: BTreeSet<SourceKind> = (0..2).filter_map(|_| self.dice.pick(&kinds)).collect();
            let from = if change == Change::FromNothing { BTreeSet::new() } else { from };
            let value = match id {
                "objections" => AnswerValue::Choices(vec!["Price".to_owned()]),
                _ => AnswerValue::Text("As told in the last call, and confirmed by mail.".to_owned()),
            };
            answers.insert(
                question.clone(),
                FinalAnswer { value, origin, change: Some(change), from: from.clone() },
            );
            made.insert(question, AnswerMade { change, from });
        }
        (answers, made, counts)
    }

    fn rated(&mut self, at: Timestamp, who: Who, kindness: f64) {
        let luck: f64 = self.dice.0.random_range(-0.9..0.9);
        let score = (3.3 + 0.5 * self.share + kindness + luck).round().clamp(1.0, 5.0);
        let repeated = self.dice.percent(if score < 4.0 { 45 } else { 8 });
        let mut useful = BTreeMap::new();
        for (id, keeps, _) in QUESTIONS {
            let Ok(question) = QuestionId::parse(id) else { continue };
            let said = match (self.dice.percent(55), self.dice.percent(keeps + 20), self.dice.percent(25)) {
                (false, ..) => continue,
                (true, true, _) => Usefulness::Useful,
                (true, false, false) => Usefulness::NotUseful,
                (true, false, true) => Usefulness::Wrong,
            };
            useful.insert(question, said);
        }
        let rating = Rating { score: u8::try_from(whole(score)).unwrap_or(1), useful, repeated };
        self.tell(at, "rated", who, What::Rated { rating, before: None });
    }
}

fn member(id: &str, name: &str) -> Who {
    match MemberId::parse(id) {
        Ok(id) => Who::Member { id, name: name.to_owned() },
        Err(_) => Who::System,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handoff_domain::email::EmailAddress;

    #[test]
    fn no_deal_stands_behind_a_made_up_year() {
        let admin = EmailAddress::parse("admin@northwind.example").unwrap();
        let organization = Organization::new(PORTAL, "Northwind".to_owned(), admin, Timestamp::UNIX_EPOCH);
        let now = "2026-11-23T10:00:00Z".parse().unwrap();
        let lives: Vec<Life> = (0..DEALS).filter_map(|number| life(&organization, number, now)).collect();
        assert!(lives.len() > 600);
        assert!(lives.iter().all(|life| !life.begun.id.is_of_deal() && life.begun.account.deal.is_none()));
    }
}
