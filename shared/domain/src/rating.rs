//! How useful a handoff was to the CSM who had to work with it.

use crate::event::Who;
use crate::form::FieldErrors;
use crate::id::QuestionId;
use crate::question::QuestionSet;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The best score; the worst is 1.
pub const SCORE_MAX: u8 = 5;

/// What a CSM says of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usefulness {
    /// It helped.
    Useful,
    /// It was true, and of no use.
    NotUseful,
    /// It was not true.
    Wrong,
}

impl Usefulness {
    /// Every one of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Useful, Self::NotUseful, Self::Wrong];

    /// As the form sends it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Useful => "useful",
            Self::NotUseful => "not_useful",
            Self::Wrong => "wrong",
        }
    }

    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Useful => "Useful",
            Self::NotUseful => "Not useful",
            Self::Wrong => "Wrong",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// One rating of one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// 1 to 5.
    pub score: u8,
    /// By question; questions that nothing was said of are not in it.
    pub useful: BTreeMap<QuestionId, Usefulness>,
    /// Whether the customer had to say something again.
    pub repeated: bool,
}

/// What was said of one round last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// Which round.
    pub round: u32,
    /// What was said.
    pub rating: Rating,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Who,
    /// How often this round was rated.
    pub times: u32,
}

impl Rating {
    /// Reads the form's values. `useful` holds question id and word as they were sent; an empty word says nothing.
    pub fn parse<'a>(
        questions: &QuestionSet,
        score: &str,
        useful: impl IntoIterator<Item = (&'a str, &'a str)>,
        repeated: &str,
    ) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let read = score.trim().parse::<u8>().ok().filter(|score| (1..=SCORE_MAX).contains(score));
        if read.is_none() {
            errors.insert("score".to_owned(), "Please choose a number from 1 to 5.".to_owned());
        }
        let mut said = BTreeMap::new();
        for (id, word) in useful.into_iter().filter(|(_, word)| !word.trim().is_empty()) {
            let question = QuestionId::parse(id).ok().filter(|id| questions.find(id).is_some());
            match (question, Usefulness::parse(word.trim())) {
                (Some(question), Some(word)) => drop(said.insert(question, word)),
                _ => {
                    let remedy = "Please choose useful, not useful or wrong.".to_owned();
                    errors.insert(format!("useful[{id}]"), remedy);
                }
            }
        }
        let repeated = match repeated.trim() {
            "" | "no" => false,
            "yes" => true,
            _ => {
                errors.insert("repeated".to_owned(), "Please choose yes or no.".to_owned());
                false
            }
        };
        match read {
            Some(score) if errors.is_empty() => Ok(Self { score, useful: said, repeated }),
            _ => Err(errors),
        }
    }

    /// How often each word was said.
    pub fn count(&self, word: Usefulness) -> usize {
        self.useful.values().filter(|said| **said == word).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_read_and_what_is_no_rating_is_named() {
        let questions = QuestionSet::first();
        let useful = [("risks", "wrong"), ("why_us", ""), ("go_live", "useful")];
        let read = Rating::parse(&questions, " 4 ", useful, "yes").unwrap();
        assert_eq!((read.score, read.repeated, read.useful.len()), (4, true, 2));
        assert_eq!((read.count(Usefulness::Wrong), read.count(Usefulness::NotUseful)), (1, 0));
        for score in ["", "0", "6", "4.5", "x"] {
            let errors = Rating::parse(&questions, score, [], "").unwrap_err();
            assert_eq!(errors.keys().collect::<Vec<_>>(), ["score"], "{score}");
        }
        let wrong = [("risks", "great"), ("nothing", "useful")];
        let errors = Rating::parse(&questions, "1", wrong, "perhaps").unwrap_err();
        let named: Vec<&str> = errors.keys().map(String::as_str).collect();
        assert_eq!(named, ["repeated", "useful[nothing]", "useful[risks]"]);
    }
}
