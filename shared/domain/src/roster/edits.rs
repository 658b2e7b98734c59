//! Changing the roster: nobody can lock the organization out, and an address belongs to one person.

use super::{Member, Role, Roster};
use crate::id::MemberId;
use crate::limits::{ROSTER_CHANGES_MAX, ROSTER_MAX};

/// Why a change of the roster is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// Nobody could undo it.
    #[error("the organization would have no admin")]
    LastAdmin,
    /// Another person has the address.
    #[error("the address belongs to another person")]
    AddressTaken,
    /// The organization has as many people as it can.
    #[error("the roster is full")]
    Full,
    /// More than one transaction can hold.
    #[error("too many changes at once")]
    TooMany,
}

impl Roster {
    /// The roster with these people, new ones and known ones as they are given.
    pub fn with(&self, people: impl IntoIterator<Item = Member>) -> Result<Self, RosterError> {
        let mut after = self.clone();
        for person in people {
            match after.members.iter_mut().find(|member| member.id == person.id) {
                Some(member) => *member = person,
                None => after.members.push(person),
            }
        }
        self.checked(after)
    }

    /// The roster without this person; the same roster when it holds nobody of this id.
    pub fn without(&self, id: &MemberId) -> Result<Self, RosterError> {
        let mut after = self.clone();
        after.members.retain(|member| member.id != *id);
        self.checked(after)
    }

    fn checked(&self, after: Self) -> Result<Self, RosterError> {
        let addresses: std::collections::BTreeSet<String> =
            after.members.iter().map(|member| member.email.folded()).collect();
        if !after.members.iter().any(|member| member.has(Role::Admin)) {
            return Err(RosterError::LastAdmin);
        }
        if addresses.len() < after.members.len() {
            return Err(RosterError::AddressTaken);
        }
        if after.members.len() > ROSTER_MAX {
            return Err(RosterError::Full);
        }
        // Each address that comes or goes is a write of its own.
        let before: std::collections::BTreeSet<String> =
            self.members.iter().map(|member| member.email.folded()).collect();
        let known = self.members.iter().filter(|member| {
            let now = after.find(&member.id);
            now.is_some_and(|now| now.may_sign_in() != member.may_sign_in())
        });
        if addresses.symmetric_difference(&before).count() + known.count() > ROSTER_CHANGES_MAX {
            return Err(RosterError::TooMany);
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::email::EmailAddress;

    fn person(id: &str, roles: &[Role]) -> Member {
        Member {
            id: MemberId::parse(id).unwrap(),
            name: id.to_owned(),
            email: EmailAddress::parse(format!("{id}@us.test")).unwrap(),
            roles: roles.to_vec(),
            expertise: Vec::new(),
            capacity: 0,
            away_from: None,
            away_until: None,
            booking_link: String::new(),
        }
    }

    fn roster() -> Roster {
        Roster { members: vec![person("ada", &[Role::Admin]), person("cora", &[Role::Csm])], revision: 3 }
    }

    #[test]
    fn the_last_admin_stays_and_keeps_the_role() {
        let ada = MemberId::parse("ada").unwrap();
        assert_eq!(roster().without(&ada), Err(RosterError::LastAdmin));
        assert_eq!(roster().with([person("ada", &[Role::Csm])]), Err(RosterError::LastAdmin));
        let two = roster().with([person("bo", &[Role::Admin, Role::Csm])]).unwrap();
        assert_eq!(two.without(&ada).unwrap().members.len(), 2);
    }

    #[test]
    fn an_address_belongs_to_one_person_however_it_is_written() {
        let mut second = person("other", &[Role::Csm]);
        second.email = EmailAddress::parse("CORA@us.test").unwrap();
        assert_eq!(roster().with([second]), Err(RosterError::AddressTaken));
    }

    #[test]
    fn people_are_replaced_by_id_and_a_crowd_is_refused() {
        let mut cora = person("cora", &[Role::Csm]);
        cora.capacity = 9;
        let after = roster().with([cora]).unwrap();
        assert_eq!((after.members.len(), after.members[1].capacity, after.revision), (2, 9, 3));
        let crowd = |count: usize| (0..count).map(|number| person(&format!("n{number}"), &[Role::Csm]));
        assert!(roster().with(crowd(ROSTER_CHANGES_MAX)).is_ok());
        assert_eq!(roster().with(crowd(ROSTER_CHANGES_MAX + 1)), Err(RosterError::TooMany));
    }
}
