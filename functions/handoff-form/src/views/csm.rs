//! Who takes over: radio cards, best fits first.

use super::FormView;
use super::question::saved_meanwhile;
use handoff_domain::assignment::{Candidate, next_in_turn, rank};
use handoff_domain::handoff::CsmChoice;
use handoff_web::components::{Tone, badge, field_error};
use handoff_web::{Markup, html, text};
use std::collections::BTreeSet;

/// Up to this many cards are all shown.
const SHOWN_AT_ONCE: usize = 6;

/// How many cards are shown before the rest is folded.
const SHOWN_FIRST: usize = 4;

/// The choice. The best candidate who is here and has room, or whose turn it is, is chosen beforehand, so that accepting is
/// one click.
pub fn choice(view: &FormView<'_>) -> Markup {
    let today = view.now.to_zoned(view.zone()).date();
    let account = &view.handoff.account;
    let mut candidates = rank(view.roster, view.loads, account, &BTreeSet::new(), today);
    let best = match view.turns {
        Some(turns) => next_in_turn(&candidates, turns).map(|next| (next.id.clone(), "Next in turn")),
        None => candidates
            .first()
            .filter(|first| first.can_take())
            .map(|first| (first.id.clone(), if first.fits.is_empty() { "Most room" } else { "Best fit" })),
    };
    if let Some(place) = candidates.iter().position(|one| best.as_ref().is_some_and(|(id, _)| *id == one.id))
    {
        candidates[..=place].rotate_right(1);
    }
    let (stored, name, email) = view.csm();
    // Whoever had it may have left since: then somebody else is proposed.
    let is_open = stored.is_empty()
        || stored != "placeholder" && !candidates.iter().any(|one| one.id.as_str() == stored);
    let chosen = match (is_open && view.typed.input.csm.is_none(), &best) {
        (true, Some((best, _))) => best.to_string(),
        _ => stored,
    };
    let shown = |index: usize| best.as_ref().filter(|_| index == 0).map(|(_, why)| *why);
    let error = view.errors.get("csm");
    let (first, rest) =
        candidates.split_at(if candidates.len() <= SHOWN_AT_ONCE { candidates.len() } else { SHOWN_FIRST });
    let chosen_in_rest = rest.iter().any(|candidate| candidate.id.as_str() == chosen);
    html! {
        fieldset #csm aria-describedby={ "csm-help" @if error.is_some() { " csm-error" } } {
            legend.visually-hidden { "Who takes over?" }
            div.stack-tight {
                (field_error("csm-error", error))
                div.csms {
                    @for (index, candidate) in first.iter().enumerate() { (card(candidate, shown(index), &chosen)) }
                    @if !rest.is_empty() {
                        details open[chosen_in_rest] {
                            summary { "Show " (rest.len()) " more" }
                            div.csms {
                                @for candidate in rest { (card(candidate, None, &chosen)) }
                            }
                        }
                    }
                    (placeholder(&chosen, &name, &email))
                }
            }
        }
    }
}

/// The stored choice when it differs from the one that was sent; only on the page of a conflict.
pub fn stored_beside(view: &FormView<'_>) -> Markup {
    let sent = view.csm();
    let differs = view.conflict && view.typed.input.csm.is_some();
    let Some(stored) = view.handoff.csm.as_ref().filter(|_| differs) else { return html! {} };
    let (raw, text) = match stored {
        CsmChoice::Member(id) => {
            let name = view.roster.find(id).map_or_else(|| id.to_string(), |member| member.name.clone());
            ((id.to_string(), String::new(), String::new()), name)
        }
        CsmChoice::Placeholder { name, email } => (
            ("placeholder".to_owned(), name.clone(), email.clone()),
            format!("Not in the list: {name} {email}"),
        ),
    };
    html! { @if raw != sent { (saved_meanwhile("csm", text.trim(), vec![raw.0, raw.1, raw.2])) } }
}

fn card(candidate: &Candidate, proposed: Option<&str>, chosen: &str) -> Markup {
    html! {
        label.csm {
            input type="radio" name="csm" value=(candidate.id) checked[candidate.id.as_str() == chosen];
            span.csm__name { (candidate.name) @if let Some(why) = proposed { (badge(Tone::Good, why)) } (availability(candidate)) }
            span.csm__body {
                (load(candidate))
                @if candidate.can_take() { span { (candidate.availability(text::day)) } }
                (tags(candidate))
            }
        }
    }
}

fn availability(candidate: &Candidate) -> Markup {
    match candidate.away {
        Some(away) => {
            let until = away.until.map(|date| format!("Away until {}", text::day(date)));
            badge(Tone::Caution, until.as_deref().unwrap_or("Away"))
        }
        None if candidate.is_full() => badge(Tone::Caution, "Full"),
        None => html! {},
    }
}

fn load(candidate: &Candidate) -> Markup {
    let Candidate { load, capacity, .. } = candidate;
    html! {
        span.csm__load {
            @if *capacity > 0 {
                meter min="0" max=(capacity) low=(f64::from(*capacity) * 0.75) high=(f64::from(*capacity) * 0.99) optimum="0" value=(load) aria-hidden="true" {}
                (load) " of " (capacity) " in onboarding"
            } @else { (load) " in onboarding" }
        }
    }
}

fn tags(candidate: &Candidate) -> Markup {
    html! {
        @if !candidate.expertise.is_empty() {
            span.csm__tags {
                @for tag in &candidate.expertise {
                    (badge(if candidate.fits.contains(tag) { Tone::Good } else { Tone::Neutral }, tag))
                }
            }
        }
    }
}

fn placeholder(chosen: &str, name: &str, email: &str) -> Markup {
    html! {
        label.csm {
            input type="radio" name="csm" value="placeholder" checked[chosen == "placeholder"];
            span.csm__name { "Not in the list" }
            span.csm__body { "An admin is told and assigns someone." }
        }
        div.csm__fields {
            div {
                label.field-label for="csm_name" { "Their name, if you know it" }
                input.field #csm_name type="text" name="csm_name" value=(name) autocomplete="off";
            }
            div {
                label.field-label for="csm_email" { "Their e-mail, if you know it" }
                input.field #csm_email type="text" inputmode="email" name="csm_email" value=(email) autocomplete="off";
            }
        }
    }
}
