//! From a handoff and its events to what the account adds.
//!
//! Counters of facts, on the day of the fact: `created`, `drafts_ready`, `invited`, `opened`, `submitted`, `resubmitted`, `skipped`,
//! `expired`, `assigned`, `reassigned`, `returned`, `reminded`, `later`, `not_mine`, `rated`, `live`, `mails`, `mails_failed`; of
//! money: `runs`, `tokens`, `microdollars`, `unpriced`.
//!
//! Counters of outcomes, on the day on which the first round ended: `done`, `lost_expired`, `lost_skipped`, and for those done
//! `wait:<bucket>`, the time from the account to the first submit. An expired handoff that is taken up again is lost no more.
//!
//! Counters of answers, of the first submit: the names of [`Change`] alone, and behind `q:<question>:`, `s:<kind>:`, `m:<model>:`.
//!
//! Counters of the last rating of each round, on its day: `ratings`, `score`, `repeated`, `q:<question>:<usefulness>`, `t:<template>:…`.

use super::{Contribution, Counts, Of, Share, wait_bucket};
use crate::answer::Change;
use crate::draft::{DraftedBy, Usage};
use crate::event::{AnswerMade, Event, What, Who};
use crate::handoff::Handoff;
use crate::id::QuestionId;
use crate::rating::Rating;
use crate::sign_in::AddressHash;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Letters of the hash that an AE's row is called by.
const AE_HASH_LEN: usize = 16;

impl Contribution {
    /// What an account adds. The order of the events does not matter, nor whether one comes twice.
    pub fn of(handoff: &Handoff, events: &[Event]) -> Self {
        let mut told: Vec<&Event> = events.iter().collect();
        told.sort_by(|a, b| (a.at, a.id.as_str()).cmp(&(b.at, b.id.as_str())));
        told.dedup_by(|a, b| a.id == b.id && a.at == b.at);
        let mut fold = Fold::new(handoff);
        for event in &told {
            fold.fact(event);
        }
        fold.outcome(&told);
        fold.ratings(&told);
        fold.finish()
    }
}

struct Fold<'a> {
    handoff: &'a Handoff,
    zone: TimeZone,
    ae: (Of, String),
    shares: BTreeMap<(Date, Of), (String, Counts)>,
}

impl<'a> Fold<'a> {
    fn new(handoff: &'a Handoff) -> Self {
        let id = handoff.ae.email.as_ref().map(AddressHash::of);
        let id = id.and_then(|hash| hash.as_str().get(..AE_HASH_LEN).map(str::to_owned));
        let of = Of::Ae(id.unwrap_or_else(|| "nobody".to_owned()));
        let zone = TimeZone::get(&handoff.time_zone).unwrap_or(TimeZone::UTC);
        Self { handoff, zone, ae: (of, handoff.row().ae), shares: BTreeMap::new() }
    }

    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    fn add(&mut self, at: Timestamp, (of, name): (Of, &str), counter: impl Into<String>, count: i64) {
        if count == 0 {
            return;
        }
        let entry = self.shares.entry((self.day(at), of)).or_default();
        name.clone_into(&mut entry.0);
        *entry.1.entry(counter.into()).or_default() += count;
    }

    fn all(&mut self, at: Timestamp, counter: impl Into<String>, count: i64) {
        self.add(at, (Of::Organization, ""), counter, count);
    }

    fn ae(&mut self, at: Timestamp, counter: &str, count: i64) {
        let (of, name) = self.ae.clone();
        self.add(at, (of, &name), counter, count);
    }

    /// For the organization and for the AE.
    fn both(&mut self, at: Timestamp, counter: &str, count: i64) {
        self.all(at, counter, count);
        self.ae(at, counter, count);
    }

    fn fact(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            What::AccountCreated { .. } => self.both(at, "created", 1),
            What::DraftsReady { by, usage, .. } => {
                self.all(at, "drafts_ready", 1);
                self.run(at, by, *usage);
            }
            What::RedraftArrived { by, usage, .. } => self.run(at, by, *usage),
            What::InvitationOwed { .. } => self.all(at, "invited", 1),
            What::Opened => self.both(at, "opened", 1),
            What::Submitted { csm, csm_name, .. } => {
                let counter = if is_first_round(event) { "submitted" } else { "resubmitted" };
                self.both(at, counter, 1);
                if let (Some(csm), true) = (csm, is_first_round(event)) {
                    self.add(at, (Of::Csm(csm.clone()), csm_name), "received", 1);
                }
            }
            What::Skipped { .. } => self.both(at, "skipped", 1),
            What::Expired { .. } => self.both(at, "expired", 1),
            What::Assigned { csm, csm_name, .. } => {
                self.all(at, "assigned", 1);
                self.add(at, (Of::Csm(csm.clone()), csm_name), "received", 1);
            }
            What::Reassigned { csm, csm_name, .. } => {
                self.all(at, "reassigned", 1);
                self.add(at, (Of::Csm(csm.clone()), csm_name), "received", 1);
            }
            What::Returned { .. } => {
                self.both(at, "returned", 1);
                self.by(event, "returned", 1);
            }
            What::Reminded { .. } => self.both(at, "reminded", 1),
            What::LaterAsked { .. } => self.all(at, "later", 1),
            What::NotMine { .. } => self.all(at, "not_mine", 1),
            What::Rated { before: None, .. } => self.all(at, "rated", 1),
            What::WentLive => self.all(at, "live", 1),
            What::MailSent { count, .. } => self.all(at, "mails", i64::from(*count)),
            What::MailFailed { count, .. } => self.all(at, "mails_failed", i64::from(*count)),
            _ => {}
        }
    }

    /// For whoever did it, where that is a person of the roster.
    fn by(&mut self, event: &Event, counter: &str, count: i64) {
        if let Who::Member { id, name } = &event.who {
            self.add(event.at, (Of::Csm(id.clone()), name), counter, count);
        }
    }

    fn run(&mut self, at: Timestamp, by: &DraftedBy, usage: Usage) {
        let tokens = usage.tokens_in + usage.tokens_out + usage.cache_read + usage.cache_written;
        let [tokens, microdollars] = [tokens, usage.microdollars.unwrap_or(0)].map(signed);
        let is_unpriced = i64::from(usage.microdollars.is_none() && tokens > 0);
        let counts =
            [("runs", 1), ("tokens", tokens), ("microdollars", microdollars), ("unpriced", is_unpriced)];
        for (counter, count) in counts {
            self.all(at, counter, count);
            self.all(at, format!("m:{}:{counter}", drafter(by)), count);
        }
    }

    /// How the first round ended, on the day on which it did; nothing while it goes on.
    fn outcome(&mut self, told: &[&Event]) {
        let submitted = told.iter().find(|event| matches!(event.what, What::Submitted { .. }));
        if let Some(event) = submitted {
            self.done(event, told);
            return;
        }
        let last = told.iter().rev().find_map(|event| match event.what {
            What::Skipped { .. } => Some(Some((event.at, "lost_skipped"))),
            What::Expired { .. } => Some(Some((event.at, "lost_expired"))),
            What::Renewed { .. } | What::Resent { .. } => Some(None),
            _ => None,
        });
        if let Some((at, counter)) = last.flatten() {
            self.both(at, counter, 1);
        }
    }

    fn done(&mut self, event: &Event, told: &[&Event]) {
        let at = event.at;
        let What::Submitted { made, template, .. } = &event.what else { return };
        let minutes = at.duration_since(self.handoff.created_at).as_mins();
        self.both(at, "done", 1);
        self.both(at, &format!("wait:{}", wait_bucket(minutes)), 1);
        if !template.is_empty() {
            self.all(at, format!("t:{}:done", label(template)), 1);
            self.all(at, format!("t:{}:wait:{}", label(template), wait_bucket(minutes)), 1);
        }
        let model = told.iter().rev().filter(|one| one.at <= at).find_map(|one| match &one.what {
            What::DraftsReady { by, .. } | What::RedraftArrived { by, .. } => Some(drafter(by)),
            _ => None,
        });
        for (question, answer) in made {
            self.answer(at, question, answer, model.as_deref());
        }
    }

    fn answer(&mut self, at: Timestamp, question: &QuestionId, answer: &AnswerMade, model: Option<&str>) {
        let change = answer.change.as_str();
        self.both(at, change, 1);
        self.all(at, format!("q:{question}:{change}"), 1);
        if answer.change == Change::FromNothing {
            return;
        }
        for kind in &answer.from {
            self.all(at, format!("s:{}:{change}", kind.as_str()), 1);
        }
        if let Some(model) = model {
            self.all(at, format!("m:{model}:{change}"), 1);
        }
    }

    /// What was said last of each round.
    fn ratings(&mut self, told: &[&Event]) {
        let mut last: BTreeMap<Option<u32>, (&Event, &Rating)> = BTreeMap::new();
        for event in told {
            if let What::Rated { rating, .. } = &event.what {
                last.insert(event.round, (event, rating));
            }
        }
        let template = told.iter().rev().find_map(|event| match &event.what {
            What::Submitted { template, .. } if !template.is_empty() => Some(label(template)),
            _ => None,
        });
        for (event, rating) in last.into_values() {
            let (at, score) = (event.at, i64::from(rating.score));
            for (counter, count) in
                [("ratings", 1), ("score", score), ("repeated", i64::from(rating.repeated))]
            {
                self.both(at, counter, count);
                self.by(event, counter, count);
                if let Some(template) = &template {
                    self.all(at, format!("t:{template}:{counter}"), count);
                }
            }
            self.all(at, format!("score:{score}"), 1);
            for (question, useful) in &rating.useful {
                self.all(at, format!("q:{question}:{}", useful.as_str()), 1);
            }
        }
    }

    fn finish(self) -> Contribution {
        let shares =
            self.shares.into_iter().map(|((day, of), (name, counts))| Share { day, of, name, counts });
        Contribution { shares: shares.collect() }
    }
}

/// A fact whose round is not known is of the first.
fn is_first_round(event: &Event) -> bool {
    event.round.is_none_or(|round| round <= 1)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A name without the sign that parts counters.
fn label(name: &str) -> String {
    name.replace(':', "\u{2236}")
}

fn drafter(by: &DraftedBy) -> String {
    match by {
        DraftedBy::Model(model) => label(model),
        DraftedBy::Extractive => "extractive".to_owned(),
    }
}
