//! All templates: for which accounts each is, and what can be done with it.

use super::compare;
use crate::gate::Viewer;
use handoff_domain::plan::{Template, Templates};
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html};

pub(super) fn page(viewer: &Viewer, templates: &Templates, news: &Markup) -> Markup {
    let in_use: Vec<&Template> = templates.in_use().collect();
    let archived: Vec<&Template> =
        templates.all.iter().filter(|one| templates.archived.contains(&one.id)).collect();
    html! {
        div.page-head {
            div { h1 { "Templates" } p { "What happens after a handoff. When an AE submits, the account gets the plan of the template whose rule fits." } }
            a.button href="/settings/templates/new" { "New template" }
        }
        (news)
        @for (place, template) in in_use.iter().enumerate() { (one(viewer, templates, template, place)) }
        @if !archived.is_empty() {
            section {
                div.section-head { h2 { "Archived" } p { "Not chosen any more and not offered. Accounts that have such a plan keep it." } }
                @for template in archived {
                    section.card aria-labelledby={ "template-" (template.id) } {
                        div.card__title { (title(template)) span.muted.small { (size(template)) } }
                        div.actions { (step(viewer, templates, template, "restore", "Bring back")) }
                    }
                }
            }
        }
    }
}

fn title(template: &Template) -> Markup {
    html! {
        h2 id={ "template-" (template.id) } dir="auto" { a href={ "/settings/templates/" (template.id) } { (template.name) } }
    }
}

fn one(viewer: &Viewer, templates: &Templates, template: &Template, place: usize) -> Markup {
    let is_default = templates.default == template.id;
    let rule = compare::rule(&template.rule);
    html! {
        section.card aria-labelledby={ "template-" (template.id) } {
            div.card__title {
                (title(template))
                @if is_default { (badge(Tone::Info, "All other accounts")) }
            }
            p {
                @if !rule.is_empty() { "For " b { (rule) } }
                @else if is_default { "For every account that no rule fits." }
                @else { "Chosen by hand only: it has no rule." }
            }
            p.small.muted { (size(template)) ", version " (template.version) }
            div.actions {
                a.button.button--quiet.button--small href={ "/settings/templates/" (template.id) } aria-label={ "Edit " (template.name) } { "Edit" }
                a.button.button--quiet.button--small href={ "/settings/templates/new?from=" (template.id) } aria-label={ "Copy " (template.name) } { "Copy" }
                @if place > 0 { (step(viewer, templates, template, "earlier", "Up")) }
                @if !is_default {
                    (step(viewer, templates, template, "default", "Use for all others"))
                    (step(viewer, templates, template, "archive", "Archive"))
                }
            }
        }
    }
}

fn step(viewer: &Viewer, templates: &Templates, template: &Template, step: &str, label: &str) -> Markup {
    html! {
        form.inline-form method="post" action={ "/settings/templates/" (template.id) "/" (step) } {
            (viewer.proof())
            input type="hidden" name="revision" value=(templates.revision);
            button.button.button--quiet.button--small aria-label={ (label) ": " (template.name) } { (label) }
        }
    }
}

fn size(template: &Template) -> String {
    let many =
        |count: usize, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    format!(
        "{}, {}",
        many(template.milestones.len(), "milestone"),
        many(template.actions().count(), "action")
    )
}
