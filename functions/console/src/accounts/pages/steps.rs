//! What can be done with a handoff, each with its form; and the reasons why somebody should.

use super::super::words;
use super::Shown;
use handoff_domain::event::What;
use handoff_domain::handoff::{Attention, HandoffState};
use handoff_domain::limits::REASON_MAX_BYTES;
use handoff_domain::roster::Member;
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};

/// Each reason to look with what mends it.
pub(super) fn attention(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    html! {
        @if !handoff.attention.is_empty() {
            section #attention aria-label="Needs attention" {
                @for reason in &handoff.attention {
                    (notice(Tone::Bad, words::attention(*reason), false, html! {
                        p { (words::remedy(*reason)) }
                        @if *reason == Attention::CsmMissing { p { a.button.button--small href={ (shown.path) "/csm" } { "Assign a CSM" } } }
                        @if handoff.may_clear(*reason) { (dismiss(shown, *reason)) }
                    }))
                }
            }
        }
    }
}

fn dismiss(shown: &Shown<'_>, reason: Attention) -> Markup {
    html! {
        form.inline-form method="post" action={ (shown.path) "/clear" } {
            (shown.viewer.proof())
            input type="hidden" name="reason" value=(reason.as_str());
            button.button.button--quiet.button--small { "Dismiss" span.visually-hidden { ": " (words::attention(reason)) } }
        }
    }
}

/// Everything that may be done now.
pub(super) fn all(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let is_expired = handoff.is_expired(shown.viewer.now);
    let is_waiting = handoff.state == HandoffState::AwaitingAe && !is_expired;
    let may_return = handoff.submission.is_some() && handoff.ae.email.is_some();
    html! {
        @if is_waiting || handoff.may_resend() || handoff.may_skip() || may_return {
            section.card aria-labelledby="steps" {
                h2 #steps { "Move it on" }
                @if is_waiting && handoff.ae.email.is_some() && handoff.link.is_some() { (remind(shown)) }
                @if handoff.may_resend() { (resend(shown, is_expired)) }
                @if may_return { (give_back(shown)) }
                @if handoff.may_skip() { (skip(shown)) }
            }
        }
    }
}

fn remind(shown: &Shown<'_>) -> Markup {
    html! {
        form.stack-tight #remind method="post" action={ (shown.path) "/remind" } {
            (shown.viewer.proof())
            p.small.muted { "Sends the AE the link that they have, and what is still open." }
            button.button { "Remind the AE" }
        }
    }
}

fn generation(shown: &Shown<'_>) -> Markup {
    html! { @if let Some(link) = &shown.handoff().link { input type="hidden" name="generation" value=(link.generation); } }
}

/// Whose the handoff is, as the AE says, as long as nobody did anything about it.
fn named_by_ae<'a>(shown: &'a Shown<'_>) -> Option<&'a Member> {
    if !shown.handoff().attention.contains(&Attention::WrongAe) {
        return None;
    }
    let named = shown.account.events.iter().rev().find_map(|event| match &event.what {
        What::NotMine { colleague, .. } => Some(colleague.as_ref()),
        _ => None,
    });
    shown.viewer.roster.find(named??)
}

fn resend(shown: &Shown<'_>, is_expired: bool) -> Markup {
    let address = shown.handoff().ae.email.as_ref().map(ToString::to_string).unwrap_or_default();
    let named = named_by_ae(shown).map(|member| member.email.to_string());
    let to =
        if shown.typed.ae.is_empty() { named.clone().unwrap_or_default() } else { shown.typed.ae.clone() };
    let is_first = shown.handoff().link.is_none();
    let needs_address =
        address.is_empty() || !to.is_empty() || shown.handoff().attention.contains(&Attention::WrongAe);
    html! {
        details #resend open[needs_address || is_expired || is_first] {
            summary { @if is_first { "Ask the AE" } @else if is_expired { "Send a fresh link" } @else { "Send a new link" } }
            form.stack-tight method="post" action={ (shown.path) "/resend" } {
                (shown.viewer.proof()) (generation(shown))
                p.small.muted {
                    @if is_first { "You imported this deal, and nobody was mailed. The drafts stand ready; the AE gets a link to them when you say so." }
                    @else { "The link before stops working. Everything typed so far is kept." }
                }
                label for="resend-ae" { "To" }
                input.field #resend-ae name="ae" type="email" autocomplete="off" placeholder=(address) value=(to);
                @if named.is_some() { p.small.muted { "The colleague whom the AE named." } }
                @else if !address.is_empty() { p.small.muted { "Empty sends it to " (address) "." } }
                button.button { "Send the link" }
            }
        }
    }
}

fn reason_field(id: &str, label: &str, typed: &str) -> Markup {
    html! {
        label for=(id) { (label) }
        textarea.field.field--line id=(id) name="reason" required maxlength=(REASON_MAX_BYTES) { (typed) }
    }
}

fn give_back(shown: &Shown<'_>) -> Markup {
    html! {
        details #return open[!shown.typed.reason.is_empty()] {
            summary { "Give it back to the AE" }
            form.stack-tight method="post" action={ (shown.path) "/return" } {
                (shown.viewer.proof()) (generation(shown))
                input type="hidden" name="round" value=(shown.handoff().round);
                p.small.muted { "Opens another round with all answers in it, and mails the AE a fresh link with your words. This round stays readable." }
                (reason_field("return-reason", "What is missing or wrong?", &shown.typed.reason))
                button.button { "Give it back" }
            }
        }
    }
}

fn skip(shown: &Shown<'_>) -> Markup {
    html! {
        details #skip open[!shown.typed.reason.is_empty()] {
            summary { "Skip the handoff" }
            form.stack-tight method="post" action={ (shown.path) "/skip" } {
                (shown.viewer.proof())
                p.small.muted { "Closes it without the AE\u{2019}s answers: the link dies, and the account is started by hand. This cannot be undone." }
                (reason_field("skip-reason", "Why?", &shown.typed.reason))
                button.button.button--quiet { "Skip it" }
            }
        }
    }
}
