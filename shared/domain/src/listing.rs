//! How accounts are listed: which lane each is in, what a row shows, and which rows a person asked for.

use crate::account::{AccountStatus, Money};
use crate::handoff::{Attention, Handoff, HandoffState};
use crate::id::{AccountId, MemberId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longest folded name, in characters: more does not tell names apart, and keys have an end.
const FOLDED_MAX_CHARS: usize = 80;

/// A name as it is sorted and searched: lower case, without accents, one space between words, and without the sign that
/// parts keys.
pub fn fold(name: &str) -> String {
    let plain: String = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = plain.replace('#', " ").replace(char::is_control, " ");
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(FOLDED_MAX_CHARS).collect::<String>().trim_end().to_owned()
}

/// Where somebody looks for a handoff. A reason to look comes first, whatever the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// There is a reason to look.
    Attention,
    /// Answers are drafted.
    Drafting,
    /// The AE has the link.
    AwaitingAe,
    /// The link's last day passed.
    Expired,
    /// Handed over.
    Submitted,
    /// Closed by a person.
    Skipped,
}

impl Lane {
    /// Every one of them; what waits for somebody comes first.
    pub const ALL: [Self; 6] =
        [Self::Attention, Self::Drafting, Self::AwaitingAe, Self::Expired, Self::Submitted, Self::Skipped];

    /// The lane as keys spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Drafting => "drafting",
            Self::AwaitingAe => "awaiting_ae",
            Self::Expired => "expired",
            Self::Submitted => "submitted",
            Self::Skipped => "skipped",
        }
    }

    /// The lane of what stands like this.
    pub fn of(state: HandoffState, needs_attention: bool) -> Self {
        match state {
            _ if needs_attention => Self::Attention,
            HandoffState::Drafting => Self::Drafting,
            HandoffState::AwaitingAe => Self::AwaitingAe,
            HandoffState::Expired => Self::Expired,
            HandoffState::Submitted => Self::Submitted,
            HandoffState::Skipped => Self::Skipped,
        }
    }
}

/// What a row shows beside what the handoff's own attributes say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The customer.
    pub company: String,
    /// The AE's name, else address, else empty.
    pub ae: String,
    /// Who has the account.
    #[serde(default)]
    pub csm: Option<MemberId>,
    /// Their name, the placeholder's, or empty while nobody has it.
    pub csm_name: String,
    /// Revenue, if known.
    #[serde(default)]
    pub arr: Option<Money>,
    /// When the deal closed, if known.
    #[serde(default)]
    pub close_date: Option<Date>,
    /// The handoff's round.
    pub round: u32,
    /// Where the account stands.
    pub status: AccountStatus,
    /// When the AE's link dies, if there is one.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which account.
    pub account: AccountId,
    /// Where its handoff stands.
    pub state: HandoffState,
    /// Why someone should look.
    pub attention: BTreeSet<Attention>,
    /// Since when.
    pub attention_since: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When a person first opened the form; told on the board only.
    pub opened_at: Option<Timestamp>,
    /// What else a row shows.
    pub row: Row,
}

impl Handoff {
    /// The lane that it is in.
    pub fn lane(&self) -> Lane {
        Lane::of(self.state, !self.attention.is_empty())
    }

    /// What a row shows of it. No save of an answer changes any of that.
    pub fn row(&self) -> Row {
        let ae = match (self.ae.name.trim(), &self.ae.email) {
            ("", Some(email)) => email.to_string(),
            (name, _) => name.to_owned(),
        };
        let csm = self.csm_in_charge();
        let placeholder = self.submission.as_ref().map(|submission| submission.csm_name.clone());
        Row {
            company: self.account.company.clone(),
            ae,
            csm: csm.map(|(id, _)| id.clone()),
            csm_name: csm.map(|(_, name)| name.to_owned()).or(placeholder).unwrap_or_default(),
            arr: self.account.arr.clone(),
            close_date: self.account.close_date,
            round: self.round,
            status: self.account.status,
            expires_at: self.link.as_ref().map(|link| link.expires_at),
        }
    }
}

/// How a handoff stands, as a list is narrowed to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In this state, with or without a reason to look.
    State(HandoffState),
    /// In any state, with a reason to look.
    Attention,
}

/// Which rows a person asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The folded start of the company's or the AE's name; empty for any.
    pub text: String,
    /// CSMs that the text names as well, as the roster knows them.
    pub csms_named: Vec<MemberId>,
    /// Only these.
    pub standing: Option<Standing>,
    /// Only accounts of this CSM.
    pub csm: Option<MemberId>,
    /// The folded start of the AE's name; empty for any.
    pub ae: String,
    /// Only accounts that were made at this moment or later.
    pub made_from: Option<Timestamp>,
    /// Only accounts that were made before this moment.
    pub made_before: Option<Timestamp>,
}

impl Filter {
    /// Whether the row is asked for.
    pub fn matches(&self, listed: &Listed) -> bool {
        let row = &listed.row;
        let text = self.text.is_empty()
            || [&row.company, &row.ae].iter().any(|name| fold(name).starts_with(&self.text))
            || row.csm.as_ref().is_some_and(|csm| self.csms_named.contains(csm));
        let standing = match self.standing {
            None => true,
            Some(Standing::Attention) => !listed.attention.is_empty(),
            Some(Standing::State(state)) => listed.state == state,
        };
        let csm = self.csm.is_none() || self.csm == row.csm;
        let ae = self.ae.is_empty() || fold(&row.ae).starts_with(&self.ae);
        let age = self.made_from.is_none_or(|from| from <= listed.created_at)
            && self.made_before.is_none_or(|before| listed.created_at < before);
        text && standing && csm && ae && age
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::tests::{at, handoff};

    #[test]
    fn names_are_found_whatever_their_accents_case_and_spaces() {
        assert_eq!(fold("  Größe & Söhne\tGmbH "), "große & sohne gmbh");
        assert_eq!(fold("ÉCOLE"), fold("école"));
        assert_eq!(fold("a#b\u{0}c"), "a b c");
        assert_eq!(fold(&"é".repeat(500)).chars().count(), FOLDED_MAX_CHARS);
        assert_eq!(fold(" # "), "");
    }

    #[test]
    fn a_reason_to_look_is_the_first_lane_in_every_state() {
        let mut handoff = handoff();
        for state in [HandoffState::Drafting, HandoffState::Submitted, HandoffState::Expired] {
            handoff.state = state;
            assert_eq!(handoff.lane().as_str(), state.as_str());
        }
        handoff.raise(Attention::MailFailed, at(1));
        assert_eq!(handoff.lane(), Lane::Attention);
    }

    #[test]
    fn a_row_is_narrowed_by_each_part_of_the_filter() {
        let mut handoff = handoff();
        handoff.account.company = "Élan Health".to_owned();
        handoff.ae.name = "Ana Ellis".to_owned();
        let listed = Listed {
            account: handoff.id.clone(),
            state: HandoffState::AwaitingAe,
            attention: BTreeSet::from([Attention::Overdue]),
            attention_since: None,
            created_at: at(100),
            opened_at: None,
            row: Row { csm: MemberId::parse("cora").ok(), csm_name: "Cora".to_owned(), ..handoff.row() },
        };
        let any = Filter::default();
        let text = |text: &str| Filter { text: fold(text), ..any.clone() };
        let standing = |standing| Filter { standing: Some(standing), ..any.clone() };
        let yes = [
            any.clone(),
            text("elan h"),
            text("ANA"),
            Filter { csms_named: vec![MemberId::parse("cora").unwrap()], ..text("lind") },
            standing(Standing::Attention),
            standing(Standing::State(HandoffState::AwaitingAe)),
            Filter { csm: MemberId::parse("cora").ok(), ..any.clone() },
            Filter { made_from: Some(at(100)), made_before: Some(at(101)), ..any.clone() },
        ];
        let no = [
            text("health"),
            text("cora"),
            standing(Standing::State(HandoffState::Submitted)),
            Filter { csm: MemberId::parse("sam").ok(), ..any.clone() },
            Filter { ae: "bo".to_owned(), ..any.clone() },
            Filter { made_from: Some(at(101)), ..any.clone() },
            Filter { made_before: Some(at(100)), ..any.clone() },
        ];
        for filter in yes {
            assert!(filter.matches(&listed), "{filter:?}");
        }
        for filter in no {
            assert!(!filter.matches(&listed), "{filter:?}");
        }
    }
}
