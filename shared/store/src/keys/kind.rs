//! What an item is, by its key.

use super::{DIRECTORY, KNOWN_BY_PREFIX, PACE, QUARANTINE, TEMPLATES};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The organization itself.
    Organization,
    /// Questions, the current ones or a published version.
    QuestionSet,
    /// One image of the logo.
    Logo,
    /// The people.
    Roster,
    /// What each CSM carries.
    Loads,
    /// When the admins last got their digest.
    Digest,
    /// Who gets the weekly mail.
    Weekly,
    /// How far deals were looked through.
    Reconciliation,
    /// What is told to other tools.
    Integrations,
    /// A message to another tool.
    OutgoingDelivery,
    /// What of an account flowed back into HubSpot.
    FlowBack,
    /// One row of totals.
    Totals,
    /// What an account has added to the totals.
    Folded,
    /// The onboarding templates as they are.
    Templates,
    /// A version of a template that another one took the place of.
    TemplateVersion,
    /// The account and its handoff.
    Handoff,
    /// The drafts of a round.
    Drafts,
    /// One fact of an account's timeline.
    Event,
    /// A chunk of the sources.
    Sources,
    /// The onboarding plan.
    Plan,
    /// One note about the account.
    Note,
    /// What was said of one round.
    Rating,
    /// One round that is over.
    Round,
    /// The raw payload of an account made by hand.
    Payload,
    /// The welcome mail of an account.
    Welcome,
    /// The kickoff of an account.
    Kickoff,
    /// What one submitted handoff named.
    History,
    /// Owed mails.
    OutboxEntry,
    /// A change of the settings.
    AuditEntry,
    /// A person's time in one browser.
    Session,
    /// How many sign-in links were asked for.
    SignIns,
    /// That an organization knows an address.
    Person,
    /// A wish to sign in.
    SignIn,
    /// One organization in the directory.
    DirectoryEntry,
    /// An unusable delivery.
    Delivery,
    /// How far a limit of an outside system is used.
    Pace,
}

impl Kind {
    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::QuestionSet => "question set",
            Self::Logo => "logo",
            Self::Roster => "roster",
            Self::Loads => "loads",
            Self::Digest => "digest",
            Self::Weekly => "weekly",
            Self::Reconciliation => "reconciliation",
            Self::Integrations => "integrations",
            Self::OutgoingDelivery => "outgoing delivery",
            Self::FlowBack => "flow-back",
            Self::Totals => "totals",
            Self::Folded => "folded",
            Self::Templates => "templates",
            Self::TemplateVersion => "template version",
            Self::Handoff => "handoff",
            Self::Drafts => "drafts",
            Self::Event => "event",
            Self::Sources => "sources",
            Self::Plan => "plan",
            Self::Note => "note",
            Self::Rating => "rating",
            Self::Round => "round",
            Self::Payload => "payload",
            Self::Welcome => "welcome",
            Self::Kickoff => "kickoff",
            Self::History => "history",
            Self::OutboxEntry => "outbox entry",
            Self::AuditEntry => "audit entry",
            Self::Session => "session",
            Self::SignIns => "sign-ins",
            Self::Person => "person",
            Self::SignIn => "sign-in",
            Self::DirectoryEntry => "directory entry",
            Self::Delivery => "delivery",
            Self::Pace => "pace",
        }
    }

    /// The kind of the item at a key; `None` for a key that this program does not make.
    pub fn at(pk: &str, sk: &str) -> Option<Self> {
        if pk == DIRECTORY {
            return Some(Self::DirectoryEntry);
        }
        if pk == QUARANTINE {
            return Some(Self::Delivery);
        }
        if pk == PACE {
            return Some(Self::Pace);
        }
        if pk.starts_with("SIGN-IN#") {
            return Some(Self::SignIn);
        }
        if pk.starts_with("PERSON#") {
            return Some(if sk.starts_with(KNOWN_BY_PREFIX) { Self::Person } else { Self::SignIns });
        }
        let parts: Vec<&str> = pk.strip_prefix("O#")?.split('#').collect();
        match (parts.as_slice(), sk.split('#').next()?) {
            ([_], "ORGANIZATION") => Some(Self::Organization),
            ([_], "QUESTIONS") => Some(Self::QuestionSet),
            ([_], "LOGO") => Some(Self::Logo),
            ([_], "ROSTER") => Some(Self::Roster),
            ([_], "LOADS") => Some(Self::Loads),
            ([_], "DIGEST") => Some(Self::Digest),
            ([_], "WEEKLY") => Some(Self::Weekly),
            ([_], "RECONCILIATION") => Some(Self::Reconciliation),
            ([_], "INTEGRATIONS") => Some(Self::Integrations),
            ([_, "DELIVERIES"], _) => Some(Self::OutgoingDelivery),
            ([_, "A", _], "FLOW-BACK") => Some(Self::FlowBack),
            ([_, "TOTALS"], _) => Some(Self::Totals),
            ([_, "A", _], "FOLDED") => Some(Self::Folded),
            ([_], "TEMPLATE") if sk == TEMPLATES => Some(Self::Templates),
            ([_], "TEMPLATE") => Some(Self::TemplateVersion),
            ([_], "SIGN-INS") => Some(Self::SignIns),
            ([_, "AUDIT"], _) => Some(Self::AuditEntry),
            ([_, "SESSION", _], "SESSION") => Some(Self::Session),
            ([_, "A", _], "HANDOFF") => Some(Self::Handoff),
            ([_, "A", _], "DRAFTS") => Some(Self::Drafts),
            ([_, "A", _], "EVENT") => Some(Self::Event),
            ([_, "A", _], "SOURCES") => Some(Self::Sources),
            ([_, "A", _], "PLAN") => Some(Self::Plan),
            ([_, "A", _], "NOTE") => Some(Self::Note),
            ([_, "A", _], "RATING") => Some(Self::Rating),
            ([_, "A", _], "ROUND") => Some(Self::Round),
            ([_, "A", _], "PAYLOAD") => Some(Self::Payload),
            ([_, "A", _], "MAIL") => Some(Self::Welcome),
            ([_, "A", _], "KICKOFF") => Some(Self::Kickoff),
            ([_, "HISTORY", _, _], _) => Some(Self::History),
            ([_, "OUTBOX", _], _) => Some(Self::OutboxEntry),
            _ => None,
        }
    }
}
