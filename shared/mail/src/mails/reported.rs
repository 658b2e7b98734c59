//! `answers_reported`: tells an admin which answers a CSM found to be wrong, with the records that they rested on.

use super::document::answer_blocks;
use super::escalated::unread;
use super::{capitalized, company, in_subject, titled};
use crate::clean;
use crate::letter::{Block, Letter, Link};
use crate::links::Links;
use handoff_domain::outbox::AnswersReport;

pub(super) fn compose(report: &AnswersReport, links: Links<'_>) -> Letter {
    let customer = company(&report.company);
    let by = clean::line_or(&report.by, "A customer success manager");
    let ae = clean::line_or(&report.ae_name, "the account executive");
    let answers = match report.answers.len() {
        1 => "one answer".to_owned(),
        count => format!("{count} answers"),
    };
    let mut blocks = vec![Block::Text(format!(
        "{by} found {answers} of the handoff of {customer} to be wrong. Here is what was handed over, with the records \
         that it was drafted from."
    ))];
    blocks.extend(answer_blocks(&report.answers, &report.time_zone, &ae, true));
    blocks.push(Block::Heading("What to do".to_owned()));
    blocks.push(Block::List(vec![
        ("If a record says it wrongly".to_owned(), "Correct it in HubSpot: the next draft reads it again.".to_owned()),
        (
            "If the record is right and the draft is not".to_owned(),
            "Tell your operator, who can compare the draft with its records.".to_owned(),
        ),
        (
            "If nobody could have known".to_owned(),
            "Look at the wording of the question: it may ask for something that only the account executive knows.".to_owned(),
        ),
    ]));
    blocks.extend(links.account("").map(|url| Block::Button(Link { label: "Open the account", url })));
    blocks.extend(titled("Not read for its drafts, or not in full", unread(&report.unread)));
    Letter {
        subject: clean::subject(&format!(
            "{}: {answers} reported wrong",
            capitalized(&in_subject(&customer))
        )),
        preheader: format!("{by} says so. What was handed over, and where it came from."),
        title: format!("What was wrong in the handoff of {customer}"),
        blocks,
        footer: format!(
            "Sent for {}, because you are an admin of its handoffs.",
            clean::line_or(&report.organization_name, "your team")
        ),
    }
}
