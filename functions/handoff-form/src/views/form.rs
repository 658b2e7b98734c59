//! The form itself: what the AE sees for two minutes.

use super::{FormView, aside, conflicts, csm, promises, question};
use handoff_domain::draft::DraftedBy;
use handoff_domain::form::answer_field;
use handoff_domain::question::Question;
use handoff_views::{evidence, sources, summary};
use handoff_web::components::{Tone, error_summary, notice};
use handoff_web::page::Page;
use handoff_web::{Markup, assets, html, text};
use std::collections::BTreeMap;

/// The whole page.
pub fn page<'a>(view: &'a FormView<'a>, title: &'a str) -> Page<'a> {
    Page {
        title,
        brand: &view.handoff.organization_name,
        script: Some(assets::form_script()),
        body: body(view),
    }
}

/// Everything inside `<main>`.
fn body(view: &FormView<'_>) -> Markup {
    let path = &view.link.path;
    html! {
        (intro(view))
        @if let Some(message) = &view.message { (notice(message.tone, message.title, true, message.body.clone())) }
        (error_summary(view.errors, &labels(view)))
        (aside::said(view))
        (returned(view))
        (redraft_pending(view))
        (summary::customer(&view.handoff.account))
        form #handoff method="post" action={ (path) "/submit" } novalidate autocomplete="off"
            data-answers={ (path) "/answers" } data-opened={ (path) "/opened" } data-unsaved=[view.has_unsaved().then_some("yes")] data-redraft=[view.pending_redraft().map(|pending| pending.run.as_str())] {
            // The first button is the one that Enter presses in a field: it must be the harmless one.
            button.visually-hidden type="submit" formaction={ (path) "/answers" } tabindex="-1" aria-hidden="true" { "Save" }
            input type="hidden" name="csrf" value=(view.link.csrf);
            input type="hidden" name="version" value=(view.handoff.version);
            (questions(view))
            (conflicts::section(view))
            (promises::section(view))
            (csm_section(view))
            (note(view))
            (read_section(view))
            (aside::section(view))
            (toolbar(view))
        }
        (conflict_template())
        (evidence::new_tab())
    }
}

/// What the CSM wants to know, in a round that they opened.
fn returned(view: &FormView<'_>) -> Markup {
    html! {
        @if let Some(returned) = &view.handoff.returned {
            (notice(Tone::Info, &format!("{} asks you to look once more", returned.by), false, html! {
                p dir="auto" { "“" (returned.reason) "”" }
                p.small { "Everything that you handed over stands below. Change what it is about, then hand over again." }
            }))
        }
    }
}

fn intro(view: &FormView<'_>) -> Markup {
    let handoff = view.handoff;
    let first_name = handoff.ae.name.split_whitespace().next().unwrap_or_default();
    html! {
        div.intro {
            h1 { "Hand over " (handoff.account.company) }
            p.lead {
                @if !first_name.is_empty() { "Hi " (first_name) ". " }
                @if drafted(view) > 0 { "The answers are drafted from your CRM. Check them, add what only you know, and pass the customer on. About two minutes." }
                @else { "Write down what Customer Success needs to know, and pass the customer on." }
            }
            (progress(view))
        }
    }
}

fn drafted(view: &FormView<'_>) -> usize {
    view.drafts.drafts.iter().filter(|draft| draft.value.is_some()).count()
}

fn progress(view: &FormView<'_>) -> Markup {
    let questions = &view.drafts.questions.questions;
    let open = questions.iter().filter(|question| view.is_open(question)).count();
    html! {
        div.steps aria-hidden="true" {
            @for question in questions { i.done[!view.is_open(question)].open[view.is_open(question)] {} }
        }
        p.intro__meta {
            span {
                (drafted(view)) " of " (questions.len()) " drafted · "
                @match open { 0 => "all answered", 1 => strong { "1 needs you" }, n => strong { (n) " need you" } }
                span #open-conflicts { (disagreements(view)) }
            }
            @if let Some(link) = &view.handoff.link { span { "Link valid until " (text::day_at(link.expires_at, &view.zone())) } }
        }
    }
}

/// What is left to settle, in words.
fn disagreements(view: &FormView<'_>) -> String {
    match view.open_conflicts() {
        0 if view.drafts.conflicts.is_empty() => String::new(),
        0 => " · all conflicts settled".to_owned(),
        1 => " · 1 point where sources disagree".to_owned(),
        open => format!(" · {open} points where sources disagree"),
    }
}

fn labels(view: &FormView<'_>) -> BTreeMap<String, (String, String)> {
    let questions = view.drafts.questions.questions.iter();
    let mut labels: BTreeMap<_, _> =
        questions.map(|q| (answer_field(&q.id), (question::control_id(&q.id), q.wording.clone()))).collect();
    labels.extend(conflicts::labels(view).chain(promises::labels(view)));
    labels.insert("csm".to_owned(), ("csm".to_owned(), "Who takes over?".to_owned()));
    for (field, label) in aside::FIELDS {
        labels.insert(field.to_owned(), (format!("aside-{field}"), label.to_owned()));
    }
    labels.insert("note".to_owned(), ("note".to_owned(), "A word to the CSM".to_owned()));
    labels
}

fn redraft_pending(view: &FormView<'_>) -> Markup {
    html! {
        @if view.pending_redraft().is_some() {
            div #redraft-pending {
                (notice(Tone::Info, "A new draft is on its way", false, html! {
                    p { "It takes about a minute. You can go on; what you edit stays as you wrote it. " a href=(view.link.path) { "Reload the page" } " to see it." }
                }))
            }
        }
    }
}

fn questions(view: &FormView<'_>) -> Markup {
    let is_drafted =
        |question: &&Question| view.drafts.find(&question.id).is_some_and(|draft| draft.value.is_some());
    let (ready, yours): (Vec<&Question>, Vec<&Question>) =
        view.drafts.questions.questions.iter().partition(is_drafted);
    html! {
        @if !yours.is_empty() {
            div.section-head {
                h2 { "Only you know this" }
                p { "No record holds an answer. A sentence each is plenty; leave optional ones open if you don't know." }
            }
            @for question in yours { (question::card(view, question)) }
        }
        @if !ready.is_empty() {
            div.section-head {
                h2 { "Drafted for you" }
                p { "Machines are good at facts, dates and names, and weak at tone, politics and what nobody wrote down. Read every draft, also the good-looking ones." }
            }
            (fallback(view))
            @for question in ready { (question::card(view, question)) }
        }
    }
}

fn fallback(view: &FormView<'_>) -> Markup {
    let run = &view.drafts.run;
    html! {
        @if run.by == DraftedBy::Extractive {
            (notice(Tone::Neutral, "Drafted without an AI model", false, html! {
                p.small {
                    @if let Some(reason) = &run.fallback { (reason.trim_end_matches('.')) ". " }
                    "These answers are sentences picked word for word from your sources: check that each one answers its question."
                }
            }))
        }
    }
}

fn csm_section(view: &FormView<'_>) -> Markup {
    html! {
        div.section-head {
            h2 { "Who takes over?" }
            p #csm-help { "Best fits first. Choose by fit to this customer, not by free hours alone." }
        }
        (csm::choice(view))
        (csm::stored_beside(view))
    }
}

fn note(view: &FormView<'_>) -> Markup {
    let error = view.errors.get("note");
    let stored_otherwise = view.conflict
        && view
            .typed
            .input
            .note
            .as_ref()
            .is_some_and(|typed| typed.replace("\r\n", "\n") != view.handoff.note);
    html! {
        div.section-head {
            h2 { label for="note" { "A word to the CSM " span.question__need { "Optional" } } }
            p #note-help { "Who is your champion, who is against it? How do they like to be spoken to? What worries you that nobody wrote down?" }
        }
        div {
            (handoff_web::components::field_error("note-error", error))
            textarea.field #note name="note" rows="4" aria-describedby="note-help" aria-invalid=[error.map(|_| "true")] { "\n" (view.note()) }
            @if stored_otherwise { (question::saved_meanwhile("note", &view.handoff.note, vec![view.handoff.note.clone()])) }
        }
    }
}

fn read_section(view: &FormView<'_>) -> Markup {
    html! {
        div.section-head { h2 { "What was read" } }
        div.card {
            (sources::list(&view.reading()))
            (question::redraft(view, None))
        }
    }
}

fn toolbar(view: &FormView<'_>) -> Markup {
    let saved = view.handoff.answers.values().map(|answer| answer.saved_at).max();
    html! {
        div.toolbar {
            div.toolbar__inner {
                p.toolbar__status #status role="status" {
                    @match saved {
                        _ if view.has_unsaved() => "Not saved yet.",
                        Some(saved) => { "Saved " (text::moment(saved, &view.zone())) }
                        None => "Nothing is sent before you hand over.",
                    }
                }
                button.button.button--quiet #save type="submit" formaction={ (view.link.path) "/answers" } { "Save" }
                button.button type="submit" { "Hand over" }
            }
        }
    }
}

/// What the script shows when somebody else saved: cloned for each field, filled as text.
fn conflict_template() -> Markup {
    html! {
        template #conflict {
            div.notice.notice--caution role="alert" {
                p.notice__title { "Saved meanwhile, in another tab or by someone else" }
                p.quoted {}
                div.actions {
                    button.button.button--quiet type="button" data-keep="mine" { "Keep mine" }
                    button.button.button--quiet type="button" data-keep="theirs" { "Use this one" }
                }
            }
        }
    }
}
