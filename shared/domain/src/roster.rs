//! The organization's people, what the CSMs among them can do, and how much they carry.

mod edits;

pub use edits::RosterError;

use crate::email::EmailAddress;
use crate::id::MemberId;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person may be to Handoff; one may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Account executive: hands over.
    Ae,
    /// Customer success manager: takes over.
    Csm,
    /// Decides what is asked, mends what is stuck.
    Admin,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ae, Self::Csm, Self::Admin];

    /// The role as forms and files write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ae => "ae",
            Self::Csm => "csm",
            Self::Admin => "admin",
        }
    }

    /// The role for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ae => "Account executive",
            Self::Csm => "CSM",
            Self::Admin => "Admin",
        }
    }

    /// The role of this name, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| text.trim().eq_ignore_ascii_case(role.as_str()))
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// Full name.
    pub name: String,
    /// Where mails go.
    pub email: EmailAddress,
    /// At least one.
    pub roles: Vec<Role>,
    /// What a CSM knows well, as tags: industries, sizes, products.
    #[serde(default)]
    pub expertise: Vec<String>,
    /// How many accounts a CSM can carry in onboarding; 0 means not told.
    #[serde(default)]
    pub capacity: u32,
    /// First day of being away, if planned.
    #[serde(default)]
    pub away_from: Option<Date>,
    /// First day back, if known.
    #[serde(default)]
    pub away_until: Option<Date>,
    /// Where customers book a call.
    #[serde(default)]
    pub booking_link: String,
}

impl Member {
    /// Whether the person has this role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the person's roles open the signed-in pages.
    pub fn may_sign_in(&self) -> bool {
        self.has(Role::Csm) || self.has(Role::Admin)
    }

    /// Whether the person is away on `today`.
    pub fn is_away(&self, today: Date) -> bool {
        self.away_from.is_some_and(|from| from <= today) && self.away_until.is_none_or(|until| today < until)
    }
}

/// All people of an organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// In no particular order.
    pub members: Vec<Member>,
    /// Raised by each change, so that two people who edit notice each other.
    #[serde(default)]
    pub revision: u64,
}

impl Roster {
    /// The person with this id.
    pub fn find(&self, id: &MemberId) -> Option<&Member> {
        self.members.iter().find(|member| &member.id == id)
    }

    /// Who hears of trouble: the addresses of all admins.
    pub fn admins(&self) -> Vec<EmailAddress> {
        let admins = self.members.iter().filter(|member| member.has(Role::Admin));
        admins.map(|admin| admin.email.clone()).collect()
    }

    /// Who signs in with this address.
    pub fn find_signing_in(&self, address: &crate::sign_in::AddressHash) -> Option<&Member> {
        let mut able = self.members.iter().filter(|member| member.may_sign_in());
        able.find(|member| crate::sign_in::AddressHash::of(&member.email) == *address)
    }

    /// The CSM with this id; `None` for strangers and for people who are no CSMs.
    pub fn find_csm(&self, id: &MemberId) -> Option<&Member> {
        self.find(id).filter(|member| member.has(Role::Csm))
    }

    /// All CSMs.
    pub fn csms(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.has(Role::Csm))
    }
}

/// When each CSM was last given an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns(pub BTreeMap<MemberId, Timestamp>);

/// How many accounts in onboarding each CSM carries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loads(pub BTreeMap<MemberId, u32>);

impl Loads {
    /// The load of one CSM; 0 for one who never had an account.
    pub fn of(&self, csm: &MemberId) -> u32 {
        self.0.get(csm).copied().unwrap_or(0)
    }
}
