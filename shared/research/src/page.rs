//! From a page to the text that matters in it.

use crate::fetch::FetchError;
use crate::outline::{self, Link, Outline};
use dom_smoothie::{Config, Readability, TextMode};
use serde_json::Value;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Deeper nested or larger pages are read by their tokens only: no tree is built of them.
const DEPTH_MAX: usize = 60;
const ELEMENTS_MAX: usize = 10_000;
/// Attributes of one element above which a page is not read: the tokenizer compares each with all others.
const ATTRIBUTES_MAX: usize = 2000;
/// Least main text that is worth more than the whole page's, in characters.
const MAIN_TEXT_MIN_CHARACTERS: usize = 500;
/// Longest that the main text is looked for; then the whole page's is taken.
const READING_MAX: Duration = Duration::from_secs(4);

/// What a page says.
#[derive(Debug, Default)]
pub(crate) struct PageText {
    pub(crate) title: String,
    /// What it says of itself to search engines and social networks; each thing once.
    pub(crate) descriptions: Vec<String>,
    pub(crate) text: String,
    pub(crate) links: Vec<Link>,
}

/// Reads a page beside everything else, so that one that breaks a library, or keeps it for ever, ends nothing but itself.
pub(crate) async fn read(text: String, is_html: bool) -> Result<PageText, FetchError> {
    if !is_html {
        return Ok(PageText { text: tidy(&text), ..PageText::default() });
    }
    let outlined = spawn_blocking(move || of_html(&text).map(|page| (page, text)));
    let ((mut page, is_tame), html) = outlined.await.ok().flatten().ok_or(FetchError::Unreadable)?;
    if is_tame
        && let Ok(Ok(Some(main))) = timeout(READING_MAX, spawn_blocking(move || main_text(&html))).await
    {
        page.text = main;
    }
    Ok(page)
}

/// What the page's tokens say, and whether it is worth the tree that a better reading needs; `None` for one that is not
/// read at all. Costs no more than its length.
fn of_html(html: &str) -> Option<(PageText, bool)> {
    if has_endless_tag(html) {
        return None;
    }
    let outline = outline::of(html);
    let is_tame = outline.depth <= DEPTH_MAX && outline.elements <= ELEMENTS_MAX;
    let page = PageText {
        title: one_line(&outline.title),
        descriptions: descriptions(&outline),
        text: tidy(&outline.text),
        links: outline.links,
    };
    Some((page, is_tame))
}

/// The main text, where a reader's eye would find one. Home pages often have none, but many small ones.
fn main_text(html: &str) -> Option<String> {
    let config = Config { disable_json_ld: true, text_mode: TextMode::Formatted, ..Config::default() };
    let article = Readability::new(html, None, Some(config)).ok()?.parse().ok()?;
    Some(tidy(&article.text_content)).filter(|text| text.chars().count() >= MAIN_TEXT_MIN_CHARACTERS)
}

fn descriptions(outline: &Outline) -> Vec<String> {
    let mut found: Vec<String> = outline.descriptions.iter().map(|text| one_line(text)).collect();
    for data in outline.linked_data.iter().filter_map(|data| serde_json::from_str(data).ok()) {
        organizations(&data, &mut found);
    }
    let mut once: Vec<String> = Vec::new();
    for text in found {
        if !text.is_empty() && !once.iter().any(|other| other.contains(&text)) {
            once.push(text);
        }
    }
    once
}

/// The descriptions of organizations in linked data. JSON nests no deeper than its parser allows.
fn organizations(data: &Value, found: &mut Vec<String>) {
    match data {
        Value::Array(all) => all.iter().for_each(|one| organizations(one, found)),
        Value::Object(fields) => {
            let kinds = fields
                .get("@type")
                .map(|kind| kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]));
            let is_organization = |kind: &Value| {
                let kind = kind.as_str().unwrap_or_default();
                ["Organization", "Corporation", "Business"].iter().any(|end| kind.ends_with(end))
            };
            let description = fields.get("description").and_then(Value::as_str);
            if let Some(description) = description.filter(|_| kinds.iter().flatten().any(is_organization)) {
                found.push(one_line(description));
            }
            fields.get("@graph").into_iter().for_each(|graph| organizations(graph, found));
        }
        _ => {}
    }
}

/// Whether one tag has more attributes than any honest one, by a look at its raw text.
fn has_endless_tag(html: &str) -> bool {
    let (mut in_tag, mut quote, mut words) = (false, None, 0);
    let (mut before, mut last) = (b' ', b' ');
    for byte in html.bytes() {
        match (in_tag, quote) {
            (true, Some(mark)) if byte == mark => quote = None,
            (true, Some(_)) => {}
            (true, None) => match byte {
                b'>' => in_tag = false,
                b'"' | b'\'' if last == b'=' => quote = Some(byte),
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' | b'/' | b'"' | b'\'' => words += 1,
                _ => {}
            },
            (false, _) => {
                if before == b'<' && byte.is_ascii_alphabetic() {
                    (in_tag, quote, words) = (true, None, 0);
                }
            }
        }
        if words > ATTRIBUTES_MAX {
            return true;
        }
        before = byte;
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    false
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines without blanks at their ends, at most one empty line between two.
fn tidy(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(one_line) {
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests;
