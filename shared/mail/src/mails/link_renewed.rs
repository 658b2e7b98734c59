//! `handoff_link_renewed`: the fresh link that the AE of an expired one asked for.

use super::invitation::{button, expiry, facts, footer};
use super::{company, greeting, in_subject};
use crate::clean;
use crate::letter::{Block, Letter};
use crate::links::{DeadLink, Links};
use handoff_domain::outbox::Invitation;

pub(super) fn compose(invitation: &Invitation, links: Links<'_>) -> Result<Letter, DeadLink> {
    let customer = company(&invitation.company);
    let mut blocks = vec![
        Block::Text(greeting(&invitation.ae_name)),
        Block::Text(format!(
            "Here is the new link to hand {customer} over, as you asked. Everything that you had typed is still \
             there. Earlier links no longer open the form."
        )),
        button(invitation, links)?,
    ];
    blocks.extend(facts(invitation));
    blocks.push(expiry(invitation));
    blocks.push(Block::Fine(
        "You did not ask for it? Then nothing is wrong: the link goes to your own address only, and this one simply \
         replaces the old one."
            .to_owned(),
    ));
    Ok(Letter {
        subject: clean::subject(&format!("Your new link to hand over {}", in_subject(&customer))),
        preheader: "Everything that you had typed is still there.".to_owned(),
        title: format!("Pick up {customer} where you left off"),
        blocks,
        footer: footer(invitation),
    })
}
