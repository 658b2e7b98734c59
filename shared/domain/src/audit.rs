//! Who changed which settings, when: written in the same transaction as the change, kept for ever.

use crate::id::{AuditId, MemberId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which settings were changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum SettingsChange {
    /// The organization itself.
    Organization,
    /// A person was added to the roster.
    MemberAdded {
        /// The person's name as it was then.
        name: String,
    },
    /// A person of the roster was edited.
    MemberChanged {
        /// The person's name as it was then.
        name: String,
    },
    /// A person was taken off the roster.
    MemberRemoved {
        /// The person's name as it was then.
        name: String,
    },
    /// People were taken from a file or from HubSpot.
    RosterImported {
        /// New people.
        added: u32,
        /// People who were known and changed.
        changed: u32,
    },
    /// A new version of the handoff form was published.
    QuestionsPublished {
        /// Its number.
        version: u32,
    },
    /// A version of an onboarding template was published.
    TemplatePublished {
        /// What the template is called.
        name: String,
        /// Its number; 1 for a new template.
        version: u32,
    },
    /// A template was taken out of use.
    TemplateArchived {
        /// What it is called.
        name: String,
    },
    /// A template was taken into use again.
    TemplateRestored {
        /// What it is called.
        name: String,
    },
    /// A template is the one for all accounts that no rule holds for.
    TemplateDefault {
        /// What it is called.
        name: String,
    },
    /// A template counts before another whose rule asks for as much.
    TemplateMoved {
        /// What it is called.
        name: String,
    },
    /// What is told to HubSpot or Slack.
    Integrations,
    /// An endpoint gets messages.
    EndpointAdded {
        /// What it is called.
        name: String,
    },
    /// An endpoint was edited, paused or taken into use again.
    EndpointChanged {
        /// What it is called.
        name: String,
    },
    /// An endpoint gets nothing more.
    EndpointRemoved {
        /// What it is called.
        name: String,
    },
    /// An endpoint got a new signing secret.
    EndpointSecretReplaced {
        /// What it is called.
        name: String,
    },
}

/// One field, as it was and as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its name, for people.
    pub field: String,
    /// What it said; empty when nothing.
    pub before: String,
    /// What it says.
    pub after: String,
}

impl FieldChange {
    /// The change of one field; `None` when nothing changed.
    pub fn of(field: &str, before: impl Into<String>, after: impl Into<String>) -> Option<Self> {
        let (before, after) = (before.into(), after.into());
        (before != after).then(|| Self { field: field.to_owned(), before, after })
    }
}

/// One change of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Follows from what was changed and its number.
    pub id: AuditId,
    /// Who.
    pub member: MemberId,
    /// Who, by the name as it was then.
    pub by: String,
    /// What.
    #[serde(flatten)]
    pub change: SettingsChange,
    /// Field by field, where there are some.
    #[serde(default)]
    pub fields: Vec<FieldChange>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_told() {
        assert_eq!(FieldChange::of("Name", "a", "a"), None);
        assert_eq!(FieldChange::of("Name", "a", "b").unwrap().after, "b");
    }

    #[test]
    fn an_entry_comes_back_as_it_was_written() {
        let entry = AuditEntry {
            at: Timestamp::UNIX_EPOCH,
            id: AuditId::parse("roster-2").unwrap(),
            member: MemberId::parse("admin").unwrap(),
            by: "Ada".to_owned(),
            change: SettingsChange::MemberAdded { name: "Kim".to_owned() },
            fields: Vec::new(),
        };
        let json = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<AuditEntry>(&json).unwrap(), entry);
    }
}
