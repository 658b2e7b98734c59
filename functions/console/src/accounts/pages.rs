//! The account's page, from what is stored to markup.

mod answers;
mod begin;
mod beside;
mod choose_plan;
mod flow_back;
mod plan;
mod steps;
mod timeline;

pub(super) use choose_plan::choose_plan;
pub(crate) use choose_plan::outline;
pub(crate) use plan::working_days;

use super::account::{Said, Typed};
use super::words;
use crate::gate::Viewer;
pub(super) use beside::name;
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::{EndedRound, Handoff, HandoffState};
use handoff_store::AccountView;
use handoff_views::{Reading, evidence, sources, summary};
use handoff_web::components::{Tone, facts, notice};
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;

/// What all parts of the page share.
struct Shown<'a> {
    viewer: &'a Viewer,
    account: &'a AccountView,
    typed: &'a Typed,
    zone: TimeZone,
    /// `/accounts/<id>`.
    path: String,
}

impl<'a> Shown<'a> {
    fn new(viewer: &'a Viewer, account: &'a AccountView, typed: &'a Typed) -> Self {
        let zone = text::zone(&viewer.organization.time_zone);
        let path = format!("/accounts/{}", account.handoff.id);
        Self { viewer, account, typed, zone, path }
    }

    fn handoff(&self) -> &'a Handoff {
        &self.account.handoff
    }

    fn reading<'b>(&'b self, drafts: &'b Drafts) -> Reading<'b> {
        Reading { drafts, zone: self.zone.clone(), path: &self.path }
    }
}

/// The whole account.
pub(super) fn account(viewer: &Viewer, account: &AccountView, said: Option<&Said>, typed: &Typed) -> Markup {
    let shown = Shown::new(viewer, account, typed);
    html! {
        (head(&shown))
        @if let Some(said) = said { (notice(said.tone, &said.words, true, html! {})) }
        (steps::attention(&shown))
        (returned(&shown))
        div.columns {
            div.columns__main {
                @if plan::is_theirs(&shown) {
                    (plan::section(&shown))
                    (begin::section(&shown))
                }
                @match &account.drafts {
                    None => (drafting()),
                    Some(drafts) => {
                        (answers::current(&shown, drafts))
                        (read_for_the_drafts(&shown, drafts))
                    }
                }
                (beside::rating(&shown))
            }
            div.columns__side {
                (summary::customer(&account.handoff.account))
                @if !plan::is_theirs(&shown) {
                    (begin::section(&shown))
                    (plan::section(&shown))
                }
                (beside::notes(&shown))
                (flow_back::section(&shown))
                (steps::all(&shown))
                (rounds(&shown))
                (timeline::section(&shown))
            }
        }
        (evidence::new_tab())
    }
}

fn head(shown: &Shown<'_>) -> Markup {
    let handoff = shown.handoff();
    let row = handoff.row();
    let dash = |text: &str| html! { @if text.is_empty() { span.muted { "Nobody yet" } } @else { (text) } };
    let mut rows = vec![("AE", dash(&row.ae)), ("CSM", html! { (dash(&row.csm_name)) (change_csm(shown)) })];
    match (&handoff.submission, &handoff.link) {
        (Some(submission), _) => rows.push(("Handed over", text::moment(submission.at, &shown.zone))),
        (None, Some(link)) if handoff.state == HandoffState::AwaitingAe => {
            rows.push(("Link until", text::moment(link.expires_at, &shown.zone)));
            rows.push((
                "Opened",
                match handoff.opened_at {
                    Some(at) => text::moment(at, &shown.zone),
                    None => html! { span.muted { "Not yet" } },
                },
            ));
        }
        _ => rows.push(("Made", text::moment(handoff.created_at, &shown.zone))),
    }
    if handoff.round > 1 {
        rows.push(("Round", html! { (handoff.round) }));
    }
    html! {
        div.page-head {
            div {
                p.small { a href="/accounts" { "Accounts" } }
                h1 dir="auto" { (handoff.account.company) }
                p { (words::badges_of_handoff(handoff)) }
            }
        }
        div.card { (facts(&rows)) }
        (places(shown))
        @if handoff.csm_left(&shown.viewer.roster) {
            (notice(Tone::Caution, &format!("{} is no CSM any more", row.csm_name), false, html! {
                p { "Nobody looks after this customer. " @if may_assign(shown) { a href={ (shown.path) "/csm" } { "Assign a CSM" } "." } }
            }))
        }
        @if handoff.state == HandoffState::Skipped {
            (notice(Tone::Neutral, "Skipped: started by hand", false, html! { p dir="auto" { "“" (handoff.skip_reason) "”" } }))
        }
    }
}

fn may_assign(shown: &Shown<'_>) -> bool {
    let handoff = shown.handoff();
    handoff.can_have_csm().is_ok() && handoff.may_assign(&shown.viewer.member, &shown.viewer.roster)
}

/// The way to another CSM, for those who may choose one.
fn change_csm(shown: &Shown<'_>) -> Markup {
    let has_one = shown.handoff().csm_at_work(&shown.viewer.roster).is_some();
    html! {
        @if may_assign(shown) {
            " " a.facts__step href={ (shown.path) "/csm" } { @if has_one { "Change" span.visually-hidden { " the CSM" } } @else { "Assign a CSM" } }
        }
    }
}

/// The way to the parts of the page; it is long on a phone.
fn places(shown: &Shown<'_>) -> Markup {
    let account = shown.account;
    let places = [
        ("answers", "Answers", account.drafts.is_some()),
        ("begin", "Welcome and kickoff", account.handoff.csm_in_charge().is_some()),
        ("plan", "Plan", account.plan.is_some()),
        ("notes", "Notes", true),
        ("rating", "Rating", account.handoff.submission.is_some()),
        ("timeline", "What happened", true),
    ];
    html! {
        nav.places aria-label="On this page" {
            @for (id, words, _) in places.iter().filter(|(.., is_there)| *is_there) { a href={ "#" (id) } { (words) } }
        }
    }
}

fn returned(shown: &Shown<'_>) -> Markup {
    html! {
        @if let Some(returned) = shown.handoff().returned.as_ref().filter(|_| shown.handoff().submission.is_none()) {
            (notice(Tone::Info, &format!("{} gave it back to the AE", returned.by), false, html! {
                p dir="auto" { "“" (returned.reason) "”" }
                p.small.muted { (text::moment(returned.at, &shown.zone)) }
            }))
        }
    }
}

fn drafting() -> Markup {
    html! {
        div.card.empty { h2 { "Answers are being drafted" } p { "Sources are read and every question gets a draft. Usually done within minutes." } }
    }
}

fn read_for_the_drafts(shown: &Shown<'_>, drafts: &Drafts) -> Markup {
    html! {
        section.card #sources aria-labelledby="sources-title" {
            h2 #sources-title { "What was read" }
            (sources::list(&shown.reading(drafts)))
            @if let Some(until) = shown.handoff().material_until {
                p.small.muted {
                    @if shown.handoff().has_material(shown.viewer.now) { "Your organization keeps these until " } @else { "Your organization kept these until " }
                    (text::day_at(until, &shown.zone)) ". The quotes above stay."
                }
            }
        }
    }
}

fn rounds(shown: &Shown<'_>) -> Markup {
    html! {
        @if !shown.account.rounds.is_empty() {
            section.card aria-labelledby="rounds" {
                h2 #rounds { "Earlier rounds" }
                ul.plain {
                    @for ended in &shown.account.rounds {
                        li {
                            a href={ (shown.path) "/rounds/" (ended.round) } { "Round " (ended.round) }
                            p.small.muted { "Handed over " (text::moment(ended.submission.at, &shown.zone)) ", given back by " (ended.returned.by) }
                        }
                    }
                }
            }
        }
    }
}

/// A round that is over, read only.
pub(super) fn round(viewer: &Viewer, account: &AccountView, ended: &EndedRound) -> Markup {
    let typed = Typed::default();
    let shown = Shown::new(viewer, account, &typed);
    html! {
        div.page-head {
            div {
                p.small { a href=(shown.path) { (account.handoff.account.company) } }
                h1 { "Round " (ended.round) }
                p { "As it was handed over " (text::moment(ended.submission.at, &shown.zone)) ". Nothing here changes any more." }
            }
        }
        (notice(Tone::Info, &format!("{} gave it back", ended.returned.by), false, html! { p dir="auto" { "“" (ended.returned.reason) "”" } }))
        (answers::frozen(&shown, &ended.drafts, &ended.submission, ended.round))
        (evidence::new_tab())
    }
}
