//! What the sources disagree about, and how it was settled.

use crate::Reading;
use crate::evidence::{near_words, place};
use handoff_domain::finding::{Conflict, Settlement, Version};
use handoff_web::components::{Tone, badge};
use handoff_web::{Markup, html, text};
use std::collections::BTreeSet;

/// Quotes of one version that are shown.
const SHOWN_MAX: usize = 3;

/// A disagreement with each side and its words, for reading.
pub fn settled(reading: &Reading<'_>, conflict: &Conflict, settled: Option<&Settlement>) -> Markup {
    let chosen = conflict.chosen(settled);
    html! {
        div.conflict {
            p.conflict__title {
                span { (conflict.title()) } " "
                @match settled {
                    None => (badge(Tone::Caution, "Open: confirm it early")),
                    Some(Settlement::Neither) => (badge(Tone::Good, "Settled: none of these")),
                    Some(Settlement::Version(_)) => (badge(Tone::Good, "Settled")),
                }
            }
            div.versions {
                @for version in &conflict.versions {
                    @let holds = chosen == Some(version);
                    div.version {
                        p.version__choice {
                            span {
                                b dir="auto" { (version.text) }
                                @if holds { " " (badge(Tone::Good, "Holds")) }
                                span.version__when { (said(reading, version)) }
                            }
                        }
                        div.version__said { (words(reading, version)) }
                    }
                }
            }
        }
    }
}

/// The words of one side.
pub fn words(reading: &Reading<'_>, version: &Version) -> Markup {
    html! {
        @for citation in version.citations.iter().take(SHOWN_MAX) {
            (near_words(citation)) (place(reading.drafts, citation, reading.path))
        }
        @if version.citations.len() > SHOWN_MAX { p.small.muted { "and " (version.citations.len() - SHOWN_MAX) " more" } }
    }
}

/// Who said it, where all its places have one author, and when.
pub fn said(reading: &Reading<'_>, version: &Version) -> Markup {
    let authors: BTreeSet<Option<&str>> = version
        .citations
        .iter()
        .map(|citation| reading.drafts.source(&citation.source).and_then(|source| source.author_name()))
        .collect();
    let only = authors.first().copied().flatten().filter(|_| authors.len() == 1);
    html! {
        @match (only, version.date) {
            (Some(author), Some(date)) => { (author) ", " time datetime=(date.to_string()) { (text::day_at(date, &reading.zone)) } }
            (Some(author), None) => (author),
            (None, Some(date)) => time datetime=(date.to_string()) { (text::day_at(date, &reading.zone)) },
            (None, None) => "No author, no date",
        }
    }
}
