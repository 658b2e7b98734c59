//! One module per mail.

mod digest;
mod document;
mod escalated;
mod invitation;
mod link_renewed;
mod reassigned;
mod receipt;
mod received;
mod reminder;
mod reported;
mod returned;
mod sign_in;
mod weekly;

use crate::clean;
use crate::letter::{Block, Letter};
use crate::links::{DeadLink, Links};
use handoff_domain::outbox::{MailContent, OwedMail};

/// Says what this mail says; a mail that a person wrote is no letter of ours, and has no link.
pub(crate) fn compose(mail: &OwedMail, links: Links<'_>) -> Result<Letter, DeadLink> {
    let can_reply = mail.reply_to.is_some();
    match &mail.content {
        MailContent::HandoffInvitation(invitation) => invitation::compose(invitation, can_reply, links),
        MailContent::HandoffLinkRenewed(invitation) => link_renewed::compose(invitation, links),
        MailContent::HandoffReminder(reminder) => reminder::compose(reminder, links),
        MailContent::HandoffReturned(returned) => returned::compose(returned, links),
        MailContent::HandoffReceipt(document) => Ok(receipt::compose(document, links)),
        MailContent::HandoffReceived(document) => Ok(received::compose(document, can_reply, links)),
        MailContent::HandoffReassigned(reassigned) => Ok(reassigned::compose(reassigned, can_reply, links)),
        MailContent::HandoffEscalated(escalation) => Ok(escalated::compose(escalation, links)),
        MailContent::Digest(digest) => Ok(digest::compose(digest, links)),
        MailContent::WeeklySummary(summary) => Ok(weekly::compose(summary, links)),
        MailContent::AnswersReported(report) => Ok(reported::compose(report, links)),
        MailContent::SignIn(link) => sign_in::compose(link, links),
        MailContent::Welcome(_) => Err(DeadLink),
    }
}

/// A block under a headline of its own; nothing for none.
fn titled(title: &str, block: Option<Block>) -> impl Iterator<Item = Block> {
    block.into_iter().flat_map(move |block| [Block::Heading(title.to_owned()), block])
}

/// Longest name inside a subject, in characters, so that the words around it stay readable.
const NAME_IN_SUBJECT_MAX_CHARS: usize = 70;

fn in_subject(name: &str) -> String {
    clean::short(name, NAME_IN_SUBJECT_MAX_CHARS)
}

/// The customer's name; mails stay readable for a deal without any.
fn company(name: &str) -> String {
    clean::line_or(name, "your new customer")
}

/// `Hi Sam,` for `Sam Okafor`; `Hello,` for nobody.
fn greeting(name: &str) -> String {
    clean::line(name)
        .split(' ')
        .next()
        .filter(|first| !first.is_empty())
        .map_or_else(|| "Hello,".to_owned(), |first| format!("Hi {first},"))
}

/// The same text as the start of a sentence.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::{capitalized, greeting};

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capitalized("the account executive"), "The account executive");
        assert_eq!(capitalized("élan"), "Élan");
        assert_eq!(capitalized(""), "");
    }

    #[test]
    fn people_are_greeted_by_their_first_name() {
        assert_eq!(greeting("Sam Okafor"), "Hi Sam,");
        assert_eq!(greeting(" \u{202E} "), "Hello,");
    }
}
