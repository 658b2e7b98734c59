//! Everything that happened, who did it and when, the newest first.

use super::super::words;
use super::Shown;
use super::beside::name;
use handoff_domain::draft::DraftedBy;
use handoff_domain::event::{Event, PlanStep, What};
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;

/// Events that stand open; the others are one click away.
const OPEN: usize = 8;

pub(super) fn section(shown: &Shown<'_>) -> Markup {
    let events: Vec<&Event> = shown.account.events.iter().rev().collect();
    let (newest, older) = events.split_at(events.len().min(OPEN));
    html! {
        section.card #timeline aria-labelledby="timeline-title" {
            h2 #timeline-title { "What happened" }
            ol.history { @for event in newest { li { (one(shown, event)) } } }
            @if !older.is_empty() {
                details {
                    summary { (older.len()) " earlier" }
                    ol.history { @for event in older { li { (one(shown, event)) } } }
                }
            }
        }
    }
}

fn one(shown: &Shown<'_>, event: &Event) -> Markup {
    html! {
        p { (sentence(&event.what, &shown.account.events, &shown.zone)) }
        p.small.muted { (name(&event.who, &shown.handoff().ae.name)) ", " (text::moment(event.at, &shown.zone)) }
        @if let Some(reason) = reason(&event.what) { p.small dir="auto" { "“" (reason) "”" } }
    }
}

/// What a person gave as their reason.
fn reason(what: &What) -> Option<&str> {
    match what {
        What::Skipped { reason }
        | What::Returned { reason }
        | What::PlanStepTaken { reason, .. }
        | What::Assigned { reason, .. }
        | What::Reassigned { reason, .. }
        | What::NotMine { word: reason, .. } => Some(reason.as_str()).filter(|reason| !reason.is_empty()),
        _ => None,
    }
}

/// What happened, as a sentence.
fn sentence(what: &What, events: &[Event], zone: &TimeZone) -> String {
    match what {
        What::AccountCreated { by_hand: true } => "Account made by hand".to_owned(),
        What::AccountCreated { by_hand: false } => "Account made from the won deal".to_owned(),
        What::DraftsReady { by, drafted, questions, sources, .. } => {
            format!("{drafted} of {questions} answers drafted {} from {sources} sources", drafter(by))
        }
        What::InvitationOwed { .. } => "Invitation on its way to the AE".to_owned(),
        What::MailSent { mail, count, .. } => format!("{} sent{}", mail_name(mail), times(*count)),
        What::MailFailed { mail, count, .. } => {
            format!("{} could not be sent{}", mail_name(mail), times(*count))
        }
        What::MailLost { cause, how, .. } => {
            let sent = events.iter().find_map(|event| match &event.what {
                What::MailSent { mail, cause: of, .. } if of == cause => Some(mail_name(mail)),
                _ => None,
            });
            format!("{} did not arrive ({how})", sent.unwrap_or("A mail"))
        }
        What::AttentionRaised { reason } => format!("Needs attention: {}", words::attention(*reason)),
        What::AttentionCleared { reason } => format!("Settled: {}", words::attention(*reason)),
        What::Opened => "Opened the form".to_owned(),
        What::RedraftAsked { question: None, .. } => "Asked for new drafts of all answers".to_owned(),
        What::RedraftAsked { question: Some(_), .. } => "Asked for a new draft of one answer".to_owned(),
        What::RedraftWithdrawn { .. } => "The new draft could not be asked for".to_owned(),
        What::RedraftArrived { by, .. } => format!("New drafts came {}", drafter(by)),
        What::Submitted { csm_name, answers, .. } => format!(
            "Handed over to {csm_name}: {} accepted, {} edited, {} written",
            answers.accepted, answers.edited, answers.written
        ),
        What::Assigned { csm_name, .. } => format!("Gave the account to {csm_name}"),
        What::Reassigned { from_name, csm_name, .. } => {
            format!("Gave the account to {csm_name}; until then {from_name} had it")
        }
        What::Skipped { .. } => "Skipped".to_owned(),
        What::Resent { .. } => "Sent a new link; the one before died".to_owned(),
        What::Renewed { .. } => "Sent a fresh link for the expired one".to_owned(),
        What::Reminded { day: None, .. } => "Reminded the AE".to_owned(),
        What::Reminded { day: Some(day), .. } => format!("Reminded the AE, {day} days after the link"),
        What::Expired { .. } => "The link expired without an answer".to_owned(),
        What::LaterAsked { date } => format!("Asked to be reminded on {}", date.strftime("%-d %b %Y")),
        What::NotMine { colleague_name, .. } if !colleague_name.is_empty() => {
            format!("Says that it is not theirs but {colleague_name}\u{2019}s")
        }
        What::NotMine { .. } => "Says that it is not theirs".to_owned(),
        What::Returned { .. } => "Gave it back to the AE".to_owned(),
        What::NoteAdded { .. } => "Wrote a note".to_owned(),
        What::NoteEdited { .. } => "Changed a note".to_owned(),
        What::Rated { rating, before } => {
            let again = if before.is_some() { " anew" } else { "" };
            format!("Rated it{again}: {} of 5", rating.score)
        }
        What::WelcomeDraftAsked { .. } => "Asked for a draft of the welcome mail".to_owned(),
        What::WelcomeDrafted { by: Some(by), .. } => {
            format!("The draft of the welcome mail came {}", drafter(by))
        }
        What::WelcomeDrafted { by: None, .. } => {
            "No draft of the welcome mail came; the plain one stands".to_owned()
        }
        What::WelcomeSent { to, number, .. } => {
            let again = if *number > 1 { " once more" } else { "" };
            format!("Sent the welcome mail{again} to {to} {}", if *to == 1 { "person" } else { "people" })
        }
        What::KickoffPlanned { starts_at, minutes, moves } => {
            let word = if *moves > 0 { "Moved" } else { "Planned" };
            let at = starts_at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M");
            format!("{word} the kickoff for {at}, {minutes} minutes")
        }
        What::PlanStepTaken { step, title, .. } => format!("{}: {title}", step_name(*step)),
        What::MilestoneDone { title, .. } => format!("Milestone reached: {title}"),
        What::MilestoneReopened { title, .. } => format!("Milestone open again: {title}"),
        What::TemplateChosen { name, version, .. } => format!("Chose the plan {name}, version {version}"),
        What::WentLive => "The plan is done: the customer is live".to_owned(),
        What::BackInOnboarding => "Back in onboarding: something of the plan is left to do".to_owned(),
    }
}

fn step_name(step: PlanStep) -> &'static str {
    match step {
        PlanStep::Started => "Started",
        PlanStep::Completed => "Completed",
        PlanStep::Reopened => "Opened again",
        PlanStep::Skipped => "Skipped",
        PlanStep::Added => "Added to the plan",
    }
}

fn drafter(by: &DraftedBy) -> &'static str {
    match by {
        DraftedBy::Model(_) => "by a model",
        DraftedBy::Extractive => "without a model",
    }
}

fn times(count: u32) -> String {
    if count == 1 { String::new() } else { format!(" ({count})") }
}

fn mail_name(kind: &str) -> &'static str {
    match kind {
        "handoff_invitation" => "Invitation to the AE",
        "handoff_link_renewed" => "Fresh link to the AE",
        "handoff_reminder" => "Reminder to the AE",
        "handoff_returned" => "The CSM\u{2019}s question to the AE",
        "handoff_receipt" => "Receipt to the AE",
        "handoff_received" => "The handoff to the CSM",
        "handoff_reassigned" => "Word to the CSM before",
        "handoff_escalated" | "digest" => "Word to the admins",
        "welcome" => "The welcome mail to the customer",
        _ => "A mail",
    }
}
