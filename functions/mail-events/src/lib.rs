//! SQS: what SES tells of the mails that it took.
//!
//! A SEND event confirms a mail whose outcome the sender does not know: one read, and a write only when that is news.
//! A mail that will never arrive (bounced for good, rejected, not rendered) marks its handoff, so that someone looks; all
//! else, complaints too, is told in the log by the entry's id. A message that cannot be read is failed, so
//! that the queue's redrive takes it to the dead letters, where a person can read it.

mod config;
mod confirm;
mod event;

pub use config::Config;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use event::{About, MailEvent, Meaning};
use handoff_domain::event::Event;
use handoff_runtime::batch::each_message;
use handoff_runtime::{Clock, correlate, metrics, report};
use handoff_store::Store;

/// What the function works with.
#[derive(Debug, Clone)]
pub struct Deps {
    /// The outbox.
    pub store: Store,
    /// The time.
    pub clock: Clock,
}

/// Works a batch of SES's events, as they are or in SNS's envelope.
pub async fn handle(deps: &Deps, event: SqsEvent) -> SqsBatchResponse {
    // Boxed: the futures of the SDK below are too deep for one type.
    each_message(event, |message| Box::pin(is_done(deps, message))).await
}

async fn is_done(deps: &Deps, message: SqsMessage) -> bool {
    match MailEvent::parse(message.body.as_deref().unwrap_or_default()) {
        Ok(event) => carry_out(deps, event).await,
        Err(error) => {
            tracing::error!(error = report(&error), "unreadable mail event");
            false
        }
    }
}

async fn carry_out(deps: &Deps, event: MailEvent) -> bool {
    let MailEvent { kind, at, meaning, about } = event;
    // Mails that others send through the same configuration set are none of ours.
    let Some(About { key, mail, correlation }) = about else { return true };
    correlate(correlation);
    let (account, outbox) = (key.account.as_ref().map(tracing::field::display), key.id.as_str());
    let is_lost = matches!(meaning, Meaning::Lost);
    let done = match meaning {
        Meaning::Taken => confirm::confirm(&deps.store, &key, mail, deps.clock.now()).await.map(|news| {
            tracing::info!(account, outbox, mail, news, "mail confirmed");
        }),
        Meaning::Lost => {
            tracing::error!(kind, account, outbox, mail, "mail lost");
            match &key.account {
                Some(account) => {
                    let now = deps.clock.now();
                    let lost = Event::mail_lost(&key.id, mail, &kind, at.unwrap_or(now));
                    deps.store.note_lost_mail(&key.organization, account, &lost, now).await
                }
                // A sign-in link that does not arrive is asked for again.
                None => Ok(()),
            }
        }
        Meaning::Progress => {
            tracing::info!(kind, account, outbox, mail, "mail event");
            Ok(())
        }
        Meaning::Worrying => {
            tracing::warn!(kind, account, outbox, mail, "mail event");
            Ok(())
        }
    };
    if let Err(error) = done {
        tracing::error!(error = report(&error), kind, account, outbox, mail, "not noted");
        return false;
    }
    // Only now, so that an event that comes again is counted once.
    match (kind.as_str(), is_lost) {
        ("Bounce", true) => metrics::MAIL_BOUNCED.count(),
        ("Complaint", _) => metrics::MAIL_COMPLAINED.count(),
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests;
