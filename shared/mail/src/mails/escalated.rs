//! `handoff_escalated`: tells an admin what is stuck and the one step that mends it.

use super::{capitalized, company, in_subject, titled};
use crate::clean;
use crate::letter::{Block, Letter, Link};
use crate::links::{Links, deal_in_hubspot};
use handoff_domain::handoff::Attention;
use handoff_domain::outbox::Escalation;
use handoff_domain::source::SourceGap;

/// What one reason means to an admin.
struct Trouble {
    subject: &'static str,
    happened: &'static str,
    step: &'static str,
}

pub(super) fn compose(escalation: &Escalation, links: Links<'_>) -> Letter {
    let customer = company(&escalation.company);
    let trouble = trouble(escalation.reason);
    let deal = escalation.deal.as_ref().map(|deal| deal_in_hubspot(escalation.portal, deal));
    let mut blocks = vec![Block::Text(trouble.happened.to_owned())];
    blocks.extend(Block::note(detail_title(escalation.reason).to_owned(), &escalation.detail));
    blocks.push(Block::Heading("What to do".to_owned()));
    blocks.push(Block::Text(trouble.step.to_owned()));
    let deal = deal.map(|url| Link { label: "Open the deal in HubSpot", url });
    match own_step(escalation.reason) {
        // The deal is only something to look at.
        Some((label, place)) => {
            blocks.extend(links.account(place).map(|url| Block::Button(Link { label, url })));
            blocks.extend(deal.map(Block::Link));
        }
        None => blocks.extend(deal.map(Block::Button)),
    }
    blocks.extend(titled("Not read for its drafts, or not in full", unread(&escalation.unread)));
    Letter {
        subject: clean::subject(&format!("{}: {}", capitalized(&in_subject(&customer)), trouble.subject)),
        preheader: trouble.step.to_owned(),
        title: format!("The handoff of {customer} needs you"),
        blocks,
        footer: format!(
            "Sent for {}, because you are an admin of its handoffs.",
            clean::line_or(&escalation.organization_name, "your team")
        ),
    }
}

/// What could not be read, by kind.
pub(super) fn unread(gaps: &[SourceGap]) -> Option<Block> {
    let points: Vec<_> =
        gaps.iter().map(|gap| (gap.kind.label().to_owned(), clean::line(&gap.reason))).collect();
    (!points.is_empty()).then_some(Block::List(points))
}

/// The step where it is one of ours.
const fn own_step(reason: Attention) -> Option<(&'static str, &'static str)> {
    match reason {
        Attention::CsmMissing => Some(("Assign a CSM", "/csm")),
        Attention::WrongAe => Some(("Send it to somebody else", "#resend")),
        _ => None,
    }
}

/// What the words in `detail` are: with some reasons, a person's name.
const fn detail_title(reason: Attention) -> &'static str {
    match reason {
        Attention::NoAeAddress | Attention::AeLeft => "The owner as HubSpot has it",
        Attention::CsmMissing => "Whom the account executive named",
        Attention::WrongAe => "What they said",
        _ => "In detail",
    }
}

const fn trouble(reason: Attention) -> Trouble {
    match reason {
        Attention::NoAeAddress => Trouble {
            subject: "nobody to ask for the handoff",
            happened: "The deal is won, but its owner in HubSpot is missing, is a queue or has no e-mail address. So nobody \
                       has been asked to hand it over.",
            step: "Open the deal and make the person who sold it its owner.",
        },
        Attention::AeLeft => Trouble {
            subject: "the deal's owner has left",
            happened: "The deal is won, but its owner is no longer active in HubSpot. So nobody has been asked to hand it over.",
            step: "Open the deal and give it to the colleague who knows this customer best.",
        },
        Attention::DraftFailed => Trouble {
            subject: "the handoff could not be prepared",
            happened: "The deal's records could not be read and drafted, although it was tried several times.",
            step: "Ask your operator to look at the drafting queue and send its dead letters back; the runbook says how.",
        },
        Attention::MailFailed => Trouble {
            subject: "a mail could not be delivered",
            happened: "A mail about this handoff could not be sent, so whoever it was for does not know of it.",
            step: "Check the addresses of the people involved: the deal's owner in HubSpot, the customer success manager in the roster.",
        },
        Attention::Overdue => Trouble {
            subject: "the handoff is overdue",
            happened: "The account executive was asked to hand this customer over and has not done so in time.",
            step: "Talk to the deal's owner: two minutes of their time are enough.",
        },
        Attention::DealReopened => Trouble {
            subject: "the deal is no longer won",
            happened: "The deal left its won stage after its handoff had begun.",
            step: "Ask the deal's owner whether the customer is still coming. If the stage was changed by mistake, set it back.",
        },
        Attention::WrongAe => Trouble {
            subject: "somebody else\u{2019}s to hand over",
            happened: "Whoever got the link says that this handoff is not theirs. Nobody is reminded of it any more.",
            step: "Send the link to the colleague who sold it: the account\u{2019}s page has a field for the address.",
        },
        Attention::CsmMissing => Trouble {
            subject: "a customer success manager is missing",
            happened: "The handoff is submitted, but the customer success manager was not in the list: a placeholder stands \
                       for them, and nobody looks after this customer yet.",
            step: "Assign a CSM. Is the right person not in the list? Add them to the roster first, then assign them: the whole \
                   handoff reaches them by mail.",
        },
    }
}
