//! The list of people and the form of one.

use super::input::{Errors, Typed};
use crate::gate::Viewer;
use handoff_domain::roster::{Loads, Member, Role};
use handoff_web::components::{Tone, badge, error_summary, field_error};
use handoff_web::fields::{Field, tick};
use handoff_web::text::{day, zone};
use handoff_web::{Markup, html};

/// What the form of a person shows.
pub(super) struct Form<'a> {
    pub(super) title: &'a str,
    /// Who is changed; `None` for somebody new.
    pub(super) known: Option<&'a Member>,
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a Errors,
    pub(super) news: Markup,
}

const LABELS: [(&str, &str); 8] = [
    ("name", "Name"),
    ("email", "Work e-mail address"),
    ("roles", "Roles"),
    ("expertise", "Expertise"),
    ("capacity", "Capacity"),
    ("away_from", "Away from"),
    ("away_until", "Back on"),
    ("booking_link", "Booking link"),
];

/// All errors with links to their fields.
pub(super) fn summary(errors: &Errors) -> Markup {
    let labels =
        LABELS.iter().map(|(name, label)| ((*name).to_owned(), ((*name).to_owned(), (*label).to_owned())));
    error_summary(errors, &labels.collect())
}

/// Everybody, by name.
pub(super) fn list(viewer: &Viewer, news: &Markup, loads: &Loads) -> Markup {
    let mut members: Vec<&Member> = viewer.roster.members.iter().collect();
    members.sort_by_key(|member| member.name.to_lowercase());
    html! {
        div.page-head {
            div { h1 { "Roster" } p { "Who hands over, who takes over, who decides. CSMs and admins can sign in with their address." } }
            div.actions {
                a.button href="/settings/roster/new" { "Add a person" }
                a.button.button--quiet href="/settings/roster/owners" { "From HubSpot" }
                a.button.button--quiet href="/settings/roster/import" { "Import a list" }
            }
        }
        (news)
        div.table-wrap {
            table.table.table--cards {
                caption.visually-hidden { "People" }
                thead { tr { th scope="col" { "Name" } th scope="col" { "Roles" } th scope="col" { "Expertise" } th scope="col" { "Accounts in onboarding" } th scope="col" { "Availability" } } }
                tbody { @for member in members { (row(viewer, member, loads)) } }
            }
        }
    }
}

fn row(viewer: &Viewer, member: &Member, loads: &Loads) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ "/settings/roster/" (member.id) } { (member.name) }
                small { (member.email) }
            }
            td data-label="Roles" { span.badges { @for role in &member.roles { (badge(tone(*role), role.label())) } } }
            td data-label="Expertise" { (member.expertise.join(", ")) }
            td data-label="Accounts in onboarding" { (carries(member, loads.of(&member.id))) }
            td data-label="Availability" { (availability(viewer, member)) }
        }
    }
}

/// What a CSM carries of what they can carry, with the way there.
fn carries(member: &Member, load: u32) -> Markup {
    html! {
        @if load > 0 { a href={ "/accounts?scope=all&csm=" (member.id) } { (load) span.visually-hidden { " of " (member.name) } } }
        @else if member.has(Role::Csm) { "0" }
        @if member.capacity > 0 { " of " (member.capacity) }
    }
}

fn tone(role: Role) -> Tone {
    match role {
        Role::Ae => Tone::Neutral,
        Role::Csm => Tone::Info,
        Role::Admin => Tone::Good,
    }
}

fn availability(viewer: &Viewer, member: &Member) -> Markup {
    let today = viewer.now.to_zoned(zone(&viewer.organization.time_zone)).date();
    let coming = member.away_from.filter(|from| today < *from);
    html! {
        @if member.is_away(today) {
            (badge(Tone::Caution, "Away"))
            @if let Some(back) = member.away_until { small { "back on " (day(back)) } }
        } @else if let Some(from) = coming {
            "Away from " (day(from))
            @if let Some(back) = member.away_until { small { "back on " (day(back)) } }
        } @else if member.has(Role::Csm) { "Here" }
    }
}

/// One person.
pub(super) fn form(viewer: &Viewer, form: &Form<'_>) -> Markup {
    let typed = form.typed;
    let action =
        form.known.map_or("/settings/roster".to_owned(), |member| format!("/settings/roster/{}", member.id));
    let field = |name: &'static str, value| {
        let label = LABELS.iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label);
        Field::text(name, label, value).error(form.errors.get(name))
    };
    html! {
        nav.small aria-label="Up" { a href="/settings/roster" { "Roster" } }
        h1 { (form.title) }
        (form.news)
        form method="post" action=(action) novalidate {
            (viewer.proof())
            input type="hidden" name="revision" value=(typed.revision);
            section.card {
                h2 { "Person" }
                div.fields {
                    (field("name", &typed.name).input())
                    (field("email", &typed.email).kind("email").input())
                    (roles(typed, form.errors.get("roles")))
                }
            }
            section.card {
                h2 { "As a CSM" }
                div.fields {
                    div.whole { (field("expertise", &typed.expertise).help("Tags with commas between: industries, sizes, products, languages. They rank CSMs for a customer.").input()) }
                    (field("capacity", &typed.capacity).kind("number").help("How many accounts in onboarding at once. Empty means not told.").input())
                    (field("booking_link", &typed.booking_link).kind("url").help("Where customers book the kickoff call.").input())
                    (field("away_from", &typed.away_from).kind("date").help("The first day away.").input())
                    (field("away_until", &typed.away_until).kind("date").help("The first day back; empty when not known.").input())
                }
            }
            div.actions { button.button { "Save" } a.button.button--quiet href="/settings/roster" { "Cancel" } }
        }
        @if let Some(member) = form.known { (removal(viewer, member)) }
    }
}

fn roles(typed: &Typed, error: Option<&String>) -> Markup {
    html! {
        fieldset.whole #roles tabindex="-1" aria-describedby=[error.map(|_| "roles-error")] {
            legend.field-label { "Roles" }
            (field_error("roles-error", error))
            div.choices {
                @for role in Role::ALL {
                    (tick("roles", role.as_str(), role.label(), typed.roles.iter().any(|typed| typed == role.as_str())))
                }
            }
        }
    }
}

fn removal(viewer: &Viewer, member: &Member) -> Markup {
    html! {
        details {
            summary { "Take " (member.name) " off the roster" }
            form.card method="post" action={ "/settings/roster/" (member.id) "/remove" } {
                (viewer.proof())
                input type="hidden" name="revision" value=(viewer.roster.revision);
                p { "They are signed out with their next click, and nobody can choose them any more. Accounts that they have stay theirs until you assign another CSM: the roster names them." }
                button.button.button--danger { "Yes, take " (member.name) " off" }
            }
        }
    }
}
