//! The organization of the local run, made once: a small software company with an admin and a handful of CSMs.

use handoff_domain::email::{EmailAddress, ParseEmailError};
use handoff_domain::id::{MemberId, ParseIdError, PortalId};
use handoff_domain::organization::Organization;
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// The portal that the organization is bound to.
pub const PORTAL: PortalId = PortalId(62_515);
const NAME: &str = "Northwind Software";
const ADMIN: &str = "admin@example.com";
/// Deals won this long before the first start still count, so that the samples do, whenever they are tried.
const HANDOFFS_FROM_DAYS_BACK: i64 = 90;

/// The organization could not be made.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// The table says no.
    #[error("the local organization cannot be written")]
    Store(#[source] StoreError),
    /// A constant below is not what it should be.
    #[error("the local organization's data are wrong")]
    Email(#[from] ParseEmailError),
    /// A constant below is not what it should be.
    #[error("the local organization's data are wrong")]
    Id(#[from] ParseIdError),
}

/// Makes the organization unless it is there.
pub(crate) async fn ensure(store: &Store, now: Timestamp) -> Result<(), OrganizationError> {
    let from = now.checked_sub(SignedDuration::from_hours(24 * HANDOFFS_FROM_DAYS_BACK)).unwrap_or(now);
    let organization = Organization::new(PORTAL, NAME.to_owned(), EmailAddress::parse(ADMIN)?, from);
    let made = store
        .create_organization(&organization, &QuestionSet::first(), &roster(now)?, &Template::first())
        .await;
    made.map_err(OrganizationError::Store)?;
    // A data directory may be older than signing in.
    store.index_people(&organization.id).await.map(drop).map_err(OrganizationError::Store)
}

struct Person {
    id: &'static str,
    name: &'static str,
    roles: &'static [Role],
    expertise: &'static [&'static str],
    capacity: u32,
}

const PEOPLE: [Person; 6] = [
    Person { id: "admin", name: "Robin Admin", roles: &[Role::Admin], expertise: &[], capacity: 0 },
    Person {
        id: "grace-lin",
        name: "Grace Lin",
        roles: &[Role::Csm],
        expertise: &["Healthcare", "Enterprise", "Compliance"],
        capacity: 8,
    },
    Person {
        id: "mateo-rossi",
        name: "Mateo Rossi",
        roles: &[Role::Csm],
        expertise: &["Financial services", "Enterprise", "Security reviews"],
        capacity: 6,
    },
    Person {
        id: "hanna-weber",
        name: "Hanna Weber",
        roles: &[Role::Csm],
        expertise: &["Manufacturing", "Logistics", "German"],
        capacity: 7,
    },
    Person {
        id: "sam-okafor",
        name: "Sam Okafor",
        roles: &[Role::Csm],
        expertise: &["Software", "Mid-market", "API integrations"],
        capacity: 10,
    },
    Person {
        id: "lucia-marin",
        name: "Lucía Marín",
        roles: &[Role::Csm],
        expertise: &["Retail", "Education", "Small business"],
        capacity: 1,
    },
];

/// Who is away in the first three weeks.
const AWAY: &str = "hanna-weber";

fn roster(now: Timestamp) -> Result<Roster, OrganizationError> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let member = |person: &Person| -> Result<Member, OrganizationError> {
        let is_away = person.id == AWAY;
        let back = jiff::Span::new().days(21);
        Ok(Member {
            id: MemberId::parse(person.id)?,
            name: person.name.to_owned(),
            email: EmailAddress::parse(address(person))?,
            roles: person.roles.to_vec(),
            expertise: person.expertise.iter().map(|&tag| tag.to_owned()).collect(),
            capacity: person.capacity,
            away_from: is_away.then_some(today),
            away_until: is_away.then(|| today.checked_add(back).unwrap_or(today)),
            booking_link: booking_link(person),
        })
    };
    Ok(Roster { members: PEOPLE.iter().map(member).collect::<Result<_, _>>()?, revision: 0 })
}

fn address(person: &Person) -> String {
    match person.id {
        "admin" => ADMIN.to_owned(),
        id => format!("{}@northwind.example", id.replace('-', ".")),
    }
}

fn booking_link(person: &Person) -> String {
    if person.roles.contains(&Role::Csm) {
        format!("https://meet.northwind.example/{}", person.id)
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roster_has_an_admin_and_five_csms_of_whom_one_is_away() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let roster = roster(now).unwrap();
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        assert_eq!(roster.csms().count(), 5);
        assert_eq!(roster.csms().filter(|csm| csm.is_away(today)).count(), 1);
        assert!(
            roster.members.iter().any(|member| member.has(Role::Admin) && member.email.as_str() == ADMIN)
        );
    }
}
