//! Sources that disagree: two voices, two versions, and nothing that says which of them holds.

use super::counts::{Count, counts};
use super::disputes::{People, Power, matters};
use super::hash_id;
use crate::clean;
use crate::drafter::DraftRequest;
use crate::evidence::citation_at;
use crate::extractive::{Material, Mention, Passage, Words, is_denied, precise};
use handoff_domain::Timestamp;
use handoff_domain::finding::{Conflict, ConflictKind, Version};
use handoff_domain::id::{ConflictId, QuestionId};
use handoff_domain::source::SourceKind;
use std::collections::{BTreeMap, BTreeSet};

/// How surely a sentence must tell the start for its date to be one of the start.
const SURE: f32 = 0.5;

/// Two counts of the same thing are nearer to each other than this; farther apart, one is a part of the other.
const NEAR: f32 = 0.6;

/// Who names two ways has not chosen one: `before the migration, or not until July`.
const ALTERNATIVES: [&str; 5] = [" or ", " either ", " oder ", " ou ", " o bien "];

/// Conflicts that are shown.
const CONFLICTS_MAX: usize = 6;

/// One sentence's version of the matter.
struct Said<'p, 'a, T> {
    passage: &'p Passage<'a>,
    what: T,
}

/// All that are worth an AE's time, the most telling first.
pub(super) fn conflicts(request: &DraftRequest<'_>, material: &Material<'_>) -> Vec<Conflict> {
    let words = Words::of(request.language);
    let mut found: Vec<Conflict> = dates(request, material, &words).into_iter().collect();
    found.extend(numbers(request, material, &words));
    found.extend(names(request, material, &words));
    found.extend(scopes(request, material, &words));
    // Two words of the same two sentences are one matter.
    let mut known = BTreeSet::new();
    found.retain(|conflict| known.insert(conflict.id.clone()));
    found.truncate(CONFLICTS_MAX);
    found
}

/// Two dates of the start.
fn dates(request: &DraftRequest<'_>, material: &Material<'_>, words: &Words) -> Option<Conflict> {
    let is_added = |passage: &Passage<'_>| passage.source.kind == SourceKind::Context;
    if material.passages.iter().any(|passage| is_added(passage) && !precise(passage.text()).is_empty()) {
        return None;
    }
    let told = material.told("go_live", SURE).filter_map(|passage| {
        let named = precise(passage.text());
        let concepts = passage.concepts;
        let is_plain = !passage.is_question
            && !concepts.has("later_scope")
            && (!concepts.has("paper_date") || concepts.has("go_live"))
            && !is_denied(&passage.words)
            && !ALTERNATIVES.iter().any(|word| passage.words.contains(word))
            && passage.source.kind != SourceKind::Deal;
        // A sentence with two days sets them in relation itself.
        let [date] = named.as_slice() else { return None };
        is_plain.then_some(Said { passage, what: *date })
    });
    let told: Vec<Said<'_, '_, Mention>> = told.collect();
    let versions = open_versions(told, |one, other| one.agrees(*other))?;
    let shown = versions.iter().map(|said| version(said.iter().map(|said| said.passage))).collect();
    conflict(request, Some("go_live"), ConflictKind::Date, words.go_live_date.to_owned(), shown)
}

/// Two counts of the same thing.
fn numbers(request: &DraftRequest<'_>, material: &Material<'_>, words: &Words) -> Vec<Conflict> {
    let mut by_stem: BTreeMap<String, Vec<Said<'_, '_, Count>>> = BTreeMap::new();
    for passage in material.passages.iter().filter(|passage| is_counting(passage)) {
        for count in counts(passage) {
            by_stem.entry(count.stem.clone()).or_default().push(Said { passage, what: count });
        }
    }
    let near = |one: u32, other: u32| one.min(other) as f32 / one.max(other) as f32 >= NEAR;
    let conflict = |said: Vec<Said<'_, '_, Count>>| {
        // What is much less than the most is a part of it.
        let most = said.iter().map(|said| said.what.number).max()?;
        let said: Vec<Said<'_, '_, Count>> =
            said.into_iter().filter(|said| near(said.what.number, most)).collect();
        let unit = said.first()?.what.unit.clone();
        let versions = open_versions(said, |one, other| one.number == other.number)?;
        if versions.len() != 2 {
            return None;
        }
        let shown = versions
            .iter()
            .map(|said| Version {
                text: format!("{} {}", said[0].what.number, said[0].what.unit),
                ..version(said.iter().map(|said| said.passage))
            })
            .collect();
        let subject = format!("{}: {unit}", words.number);
        // A count alone answers no question.
        self::conflict(request, None, ConflictKind::Number, subject, shown)
    };
    by_stem.into_values().filter_map(conflict).collect()
}

/// Two people who decide, or two who sign.
fn names(request: &DraftRequest<'_>, material: &Material<'_>, words: &Words) -> Vec<Conflict> {
    let people = People::of(request.sources);
    let mut by_power: BTreeMap<Power, Vec<Said<'_, '_, String>>> = BTreeMap::new();
    for passage in material.told("stakeholders", SURE) {
        if let Some((power, name)) = people.in_power(passage) {
            by_power.entry(power).or_default().push(Said { passage, what: name });
        }
    }
    let conflict = |(power, said): (Power, Vec<Said<'_, '_, String>>)| {
        let versions = open_versions(said, |one, other| one == other)?;
        let shown = versions.iter().map(|said| version(said.iter().map(|said| said.passage))).collect();
        let subject = if power == Power::Signs { words.who_signs } else { words.who_decides };
        // Settling it must not replace the whole list of people.
        self::conflict(request, None, ConflictKind::Name, subject.to_owned(), shown)
    };
    by_power.into_iter().filter_map(conflict).collect()
}

/// What one source takes into the start and another leaves out of it.
fn scopes(request: &DraftRequest<'_>, material: &Material<'_>, words: &Words) -> Vec<Conflict> {
    let conflict = |(name, said): (String, Vec<(&Passage<'_>, bool)>)| {
        let said = said.into_iter().map(|(passage, taken_in)| Said { passage, what: taken_in }).collect();
        let versions = open_versions(said, |one, other| one == other)?;
        let shown = versions.iter().map(|said| version(said.iter().map(|said| said.passage))).collect();
        let subject = format!("{}: {name}", words.scope);
        self::conflict(request, None, ConflictKind::Scope, subject, shown)
    };
    matters(&material.passages).into_iter().filter_map(conflict).collect()
}

/// Goals name two numbers on purpose, corrections and parts another one.
fn is_counting(passage: &Passage<'_>) -> bool {
    let is_other = passage.concepts.has_any(&["goal", "later_scope"]);
    !passage.is_question && !is_other
}

/// The versions, newest first, when two voices stand against each other and neither took anything back. Each holds the
/// passages that agree, newest first.
fn open_versions<'p, 'a, T>(
    mut said: Vec<Said<'p, 'a, T>>,
    agree: impl Fn(&T, &T) -> bool,
) -> Option<Vec<Vec<Said<'p, 'a, T>>>> {
    if said.iter().any(|said| said.passage.source.kind == SourceKind::Context) {
        return None;
    }
    said.sort_by(|a, b| {
        date_of(b).cmp(&date_of(a)).then_with(|| a.passage.source.id.cmp(&b.passage.source.id))
    });
    let mut versions: Vec<Vec<Said<'p, 'a, T>>> = Vec::new();
    for one in said {
        match versions.iter_mut().find(|version| agree(&version[0].what, &one.what)) {
            Some(version) => version.push(one),
            None => versions.push(vec![one]),
        }
    }
    let [newest, older @ ..] = versions.as_slice() else { return None };
    let is_correction = newest.iter().any(|said| said.passage.concepts.has("moved"));
    let voices =
        |version: &[Said<'p, 'a, T>]| version.iter().map(|said| voice(said.passage)).collect::<Vec<_>>();
    let latest = voices(newest);
    // Who says something else later has changed their mind.
    let stands = |version: &Vec<Said<'p, 'a, T>>| {
        voices(version).iter().all(|voice| !latest.contains(voice))
            && version
                .iter()
                .all(|old| newest.iter().all(|new| old.passage.source.id != new.passage.source.id))
    };
    let kept = older.iter().filter(|version| stands(version)).count();
    if is_correction || kept == 0 || kept < older.len() {
        return None;
    }
    Some(versions)
}

fn date_of<T>(said: &Said<'_, '_, T>) -> Option<Timestamp> {
    said.passage.source.date
}

/// Whose word it is. A note of ours reports someone else's, so each is a voice of its own.
fn voice(passage: &Passage<'_>) -> String {
    let source = passage.source;
    let author =
        passage.speaker.as_deref().or(source.author.as_deref().filter(|_| source.kind == SourceKind::Email));
    author.map_or_else(
        || source.id.to_string(),
        |author| author.split('<').next().unwrap_or_default().trim().to_lowercase(),
    )
}

fn version<'p, 'a: 'p>(passages: impl Iterator<Item = &'p Passage<'a>>) -> Version {
    let passages: Vec<&Passage<'_>> = passages.collect();
    let text =
        passages.first().map(|first| clean::one_line(&first.source.body[first.whole()])).unwrap_or_default();
    Version {
        text,
        date: passages.iter().filter_map(|passage| passage.source.date).max(),
        citations: passages
            .iter()
            .take(3)
            .map(|passage| citation_at(passage.source, passage.whole()))
            .collect(),
    }
}

fn conflict(
    request: &DraftRequest<'_>,
    question: Option<&str>,
    kind: ConflictKind,
    subject: String,
    versions: Vec<Version>,
) -> Option<Conflict> {
    let mut said: Vec<&str> = versions.iter().map(|version| version.text.as_str()).collect();
    said.sort_unstable();
    let id = ConflictId::parse(hash_id("c-", &said.join("\n"))).ok()?;
    let asked = |id: &QuestionId| question == Some(id.as_str());
    let question = request.questions.iter().map(|known| &known.id).find(|id| asked(id)).cloned();
    Some(Conflict { id, question, kind, subject, versions })
}
