//! One whole source, with every quote that a draft took from it marked where it stands.

use super::draft::byline;
use handoff_domain::draft::Drafts;
use handoff_domain::handoff::Handoff;
use handoff_domain::source::{Source, SourceRef};
use handoff_web::page::Page;
use handoff_web::{Markup, html, text};
use std::ops::Range;

/// One quoted place: where it stands, and which question it answers.
struct Place<'a> {
    range: Range<usize>,
    question: &'a str,
}

/// The page of a source.
pub fn page<'a>(handoff: &'a Handoff, drafts: Option<&Drafts>, source: &'a Source) -> Page<'a> {
    let zone = text::zone(&handoff.time_zone);
    let places = drafts.map(|drafts| places(drafts, source)).unwrap_or_default();
    let title = if source.title.is_empty() { source.kind.label() } else { source.title.as_str() };
    let body = html! {
        div.intro {
            h1 { (title) }
            p.muted { (byline(&SourceRef::from(source), &zone)) " · " (handoff.account.company) }
        }
        @if !places.is_empty() {
            div.card {
                h2 { "Quoted here" }
                ul.plain {
                    @for (index, place) in places.iter().enumerate() {
                        li { a href={ "#quote-" (index + 1) } { "“" (&source.body[place.range.clone()]) "”" } span.muted.small { " for: " (place.question) } }
                    }
                }
            }
        }
        div.card { (marked(&source.body, &places)) }
    };
    Page { title, brand: &handoff.organization_name, script: None, body }
}

/// The quotes of this source in the order of its text; of two that overlap, the first.
fn places<'a>(drafts: &'a Drafts, source: &Source) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for draft in &drafts.drafts {
        let question =
            drafts.questions.find(&draft.question).map_or("", |question| question.wording.as_str());
        for citation in draft
            .citations()
            .into_iter()
            .filter(|citation| citation.source == source.id && !citation.quote.is_empty())
        {
            if let Some(start) = source.body.find(&citation.quote) {
                places.push(Place { range: start..start + citation.quote.len(), question });
            }
        }
    }
    places.sort_by_key(|place| (place.range.start, usize::MAX - place.range.end));
    let mut end = 0;
    places.retain(|place| {
        let free = place.range.start >= end;
        if free {
            end = place.range.end;
        }
        free
    });
    places
}

fn marked(body: &str, places: &[Place<'_>]) -> Markup {
    let starts = std::iter::once(0).chain(places.iter().map(|place| place.range.end));
    let ends = places.iter().map(|place| place.range.start).chain(std::iter::once(body.len()));
    let between: Vec<&str> = starts.zip(ends).map(|(start, end)| &body[start..end]).collect();
    html! {
        div.source-body {
            (between[0])
            @for (index, (place, after)) in places.iter().zip(&between[1..]).enumerate() {
                mark #{ "quote-" (index + 1) } { (&body[place.range.clone()]) } (after)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_around_and_between_quotes_is_kept_whole() {
        let body = "ab ü<cd> ef";
        let places = [Place { range: 3..5, question: "" }, Place { range: 10..12, question: "" }];
        let html = marked(body, &places).into_string();
        assert_eq!(
            html,
            "<div class=\"source-body\">ab <mark id=\"quote-1\">ü</mark>&lt;cd&gt; <mark id=\"quote-2\">ef</mark></div>"
        );
        assert!(marked("", &[]).into_string().contains("source-body"));
    }
}
