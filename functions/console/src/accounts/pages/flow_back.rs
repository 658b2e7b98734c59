//! What of the account flowed back into HubSpot, and what could not.

use super::Shown;
use handoff_domain::roster::Role;
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, text};

/// Nothing where nothing was written yet.
pub(super) fn section(shown: &Shown<'_>) -> Markup {
    let parts = &shown.account.flow_back.parts;
    let is_admin = shown.viewer.member.has(Role::Admin);
    html! {
        @if !parts.is_empty() {
            section.card #hubspot aria-labelledby="hubspot-title" {
                h2 #hubspot-title { "In HubSpot" }
                ul.history {
                    @for (part, state) in parts {
                        li {
                            b { (part.label()) } " "
                            @if state.is_done { (badge(Tone::Good, "Written")) } @else { (badge(Tone::Caution, "Not written")) }
                            @if !state.is_done || !state.words.starts_with("Written") { p.small { (state.words) } }
                            p.small.muted { (text::moment(state.at, &shown.zone)) }
                        }
                    }
                }
                @if is_admin && parts.values().any(|state| !state.is_done) {
                    p.small { a href="/settings/integrations/messages?only=trouble" { "See what did not arrive" } ", and send it again." }
                }
            }
        }
    }
}
