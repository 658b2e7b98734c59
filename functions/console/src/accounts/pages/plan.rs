//! The plan on the account's page: milestones, their actions, and the step that each of them waits for.

use super::Shown;
use super::beside::name;
use crate::accounts::plan::KINDS;
use handoff_domain::account::AccountStatus;
use handoff_domain::limits::{PLAN_TITLE_MAX_CHARS, REASON_MAX_BYTES};
use handoff_domain::plan::{Action, ActionKind, ActionState, Mark, Milestone, MilestoneState, Plan, Purpose};
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, inline, text};
use jiff::civil::Date;

/// Whether this person works on the plan: it stands first on their page then.
pub(super) fn is_theirs(shown: &Shown<'_>) -> bool {
    let handoff = shown.handoff();
    let is_in_charge = handoff.csm_in_charge().is_some_and(|(csm, _)| csm == &shown.viewer.member.id);
    shown.account.plan.is_some() && handoff.submission.is_some() && is_in_charge
}

pub(super) fn section(shown: &Shown<'_>) -> Markup {
    match &shown.account.plan {
        Some(plan) => laid(shown, plan),
        None => missing(shown),
    }
}

/// An account that was started without a submit has none until somebody chooses one.
fn missing(shown: &Shown<'_>) -> Markup {
    html! {
        @if shown.handoff().account.status == AccountStatus::Onboarding {
            section.card #plan aria-labelledby="plan-title" {
                h2 #plan-title { "Plan" }
                p { "This account was started by hand and has no plan yet." }
                a.button href={ (shown.path) "/plan" } { "Choose a plan" }
            }
        }
    }
}

fn laid(shown: &Shown<'_>, plan: &Plan) -> Markup {
    let (all, done) =
        (plan.actions().count(), plan.milestones.iter().map(Milestone::finished).sum::<usize>());
    let today = shown.viewer.now.to_zoned(shown.zone.clone()).date();
    // A step that was refused leaves its place open.
    let open = plan.milestones.iter().find(|milestone| holds_typed(shown, milestone)).or(plan.ready());
    html! {
        section.card.plan #plan aria-labelledby="plan-title" {
            div.card__title {
                h2 #plan-title { "Plan" }
                p.muted.small { (plan.template) ", version " (plan.template_version) }
            }
            div.plan__progress {
                progress max=(all) value=(done) aria-label="Progress of the plan" {}
                span.small { (done) " of " (all) " done" }
            }
            @if plan.is_done() { p { (badge(Tone::Good, "All done")) " The customer is live." } }
            @for milestone in &plan.milestones {
                (one(shown, milestone, today, open.is_some_and(|open| open.id == milestone.id)))
            }
            @if plan.is_untouched() {
                p.small { a href={ (shown.path) "/plan" } { "Choose another plan" } }
            }
        }
    }
}

fn holds_typed(shown: &Shown<'_>, milestone: &Milestone) -> bool {
    let adds = shown.typed.action.as_ref().is_some_and(|typed| typed.milestone == milestone.id);
    let skips = shown.typed.skipped.as_ref();
    adds || skips.is_some_and(|(id, _)| milestone.actions.iter().any(|action| &action.id == id))
}

fn one(shown: &Shown<'_>, milestone: &Milestone, today: Date, is_open: bool) -> Markup {
    let overdue = milestone.actions.iter().any(|action| action.is_overdue(today));
    html! {
        details.milestone id={ "milestone-" (milestone.id) } open[is_open] {
            summary {
                span.milestone__title dir="auto" { (milestone.title) }
                span.milestone__state {
                    @match milestone.state {
                        MilestoneState::Waiting => span.muted.small { "Later" },
                        MilestoneState::Ready if overdue => (badge(Tone::Bad, "Overdue")),
                        MilestoneState::Ready => (badge(Tone::Info, "Now")),
                        MilestoneState::Done => (badge(Tone::Good, "Done")),
                    }
                    span.muted.small { (milestone.finished()) " of " (milestone.actions.len()) }
                }
            }
            ul.todo { @for action in &milestone.actions { li { (item(shown, milestone, action, today)) } } }
            (add(shown, milestone))
        }
    }
}

fn item(shown: &Shown<'_>, milestone: &Milestone, action: &Action, today: Date) -> Markup {
    let is_finished = action.state.is_finished();
    let path = format!("{}/milestones/{}/actions/{}", shown.path, milestone.id, action.id);
    html! {
        div.todo__item.todo__item--finished[is_finished] id={ "action-" (action.id) } {
            div {
                p.todo__title dir="auto" { (action.title) }
                p.todo__meta { (meta(shown, milestone, action, today)) }
                @if !action.reason.is_empty() { p.todo__meta dir="auto" { "“" (action.reason) "”" } }
            }
            form.todo__steps method="post" action={ (path) "/" (next_step(action)) } hx-boost=(inline::PAGE) data-said="The plan is changed." {
                (shown.viewer.proof())
                input type="hidden" name="seen" value=(action.state.as_str());
                (buttons(shown, &path, milestone, action))
            }
            @if !is_finished { (skip(shown, &path, action)) }
        }
    }
}

/// What the action waits for.
fn next_step(action: &Action) -> &'static str {
    if action.state.is_finished() { "reopen" } else { "complete" }
}

/// The step that the action waits for stands out, most of all with the first one to do; what can be done besides is quiet.
fn buttons(shown: &Shown<'_>, path: &str, milestone: &Milestone, action: &Action) -> Markup {
    let first = milestone.actions.iter().find(|one| !one.state.is_finished());
    let is_next =
        milestone.state == MilestoneState::Ready && first.is_some_and(|first| first.id == action.id);
    let button = |step: &str, label: &str, is_quiet: bool, is_bare: bool| {
        html! {
            button.button.button--small.button--quiet[is_quiet].button--bare[is_bare] formaction={ (path) "/" (step) }
                aria-label={ (label) ": " (action.title) } { (label) }
        }
    };
    let way = way(shown, action);
    let done = || match &way {
        // What the program does for it completes it: to say so by hand is for what was done elsewhere.
        Some((href, label)) => html! {
            a.button.button--small.button--quiet[!is_next] href=(href) aria-label={ (label) ": " (action.title) } { (label) }
            (button("complete", "Done", false, true))
        },
        None => button("complete", "Done", !is_next, false),
    };
    match action.state {
        ActionState::Open if way.is_some() => done(),
        ActionState::Open => html! { (done()) (button("start", "Start", false, true)) },
        ActionState::Started => html! { (done()) (button("reopen", "Not started", false, true)) },
        ActionState::Completed | ActionState::Skipped => button("reopen", "Reopen", false, true),
    }
}

/// Where the program does what this action is for.
fn way(shown: &Shown<'_>, action: &Action) -> Option<(String, &'static str)> {
    match action.purpose? {
        Purpose::Welcome => Some((format!("{}/welcome", shown.path), "Write it")),
        Purpose::Kickoff => Some(("#begin".to_owned(), "Plan it")),
    }
}

fn meta(shown: &Shown<'_>, milestone: &Milestone, action: &Action, today: Date) -> Markup {
    let by = |word: &str, mark: &Mark| {
        html! { span { (word) " by " (name(&mark.by, "")) ", " (text::day_at(mark.at, &shown.zone)) } }
    };
    html! {
        span { (kind_name(action.kind)) }
        @match (action.state, &action.finished, &action.started) {
            (ActionState::Completed, Some(mark), _) => (by("Done", mark)),
            (ActionState::Skipped, Some(mark), _) => (by("Skipped", mark)),
            (ActionState::Started, _, Some(mark)) => (by("Started", mark)),
            _ => {}
        }
        @if !action.state.is_finished() { (due(milestone, action, today)) }
    }
}

fn due(milestone: &Milestone, action: &Action, today: Date) -> Markup {
    html! {
        @match (action.due, action.days) {
            (Some(due), _) if due < today => (badge(Tone::Bad, &format!("Overdue since {}", text::day(due)))),
            (Some(due), _) if due == today => (badge(Tone::Caution, "Due today")),
            (Some(due), _) => span { "Due " (text::day(due)) },
            (None, Some(days)) if milestone.state == MilestoneState::Waiting => span { (working_days(days)) " once it begins" },
            _ => {}
        }
    }
}

/// For people: `3 working days`.
pub(crate) fn working_days(days: u16) -> String {
    if days == 1 { "1 working day".to_owned() } else { format!("{days} working days") }
}

/// What people call a kind of action.
pub(crate) fn kind_name(kind: ActionKind) -> &'static str {
    KINDS.iter().find(|(.., known)| *known == kind).map_or("", |(_, label, _)| label)
}

fn skip(shown: &Shown<'_>, path: &str, action: &Action) -> Markup {
    let typed = shown.typed.skipped.as_ref().filter(|(id, _)| id == &action.id).map(|(_, reason)| reason);
    let field = format!("skip-{}", action.id);
    html! {
        details.todo__more open[typed.is_some()] {
            summary { "Skip" span.visually-hidden { ": " (action.title) } }
            form.stack-tight method="post" action={ (path) "/skip" } hx-boost=(inline::PAGE) data-said="The action is skipped." {
                (shown.viewer.proof())
                label for=(field) { "Why is it not needed?" }
                input.field id=(field) name="reason" required maxlength=(REASON_MAX_BYTES) value=[typed];
                button.button.button--quiet.button--small { "Skip it" }
            }
        }
    }
}

fn add(shown: &Shown<'_>, milestone: &Milestone) -> Markup {
    let typed = shown.typed.action.as_ref().filter(|typed| typed.milestone == milestone.id);
    let id = |field: &str| format!("{field}-{}", milestone.id);
    let fresh = || handoff_domain::id::ActionId::from_random(rand::random());
    html! {
        details.todo__more open[typed.is_some()] {
            summary { "Add an action" span.visually-hidden { " to " (milestone.title) } }
            form.stack-tight method="post" action={ (shown.path) "/milestones/" (milestone.id) "/actions" } hx-boost=(inline::PAGE) data-said="The action is added." {
                (shown.viewer.proof())
                input type="hidden" name="action" value=(typed.map_or_else(fresh, |typed| typed.id.clone()));
                label for=(id("title")) { "What is to be done?" }
                input.field id=(id("title")) name="title" required maxlength=(PLAN_TITLE_MAX_CHARS) value=[typed.map(|typed| &typed.title)];
                div.fields {
                    div {
                        label.field-label for=(id("kind")) { "Kind" }
                        select.field id=(id("kind")) name="kind" {
                            @for (name, label, kind) in KINDS { option value=(name) selected[typed.is_some_and(|typed| typed.kind == kind)] { (label) } }
                        }
                    }
                    div {
                        label.field-label for=(id("due")) { "Last day (may be empty)" }
                        input.field id=(id("due")) type="date" name="due" value=[typed.map(|typed| &typed.due)];
                    }
                }
                button.button.button--quiet.button--small { "Add it" }
            }
        }
    }
}
