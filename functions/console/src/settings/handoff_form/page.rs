//! The editor, the preview and the versions.

use super::compare;
use super::input::{Asked, Errors, KINDS, Typed};
use crate::gate::Viewer;
use handoff_domain::question::{QuestionKind, QuestionSet};
use handoff_views::question as asked;
use handoff_web::components::{Tone, drag_handle, error_summary, notice};
use handoff_web::fields::{Field, tick};
use handoff_web::{Markup, html};

/// What stands over an editor whose steps are not published.
pub(super) fn unpublished() -> Markup {
    notice(
        Tone::Info,
        "Nothing is published yet",
        false,
        html! { p { "What you changed stands in this page only, until you publish it." } },
    )
}

/// What is said to somebody who was not the first.
pub(super) fn published_meanwhile(newest: &QuestionSet) -> Markup {
    notice(
        Tone::Caution,
        "Somebody else published a version in the meantime",
        true,
        html! {
            p { "Nothing of yours is lost: it stands below, and nothing of it is published yet. Look at "
                a href={ "/settings/handoff-form/versions/" (newest.version) } target="_blank" rel="noopener" { "version " (newest.version) }
                ", then publish again: yours becomes the version after it." }
        },
    )
}

/// All errors with links to their fields.
pub(super) fn summary(typed: &Typed, errors: &Errors) -> Markup {
    let labels = errors.keys().map(|field| {
        let id = field.split_once('[').map_or("", |(_, id)| id.trim_end_matches(']'));
        let place =
            typed.questions.iter().position(|asked| asked.question.id.as_str() == id).unwrap_or_default();
        (field.clone(), (field.clone(), format!("Question {}", place + 1)))
    });
    error_summary(errors, &labels.collect())
}

pub(super) fn editor(viewer: &Viewer, typed: &Typed, errors: &Errors, news: &Markup) -> Markup {
    html! {
        div.page-head { div { h1 { "Handoff form" } p { "What account executives are asked about every new customer. Version " (typed.version) " is in use." } } }
        (news)
        form method="post" action="/settings/handoff-form" novalidate {
            // What Enter in a field presses: it keeps all and publishes nothing.
            button.visually-hidden name="do" value="keep" tabindex="-1" aria-hidden="true" { "Keep" }
            (viewer.proof())
            input type="hidden" name="version" value=(typed.version);
            div data-sortable data-said="It counts once you publish." {
                @for (place, asked) in typed.questions.iter().enumerate() {
                    (question(place, asked, typed.questions.len(), errors))
                }
            }
            div.actions {
                button.button.button--quiet name="do" value="add" formaction="/settings/handoff-form#end" { "Add a question" }
            }
            div.toolbar #end {
                div.toolbar__inner {
                    span.toolbar__status { "Publishing makes version " (typed.version + 1) ". Handoffs under way keep theirs." }
                    button.button.button--quiet name="do" value="preview" { "Preview" }
                    button.button name="do" value="publish" { "Publish" }
                }
            }
        }
        @if typed.version > 1 { (versions(typed.version)) }
    }
}

fn versions(current: u32) -> Markup {
    html! {
        section {
            div.section-head { h2 { "Earlier versions" } p { "They never change: each handoff keeps the one that it began with." } }
            ul.plain.card {
                @for version in (1..current).rev() { li { a href={ "/settings/handoff-form/versions/" (version) } { "Version " (version) ", and what is different now" } } }
            }
        }
    }
}

fn question(place: usize, edited: &Asked, count: usize, errors: &Errors) -> Markup {
    let (question, number) = (&edited.question, place + 1);
    let id = &question.id;
    let name = |field: &str| format!("{field}[{id}]");
    let here = format!("/settings/handoff-form#edit-{id}");
    let step = |what: &str, label: &str, off: bool| {
        html! {
            button.button.button--quiet.button--small name="do" value={ (what) ":" (id) } formaction=(here) disabled[off] data-step=(what) {
                (label) span.visually-hidden { ": question " span data-number { (number) } }
            }
        }
    };
    html! {
        section.card #{ "edit-" (id) } aria-labelledby={ "title-" (id) } data-sortable-row {
            div.card__title {
                (drag_handle())
                h2 #{ "title-" (id) } { span data-number { (number) } ". " (if question.wording.is_empty() { "A new question" } else { &question.wording }) }
                @if edited.retired { span.badge.badge--caution { "Retired with the next version" } }
            }
            input type="hidden" name="order" value=(id);
            @if edited.retired {
                (hidden(edited))
                div.actions { (step("restore", "Bring back", false)) }
            } @else {
                (fields(edited, &name, errors))
                div.actions {
                    (step("up", "Up", place == 0))
                    (step("down", "Down", number == count))
                    (step("retire", "Retire", false))
                }
            }
        }
    }
}

fn fields(edited: &Asked, name: &impl Fn(&str) -> String, errors: &Errors) -> Markup {
    let question = &edited.question;
    let kinds: Vec<(&str, &str)> = KINDS.iter().map(|(name, label, _)| (*name, *label)).collect();
    let options = question.options.join("\n");
    let (wording, kind, help, placeholder, of) =
        (name("wording"), name("kind"), name("help"), name("placeholder"), name("options"));
    html! {
        (Field::text(&wording, "The question", &question.wording).error(errors.get(&wording)).input())
        div.fields {
            (Field::text(&kind, "How it is answered", value_of(question.kind)).select(&kinds))
            div { (tick(&name("required"), "yes", "Must be answered", question.required)) }
        }
        details open[errors.contains_key(&help) || errors.contains_key(&placeholder)] {
            summary { "Help and placeholder" }
            div.stack-tight {
                (Field::text(&help, "Help", &question.help).help("A sentence under the question.").error(errors.get(&help)).input())
                (Field::text(&placeholder, "Placeholder", &question.placeholder).help("Shown in the empty field.").error(errors.get(&placeholder)).input())
            }
        }
        details open[question.kind == QuestionKind::MultiSelect] {
            summary { "Options" }
            (Field::text(&of, "Options, one on each line", &options).help("Only for several of given options.").error(errors.get(&of)).area(4))
        }
    }
}

fn hidden(edited: &Asked) -> Markup {
    let question = &edited.question;
    let id = &question.id;
    let required = if question.required { "yes" } else { "" };
    let options = question.options.join("\n");
    html! {
        @for (name, value) in [
            ("retired", "yes"), ("wording", question.wording.as_str()), ("kind", value_of(question.kind)), ("required", required),
            ("help", &question.help), ("placeholder", &question.placeholder), ("options", &options),
        ] { input type="hidden" name={ (name) "[" (id) "]" } value=(value); }
    }
}

fn value_of(kind: QuestionKind) -> &'static str {
    KINDS.iter().find(|(_, _, known)| *known == kind).map_or("", |(name, _, _)| name)
}

/// The form as the account executive sees it, without drafts.
pub(super) fn preview(viewer: &Viewer, typed: &Typed, next: &QuestionSet) -> Markup {
    html! {
        div.page-head { div { h1 { "Preview" } p { "As the account executive sees it, before any draft. Nothing is published yet, and nothing typed here is kept." } } }
        form method="post" action="/settings/handoff-form" {
            (viewer.proof())
            input type="hidden" name="version" value=(typed.version);
            @for edited in &typed.questions {
                input type="hidden" name="order" value=(edited.question.id);
                (kept(edited))
            }
            div.actions {
                button.button.button--quiet name="do" value="keep" { "Back to editing" }
                button.button name="do" value="publish" { "Publish version " (next.version) }
            }
        }
        div.section-head { h2 { "The questions" } }
        @for question in &next.questions {
            section.card.question aria-labelledby={ (asked::control_id(&question.id)) "-label" } {
                @if asked::is_grouped(question) {
                    fieldset.stack-tight {
                        legend.visually-hidden { (question.wording) }
                        (asked::head(question))
                        (asked::field(question, &[], false))
                    }
                } @else {
                    (asked::head(question))
                    (asked::field(question, &[], false))
                }
            }
        }
    }
}

fn kept(edited: &Asked) -> Markup {
    let all = hidden(edited);
    if edited.retired {
        return all;
    }
    // The later field of a name counts.
    html! { (all) input type="hidden" name={ "retired[" (edited.question.id) "]" } value=""; }
}

/// An earlier version, and what is different now.
pub(super) fn version(old: &QuestionSet, current: &QuestionSet) -> Markup {
    let told = compare::told(old, current);
    html! {
        nav.small aria-label="Up" { a href="/settings/handoff-form" { "Handoff form" } }
        div.page-head { div { h1 { "Version " (old.version) } p { "Handoffs that began with it keep it." } } }
        @if old.version != current.version {
            section.card {
                h2 { "What is different in version " (current.version) }
                @if told.is_empty() { p { "Nothing." } }
                ul.history {
                    @for change in &told {
                        li { b { (change.field) } div.change {
                            @if !change.before.is_empty() { del { (change.before) } }
                            @if !change.before.is_empty() && !change.after.is_empty() { " → " }
                            @if !change.after.is_empty() { ins { (change.after) } }
                        } }
                    }
                }
            }
        }
        section.card {
            h2 { "What it asks" }
            ol.stack-tight {
                @for question in &old.questions {
                    li {
                        b { (question.wording) } " "
                        span.muted.small { (compare::kind(question.kind)) ", " (if question.required { "required" } else { "optional" }) }
                        @if !question.help.is_empty() { div.muted.small { (question.help) } }
                        @if !question.options.is_empty() { div.small { (question.options.join(", ")) } }
                    }
                }
            }
        }
    }
}
