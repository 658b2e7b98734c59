//! From the typed fields to a person, and what of the person changed.

use handoff_domain::audit::FieldChange;
use handoff_domain::email::EmailAddress;
use handoff_domain::id::MemberId;
use handoff_domain::roster::{Member, Role};
use handoff_web::form::Form;
use jiff::civil::Date;
use std::collections::BTreeMap;

const NAME_MAX_CHARS: usize = 100;
const TAGS_MAX: usize = 30;
const TAG_MAX_CHARS: usize = 40;
const CAPACITY_MAX: u32 = 1000;
const LINK_MAX_BYTES: usize = 500;

pub(super) type Errors = BTreeMap<String, String>;

/// A person's fields as text: as they are stored, or as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) revision: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) roles: Vec<String>,
    pub(super) expertise: String,
    pub(super) capacity: String,
    pub(super) away_from: String,
    pub(super) away_until: String,
    pub(super) booking_link: String,
}

impl Typed {
    /// Nothing yet.
    pub(super) fn empty(revision: u64) -> Self {
        let nothing = String::new;
        Self {
            revision: revision.to_string(),
            name: nothing(),
            email: nothing(),
            roles: Vec::new(),
            expertise: nothing(),
            capacity: nothing(),
            away_from: nothing(),
            away_until: nothing(),
            booking_link: nothing(),
        }
    }

    /// What is stored.
    pub(super) fn of(member: &Member, revision: u64) -> Self {
        let day = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        Self {
            revision: revision.to_string(),
            name: member.name.clone(),
            email: member.email.as_str().to_owned(),
            roles: member.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            expertise: member.expertise.join(", "),
            capacity: if member.capacity == 0 { String::new() } else { member.capacity.to_string() },
            away_from: day(member.away_from),
            away_until: day(member.away_until),
            booking_link: member.booking_link.clone(),
        }
    }

    /// What somebody typed.
    pub(super) fn read(form: &Form) -> Self {
        let text = |name| form.last(name).unwrap_or_default().trim().to_owned();
        let roles = form.pairs().filter(|(name, _)| *name == "roles").map(|(_, role)| role.to_owned());
        Self {
            revision: text("revision"),
            name: text("name"),
            email: text("email"),
            roles: roles.collect(),
            expertise: text("expertise"),
            capacity: text("capacity"),
            away_from: text("away_from"),
            away_until: text("away_until"),
            booking_link: text("booking_link"),
        }
    }

    /// The person of this id with these fields, or what is wrong with each.
    pub(super) fn check(&self, id: MemberId) -> Result<Member, Errors> {
        let mut errors = Errors::new();
        let mut wrong = |field: &str, remedy: &str| drop(errors.insert(field.to_owned(), remedy.to_owned()));
        if !(1..=NAME_MAX_CHARS).contains(&self.name.chars().count()) {
            wrong("name", "Give a name of 1 to 100 characters.");
        }
        let email = EmailAddress::parse(&self.email);
        if email.is_err() {
            wrong("email", "Write a work address like kim@company.com.");
        }
        let roles: Option<Vec<Role>> = self.roles.iter().map(|role| Role::parse(role)).collect();
        let mut roles = roles.unwrap_or_default();
        roles.sort_unstable();
        roles.dedup();
        if roles.is_empty() {
            wrong("roles", "Choose at least one role: ae, csm or admin.");
        }
        let expertise = tags(&self.expertise);
        if expertise.is_none() {
            wrong("expertise", "Up to 30 tags of up to 40 characters each.");
        }
        let capacity = if self.capacity.is_empty() { Some(0) } else { self.capacity.parse().ok() };
        let capacity = capacity.filter(|capacity| *capacity <= CAPACITY_MAX);
        if capacity.is_none() {
            wrong("capacity", "Write a whole number up to 1,000, or nothing.");
        }
        let (from, until) = (day(&self.away_from), day(&self.away_until));
        match (from, until) {
            (None, _) => wrong("away_from", "Write a date like 2026-12-24."),
            (_, None) => wrong("away_until", "Write a date like 2027-01-07."),
            (Some(None), Some(Some(_))) => wrong("away_from", "Say also from when."),
            (Some(Some(from)), Some(Some(until))) if until <= from => {
                wrong("away_until", "The first day back must be later than the first day away.");
            }
            _ => {}
        }
        if !self.booking_link.is_empty() && !is_web_address(&self.booking_link) {
            wrong("booking_link", "Write a web address that begins with https://.");
        }
        match (email, expertise, capacity, from, until) {
            (Ok(email), Some(expertise), Some(capacity), Some(away_from), Some(away_until))
                if errors.is_empty() =>
            {
                let (name, booking_link) = (self.name.clone(), self.booking_link.clone());
                Ok(Member {
                    id,
                    name,
                    email,
                    roles,
                    expertise,
                    capacity,
                    away_from,
                    away_until,
                    booking_link,
                })
            }
            _ => Err(errors),
        }
    }
}

/// What tells `after` from `before`, field by field.
pub(super) fn changes(before: &Member, after: &Member) -> Vec<FieldChange> {
    let (old, new) = (Typed::of(before, 0), Typed::of(after, 0));
    let fields = [
        FieldChange::of("Name", old.name, new.name),
        FieldChange::of("Address", old.email, new.email),
        FieldChange::of("Roles", old.roles.join(", "), new.roles.join(", ")),
        FieldChange::of("Expertise", old.expertise, new.expertise),
        FieldChange::of("Capacity", old.capacity, new.capacity),
        FieldChange::of("Away from", old.away_from, new.away_from),
        FieldChange::of("Back on", old.away_until, new.away_until),
        FieldChange::of("Booking link", old.booking_link, new.booking_link),
    ];
    fields.into_iter().flatten().collect()
}

/// A day, none for an empty text; `None` for what is no day.
#[allow(clippy::option_option, reason = "nothing typed is not the same as nonsense")]
fn day(text: &str) -> Option<Option<Date>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn tags(text: &str) -> Option<Vec<String>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', ';', '\n']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag.to_owned());
        }
    }
    let fits = tags.len() <= TAGS_MAX && tags.iter().all(|tag| tag.chars().count() <= TAG_MAX_CHARS);
    fits.then_some(tags)
}

fn is_web_address(text: &str) -> bool {
    let uri = text.parse::<axum::http::Uri>().ok().filter(|_| text.len() <= LINK_MAX_BYTES);
    uri.is_some_and(|uri| {
        let host = uri.host().unwrap_or_default();
        let is_plain = !uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
        uri.scheme_str() == Some("https") && host.contains('.') && is_plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            name: "Kim Roe".into(),
            email: "Kim@Us.test".into(),
            roles: vec!["csm".into(), "admin".into(), "csm".into()],
            expertise: "Health, Retail; health".into(),
            capacity: "5".into(),
            away_from: "2026-12-20".into(),
            away_until: "2027-01-07".into(),
            booking_link: "https://meet.us.test/kim".into(),
            ..Typed::empty(0)
        }
    }

    fn id() -> MemberId {
        MemberId::parse("kim").unwrap()
    }

    #[test]
    fn a_person_is_read_and_shown_again_unchanged() {
        let kim = typed().check(id()).unwrap();
        assert_eq!(kim.expertise, ["Health", "Retail"]);
        assert_eq!(kim.roles, [Role::Csm, Role::Admin]);
        assert_eq!(Typed::of(&kim, 0).check(id()).unwrap(), kim);
        assert!(changes(&kim, &kim).is_empty());
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let wrong = Typed {
            email: "kim".into(),
            roles: vec!["boss".into()],
            capacity: "-1".into(),
            away_from: "soon".into(),
            booking_link: "javascript:alert(1)".into(),
            ..Typed::empty(0)
        };
        let errors: Vec<String> = wrong.check(id()).unwrap_err().into_keys().collect();
        assert_eq!(errors, ["away_from", "booking_link", "capacity", "email", "name", "roles"]);
        let backwards = Typed { away_until: "2026-12-20".into(), ..typed() };
        assert!(backwards.check(id()).unwrap_err().contains_key("away_until"));
        for link in ["http://meet.us.test", "https://a:b@meet.us.test", "//meet.us.test", "https://localhost"]
        {
            assert!(!is_web_address(link), "{link}");
        }
    }
}
