//! Which CSM fits: ranked by what they know of the customer, by room and by availability, and explained in words.

use crate::account::Account;
use crate::id::MemberId;
use crate::roster::{Loads, Member, Roster, Turns};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// One CSM as they are seen in the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub id: MemberId,
    /// Full name.
    pub name: String,
    /// Tags of expertise, all of them.
    pub expertise: Vec<String>,
    /// The tags that fit this customer.
    pub fits: Vec<String>,
    /// Whether they have, or had, another account of the same company.
    pub knows_company: bool,
    /// Accounts in onboarding now.
    pub load: u32,
    /// How many they can carry; 0 means not told.
    pub capacity: u32,
    /// First day back when away today; `None` when here.
    pub away: Option<Away>,
    /// When they are here but will be away: from when, until when.
    pub leaves: Option<Leave>,
}

/// Being away today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// First day back, if known.
    pub until: Option<Date>,
}

/// Being away later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// First day away.
    pub from: Date,
    /// First day back, if known.
    pub until: Option<Date>,
}

impl Candidate {
    /// Whether the CSM carries as much as they can, or more.
    pub fn is_full(&self) -> bool {
        self.capacity > 0 && self.load >= self.capacity
    }

    /// Whether the CSM is here and has room.
    pub fn can_take(&self) -> bool {
        self.away.is_none() && !self.is_full()
    }

    /// What they know of this customer, in words.
    pub fn knowledge(&self) -> String {
        match (self.knows_company, self.fits.as_slice()) {
            (false, []) => "No matching expertise".to_owned(),
            (true, []) => "Has looked after this company before".to_owned(),
            (false, fits) => format!("Knows {}", fits.join(", ")),
            (true, fits) => format!("Has looked after this company before, knows {}", fits.join(", ")),
        }
    }

    /// What they carry of what they can carry, in words.
    pub fn room(&self) -> String {
        let load = self.load;
        match self.capacity {
            0 => format!("{load} in onboarding, capacity not told"),
            capacity if self.is_full() => format!("Full: {load} of {capacity} in onboarding"),
            capacity => format!("{load} of {capacity} in onboarding"),
        }
    }

    /// Whether they are here, in words; `day` says a date.
    pub fn availability(&self, day: impl Fn(Date) -> String) -> String {
        match (self.away, self.leaves) {
            (Some(Away { until: None }), _) => "Away, no date of return known".to_owned(),
            (Some(Away { until: Some(back) }), _) => format!("Away, back on {}", day(back)),
            (None, None) => "Available".to_owned(),
            (None, Some(Leave { from, until: None })) => format!("Available, but away from {}", day(from)),
            (None, Some(Leave { from, until: Some(back) })) => {
                format!("Available, but away from {} and back on {}", day(from), day(back))
            }
        }
    }
}

/// All CSMs of the roster, best fits first: present before away, room before full, whoever knows the company, more
/// matching expertise, then the lower share of capacity used, then more room, then the name. `known_by` are the CSMs who have or had an
/// account of the same company.
pub fn rank(
    roster: &Roster,
    loads: &Loads,
    account: &Account,
    known_by: &BTreeSet<MemberId>,
    today: Date,
) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = roster
        .csms()
        .map(|csm| Candidate {
            knows_company: known_by.contains(&csm.id),
            ..candidate(csm, loads, account, today)
        })
        .collect();
    candidates.sort_by(|a, b| {
        let key = |c: &Candidate| {
            let room = c.capacity.saturating_sub(c.load);
            let fits = (!c.knows_company, usize::MAX - c.fits.len());
            (c.away.is_some(), c.is_full(), fits, share_percent(c), u32::MAX - room)
        };
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id))
    });
    candidates
}

/// Whose turn it is: of those who are here and have room, whoever was given an account longest ago; somebody who never
/// was comes first. Equal ones stay in their order.
pub fn next_in_turn<'a>(candidates: &'a [Candidate], turns: &Turns) -> Option<&'a Candidate> {
    candidates
        .iter()
        .filter(|candidate| candidate.can_take())
        .min_by_key(|candidate| turns.0.get(&candidate.id))
}

fn share_percent(candidate: &Candidate) -> u32 {
    // A CSM without a told capacity is compared as if five were the usual load.
    let capacity = if candidate.capacity == 0 { 5 } else { candidate.capacity };
    candidate.load.saturating_mul(100) / capacity
}

fn candidate(csm: &Member, loads: &Loads, account: &Account, today: Date) -> Candidate {
    let haystack = format!("{} {} {} {}", account.industry, account.company, account.deal_name, account.size)
        .replace('_', " ")
        .to_lowercase();
    let fits = csm.expertise.iter().filter(|tag| mentions(&haystack, &tag.to_lowercase())).cloned().collect();
    Candidate {
        id: csm.id.clone(),
        name: csm.name.clone(),
        expertise: csm.expertise.clone(),
        fits,
        knows_company: false,
        load: loads.of(&csm.id),
        capacity: csm.capacity,
        away: csm.is_away(today).then_some(Away { until: csm.away_until }),
        leaves: csm
            .away_from
            .filter(|from| today < *from)
            .map(|from| Leave { from, until: csm.away_until.filter(|until| from < *until) }),
    }
}

fn mentions(haystack: &str, tag: &str) -> bool {
    let words: Vec<&str> =
        tag.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2).collect();
    // CRMs write "health care" where people write "healthcare".
    let run_together = |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect() };
    !words.is_empty()
        && (words.iter().all(|word| haystack.contains(word))
            || run_together(haystack).contains(&run_together(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountStatus;
    use crate::email::EmailAddress;
    use crate::roster::Role;

    fn csm(id: &str, expertise: &[&str], capacity: u32) -> Member {
        Member {
            id: MemberId::parse(id).unwrap(),
            name: id.to_uppercase(),
            email: EmailAddress::parse(format!("{id}@us.test")).unwrap(),
            roles: vec![Role::Csm],
            expertise: expertise.iter().map(|&t| t.into()).collect(),
            capacity,
            away_from: None,
            away_until: None,
            booking_link: String::new(),
        }
    }

    fn account(industry: &str) -> Account {
        Account {
            company: "Acme".into(),
            deal_name: String::new(),
            deal: None,
            arr: None,
            close_date: None,
            won_at: None,
            contacts: vec![],
            website: String::new(),
            industry: industry.into(),
            size: String::new(),
            status: AccountStatus::Handoff,
        }
    }

    fn order(candidates: &[Candidate]) -> Vec<&str> {
        candidates.iter().map(|c| c.id.as_str()).collect()
    }

    #[test]
    fn fit_beats_free_hours_but_not_absence_or_a_full_desk() {
        let today = jiff::civil::date(2026, 11, 22);
        let mut away = csm("away", &["healthcare"], 5);
        away.away_from = Some(jiff::civil::date(2026, 11, 20));
        let roster = Roster {
            members: vec![
                csm("free", &[], 9),
                csm("fits", &["Healthcare"], 5),
                csm("full", &["healthcare"], 2),
                away,
            ],
            ..Roster::default()
        };
        let mut loads = Loads::default();
        loads.0.insert(MemberId::parse("fits").unwrap(), 4);
        loads.0.insert(MemberId::parse("full").unwrap(), 2);
        let account = account("HOSPITAL_HEALTH_CARE");
        let ranked = rank(&roster, &loads, &account, &BTreeSet::new(), today);
        assert_eq!(order(&ranked), ["fits", "free", "full", "away"]);
        assert_eq!(ranked[0].knowledge(), "Knows Healthcare");
        assert_eq!(ranked[0].room(), "4 of 5 in onboarding");
        assert_eq!(ranked[2].room(), "Full: 2 of 2 in onboarding");
        assert_eq!(ranked[3].availability(|day| day.to_string()), "Away, no date of return known");
        let known_by = BTreeSet::from([MemberId::parse("free").unwrap(), MemberId::parse("full").unwrap()]);
        let ranked = rank(&roster, &loads, &account, &known_by, today);
        assert_eq!(order(&ranked), ["free", "fits", "full", "away"]);
        assert_eq!(ranked[0].knowledge(), "Has looked after this company before");
    }

    #[test]
    fn whoever_leaves_later_is_here_today_and_it_is_said() {
        let mut leaving = csm("a", &[], 0);
        leaving.away_from = Some(jiff::civil::date(2026, 12, 1));
        leaving.away_until = Some(jiff::civil::date(2026, 12, 20));
        let roster = Roster { members: vec![leaving], ..Roster::default() };
        let on = |day| {
            let ranked = rank(&roster, &Loads::default(), &account(""), &BTreeSet::new(), day);
            (ranked[0].can_take(), ranked[0].availability(|day| day.to_string()))
        };
        let words = "Available, but away from 2026-12-01 and back on 2026-12-20".to_owned();
        assert_eq!(on(jiff::civil::date(2026, 11, 22)), (true, words));
        assert_eq!(on(jiff::civil::date(2026, 12, 1)), (false, "Away, back on 2026-12-20".to_owned()));
        assert_eq!(on(jiff::civil::date(2026, 12, 20)), (true, "Available".to_owned()));
    }

    #[test]
    fn the_turn_goes_round_over_those_who_are_here_and_have_room() {
        let today = jiff::civil::date(2026, 11, 22);
        let mut away = csm("away", &[], 0);
        away.away_from = Some(today);
        let members = vec![csm("a", &[], 5), csm("b", &[], 5), csm("c", &[], 1), away];
        let roster = Roster { members, ..Roster::default() };
        let (mut loads, mut turns, mut order) = (Loads::default(), Turns::default(), Vec::new());
        for second in 0..6 {
            let ranked = rank(&roster, &loads, &account(""), &BTreeSet::new(), today);
            let next = next_in_turn(&ranked, &turns).unwrap().id.clone();
            *loads.0.entry(next.clone()).or_default() += 1;
            turns.0.insert(next.clone(), jiff::Timestamp::from_second(second).unwrap());
            order.push(next.to_string());
        }
        assert_eq!(order, ["a", "b", "c", "a", "b", "a"]);
        loads.0.extend(["a", "b", "c"].map(|id| (MemberId::parse(id).unwrap(), 5)));
        let ranked = rank(&roster, &loads, &account(""), &BTreeSet::new(), today);
        assert_eq!(next_in_turn(&ranked, &turns), None);
    }

    #[test]
    fn whoever_is_back_today_is_not_away() {
        let mut member = csm("a", &[], 1);
        member.away_from = Some(jiff::civil::date(2026, 11, 1));
        member.away_until = Some(jiff::civil::date(2026, 11, 22));
        assert!(!member.is_away(jiff::civil::date(2026, 11, 22)));
        assert!(member.is_away(jiff::civil::date(2026, 11, 21)));
    }
}
