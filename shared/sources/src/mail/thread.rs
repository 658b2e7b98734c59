//! A mail body as the messages that it holds: its own, and those that it repeats.

use crate::mail::header::{self, Header};

/// Marks in front of a line, at most; what is nested deeper is read as one message.
const DEPTH_MAX: usize = 20;
/// Longest question that is kept above its answer, in bytes.
const QUESTION_MAX_BYTES: usize = 300;

/// One message of a thread.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) header: Header,
    pub(crate) lines: Vec<String>,
}

/// The messages of a body, the mail's own first: that one keeps a marked question that it answers below the mark.
pub(crate) fn read(lines: &[String]) -> Vec<Message> {
    read_at(lines, 0)
}

fn read_at(lines: &[String], depth: usize) -> Vec<Message> {
    let mut messages = vec![Message::default()];
    // The message that unmarked lines belong to, and the one that marked lines go on with.
    let (mut current, mut marked) = (0, None);
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        if depth < DEPTH_MAX && is_marked(line) {
            let end = end_of_marked(lines, at);
            let inner: Vec<String> = lines.get(at..end).unwrap_or_default().iter().map(unmarked).collect();
            let kept = answered_question(&inner, lines.get(end..).unwrap_or_default());
            let mut inner = read_at(&inner, depth + 1).into_iter();
            let place = *marked.get_or_insert_with(|| {
                messages.push(Message::default());
                messages.len() - 1
            });
            if let (Some(message), Some(first)) = (messages.get_mut(place), inner.next()) {
                message.lines.push(String::new());
                message.lines.extend(first.lines);
            }
            messages.extend(inner);
            if let Some(message) = messages.get_mut(current) {
                message.lines.extend(kept);
            }
            at = end;
            continue;
        }
        let ahead: Vec<&str> = lines.iter().skip(at).take(24).map(String::as_str).collect();
        let Some((header, taken)) = header::read(&ahead) else {
            if let Some(message) = messages.get_mut(current) {
                message.lines.push(line.clone());
            }
            at += 1;
            continue;
        };
        messages.push(Message { header, lines: Vec::new() });
        at += taken;
        let next = lines.iter().skip(at).find(|line| !line.trim().is_empty());
        if next.is_some_and(|next| is_marked(next)) {
            marked = Some(messages.len() - 1);
        } else {
            (current, marked) = (messages.len() - 1, None);
        }
    }
    messages
}

/// Whether a mail program marked the line as repeated.
pub(crate) fn is_marked(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

#[allow(clippy::ptr_arg)] // a function over lines
fn unmarked(line: &String) -> String {
    let rest = line.trim_start().trim_start_matches('>');
    let marks = line.trim_start().len() - rest.len();
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    if marks > 1 { format!("{} {rest}", ">".repeat(marks - 1)) } else { rest.to_owned() }
}

/// The end of the marked lines; blank ones between them belong to them.
fn end_of_marked(lines: &[String], from: usize) -> usize {
    let mut end = from;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if is_marked(line) {
            end = at + 1;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    end
}

/// The question that the author's next words answer: without it `Susan.` says nothing.
fn answered_question(inner: &[String], rest: &[String]) -> Vec<String> {
    let next = rest.iter().position(|line| !line.trim().is_empty());
    let ahead: Vec<&str> =
        rest.iter().skip(next.unwrap_or(rest.len())).take(24).map(String::as_str).collect();
    if ahead.is_empty() || header::read(&ahead).is_some() {
        return Vec::new();
    }
    let end = inner.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
    let told = inner.get(..end).unwrap_or_default();
    let start = told.iter().rposition(|line| line.trim().is_empty()).map_or(0, |blank| blank + 1);
    let question = told.get(start..).unwrap_or_default();
    let is_question = question.last().is_some_and(|line| line.trim_end().ends_with('?'))
        && question.iter().map(String::len).sum::<usize>() <= QUESTION_MAX_BYTES
        && !question.iter().any(|line| is_marked(line));
    if is_question { question.iter().map(|line| format!("> {line}")).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(body: &str) -> Vec<String> {
        let lines: Vec<String> = body.lines().map(str::to_owned).collect();
        let told = |message: Message| {
            let author = message.header.author.unwrap_or_default();
            format!("{author}|{}", crate::words::text(&message.lines).replace('\n', "/"))
        };
        read(&lines).into_iter().map(told).collect()
    }

    #[test]
    fn marks_and_blocks_are_told_apart_by_depth() {
        let body = "Yes.\n\nOn 3 May 2026, Tom wrote:\n> When?\n>\n> On 2 May 2026, Dana wrote:\n>> We want SSO.\n>> And more.\n\nP.S. Thanks.";
        assert_eq!(messages(body), ["|Yes.//P.S. Thanks.", "Tom|When?", "Dana|We want SSO./And more."]);
        let body = "Fine.\n\nFrom: Tom\nSent: 3 May 2026\n\nWhen?\n\nVon: Dana\nGesendet: 2. Mai 2026\nAn: Tom\n\nBald.";
        assert_eq!(messages(body), ["|Fine.", "Tom|When?", "Dana|Bald."]);
    }

    #[test]
    fn a_question_stays_above_its_answer() {
        let body = "On 3 May 2026, Tom wrote:\n> Good call.\n>\n> Who signs?\n\nSusan.\n\n> And when?\nIn May.\n> Tom";
        assert_eq!(
            messages(body),
            ["|> Who signs?//Susan.//> And when?/In May.", "Tom|Good call.//Who signs?//And when?//Tom"]
        );
    }

    #[test]
    fn a_body_of_marks_alone_ends() {
        let deep = format!("{} x", ">".repeat(50_000));
        assert!(!messages(&deep).is_empty());
        assert_eq!(messages(""), ["|"]);
    }
}
