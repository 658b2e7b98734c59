//! The organization's form.

use super::input::{AS_THE_ACCOUNT, Errors, LANGUAGES, Typed};
use crate::gate::Viewer;
use handoff_domain::organization::{MATERIAL_MONTHS, NextCsm};
use handoff_web::components::error_summary;
use handoff_web::fields::{Field, tick};
use handoff_web::{Markup, html};

/// What the form shows.
pub(super) struct Shown<'a> {
    pub(super) typed: &'a Typed,
    pub(super) errors: &'a Errors,
    /// What is to be said first.
    pub(super) news: Markup,
}

const LABELS: [(&str, &str); 14] = [
    ("name", "Name"),
    ("sender", "Sender of mails"),
    ("logo", "Logo"),
    ("time_zone", "Time zone"),
    ("language", "Language"),
    ("works_from", "Working hours, from"),
    ("works_until", "Working hours, until"),
    ("reminder_days", "Reminders, in days after the invitation"),
    ("link_life_days", "Life of a link, in days"),
    ("material_months", "Material from Sales is kept"),
    ("next_csm", "Who takes the next handoff"),
    ("handoffs_from", "Deals won from"),
    ("pipelines", "Pipelines"),
    ("deal_types", "Deal types"),
];

/// All errors with links to their fields.
pub(super) fn summary(errors: &Errors) -> Markup {
    let labels =
        LABELS.iter().map(|(name, label)| ((*name).to_owned(), ((*name).to_owned(), (*label).to_owned())));
    error_summary(errors, &labels.collect())
}

pub(super) fn body(viewer: &Viewer, shown: &Shown<'_>) -> Markup {
    let typed = shown.typed;
    let field = |name: &'static str, value| {
        let label = LABELS.iter().find(|(known, _)| *known == name).map_or(name, |(_, label)| label);
        Field::text(name, label, value).error(shown.errors.get(name))
    };
    let times = MATERIAL_MONTHS.map(|months| (months.to_string(), format!("{months} months")));
    let months: Vec<(&str, &str)> = std::iter::once(("", AS_THE_ACCOUNT))
        .chain(times.iter().map(|(value, label)| (value.as_str(), label.as_str())))
        .collect();
    html! {
        div.page-head { div { h1 { "Organization" } p { "Whose name the mails carry, where its time is, and which deals count." } } }
        (shown.news)
        form method="post" action="/settings/organization" enctype="multipart/form-data" novalidate {
            (viewer.proof())
            input type="hidden" name="revision" value=(typed.revision);
            section.card {
                h2 { "Name and language" }
                div.fields {
                    (field("name", &typed.name).help("In every mail, and at the top of every page.").input())
                    (field("language", &typed.language).help("Of the drafts.").select(&LANGUAGES))
                    div.whole { (field("sender", &typed.sender).help("The name that people see in front of the address. Empty: the one that this system was set up with.").input()) }
                    (logo(viewer, typed, field("logo", "")))
                }
            }
            section.card {
                h2 { "Time" }
                div.fields {
                    div.whole { (field("time_zone", &typed.time_zone).help("By its name in the tz database, for example Europe/Berlin.").input()) }
                    (field("works_from", &typed.works_from).kind("time").input())
                    (field("works_until", &typed.works_until).kind("time").help("").input())
                    div.whole { (field("reminder_days", &typed.reminder_days).help("Reminders go out when the working day begins, never on a weekend. From the second on, the AE counts as overdue and you read it in the daily digest. For example 3, 7, 14, 21, 28.").input()) }
                    (field("link_life_days", &typed.link_life_days).kind("number").help("1 to 30. Counts for links that are sent from now on.").input())
                }
            }
            section.card {
                h2 { "What is kept" }
                div.fields {
                    div.whole { (field("material_months", &typed.material_months).help("Whole notes, mails and calls, as they were read for a handoff. Answers and the quotes that they rest on stay. Counts from the day an account is made, for handoffs that are drafted from now on.").select(&months)) }
                }
            }
            section.card {
                h2 { "Who takes over" }
                div.fields {
                    div.whole { (field("next_csm", &typed.next_csm).help("What the form proposes. By fit: expertise, then room. In turn: whoever was given an account longest ago, of those who are here and have room. The AE can always choose somebody else.").select(&NextCsm::ALL.map(|one| (one.as_str(), one.label())))) }
                }
            }
            section.card {
                h2 { "Which deals count" }
                div.fields {
                    div.whole { (field("handoffs_from", &typed.handoffs_from).kind("datetime-local").help("Deals that were won earlier are never mailed by themselves. In the time zone above.").input()) }
                    (field("pipelines", &typed.pipelines).help("HubSpot's ids, one on each line. Empty means all.").area(3))
                    (field("deal_types", &typed.deal_types).help("HubSpot's internal names, one on each line. Empty means all. A deal without a type counts as newbusiness.").area(3))
                }
            }
            div.actions { button.button { "Save" } }
        }
    }
}

fn logo(viewer: &Viewer, typed: &Typed, field: Field<'_>) -> Markup {
    let now = viewer.organization.logo.as_ref();
    html! {
        div.whole.stack-tight {
            (field.help("In mails and at the top of these pages. PNG, JPEG or GIF, at most 100 KB.").file("image/png,image/jpeg,image/gif"))
            @if let Some(logo) = now {
                p { img.logo-now src=(logo.path(&viewer.organization.id)) alt="The logo now"; }
                (tick("remove_logo", "yes", "Remove it", !typed.keeps_logo))
            }
        }
    }
}
