//! Yes/no and multi-select: answered only where a source states it plainly.

use crate::extractive::compose::{Found, groups, says_the_same, statement};
use crate::extractive::language::padded;
use crate::extractive::passages::Passage;
use crate::extractive::ranking::{Ranked, Ranking, names};
use handoff_domain::answer::AnswerValue;
use handoff_domain::question::Question;

/// Share of the asked words that a yes/no passage must hold.
const STATED: f32 = 0.7;

/// Share of the asked words that makes an option's sentence belong to the question.
const RELATED: f32 = 0.25;

/// Words that turn a statement round.
const NEGATIONS: [&str; 38] = [
    " no ",
    " not ",
    " don't ",
    " doesn't ",
    " won't ",
    " isn't ",
    " aren't ",
    " can't ",
    " cannot ",
    " didn't ",
    " wasn't ",
    " never ",
    " without ",
    " none ",
    " neither ",
    " nor ",
    " instead of ",
    " rather than ",
    " kein ",
    " keine ",
    " keinen ",
    " nicht ",
    " ohne ",
    " statt ",
    " nie ",
    " pas ",
    " sans ",
    " aucun ",
    " aucune ",
    " jamais ",
    " ni ",
    " sin ",
    " nunca ",
    " ningún ",
    " ninguna ",
    " tampoco ",
    " dropped ",
    " ruled out ",
];

/// Words that leave a statement open.
const HEDGES: [&str; 30] = [
    " maybe ",
    " perhaps ",
    " might ",
    " may ",
    " could ",
    " possibly ",
    " unclear ",
    " not sure ",
    " unsure ",
    " tbd ",
    " to be decided ",
    " undecided ",
    " if ",
    " whether ",
    " asked ",
    " wonder",
    " later ",
    " consider",
    " vielleicht ",
    " eventuell ",
    " ob ",
    " falls ",
    " unklar ",
    " peut être ",
    " si ",
    " quizás ",
    " tal vez ",
    " not decided ",
    " open question",
    " depends ",
];

/// Yes or no, when every plain statement says the same.
pub(crate) fn yes_or_no<'a>(question: &Question, ranking: &Ranking<'a>) -> Option<Found<'a>> {
    let asked = ranking.asked(question);
    // One word in common is a coincidence unless the question has no other.
    let enough = asked.len().min(2);
    let stated: Vec<Ranked<'a, 'a>> = ranking
        .rank_plain(|passage| {
            let share = ranking.coverage(&asked, passage);
            let named = asked.iter().filter(|stem| passage.stems.contains(stem)).count();
            (share >= STATED && named >= enough && is_plain(passage)).then_some(share)
        })
        .collect();
    let says_yes = |ranked: &Ranked<'a, 'a>| !is_negated(&ranked.passage.words);
    let first = says_yes(stated.first()?);
    if stated.iter().any(|ranked| says_yes(ranked) != first) {
        return None;
    }
    let statements = groups(&stated, 1, |_, _| true).iter().map(|group| statement(group)).collect();
    Some(Found { value: AnswerValue::YesNo(first), statements, direct: true, conflict: None })
}

/// The options that some source plainly names in answer to the question.
pub(crate) fn options<'a>(question: &Question, ranking: &Ranking<'a>) -> Option<Found<'a>> {
    let asked = ranking.asked(question);
    let mut chosen = Vec::new();
    let mut statements = Vec::new();
    for option in &question.options {
        let named: Vec<Ranked<'a, 'a>> = ranking
            .rank_plain(|passage| {
                let share = ranking.coverage(&asked, passage);
                let belongs = share >= RELATED || is_proper(option);
                (names(&passage.words, option) && belongs && is_plain(passage)).then_some(share)
            })
            .collect();
        let is_denied = named.iter().any(|ranked| is_negated_before(&ranked.passage.words, option));
        if named.is_empty() || is_denied {
            continue;
        }
        chosen.push(option.clone());
        statements.extend(groups(&named, 1, says_the_same).iter().map(|group| statement(group)));
    }
    (!chosen.is_empty()).then_some(Found {
        value: AnswerValue::Choices(chosen),
        statements,
        direct: true,
        conflict: None,
    })
}

fn is_plain(passage: &Passage<'_>) -> bool {
    !passage.is_question && !HEDGES.iter().any(|hedge| passage.words.contains(hedge))
}

fn is_negated(words: &str) -> bool {
    NEGATIONS.iter().any(|negation| words.contains(negation))
}

/// Whether a negation stands among the few words before the option, as in `they do not need SSO`.
fn is_negated_before(words: &str, option: &str) -> bool {
    let option = padded(option);
    let Some(at) = words.find(&option) else { return false };
    let before: Vec<&str> = words[..at].split(' ').filter(|word| !word.is_empty()).collect();
    let near = before[before.len().saturating_sub(6)..].join(" ");
    is_negated(&format!(" {near} ")) || words[at + option.len() - 1..].starts_with(" is not ")
}

/// Names and abbreviations such as `SSO` or `NetSuite` mean one thing wherever they stand.
fn is_proper(option: &str) -> bool {
    let option = option.trim();
    option.chars().count() >= 3
        && option
            .split_whitespace()
            .any(|word| word.chars().skip(1).any(|c| c.is_uppercase() || c.is_ascii_digit()))
}
