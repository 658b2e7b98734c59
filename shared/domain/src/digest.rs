//! The digest: once a day, what waits for an admin, in one mail. It is sent on a working day on which something is new, and
//! on the first one of a week as long as anything waits.

use crate::handoff::Attention;
use crate::id::{AccountId, OutboxId, ParseIdError};
use crate::listing::Listed;
use crate::organization::Organization;
use crate::outbox::{MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use crate::reminder::Rhythm;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Handoffs that one digest names; the board shows the others.
pub const DIGEST_ROWS: usize = 25;

/// What an organization's last digest was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestMark {
    /// When the admins were last written to, or it was found that nothing is new.
    pub looked_at: Option<Timestamp>,
    /// Raised by each write, so that two sweeps notice each other.
    #[serde(default)]
    pub revision: u64,
}

/// The mail's words are made from this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The organization's name.
    pub organization_name: String,
    /// Its time zone.
    pub time_zone: String,
    /// What waits, the oldest first.
    pub rows: Vec<DigestRow>,
    /// Whether there is more than stands in `rows`.
    pub more: bool,
    /// From when on a row is new.
    pub new_since: Option<Timestamp>,
}

/// One handoff that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestRow {
    /// Which.
    pub account: AccountId,
    /// The customer.
    pub company: String,
    /// Who hands over, as the lists call them; may be empty.
    pub ae: String,
    /// Why; `None` for one that expired.
    pub reason: Option<Attention>,
    /// Since when.
    pub since: Timestamp,
}

impl DigestRow {
    /// A row of the lists as a row of the digest; one that expired waits since its link died.
    pub fn of(listed: &Listed) -> Self {
        let reason = listed.attention.first().copied();
        let since = match reason {
            Some(_) => listed.attention_since,
            None => listed.row.expires_at,
        };
        Self {
            account: listed.account.clone(),
            company: listed.row.company.clone(),
            ae: listed.row.ae.clone(),
            reason,
            since: since.unwrap_or(listed.created_at),
        }
    }
}

impl DigestMark {
    /// Whether it is time to look: people work, and nobody looked today.
    pub fn is_due(&self, rhythm: &Rhythm, now: Timestamp) -> bool {
        rhythm.is_working(now) && self.looked_at.is_none_or(|last| rhythm.date(last) < rhythm.date(now))
    }

    /// That somebody looked now.
    pub fn looked(&self, now: Timestamp) -> Self {
        Self { looked_at: Some(now), revision: self.revision }
    }

    /// What the admins are told, if anything: see the module.
    pub fn digest(
        &self,
        organization: &Organization,
        waiting: &[Listed],
        more: bool,
        rhythm: &Rhythm,
        now: Timestamp,
    ) -> Option<Digest> {
        let mut rows: Vec<DigestRow> = waiting.iter().map(DigestRow::of).collect();
        rows.sort_by_key(|row| row.since);
        let is_new = |row: &DigestRow| self.looked_at.is_none_or(|last| last < row.since);
        let is_first_of_the_week = self.looked_at.is_none_or(|last| {
            let (last, today) = (rhythm.date(last).iso_week_date(), rhythm.date(now).iso_week_date());
            (last.year(), last.week()) != (today.year(), today.week())
        });
        if rows.is_empty() || !is_first_of_the_week && !rows.iter().any(is_new) {
            return None;
        }
        let more = more || rows.len() > DIGEST_ROWS;
        rows.truncate(DIGEST_ROWS);
        Some(Digest {
            organization_name: organization.name.clone(),
            time_zone: organization.time_zone.clone(),
            rows,
            more,
            new_since: self.looked_at,
        })
    }
}

impl Digest {
    /// One mail to each admin; `None` where there is none.
    pub fn owed(
        self,
        organization: &Organization,
        rhythm: &Rhythm,
        now: Timestamp,
    ) -> Result<Option<OutboxEntry>, ParseIdError> {
        let id = OutboxId::parse(format!("digest-{}", rhythm.date(now)))?;
        let content = MailContent::Digest(Box::new(self));
        let mail = |to: &crate::email::EmailAddress| OwedMail {
            to: to.clone(),
            reply_to: None,
            content: content.clone(),
            status: MailStatus::Owed,
        };
        let mails: Vec<OwedMail> = organization.admins.iter().map(mail).collect();
        let key = OutboxKey { organization: organization.id.clone(), account: None, owed_at: now, id };
        Ok((!mails.is_empty()).then(|| OutboxEntry::new(key, mails)))
    }
}

#[cfg(test)]
mod tests;
