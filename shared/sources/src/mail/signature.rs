//! Takes signatures and disclaimers off a message, line by line: what could be a statement stays.

use crate::mail::phrases::{after_closing, is_added, is_closing, is_legal};
use crate::words::{count, stream};

/// Longest line of a signature that is neither an address nor a number, in words.
const LINE_MAX_WORDS: usize = 8;

/// A message without its signature.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cleaned {
    pub(super) lines: Vec<String>,
    /// The lines that were taken off.
    pub(super) signature: Vec<String>,
}

/// Takes off what follows a closing or the author's own name. A message that is nothing else is left as it is.
pub(super) fn clean(lines: &[String], author: Option<&str>) -> Cleaned {
    let name = Name::of(author);
    let mut cleaned = Cleaned { lines: lines.to_vec(), signature: Vec::new() };
    loop {
        let (kept, taken) = pass(&cleaned.lines, &name);
        if taken.is_empty() {
            break;
        }
        cleaned.lines = kept;
        cleaned.signature.extend(taken);
    }
    if cleaned.lines.iter().all(|line| line.trim().is_empty()) {
        return Cleaned { lines: lines.to_vec(), signature: Vec::new() };
    }
    cleaned
}

/// Where in a message the pass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Message,
    /// Below a closing; no name so far.
    Closed,
    /// Below the name or `--`.
    Named,
    /// The line after the name may be a role in any spelling.
    JustNamed,
    /// Within a disclaimer: its paragraph goes.
    Legal,
}

fn pass(lines: &[String], name: &Name) -> (Vec<String>, Vec<String>) {
    let (mut kept, mut taken) = (Vec::new(), Vec::new());
    let mut zone = Zone::Message;
    for (at, line) in lines.iter().enumerate() {
        let is_blank = line.trim().is_empty();
        if is_blank {
            zone = if zone == Zone::Legal { Zone::Named } else { zone };
            kept.push(line.clone());
            continue;
        }
        let rest = lines.get(at + 1..).unwrap_or_default();
        zone = next_zone(zone, line, at.checked_sub(1).and_then(|before| lines.get(before)), rest, name);
        if zone == Zone::Message { kept.push(line.clone()) } else { taken.push(line.clone()) }
    }
    (kept, taken)
}

fn next_zone(zone: Zone, line: &str, before: Option<&String>, rest: &[String], name: &Name) -> Zone {
    if is_postscript(line) {
        return Zone::Message;
    }
    let is_after_blank = before.is_none_or(|before| before.trim().is_empty());
    match zone {
        Zone::Legal => Zone::Legal,
        Zone::Message if line.trim() == "--" => Zone::JustNamed,
        Zone::Message if is_closing(line) && ends_here(rest, name) => Zone::Closed,
        Zone::Message if is_signed(line, name) && ends_here(rest, name) => Zone::JustNamed,
        Zone::Message
            if is_after_blank && before.is_some() && name.is_line(line) && ends_here(rest, name) =>
        {
            Zone::JustNamed
        }
        Zone::Message if is_legal(line) && is_end(rest) => Zone::Legal,
        Zone::Message
            if is_added(line) && count(&stream(line)) <= LINE_MAX_WORDS && ends_here(rest, name) =>
        {
            Zone::Named
        }
        Zone::Message => Zone::Message,
        _ if is_legal(line) => Zone::Legal,
        _ if is_added(line) || is_closing(line) => zone,
        _ if name.is_line(line) || is_signed(line, name) => Zone::JustNamed,
        Zone::Closed if name.is_unknown() && is_plain_name(line) => Zone::JustNamed,
        Zone::JustNamed if is_role(line) => Zone::Named,
        Zone::JustNamed | Zone::Named if is_contact(line) || is_title_case(line) => Zone::Named,
        Zone::Closed if is_contact(line) => Zone::Closed,
        _ => Zone::Message,
    }
}

/// Whether what follows is a signature down to the end, or to a postscript.
fn ends_here(rest: &[String], name: &Name) -> bool {
    let mut lines = rest.iter().filter(|line| !line.trim().is_empty());
    lines.find(|line| !looks_signed(line, name)).is_none_or(|line| is_postscript(line))
}

/// Whether only a disclaimer or nothing follows.
fn is_end(rest: &[String]) -> bool {
    let after = rest.iter().skip_while(|line| !line.trim().is_empty());
    after.filter(|line| !line.trim().is_empty()).all(|line| is_added(line))
}

/// Whether the line may stand under a closing. Rather too much than too little: the zones decide what goes.
fn looks_signed(line: &str, name: &Name) -> bool {
    is_added(line)
        || is_closing(line)
        || name.is_line(line)
        || is_contact(line)
        || count(&stream(line)) <= LINE_MAX_WORDS
            && !line.trim_end().ends_with(['.', '!', '?', ':', ';', ','])
        || line.trim() == "--"
        || is_title_case(line)
}

fn is_postscript(line: &str) -> bool {
    let words = stream(line);
    [" ps ", " p s ", " pps "].iter().any(|mark| words.starts_with(mark))
}

/// `Best, Dana` where Dana is the author.
fn is_signed(line: &str, name: &Name) -> bool {
    after_closing(line).is_some_and(|rest| name.is_words(&rest))
}

fn is_contact(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let words = count(&stream(line));
    let is_link = line.contains('@') || line.contains("www.") || line.contains("http");
    let others = line.chars().filter(|c| c.is_alphabetic()).count();
    is_link && words <= LINE_MAX_WORDS + 4 && !line.trim_end().ends_with(['.', '!', '?'])
        || digits >= 6 && others <= digits * 2 && !line.contains(['€', '$', '£', '%'])
}

/// Lines such as `Director of Patient Access` or `Harrow Lake Family Clinics`: each word begins with a capital, but for
/// the small ones.
fn is_title_case(line: &str) -> bool {
    const SMALL: [&str; 16] = [
        "of", "and", "und", "de", "des", "du", "la", "le", "et", "y", "für", "for", "the", "der", "in", "von",
    ];
    let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let is_capital =
        |word: &str| word.chars().next().is_some_and(char::is_uppercase) || SMALL.contains(&word);
    words.peek().is_some()
        && words.all(|word| is_capital(word) && !word.bytes().any(|byte| byte.is_ascii_digit()))
        && count(&stream(line)) <= LINE_MAX_WORDS
        && !line.trim_end().ends_with(['.', '!', '?', ':'])
}

/// The line under a name: `Directrice administrative et financière`.
fn is_role(line: &str) -> bool {
    is_title_case(line)
        || is_contact(line)
        || count(&stream(line)) <= LINE_MAX_WORDS
            && !line.trim_end().ends_with(['.', '!', '?', ':', ';'])
            && !line.bytes().any(|byte| byte.is_ascii_digit())
}

/// One to three capitalized words, under a closing of an author whose name is not known.
fn is_plain_name(line: &str) -> bool {
    (1..=3).contains(&count(&stream(line))) && is_title_case(line)
}

/// An author's name, as words in lower case.
#[derive(Debug)]
pub(super) struct Name(Vec<String>);

impl Name {
    /// From `Dana Kim <d@us.test>`, or from the address alone.
    pub(super) fn of(author: Option<&str>) -> Self {
        let author = author.unwrap_or_default();
        let name = author.split('<').next().unwrap_or_default();
        let name = name.split('@').next().unwrap_or_default();
        Self(stream(name).split_whitespace().map(str::to_owned).collect())
    }

    fn is_unknown(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole name, its first or its last word, or initials; a role may follow `|`, `,` or `-`.
    pub(super) fn is_line(&self, line: &str) -> bool {
        let head = line.split(['|', ',', '–', '·', '/']).next().unwrap_or_default();
        let tail = line.get(head.len()..).unwrap_or_default();
        self.is_words(stream(head).trim()) && (tail.is_empty() || is_role(tail))
    }

    fn is_words(&self, words: &str) -> bool {
        let words: Vec<&str> =
            words.split_whitespace().filter(|word| *word != "x" && *word != "xx").collect();
        let [first, .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|only| words == [only.as_str()] || is_initial(&words, only));
        };
        let initials: String = self.0.iter().filter_map(|word| word.chars().next()).collect();
        match words.as_slice() {
            [] => false,
            [word] => word == first || word == last || *word == initials || is_initial(&words, first),
            [.., tail] => {
                words.first() == Some(&first.as_str()) && tail == last || words.concat() == initials
            }
        }
    }
}

fn is_initial(words: &[&str], name: &str) -> bool {
    matches!(words, [word] if word.chars().count() == 1 && name.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(body: &str, author: &str) -> String {
        let lines: Vec<String> = body.lines().map(str::to_owned).collect();
        crate::words::text(&clean(&lines, Some(author).filter(|author| !author.is_empty())).lines)
    }

    #[test]
    fn signatures_of_four_languages_go() {
        let told = "We go live in May.";
        for (tail, author) in [
            ("Best regards,\nDana Kim\nVP Ops\n+1 415 555 0134\ndana@kim.test", "Dana Kim <dana@kim.test>"),
            (
                "Dana\n\nDana Whitcombe | Director of Patient Access\nHarrow Lake Family Clinics",
                "Dana Whitcombe <d@x.test>",
            ),
            (
                "M\n\nMiriam Pike\nOperations Director\nT 0113 496 0141\nHarrow LLP is authorised. This e-mail and any attachment are confidential.",
                "Miriam Pike <m@x.test>",
            ),
            ("Gruß Dennis Pohl", "Dennis Pohl <p@x.test>"),
            ("MfG\nBöttcher", "Ulrike Böttcher <b@x.test>"),
            ("Cordialement,\nIsabelle Noirot\nDirectrice administrative et financière", "Isabelle Noirot"),
            ("Un saludo,\nAna", ""),
            ("Susan Harrow\nManaging Partner\nSent from my iPhone", "Susan Harrow"),
            ("Envoyé de mon iPhone", "Éric Ory"),
            (
                "RV\n\nRobert Voss\nPartner, Litigation\nCalder Voss LLP\nThis message may be attorney-client privileged. Unintended\nrecipients must delete it. Calder Voss LLP is a limited liability\npartnership.",
                "Robert Voss",
            ),
            ("-- \nTom\nAcme", "Tom Weber"),
        ] {
            assert_eq!(cleaned(&format!("{told}\n\n{tail}"), author), told, "{tail}");
        }
    }

    #[test]
    fn what_could_be_a_statement_stays() {
        for body in [
            "Thanks\n\nOne more thing: we need SSO.",
            "People who will come:\nDana Kim\nTom Weber",
            "The data is confidential and must stay here.\n\nWe need a DPA.",
            "Who signs? Susan\n\nSusan\n\nSigned in May.",
            "Regards the plan, we agree.",
            "Merci pour la démo.",
        ] {
            assert_eq!(
                cleaned(body, "Dana Kim <d@x.test>"),
                crate::words::text(&body.lines().map(str::to_owned).collect::<Vec<_>>()),
                "{body}"
            );
        }
    }

    #[test]
    fn only_the_closing_goes_when_words_follow_it() {
        assert_eq!(
            cleaned("Thanks!\n\nbudget approved by the CFO", "Dana Kim"),
            "budget approved by the CFO"
        );
    }

    #[test]
    fn a_postscript_stays() {
        assert_eq!(
            cleaned("Yes.\n\nBest,\nDana\n\nP.S. SSO is a must.", "Dana Kim"),
            "Yes.\n\nP.S. SSO is a must."
        );
    }

    #[test]
    fn a_mail_of_thanks_alone_is_left_as_it_is() {
        assert_eq!(cleaned("Thanks!\nDana", "Dana Kim"), "Thanks!\nDana");
    }
}
