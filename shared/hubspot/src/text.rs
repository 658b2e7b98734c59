//! From what people typed into a CRM to plain text that shows all that it says and hides nothing.

use handoff_domain::limits::SOURCE_BODY_MAX_BYTES;
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
    let visible = strip_hidden(text);
    let mut lines: Vec<&str> = Vec::new();
    for line in visible.lines().map(str::trim_end) {
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
    strip_hidden(cap(text, SOURCE_BODY_MAX_BYTES)).split_whitespace().collect::<Vec<_>>().join(" ")
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

/// Joiners and variation selectors belong to emoji and to several scripts: one stays after a character of those.
/// Everywhere else they, and all other invisible or direction-changing characters, can only hide something.
fn strip_hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.replace("\r\n", "\n").chars() {
        let c = match c {
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\t' | '\u{a0}' => ' ',
            other => other,
        };
        let keeps = match c {
            '\n' => true,
            '\u{200c}' | '\u{200d}' | '\u{fe0f}' => !before.is_ascii() && !is_hidden(before),
            _ => !is_hidden(c) && !c.is_control(),
        };
        if keeps {
            out.push(c);
            before = c;
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
