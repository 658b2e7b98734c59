//! What mails say: everything that their words are made of.

use crate::account::{Contact, Money};
use crate::digest::Digest;
use crate::email::EmailAddress;
use crate::finding::Settlement;
use crate::handoff::Attention;
use crate::id::SignInId;
use crate::link::TokenHash;
use crate::plan::{ActionKind, Milestone};
use crate::source::SourceGap;
use crate::weekly::WeeklySummary;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a mail says, complete: the sender reads nothing else. Links are derived when it is sent, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum MailContent {
    /// To the AE: please hand this over.
    HandoffInvitation(Invitation),
    /// To the AE of an expired link: the fresh one.
    HandoffLinkRenewed(Invitation),
    /// To the AE: this still waits for you.
    HandoffReminder(Reminder),
    /// To the AE: the CSM needs to know more.
    HandoffReturned(ReturnedHandoff),
    /// To the AE: what was submitted.
    HandoffReceipt(Box<HandoffDocument>),
    /// To the CSM: everything.
    HandoffReceived(Box<HandoffDocument>),
    /// To the CSM who had the account: somebody else has it now.
    HandoffReassigned(HandoffReassigned),
    /// To an admin: someone should look.
    HandoffEscalated(Escalation),
    /// To an admin: what waits for a person, once a day.
    Digest(Box<Digest>),
    /// To admins who want it: what last week's numbers say.
    WeeklySummary(Box<WeeklySummary>),
    /// To an admin: a CSM says that answers were wrong.
    AnswersReported(AnswersReport),
    /// To whoever typed the address: the link that signs in.
    SignIn(SignInLink),
    /// To a contact of the customer: what their CSM wrote.
    Welcome(Box<WelcomeMail>),
}

impl MailContent {
    /// The mail's kind as other programs know it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::HandoffInvitation(_) => "handoff_invitation",
            Self::HandoffLinkRenewed(_) => "handoff_link_renewed",
            Self::HandoffReminder(_) => "handoff_reminder",
            Self::HandoffReturned(_) => "handoff_returned",
            Self::HandoffReceipt(_) => "handoff_receipt",
            Self::HandoffReceived(_) => "handoff_received",
            Self::HandoffReassigned(_) => "handoff_reassigned",
            Self::HandoffEscalated(_) => "handoff_escalated",
            Self::Digest(_) => "digest",
            Self::WeeklySummary(_) => "weekly_summary",
            Self::AnswersReported(_) => "answers_reported",
            Self::SignIn(_) => "sign_in",
            Self::Welcome(_) => "welcome",
        }
    }
}

impl MailContent {
    /// The generation of the AE's link in it; `None` for a mail without one, or whose link only shows a receipt.
    pub fn link_generation(&self) -> Option<u32> {
        match self {
            Self::HandoffInvitation(invitation) | Self::HandoffLinkRenewed(invitation) => {
                Some(invitation.generation)
            }
            Self::HandoffReminder(reminder) => Some(reminder.invitation.generation),
            Self::HandoffReturned(returned) => Some(returned.invitation.generation),
            _ => None,
        }
    }
}

/// What a CSM wrote to one contact of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeMail {
    /// The organization's name; the mail comes from it.
    pub organization_name: String,
    /// The language that it is written in, as the organization's.
    pub language: String,
    /// Who signs.
    pub csm_name: String,
    /// Where answers go.
    pub csm_email: EmailAddress,
    /// The subject, with the reader's name filled in.
    pub subject: String,
    /// The body, with the reader's name filled in.
    pub body: String,
}

/// The link that signs in. It names no organization: who asked for it has proved nothing yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInLink {
    /// Which wish's link to derive.
    pub id: SignInId,
    /// The hash of that link, which says under which key it was issued.
    pub hash: TokenHash,
}

/// The AE's invitation, or the same with a fresh link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The organization's name.
    pub organization_name: String,
    /// The AE's name; may be empty.
    pub ae_name: String,
    /// The customer.
    pub company: String,
    /// The deal's name; may be empty.
    pub deal_name: String,
    /// Revenue, if known.
    pub arr: Option<Money>,
    /// Close date, if known.
    pub close_date: Option<Date>,
    /// Which generation of the link to derive.
    pub generation: u32,
    /// The hash of that link, which says under which key it was issued; `None` in entries from before it was kept.
    #[serde(default)]
    pub link_hash: Option<TokenHash>,
    /// Last moment of the link.
    pub expires_at: Timestamp,
    /// The organization's time zone.
    pub time_zone: String,
    /// Questions in all.
    pub questions: u32,
    /// Questions that have a draft.
    pub drafted: u32,
    /// What the sources disagree about and nobody has settled.
    #[serde(default)]
    pub conflicts: u32,
}

/// The AE's reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    /// The link that is alive, and what the handoff is.
    pub invitation: Invitation,
    /// Wordings of the questions that must be answered and are open.
    pub open: Vec<String>,
    /// 1 for the first of the round.
    pub number: u32,
    /// Whether no other comes by itself.
    #[serde(default)]
    pub is_last: bool,
}

/// A handoff that came back to its AE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedHandoff {
    /// The new link, and what the handoff is.
    pub invitation: Invitation,
    /// Who gave it back.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
}

/// A whole handoff, readable by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffDocument {
    /// The organization's name.
    pub organization_name: String,
    /// The organization's time zone.
    pub time_zone: String,
    /// The customer.
    pub company: String,
    /// The deal's name; may be empty.
    pub deal_name: String,
    /// Revenue, if known.
    pub arr: Option<Money>,
    /// Close date, if known.
    pub close_date: Option<Date>,
    /// The customer's website, as text.
    pub website: String,
    /// The customer's industry.
    pub industry: String,
    /// Employees.
    pub size: String,
    /// People at the customer.
    pub contacts: Vec<Contact>,
    /// The AE's name; may be empty.
    pub ae_name: String,
    /// The AE's address, if known.
    pub ae_email: Option<EmailAddress>,
    /// The CSM's name; the placeholder's when nobody is assigned.
    pub csm_name: String,
    /// Whether a placeholder stands for the CSM.
    pub csm_missing: bool,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// The AE's note to the CSM; may be empty.
    pub note: String,
    /// All questions in order.
    pub answers: Vec<DocumentAnswer>,
    /// What the sources disagree about, settled or not.
    #[serde(default)]
    pub conflicts: Vec<DocumentConflict>,
    /// What Sales promised and the AE passed on, oldest first.
    #[serde(default)]
    pub promises: Vec<DocumentPromise>,
    /// Promises that the AE took out.
    #[serde(default)]
    pub promises_dropped: u32,
    /// The milestone to start with.
    pub first_milestone: Option<DocumentMilestone>,
    /// Which generation of the AE's link to derive for the receipt.
    pub generation: u32,
    /// As [`Invitation::link_hash`].
    #[serde(default)]
    pub link_hash: Option<TokenHash>,
    /// How the reader came to have the account, where the AE did not choose them in the form.
    #[serde(default)]
    pub assignment: Option<DocumentAssignment>,
}

/// An account that a person gave to the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentAssignment {
    /// Who gave it to them; `None` when they took it themselves.
    pub by: Option<String>,
    /// Who had it, if somebody had.
    pub before: Option<String>,
    /// Why, in their words; may be empty.
    pub reason: String,
    /// Why the handoff was skipped, if it was.
    pub skipped: Option<String>,
    /// Whether the AE has it for another round.
    pub with_ae: bool,
    /// Whether the AE never handed anything over.
    pub nothing_submitted: bool,
}

/// An account that is somebody else's now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffReassigned {
    /// The organization's name.
    pub organization_name: String,
    /// The customer.
    pub company: String,
    /// The reader's name.
    pub name: String,
    /// Who has it now; `None` while that is still to be found.
    pub now_with: Option<String>,
    /// Who gave it away; `None` when the reader did.
    pub by: Option<String>,
    /// Why, in their words; may be empty.
    pub reason: String,
}

/// The milestone to start with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentMilestone {
    /// What is reached.
    pub title: String,
    /// What is left to do for it.
    pub actions: Vec<DocumentAction>,
}

/// One action of a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentAction {
    /// What is done.
    pub title: String,
    /// How.
    pub kind: ActionKind,
    /// The last day to do it, if there is one.
    #[serde(default)]
    pub due: Option<Date>,
}

impl From<&Milestone> for DocumentMilestone {
    fn from(milestone: &Milestone) -> Self {
        let open = milestone.actions.iter().filter(|action| !action.state.is_finished());
        let action = |action: &crate::plan::Action| DocumentAction {
            title: action.title.clone(),
            kind: action.kind,
            due: action.due,
        };
        Self { title: milestone.title.clone(), actions: open.map(action).collect() }
    }
}

/// One question with its answer as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentAnswer {
    /// The question.
    pub wording: String,
    /// The answer as plain text; empty when left open.
    pub answer: String,
    /// `accepted`, `edited` or `written`; `None` when left open.
    pub origin: Option<crate::answer::AnswerOrigin>,
    /// Where it came from, for answers that a draft stood behind.
    pub evidence: Vec<Evidence>,
}

/// What sources disagree about, and how the AE settled it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentConflict {
    /// What it is about, for people.
    pub subject: String,
    /// Each side, the newest first.
    pub versions: Vec<DocumentVersion>,
    /// How it was settled; `None` when it was left open.
    pub settled: Option<Settlement>,
}

/// One side of a disagreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentVersion {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
}

/// What Sales promised the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentPromise {
    /// What was promised, in one line.
    pub text: String,
    /// Who promised, if known.
    pub by: Option<String>,
    /// When, if known.
    pub date: Option<Timestamp>,
    /// Where it stands.
    pub evidence: Vec<Evidence>,
}

/// One quote with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The words.
    pub quote: String,
    /// For example `E-mail: Re: rollout`.
    pub source: String,
    /// Who wrote them, if known.
    pub author: Option<String>,
    /// When, if known.
    pub date: Option<Timestamp>,
}

/// Answers that a CSM found to be wrong, with what they rested on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswersReport {
    /// The organization's name.
    pub organization_name: String,
    /// The organization's time zone.
    pub time_zone: String,
    /// The customer.
    pub company: String,
    /// The AE's name; may be empty.
    pub ae_name: String,
    /// Who reported it.
    pub by: String,
    /// As they were handed over.
    pub answers: Vec<DocumentAnswer>,
    /// What could not be read for the drafts, or was left out.
    pub unread: Vec<SourceGap>,
}

/// Why an admin should look, and what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// The organization's name.
    pub organization_name: String,
    /// The customer.
    pub company: String,
    /// The deal's id in HubSpot, if it came from there.
    pub deal: Option<crate::id::DealId>,
    /// The portal, for the link to the deal.
    pub portal: crate::id::PortalId,
    /// What is wrong.
    pub reason: Attention,
    /// More words where the reason alone does not say it: for example the placeholder CSM's name.
    pub detail: String,
    /// What could not be read for the drafts, or was left out.
    #[serde(default)]
    pub unread: Vec<SourceGap>,
}
