//! What was read for the drafts, by kind, and what was not.

use crate::Reading;
use crate::evidence::{name, origin, source_link};
use handoff_domain::source::{SourceGap, SourceKind, SourceRef};
use handoff_web::components::{Tone, notice};
use handoff_web::{Markup, html};
use std::collections::BTreeMap;

/// The list of sources and gaps.
pub fn list(reading: &Reading<'_>) -> Markup {
    let mut kinds: BTreeMap<SourceKind, Vec<&SourceRef>> = BTreeMap::new();
    for source in &reading.drafts.sources {
        kinds.entry(source.kind).or_default().push(source);
    }
    html! {
        @if kinds.is_empty() { p.muted { "Nothing was found to draft from." } } @else {
            div.kinds {
                @for (kind, sources) in &kinds {
                    details {
                        summary { (many(*kind, sources.len())) }
                        ul.plain.small { @for source in sources { li { (entry(reading, source)) } } }
                    }
                }
            }
        }
        (gaps(&reading.drafts.gaps))
    }
}

/// A kind of source and how many of it: `3 e-mails`.
fn many(kind: SourceKind, count: usize) -> String {
    let (one, several) = match kind {
        SourceKind::Deal => ("deal record", "deal records"),
        SourceKind::Company => ("company record", "company records"),
        SourceKind::Contact => ("contact record", "contact records"),
        SourceKind::Note => ("note", "notes"),
        SourceKind::Email => ("e-mail", "e-mails"),
        SourceKind::Call => ("call", "calls"),
        SourceKind::Meeting => ("meeting", "meetings"),
        SourceKind::Task => ("task", "tasks"),
        SourceKind::Payload => ("piece of pasted material", "pieces of pasted material"),
        SourceKind::Website => ("page of the website", "pages of the website"),
        SourceKind::Pattern => ("pattern of similar customers", "patterns of similar customers"),
        SourceKind::Context => ("text that you added", "texts that you added"),
    };
    format!("{count} {}", if count == 1 { one } else { several })
}

fn entry(reading: &Reading<'_>, source: &SourceRef) -> Markup {
    html! { (source_link(reading.path, &source.id, &name(source))) (origin(source, &reading.zone)) }
}

fn gaps(gaps: &[SourceGap]) -> Markup {
    html! {
        @if !gaps.is_empty() {
            (notice(Tone::Caution, "Not read, or not in full", false, html! {
                ul.plain.small { @for gap in gaps { li { b { (gap.kind.label()) } ": " (gap.reason) } } }
            }))
        }
    }
}
