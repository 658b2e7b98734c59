//! The text part: what the HTML part says, for people and programs that read plain mail.
//!
//! What customers and colleagues wrote is indented or quoted, so that no answer can pass for our own words.

use crate::letter::{Answer, Block, Letter};
use std::fmt::Write as _;

/// The whole text.
pub(crate) fn render(letter: &Letter) -> String {
    let mut parts = vec![underlined(&letter.title, '=')];
    parts.extend(letter.blocks.iter().map(block));
    parts.push(format!("--\nHandoff\n{}", letter.footer));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn underlined(text: &str, stroke: char) -> String {
    const LONGEST: usize = 72;
    let length = text.chars().count().min(LONGEST);
    format!("{text}\n{}", stroke.to_string().repeat(length))
}

fn block(block: &Block) -> String {
    match block {
        Block::Text(text) | Block::Fine(text) => text.clone(),
        Block::Heading(text) => underlined(text, '-'),
        Block::Button(link) | Block::Link(link) => format!("{}:\n{}", link.label, link.url),
        Block::Facts(facts) => joined(facts.iter().map(|(name, value)| format!("{name}: {value}"))),
        Block::Note { title, text } => format!("{title}:\n\n{}", prefixed(text, "    ")),
        Block::List(points) => joined(points.iter().map(|(point, remark)| {
            if remark.is_empty() { format!("* {point}") } else { format!("* {point}\n  {remark}") }
        })),
        Block::Answer(answer) => question(answer),
        Block::Waiting(one) => format!("{}\n{}\n{}:\n{}", one.title, one.text, one.step.label, one.step.url),
    }
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn prefixed(text: &str, prefix: &str) -> String {
    joined(text.lines().map(|line| format!("{prefix}{line}").trim_end().to_owned()))
}

fn question(answer: &Answer) -> String {
    let mut text = format!("{}. {}\n", answer.number, answer.wording);
    if !answer.text.is_empty() {
        let _ = write!(text, "\n{}\n", prefixed(&answer.text, "    "));
    }
    let _ = write!(text, "\n   ({})", answer.origin);
    for quote in &answer.evidence {
        let words = prefixed(&format!("“{}”", quote.words), "   > ");
        let _ = write!(text, "\n\n{words}\n   > {}", quote.place);
    }
    text
}
