//! `handoff_reminder`: the handoff still waits for its AE.

use super::invitation::{button, expiry, footer};
use super::{capitalized, company, greeting, in_subject};
use crate::letter::{Block, Letter};
use crate::links::{DeadLink, Links};
use crate::{clean, dates};
use handoff_domain::outbox::Reminder;

/// Questions that are named; the form shows the others.
const NAMED_MAX: usize = 3;

pub(super) fn compose(reminder: &Reminder, links: Links<'_>) -> Result<Letter, DeadLink> {
    let customer = company(&reminder.invitation.company);
    let is_first = reminder.number <= 1;
    let waits = match (is_first, reminder.is_last) {
        (_, true) => format!("This is the last reminder: {}", what_then(reminder)),
        (true, _) => {
            format!("{} still waits to be handed over. {}", capitalized(&customer), what_is_open(reminder))
        }
        (false, _) => what_is_open(reminder),
    };
    let mut blocks = vec![Block::Text(greeting(&reminder.invitation.ae_name)), Block::Text(waits)];
    blocks.extend(disputed(reminder.invitation.conflicts).map(Block::Text));
    blocks.push(button(&reminder.invitation, links)?);
    blocks.push(Block::Fine(NOT_NOW.to_owned()));
    // Whoever has read it twice knows it.
    if is_first || reminder.is_last {
        blocks.push(expiry(&reminder.invitation));
    }
    let subject = if reminder.is_last { "Last reminder to hand over" } else { "Still to hand over" };
    Ok(Letter {
        subject: clean::subject(&format!("{subject}: {}", in_subject(&customer))),
        preheader: what_is_open(reminder),
        title: format!("{} waits for you", capitalized(&customer)),
        blocks,
        footer: footer(&reminder.invitation),
    })
}

/// What can be said on the page instead of an answer.
const NOT_NOW: &str = "Not yours, or not now? At the end of the page you can name a colleague, or the day on which we ask again.";

/// What becomes of it without an answer.
fn what_then(reminder: &Reminder) -> String {
    let until = dates::day(reminder.invitation.expires_at, &reminder.invitation.time_zone);
    format!(
        "on {until} the link dies, and the customer success manager begins without what you know. {}",
        what_is_open(reminder)
    )
}

fn disputed(conflicts: u32) -> Option<String> {
    match conflicts {
        0 => None,
        1 => Some("On one point your records disagree: say which side holds.".to_owned()),
        points => Some(format!("On {points} points your records disagree: say which side holds.")),
    }
}

fn what_is_open(reminder: &Reminder) -> String {
    let quoted = |wording: &String| format!("“{}”", clean::line(wording));
    let named: Vec<String> = reminder.open.iter().take(NAMED_MAX).map(quoted).collect();
    match (named.as_slice(), reminder.open.len() - named.len()) {
        ([], _) => "Every answer has a draft: read them, choose who takes over, and one button sends it all."
            .to_owned(),
        ([only], _) => format!("Only one question needs your words: {only}."),
        (several, 0) => format!("{} questions need your words: {}.", several.len(), several.join(", ")),
        (several, more) => {
            let all = several.len() + more;
            format!("{all} questions need your words: {}, and {more} more.", several.join(", "))
        }
    }
}
