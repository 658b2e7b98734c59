//! One whole source, with every quote that was taken from it marked where it stands.

use crate::evidence::byline;
use handoff_domain::draft::{Citation, Drafts};
use handoff_domain::source::{Source, SourceKind, SourceRef};
use handoff_web::{Markup, html};
use jiff::tz::TimeZone;
use std::ops::Range;

/// What one question, conflict or promise quotes from this source.
struct Quoted<'a> {
    /// Whom the words serve.
    by: String,
    /// Where they stand in the body.
    ranges: Vec<(Range<usize>, &'a str)>,
}

/// Everything inside `<main>` of a source's page.
pub fn body(company: &str, zone: &TimeZone, drafts: Option<&Drafts>, source: &Source) -> Markup {
    let quoted = drafts.map(|drafts| quoted(drafts, source)).unwrap_or_default();
    let marks = marks(&quoted);
    html! {
        div.intro {
            h1 dir="auto" { (title(source)) }
            p.muted { (byline(&SourceRef::from(source), zone)) " · " (company) }
            @if let Some(words) = caution(source.kind) { p.small.muted { (words) } }
        }
        @if !quoted.is_empty() {
            div.card {
                h2 { "Quoted here" }
                dl.quoted-for { @for one in &quoted { (quotes(one, &marks)) } }
            }
        }
        div.card { (marked(&source.body, &marks)) }
    }
}

/// What the page of a source is called.
pub fn title(source: &Source) -> &str {
    if source.title.is_empty() { source.kind.label() } else { &source.title }
}

/// What a reader should know of a kind of source.
fn caution(kind: SourceKind) -> Option<&'static str> {
    match kind {
        SourceKind::Pattern => {
            Some("Counted over similar customers: a suggestion, never a fact about this customer.")
        }
        SourceKind::Website => Some("As the website said it to the public on that day."),
        SourceKind::Context => Some("The AE\u{2019}s own words, added when asking for a new draft."),
        _ => None,
    }
}

fn quotes(one: &Quoted<'_>, marks: &[Range<usize>]) -> Markup {
    html! {
        div {
            dt dir="auto" { (one.by) }
            @for (range, words) in &one.ranges {
                dd dir="auto" { a href={ "#quote-" (number(marks, range)) } { "“" (words) "”" } }
            }
        }
    }
}

/// The number of the mark that a quote stands in, from 1.
fn number(marks: &[Range<usize>], range: &Range<usize>) -> usize {
    marks.iter().position(|mark| mark.contains(&range.start)).map_or(1, |index| index + 1)
}

/// Every quote of this source: by question, then by conflict, then by promise.
fn quoted<'a>(drafts: &'a Drafts, source: &Source) -> Vec<Quoted<'a>> {
    let questions = drafts.drafts.iter().map(|draft| {
        let question = drafts.questions.find(&draft.question);
        (question.map_or_else(String::new, |question| question.wording.clone()), draft.citations())
    });
    let conflicts = drafts.conflicts.iter().map(|conflict| {
        let citations = conflict.versions.iter().flat_map(|version| &version.citations);
        (format!("Sources disagree: {}", conflict.title()), citations.collect())
    });
    let promises = drafts
        .promises
        .iter()
        .map(|promise| (format!("Promise: {}", promise.text), promise.citations.iter().collect()));
    let all = questions.chain(conflicts).chain(promises);
    all.map(|(by, citations)| Quoted { by, ranges: ranges(&citations, source) })
        .filter(|one| !one.ranges.is_empty())
        .collect()
}

fn ranges<'a>(citations: &[&'a Citation], source: &Source) -> Vec<(Range<usize>, &'a str)> {
    let mut ranges: Vec<(Range<usize>, &str)> = citations
        .iter()
        .filter(|citation| citation.source == source.id && !citation.quote.is_empty())
        .filter_map(|citation| {
            let start = source.body.find(&citation.quote)?;
            Some((start..start + citation.quote.len(), citation.quote.as_str()))
        })
        .collect();
    ranges.sort_by_key(|(range, _)| (range.start, range.end));
    ranges.dedup();
    ranges
}

/// The places to mark in the order of the text; quotes that overlap share one.
fn marks(quoted: &[Quoted<'_>]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> =
        quoted.iter().flat_map(|one| &one.ranges).map(|(range, _)| range.clone()).collect();
    ranges.sort_by_key(|range| range.start);
    let mut marks: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match marks.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => marks.push(range),
        }
    }
    marks
}

fn marked(body: &str, marks: &[Range<usize>]) -> Markup {
    let starts = std::iter::once(0).chain(marks.iter().map(|mark| mark.end));
    let ends = marks.iter().map(|mark| mark.start).chain(std::iter::once(body.len()));
    let between: Vec<&str> = starts.zip(ends).map(|(start, end)| &body[start..end]).collect();
    html! {
        div.source-body dir="auto" {
            (between[0])
            @for (index, (mark, after)) in marks.iter().zip(&between[1..]).enumerate() {
                mark #{ "quote-" (index + 1) } { (&body[mark.clone()]) } (after)
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
        let html = marked(body, &[3..5, 10..12]).into_string();
        assert_eq!(
            html,
            "<div class=\"source-body\" dir=\"auto\">ab <mark id=\"quote-1\">ü</mark>&lt;cd&gt; <mark id=\"quote-2\">ef</mark></div>"
        );
        assert!(marked("", &[]).into_string().contains("source-body"));
    }

    #[test]
    fn quotes_that_overlap_share_a_mark_and_each_leads_there() {
        let one = |by: &str, ranges: &[Range<usize>]| Quoted {
            by: by.to_owned(),
            ranges: ranges.iter().map(|range| (range.clone(), "words")).collect(),
        };
        let quoted = [one("a", &[0..4, 20..22]), one("b", &[2..9, 3..8]), one("c", &[9..12, 20..21])];
        let marks = marks(&quoted);
        assert_eq!(marks, [0..9, 9..12, 20..22]);
        let numbers =
            |one: &Quoted<'_>| one.ranges.iter().map(|(range, _)| number(&marks, range)).collect::<Vec<_>>();
        assert_eq!(quoted.iter().map(numbers).collect::<Vec<_>>(), [vec![1, 3], vec![1, 1], vec![2, 3]]);
    }
}
