//! The words that a draft rests on, statement by statement, and the statements that rest on nothing.

use super::FormView;
use handoff_domain::draft::{Citation, Claim, Draft, Drafts, Withheld, WithheldReason};
use handoff_domain::question::Question;
use handoff_domain::source::SourceRef;
use handoff_web::components::hidden_words;
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The quotes of a draft under the statements that they carry, one click away; then what was left out.
pub fn tools(view: &FormView<'_>, question: &Question) -> Markup {
    let Some(draft) = view.drafts.find(&question.id) else { return html! {} };
    html! {
        @if !draft.claims.is_empty() {
            details {
                summary { "Evidence (" (draft.citations().len()) ")" (hidden_words(&format!(" for: {}", question.wording))) }
                (claims(view, draft))
            }
        }
        (withheld(&draft.withheld, &question.wording))
    }
}

/// Several statements are named; a single one is the answer itself.
fn claims(view: &FormView<'_>, draft: &Draft) -> Markup {
    html! {
        @if let [only] = draft.claims.as_slice() { (quotes(view, only)) } @else {
            ol.claims {
                @for claim in &draft.claims { li { p.claim { (readable(claim)) } (quotes(view, claim)) } }
            }
        }
    }
}

/// The statement of a yes/no claim as its field says it.
fn readable(claim: &Claim) -> &str {
    match claim.text.as_str() {
        "yes" => "Yes",
        "no" => "No",
        text => text,
    }
}

fn quotes(view: &FormView<'_>, claim: &Claim) -> Markup {
    html! { ul.evidence { @for citation in &claim.citations { li { (quote(view, citation)) } } } }
}

/// One quote in its surroundings, and where it stands.
fn quote(view: &FormView<'_>, citation: &Citation) -> Markup {
    html! {
        (words(citation))
        footer {
            @match view.drafts.source(&citation.source) {
                Some(source) => (byline(source, &view.zone())),
                None => b { "Source " (citation.source) },
            }
            " · "
            (whole(citation, &view.link.path))
        }
    }
}

/// The quote in its surroundings.
pub fn words(citation: &Citation) -> Markup {
    html! {
        blockquote dir="auto" {
            @if !citation.before.is_empty() { "…" (citation.before) }
            mark { (citation.quote) }
            @if !citation.after.is_empty() { (citation.after) "…" }
        }
    }
}

/// Where a quote stands, without author and date, and the way to read it whole.
pub fn place(drafts: &Drafts, citation: &Citation, path: &str) -> Markup {
    html! {
        footer {
            @match drafts.source(&citation.source) {
                Some(source) => (name(source)),
                None => b { "Source " (citation.source) },
            }
            " · "
            (whole(citation, path))
        }
    }
}

fn whole(citation: &Citation, path: &str) -> Markup {
    html! {
        a href={ (path) "/sources/" (citation.source) } target="_blank" rel="noopener" {
            "Read it whole" (hidden_words(" (opens in a new tab)"))
        }
    }
}

fn name(source: &SourceRef) -> Markup {
    html! { b dir="auto" { (source.kind.label()) @if !source.title.is_empty() { ": " (source.title) } } }
}

/// `E-mail: Re: rollout, Ana Diaz, 12 Oct 2026`.
pub fn byline(source: &SourceRef, zone: &TimeZone) -> Markup {
    html! {
        (name(source))
        @if let Some(author) = &source.author { ", " (author) }
        @if let Some(date) = source.date { ", " time datetime=(date.to_string()) { (text::day_at(date, zone)) } }
    }
}

/// Statements that are no part of the answer, each with the reason; those that are not fit to be shown are counted.
fn withheld(all: &[Withheld], wording: &str) -> Markup {
    let mut hidden: BTreeMap<&str, usize> = BTreeMap::new();
    for one in all.iter().filter(|one| one.text.is_empty()) {
        *hidden.entry(reason(one.reason)).or_default() += 1;
    }
    html! {
        @if !all.is_empty() {
            details {
                summary { "Left out (" (all.len()) ")" (hidden_words(&format!(", statements not used for: {wording}"))) }
                ul.withheld {
                    @for one in all.iter().filter(|one| !one.text.is_empty()) {
                        li { span.withheld__text dir="auto" { "“" (one.text) "”" } span { "Left out: " (reason(one.reason)) "." } }
                    }
                    @for (reason, count) in hidden {
                        li { span { (count) @if count == 1 { " statement" } @else { " statements" } " left out: " (reason) "." } }
                    }
                }
            }
        }
    }
}

/// Why a statement was left out, after "Left out:".
fn reason(reason: WithheldReason) -> &'static str {
    match reason {
        WithheldReason::NoEvidence => "not in the sources, no quote supports it",
        WithheldReason::UnknownNumber => "it names a number or a date that its source does not name",
        WithheldReason::OffTopic => "its quote speaks of something else",
        WithheldReason::NotForPeople => "it speaks to a machine, not to people",
        WithheldReason::NotAnOption => "it is not one of the answers on offer",
        WithheldReason::TooMuch => "the answer was complete, or too long, without it",
    }
}
