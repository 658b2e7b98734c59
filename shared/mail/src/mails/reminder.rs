//! `handoff_reminder`: the handoff still waits for its AE.

use super::invitation::{button, expiry, footer};
use super::{capitalized, company, greeting, in_subject};
use crate::clean;
use crate::letter::{Block, Letter};
use crate::links::{DeadLink, Links};
use handoff_domain::outbox::Reminder;

/// Questions that are named; the form shows the others.
const NAMED_MAX: usize = 3;

pub(super) fn compose(reminder: &Reminder, links: Links<'_>) -> Result<Letter, DeadLink> {
    let customer = company(&reminder.invitation.company);
    let waits = format!("{} still waits to be handed over.", capitalized(&customer));
    let blocks = vec![
        Block::Text(greeting(&reminder.invitation.ae_name)),
        Block::Text(format!("{waits} {}", what_is_open(reminder))),
        button(&reminder.invitation, links)?,
        expiry(&reminder.invitation),
    ];
    Ok(Letter {
        subject: clean::subject(&format!("Still to hand over: {}", in_subject(&customer))),
        preheader: what_is_open(reminder),
        title: format!("{} waits for you", capitalized(&customer)),
        blocks,
        footer: footer(&reminder.invitation),
    })
}

fn what_is_open(reminder: &Reminder) -> String {
    let quoted = |wording: &String| format!("“{}”", clean::line(wording));
    let named: Vec<String> = reminder.open.iter().take(NAMED_MAX).map(quoted).collect();
    match (named.as_slice(), reminder.open.len() - named.len()) {
        ([], _) => "Every answer has a draft: read them, choose who takes over, send.".to_owned(),
        ([only], _) => format!("Only one question needs your words: {only}."),
        (several, 0) => format!("{} questions need your words: {}.", several.len(), several.join(", ")),
        (several, more) => {
            let all = several.len() + more;
            format!("{all} questions need your words: {}, and {more} more.", several.join(", "))
        }
    }
}
