//! `handoff_receipt`: tells the AE what was submitted and who takes over.

use super::document::{answers, conflicts, csm, facts, promises};
use super::{capitalized, company, greeting, in_subject, titled};
use crate::letter::{Block, Letter, Link};
use crate::links::Links;
use crate::{clean, dates};
use handoff_domain::outbox::HandoffDocument;

const PUT_RIGHT: &str = "Something to add or put right? Write to your colleague directly.";

pub(super) fn compose(document: &HandoffDocument, links: Links<'_>) -> Letter {
    let customer = company(&document.company);
    let mut blocks = vec![Block::Text(greeting(&document.ae_name)), Block::Text(who_takes_over(document))];
    // All that counts stands below, so the receipt leaves without a link too.
    match links.handoff(document.generation, document.link_hash.as_ref()) {
        Ok(url) => {
            blocks.push(Block::Button(Link { label: "See what you handed over", url }));
            blocks.push(Block::Fine(format!(
                "It can be read there until the link expires, and no longer changed. {PUT_RIGHT}"
            )));
        }
        Err(_) => blocks.push(Block::Fine(PUT_RIGHT.to_owned())),
    }
    blocks.extend(facts(document));
    blocks.extend(Block::note(format!("Your note to {}", csm(document)), &document.note));
    blocks.push(Block::Heading("What you submitted".to_owned()));
    blocks.extend(answers(document, "you", false));
    blocks.extend(titled(
        "Where the records disagree",
        conflicts(document, "you", "left open for your colleague to confirm"),
    ));
    blocks.extend(titled("What we promised", promises(document, false)));
    blocks.extend(dropped(document.promises_dropped).map(Block::Fine));
    Letter {
        subject: clean::subject(&subject(document, &customer)),
        preheader: format!("{}. Thank you.", answered(document)),
        title: format!("{} is in good hands. Thank you", capitalized(&customer)),
        blocks,
        footer: format!(
            "Sent for {}, because you submitted this handoff on {}.",
            clean::line_or(&document.organization_name, "your team"),
            dates::moment(document.submitted_at, &document.time_zone),
        ),
    }
}

/// Promises that stand in the records and were not passed on.
fn dropped(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("You took one promise out: it was not passed on.".to_owned()),
        count => Some(format!("You took {count} promises out: they were not passed on.")),
    }
}

fn subject(document: &HandoffDocument, customer: &str) -> String {
    if document.csm_missing {
        return format!("Handed over: {}", in_subject(customer));
    }
    format!("Handed over: {} to {}", in_subject(customer), in_subject(&csm(document)))
}

fn answered(document: &HandoffDocument) -> String {
    let given = document.answers.iter().filter(|answer| answer.origin.is_some()).count();
    format!("{given} of {} questions answered", document.answers.len())
}

fn who_takes_over(document: &HandoffDocument) -> String {
    let note = if clean::lines(&document.note).is_empty() { "" } else { ", with your note" };
    let answered = answered(document);
    if document.csm_missing {
        let name = clean::line(&document.csm_name);
        let whom = if name.is_empty() { String::new() } else { format!(" You named {name}.") };
        return format!(
            "Your handoff is complete: {answered}{note}. The customer success manager was not in the list, so your \
             admins have been asked to add them.{whom} They get everything as soon as they are assigned. There is \
             nothing left for you to do."
        );
    }
    format!(
        "{} takes over and has everything now: {answered}{note}. There is nothing left for you to do.",
        capitalized(&csm(document))
    )
}
