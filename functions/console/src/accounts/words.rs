//! What states and reasons are called, and what mends them.

use handoff_domain::account::AccountStatus;
use handoff_domain::handoff::{Attention, Handoff, HandoffState};
use handoff_domain::listing::Listed;
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html};

pub(super) fn state(state: HandoffState) -> (Tone, &'static str) {
    match state {
        HandoffState::Drafting => (Tone::Info, "Being drafted"),
        HandoffState::AwaitingAe => (Tone::Info, "With the AE"),
        HandoffState::Submitted => (Tone::Good, "Handed over"),
        HandoffState::Skipped => (Tone::Neutral, "Skipped"),
        HandoffState::Expired => (Tone::Caution, "Expired"),
    }
}

pub(super) fn attention(reason: Attention) -> &'static str {
    match reason {
        Attention::NoAeAddress => "No AE address",
        Attention::AeLeft => "AE has left",
        Attention::DraftFailed => "Drafting failed",
        Attention::MailFailed => "Mail not delivered",
        Attention::Overdue => "Overdue",
        Attention::DealReopened => "Deal reopened",
        Attention::CsmMissing => "CSM missing",
        Attention::WrongAe => "Not this AE\u{2019}s",
    }
}

/// What it means, and the one step that moves it on.
pub(super) fn remedy(reason: Attention) -> &'static str {
    match reason {
        Attention::NoAeAddress => {
            "Nobody can be invited. Give the deal an owner with an address in HubSpot, or send the link to an address here."
        }
        Attention::AeLeft => {
            "The deal\u{2019}s owner left HubSpot. Give it another owner there, or send the link to whoever knows the customer."
        }
        Attention::DraftFailed => {
            "The answers could not be drafted. Skip the handoff and start by hand, or tell an operator."
        }
        Attention::MailFailed => {
            "A mail did not arrive: the timeline says which. Check the address, then send the link again, or the welcome mail."
        }
        Attention::Overdue => "The AE has not answered in time. Remind them, or talk to them.",
        Attention::DealReopened => {
            "The deal is no longer won in HubSpot. Skip the handoff, or dismiss this if it goes on."
        }
        Attention::WrongAe => {
            "Whoever got the link says that the handoff is not theirs: the timeline says what they wrote. Send the link to somebody else."
        }
        Attention::CsmMissing => {
            "Nobody has the account. Assign a CSM. Whoever is not in the list comes onto the roster first."
        }
    }
}

fn badges(
    (tone, words): (Tone, &str),
    status: AccountStatus,
    reasons: impl Iterator<Item = Attention>,
) -> Markup {
    html! {
        span.badges {
            (badge(tone, words))
            @match status {
                AccountStatus::Live => { " " (badge(Tone::Good, "Live")) },
                AccountStatus::Cancelled => { " " (badge(Tone::Neutral, "Left")) },
                AccountStatus::Handoff | AccountStatus::Onboarding => {},
            }
            @for reason in reasons { (badge(Tone::Bad, attention(reason))) }
        }
    }
}

/// Whether the AE was given a link: not for an imported deal, until a person says so.
pub(super) fn is_asked(listed: &Listed) -> bool {
    listed.row.expires_at.is_some()
}

fn state_asked(of: HandoffState, is_asked: bool) -> (Tone, &'static str) {
    if of == HandoffState::AwaitingAe && !is_asked { (Tone::Neutral, "AE not asked yet") } else { state(of) }
}

pub(super) fn badges_of(listed: &Listed) -> Markup {
    badges(state_asked(listed.state, is_asked(listed)), listed.row.status, listed.attention.iter().copied())
}

pub(super) fn badges_of_handoff(handoff: &Handoff) -> Markup {
    badges(
        state_asked(handoff.state, handoff.link.is_some()),
        handoff.account.status,
        handoff.attention.iter().copied(),
    )
}
