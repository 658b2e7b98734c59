//! From ranked passages to an answer: what agrees is shown once, what disagrees side by side.

use crate::clean;
use crate::confidence::{Plainness, Reference, judge};
use crate::drafter::DraftRequest;
use crate::evidence::citation_at;
use crate::extractive::dates::{self, Mention};
use crate::extractive::passages::Passage;
use crate::extractive::ranking::Ranked;
use crate::words::Words;
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{Citation, Claim, Draft, DraftedBy};
use handoff_domain::finding::Conflict;
use handoff_domain::question::{Question, QuestionKind};
use handoff_domain::source::{Source, SourceKind};
use std::collections::BTreeSet;

/// Sentences of a long answer.
const SENTENCES_MAX: usize = 7;

/// Versions of a date.
const VERSIONS_MAX: usize = 3;

/// A sentence this much weaker than the best one is left out.
const WORTH_SHOWING: f32 = 0.2;

/// Two sentences that share so many of their words say the same.
const SAME_WORDS: f32 = 0.5;

/// Citations of one statement.
const CITATIONS_MAX: usize = 3;

/// One line of an answer and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Statement<'a> {
    /// The line, for people.
    pub(crate) text: String,
    /// Its quotes.
    pub(crate) citations: Vec<Citation>,
    /// The distinct sources that carry it.
    pub(crate) sources: Vec<&'a Source>,
}

/// An answer with all that it rests on.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    /// The answer.
    pub(crate) value: AnswerValue,
    /// Its lines; for a choice, one for each option.
    pub(crate) statements: Vec<Statement<'a>>,
    /// How probable it is, on average, that its lines answer.
    pub(crate) chance: f32,
    /// Whether the sources disagree about it.
    pub(crate) disagree: bool,
}

/// The draft of one question.
pub(crate) fn draft(
    question: &Question,
    found: Option<Found<'_>>,
    request: &DraftRequest<'_>,
    reference: Reference,
) -> Draft {
    let open = Draft::open(question.id.clone(), DraftedBy::Extractive, request.run.clone());
    let Some(found) = found else { return open };
    let statements: Vec<Vec<&Source>> =
        found.statements.iter().map(|statement| statement.sources.clone()).collect();
    let words = Words::of(request.language);
    let (confidence, reason) =
        judge(&statements, Plainness::Chance(found.chance), found.disagree, reference, &words);
    let claim = |statement: Statement<'_>| Claim { text: statement.text, citations: statement.citations };
    let claims = found.statements.into_iter().map(claim).collect();
    Draft { value: Some(found.value), claims, confidence: Some(confidence), reason, ..open }
}

/// The best sentences as an answer; both versions where the sources disagree.
pub(crate) fn sentences<'a>(
    question: &Question,
    request: &DraftRequest<'a>,
    ranked: &[Ranked<'a, 'a>],
    conflict: Option<&Conflict>,
) -> Option<Found<'a>> {
    let words = Words::of(request.language);
    let is_date = question.id.as_str() == "go_live";
    let groups = if is_date {
        dated(ranked, conflict.is_some())
    } else {
        let most = if question.kind == QuestionKind::Text { 1 } else { SENTENCES_MAX };
        as_written(groups(ranked, most, says_the_same))
    };
    let statements: Vec<Statement<'a>> = groups.iter().map(|group| statement(group, &words)).collect();
    let disagree = is_date && conflict.is_some() && statements.len() > 1;
    found(question, statements, mean(&groups), disagree)
}

/// How probable it is, on average, that the best of each group answers.
pub(crate) fn mean(groups: &[Vec<Ranked<'_, '_>>]) -> f32 {
    groups.iter().map(|group| group[0].chance).sum::<f32>() / groups.len().max(1) as f32
}

/// The best sentences that name a date, each date once, the newest first. Where nothing is in conflict the newest beats
/// the ones before it unless they agree or speak of another part.
fn dated<'a>(ranked: &[Ranked<'a, 'a>], in_conflict: bool) -> Vec<Vec<Ranked<'a, 'a>>> {
    let mentions = |ranked: &Ranked<'a, 'a>| dates::mentions(ranked.passage.text());
    let is_dated =
        |ranked: &&Ranked<'a, 'a>| !mentions(ranked).is_empty() && !dates::is_denied(&ranked.passage.words);
    let told: Vec<Ranked<'a, 'a>> = ranked.iter().filter(is_dated).copied().collect();
    if told.is_empty() {
        return groups(ranked, 1, says_the_same);
    }
    let agree = |a: &Ranked<'_, '_>, b: &Ranked<'_, '_>| {
        let of = |ranked: &Ranked<'_, '_>| dates::mentions(ranked.passage.text());
        of(a).iter().any(|one: &Mention| of(b).iter().any(|other| one.agrees(*other)))
    };
    let mut versions = groups(&told, VERSIONS_MAX, agree);
    let added = |group: &Vec<Ranked<'a, 'a>>| group[0].passage.source.kind == SourceKind::Context;
    if versions.iter().any(added) {
        versions.retain(added);
    }
    let newest =
        |group: &Vec<Ranked<'a, 'a>>| group.iter().filter_map(|ranked| ranked.passage.source.date).max();
    versions.sort_by_key(|group| std::cmp::Reverse(newest(group)));
    let is_corrected =
        versions.first().is_some_and(|group| group.iter().any(|ranked| ranked.passage.concepts.has("moved")));
    if is_corrected && !in_conflict {
        versions.truncate(1);
    }
    versions
}

/// The same groups with the sentences of one source next to each other, in the order in which they were written.
fn as_written<'a>(mut groups: Vec<Vec<Ranked<'a, 'a>>>) -> Vec<Vec<Ranked<'a, 'a>>> {
    let order: Vec<&Source> = groups.iter().map(|group| group[0].passage.source).collect();
    groups.sort_by_key(|group| {
        let passage = group[0].passage;
        (order.iter().position(|source| source.id == passage.source.id), passage.range.start)
    });
    groups
}

/// The passages worth showing, grouped by what agrees, the best of each group first.
pub(crate) fn groups<'a>(
    ranked: &[Ranked<'a, 'a>],
    most: usize,
    agree: impl Fn(&Ranked<'a, 'a>, &Ranked<'a, 'a>) -> bool,
) -> Vec<Vec<Ranked<'a, 'a>>> {
    let enough = ranked.first().map_or(0.0, |best| best.score * WORTH_SHOWING);
    let mut groups: Vec<Vec<Ranked<'a, 'a>>> = Vec::new();
    for candidate in ranked.iter().filter(|candidate| candidate.score >= enough) {
        // What a sentence that points back quotes as well is not said twice: the longer quote stands for both.
        if let Some(known) = groups.iter_mut().flatten().find(|known| overlap(known, candidate)) {
            if candidate.passage.whole().len() > known.passage.whole().len() {
                known.passage = candidate.passage;
            }
            continue;
        }
        if let Some(group) = groups.iter_mut().find(|group| agree(&group[0], candidate)) {
            let is_other = group.iter().all(|known| known.passage.source.id != candidate.passage.source.id);
            if is_other && group.len() < CITATIONS_MAX {
                group.push(*candidate);
            }
        } else if groups.len() < most {
            groups.push(vec![*candidate]);
        }
    }
    groups
}

/// Whether the quotes of both share a place.
fn overlap(a: &Ranked<'_, '_>, b: &Ranked<'_, '_>) -> bool {
    let (one, other) = (a.passage.whole(), b.passage.whole());
    a.passage.source.id == b.passage.source.id && one.start < other.end && other.start < one.end
}

/// Whether two passages share most of the words of the shorter one.
pub(crate) fn says_the_same(a: &Ranked<'_, '_>, b: &Ranked<'_, '_>) -> bool {
    let set = |ranked: &Ranked<'_, '_>| ranked.passage.stems.iter().cloned().collect::<BTreeSet<String>>();
    let (a, b) = (set(a), set(b));
    let shorter = a.len().min(b.len());
    shorter > 0 && a.intersection(&b).count() as f32 / shorter as f32 >= SAME_WORDS
}

/// One line from the best passage of a group, with a quote from each.
pub(crate) fn statement<'a>(group: &[Ranked<'a, 'a>], words: &Words) -> Statement<'a> {
    let text = group.first().map(|best| line(best.passage, words)).unwrap_or_default();
    Statement {
        text,
        citations: group
            .iter()
            .map(|ranked| citation_at(ranked.passage.source, ranked.passage.whole()))
            .collect(),
        sources: group.iter().map(|ranked| ranked.passage.source).collect(),
    }
}

/// The sentence as it stands, and who said it when: it is not our own claim.
fn line(passage: &Passage<'_>, words: &Words) -> String {
    let text = clean::one_line(&passage.source.body[passage.whole()]);
    // What the label of a record says the question says as well.
    let is_labelled = passage.source.kind == SourceKind::Deal && passage.label.trim() != "";
    let value = text.split_once(": ").filter(|_| is_labelled && passage.told_from == passage.range.start);
    format!("{} ({})", value.map_or(text.as_str(), |(_, value)| value), attribution(passage, words))
}

fn attribution(passage: &Passage<'_>, words: &Words) -> String {
    let source = passage.source;
    let name = |author: &str| clean::one_line(author.split('<').next().unwrap_or_default());
    let who = passage.speaker.as_deref().or(source.author.as_deref()).map(name).filter(|who| !who.is_empty());
    let day = source.date.filter(|_| source.kind != SourceKind::Deal).map(|date| words.day(date));
    let parts = [who, Some(words.kind(source.kind).to_owned()), day];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The lines as one answer; nothing when there are none.
pub(crate) fn found<'a>(
    question: &Question,
    statements: Vec<Statement<'a>>,
    chance: f32,
    disagree: bool,
) -> Option<Found<'a>> {
    let lines: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
    let text = match (lines.as_slice(), question.kind) {
        ([], _) => return None,
        ([only], _) => (*only).to_owned(),
        (lines, QuestionKind::Text) => lines.join("; "),
        (lines, _) => format!("- {}", lines.join("\n- ")),
    };
    Some(Found { value: AnswerValue::Text(text), statements, chance, disagree })
}
