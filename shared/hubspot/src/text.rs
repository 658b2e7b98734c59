//! From what people typed into a CRM to plain text that shows all that it says and hides nothing.

use handoff_domain::limits::SOURCE_BODY_MAX_BYTES;
use handoff_domain::text::visible;
mod markup;

/// Longest title of a source, in characters.
const TITLE_MAX_CHARACTERS: usize = 120;

/// Rich text as plain text: markup taken out, hidden characters taken out, at most
/// [`SOURCE_BODY_MAX_BYTES`]. Text without markup stays as it is.
pub(crate) fn from_rich(text: &str) -> String {
    let text = cap(text, SOURCE_BODY_MAX_BYTES);
    if markup::is_in(text) { clean(&markup::render(text)) } else { clean(text) }
}

/// Plain text without characters that hide or turn it round; lines are kept, at most [`SOURCE_BODY_MAX_BYTES`].
pub(crate) fn clean(text: &str) -> String {
    let shown = visible(text);
    let mut lines: Vec<&str> = Vec::new();
    for line in shown.lines().map(str::trim_end) {
        let repeats_blank = line.is_empty() && lines.last().is_none_or(|last| last.is_empty());
        if !repeats_blank {
            lines.push(line);
        }
    }
    let joined = lines.join("\n");
    cap(joined.trim_end(), SOURCE_BODY_MAX_BYTES).to_owned()
}

/// One line of plain text.
pub(crate) fn clean_line(text: &str) -> String {
    visible(cap(text, SOURCE_BODY_MAX_BYTES)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One short line of plain text, for a title; an ellipsis stands for what was cut.
pub(crate) fn title(text: &str) -> String {
    let line = clean_line(text);
    match line.char_indices().nth(TITLE_MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn cap(text: &str, max_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(max_bytes)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
