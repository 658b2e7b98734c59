//! How a target and a message go, in words.

use super::Now;
use crate::gate::Viewer;
use handoff_domain::delivery::{Delivery, Standing};
use handoff_domain::integration::Target;
use handoff_web::components::{Tone, badge};
use handoff_web::text::{moment, zone};
use handoff_web::{Markup, html};

/// Where a message stands, in a word or two.
pub(super) fn standing(delivery: &Delivery) -> Markup {
    match delivery.standing {
        Standing::Owed { .. } | Standing::Sending { .. } => badge(Tone::Info, "On its way"),
        Standing::Waiting { .. } => badge(Tone::Caution, "To be tried again"),
        Standing::Delivered { .. } => badge(Tone::Good, "Arrived"),
        Standing::GivenUp { .. } => badge(Tone::Bad, "Given up"),
    }
}

/// How a target goes: what became of the newest message to it.
pub(super) fn state(viewer: &Viewer, now: &Now, target: &Target) -> Markup {
    let zone = zone(&viewer.organization.time_zone);
    let newest = now.newest.iter().find(|one| one.target == *target && !one.attempts.is_empty());
    let tried = newest.and_then(|one| one.attempts.last().map(|attempt| (one, attempt)));
    html! {
        p.small {
            @if let Some((delivery, attempt)) = tried {
                (standing(delivery)) " " (attempt.words) ", " (moment(attempt.at, &zone)) ". "
                a href={ "/settings/integrations/messages/" (delivery.id) } { "See the message" }
            } @else { span.muted { "No message yet." } }
        }
    }
}
