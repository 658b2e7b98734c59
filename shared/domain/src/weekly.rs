//! The weekly mail: who wants it, and for which week it was sent last.

use crate::email::EmailAddress;
use crate::id::{OutboxId, ParseIdError};
use crate::organization::Organization;
use crate::outbox::{MailContent, MailStatus, OutboxEntry, OutboxKey, OwedMail};
use crate::question::QuestionSet;
use crate::reminder::Rhythm;
use crate::report::{Numbers, Report, Span};
use crate::rollup::{Grain, whole};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who gets the weekly mail, and for which week it was sent last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weekly {
    /// Their addresses.
    pub readers: BTreeSet<EmailAddress>,
    /// The Monday of the week in which it was sent last.
    pub sent: Option<Date>,
    /// Raised by each write, so that two who write notice each other.
    #[serde(default)]
    pub revision: u64,
}

impl Weekly {
    /// The Monday of this week, where people work now, somebody wants the mail, and it was not sent this week.
    pub fn due(&self, rhythm: &Rhythm, now: Timestamp) -> Option<Date> {
        let monday = Grain::Week.start(rhythm.date(now));
        let is_new = self.sent.is_none_or(|sent| sent < monday);
        (is_new && !self.readers.is_empty() && rhythm.is_working(now)).then_some(monday)
    }

    /// Sent in the week of this Monday.
    pub fn sent(&self, monday: Date) -> Self {
        Self { sent: Some(monday), ..self.clone() }
    }

    /// With one reader more, or less.
    pub fn with(&self, reader: &EmailAddress, wants: bool) -> Self {
        let mut after = self.clone();
        if wants {
            after.readers.insert(reader.clone());
        } else {
            after.readers.remove(reader);
        }
        after
    }
}

/// The questions that a weekly mail names.
const WORST: usize = 3;

/// The mail's words are made from this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklySummary {
    /// The organization's name.
    pub organization_name: String,
    /// The Monday of the week that it is about.
    pub week: Date,
    /// That week.
    pub now: WeekNumbers,
    /// The week before.
    pub before: WeekNumbers,
    /// Questions whose drafts were kept least, the worst first: wording and percent that was kept.
    pub worst: Vec<(String, i64)>,
}

/// One week in a few numbers; `None` where there is nothing to work a rate out from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekNumbers {
    /// Deals that became handoffs.
    pub created: i64,
    /// Handed over.
    pub done: i64,
    /// Ended without: expired or skipped.
    pub lost: i64,
    /// Completion rate in percent.
    pub completion: Option<i64>,
    /// Median time to handoff in minutes.
    pub median_minutes: Option<i64>,
    /// Drafts that were kept or lightly edited, in percent.
    pub kept: Option<i64>,
    /// Mean rating by CSMs in tenths, 10 to 50.
    pub score_tenths: Option<i64>,
    /// Handoffs after which the customer had to repeat something, in percent of those rated.
    pub repeated: Option<i64>,
}

impl From<&Numbers> for WeekNumbers {
    fn from(numbers: &Numbers) -> Self {
        Self {
            created: numbers.get("created"),
            done: numbers.get("done"),
            lost: numbers.get("lost_expired") + numbers.get("lost_skipped"),
            completion: numbers.completion().percent(),
            median_minutes: numbers.wait(0.5).map(whole),
            kept: numbers.made().kept().percent(),
            score_tenths: numbers.score().map(|score| whole(score * 10.0)),
            repeated: numbers.repeated().percent(),
        }
    }
}

impl WeeklySummary {
    /// The week before the one that begins on `monday`.
    pub fn span(monday: Date) -> Span {
        Span { grain: Grain::Week, count: 1, last: Grain::Week.back(monday, 1) }
    }

    /// From the report of that week; `None` where nothing happened in it.
    pub fn of(organization: &Organization, report: &Report, questions: &QuestionSet) -> Option<Self> {
        if report.now.is_empty() {
            return None;
        }
        let judged = report.questions.iter().filter_map(|line| {
            let kept = line.now.made().kept();
            let wording =
                &questions.questions.iter().find(|question| question.id.as_str() == line.id)?.wording;
            kept.percent().filter(|percent| *percent < 100).map(|percent| (wording.clone(), percent))
        });
        Some(Self {
            organization_name: organization.name.clone(),
            week: report.span.last,
            now: (&report.now).into(),
            before: (&report.before).into(),
            worst: judged.take(WORST).collect(),
        })
    }

    /// One mail to each reader who is still an admin of the organization; `None` where there is none.
    pub fn owed(
        self,
        organization: &Organization,
        readers: &BTreeSet<EmailAddress>,
        now: Timestamp,
    ) -> Result<Option<OutboxEntry>, ParseIdError> {
        let id = OutboxId::parse(format!("weekly-{}", self.week))?;
        let content = MailContent::WeeklySummary(Box::new(self));
        let readers = readers.iter().filter(|reader| organization.admins.contains(reader));
        let mail = |to: &EmailAddress| OwedMail {
            to: to.clone(),
            reply_to: None,
            content: content.clone(),
            status: MailStatus::Owed,
        };
        let mails: Vec<OwedMail> = readers.map(mail).collect();
        let key = OutboxKey { organization: organization.id.clone(), account: None, owed_at: now, id };
        Ok((!mails.is_empty()).then(|| OutboxEntry::new(key, mails)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_is_due_once_a_week_in_working_hours_and_only_where_somebody_wants_it() {
        let rhythm = Rhythm::default();
        let at = |text: &str| text.parse().unwrap();
        let nobody = Weekly::default();
        assert_eq!(nobody.due(&rhythm, at("2026-11-23T10:00:00Z")), None);
        let reader = EmailAddress::parse("ada@b.test").unwrap();
        let wanted = nobody.with(&reader, true);
        assert_eq!(wanted.due(&rhythm, at("2026-11-23T05:00:00Z")), None, "before people work");
        let monday = date(2026, 11, 23);
        assert_eq!(wanted.due(&rhythm, at("2026-11-23T10:00:00Z")), Some(monday));
        let sent = wanted.sent(monday);
        assert_eq!(sent.due(&rhythm, at("2026-11-27T10:00:00Z")), None);
        assert_eq!(
            sent.due(&rhythm, at("2026-12-01T10:00:00Z")),
            Some(date(2026, 11, 30)),
            "a day late is not never"
        );
        assert_eq!(WeeklySummary::span(monday).first_before(), date(2026, 11, 9));
        assert_eq!(wanted.with(&reader, false), nobody);
    }
}
