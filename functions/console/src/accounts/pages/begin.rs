//! The CSM's first job after reading: write to the customer, and plan the kickoff.

use super::super::account::Typed;
use super::super::kickoff::offered;
use super::super::welcome::Shown;
use super::beside::name;
use handoff_domain::handoff::HandoffState;
use handoff_domain::kickoff::KICKOFF_MINUTES_RANGE;
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, text};

/// Nothing before there is something to begin with.
pub(super) fn section(shown: &super::Shown<'_>) -> Markup {
    let is_open = matches!(shown.handoff().state, HandoffState::Submitted | HandoffState::Skipped);
    let is_known = shown.account.welcome.is_some() || shown.account.kickoff.is_some();
    let own = Shown::new(shown.viewer, shown.account);
    html! {
        @if is_open || is_known {
            section.card #begin aria-labelledby="begin-title" {
                h2 #begin-title { "Welcome and kickoff" }
                @if let Err(refusal) = own.may() { p.small.muted { (refusal) } }
                (mail(&own))
                (kickoff(&own, shown.typed))
            }
        }
    }
}

fn mail(shown: &Shown<'_>) -> Markup {
    let welcome = shown.account.welcome.as_ref();
    let sent = welcome.and_then(|welcome| welcome.last_sent());
    let is_saved = welcome.is_some_and(|welcome| welcome.letter.is_some());
    html! {
        div.stack-tight {
            h3 { "Welcome mail " @if sent.is_some() { (badge(Tone::Good, "Sent")) } @else if is_saved { (badge(Tone::Info, "Saved")) } @else { (badge(Tone::Neutral, "Drafted")) } }
            @match sent {
                Some(sent) => p.small {
                    "To " (sent.letter.to.len()) @if sent.letter.to.len() == 1 { " person" } @else { " people" }
                    " by " (name(&sent.by, "")) ", " (text::moment(sent.at, &shown.zone))
                },
                None => p.small.muted { "Drafted from the handoff. Make it yours, look at it, send it." },
            }
            p {
                @if sent.is_some() || shown.may().is_err() { a.button.button--quiet href={ (shown.path) "/welcome" } { "Look at the mail" } }
                @else { a.button href={ (shown.path) "/welcome" } { "Write the welcome mail" } }
            }
        }
    }
}

fn kickoff(shown: &Shown<'_>, typed: &Typed) -> Markup {
    let planned = shown.planned();
    let link = shown.csm.map_or("", |csm| csm.booking_link.trim());
    html! {
        div.stack-tight {
            h3 { "Kickoff call " @if planned.is_some() { (badge(Tone::Good, "Planned")) } @else { (badge(Tone::Neutral, "Not planned")) } }
            @if let Some(planned) = &planned {
                p { (text::moment(planned.at.timestamp(), &shown.zone)) ", " (planned.minutes) " minutes" }
                p { a.button.button--quiet href={ (shown.path) "/kickoff.ics" } download { "Download the invitation" } }
            }
            @if shown.may().is_ok() { (form(shown, typed, planned.is_some())) }
            @if !link.is_empty() { p.small { "Booking link: " (text::website(link)) } }
            @else if shown.csm.is_some() { p.small.muted { "No booking link on the roster: the mail asks the customer for times." } }
        }
    }
}

fn form(shown: &Shown<'_>, typed: &Typed, is_planned: bool) -> Markup {
    let time = offered(shown);
    let [date, clock, minutes] = typed.kickoff.clone().unwrap_or_else(|| {
        [
            time.at.strftime("%Y-%m-%d").to_string(),
            time.at.strftime("%H:%M").to_string(),
            time.minutes.to_string(),
        ]
    });
    let moves = shown.account.kickoff.as_ref().map_or(0, |kickoff| kickoff.moves + 1);
    let zone = &shown.viewer.organization.time_zone;
    html! {
        details open[!is_planned || typed.kickoff.is_some()] {
            summary { @if is_planned { "Move it" } @else { "Plan it" } }
            form.stack-tight method="post" action={ (shown.path) "/kickoff" } {
                (shown.viewer.proof())
                input type="hidden" name="moves" value=(moves);
                div.fields.fields--tight {
                    div { label.field-label for="kickoff-date" { "Day" } input.field #kickoff-date name="date" type="date" required value=(date); }
                    div { label.field-label for="kickoff-time" { "Time" } input.field #kickoff-time name="time" type="time" required value=(clock) aria-describedby="kickoff-zone"; }
                    div { label.field-label for="kickoff-minutes" { "Minutes" } input.field #kickoff-minutes name="minutes" type="number" required min=(KICKOFF_MINUTES_RANGE.start()) max=(KICKOFF_MINUTES_RANGE.end()) value=(minutes); }
                }
                p.small.muted #kickoff-zone { "Time in " (zone) ". Nobody is told: you send the invitation file yourself." }
                button.button.button--quiet { @if is_planned { "Move the kickoff" } @else { "Plan the kickoff" } }
            }
        }
    }
}
