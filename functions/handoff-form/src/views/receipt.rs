//! After the submit: what was handed over, to whom, read-only.

use handoff_domain::answer::AnswerOrigin;
use handoff_domain::draft::Drafts;
use handoff_domain::finding::{Conflict, Promise, Settlement, Version};
use handoff_domain::handoff::{CsmChoice, Handoff, Submission};
use handoff_domain::settling::passed_on;
use handoff_views::summary;
use handoff_web::components::{Tone, badge};
use handoff_web::page::Page;
use handoff_web::{Markup, html, text};

/// The page; `None` when the handoff was not submitted.
pub fn page<'a>(handoff: &'a Handoff, drafts: &Drafts, title: &'a str) -> Option<Page<'a>> {
    let submission = handoff.submission.as_ref()?;
    let body = html! {
        (thanks(handoff, submission))
        (summary::customer(&handoff.account))
        (answers(drafts, submission))
        (conflicts(drafts, submission))
        (promises(handoff, drafts, submission))
        @if !submission.note.is_empty() {
            div.section-head { h2 { "Your word to the CSM" } }
            div.card { p.value { (submission.note) } }
        }
    };
    Some(Page { title, brand: &handoff.organization_name, script: None, body })
}

fn thanks(handoff: &Handoff, submission: &Submission) -> Markup {
    let zone = text::zone(&handoff.time_zone);
    let missing = matches!(submission.csm, CsmChoice::Placeholder { .. });
    html! {
        div.intro {
            span.tick aria-hidden="true" {
                svg viewBox="0 0 24 24" width="26" height="26" focusable="false" {
                    path d="M5 12.5l4.5 4.5L19 7.5" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" {}
                }
            }
            h1 { (handoff.account.company) " is handed over" }
            p.lead {
                @if missing { "An admin was told to find the right CSM (" (submission.csm_name) "). Whoever takes over gets everything below by e-mail." }
                @else { (submission.csm_name) " has everything below by e-mail and takes it from here." }
            }
            p.intro__meta {
                span { "Handed over " (text::moment(submission.at, &zone)) }
                @if let Some(link) = &handoff.link { span { "This page stays until " (text::day_at(link.expires_at, &zone)) } }
            }
            @if !missing { p.small { "Remembered something? Write to the CSM: answering the e-mail with your copy is enough." } }
        }
    }
}

fn answers(drafts: &Drafts, submission: &Submission) -> Markup {
    html! {
        div.section-head { h2 { "What you handed over" } }
        div.card.answers {
            @for question in &drafts.questions.questions {
                div {
                    h3 { (question.wording) }
                    @match submission.answers.get(&question.id) {
                        Some(answer) => {
                            p.value { (answer.value.to_plain_text()) }
                            (origin(answer.origin))
                        }
                        None => p.value.muted { "Left open" },
                    }
                }
            }
        }
    }
}

/// How each conflict was settled.
fn conflicts(drafts: &Drafts, submission: &Submission) -> Markup {
    html! {
        @if !drafts.conflicts.is_empty() {
            div.section-head { h2 { "Where sources disagreed" } }
            div.card.answers {
                @for conflict in &drafts.conflicts {
                    @let settled = submission.settled.get(&conflict.id);
                    div {
                        h3 { (conflict.title()) }
                        p.value { (outcome(conflict, settled)) }
                        @match settled {
                            Some(_) => (badge(Tone::Good, "Settled by you")),
                            None => (badge(Tone::Caution, "Left open: the CSM confirms it early")),
                        }
                    }
                }
            }
        }
    }
}

fn outcome(conflict: &Conflict, settled: Option<&Settlement>) -> String {
    let others = |skipped: Option<&Version>| {
        let texts = conflict.versions.iter().filter(|version| Some(*version) != skipped);
        texts.map(|version| version.text.as_str()).collect::<Vec<_>>()
    };
    match (conflict.chosen(settled), settled) {
        (Some(chosen), _) => format!("{} (not {})", chosen.text, others(Some(chosen)).join(", not ")),
        (None, Some(_)) => format!("None of these: {}", others(None).join(", ")),
        (None, None) => others(None).join(", or "),
    }
}

/// The promises that were passed on, and how many were not.
fn promises(handoff: &Handoff, drafts: &Drafts, submission: &Submission) -> Markup {
    let zone = text::zone(&handoff.time_zone);
    let kept: Vec<&Promise> = passed_on(drafts, &submission.dropped_promises).collect();
    let dropped = drafts.promises.len() - kept.len();
    html! {
        @if !drafts.promises.is_empty() {
            div.section-head { h2 { "What we promised" } }
            div.card.answers {
                @for promise in kept {
                    div {
                        h3 {
                            (promise.by.as_deref().unwrap_or("Sales"))
                            @if let Some(date) = promise.date { ", " (text::day_at(date, &zone)) }
                        }
                        p.value dir="auto" { (promise.text) }
                    }
                }
                @match dropped {
                    0 => {},
                    1 => p.muted.small { "One promise was left out by you." },
                    n => p.muted.small { (n) " promises were left out by you." },
                }
            }
        }
    }
}

fn origin(origin: AnswerOrigin) -> Markup {
    match origin {
        AnswerOrigin::Accepted => badge(Tone::Neutral, "Draft accepted"),
        AnswerOrigin::Edited => badge(Tone::Info, "Draft edited"),
        AnswerOrigin::Written => badge(Tone::Good, "Written by you"),
    }
}
