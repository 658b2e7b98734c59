//! `handoff_invitation`: asks the AE to hand a closed deal over.

use super::{capitalized, company, greeting, in_subject};
use crate::letter::{Block, Letter, Link};
use crate::links::{DeadLink, Links};
use crate::{clean, dates};
use handoff_domain::account::Money;
use handoff_domain::outbox::Invitation;

pub(super) fn compose(
    invitation: &Invitation,
    can_reply: bool,
    links: Links<'_>,
) -> Result<Letter, DeadLink> {
    let customer = company(&invitation.company);
    let mut blocks = vec![
        Block::Text(greeting(&invitation.ae_name)),
        Block::Text(format!(
            "{} said yes. What you learned on the way is the best start that their customer success manager can \
             get, so that the customer never has to say it twice.",
            capitalized(&customer)
        )),
        Block::Text(what_to_do(invitation)),
    ];
    blocks.extend(facts(invitation));
    blocks.push(button(invitation, links)?);
    blocks.push(expiry(invitation));
    blocks.push(Block::Fine(not_mine(can_reply).to_owned()));
    Ok(Letter {
        subject: clean::subject(&format!(
            "{}: two minutes to hand it over",
            capitalized(&in_subject(&customer))
        )),
        preheader: preheader(invitation),
        title: format!("Congratulations on {customer}"),
        blocks,
        footer: footer(invitation),
    })
}

fn preheader(invitation: &Invitation) -> String {
    match invitation.drafted {
        0 => format!("{} short questions, then Customer Success takes over.", invitation.questions),
        drafted => format!("{drafted} of {} answers are drafted. Check them and send.", invitation.questions),
    }
}

fn what_to_do(invitation: &Invitation) -> String {
    let (drafted, questions) = (invitation.drafted, invitation.questions);
    let disagree = match invitation.conflicts {
        0 => String::new(),
        1 => " On one point your records disagree: say which side holds.".to_owned(),
        points => format!(" On {points} points your records disagree: say which side holds."),
    };
    let drafts = match drafted {
        0 => {
            return format!(
                "The records held too little to draft answers from, so the {questions} questions wait for your own \
                 words.{disagree} A few lines each are enough; then choose who takes over. About two minutes if you are \
                 brief."
            );
        }
        drafted if drafted >= questions => format!("All {questions} questions already have a draft"),
        drafted => format!("{drafted} of the {questions} questions already have a draft"),
    };
    let only_you = match questions.saturating_sub(drafted) {
        0 => String::new(),
        1 => " One question only you can answer: no record says it.".to_owned(),
        open => format!(" {open} questions only you can answer: no record says it."),
    };
    format!(
        "{drafts}, taken from your records, each with the words that it rests on.{only_you}{disagree} Read the drafts, put \
         right what is wrong, add what no record holds (tone, politics, risks) and choose who takes over. It takes about two \
         minutes."
    )
}

/// What the deal is, so that the AE knows at a glance which one.
pub(super) fn facts(invitation: &Invitation) -> Option<Block> {
    Block::facts([
        ("Customer", company(&invitation.company)),
        ("Deal", clean::line(&invitation.deal_name)),
        ("ARR", money(invitation.arr.as_ref())),
        ("Close date", invitation.close_date.map(dates::date).unwrap_or_default()),
    ])
}

pub(super) fn money(money: Option<&Money>) -> String {
    let clean =
        |money: &Money| Money { amount: clean::line(&money.amount), currency: clean::line(&money.currency) };
    money.map(|money| clean(money).to_plain_text()).unwrap_or_default()
}

pub(super) fn button(invitation: &Invitation, links: Links<'_>) -> Result<Block, DeadLink> {
    let url = links.handoff(invitation.generation, invitation.link_hash.as_ref())?;
    Ok(Block::Button(Link { label: "Review and hand over", url }))
}

pub(super) fn expiry(invitation: &Invitation) -> Block {
    let until = dates::moment(invitation.expires_at, &invitation.time_zone);
    Block::Fine(format!(
        "Your link works until {until}. No account, no password: whoever has the link can open the handoff, so please \
         do not forward it. What you type is saved as you go."
    ))
}

fn not_mine(can_reply: bool) -> &'static str {
    if can_reply {
        "Not your customer? Reply to this mail and say whose it is. There is nothing to fill in."
    } else {
        "Not your customer? Please tell whoever looks after HubSpot in your team whose it is. There is nothing to fill in."
    }
}

pub(super) fn footer(invitation: &Invitation) -> String {
    let organization = clean::line_or(&invitation.organization_name, "your team");
    format!("Sent for {organization}, because HubSpot names you as the owner of this deal.")
}
