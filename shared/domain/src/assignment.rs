//! Which CSM fits: ranked by expertise, room and availability, and explained in words.

use crate::account::Account;
use crate::id::MemberId;
use crate::roster::{Loads, Member, Roster};
use jiff::civil::Date;

/// One CSM as the AE sees them in the choice.
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
    /// Accounts in onboarding now.
    pub load: u32,
    /// How many they can carry; 0 means not told.
    pub capacity: u32,
    /// First day back when away today; `None` when here.
    pub away: Option<Away>,
}

/// Being away today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// First day back, if known.
    pub until: Option<Date>,
}

impl Candidate {
    /// Whether the CSM carries as much as they can, or more.
    pub fn is_full(&self) -> bool {
        self.capacity > 0 && self.load >= self.capacity
    }

    /// Why this CSM stands where they stand, in one line for people.
    pub fn explanation(&self) -> String {
        let fit = match self.fits.as_slice() {
            [] => "No matching expertise".to_owned(),
            fits => format!("Knows {}", fits.join(", ")),
        };
        let load = match (self.capacity, self.is_full()) {
            (0, _) => format!("{} in onboarding", self.load),
            (capacity, true) => format!("full: {} of {capacity} in onboarding", self.load),
            (capacity, false) => format!("{} of {capacity} in onboarding", self.load),
        };
        let away = match self.away {
            None => "available",
            Some(Away { until: None }) => "away",
            Some(Away { until: Some(date) }) => return format!("{fit} · {load} · away until {date}"),
        };
        format!("{fit} · {load} · {away}")
    }
}

/// All CSMs of the roster, best fits first: present before away, room before full, more matching expertise,
/// then the lower share of capacity used, then the name.
pub fn rank(roster: &Roster, loads: &Loads, account: &Account, today: Date) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> =
        roster.csms().map(|csm| candidate(csm, loads, account, today)).collect();
    candidates.sort_by(|a, b| {
        let key =
            |c: &Candidate| (c.away.is_some(), c.is_full(), usize::MAX - c.fits.len(), share_percent(c));
        key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id))
    });
    candidates
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
        load: loads.of(&csm.id),
        capacity: csm.capacity,
        away: csm.is_away(today).then_some(Away { until: csm.away_until }),
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
        let ranked = rank(&roster, &loads, &account("HOSPITAL_HEALTH_CARE"), today);
        assert_eq!(order(&ranked), ["fits", "free", "full", "away"]);
        assert_eq!(ranked[0].explanation(), "Knows Healthcare · 4 of 5 in onboarding · available");
        assert_eq!(ranked[3].explanation(), "Knows healthcare · 0 of 5 in onboarding · away");
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
