//! Which template an account's plan comes from, and the others.

use super::plan::{kind_name, working_days};
use super::{Said, Shown, Typed};
use crate::accounts::plan::is_of;
use crate::gate::Viewer;
use handoff_domain::plan::{Template, TemplateMilestone, Templates};
use handoff_store::AccountView;
use handoff_web::components::{Tone, badge, notice};
use handoff_web::{Markup, html};

pub(in crate::accounts) fn choose_plan(
    viewer: &Viewer,
    account: &AccountView,
    templates: &Templates,
    said: Option<&Said>,
) -> Markup {
    let typed = Typed::default();
    let shown = Shown::new(viewer, account, &typed);
    let plan = account.plan.as_ref();
    let may = plan.is_none_or(handoff_domain::plan::Plan::is_untouched);
    let fitting = templates.choose(&account.handoff.account).map(|template| &template.id);
    let is_current = |template: &Template| plan.is_some_and(|plan| is_of(plan, template));
    let mut in_order: Vec<&Template> = templates.in_use().collect();
    in_order.sort_by_key(|template| (!is_current(template), fitting != Some(&template.id)));
    html! {
        div.page-head {
            div {
                p.small { a href={ (shown.path) "#plan" } { (account.handoff.account.company) } }
                h1 { "Choose a plan" }
                p { "Another template takes the place of a plan as long as nothing of it was begun." }
            }
        }
        @if let Some(said) = said { (notice(said.tone, &said.words, true, html! {})) }
        @if !may {
            (notice(Tone::Info, "This plan is under way", false, html! {
                p { "Something of it was done already, so it stays. Add the actions that are missing to it, and skip those that are not needed." }
            }))
        }
        form method="post" action={ (shown.path) "/plan" } {
            (viewer.proof())
            @if let Some(plan) = plan { input type="hidden" name="seen" value=(plan.revision); }
            @for template in in_order {
                @let is_current = is_current(template);
                section.card aria-labelledby={ "template-" (template.id) } {
                    div.card__title {
                        h2 id={ "template-" (template.id) } dir="auto" { (template.name) }
                        span.badges {
                            @if is_current { (badge(Tone::Info, "This account\u{2019}s plan")) }
                            @if fitting == Some(&template.id) { (badge(Tone::Good, "Fits this account")) }
                        }
                    }
                    (outline(template))
                    @if may && !is_current {
                        button.button.button--quiet name="template" value=(template.id) aria-label={ "Use this plan: " (template.name) } { "Use this plan" }
                    }
                }
            }
        }
    }
}

/// A template in short, as whoever gets it sees it.
pub(crate) fn outline(template: &Template) -> Markup {
    html! { ol.outline { @for milestone in &template.milestones { li { (milestone_of(milestone)) } } } }
}

fn milestone_of(milestone: &TemplateMilestone) -> Markup {
    html! {
        h3 dir="auto" { (milestone.title) }
        ul.plain.small {
            @for action in &milestone.actions {
                li {
                    span dir="auto" { (action.title) } " "
                    span.muted { (kind_name(action.kind)) @if let Some(days) = action.days { ", within " (working_days(days)) } }
                }
            }
        }
    }
}
