//! What stands behind a draft: who wrote it, how sure it is, and the words that it rests on.

use super::FormView;
use handoff_domain::draft::{Citation, Confidence, Draft, DraftedBy, Drafts};
use handoff_domain::question::Question;
use handoff_domain::source::SourceRef;
use handoff_web::components::{Tone, badge, hidden_words};
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;

/// One line: confidence, drafter and reason; or that the sources are silent.
pub fn origin(view: &FormView<'_>, question: &Question) -> Markup {
    let draft = view.drafts.find(&question.id);
    html! {
        p.question__origin {
            @match draft.filter(|draft| draft.value.is_some()) {
                Some(draft) => {
                    (confidence(draft.confidence))
                    @if view.handoff.is_edited(view.drafts, &question.id) { (badge(Tone::Info, "Edited by you")) }
                    span { (drafter(&draft.by)) @if !draft.reason.is_empty() { " · " (draft.reason) } }
                }
                None => {
                    span { (silence(view)) }
                }
            }
            (withheld(draft))
        }
    }
}

/// Why there is no draft: a source that was not read is not a source that is silent.
fn silence(view: &FormView<'_>) -> &'static str {
    if view.drafts.sources.is_empty() {
        "There was nothing to draft from."
    } else if view.drafts.gaps.is_empty() {
        "The sources do not say."
    } else {
        "The sources that could be read do not say."
    }
}

fn drafter(by: &DraftedBy) -> &'static str {
    match by {
        DraftedBy::Model(_) => "Drafted by AI",
        DraftedBy::Extractive => "Picked from the sources, no AI model",
    }
}

/// The confidence as a word and three dots.
pub fn confidence(confidence: Option<Confidence>) -> Markup {
    let Some(confidence) = confidence else { return html! {} };
    let (tone, dots) = match confidence {
        Confidence::High => ("good", 3),
        Confidence::Medium => ("neutral", 2),
        Confidence::Low => ("caution", 1),
    };
    html! {
        span class={ "badge badge--" (tone) } {
            span.meter-dots aria-hidden="true" { @for dot in 0..3 { i.on[dot < dots] {} } }
            (confidence.label())
        }
    }
}

fn withheld(draft: Option<&Draft>) -> Markup {
    html! {
        @match draft.map_or(0, |draft| draft.withheld.len()) {
            0 => {},
            1 => span { "One statement was left out: its quote is not in the sources." },
            n => span { (n) " statements were left out: their quotes are not in the sources." },
        }
    }
}

/// The quotes of a draft, each in its place, one click away. Nothing for a draft without any.
pub fn evidence(view: &FormView<'_>, question: &Question) -> Markup {
    let citations = view.drafts.find(&question.id).map(Draft::citations).unwrap_or_default();
    html! {
        @if !citations.is_empty() {
            details {
                summary { "Evidence (" (citations.len()) ")" (hidden_words(&format!(" for: {}", question.wording))) }
                ul.evidence {
                    @for citation in citations { li { (quote(view.drafts, citation, &view.zone(), &view.link.path)) } }
                }
            }
        }
    }
}

fn quote(drafts: &Drafts, citation: &Citation, zone: &TimeZone, path: &str) -> Markup {
    html! {
        blockquote {
            @if !citation.before.is_empty() { "…" (citation.before) }
            mark { (citation.quote) }
            @if !citation.after.is_empty() { (citation.after) "…" }
        }
        footer {
            @match drafts.source(&citation.source) {
                Some(source) => (byline(source, zone)),
                None => b { "Source " (citation.source) },
            }
            " · "
            a href={ (path) "/sources/" (citation.source) } target="_blank" rel="noopener" {
                "Read it whole" (hidden_words(" (opens in a new tab)"))
            }
        }
    }
}

/// `E-mail: Re: rollout, Ana Diaz, 12 Oct 2026`.
pub fn byline(source: &SourceRef, zone: &TimeZone) -> Markup {
    html! {
        b { (source.kind.label()) @if !source.title.is_empty() { ": " (source.title) } }
        @if let Some(author) = &source.author { ", " (author) }
        @if let Some(date) = source.date { ", " time datetime=(date.to_string()) { (text::day_at(date, zone)) } }
    }
}
