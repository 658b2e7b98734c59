//! Sources whose e-mails are each one message.

use crate::mail::phrases::is_greeting;
use crate::mail::roles::Roles;
use crate::mail::signature::{Cleaned, clean};
use crate::mail::thread::{self, Message, is_marked};
use crate::words::{count, paragraphs, sentences, stream, text};
use handoff_domain::email::EmailAddress;
use handoff_domain::id::SourceId;
use handoff_domain::source::{Source, SourceKind};
use std::collections::BTreeSet;

/// A line or sentence of fewer words may stand anywhere by chance.
const SENTENCE_MIN_WORDS: usize = 4;
/// A part of a sentence says the same as the whole one from so many words on.
const PART_MIN_WORDS: usize = 12;
/// Longest source id that leaves room for the number of a message in it.
const ID_MAX_BYTES: usize = 58;
/// Passes until nothing changes any more; two are enough for threads as mail programs make them.
const PASSES_MAX: usize = 8;

/// Each e-mail without what it repeats, without signature and disclaimer. What a mail repeats and no other mail holds
/// becomes a source of its own, `<id>-2` and so on, with the author and date of its header. Other sources are left as
/// they are, and so is the order; tidying what is tidy changes nothing. The role in a signature is kept where no contact
/// record names the person; `ours`, the address of the AE, tells whose roles nobody asks for.
pub fn tidy(sources: Vec<Source>, ours: Option<&EmailAddress>) -> Vec<Source> {
    let mut sources = sources;
    for _ in 0..PASSES_MAX {
        let tidied = pass(&sources, ours);
        if tidied == sources {
            break;
        }
        sources = tidied;
    }
    sources
}

/// A mail taken apart.
struct Mail {
    /// Its place among the sources.
    at: usize,
    head: Vec<String>,
    own: Vec<String>,
    quoted: Vec<Message>,
}

fn pass(sources: &[Source], ours: Option<&EmailAddress>) -> Vec<Source> {
    let is_mail =
        |source: &Source| source.kind == SourceKind::Email && source.id.as_str().len() <= ID_MAX_BYTES;
    let mut mails: Vec<Mail> = sources
        .iter()
        .enumerate()
        .filter(|(_, source)| is_mail(source))
        .map(|(at, source)| take_apart(at, source))
        .collect();
    // The oldest mail tells first, so that a later one changes nothing about what was told.
    mails.sort_by_key(|mail| sources.get(mail.at).map(|source| (source.date, source.id.clone())));
    let mut roles = Roles::of(sources, ours);
    let mut told = Told::default();
    let mut bodies: Vec<Option<String>> = vec![None; sources.len()];
    for mail in &mails {
        let Some(source) = sources.get(mail.at) else { continue };
        let Cleaned { mut lines, signature } = clean(&mail.own, source.author.as_deref());
        told.add(&lines);
        let role = roles.keep(source.author.as_deref(), &signature);
        if !role.is_empty() {
            lines.push(String::new());
            lines.extend(role);
        }
        let parts = [text(&mail.head), text(&lines)];
        let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        if let Some(body) = bodies.get_mut(mail.at) {
            *body = Some(parts.join("\n\n"));
        }
    }
    let mut found: Vec<Vec<Source>> = vec![Vec::new(); sources.len()];
    let mut ids: BTreeSet<SourceId> = sources.iter().map(|source| source.id.clone()).collect();
    for mail in &mails {
        let Some(source) = sources.get(mail.at) else { continue };
        for message in &mail.quoted {
            let untold = told.untold(message);
            let (Some(id), false) = (next_id(source, &ids), untold.is_empty()) else { continue };
            let body = untold.iter().map(|block| block.join("\n")).collect::<Vec<_>>().join("\n\n");
            told.add(&untold.join(&String::new()));
            ids.insert(id.clone());
            if let Some(found) = found.get_mut(mail.at) {
                found.push(Source {
                    id,
                    kind: SourceKind::Email,
                    title: source.title.clone(),
                    author: message.header.author.clone(),
                    date: message.header.at(source.date),
                    body,
                });
            }
        }
    }
    let with_found = sources.iter().zip(bodies).zip(found).flat_map(|((source, body), found)| {
        let body = body.unwrap_or_else(|| source.body.clone());
        std::iter::once(Source { body, ..source.clone() }).chain(found)
    });
    with_found.collect()
}

fn take_apart(at: usize, source: &Source) -> Mail {
    let lines: Vec<String> = source.body.lines().map(str::to_owned).collect();
    let is_head =
        |line: &&String| ["From: ", "To: ", "Subject: "].iter().any(|field| line.starts_with(field));
    let height = lines.iter().take_while(is_head).count();
    // Without the blank line it is the block of a message that somebody forwarded.
    let height = if lines.get(height).is_none_or(|line| line.trim().is_empty()) { height } else { 0 };
    let (head, body) = lines.split_at(height);
    let mut messages = thread::read(body).into_iter();
    let own = messages.next().unwrap_or_default().lines;
    Mail { at, head: head.to_vec(), own, quoted: messages.collect() }
}

fn next_id(source: &Source, taken: &BTreeSet<SourceId>) -> Option<SourceId> {
    let id = |number: usize| SourceId::parse(format!("{}-{number}", source.id)).ok();
    (2..1000).filter_map(id).find(|id| !taken.contains(id))
}

/// What the mails say themselves.
#[derive(Default)]
struct Told {
    /// Whole messages.
    texts: Vec<String>,
    /// Paragraphs, lines and sentences.
    pieces: BTreeSet<String>,
}

impl Told {
    fn add(&mut self, lines: &[String]) {
        let own: Vec<String> =
            lines.iter().map(|line| if is_marked(line) { String::new() } else { line.clone() }).collect();
        for block in paragraphs(&own) {
            self.pieces.insert(stream(&block.join(" ")));
            self.pieces.extend(sentences(&block).iter().chain(&block).map(|piece| stream(piece)));
        }
        self.texts.push(stream(&own.join(" ")));
    }

    /// The paragraphs of a repeated message that no mail says; empty when they tell nothing.
    fn untold(&self, message: &Message) -> Vec<Vec<String>> {
        let Cleaned { lines, .. } = clean(&message.lines, message.header.author.as_deref());
        let blocks = paragraphs(&lines).into_iter().filter(|block| !self.is_told(block));
        let untold: Vec<Vec<String>> = blocks.collect();
        let is_empty = |line: &String| is_greeting(line) || stream(line).is_empty();
        if untold.iter().flatten().all(is_empty) { Vec::new() } else { untold }
    }

    fn is_told(&self, block: &[String]) -> bool {
        let words = stream(&block.join(" "));
        let is_part =
            || count(&words) >= PART_MIN_WORDS && self.texts.iter().any(|text| text.contains(&words));
        words.is_empty()
            || self.pieces.contains(&words)
            || is_part()
            || sentences(block).iter().all(|sentence| self.is_told_piece(sentence))
            || block.iter().all(|line| self.is_told_piece(line))
    }

    fn is_told_piece(&self, piece: &str) -> bool {
        let words = stream(piece);
        words.is_empty() || count(&words) >= SENTENCE_MIN_WORDS && self.pieces.contains(&words)
    }
}

#[cfg(test)]
mod tests;
