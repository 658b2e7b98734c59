//! What the receipt and the CSM's mail share: the parts of a submitted handoff.

use super::company;
use super::invitation::money;
use crate::letter::{Answer, Block, Quote};
use crate::{clean, dates};
use handoff_domain::answer::AnswerOrigin;
use handoff_domain::email::EmailAddress;
use handoff_domain::finding::Settlement;
use handoff_domain::outbox::{
    DocumentAnswer, DocumentConflict, DocumentPromise, DocumentVersion, Evidence, HandoffDocument,
};

/// The AE by name, or by what they are.
pub(super) fn ae(document: &HandoffDocument) -> String {
    clean::line_or(&document.ae_name, "the account executive")
}

/// The CSM by name, or by what they are.
pub(super) fn csm(document: &HandoffDocument) -> String {
    clean::line_or(&document.csm_name, "the customer success manager")
}

/// The customer in facts; the empty ones are left out.
pub(super) fn facts(document: &HandoffDocument) -> Option<Block> {
    Block::facts([
        ("Customer", company(&document.company)),
        ("Deal", clean::line(&document.deal_name)),
        ("ARR", money(document.arr.as_ref())),
        ("Close date", document.close_date.map(dates::date).unwrap_or_default()),
        ("Industry", clean::line(&document.industry)),
        ("Employees", clean::line(&document.size)),
        ("Website", clean::line(&document.website)),
        ("Sold by", sold_by(document)),
    ])
}

fn sold_by(document: &HandoffDocument) -> String {
    let address = document.ae_email.as_ref().map(EmailAddress::as_str);
    match (clean::line(&document.ae_name), address) {
        (name, Some(address)) if name.is_empty() => address.to_owned(),
        (name, Some(address)) => format!("{name}, {address}"),
        (name, None) => name,
    }
}

/// The people at the customer, each with title, address and phone.
pub(super) fn contacts(document: &HandoffDocument) -> Option<Block> {
    let points: Vec<_> = document
        .contacts
        .iter()
        .map(|contact| {
            let rest = joined([&contact.title, &contact.email, &contact.phone].map(|text| clean::line(text)));
            (clean::line_or(&contact.name, "Name not known"), rest)
        })
        .collect();
    (!points.is_empty()).then_some(Block::List(points))
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Every question with its answer; with or without the evidence. `by` is the AE, as the reader knows them.
pub(super) fn answers(
    document: &HandoffDocument,
    by: &str,
    with_evidence: bool,
) -> impl Iterator<Item = Block> {
    answer_blocks(&document.answers, &document.time_zone, by, with_evidence)
}

/// The same of some answers.
pub(super) fn answer_blocks(
    answers: &[DocumentAnswer],
    time_zone: &str,
    by: &str,
    with_evidence: bool,
) -> impl Iterator<Item = Block> {
    answers.iter().enumerate().map(move |(index, answer)| {
        let evidence = if with_evidence { answer.evidence.as_slice() } else { &[] };
        Block::Answer(Answer {
            number: index + 1,
            wording: wording(answer),
            text: clean::lines(&answer.answer),
            origin: origin(answer, by),
            evidence: evidence.iter().map(|evidence| quote(evidence, time_zone)).collect(),
        })
    })
}

pub(super) fn wording(answer: &DocumentAnswer) -> String {
    clean::line_or(&answer.wording, "(a question without words)")
}

fn origin(answer: &DocumentAnswer, by: &str) -> String {
    match answer.origin {
        None => format!("Left open by {by}"),
        Some(AnswerOrigin::Written) => format!("Written by {by}"),
        Some(AnswerOrigin::Edited) => format!("Drafted from the records, edited by {by}"),
        Some(AnswerOrigin::Accepted) => format!("Drafted from the records, accepted unchanged by {by}"),
    }
}

fn quote(evidence: &Evidence, time_zone: &str) -> Quote {
    let author = evidence.author.as_deref().map(clean::line).unwrap_or_default();
    let date = evidence.date.map(|date| dates::day(date, time_zone)).unwrap_or_default();
    Quote {
        words: clean::lines(&evidence.quote),
        place: joined([clean::line_or(&evidence.source, "Source not named"), author, date]),
    }
}

/// What Sales promised; with or without the words that say so.
pub(super) fn promises(document: &HandoffDocument, with_evidence: bool) -> Option<Block> {
    let zone = &document.time_zone;
    let point = |promise: &DocumentPromise| {
        let by = promise.by.as_deref().map(clean::line).unwrap_or_default();
        let date = promise.date.map(|date| dates::day(date, zone)).unwrap_or_default();
        let said = promise.evidence.first().filter(|_| with_evidence).map(|evidence| {
            let quote = quote(evidence, zone);
            joined([format!("“{}”", clean::line(&quote.words)), clean::line(&evidence.source)])
        });
        (
            clean::line_or(&promise.text, "(a promise without words)"),
            joined([by, date, said.unwrap_or_default()]),
        )
    };
    let points: Vec<_> = document.promises.iter().map(point).collect();
    (!points.is_empty()).then_some(Block::List(points))
}

/// What the records disagree about and how `by`, the AE as the reader knows them, settled it; `open` says what becomes of
/// what they left open.
pub(super) fn conflicts(document: &HandoffDocument, by: &str, open: &str) -> Option<Block> {
    let points: Vec<_> =
        document.conflicts.iter().map(|conflict| settled(conflict, by, open, &document.time_zone)).collect();
    (!points.is_empty()).then_some(Block::List(points))
}

fn settled(conflict: &DocumentConflict, by: &str, open: &str, time_zone: &str) -> (String, String) {
    let subject = clean::line_or(&conflict.subject, "Something");
    let sides = |skipped: Option<usize>| {
        let others = conflict.versions.iter().enumerate().filter(|(index, _)| Some(*index) != skipped);
        others.map(|(_, version)| side(version, time_zone)).collect::<Vec<_>>()
    };
    match &conflict.settled {
        Some(Settlement::Version(index)) => {
            let text = conflict.versions.get(*index).map(|version| clean::line(&version.text));
            (
                format!("{subject}: {}", text.unwrap_or_default()),
                format!("Settled by {by}. The records also say: {}", sides(Some(*index)).join("; ")),
            )
        }
        Some(Settlement::Neither) => (
            format!("{subject}: none of what the records say"),
            format!("Settled by {by}. It is not: {}", sides(None).join("; ")),
        ),
        None => (format!("{subject}: {open}"), sides(None).join("; or ")),
    }
}

/// A version and the newest place where it stands.
fn side(version: &DocumentVersion, time_zone: &str) -> String {
    let text = clean::line(&version.text);
    let newest = version.evidence.iter().max_by_key(|evidence| evidence.date);
    newest.map_or_else(|| text.clone(), |evidence| format!("{text} ({})", quote(evidence, time_zone).place))
}
