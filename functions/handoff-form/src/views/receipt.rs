//! After the submit: what was handed over, to whom, read-only.

use super::summary;
use handoff_domain::answer::AnswerOrigin;
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::{CsmChoice, Handoff, Submission};
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

fn origin(origin: AnswerOrigin) -> Markup {
    match origin {
        AnswerOrigin::Accepted => badge(Tone::Neutral, "Draft accepted"),
        AnswerOrigin::Edited => badge(Tone::Info, "Draft edited"),
        AnswerOrigin::Written => badge(Tone::Good, "Written by you"),
    }
}
