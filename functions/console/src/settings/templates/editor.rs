//! The editor of one template, its preview and its versions.

use super::compare;
use super::input::{Errors, KINDS, Typed, TypedAction, TypedMilestone};
use crate::accounts::outline;
use crate::gate::Viewer;
use handoff_domain::pattern::SizeBand;
use handoff_domain::plan::Template;
use handoff_web::components::{Tone, drag_handle, error_summary, notice};
use handoff_web::fields::Field;
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
pub(super) fn published_meanwhile(newest: &Template) -> Markup {
    notice(
        Tone::Caution,
        "Somebody else published a version in the meantime",
        true,
        html! {
            p { "Nothing of yours is lost: it stands below, and nothing of it is published yet. Look at "
                a href={ "/settings/templates/" (newest.id) "/versions/" (newest.version) } target="_blank" rel="noopener" { "version " (newest.version) }
                ", then publish again: yours becomes the version after it." }
        },
    )
}

/// All errors with links to their fields.
pub(super) fn summary(typed: &Typed, errors: &Errors) -> Markup {
    if let Some(error) = errors.get("") {
        return notice(Tone::Bad, "This cannot be published", true, html! { p { (error) } });
    }
    let labels = errors.keys().map(|field| (field.clone(), (field.clone(), label_of(typed, field))));
    error_summary(errors, &labels.collect())
}

fn label_of(typed: &Typed, field: &str) -> String {
    let (what, id) = field.split_once('[').unwrap_or((field, ""));
    let id = id.trim_end_matches(']');
    let place = |one: &TypedMilestone| {
        one.id.as_str() == id || one.actions.iter().any(|action| action.id.as_str() == id)
    };
    let milestone = typed.milestones.iter().position(place).unwrap_or_default() + 1;
    match what {
        "name" => "Name".to_owned(),
        "arr_from" => "Lowest ARR".to_owned(),
        "arr_to" => "Highest ARR".to_owned(),
        "industries" => "Industries".to_owned(),
        "milestone" => format!("Milestone {milestone}"),
        _ => format!("An action of milestone {milestone}"),
    }
}

pub(super) fn page(viewer: &Viewer, typed: &Typed, errors: &Errors, news: &Markup) -> Markup {
    let path = path(typed);
    let is_new = typed.version == 0;
    html! {
        nav.small aria-label="Up" { a href="/settings/templates" { "Templates" } }
        div.page-head {
            div {
                h1 dir="auto" { @if is_new { "New template" } @else { (typed.name) } }
                p { @if is_new { "A plan of milestones, each with actions. Nothing is kept until you publish it." } @else { "Version " (typed.version) " is in use." } }
            }
        }
        (news)
        form method="post" action=(path) novalidate {
            // What Enter in a field presses: it keeps all and publishes nothing.
            button.visually-hidden name="do" value="keep" tabindex="-1" aria-hidden="true" { "Keep" }
            (viewer.proof())
            input type="hidden" name="version" value=(typed.version);
            (about(typed, errors))
            p.small.muted { "The last day of an action is counted in working days from the day on which its milestone can begin; empty means no last day. The welcome e-mail and the kickoff call are done by themselves, when the mail is sent and the call is recorded." }
            @for (place, one) in typed.milestones.iter().enumerate() { (milestone(typed, place, one, errors)) }
            div.actions {
                button.button.button--quiet name="do" value="add-milestone" formaction={ (path) "#end" } { "Add a milestone" }
            }
            div.toolbar #end {
                div.toolbar__inner {
                    span.toolbar__status { "Publishing makes version " (typed.version + 1) ". Accounts keep the plan that they have." }
                    button.button.button--quiet name="do" value="preview" { "Preview" }
                    button.button name="do" value="publish" { "Publish" }
                }
            }
        }
        @if typed.version > 1 { (versions(typed)) }
    }
}

fn path(typed: &Typed) -> String {
    format!("/settings/templates/{}", typed.id)
}

fn versions(typed: &Typed) -> Markup {
    html! {
        section {
            div.section-head { h2 { "Earlier versions" } p { "They never change: each account keeps the one that it began with." } }
            ul.plain.card {
                @for version in (1..typed.version).rev() { li { a href={ (path(typed)) "/versions/" (version) } { "Version " (version) ", and what is different now" } } }
            }
        }
    }
}

fn about(typed: &Typed, errors: &Errors) -> Markup {
    let has_rule = !typed.sizes.is_empty()
        || [&typed.arr_from, &typed.arr_to, &typed.industries].iter().any(|text| !text.is_empty());
    html! {
        section.card aria-label="Name and rule" {
            (Field::text("name", "Name", &typed.name).help("CSMs see it on the account.").error(errors.get("name")).input())
            details open[has_rule] {
                summary { "For which accounts" }
                div.stack-tight {
                    p.small.muted { "All that you give here must fit. Of several templates that fit, the one that asks for most is chosen; then the order of the list counts. Without a rule the template is chosen by hand." }
                    fieldset {
                        legend.field-label { "Size of the company, in people" }
                        div.choices.choices--short {
                            @for size in SizeBand::ALL {
                                label.choice { input type="checkbox" name="sizes" value=(size.as_str()) checked[typed.sizes.contains(&size)]; span { (size.as_str()) } }
                            }
                        }
                    }
                    div.fields {
                        (Field::text("arr_from", "Lowest ARR", &typed.arr_from).help("In whole units of any currency.").error(errors.get("arr_from")).input())
                        (Field::text("arr_to", "Highest ARR", &typed.arr_to).help("Itself included.").error(errors.get("arr_to")).input())
                    }
                    (Field::text("industries", "Industries, one on each line", &typed.industries).help("As the CRM names them. Case and “&” do not matter.").error(errors.get("industries")).area(3))
                }
            }
        }
    }
}

/// A button that sends the whole page with one step, and comes back to where it was pressed.
fn step(typed: &Typed, (step, id, at): (&str, &str, &str), label: &str, of: &str, is_off: bool) -> Markup {
    html! {
        button.button.button--quiet.button--small name="do" value={ (step) ":" (id) } formaction={ (path(typed)) "#" (at) } disabled[is_off]
            aria-label={ (label) ": " (of) } { (label) }
    }
}

fn milestone(typed: &Typed, place: usize, one: &TypedMilestone, errors: &Errors) -> Markup {
    let id = one.id.as_str();
    let (number, at) = (place + 1, format!("edit-m-{id}"));
    let field = format!("milestone[{id}]");
    let of = format!("milestone {number}");
    let button = |what: &str, label: &str, is_off: bool| step(typed, (what, id, &at), label, &of, is_off);
    html! {
        section.card id=(at) aria-labelledby={ "title-" (id) } {
            div.card__title {
                h2 id={ "title-" (id) } { "Milestone " (number) @if !one.title.is_empty() { span dir="auto" { ": " (one.title) } } }
                @if one.removed { span.badge.badge--caution { "Removed with the next version" } }
                @else {
                    div.actions {
                        (button("milestone-up", "Up", place == 0))
                        (button("milestone-down", "Down", number == typed.milestones.len()))
                        (button("milestone-remove", "Remove", false))
                    }
                }
            }
            input type="hidden" name="order" value={ "milestone:" (id) };
            @if one.removed {
                input type="hidden" name=(field) value=(one.title);
                input type="hidden" name={ "gone[" (id) "]" } value="yes";
                @for action in &one.actions { (hidden(action)) }
                div.actions { (button("milestone-restore", "Bring back", false)) }
            } @else {
                (Field::text(&field, "What is reached", &one.title).error(errors.get(&field)).input())
                ol.edit-list data-sortable data-said="It counts once you publish." {
                    @for (at, edited) in one.actions.iter().enumerate() {
                        li id={ "edit-a-" (edited.id) } data-sortable-row { (action(typed, (number, at + 1), edited, errors)) }
                    }
                }
                div.actions #{ "end-" (id) } { (step(typed, ("add-action", id, &format!("end-{id}")), "Add an action", &of, false)) }
            }
        }
    }
}

/// Its buttons are never off: at its end of a milestone it goes on into the next one, and it may be dragged there.
fn action(
    typed: &Typed,
    (milestone, number): (usize, usize),
    edited: &TypedAction,
    errors: &Errors,
) -> Markup {
    let id = edited.id.as_str();
    let of = if edited.title.is_empty() {
        format!("action {number} of milestone {milestone}")
    } else {
        edited.title.clone()
    };
    let at = format!("edit-a-{id}");
    let button = |what: &str, label: &str| step(typed, (what, id, &at), label, &of, false);
    let (title, kind, days) = (format!("title[{id}]"), format!("kind[{id}]"), format!("days[{id}]"));
    if edited.removed {
        return html! {
            (hidden(edited))
            p { del.muted dir="auto" { (edited.title) } " " span.badge.badge--caution { "Removed" } }
            div.actions { (button("action-restore", "Bring back")) }
        };
    }
    html! {
        input type="hidden" name="order" value={ "action:" (id) };
        div.edit-row {
            (Field::text(&title, "What is done", &edited.title).error(errors.get(&title)).input())
            (Field::text(&kind, "How", &edited.kind).error(errors.get(&kind)).select(&KINDS))
            (Field::text(&days, "Days", &edited.days).kind("number").error(errors.get(&days)).input())
            div.actions {
                (drag_handle())
                (button("action-up", "Up"))
                (button("action-down", "Down"))
                (button("action-remove", "Remove"))
            }
        }
    }
}

fn hidden(action: &TypedAction) -> Markup {
    let id = &action.id;
    html! {
        input type="hidden" name="order" value={ "action:" (id) };
        @for (name, value) in [("title", action.title.as_str()), ("kind", &action.kind), ("days", &action.days), ("removed", if action.removed { "yes" } else { "" })] {
            input type="hidden" name={ (name) "[" (id) "]" } value=(value);
        }
    }
}

/// The plan as a CSM gets it.
pub(super) fn preview(viewer: &Viewer, typed: &Typed, next: &Template) -> Markup {
    let rule = compare::rule(&next.rule);
    html! {
        div.page-head { div { h1 { "Preview" } p { "The plan as a CSM gets it. Nothing is published yet." } } }
        section.card {
            div.card__title { h2 dir="auto" { (next.name) } }
            p { @if rule.is_empty() { "Chosen by hand, or for all other accounts." } @else { "For " b { (rule) } } }
            (outline(next))
            p.small.muted { "Days are counted from the day on which a milestone can begin: the first one with the handoff, each other one when the one before is done." }
        }
        form method="post" action=(path(typed)) {
            (viewer.proof())
            (kept(typed))
            div.actions {
                button.button.button--quiet name="do" value="keep" { "Back to editing" }
                button.button name="do" value="publish" { "Publish version " (next.version) }
            }
        }
    }
}

fn kept(typed: &Typed) -> Markup {
    html! {
        @for (name, value) in [("version", typed.version.to_string().as_str()), ("name", &typed.name), ("arr_from", &typed.arr_from), ("arr_to", &typed.arr_to), ("industries", &typed.industries)] {
            input type="hidden" name=(name) value=(value);
        }
        @for size in &typed.sizes { input type="hidden" name="sizes" value=(size.as_str()); }
        @for milestone in &typed.milestones {
            input type="hidden" name="order" value={ "milestone:" (milestone.id) };
            input type="hidden" name={ "milestone[" (milestone.id) "]" } value=(milestone.title);
            input type="hidden" name={ "gone[" (milestone.id) "]" } value=(if milestone.removed { "yes" } else { "" });
            @for action in &milestone.actions { (hidden(action)) }
        }
    }
}

/// An earlier version, and what is different now.
pub(super) fn version(old: &Template, current: &Template) -> Markup {
    let told = compare::told(Some(old), current);
    html! {
        nav.small aria-label="Up" { a href={ "/settings/templates/" (current.id) } { (current.name) } }
        div.page-head { div { h1 { "Version " (old.version) } p { "Accounts that began with it keep it." } } }
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
            h2 { "What stands in it" }
            (outline(old))
        }
    }
}
