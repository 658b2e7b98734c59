//! The words that a draft rests on, statement by statement, and the statements that rest on nothing.

use crate::Reading;
use handoff_domain::draft::{Citation, Claim, Draft, Drafts, Withheld, WithheldReason};
use handoff_domain::id::SourceId;
use handoff_domain::question::Question;
use handoff_domain::source::SourceRef;
use handoff_web::components::hidden_words;
use handoff_web::{Markup, html, text};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// The quotes of a draft under the statements that they carry, one click away; then what was left out.
pub fn tools(reading: &Reading<'_>, question: &Question) -> Markup {
    let Some(draft) = reading.drafts.find(&question.id) else { return html! {} };
    html! {
        @if !draft.claims.is_empty() {
            details {
                summary { "Evidence (" (draft.citations().len()) ")" (hidden_words(&format!(" for: {}", question.wording))) }
                (claims(reading, draft))
            }
        }
        (withheld(&draft.withheld, &question.wording))
    }
}

/// Several statements are named; a single one is the answer itself.
fn claims(reading: &Reading<'_>, draft: &Draft) -> Markup {
    html! {
        @if let [only] = draft.claims.as_slice() { (quotes(reading, only)) } @else {
            ol.claims {
                @for claim in &draft.claims { li { p.claim { (readable(claim)) } (quotes(reading, claim)) } }
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

fn quotes(reading: &Reading<'_>, claim: &Claim) -> Markup {
    html! { ul.evidence { @for citation in &claim.citations { li { (quote(reading, citation)) } } } }
}

/// One quote in its surroundings, and where it stands.
fn quote(reading: &Reading<'_>, citation: &Citation) -> Markup {
    html! {
        (words(citation, AROUND_CHARS))
        footer {
            @match reading.drafts.source(&citation.source) {
                Some(source) => (byline(source, &reading.zone)),
                None => b { "Source " (citation.source) },
            }
            " · "
            (whole(citation, reading.path))
        }
    }
}

/// Surroundings of a quote on each side, in characters: enough to see what it is about; the source's page has the rest.
const AROUND_CHARS: usize = 80;

/// The same where a quote stands in a small card.
const NEAR_CHARS: usize = 48;

/// The quote with the few words around it.
pub fn near_words(citation: &Citation) -> Markup {
    words(citation, NEAR_CHARS)
}

fn words(citation: &Citation, around_chars: usize) -> Markup {
    let before = citation.before.char_indices().rev().nth(around_chars).map_or(0, |(at, _)| at);
    let after = citation.after.char_indices().nth(around_chars).map_or(citation.after.len(), |(at, _)| at);
    let (before, after) = (&citation.before[before..], &citation.after[..after]);
    // Whole words only, where something was cut.
    let before = if before.len() < citation.before.len() {
        before.split_once(char::is_whitespace).map_or("", |(_, rest)| rest)
    } else {
        before
    };
    let after = if after.len() < citation.after.len() {
        after.rsplit_once(char::is_whitespace).map_or("", |(rest, _)| rest)
    } else {
        after
    };
    surrounded(before, &citation.quote, after)
}

fn surrounded(before: &str, quote: &str, after: &str) -> Markup {
    html! {
        blockquote dir="auto" {
            @if !before.is_empty() { "…" (before) }
            mark { (quote) }
            @if !after.is_empty() { (after) "…" }
        }
    }
}

/// Where a quote stands, without author and date, and the way to read it whole.
pub fn place(drafts: &Drafts, citation: &Citation, path: &str) -> Markup {
    html! {
        footer {
            @match drafts.source(&citation.source) {
                Some(source) => b dir="auto" { (source.kind.label()) @if !source.title.is_empty() { ": " (short(&source.title)) } },
                None => b { "Source " (citation.source) },
            }
            " · "
            (whole(citation, path))
        }
    }
}

/// A title that fits into a line or two of a small card.
fn short(title: &str) -> String {
    match title.char_indices().nth(NEAR_CHARS) {
        Some((at, _)) => format!("{}…", title[..at].trim_end()),
        None => title.to_owned(),
    }
}

fn whole(citation: &Citation, path: &str) -> Markup {
    source_link(path, &citation.source, &html! { "Read it whole" })
}

/// A link to the page of a source. A form has a hundred of them, so what is the same in all stands in [`new_tab`] once;
/// browsers take `_blank` for `noopener` by themselves.
pub fn source_link(path: &str, source: &SourceId, words: &Markup) -> Markup {
    html! { a href={ (path) "/sources/" (source) } target="_blank" aria-describedby="new-tab" { (words) } }
}

/// What [`source_link`] is described by.
pub fn new_tab() -> Markup {
    html! { span #new-tab hidden { "Opens in a new tab" } }
}

/// `E-mail: Re: rollout`.
pub fn name(source: &SourceRef) -> Markup {
    html! { b dir="auto" { (source.kind.label()) @if !source.title.is_empty() { ": " (source.title) } } }
}

/// `E-mail: Re: rollout, Ana Diaz, 12 Oct 2026`.
pub fn byline(source: &SourceRef, zone: &TimeZone) -> Markup {
    html! { (name(source)) (origin(source, zone)) }
}

/// `, Ana Diaz, 12 Oct 2026`.
pub fn origin(source: &SourceRef, zone: &TimeZone) -> Markup {
    html! {
        @if let Some(author) = source.author_name() { ", " (author) }
        @if let Some(date) = source.date { ", " (text::day_at(date, zone)) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_card_shows_whole_words_near_the_quote() {
        let citation = |before: &str, after: &str| Citation {
            source: SourceId::parse("note-1").unwrap(),
            quote: "the quote".to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        let long = "größer und größer ".repeat(9);
        let text = near_words(&citation(&long, &format!(" {long}"))).into_string();
        assert!(text.contains("…und größer größer und größer größer und größer <mark>"), "{text}");
        assert!(
            text.ends_with("</mark> größer und größer größer und größer größer und…</blockquote>"),
            "{text}"
        );
        let narrow = "\u{a0}".repeat(60);
        let text = near_words(&citation(&narrow, &narrow)).into_string();
        assert!(text.contains("<mark>the quote</mark>"), "{text}");
        let whole = near_words(&citation("Say: ", ".")).into_string();
        assert!(whole.contains("…Say: <mark>the quote</mark>.…"), "{whole}");
        assert!(near_words(&citation("", "")).into_string().ends_with("<mark>the quote</mark></blockquote>"));
    }
}
