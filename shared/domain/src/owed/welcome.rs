//! The welcome mail as it is owed: one mail for each reader, none of whom sees another.

use super::{key, owed};
use crate::handoff::Handoff;
use crate::organization::Organization;
use crate::outbox::{MailContent, OutboxEntry, WelcomeMail};
use crate::roster::Member;
use crate::welcome::{SentWelcome, WelcomeLetter, personal};

/// The mails of one sending; answers go to `csm`, who has the account.
pub fn welcome(
    handoff: &Handoff,
    organization: &Organization,
    csm: &Member,
    sent: &SentWelcome,
) -> OutboxEntry {
    let mails = sent.letter.to.iter().map(|to| {
        let name = handoff.account.contact(to).map_or("", |contact| contact.name.as_str());
        let mail = welcome_mail(organization, csm, &sent.letter, name);
        owed(to.clone(), Some(csm.email.clone()), MailContent::Welcome(Box::new(mail)))
    });
    OutboxEntry::new(key(handoff, sent.cause.clone(), sent.at), mails.collect())
        .on_the_way(handoff.correlation)
}

/// The mail as a reader of this name gets it.
pub fn welcome_mail(
    organization: &Organization,
    csm: &Member,
    letter: &WelcomeLetter,
    name: &str,
) -> WelcomeMail {
    WelcomeMail {
        organization_name: organization.name.clone(),
        language: organization.language.clone(),
        csm_name: csm.name.clone(),
        csm_email: csm.email.clone(),
        subject: personal(&letter.subject, name),
        body: personal(&letter.body, name),
    }
}
