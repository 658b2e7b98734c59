//! The start page: what to click first, and how things stand.

use super::mail::mail_list;
use super::sign_in;
use crate::aws::calls::CallCounts;
use crate::aws::mails::Mail;
use crate::aws::queues::QueueCount;
use crate::crm::DealSummary;
use crate::street::{Pending, Street, StreetError};
use axum::extract::State;
use axum::response::Response;
use handoff_domain::handoff::{Attention, CsmChoice, Handoff, HandoffState};
use handoff_web::components::{Tone, badge, facts, hidden_words, notice};
use handoff_web::page::Page;
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};
use http::{HeaderValue, StatusCode, header};

const MAILS_SHOWN: usize = 6;
const STEPS: [(&str, i64); 4] =
    [("1 hour", 3600), ("1 day", 86_400), ("7 days", 7 * 86_400), ("30 days", 30 * 86_400)];

pub(crate) async fn page(State(street): State<Street>) -> Result<Response, StreetError> {
    let pending = street.pending().await?;
    let queues = street.queues.counts()?;
    let handoffs = street.handoffs()?;
    let people = sign_in::people(&street).await?;
    let mut mails = street.mails.list()?;
    mails.reverse();
    let total = mails.len();
    mails.truncate(MAILS_SHOWN);
    let body = html! {
        link rel="stylesheet" href="/local/style.css";
        div.intro {
            h1 { "Try Handoff on this machine" }
            p.lead { "Everything is embedded: the table, the queues, the mail and a CRM with sample deals. Nothing leaves this machine." }
            ol.try-it {
                li { a href="#deals" { "Close a deal" } " as a salesperson would in HubSpot." }
                li { a href="/local/mail" { "Read the mail" } " to the account executive and open its link." }
                li { "Review the answers, choose a CSM, submit. Then read the mail to the CSM." }
                li { a href="#console" { "Sign in" } " as an admin or a CSM, and look at the same from their side." }
                li { a href="/local/told" { "See what other tools were told" } ": HubSpot, Slack, endpoints." }
                li { a href="/local/components" { "See what pages and mails are made of" } "." }
            }
        }
        (under_way(pending, &queues))
        // What came of the last click stands first.
        @if mails.is_empty() {
            (deals_section(&street.deals(), &handoffs))
        } @else {
            (mail_section(&mails, total, &street))
            (deals_section(&street.deals(), &handoffs))
        }
        (sign_in::buttons(&people))
        (handoffs_section(&handoffs))
        (clock_section(&street))
        (machine_section(&street, &queues))
    };
    let mut response =
        Page { title: "Local run", brand: "Local run", script: None, body }.respond(StatusCode::OK);
    if queues.iter().any(|queue| queue.waiting + queue.in_flight > 0) {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

fn under_way(pending: Pending, queues: &[QueueCount]) -> Markup {
    let busy: u64 = queues.iter().map(|queue| queue.waiting + queue.in_flight).sum();
    html! {
        @if pending.pending > 0 {
            (notice(Tone::Info, "Work is under way", false, html! {
                p {
                    (pending.pending) " " (if pending.pending == 1 { "thing is" } else { "things are" }) " still to be done. "
                    @if busy > 0 { "This page looks again by itself." }
                    @else { "A mail whose outcome is unknown waits ten minutes: move the clock and run the outbox sweep." }
                }
            }))
        }
        @if pending.dead > 0 {
            (notice(Tone::Bad, "Some messages were given up", false, html! {
                p { (pending.dead) " failed too often and lie with the dead letters." }
                form method="post" action="/local/queues/redrive" { button.button.button--quiet { "Put them back" } }
            }))
        }
    }
}

fn mail_section(mails: &[Mail], total: usize, street: &Street) -> Markup {
    html! {
        section #mail {
            div.section-head { h2 { "Mail" } p { "What Handoff sent, newest first." } }
            (mail_list(mails, street))
            @if total > mails.len() { p { a href="/local/mail" { "All " (total) " mails" } } }
        }
    }
}

fn deals_section(deals: &[DealSummary], handoffs: &[Handoff]) -> Markup {
    html! {
        section #deals {
            div.section-head {
                h2 { "Close a deal" }
                p { "Each sample tells another story. Closing sends the same signed webhook that HubSpot sends." }
            }
            @if deals.is_empty() {
                (notice(Tone::Info, "Another CRM is connected", false, html! {
                    p { "HUBSPOT_API_BASE_URL names it, so there are no sample deals here. Close a deal there, or post a signed webhook." }
                }))
            } @else {
                ul.rows { @for deal in deals { li.row { (deal_row(deal, handoffs)) } } }
            }
            (super::accounts::link())
        }
    }
}

fn deal_row(deal: &DealSummary, handoffs: &[Handoff]) -> Markup {
    let has_handoff =
        handoffs.iter().any(|handoff| handoff.account.deal.as_ref().is_some_and(|id| id.as_str() == deal.id));
    html! {
        div.row__body {
            p.row__title { (if deal.company.is_empty() { &deal.name } else { &deal.company }) }
            p.small { (deal.story) }
            p.row__meta { @if !deal.company.is_empty() { span { (deal.name) } } @if let Some(owner) = &deal.owner_email { span { "owned by " (owner) } } }
        }
        @if has_handoff {
            (badge(Tone::Good, "Has a handoff"))
            @if deal.is_won {
                form method="post" action={ "/local/deals/" (deal.id) "/reopen" } {
                    button.button.button--quiet { "Take it back" (hidden_words(&format!(" {}", deal.name))) }
                }
            }
        } @else {
            form method="post" action={ "/local/deals/" (deal.id) "/close" } {
                @if deal.is_won {
                    button.button.button--quiet { "Send again" (hidden_words(&format!(" {}", deal.name))) }
                } @else {
                    button.button { "Close" (hidden_words(&format!(" {}", deal.name))) }
                    button.button.button--quiet name="silent" value="true" { "Close, lose the webhook" (hidden_words(&format!(" {}", deal.name))) }
                }
            }
        }
    }
}

fn handoffs_section(handoffs: &[Handoff]) -> Markup {
    html! {
        section #handoffs {
            div.section-head { h2 { "Handoffs" } p { "Every account and where it stands." } }
            @if handoffs.is_empty() { p.muted { "None yet." } }
            @else {
                ul.rows { @for handoff in handoffs { li.row { (handoff_row(handoff)) } } }
            }
        }
    }
}

fn handoff_row(handoff: &Handoff) -> Markup {
    let (tone, state) = state_words(handoff.state);
    let csm = handoff.submission.as_ref().map(|submission| match &submission.csm {
        CsmChoice::Member(_) => submission.csm_name.clone(),
        CsmChoice::Placeholder { .. } => format!("{} (placeholder)", submission.csm_name),
    });
    let ae = handoff.ae.email.as_ref().map_or("no address", |email| email.as_str());
    html! {
        div.row__body {
            p.row__title { (handoff.account.company) }
            p.row__meta {
                span { "AE " (ae) }
                @if let Some(csm) = csm { span { "CSM " (csm) } }
                span { "account " (handoff.id) }
                (moment(handoff.created_at, &zone("UTC")))
            }
        }
        p.row__badges {
            (badge(tone, state))
            @for attention in &handoff.attention { (badge(Tone::Caution, attention_words(*attention))) }
        }
    }
}

fn clock_section(street: &Street) -> Markup {
    html! {
        section #clock {
            div.section-head {
                h2 { "Clock and schedules" }
                p { "The clock governs everything and only moves forward. Schedules run when asked." }
            }
            div.card {
                p { "It is " strong { (moment(street.now(), &zone("UTC"))) } " UTC"
                    @if street.clock.ahead_ms() > 0 { ", ahead of this machine's clock" } "." }
                form.actions method="post" action="/local/clock" {
                    @for (words, seconds) in STEPS {
                        button.button.button--quiet name="advance_seconds" value=(seconds) { "+ " (words) }
                    }
                }
                form.actions method="post" action="/local/schedules/outbox-sweep/run" {
                    button.button.button--quiet { "Run the outbox sweep" }
                }
                form.actions method="post" action="/local/schedules/reminder-sweep/run" {
                    button.button.button--quiet { "Run the reminder sweep" }
                }
                form.actions method="post" action="/local/schedules/deal-reconciliation/run" {
                    button.button.button--quiet { "Look for deals that no webhook told of" }
                }
                form.actions method="post" action="/local/schedules/analytics-rollup/run" {
                    button.button.button--quiet { "Count for the analytics" }
                }
                form.actions method="post" action="/local/schedules/integration-sweep/run" {
                    button.button.button--quiet { "Tell other tools what is still to be told" }
                }
                form.actions method="post" action="/local/year" {
                    button.button.button--quiet { "Fill with a year" }
                    p.small.muted { "Some 600 handoffs of the last twelve months, for " a href="/analytics?by=month" { "the analytics page" } ". Takes about half a minute." }
                }
            }
        }
    }
}

fn machine_section(street: &Street, queues: &[QueueCount]) -> Markup {
    let rows = [
        ("Webhooks go to", html! { code { (street.webhook_url()) } }),
        ("Portal", html! { (crate::organization::PORTAL) }),
        ("Drafts come from", html! { (street.drafter) }),
    ];
    let faults = street.faults.list();
    let calls = street.calls.read();
    html! {
        section #machine {
            div.section-head { h2 { "The machine" } p { "Addresses, queues, and what every call costs." } }
            div.card {
                (facts(&rows))
                table.counts {
                    caption.visually-hidden { "Queues" }
                    thead { tr { th scope="col" { "Queue" } th scope="col" { "Waiting" } th scope="col" { "In work" } th scope="col" { "Dead" } } }
                    tbody {
                        @for queue in queues {
                            tr { th scope="row" { (queue.name) } td { (queue.waiting) } td { (queue.in_flight) } td { (queue.dead) } }
                        }
                    }
                }
                @if !faults.is_empty() {
                    (notice(Tone::Caution, "Faults are in force", false, html! {
                        p { @for fault in faults.iter().map(|one| &one.fault) { code { (fault.service.map_or("all", |service| service.as_str())) " " (format!("{:?}", fault.mode).to_lowercase()) " " (fault.probability) } " " } }
                        form method="post" action="/local/faults" { button.button.button--quiet { "Heal" } }
                    }))
                }
                (calls_table(&calls))
                p.small.muted { "For programs: " a href="/local/mail.json" { "mail" } ", " a href="/local/queues" { "queues" } ", "
                    a href="/local/deals" { "deals" } ", " a href="/local/clock" { "clock" } ", " a href="/local/calls.json" { "calls" } ", "
                    a href="/local/table.json" { "table" } "." }
            }
        }
    }
}

fn calls_table(calls: &CallCounts) -> Markup {
    html! {
        details {
            summary { (calls.aws_calls) " AWS calls, " (calls.hubspot_calls) " HubSpot requests so far" }
            div.scroll tabindex="0" role="region" aria-label="Calls" {
                table.counts {
                    thead { tr { th scope="col" { "Operation" } th scope="col" { "Calls" } th scope="col" { "Failed" } th scope="col" { "Read units" } th scope="col" { "Write units" } } }
                    tbody {
                        @for (service, operations) in &calls.services { @for (operation, counts) in operations {
                            tr { th scope="row" { (service) " " (operation) } td { (counts.calls) } td { (counts.failed) } td { (counts.read_units) } td { (counts.write_units) } }
                        } }
                    }
                }
            }
            form method="post" action="/local/calls/reset" { button.button.button--quiet { "Count from nothing" } }
        }
    }
}

fn state_words(state: HandoffState) -> (Tone, &'static str) {
    match state {
        HandoffState::Drafting => (Tone::Info, "Drafting"),
        HandoffState::AwaitingAe => (Tone::Info, "Waits for the AE"),
        HandoffState::Submitted => (Tone::Good, "Submitted"),
        HandoffState::Skipped => (Tone::Neutral, "Skipped"),
        HandoffState::Expired => (Tone::Caution, "Expired"),
    }
}

fn attention_words(attention: Attention) -> &'static str {
    match attention {
        Attention::NoAeAddress => "No AE address",
        Attention::AeLeft => "AE left",
        Attention::DraftFailed => "Drafting failed",
        Attention::MailFailed => "Mail failed",
        Attention::Overdue => "Overdue",
        Attention::DealReopened => "Deal reopened",
        Attention::CsmMissing => "CSM missing",
        Attention::WrongAe => "Not theirs",
    }
}

/// A mail's kind for people: `handoff_invitation` as `Handoff invitation`.
pub(crate) fn kind_words(kind: &str) -> String {
    let words = kind.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(|| "Mail".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}
