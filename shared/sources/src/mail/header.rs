//! What a mail program writes above a message that it repeats: `On 3 May, Ana wrote:`, Outlook's block of fields.

use crate::mail::date;
use jiff::Timestamp;
use regex_lite::Regex;
use std::sync::LazyLock;

/// Who wrote a repeated message, and when, as far as its header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) author: Option<String>,
    /// The date as it is written.
    pub(crate) date: String,
}

impl Header {
    /// The date as a moment; `carried` is the date of the mail that the header stands in.
    pub(crate) fn at(&self, carried: Option<Timestamp>) -> Option<Timestamp> {
        date::read(&self.date, carried)
    }
}

/// Longest `On ... wrote:`, in bytes, over all its lines.
const WROTE_MAX_BYTES: usize = 400;
/// Lines over which mail programs wrap it.
const WROTE_MAX_LINES: usize = 3;
/// Fields of a block, at most, with wrapped lists of recipients.
const BLOCK_MAX_LINES: usize = 12;

/// `On <when and who> wrote:`, `Am <when> schrieb <who>:`, `Le <when and who> a écrit :`, `El <when and who> escribió:`.
static WROTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:on|am|le|el|il|op)\s(.{4,250}?)\s(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef)(.{0,150}?)\s*:$").ok()
});

/// `<who> wrote on <when>:` and the like.
static WROTE_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(.{2,120}?)\s(?:wrote on|schrieb am|a écrit le|escribió el)\s(.{4,120}?)\s*:$").ok()
});

/// The line that some programs put above a block or above the message itself.
static SEPARATOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:[-_ ]*(?:original message|forwarded message|begin forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message d'origine|message transféré|message original|début du message transféré|début du message réexpédié|mensaje original|mensaje reenviado|inicio del mensaje reenviado)[-_ ]*:?|[-_]{10,})$").ok()
});

/// The last part of `when and who` that belongs to the time.
static TIME_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:\s|[,.:)]|(?:am|pm|a\.m\.|p\.m\.|uhr|utc|gmt|cet|cest|bst|est|edt|pst|pdt|h)\b)+")
        .ok()
});

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    Sent,
    To,
    Subject,
}

/// Reads the header that begins with the first line; with how many lines it takes.
pub(crate) fn read(lines: &[&str]) -> Option<(Header, usize)> {
    let first = lines.first()?;
    if is_separator(first) {
        let blank = lines.iter().skip(1).take(2).take_while(|line| line.trim().is_empty()).count();
        let below = lines.get(1 + blank..).unwrap_or_default();
        return match block(below).or_else(|| wrote(below)) {
            Some((header, taken)) => Some((header, 1 + blank + taken)),
            None => first.contains(char::is_alphabetic).then(|| (Header::default(), 1)),
        };
    }
    block(lines).or_else(|| wrote(lines))
}

/// One line with plain spaces and without the marks of bold text.
fn plain(line: &str) -> String {
    let spaced: String = line.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    spaced.replace('’', "'").trim().trim_matches('*').trim().to_owned()
}

fn is_match(regex: &LazyLock<Option<Regex>>, line: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(line))
}

fn is_separator(line: &str) -> bool {
    line.len() <= WROTE_MAX_BYTES && is_match(&SEPARATOR, &plain(line))
}

fn field(line: &str) -> Option<(Field, String)> {
    let line = plain(line);
    let (name, value) = line.split_once(':')?;
    let field = match name.trim().trim_matches('*').to_lowercase().as_str() {
        "from" | "von" | "de" | "da" | "expéditeur" | "remitente" => Field::From,
        "sent" | "date" | "gesendet" | "datum" | "envoyé" | "enviado" | "enviado el" | "fecha" => {
            Field::Sent
        }
        "to" | "an" | "à" | "a" | "para" | "pour" | "destinataire" | "cc" | "bcc" | "kopie" | "copie"
        | "reply-to" | "antwort an" => Field::To,
        "subject" | "betreff" | "objet" | "asunto" | "importance" | "priority" | "wichtigkeit"
        | "priorität" => Field::Subject,
        _ => return None,
    };
    Some((field, value.trim().trim_start_matches('*').trim().to_owned()))
}

/// The fields of a message's own header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    pub(crate) header: Header,
    pub(crate) to: String,
    pub(crate) subject: String,
}

/// Outlook's fields, one to a line, in any order; a wrapped list of recipients may go on below its field.
pub(crate) fn fields(lines: &[&str]) -> Option<(Fields, usize)> {
    let mut fields: Vec<(Field, String)> = Vec::new();
    let mut taken = 0;
    for line in lines.iter().take(BLOCK_MAX_LINES) {
        match field(line) {
            Some(found) => fields.push(found),
            None if fields.last().is_some_and(|last| last.0 == Field::To) && is_list(line) => {}
            None => break,
        }
        taken += 1;
    }
    let value = |wanted: Field| fields.iter().find(|(field, _)| *field == wanted).map(|(_, value)| value);
    let from = value(Field::From)?;
    // A period may be written as `From: 1 May` above `To: 30 June`.
    let has_address = fields.iter().any(|(_, value)| value.contains('@'));
    let begins = fields.first().is_some_and(|(field, _)| matches!(field, Field::From | Field::Sent));
    let is_header = fields.len() >= 2
        && (value(Field::Sent).is_some() || value(Field::Subject).is_some() || has_address)
        && (begins || fields.len() >= 3);
    let text = |wanted: Field| value(wanted).cloned().unwrap_or_default();
    let header = Header { author: author(from), date: text(Field::Sent) };
    is_header.then(|| (Fields { header, to: text(Field::To), subject: text(Field::Subject) }, taken))
}

fn is_list(line: &str) -> bool {
    line.contains('@') && !line.trim_end().ends_with(':')
}

fn block(lines: &[&str]) -> Option<(Header, usize)> {
    fields(lines).map(|(fields, taken)| (fields.header, taken))
}

/// `On ... wrote:`, over up to three lines. It must name a number: people write `On Monday our CFO wrote:` themselves.
fn wrote(lines: &[&str]) -> Option<(Header, usize)> {
    let mut joined: Vec<String> = Vec::new();
    for (index, line) in lines.iter().take(WROTE_MAX_LINES).enumerate() {
        let line = plain(line);
        if line.is_empty() {
            return None;
        }
        joined.push(line);
        let joined = joined.join(" ");
        if joined.len() > WROTE_MAX_BYTES {
            return None;
        }
        if joined.ends_with(':') && joined.bytes().any(|byte| byte.is_ascii_digit()) {
            return wrote_in(&joined).map(|header| (header, index + 1));
        }
    }
    None
}

fn wrote_in(line: &str) -> Option<Header> {
    let captured = |regex: &'static LazyLock<Option<Regex>>| {
        let found = regex.as_ref()?.captures(line)?;
        Some((found.get(1)?.as_str().to_owned(), found.get(2)?.as_str().to_owned()))
    };
    let header = match captured(&WROTE) {
        Some((when, who)) if who.trim().is_empty() => {
            let name = Regex::find(TIME_END.as_ref()?, before_address(&when)).map_or(0, |end| end.end());
            let rest = when.get(name..).unwrap_or_default();
            let skip = TIME_WORDS.as_ref().and_then(|regex| regex.find(rest)).map_or(0, |words| words.end());
            Header {
                author: author(rest.get(skip..).unwrap_or_default()),
                date: when.get(..name + skip).unwrap_or_default().to_owned(),
            }
        }
        Some((when, who)) => Header { author: author(&who), date: when },
        None => {
            let (who, when) = captured(&WROTE_ON)?;
            Header { author: author(&who), date: when }
        }
    };
    header.date.bytes().any(|byte| byte.is_ascii_digit()).then_some(header)
}

/// Everything up to the last digit: names have none.
static TIME_END: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^.*[0-9]").ok());

/// The text before `<ana1@us.test>` or `(ana1@us.test)`, whose digits are no time; an address alone begins at its word.
fn before_address(text: &str) -> &str {
    let at = text.find('@').unwrap_or(text.len());
    let start = text.get(..at).unwrap_or_default().rfind([' ', '<', '(', '[']).map_or(0, |start| start);
    if at == text.len() { text } else { text.get(..start).unwrap_or_default() }
}

/// A name with its address in angle brackets, or what there is of both.
pub(crate) fn author(text: &str) -> Option<String> {
    let cleaned = text.replace("mailto:", "").replace(['[', '('], "<").replace([']', ')'], ">");
    let address = cleaned.split(['<', '>', ' ', ';', ',']).find(|word| word.contains('@'));
    let trim =
        |c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\'' | ';' | ':' | '*' | '<' | '>' | '.');
    let name = cleaned.split('<').next().unwrap_or_default().trim_matches(trim);
    let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    match (name.is_empty() || name.contains('@'), address) {
        (true, None) => None,
        (true, Some(address)) => Some(address.trim_matches(trim).to_owned()),
        (false, None) => Some(name),
        (false, Some(address)) => Some(format!("{name} <{}>", address.trim_matches(trim))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<(String, String, usize)> {
        let lines: Vec<&str> = text.lines().collect();
        let (header, taken) = read(&lines)?;
        let at = header.at("2026-11-20T10:00:00Z".parse().ok());
        Some((header.author.unwrap_or_default(), at.map(|at| at.to_string()).unwrap_or_default(), taken))
    }

    #[test]
    fn headers_of_common_programs_tell_who_and_when() {
        let full = "Ana Ellis <ana1@us.test>";
        for (text, author, at, taken) in [
            (
                "On Tue, Jun 30, 2026 at 09:20, Ana Ellis <ana1@us.test> wrote:",
                full,
                "2026-06-30T09:20:00Z",
                1,
            ),
            (
                "On Thu, Jun 11, 2026 at 9:20 PM Ana Ellis\n<ana1@us.test> wrote:",
                full,
                "2026-06-11T21:20:00Z",
                2,
            ),
            ("On May 20 Nell Sorensen wrote:", "Nell Sorensen", "2026-05-20T00:00:00Z", 1),
            ("On 29 May 2026, at 09:20, Ana Ellis wrote:", "Ana Ellis", "2026-05-29T09:20:00Z", 1),
            ("Am 27.05.2026 um 09:20 schrieb Ana Ellis <ana1@us.test>:", full, "2026-05-27T09:20:00Z", 1),
            (
                "Le mar. 2 juin 2026 à 09:20, Ana Ellis <ana1@us.test> a écrit :",
                full,
                "2026-06-02T09:20:00Z",
                1,
            ),
            (
                "El lun, 2 nov 2026 a las 10:00, Ana Ellis (<ana1@us.test>) escribió:",
                full,
                "2026-11-02T10:00:00Z",
                1,
            ),
            ("Ana Ellis schrieb am 27.05.2026 um 09:20 Uhr:", "Ana Ellis", "2026-05-27T09:20:00Z", 1),
            ("On 2026-05-14 09:20, ana1@us.test wrote:", "ana1@us.test", "2026-05-14T09:20:00Z", 1),
            (
                "________________________________\nFrom: Ana Ellis <ana1@us.test>\nSent: 14 May 2026 09:20\nTo: m@you.test\nSubject: Next",
                full,
                "2026-05-14T09:20:00Z",
                5,
            ),
            (
                "Von: Ana Ellis\nGesendet: Montag, 11. Mai 2026 08:12\nAn: Jonas\nBetreff: AW: Start",
                "Ana Ellis",
                "2026-05-11T08:12:00Z",
                4,
            ),
            (
                "*De :* Ana Ellis\n*Envoyé :* jeudi 14 mai 2026 09:20\n*À :* Ben\n*Objet :* RE: démo",
                "Ana Ellis",
                "2026-05-14T09:20:00Z",
                4,
            ),
            (
                "De: Ana Ellis\nEnviado el: martes, 3 de marzo de 2026 10:00\nPara: Ben\nAsunto: RE",
                "Ana Ellis",
                "2026-03-03T10:00:00Z",
                4,
            ),
            (
                "---------- Forwarded message ---------\nFrom: Ana Ellis <ana1@us.test>\nDate: Thu, May 14, 2026 at 9:20 AM\nSubject: x\nTo: a@b.test,\n c@d.test",
                full,
                "2026-05-14T09:20:00Z",
                6,
            ),
            ("-----Ursprüngliche Nachricht-----", "", "", 1),
        ] {
            let expected = (author.to_owned(), at.to_owned(), taken);
            assert_eq!(header(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_people_write_is_no_header() {
        for text in [
            "On Monday our CFO wrote:",
            "From: 1 May\nTo: 30 June",
            "Date: 3 May\nWe go live.",
            "To: do",
            "__________",
            "Am Montag, 3. Mai geht es los: bitte alle kommen",
            "On 3 May we go live:",
        ] {
            assert_eq!(header(text), None, "{text}");
        }
    }
}
