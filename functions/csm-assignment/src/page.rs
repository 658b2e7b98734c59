//! The page: who has the account, and every CSM with why they would fit, in words.

use handoff_domain::account::Money;
use handoff_domain::assignment::{Candidate, next_in_turn, rank};
use handoff_domain::handoff::{AssignRefusal, CsmChoice, Handoff};
use handoff_domain::id::MemberId;
use handoff_domain::limits::REASON_MAX_BYTES;
use handoff_domain::organization::NextCsm;
use handoff_domain::roster::Role;
use handoff_signed_in::Viewer;
use handoff_store::Choice;
use handoff_views::summary::readable;
use handoff_web::components::{Tone, badge, facts, field_error, notice};
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// What is said first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Whoever was chosen has it already.
    HasItAlready,
    /// Why nothing was changed.
    Refused(AssignRefusal),
}

/// What was sent and is not stored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    pub(crate) csm: String,
    pub(crate) reason: String,
    /// Whether anything was sent at all.
    pub(crate) is_sent: bool,
}

/// Everything that the page is made of.
pub(crate) struct Shown<'a> {
    viewer: &'a Viewer,
    choice: &'a Choice,
    candidates: Vec<Candidate>,
    /// Who is proposed, and why.
    proposed: Option<(MemberId, &'static str)>,
    said: Option<Said>,
    typed: Typed,
    zone: TimeZone,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(
        viewer: &'a Viewer,
        choice: &'a Choice,
        known_by: &BTreeSet<MemberId>,
        said: Option<Said>,
        typed: Typed,
    ) -> Self {
        let zone = text::zone(&viewer.organization.time_zone);
        let today = viewer.now.to_zoned(zone.clone()).date();
        let candidates = rank(&viewer.roster, &choice.loads, &choice.handoff.account, known_by, today);
        let proposed = proposed(viewer, choice, &candidates);
        Self { viewer, choice, candidates, proposed, said, typed, zone }
    }

    fn handoff(&self) -> &'a Handoff {
        &self.choice.handoff
    }

    /// Whether this person can assign it now.
    fn may(&self) -> bool {
        let handoff = self.handoff();
        handoff.can_have_csm().is_ok() && handoff.may_assign(&self.viewer.member, &self.viewer.roster)
    }

    fn is_in_charge(&self, candidate: &Candidate) -> bool {
        self.handoff().csm_in_charge().is_some_and(|(csm, _)| *csm == candidate.id)
    }
}

/// Of those who do not have it: whose turn it is, or the best one who is here and has room.
fn proposed(viewer: &Viewer, choice: &Choice, candidates: &[Candidate]) -> Option<(MemberId, &'static str)> {
    let in_charge = choice.handoff.csm_in_charge().map(|(csm, _)| csm);
    let others: Vec<Candidate> =
        candidates.iter().filter(|candidate| Some(&candidate.id) != in_charge).cloned().collect();
    if viewer.organization.next_csm == NextCsm::InTurn {
        return next_in_turn(&others, &choice.turns).map(|next| (next.id.clone(), "Next in turn"));
    }
    let best = others.iter().find(|candidate| candidate.can_take())?;
    let fits = best.knows_company || !best.fits.is_empty();
    Some((best.id.clone(), if fits { "Best fit" } else { "Most room" }))
}

pub(crate) fn body(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let path = format!("/accounts/{}", handoff.id);
    html! {
        nav.small aria-label="Up" { a href="/accounts" { "Accounts" } " / " a href=(path) dir="auto" { (handoff.account.company) } }
        div.page-head { div { h1 { "Who looks after " bdi { (handoff.account.company) } "?" } (standing(shown)) } }
        (said(shown))
        (state(shown))
        (customer(handoff))
        @if shown.candidates.is_empty() {
            (nobody(shown))
        } @else if shown.may() {
            (form(shown, &path))
        } @else {
            section.stack-tight aria-labelledby="fits" {
                h2 #fits { "How the CSMs would fit today" }
                div.csms { @for candidate in &shown.candidates { div.csm.csm--plain { (card(shown, candidate)) } } }
            }
        }
    }
}

/// Who has it, in a sentence.
fn standing(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let since = handoff.assigned.as_ref().map(|assigned| text::day_at(assigned.at, &shown.zone));
    html! {
        @match handoff.csm_in_charge() {
            Some((_, name)) if handoff.csm_left(&shown.viewer.roster) => p { (name) " had it, and is no CSM of the roster any more." },
            Some((id, name)) => p {
                @if *id == shown.viewer.member.id { "You have it" } @else { (name) " has it" }
                @if let Some(since) = since { ", since " (since) }
                "."
            },
            None => p { "Nobody has it yet." },
        }
    }
}

fn said(shown: &Shown<'_>) -> Markup {
    html! {
        @match shown.said {
            None => {}
            Some(Said::HasItAlready) => (notice(Tone::Info, "They have it already. Nothing was changed.", true, html! {})),
            Some(Said::Refused(refusal)) => (notice(Tone::Caution, &refusal.to_string(), true, html! {
                @if refusal == AssignRefusal::Stale && shown.typed.is_sent { p { "What you chose and wrote is below." } }
            })),
        }
    }
}

/// Why it cannot be assigned now, or why it must be.
fn state(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let refused = matches!(shown.said, Some(Said::Refused(AssignRefusal::NotYet | AssignRefusal::Cancelled)));
    let placeholder = match handoff.submission.as_ref().map(|submission| &submission.csm) {
        Some(CsmChoice::Placeholder { name, email }) if handoff.csm_in_charge().is_none() => {
            Some((name, email))
        }
        _ => None,
    };
    let ae = match handoff.ae.name.trim() {
        "" => "The account executive",
        name => name,
    };
    html! {
        @match handoff.can_have_csm() {
            Err(AssignRefusal::NotYet) => (notice(Tone::Info, "It gets its CSM when it is handed over", false, html! {
                p { (ae) " chooses one of the CSMs when handing over. From then on it can be given to somebody else here." }
            })),
            Err(_) if !refused => (notice(Tone::Neutral, "This account is cancelled", false, html! { p { "Nobody needs to take it over." } })),
            Ok(()) if !shown.may() => (notice(Tone::Info, "Only the CSM in charge or an admin can hand it over", false, html! {
                p { "Talk to them, or to an admin of " (shown.viewer.organization.name) "." }
            })),
            _ => {}
        }
        @if let Some((name, email)) = placeholder {
            (notice(Tone::Caution, &format!("{ae} named somebody who is not in the list"), false, html! {
                @if !name.is_empty() || !email.is_empty() { p { bdi { (name) } @if !name.is_empty() && !email.is_empty() { ", " } bdi { (email) } } }
                p { "If the list has them under another name, choose them. " (add(shown)) }
            }))
        }
    }
}

/// How somebody comes into the list.
fn add(shown: &Shown<'_>) -> Markup {
    html! {
        @if shown.viewer.member.has(Role::Admin) {
            "Otherwise " a href="/settings/roster/new" { "add them to the roster" } " with the role CSM, and come back here."
        } @else {
            "Otherwise ask an admin to add them to the roster."
        }
    }
}

fn customer(handoff: &Handoff) -> Markup {
    let account = &handoff.account;
    let known = [
        ("Industry", readable(&account.industry)),
        ("Employees", account.size.clone()),
        ("ARR", account.arr.as_ref().map(Money::to_plain_text).unwrap_or_default()),
        ("AE", handoff.row().ae),
    ];
    let rows: Vec<(&str, Markup)> = known
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name, html! { bdi { (value) } }))
        .collect();
    html! { @if !rows.is_empty() { div.card { (facts(&rows)) } } }
}

fn nobody(shown: &Shown<'_>) -> Markup {
    html! {
        div.card.empty {
            h2 { "There is no CSM yet" }
            @if shown.viewer.member.has(Role::Admin) {
                p { "Give somebody the role CSM on the roster, then come back." }
                p { a.button href="/settings/roster" { "To the roster" } }
            } @else { p { "An admin can give somebody the role CSM on the roster." } }
        }
    }
}

fn form(shown: &Shown<'_>, path: &str) -> Markup {
    let handoff = shown.handoff();
    let at_work = handoff.csm_at_work(&shown.viewer.roster);
    let error = match shown.said {
        Some(Said::Refused(refusal)) => Some((refusal, refusal.to_string())),
        _ => None,
    };
    let error_of = |of: &[AssignRefusal]| {
        error.as_ref().filter(|(refusal, _)| of.contains(refusal)).map(|(_, words)| words)
    };
    let (wrong_csm, wrong_reason) =
        (error_of(&[AssignRefusal::NotACsm]), error_of(&[AssignRefusal::NoReason, AssignRefusal::TooLong]));
    // To take an account from somebody is a choice of one's own; to fill a gap, a proposal will do.
    let chosen = match &shown.proposed {
        _ if shown.typed.is_sent => shown.typed.csm.clone(),
        Some((id, _)) if at_work.is_none() => id.to_string(),
        _ => String::new(),
    };
    html! {
        form.stack method="post" action={ (path) "/csm" } {
            (shown.viewer.proof())
            input type="hidden" name="assignments" value=(handoff.assignments);
            fieldset aria-describedby=[wrong_csm.is_some().then_some("csm-error")] {
                legend.csms__title { "CSMs, the best fit first" }
                (field_error("csm-error", wrong_csm))
                div.csms {
                    @for candidate in &shown.candidates {
                        label.csm {
                            input type="radio" name="csm" value=(candidate.id) required checked[candidate.id.as_str() == chosen];
                            (card(shown, candidate))
                        }
                    }
                }
            }
            div {
                label.field-label for="reason" { @if at_work.is_some() { "Why?" } @else { "A word about it (may be empty)" } }
                p.field-help #reason-help {
                    @match at_work {
                        Some(csm) => { "Both the new CSM and " (if csm.id == shown.viewer.member.id { "you" } else { csm.name.as_str() }) " get it by mail, and it stays in the account's history." }
                        None => "The new CSM gets it by mail, and it stays in the account's history.",
                    }
                }
                (field_error("reason-error", wrong_reason))
                textarea.field.field--line #reason name="reason" required[at_work.is_some()] maxlength=(REASON_MAX_BYTES)
                    aria-describedby={ "reason-help" @if wrong_reason.is_some() { " reason-error" } } { (shown.typed.reason) }
            }
            p.small.muted { "The new CSM gets the whole handoff by mail" @if at_work.is_some() { ", and whoever had the account a word that it has moved" } "." }
            div.actions {
                button.button { @if at_work.is_some() { "Hand it over" } @else { "Assign" } }
                a.button.button--quiet href=(path) { "Leave it as it is" }
            }
        }
    }
}

fn card(shown: &Shown<'_>, candidate: &Candidate) -> Markup {
    let proposed = shown.proposed.as_ref().filter(|(id, _)| *id == candidate.id);
    html! {
        span.csm__name {
            (candidate.name)
            @if shown.is_in_charge(candidate) { (badge(Tone::Info, "Has it now")) }
            @if let Some((_, why)) = proposed { (badge(Tone::Good, why)) }
            @if candidate.away.is_some() { (badge(Tone::Caution, "Away")) }
            @if candidate.is_full() { (badge(Tone::Caution, "Full")) }
        }
        span.csm__why {
            span { (candidate.knowledge()) }
            span.csm__load {
                @if candidate.capacity > 0 {
                    meter min="0" max=(candidate.capacity) low=(f64::from(candidate.capacity) * 0.75) high=(f64::from(candidate.capacity) * 0.99)
                        optimum="0" value=(candidate.load) aria-hidden="true" {}
                }
                (candidate.room())
            }
            span { (candidate.availability(text::day)) }
            (others(candidate))
        }
    }
}

/// Expertise that this customer does not need, to tell people apart.
fn others(candidate: &Candidate) -> Markup {
    let other: Vec<&str> =
        candidate.expertise.iter().filter(|tag| !candidate.fits.contains(tag)).map(String::as_str).collect();
    html! { @if !other.is_empty() { span.csm__more { "Also knows " (other.join(", ")) } } }
}
