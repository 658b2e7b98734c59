//! Mails that are owed: written in the transaction that causes them, sent afterwards, at most once per cause.

use crate::email::EmailAddress;
use crate::id::{AccountId, CorrelationId, OrganizationId, OutboxId};
use crate::limits::{MAIL_CLAIM_SECONDS, MAIL_GIVE_UP_AFTER_HOURS, MAIL_UNKNOWN_WAIT_SECONDS};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

mod content;

pub use content::{
    AnswersReport, DocumentAction, DocumentAnswer, DocumentAssignment, DocumentConflict, DocumentMilestone,
    DocumentPromise, DocumentVersion, Escalation, Evidence, HandoffDocument, HandoffReassigned, Invitation,
    MailContent, Reminder, ReturnedHandoff, SignInLink, WelcomeMail,
};

/// Where an owed entry lives; everything that is needed to find it again from an SES event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxKey {
    /// Whose.
    pub organization: OrganizationId,
    /// About which account; `None` for mails that are about nobody's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// When it was owed; orders the outbox.
    pub owed_at: Timestamp,
    /// The cause.
    pub id: OutboxId,
}

impl OutboxKey {
    /// As the value of an SES message tag: `[A-Za-z0-9_-]`, at most 256 characters even when every id is as long as it
    /// may be.
    pub fn to_tag(&self) -> String {
        let account = self.account.as_ref().map_or("", AccountId::as_str);
        let text = format!("{}/{account}/{}/{}", self.organization, self.owed_at.as_microsecond(), self.id);
        data_encoding::BASE64URL_NOPAD.encode(text.as_bytes())
    }

    /// Reads a tag that [`OutboxKey::to_tag`] wrote; `None` for any other.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(tag.as_bytes()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut parts = text.split('/');
        let key = Self {
            organization: OrganizationId::parse(parts.next()?).ok()?,
            account: match parts.next()? {
                "" => None,
                account => Some(AccountId::parse(account).ok()?),
            },
            owed_at: Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?,
            id: OutboxId::parse(parts.next()?).ok()?,
        };
        parts.next().is_none().then_some(key)
    }
}

/// One cause and the mails that it owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// Where it lives.
    pub key: OutboxKey,
    /// What is owed; at least one.
    pub mails: Vec<OwedMail>,
    /// Until when a sender owns it; `None` when nobody does.
    pub claimed_until: Option<Timestamp>,
    /// How often a sender took it.
    pub attempts: u32,
    /// Raised by each write, so that two writers notice each other.
    #[serde(default)]
    pub revision: u64,
    /// The handoff's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<CorrelationId>,
}

/// One owed mail: what it says, to whom, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedMail {
    /// The one addressee.
    pub to: EmailAddress,
    /// Where answers go: a person of the organization, never an address from CRM text.
    pub reply_to: Option<EmailAddress>,
    /// What it says.
    pub content: MailContent,
    /// How far it is.
    pub status: MailStatus,
}

/// How far an owed mail is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailStatus {
    /// Nobody tried, or SES said that it did not take it.
    Owed,
    /// A sender is at it, or stopped in the middle: whether SES took it is not known.
    Unknown {
        /// When the try began.
        since: Timestamp,
        /// Whether this was already the second try after an unknown outcome.
        resent: bool,
    },
    /// SES took it.
    Sent,
    /// It came too late to be true: it was not sent, because a newer one says what holds.
    Overtaken,
    /// SES will never take it, or it was tried for too long.
    Failed {
        /// Why, for the operator: SES's error code, no address.
        reason: String,
    },
}

impl OutboxEntry {
    /// A new entry, unclaimed, on nobody's way.
    pub fn new(key: OutboxKey, mails: Vec<OwedMail>) -> Self {
        Self { key, mails, claimed_until: None, attempts: 0, revision: 0, correlation: None }
    }

    /// The same, as a step of this way.
    pub fn on_the_way(self, correlation: Option<CorrelationId>) -> Self {
        Self { correlation, ..self }
    }

    /// Whether nothing is left to do.
    pub fn is_settled(&self) -> bool {
        let is_over = |status: &MailStatus| {
            matches!(status, MailStatus::Sent | MailStatus::Overtaken | MailStatus::Failed { .. })
        };
        self.mails.iter().all(|mail| is_over(&mail.status))
    }

    /// Whether a mail in it holds the AE's link, and may be overtaken by one with a newer link.
    pub fn has_link(&self) -> bool {
        self.mails.iter().any(|mail| mail.content.link_generation().is_some())
    }

    /// What a sender takes on at `now`: the entry as it must be written before any mail leaves, and the positions of
    /// the mails to send. `None` when another sender owns it, or only waits are left.
    pub fn claim(&self, now: Timestamp) -> Option<(Self, Vec<usize>)> {
        if self.claimed_until.is_some_and(|until| now < until) {
            return None;
        }
        let mut claimed = self.clone();
        let mut to_send = Vec::new();
        for (index, mail) in claimed.mails.iter_mut().enumerate() {
            let resent = match mail.status {
                MailStatus::Owed => false,
                MailStatus::Unknown { since, resent: false } if waited_out(since, now) => true,
                // Twice unknown and no event ever came: a third mail would only add to the doubt.
                MailStatus::Unknown { since, resent: true } if waited_out(since, now) => {
                    mail.status = MailStatus::Failed { reason: "outcome unknown twice".to_owned() };
                    continue;
                }
                _ => continue,
            };
            mail.status = MailStatus::Unknown { since: now, resent };
            to_send.push(index);
        }
        if to_send.is_empty() && !claimed.is_settled() {
            return None;
        }
        claimed.claimed_until = now.checked_add(SignedDuration::from_secs(MAIL_CLAIM_SECONDS)).ok();
        claimed.attempts = self.attempts.saturating_add(1);
        Some((claimed, to_send))
    }

    /// Notes at `now` the outcome of one mail that this sender sent. Once no mail is in flight or in doubt any more, the
    /// entry is free for the next sender.
    pub fn settle(&mut self, index: usize, outcome: SendOutcome, now: Timestamp) {
        let too_old = given_up(self.key.owed_at, now);
        let Some(mail) = self.mails.get_mut(index) else { return };
        mail.status = match outcome {
            SendOutcome::Accepted => MailStatus::Sent,
            SendOutcome::Overtaken => MailStatus::Overtaken,
            SendOutcome::Refused { reason } => MailStatus::Failed { reason },
            SendOutcome::NotTaken { reason } if too_old => MailStatus::Failed { reason },
            SendOutcome::NotTaken { .. } => MailStatus::Owed,
            SendOutcome::Unknown => return,
        };
        if !self.mails.iter().any(|mail| matches!(mail.status, MailStatus::Unknown { .. })) {
            self.claimed_until = None;
        }
    }

    /// Notes SES's word that it sent this mail; whether that was news.
    pub fn confirm(&mut self, index: usize) -> bool {
        let Some(mail) = self.mails.get_mut(index) else { return false };
        let news = matches!(mail.status, MailStatus::Unknown { .. });
        if news {
            mail.status = MailStatus::Sent;
        }
        news
    }
}

fn waited_out(since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(since) >= SignedDuration::from_secs(MAIL_UNKNOWN_WAIT_SECONDS)
}

fn given_up(owed_at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(owed_at) >= SignedDuration::from_hours(MAIL_GIVE_UP_AFTER_HOURS)
}

/// What came of one try to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// SES took it.
    Accepted,
    /// SES will never take it.
    Refused {
        /// SES's error code.
        reason: String,
    },
    /// SES did not take it now; trying again is safe.
    NotTaken {
        /// SES's error code.
        reason: String,
    },
    /// No answer, or one that cannot be read: it may have been taken.
    Unknown,
    /// It was not sent: the link in it is no longer the one that is alive.
    Overtaken,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::Attention;

    fn key(organization: usize, account: usize, id: usize) -> OutboxKey {
        OutboxKey {
            organization: OrganizationId::parse("o".repeat(organization)).unwrap(),
            account: Some(AccountId::parse("a".repeat(account)).unwrap()),
            owed_at: "2026-11-22T10:00:00Z".parse().unwrap(),
            id: OutboxId::parse("i".repeat(id)).unwrap(),
        }
    }

    fn entry(mails: usize) -> OutboxEntry {
        let mail = OwedMail {
            to: EmailAddress::parse("ana@example.com").unwrap(),
            reply_to: None,
            content: MailContent::HandoffEscalated(Escalation {
                organization_name: String::new(),
                company: String::new(),
                deal: None,
                portal: crate::id::PortalId(1),
                reason: Attention::Overdue,
                detail: String::new(),
                unread: Vec::new(),
            }),
            status: MailStatus::Owed,
        };
        OutboxEntry::new(key(2, 2, 2), vec![mail; mails])
    }

    fn not_taken() -> SendOutcome {
        SendOutcome::NotTaken { reason: "Throttling".to_owned() }
    }

    #[test]
    fn the_longest_key_fits_into_one_tag_and_comes_back() {
        let longest = key(32, 48, 92);
        assert!(longest.to_tag().len() <= 256);
        assert_eq!(OutboxKey::from_tag(&longest.to_tag()), Some(longest));
        let nobodys = OutboxKey { account: None, ..key(2, 2, 2) };
        assert_eq!(OutboxKey::from_tag(&nobodys.to_tag()), Some(nobodys));
    }

    #[test]
    fn a_mail_that_is_not_taken_is_given_up_by_age_however_often_it_was_tried() {
        let mut entry = entry(1);
        entry.attempts = 1000;
        let day = SignedDuration::from_hours(24);
        let now = entry.key.owed_at + day * 2;
        entry = entry.claim(now).unwrap().0;
        entry.settle(0, not_taken(), now);
        assert_eq!(entry.mails[0].status, MailStatus::Owed);
        let now = now + day;
        entry = entry.claim(now).unwrap().0;
        entry.settle(0, not_taken(), now);
        assert_eq!(entry.mails[0].status, MailStatus::Failed { reason: "Throttling".to_owned() });
    }

    #[test]
    fn an_entry_is_free_again_when_nothing_of_it_is_in_flight() {
        let now = entry(2).key.owed_at;
        let (mut claimed, _) = entry(2).claim(now).unwrap();
        claimed.settle(0, not_taken(), now);
        assert!(claimed.claim(now).is_none());
        let mut in_doubt = claimed.clone();
        in_doubt.settle(1, SendOutcome::Unknown, now);
        assert!(in_doubt.claim(now).is_none());
        claimed.settle(1, SendOutcome::Accepted, now);
        assert_eq!(claimed.claim(now).unwrap().1, [0]);
    }
}
