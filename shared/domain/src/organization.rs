//! The tenant: whose deals count, how its people are asked, where its time is.

use crate::email::EmailAddress;
use crate::id::{OrganizationId, PortalId};
use crate::limits::LINK_LIFE_DAYS;
use crate::logo::Logo;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// One tenant and its choices. Every key, query, link and session belongs to exactly one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id, derived from the portal.
    pub id: OrganizationId,
    /// The HubSpot portal that it is bound to.
    pub portal: PortalId,
    /// The name that pages and mails use.
    pub name: String,
    /// Deals that entered a won stage before this moment are never mailed by themselves.
    pub handoffs_from: Timestamp,
    /// Pipelines whose deals count; empty means all.
    pub pipelines: Vec<String>,
    /// HubSpot deal types that count; empty means all. A deal without a type counts as new business.
    pub deal_types: Vec<String>,
    /// IANA time zone, for dates that people read.
    pub time_zone: String,
    /// BCP 47 language of drafts and pages.
    pub language: String,
    /// Life of a handoff link in days, 1 to 30.
    pub link_life_days: i64,
    /// Who hears of trouble.
    pub admins: Vec<EmailAddress>,
    /// When mails to AEs may be sent, in the organization's time zone.
    #[serde(default)]
    pub working_hours: WorkingHours,
    /// Days after the invitation on which an AE is reminded, ascending.
    #[serde(default = "reminder_days")]
    pub reminder_days: Vec<u8>,
    /// Whose name stands before the address that mails come from; empty for the deployment's own.
    #[serde(default)]
    pub sender: String,
    /// On signed-in pages and in mails.
    #[serde(default)]
    pub logo: Option<Logo>,
    /// How the CSM of the next handoff is found.
    #[serde(default)]
    pub next_csm: NextCsm,
    /// Months for which an account's material from Sales is kept; `None` as long as the account.
    #[serde(default)]
    pub material_months: Option<u8>,
    /// Raised by each change, so that two people who edit notice each other.
    #[serde(default)]
    pub revision: u64,
}

/// Who takes the next handoff.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextCsm {
    /// The AE chooses; the best fit is proposed.
    #[default]
    AeChooses,
    /// Whoever was given an account longest ago, of those who are here and have room, is proposed.
    InTurn,
}

impl NextCsm {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::AeChooses, Self::InTurn];

    /// The choice as forms write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AeChooses => "ae_chooses",
            Self::InTurn => "in_turn",
        }
    }

    /// The choice for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::AeChooses => "The AE chooses by fit",
            Self::InTurn => "CSMs in turn",
        }
    }
}

/// From when to when people work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// Begins.
    pub from: Time,
    /// Ends; later than it begins.
    pub until: Time,
}

impl Default for WorkingHours {
    fn default() -> Self {
        Self { from: Time::constant(9, 0, 0, 0), until: Time::constant(17, 0, 0, 0) }
    }
}

/// The reminders that every organization begins with.
pub const REMINDER_DAYS: [u8; 5] = [3, 7, 14, 21, 28];

fn reminder_days() -> Vec<u8> {
    REMINDER_DAYS.to_vec()
}

/// HubSpot's internal name of the deal type "New Business".
pub const NEW_BUSINESS: &str = "newbusiness";

/// What an organization may choose for how long material is kept, in months.
pub const MATERIAL_MONTHS: [u8; 4] = [6, 12, 24, 36];

impl Organization {
    /// Until when the material of an account that was made at `made` is kept; `None` as long as the account.
    pub fn material_until(&self, made: Timestamp) -> Option<Timestamp> {
        let months = Span::new().months(i64::from(self.material_months?));
        made.to_zoned(TimeZone::UTC).checked_add(months).ok().map(|until| until.timestamp())
    }

    /// A new organization with the product's defaults: every pipeline, new business only, links of 30 days.
    pub fn new(portal: PortalId, name: String, admin: EmailAddress, handoffs_from: Timestamp) -> Self {
        Self {
            id: portal.organization(),
            portal,
            name,
            handoffs_from,
            pipelines: Vec::new(),
            deal_types: vec![NEW_BUSINESS.to_owned()],
            time_zone: "UTC".to_owned(),
            language: "en".to_owned(),
            link_life_days: LINK_LIFE_DAYS,
            admins: vec![admin],
            working_hours: WorkingHours::default(),
            reminder_days: reminder_days(),
            sender: String::new(),
            logo: None,
            next_csm: NextCsm::default(),
            material_months: None,
            revision: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn material_goes_after_whole_months_or_never() {
        let admin = EmailAddress::parse("a@b.example").unwrap();
        let made: Timestamp = "2026-08-31T10:00:00Z".parse().unwrap();
        let mut organization = Organization::new(PortalId(1), "A".to_owned(), admin, made);
        assert_eq!(organization.material_until(made), None);
        organization.material_months = Some(6);
        assert_eq!(organization.material_until(made).unwrap().to_string(), "2027-02-28T10:00:00Z");
    }
}
