//! `handoff_returned`: the CSM needs to know more before the kickoff.

use super::invitation::{button, expiry, facts, footer};
use super::{company, greeting, in_subject};
use crate::clean;
use crate::letter::{Block, Letter};
use crate::links::{DeadLink, Links};
use handoff_domain::outbox::ReturnedHandoff;

pub(super) fn compose(returned: &ReturnedHandoff, links: Links<'_>) -> Result<Letter, DeadLink> {
    let customer = company(&returned.invitation.company);
    let by = clean::line_or(&returned.by, "Customer Success");
    let mut blocks = vec![
        Block::Text(greeting(&returned.invitation.ae_name)),
        Block::Text(format!("{by} read what you handed over about {customer} and asks you to look once more:")),
        Block::Text(format!("“{}”", clean::line(&returned.reason))),
        Block::Text(
            "Everything that you had answered is still in the form. Change what it is about, then hand over again."
                .to_owned(),
        ),
        button(&returned.invitation, links)?,
    ];
    blocks.extend(facts(&returned.invitation));
    blocks.push(expiry(&returned.invitation));
    Ok(Letter {
        subject: clean::subject(&format!("A question about {}", in_subject(&customer))),
        preheader: format!("{by} needs to know a little more before the kickoff."),
        title: format!("One more look at {customer}"),
        blocks,
        footer: footer(&returned.invitation),
    })
}
