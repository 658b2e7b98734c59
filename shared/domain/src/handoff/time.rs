//! What time does to a handoff: reminders, the end of a link, drafting that never ends; and what its AE says to that.

use super::{Attention, Handoff, HandoffState};
use crate::event::What;
use crate::id::MemberId;
use crate::limits::WORD_MAX_BYTES;
use crate::link::Link;
use crate::reminder::{LaterRefusal, Rhythm};
use crate::roster::Roster;
use jiff::Timestamp;
use jiff::civil::Date;

/// What a sweep makes of a handoff whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The handoff afterwards.
    pub after: Handoff,
    /// What is told beside the reasons to look; nothing where only a moment was put off.
    pub what: Option<What>,
    /// The mail that is owed.
    pub mail: Option<PassedMail>,
}

/// The mail of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedMail {
    /// To the AE: it still waits.
    Reminder {
        /// Whether no other will come by itself.
        is_last: bool,
    },
    /// To the admins: why they should look.
    Escalation(Attention),
}

impl Handoff {
    /// When a sweep must do something, whatever waits for a person beside it; `None` when nothing comes by itself.
    pub fn acts_at(&self) -> Option<Timestamp> {
        match self.state {
            HandoffState::Drafting if self.attention.contains(&Attention::DraftFailed) => None,
            HandoffState::Drafting => Some(crate::reminder::given_up_at(self.created_at)),
            HandoffState::AwaitingAe => {
                let expires_at = self.link.as_ref().map(|link| link.expires_at)?;
                Some(self.reminder.map_or(expires_at, |reminder| reminder.at.min(expires_at)))
            }
            HandoffState::Submitted | HandoffState::Skipped | HandoffState::Expired => None,
        }
    }

    /// With a link of which nobody was reminded yet, and its first reminder.
    pub fn with_link(mut self, link: Link, rhythm: &Rhythm) -> Self {
        self.reminder = rhythm.next(link.issued_at, link.expires_at, 0);
        self.reminded_at = None;
        self.link = Some(link);
        self
    }

    /// Whether reminders make sense: an overdue AE is reminded, one who cannot be reached or is not the right one is not.
    pub fn can_be_reminded(&self) -> bool {
        self.ae.email.is_some() && !self.attention.iter().any(|reason| reason.is_for_a_person())
    }

    /// What has come by `now`; `None` when nothing has.
    pub fn pass(&self, rhythm: &Rhythm, now: Timestamp) -> Option<Passed> {
        self.acts_at().filter(|at| *at <= now)?;
        match (self.state, &self.link) {
            (HandoffState::Drafting, _) => Some(self.given_up(now)),
            (_, Some(link)) if link.expires_at <= now => Some(self.expired()),
            (_, Some(link)) => self.reminder_due(link, rhythm, now),
            _ => None,
        }
    }

    fn given_up(&self, now: Timestamp) -> Passed {
        let mut after = self.clone();
        after.raise(Attention::DraftFailed, now);
        Passed { after, what: None, mail: Some(PassedMail::Escalation(Attention::DraftFailed)) }
    }

    fn expired(&self) -> Passed {
        let mut after = self.clone();
        after.state = HandoffState::Expired;
        after.reminder = None;
        after.redraft = None;
        after.lower(Attention::Overdue);
        let generation = after.link.as_ref().map_or(0, |link| link.generation);
        Passed { after, what: Some(What::Expired { generation }), mail: None }
    }

    fn reminder_due(&self, link: &Link, rhythm: &Rhythm, now: Timestamp) -> Option<Passed> {
        let due = self.reminder?;
        let mut after = self.clone();
        let day = rhythm.step(link.issued_at, due, now);
        let next = rhythm.next(link.issued_at, link.expires_at, day);
        let is_told_today = self.reminded_at.is_some_and(|last| rhythm.date(last) == rhythm.date(now));
        if !self.can_be_reminded() || is_told_today {
            after.reminder = next;
            return Some(Passed { after, what: None, mail: None });
        }
        if !rhythm.is_working(now) {
            let at = rhythm.working_from(now).filter(|at| *at < link.expires_at);
            after.reminder = at.map(|at| crate::reminder::NextReminder { at, day: due.day });
            return Some(Passed { after, what: None, mail: None });
        }
        after.reminder = next;
        after.reminders += 1;
        after.reminded_at = Some(now);
        if rhythm.is_later_step(day) {
            after.raise(Attention::Overdue, now);
        }
        let what = What::Reminded { generation: link.generation, day: Some(day) };
        Some(Passed { after, what: Some(what), mail: Some(PassedMail::Reminder { is_last: next.is_none() }) })
    }

    /// The next reminder on the day that the AE asked for.
    pub fn later(&self, rhythm: &Rhythm, date: Date, now: Timestamp) -> Result<Self, LaterRefusal> {
        let link = self.link.as_ref().ok_or(LaterRefusal::TooLate)?;
        let next = rhythm.later(link.issued_at, link.expires_at, date, now)?;
        let mut after = self.clone();
        after.reminder = Some(next);
        after.lower(Attention::Overdue);
        Ok(after)
    }

    /// As its AE says, it is not theirs: no more reminders, and an admin finds out whose it is.
    pub fn not_mine(&self, now: Timestamp) -> Self {
        let mut after = self.clone();
        after.lower(Attention::Overdue);
        after.raise(Attention::WrongAe, now);
        after
    }
}

/// What an AE says to a handoff that is not theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotMine {
    /// Whose it is, of the roster: id and name.
    pub colleague: Option<(MemberId, String)>,
    /// What the AE wrote; may be empty where somebody is named.
    pub word: String,
}

/// Why it is not taken. The text says so to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMineRefusal {
    /// Neither a name nor a word.
    #[error("Choose whose it is, or write a word about it, so that your admin knows whom to ask.")]
    Nothing,
    /// A colleague who is not in the roster.
    #[error("This colleague is no longer in the list. Choose somebody else, or write a word about it.")]
    Unknown,
    /// More than [`WORD_MAX_BYTES`].
    #[error("Please keep it under 2,000 characters.")]
    TooLong,
}

impl NotMineRefusal {
    /// The form's field that it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::Nothing | Self::Unknown => "colleague",
            Self::TooLong => "word",
        }
    }
}

impl NotMine {
    /// From the form's fields: the id of a member of the roster, and a word.
    pub fn of(roster: &Roster, colleague: &str, word: &str) -> Result<Self, NotMineRefusal> {
        let word = word.replace("\r\n", "\n").trim().to_owned();
        let colleague = match colleague.trim() {
            "" => None,
            id => {
                let found = MemberId::parse(id).ok().and_then(|id| roster.find(&id));
                let member = found.ok_or(NotMineRefusal::Unknown)?;
                Some((member.id.clone(), member.name.clone()))
            }
        };
        match (&colleague, word.len()) {
            (None, 0) => Err(NotMineRefusal::Nothing),
            (_, length) if length > WORD_MAX_BYTES => Err(NotMineRefusal::TooLong),
            _ => Ok(Self { colleague, word }),
        }
    }

    /// In words, for the admins.
    pub fn words(&self) -> String {
        let name = self.colleague.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
        match (name, self.word.as_str()) {
            (name, "") => format!("It is {name}\u{2019}s."),
            ("", word) => word.to_owned(),
            (name, word) => format!("It is {name}\u{2019}s. {word}"),
        }
    }
}

impl From<NotMine> for What {
    fn from(said: NotMine) -> Self {
        let (colleague, colleague_name) = said.colleague.unzip();
        Self::NotMine { colleague, colleague_name: colleague_name.unwrap_or_default(), word: said.word }
    }
}
