//! Yes/no and multi-select: answered only where a source states it plainly.

use crate::drafter::DraftRequest;
use crate::extractive::compose::{Found, groups, says_the_same, statement};
use crate::extractive::concepts::Concepts;
use crate::extractive::language::padded;
use crate::extractive::parties::Side;
use crate::extractive::passages::Passage;
use crate::extractive::ranking::{Ranked, Ranking, names};
use crate::extractive::subjects::{CONNECTED, SSO_REFUSED, SSO_WANTED};
use crate::words::Words;
use handoff_domain::answer::AnswerValue;
use handoff_domain::question::Question;
use handoff_domain::source::SourceKind;

/// Share of the asked words that a yes/no passage must hold.
const STATED: f32 = 0.7;

/// Share of the asked words that makes an option's sentence belong to the question.
const RELATED: f32 = 0.25;

/// How surely a sentence must ask for single sign-on, or do without it. These three follow from what `make learn` prints.
const SSO_SURE: f32 = 0.4;

/// The same for one that names a way to sign on.
const SSO_NAMED_SURE: f32 = 0.2;

/// How surely a sentence must want the system connected that it names.
const CONNECTED_SURE: f32 = 0.2;

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
pub(crate) fn yes_or_no<'a>(
    question: &Question,
    request: &DraftRequest<'a>,
    ranking: &Ranking<'a>,
) -> Option<Found<'a>> {
    let words = Words::of(request.language);
    if Concepts::of(&question.wording).has("sso") {
        return single_sign_on(ranking, &words);
    }
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
    let statements = groups(&stated, 1, |_, _| true).iter().map(|group| statement(group, &words)).collect();
    Some(Found { value: AnswerValue::YesNo(first), statements, chance: 0.8, disagree: false })
}

/// Whether single sign-on is wanted. The newest plain word counts.
fn single_sign_on<'a>(ranking: &Ranking<'a>, words: &Words) -> Option<Found<'a>> {
    let told = ranking.rank_weighed(|passage, chances| {
        let (wanted, refused) = (chances[SSO_WANTED], chances[SSO_REFUSED]);
        let is_ours = passage.side == Side::Ours && passage.source.kind == SourceKind::Email;
        let chance = wanted.max(refused);
        let is_named = passage.concepts.has_any(&["sso", "password", "login"]);
        let enough = if is_named { SSO_NAMED_SURE } else { SSO_SURE };
        (chance >= enough && !is_ours && is_plain(passage)).then_some((chance, wanted > refused))
    });
    let (best, value) = told.first()?;
    // One who says both says that it depends.
    let is_divided = |(ranked, wanted): &(Ranked<'a, 'a>, bool)| {
        ranked.passage.source.id == best.passage.source.id && wanted != value
    };
    if told.iter().any(is_divided) {
        return None;
    }
    let agreeing: Vec<Ranked<'a, 'a>> =
        told.iter().filter(|(_, wanted)| wanted == value).map(|(ranked, _)| *ranked).collect();
    let statements = groups(&agreeing, 1, |_, _| true).iter().map(|group| statement(group, words)).collect();
    Some(Found { value: AnswerValue::YesNo(*value), statements, chance: best.chance, disagree: false })
}

/// Names under which a system is spoken of, by the name that forms tend to use.
const FAMILIES: [(&str, &[&str]); 8] = [
    (
        "microsoft 365",
        &["m365", "office 365", "o365", "sharepoint", "outlook", "exchange online", "onedrive", "teams"],
    ),
    ("google workspace", &["g suite", "gsuite", "gmail", "google calendar", "google drive", "google"]),
    ("salesforce", &["sfdc", "sales cloud", "service cloud"]),
    ("sap", &["s 4hana", "s 4", "sap business one", "ecc"]),
    ("netsuite", &["net suite", "oracle netsuite"]),
    ("entra id", &["azure ad", "azure active directory", "entra"]),
    ("microsoft dynamics", &["dynamics 365", "business central", "navision", "dynamics"]),
    ("jira", &["jira service management", "jira cloud"]),
];

/// The name in the passage that means the option, if there is one.
fn named(passage: &Passage<'_>, option: &str) -> Option<String> {
    let family = FAMILIES.iter().find(|(name, _)| padded(name) == padded(option));
    let known = family.into_iter().flat_map(|(_, names)| names.iter().copied());
    std::iter::once(option).chain(known).find(|name| names(&passage.words, name)).map(str::to_owned)
}

/// Whether the passage leaves what it names out, or puts it off.
fn is_left_out(passage: &Passage<'_>) -> bool {
    passage.concepts.has("later_scope") && !passage.concepts.has("first_scope")
}

/// The options that some source plainly names in answer to the question.
pub(crate) fn options<'a>(
    question: &Question,
    request: &DraftRequest<'a>,
    ranking: &Ranking<'a>,
) -> Option<Found<'a>> {
    let words = Words::of(request.language);
    let asked = ranking.asked(question);
    let is_of_systems = Concepts::of(&question.wording).has("system_word");
    let mut chosen = Vec::new();
    let mut statements = Vec::new();
    for option in &question.options {
        let named = ranking.rank_weighed(|passage, chances| {
            let share = ranking.coverage(&asked, passage);
            let is_wanted = is_of_systems && chances[CONNECTED] >= CONNECTED_SURE;
            let belongs = is_wanted || share >= RELATED || is_proper(option);
            let is_named = self::named(passage, option).is_some() && belongs && is_plain(passage);
            is_named.then_some((share, is_wanted || !is_of_systems))
        });
        let is_connected = named.iter().any(|(_, is_wanted)| *is_wanted);
        let named: Vec<Ranked<'a, 'a>> = named.into_iter().map(|(ranked, _)| ranked).collect();
        let is_denied = named.iter().any(|ranked| {
            let name = self::named(ranked.passage, option).unwrap_or_default();
            is_negated_before(&ranked.passage.words, &name) || is_left_out(ranked.passage)
        });
        if !is_connected || is_denied {
            continue;
        }
        chosen.push(option.clone());
        statements.extend(groups(&named, 1, says_the_same).iter().map(|group| statement(group, &words)));
    }
    (!chosen.is_empty()).then_some(Found {
        value: AnswerValue::Choices(chosen),
        statements,
        chance: 0.8,
        disagree: false,
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
