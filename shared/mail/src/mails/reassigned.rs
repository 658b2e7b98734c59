//! `handoff_reassigned`: the word to the CSM who had the account, that somebody else has it now.

use super::{capitalized, company, greeting, in_subject};
use crate::clean;
use crate::letter::{Block, Letter, Link};
use crate::links::Links;
use handoff_domain::outbox::HandoffReassigned;

pub(super) fn compose(reassigned: &HandoffReassigned, can_reply: bool, links: Links<'_>) -> Letter {
    let customer = company(&reassigned.company);
    let now_with = reassigned.now_with.as_deref().map(|name| clean::line_or(name, "a colleague"));
    let mut blocks = vec![
        Block::Text(greeting(&reassigned.name)),
        Block::Text(what_happened(reassigned, &customer, now_with.as_deref())),
    ];
    let reason_title = match &reassigned.by {
        Some(by) => format!("Why, in the words of {}", clean::line_or(by, "whoever did it")),
        None => "Why, in your words".to_owned(),
    };
    blocks.extend(Block::note(reason_title, &reassigned.reason));
    blocks.push(Block::Text(
        "There is nothing that you have to do. The notes that you wrote stay with the account, and whoever has it can read \
         them. Thank you for what you did for this customer."
            .to_owned(),
    ));
    if let Some(name) = now_with.as_deref().filter(|_| can_reply) {
        blocks.push(Block::Text(format!(
            "Do you know something that is written nowhere? Reply to this mail: it goes to {name}."
        )));
    }
    blocks.extend(links.account("").map(|url| Block::Link(Link { label: "Look at the account", url })));
    let ending = now_with.as_deref().map_or_else(
        || "is no longer with you".to_owned(),
        |name| format!("is now with {}", in_subject(name)),
    );
    Letter {
        subject: clean::subject(&format!("{} {ending}", capitalized(&in_subject(&customer)))),
        preheader: "There is nothing that you have to do.".to_owned(),
        title: format!("{} {ending}", capitalized(&customer)),
        blocks,
        footer: format!(
            "Sent for {}, because you looked after this customer until now.",
            clean::line_or(&reassigned.organization_name, "your team")
        ),
    }
}

fn what_happened(reassigned: &HandoffReassigned, customer: &str, now_with: Option<&str>) -> String {
    let by = reassigned.by.as_deref().map(|by| clean::line_or(by, "somebody"));
    match (by, now_with) {
        (Some(by), Some(name)) if by == name => {
            format!("{name} took over {customer}, which was with you until now.")
        }
        (Some(by), Some(name)) => {
            format!("{by} gave {customer} to {name}. It was with you until now.")
        }
        (Some(by), None) => format!(
            "{by} named somebody for {customer} who is not in the list yet. An admin finds out who that is. It was with you \
             until now."
        ),
        (None, Some(name)) => format!("You gave {customer} to {name}. This is for your records."),
        (None, None) => format!("You gave {customer} away. This is for your records."),
    }
}
