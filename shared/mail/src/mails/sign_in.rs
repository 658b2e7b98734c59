//! `sign_in`: the link that signs in, to whoever typed the address.

use crate::clean;
use crate::letter::{Block, Letter, Link};
use crate::links::{DeadLink, Links};
use handoff_domain::limits::SIGN_IN_LINK_MINUTES;
use handoff_domain::outbox::SignInLink;

pub(super) fn compose(link: &SignInLink, links: Links<'_>) -> Result<Letter, DeadLink> {
    let url = links.sign_in(link)?;
    Ok(Letter {
        subject: clean::subject("Your link to sign in to Handoff"),
        preheader: format!("It works once, for {SIGN_IN_LINK_MINUTES} minutes."),
        title: "Sign in to Handoff".to_owned(),
        blocks: vec![
            Block::Text("Hello,".to_owned()),
            Block::Text(format!(
                "This button signs you in. It works once, within {SIGN_IN_LINK_MINUTES} minutes, and only in the browser in \
                 which you asked for it."
            )),
            Block::Button(Link { label: "Sign in to Handoff", url }),
            Block::Fine(
                "You did not ask for it? Then somebody typed your address by mistake, and you can delete this mail: \
                 without it nobody can sign in. Please do not pass it on."
                    .to_owned(),
            ),
        ],
        footer: "Sent because this address was typed on Handoff's sign-in page.".to_owned(),
    })
}
