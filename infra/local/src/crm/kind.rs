//! The kinds of records that HubSpot's object API serves, with the numbers and names that it gives them.

use serde::{Deserialize, Serialize};

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Deals,
    Companies,
    Contacts,
    Notes,
    Emails,
    Calls,
    Meetings,
    Tasks,
}

impl Kind {
    /// Reads the kind from a path or a query: `deals`, `deal` or `0-3`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "deals" | "deal" | "0-3" => Self::Deals,
            "companies" | "company" | "0-2" => Self::Companies,
            "contacts" | "contact" | "0-1" => Self::Contacts,
            "notes" | "note" | "0-46" => Self::Notes,
            "emails" | "email" | "0-49" => Self::Emails,
            "calls" | "call" | "0-48" => Self::Calls,
            "meetings" | "meeting" | "0-47" => Self::Meetings,
            "tasks" | "task" | "0-27" => Self::Tasks,
            _ => return None,
        })
    }

    /// The plural that paths and association lists use.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Deals => "deals",
            Self::Companies => "companies",
            Self::Contacts => "contacts",
            Self::Notes => "notes",
            Self::Emails => "emails",
            Self::Calls => "calls",
            Self::Meetings => "meetings",
            Self::Tasks => "tasks",
        }
    }

    /// The singular that association types use.
    pub(super) fn singular(self) -> &'static str {
        match self {
            Self::Companies => "company",
            other => other.plural().trim_end_matches('s'),
        }
    }

    /// Whether it is something that happened, and not a record of the customer.
    pub(super) fn is_activity(self) -> bool {
        !matches!(self, Self::Deals | Self::Companies | Self::Contacts)
    }

    /// The property that holds the time of creation.
    pub(super) fn created_property(self) -> &'static str {
        if self.is_activity() { "hs_createdate" } else { "createdate" }
    }

    /// The property that holds the time of the last change.
    pub(super) fn modified_property(self) -> &'static str {
        if self == Self::Contacts { "lastmodifieddate" } else { "hs_lastmodifieddate" }
    }

    /// What HubSpot returns when no properties were asked for, beside the three that always come.
    pub(super) fn default_properties(self) -> &'static [&'static str] {
        match self {
            Self::Deals => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
            Self::Companies => &["domain", "name"],
            Self::Contacts => &["email", "firstname", "lastname"],
            _ => &[],
        }
    }

    /// HubSpot's numbers for an unlabelled association from `self` to `to`; 0 where the samples never need one.
    pub(super) fn association_type_id(self, to: Self) -> u32 {
        use Kind::{Calls, Companies, Contacts, Deals, Emails, Meetings, Notes, Tasks};
        match (self, to) {
            (Deals, Contacts) => 3,
            (Contacts, Deals) => 4,
            (Deals, Companies) => 341,
            (Companies, Deals) => 342,
            (Contacts, Companies) => 279,
            (Companies, Contacts) => 280,
            (Companies, Notes) => 189,
            (Notes, Companies) => 190,
            (Contacts, Notes) => 201,
            (Notes, Contacts) => 202,
            (Deals, Calls) => 205,
            (Calls, Deals) => 206,
            (Deals, Emails) => 209,
            (Emails, Deals) => 210,
            (Deals, Meetings) => 211,
            (Meetings, Deals) => 212,
            (Deals, Notes) => 213,
            (Notes, Deals) => 214,
            (Deals, Tasks) => 215,
            (Tasks, Deals) => 216,
            _ => 0,
        }
    }

    /// The number and name of the primary association, which HubSpot lists beside the unlabelled one.
    pub(super) fn primary_association(self, to: Self) -> Option<(u32, &'static str)> {
        match (self, to) {
            (Self::Deals, Self::Companies) => Some((5, "Primary")),
            (Self::Companies, Self::Deals) => Some((6, "Primary")),
            _ => None,
        }
    }
}
