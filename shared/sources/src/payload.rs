//! The raw payload of an account made by hand: notes, pasted conversation, e-mail threads, meeting notes in one text,
//! split where it shows what it is.
//!
//! A message's header, a heading that names a meeting, a call or notes, lines of a chat and dated entries begin a part.
//! Each part is a source of its kind with author and date; what shows nothing stays pasted material.

mod chat;
mod entry;
mod heading;

use crate::mail::header::{self, Fields};
use crate::words::text;
use chat::Spoken;
use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};
use handoff_domain::text::visible;
use heading::Place;
use jiff::Timestamp;

/// Longest piece of pasted material without structure, in bytes; a longer one is parted between paragraphs.
const PIECE_MAX_BYTES: usize = 16 * 1024;
/// Lines that a header may take.
const HEADER_MAX_LINES: usize = 24;
/// Longest title, in characters.
const TITLE_MAX_CHARS: usize = 100;

/// How a part began, which decides what may begin another one inside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Free,
    Mail,
    Headed,
    Chat,
    Dated,
}

/// One part of the payload.
#[derive(Debug)]
struct Part {
    shape: Shape,
    kind: SourceKind,
    title: String,
    author: Option<String>,
    date: Option<Timestamp>,
    lines: Vec<String>,
    speakers: Vec<String>,
}

impl Part {
    fn new(shape: Shape, kind: SourceKind, title: &str) -> Self {
        let title = title.to_owned();
        Self { shape, kind, title, author: None, date: None, lines: Vec::new(), speakers: Vec::new() }
    }

    fn mail(fields: Fields) -> Self {
        let Fields { header, to, subject } = fields;
        let mut part = Self::new(Shape::Mail, SourceKind::Email, &subject);
        part.date = header.at(None);
        let from = header.author.clone().unwrap_or_default();
        let head = [("From", from), ("To", to), ("Subject", subject)];
        let head = head.iter().filter(|(_, value)| !value.is_empty());
        part.lines = head.map(|(field, value)| format!("{field}: {value}")).collect();
        part.lines.push(String::new());
        part.author = header.author;
        part
    }

    /// Whether it holds more than a heading and nobody spoke so far: a conversation under it is another matter.
    fn has_own_words(&self) -> bool {
        self.speakers.is_empty() && self.lines.iter().filter(|line| !line.trim().is_empty()).count() > 1
    }

    fn say(&mut self, spoken: Spoken) {
        self.date = self.date.or(spoken.date);
        if !self.speakers.contains(&spoken.name) {
            self.speakers.push(spoken.name.clone());
        }
        self.lines.push(format!("{}: {}", spoken.name, spoken.words).trim_end().to_owned());
    }
}

/// The parts of a payload as sources, `payload-1` and so on in their order; none of an empty one. The same text gives
/// the same sources.
pub fn split(payload: &str) -> Vec<Source> {
    let shown = visible(payload);
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    let mut sources = Vec::new();
    for part in parts(&lines) {
        for (title, body) in pieces(&part) {
            let Ok(id) = SourceId::parse(format!("payload-{}", sources.len() + 1)) else { continue };
            let (author, date, kind) = (part.author.clone(), part.date, part.kind);
            sources.push(Source { id, kind, title, author, date, body });
        }
    }
    sources
}

fn parts(lines: &[&str]) -> Vec<Part> {
    let is_told = |lines: &[&str]| chat::is_conversation(lines);
    let has_entries = lines.iter().filter(|line| entry::read(line).is_some()).count() >= 2;
    let mut parts = vec![Part::new(Shape::Free, SourceKind::Payload, "")];
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let ahead = lines.get(at..lines.len().min(at + HEADER_MAX_LINES)).unwrap_or_default();
        let Some(shape) = parts.last().map(|part| part.shape) else { break };
        let is_after_blank = at == 0 || lines.get(at - 1).is_some_and(|before| before.is_empty());
        if let (true, Some((fields, taken))) = (is_after_blank || shape != Shape::Mail, header::fields(ahead))
        {
            parts.push(Part::mail(fields));
            at += taken;
            continue;
        }
        let below = lines.get(at + 1..).unwrap_or_default();
        let is_above_chat = chat::is_timed(below) && is_told(below);
        let is_in_mail = shape == Shape::Mail;
        let heading = heading::read(line, Place { is_after_blank, is_in_mail, is_above_chat });
        if let Some(heading) = heading {
            let mut part = Part::new(Shape::Headed, heading.kind, &heading.title);
            (part.date, part.author) = (heading.date, heading.author);
            part.lines.push((*line).to_owned());
            parts.push(part);
        } else if let Some((spoken, taken)) =
            chat::read(ahead).filter(|(spoken, _)| !is_in_mail || spoken.is_timed)
        {
            let is_new = matches!(shape, Shape::Free | Shape::Dated | Shape::Mail)
                || is_after_blank && spoken.is_timed && parts.last().is_some_and(Part::has_own_words);
            if is_new && is_told(lines.get(at..).unwrap_or_default()) {
                parts.push(Part::new(Shape::Chat, chat::kind(lines.get(at..).unwrap_or_default()), ""));
            }
            match parts.last_mut() {
                Some(part) if matches!(part.shape, Shape::Chat | Shape::Headed) => {
                    part.say(spoken);
                    at += taken;
                    continue;
                }
                Some(part) => part.lines.push((*line).to_owned()),
                None => {}
            }
        } else if let Some(entry) =
            entry::read(line).filter(|_| has_entries && shape != Shape::Mail && shape != Shape::Chat)
        {
            let mut part = Part::new(Shape::Dated, SourceKind::Note, &entry.title);
            (part.date, part.author) = (entry.date, entry.author);
            part.lines.push((*line).to_owned());
            parts.push(part);
        } else if let Some(part) = parts.last_mut() {
            // An answer above a thread whose own header was not pasted.
            if shape == Shape::Free && header::read(ahead).is_some() {
                (part.shape, part.kind) = (Shape::Mail, SourceKind::Email);
            }
            part.lines.push((*line).to_owned());
        }
        at += 1;
    }
    parts.retain(|part| part.lines.iter().any(|line| !line.trim().is_empty()));
    parts
}

/// A part's titles and bodies: one, but for long material without structure.
fn pieces(part: &Part) -> Vec<(String, String)> {
    let body = text(&part.lines);
    let title = title(part, &body);
    if part.kind != SourceKind::Payload || body.len() <= PIECE_MAX_BYTES {
        return vec![(title, body)];
    }
    let mut bodies: Vec<String> = Vec::new();
    for paragraph in body.split("\n\n").flat_map(short_enough) {
        match bodies.last_mut().filter(|last| last.len() + paragraph.len() + 2 <= PIECE_MAX_BYTES) {
            Some(last) => {
                last.push_str("\n\n");
                last.push_str(paragraph);
            }
            None => bodies.push(paragraph.to_owned()),
        }
    }
    let of = bodies.len();
    bodies
        .into_iter()
        .enumerate()
        .map(|(at, body)| (format!("{title}, part {} of {of}", at + 1), body))
        .collect()
}

/// A paragraph in pieces that end at a line, or at a space, or where they must.
fn short_enough(paragraph: &str) -> Vec<&str> {
    let mut rest = paragraph;
    let mut pieces = Vec::new();
    while rest.len() > PIECE_MAX_BYTES {
        let (head, _) = rest.split_at(rest.floor_char_boundary(PIECE_MAX_BYTES));
        let end = head.rfind('\n').or_else(|| head.rfind(' ')).filter(|end| *end > 0).unwrap_or(head.len());
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.trim());
        rest = after.trim_start();
    }
    pieces.push(rest);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn title(part: &Part, body: &str) -> String {
    let speakers = || part.speakers.join(", ");
    let title = match (part.shape, part.kind) {
        (Shape::Chat, SourceKind::Call) => format!("Transcript: {}", speakers()),
        (Shape::Chat, _) => format!("Chat: {}", speakers()),
        (_, SourceKind::Payload) => part.kind.label().to_owned(),
        _ if part.title.is_empty() => body.lines().next().unwrap_or_default().to_owned(),
        _ => part.title.clone(),
    };
    match title.char_indices().nth(TITLE_MAX_CHARS) {
        Some((end, _)) => format!("{}…", title.get(..end).unwrap_or_default().trim_end()),
        None => title,
    }
}

#[cfg(test)]
mod tests;
