//! What the pages of the welcome mail are made from: the account, what is kept of the mail, and the draft.

use crate::gate::Viewer;
use handoff_domain::account::Contact;
use handoff_domain::draft::DraftedBy;
use handoff_domain::email::EmailAddress;
use handoff_domain::handoff::Handoff;
use handoff_domain::kickoff::KickoffTime;
use handoff_domain::outbox::WelcomeMail;
use handoff_domain::owed::welcome_mail;
use handoff_domain::roster::Member;
use handoff_domain::welcome::{Welcome, WelcomeDraft, WelcomeLetter, WelcomeRefusal};
use handoff_drafting::welcome::{Material, WelcomeRequest, kickoff_agenda, welcome_draft};
use handoff_store::AccountView;
use handoff_web::text;
use jiff::tz::TimeZone;

/// One account's welcome mail and kickoff, and who looks at them.
pub(in crate::accounts) struct Shown<'a> {
    pub(in crate::accounts) viewer: &'a Viewer,
    pub(in crate::accounts) account: &'a AccountView,
    /// Who has the account, if they are on the roster.
    pub(in crate::accounts) csm: Option<&'a Member>,
    pub(super) welcome: Welcome,
    pub(in crate::accounts) zone: TimeZone,
    pub(in crate::accounts) path: String,
    material: Material,
}

impl<'a> Shown<'a> {
    pub(in crate::accounts) fn new(viewer: &'a Viewer, account: &'a AccountView) -> Self {
        let handoff = &account.handoff;
        Self {
            viewer,
            account,
            csm: handoff.csm_in_charge().and_then(|(csm, _)| viewer.roster.find_csm(csm)),
            welcome: account.welcome.clone().unwrap_or_default(),
            zone: text::zone(&viewer.organization.time_zone),
            path: format!("/accounts/{}", handoff.id),
            material: Material::of(handoff, account.drafts.as_ref()),
        }
    }

    pub(in crate::accounts) fn handoff(&self) -> &'a Handoff {
        &self.account.handoff
    }

    /// Whether this person may write to the customer now, and why not.
    pub(in crate::accounts) fn may(&self) -> Result<(), WelcomeRefusal> {
        self.handoff().may_welcome(&self.viewer.member)
    }

    /// The kickoff as planned.
    pub(in crate::accounts) fn planned(&self) -> Option<KickoffTime> {
        self.account.kickoff.as_ref().map(|kickoff| KickoffTime::planned(kickoff, &self.zone))
    }

    fn with_request<T>(&self, make: impl Fn(&WelcomeRequest<'_>) -> T) -> T {
        let (handoff, kickoff) = (self.handoff(), self.planned());
        make(&WelcomeRequest {
            language: &self.viewer.organization.language,
            organization: &self.viewer.organization.name,
            company: &handoff.account.company,
            csm: self.csm.map_or(self.viewer.member.name.as_str(), |csm| csm.name.as_str()),
            ae: &handoff.ae.name,
            booking_link: self.csm.map_or("", |csm| csm.booking_link.as_str()),
            kickoff: kickoff.as_ref().filter(|kickoff| kickoff.at.timestamp() > self.viewer.now),
            material: &self.material,
            round: handoff.round,
            now: self.viewer.now,
        })
    }

    /// The draft that needs no model.
    pub(super) fn plain(&self) -> WelcomeDraft {
        self.with_request(welcome_draft)
    }

    /// What an invitation says of the kickoff.
    pub(in crate::accounts) fn agenda(&self) -> String {
        self.with_request(kickoff_agenda)
    }

    /// The model's draft, if there is one of what holds now.
    pub(super) fn of_model(&self) -> Option<&WelcomeDraft> {
        self.welcome.drafted_for(self.handoff())
    }

    /// The draft that the editor stands on: the model's, else the plain one.
    pub(super) fn draft(&self) -> WelcomeDraft {
        self.of_model().cloned().unwrap_or_else(|| self.plain())
    }

    /// What the editor shows: what was saved, else the draft; or the draft that `from` asks for, `model` or `plain`.
    pub(super) fn offered(&self, from: &str) -> WelcomeLetter {
        let kept = self.welcome.letter.clone();
        let draft = match from {
            "model" => self.of_model().cloned(),
            "plain" => Some(self.plain()),
            _ if kept.is_some() => None,
            _ => Some(self.draft()),
        };
        match (draft, kept) {
            (None, Some(kept)) => kept,
            (draft, kept) => {
                let draft = draft.unwrap_or_else(|| self.draft());
                let to = kept.map_or_else(|| self.only_reader(), |kept| kept.to);
                WelcomeLetter { to, body: draft.body(), subject: draft.subject }
            }
        }
    }

    /// The one contact that can be written to; of several, a person chooses.
    fn only_reader(&self) -> Vec<EmailAddress> {
        let contacts = self.handoff().account.contacts.iter();
        let mut reachable: Vec<EmailAddress> = contacts.filter_map(Contact::address).collect();
        reachable.dedup();
        if reachable.len() == 1 { reachable } else { Vec::new() }
    }

    /// The mail of one reader of what was saved: of the first, where nobody is chosen yet.
    pub(super) fn mail(&self, reader: usize) -> Option<WelcomeMail> {
        let (letter, csm) = (self.welcome.letter.as_ref()?, self.csm?);
        let to = letter.to.get(reader);
        let name =
            to.and_then(|to| self.handoff().account.contact(to)).map_or("", |contact| contact.name.as_str());
        Some(welcome_mail(&self.viewer.organization, csm, letter, name))
    }

    /// Whether a model writes for this organization: it wrote this handoff's answers.
    pub(super) fn has_model(&self) -> bool {
        let drafts = self.account.drafts.as_ref();
        drafts.is_some_and(|drafts| matches!(drafts.run.by, DraftedBy::Model(_)))
    }
}
