//! The pages of links that open nothing (any more, or not yet): each says why and what to do.

use super::LinkView;
use handoff_domain::handoff::Handoff;
use handoff_domain::limits::RENEWALS_PER_HANDOFF;
use handoff_web::page::Page;
use handoff_web::{Markup, html, text};

/// The link's last day passed. Before a submit, a fresh one can be asked for.
pub fn expired<'a>(handoff: &'a Handoff, link: &LinkView) -> Page<'a> {
    let zone = text::zone(&handoff.time_zone);
    let ended = handoff.link.as_ref().map(|link| text::day_at(link.expires_at, &zone)).unwrap_or_default();
    let body = html! {
        h1 { "This link has expired" }
        @if handoff.submission.is_some() {
            p.lead { "You handed over " (handoff.account.company) ", and the receipt could be read until " (ended) "." }
            p { "There is nothing left to do. Your copy is in your mailbox." }
        } @else {
            p.lead { "It worked until " (ended) ". What you saved for " (handoff.account.company) " is kept." }
            (renew(handoff, link))
        }
    };
    calm("Link expired", handoff, body)
}

fn renew(handoff: &Handoff, link: &LinkView) -> Markup {
    html! {
        @if handoff.ae.email.is_none() || handoff.renewals >= RENEWALS_PER_HANDOFF {
            p { "We cannot mail a fresh link by ourselves. Please ask your Handoff admin to send you one." }
        } @else {
            p { "We can mail you a fresh one. It goes to your own address, the one this link was sent to." }
            form method="post" action={ (link.path) "/renew" } {
                input type="hidden" name="csrf" value=(link.csrf);
                button.button type="submit" { "Mail me a fresh link" }
            }
        }
    }
}

/// A newer link was sent.
pub fn replaced(handoff: &Handoff) -> Page<'_> {
    let body = html! {
        h1 { "There is a newer link" }
        p.lead { "This one was replaced. A newer link is in your mailbox, or will be in a minute." }
        p { "Look for the latest e-mail from Handoff, also in the spam folder. Nothing that you saved is lost." }
    };
    calm("Newer link", handoff, body)
}

/// An admin closed the handoff without a submit.
pub fn skipped(handoff: &Handoff) -> Page<'_> {
    let body = html! {
        h1 { "This handoff is closed" }
        p.lead { "Someone in your organization closed it without you, so there is nothing left to do here." }
        p { "If you know something that Customer Success should know, write to the CSM or to your Handoff admin." }
    };
    calm("Handoff closed", handoff, body)
}

/// The drafts are not ready.
pub fn drafting(handoff: &Handoff) -> Page<'_> {
    let body = html! {
        h1 { "The drafts are being written" }
        p.lead { "We are reading what your CRM knows about the customer. This takes a minute or two." }
        p { "You will get an e-mail when everything is ready, or reload this page." }
    };
    calm("Drafting", handoff, body)
}

fn calm<'a>(title: &'a str, handoff: &'a Handoff, words: Markup) -> Page<'a> {
    Page { title, brand: &handoff.organization_name, script: None, body: html! { div.calm { (words) } } }
}
