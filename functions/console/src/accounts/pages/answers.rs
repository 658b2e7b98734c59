//! Questions with their answers, who wrote them and what they rest on; the AE's note, conflicts, promises.

use super::Shown;
use handoff_domain::answer::{AnswerOrigin, AnswerValue};
use handoff_domain::draft::Drafts;
use handoff_domain::finding::Settlement;
use handoff_domain::handoff::{Handoff, Submission};
use handoff_domain::id::{ConflictId, PromiseId};
use handoff_domain::question::Question;
use handoff_domain::rating::Usefulness;
use handoff_views::{conflict, evidence, promise};
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, text};
use std::collections::{BTreeMap, BTreeSet};

/// What one question shows.
struct Shows {
    value: Option<AnswerValue>,
    by: Markup,
}

/// As handed over, or as it stands with the AE.
pub(super) fn current(shown: &Shown<'_>, drafts: &Drafts) -> Markup {
    let handoff = shown.handoff();
    match &handoff.submission {
        Some(submission) => frozen(shown, drafts, submission, handoff.round),
        None => html! {
            (questions(shown, drafts, "Answers so far", |question| so_far(shown, handoff, drafts, question)))
            (note(&handoff.note, &handoff.ae.name))
            (conflicts(shown, drafts, &handoff.settled))
            (promises(shown, drafts, &handoff.dropped_promises))
        },
    }
}

/// As it was submitted.
pub(super) fn frozen(shown: &Shown<'_>, drafts: &Drafts, submission: &Submission, round: u32) -> Markup {
    let rated = shown.account.ratings.iter().find(|rated| rated.round == round);
    let is_wrong = |question: &Question| {
        rated.is_some_and(|rated| rated.rating.useful.get(&question.id) == Some(&Usefulness::Wrong))
    };
    let ae = ae_name(shown.handoff());
    html! {
        (note(&submission.note, ae))
        (questions(shown, drafts, "What was handed over", |question| {
            let answer = submission.answers.get(&question.id);
            Shows { value: answer.map(|answer| answer.value.clone()), by: html! {
                @if let Some(answer) = answer { (origin(answer.origin, ae)) }
                @if is_wrong(question) { " " (badge(Tone::Bad, "Reported wrong")) }
            } }
        }))
        (conflicts(shown, drafts, &submission.settled))
        (promises(shown, drafts, &submission.dropped_promises))
    }
}

fn ae_name(handoff: &Handoff) -> &str {
    if handoff.ae.name.is_empty() { "the AE" } else { &handoff.ae.name }
}

fn so_far(shown: &Shown<'_>, handoff: &Handoff, drafts: &Drafts, question: &Question) -> Shows {
    let value = handoff.shown_value(drafts, &question.id).cloned();
    let by = match handoff.answers.get(&question.id) {
        Some(answer) => {
            html! { (badge(Tone::Info, "Saved by the AE")) " " span.small.muted { (text::moment(answer.saved_at, &shown.zone)) } }
        }
        None if value.is_some() => badge(Tone::Neutral, "Draft, not read yet"),
        None => html! {},
    };
    Shows { value, by }
}

fn origin(origin: AnswerOrigin, ae: &str) -> Markup {
    match origin {
        AnswerOrigin::Accepted => badge(Tone::Neutral, &format!("Draft, accepted by {ae}")),
        AnswerOrigin::Edited => badge(Tone::Info, &format!("Draft, edited by {ae}")),
        AnswerOrigin::Written => badge(Tone::Good, &format!("Written by {ae}")),
    }
}

fn questions(
    shown: &Shown<'_>,
    drafts: &Drafts,
    title: &str,
    answer_of: impl Fn(&Question) -> Shows,
) -> Markup {
    let reading = shown.reading(drafts);
    html! {
        section aria-labelledby="answers" {
            div.section-head { h2 #answers { (title) } }
            div.card.answers {
                @for question in &drafts.questions.questions {
                    @let Shows { value, by } = answer_of(question);
                    div {
                        h3 dir="auto" { (question.wording) }
                        @match value {
                            Some(value) => p.value dir="auto" { (value.to_plain_text()) },
                            None => p.value.muted { "Left open: ask the customer early" },
                        }
                        p { (by) }
                        div.question__tools { (evidence::tools(&reading, question)) }
                    }
                }
            }
        }
    }
}

fn note(note: &str, ae: &str) -> Markup {
    html! {
        @if !note.is_empty() {
            section.card.card--needs aria-labelledby="ae-note" {
                h2 #ae-note { "A word from " @if ae.is_empty() { "the AE" } @else { (ae) } }
                p.value dir="auto" { (note) }
            }
        }
    }
}

fn conflicts(shown: &Shown<'_>, drafts: &Drafts, settled: &BTreeMap<ConflictId, Settlement>) -> Markup {
    let reading = shown.reading(drafts);
    html! {
        @if !drafts.conflicts.is_empty() {
            section aria-labelledby="conflicts" {
                div.section-head { h2 #conflicts { "Where sources disagreed" } p { "What is open, confirm with the customer early." } }
                @for one in &drafts.conflicts { div.card { (conflict::settled(&reading, one, settled.get(&one.id))) } }
            }
        }
    }
}

fn promises(shown: &Shown<'_>, drafts: &Drafts, dropped: &BTreeSet<PromiseId>) -> Markup {
    let reading = shown.reading(drafts);
    let left_out = drafts.promises.iter().filter(|one| dropped.contains(&one.id)).count();
    html! {
        @if !drafts.promises.is_empty() {
            section aria-labelledby="promises" {
                div.section-head { h2 #promises { "What we promised" } }
                ul.card.promises {
                    @for one in drafts.promises.iter().filter(|one| !dropped.contains(&one.id)) {
                        li { h3 dir="auto" { (one.text) } (promise::said(&reading, one)) }
                    }
                    @if left_out > 0 { li { p.small.muted { (left_out) " taken out by the AE." } } }
                }
            }
        }
    }
}
