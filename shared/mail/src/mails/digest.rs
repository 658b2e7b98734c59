//! `digest`: what waits for an admin, once a day, each with its one step.

use super::{capitalized, company};
use crate::letter::{Block, Letter, Link, Waiting};
use crate::links::Links;
use crate::{clean, dates};
use handoff_domain::digest::{Digest, DigestRow};
use handoff_domain::handoff::Attention;

pub(super) fn compose(digest: &Digest, links: Links<'_>) -> Letter {
    let count = digest.rows.len();
    let number = if digest.more { format!("More than {count}") } else { count.to_string() };
    let waits = match count {
        1 if !digest.more => "One handoff waits for you".to_owned(),
        _ => format!("{number} handoffs wait for you"),
    };
    let is_new = |row: &DigestRow| digest.new_since.is_none_or(|since| since < row.since);
    let (new, known): (Vec<&DigestRow>, Vec<_>) = digest.rows.iter().partition(|row| is_new(row));
    let mut blocks = Vec::new();
    for (title, rows) in [("New", new), ("Still waiting", known)] {
        if !rows.is_empty() {
            blocks.push(Block::Heading(title.to_owned()));
            blocks.extend(rows.into_iter().map(|row| Block::Waiting(waiting(digest, row, links))));
        }
    }
    blocks.push(Block::Button(Link { label: "Open the board", url: links.page("/handoffs") }));
    Letter {
        subject: clean::subject(&format!("{waits}: {}", names(digest))),
        preheader: format!("Each with the step that moves it on: {}.", names(digest)),
        title: waits,
        blocks,
        footer: format!(
            "Sent for {} to its admins, at most once a working day and only when something waits.",
            clean::line_or(&digest.organization_name, "your team")
        ),
    }
}

/// The first few customers.
fn names(digest: &Digest) -> String {
    const NAMED: usize = 3;
    let names: Vec<String> = digest.rows.iter().take(NAMED).map(|row| company(&row.company)).collect();
    let more = if digest.rows.len() > NAMED || digest.more { " and others" } else { "" };
    format!("{}{more}", names.join(", "))
}

fn waiting(digest: &Digest, row: &DigestRow, links: Links<'_>) -> Waiting {
    let (why, label, place) = step(row.reason);
    let who = match clean::line(&row.ae) {
        ae if ae.is_empty() => String::new(),
        ae => format!(" With {ae}."),
    };
    Waiting {
        title: capitalized(&company(&row.company)),
        text: format!("{why}{who} Since {}.", dates::day(row.since, &digest.time_zone)),
        step: Link { label, url: links.page(&format!("/accounts/{}{place}", row.account)) },
    }
}

/// Why it waits, the step that moves it on, and where that stands on the account's page.
const fn step(reason: Option<Attention>) -> (&'static str, &'static str, &'static str) {
    match reason {
        Some(Attention::NoAeAddress) => {
            ("Nobody can be invited: the owner has no address.", "Name an address", "#resend")
        }
        Some(Attention::AeLeft) => {
            ("The deal\u{2019}s owner has left HubSpot.", "Name an address", "#resend")
        }
        Some(Attention::DraftFailed) => ("The answers could not be drafted.", "Skip, or look why", "#skip"),
        Some(Attention::MailFailed) => {
            ("A mail did not arrive.", "Check the address and send again", "#resend")
        }
        Some(Attention::Overdue) => {
            ("Reminded, and still no answer.", "Talk to the AE, or remind", "#remind")
        }
        Some(Attention::DealReopened) => ("The deal is no longer won.", "Skip or dismiss", "#attention"),
        Some(Attention::CsmMissing) => ("Nobody looks after this customer yet.", "Assign a CSM", "/csm"),
        Some(Attention::WrongAe) => {
            ("Whoever got the link says that it is not theirs.", "Send it to somebody else", "#resend")
        }
        None => ("The link expired without an answer.", "Send a new link, or skip", "#resend"),
    }
}
