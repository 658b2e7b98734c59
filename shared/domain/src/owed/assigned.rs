//! The mails of an assignment: the whole handoff to whoever has the account now, and a word to whoever had it.

use super::{document, key, owed};
use crate::draft::Drafts;
use crate::email::EmailAddress;
use crate::handoff::{CsmChoice, Handoff, HandoffState, Submission};
use crate::id::{OutboxId, ParseIdError};
use crate::outbox::{DocumentAssignment, HandoffReassigned, MailContent, OutboxEntry, OwedMail};
use crate::plan::Milestone;
use crate::roster::{Member, Roster};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// An assignment that was decided, and what its mails are made of.
#[derive(Debug, Clone, Copy)]
pub struct Assigning<'a> {
    /// The handoff as it was.
    pub before: &'a Handoff,
    /// The handoff with its new CSM.
    pub after: &'a Handoff,
    /// What was submitted last, with its drafts; `None` when nothing ever was.
    pub last: Option<(&'a Submission, &'a Drafts)>,
    /// The milestone to start with.
    pub first_milestone: Option<&'a Milestone>,
    /// The organization's people.
    pub roster: &'a Roster,
    /// Who decided.
    pub by: &'a Member,
    /// Why; may be empty.
    pub reason: &'a str,
}

/// The mails of an assignment, under an id that no other assignment of the account has. People who left get none.
pub fn assigned(assigning: &Assigning<'_>, now: Timestamp) -> Result<OutboxEntry, ParseIdError> {
    let after = assigning.after;
    let csm = after.csm_at_work(assigning.roster);
    let received = csm.map(|csm| {
        let content = MailContent::HandoffReceived(Box::new(assigning.document(csm, now)));
        owed(csm.email.clone(), after.ae.email.clone(), content)
    });
    let mails = received.into_iter().chain(assigning.word_to_the_one_before(csm));
    let id = OutboxId::parse(format!("{}-a{}-assigned", after.id, after.assignments))?;
    Ok(OutboxEntry::new(key(after, id, now), mails.collect()).on_the_way(after.correlation))
}

impl Assigning<'_> {
    /// By whom, for a reader who may be that person.
    fn by(&self, reader: &Member) -> Option<String> {
        (self.by.id != reader.id).then(|| self.by.name.clone())
    }

    fn document(&self, csm: &Member, now: Timestamp) -> crate::outbox::HandoffDocument {
        let (after, nothing) = (self.after, nothing(self.after, now));
        let mut document = match self.last {
            Some((submission, drafts)) => document(after, submission, drafts, self.first_milestone),
            None => super::summary(after, &nothing, self.first_milestone),
        };
        document.csm_name.clone_from(&csm.name);
        document.csm_missing = false;
        document.assignment = Some(DocumentAssignment {
            by: self.by(csm),
            before: self.before.csm_in_charge().map(|(_, name)| name.to_owned()),
            reason: self.reason.to_owned(),
            skipped: (after.state == HandoffState::Skipped).then(|| after.skip_reason.clone()),
            with_ae: !matches!(after.state, HandoffState::Submitted | HandoffState::Skipped),
            nothing_submitted: self.last.is_none(),
        });
        document
    }

    fn word_to_the_one_before(&self, csm: Option<&Member>) -> Option<OwedMail> {
        let before = self.before.csm_in_charge().and_then(|(id, _)| self.roster.find(id))?;
        let content = HandoffReassigned {
            organization_name: self.after.organization_name.clone(),
            company: self.after.account.company.clone(),
            name: before.name.clone(),
            now_with: csm.map(|csm| csm.name.clone()),
            by: self.by(before),
            reason: self.reason.to_owned(),
        };
        let reply_to = csm.map(|csm| csm.email.clone());
        Some(owed(before.email.clone(), reply_to, MailContent::HandoffReassigned(content)))
    }
}

/// The word to a CSM whose account the AE gave to somebody else in a later round; `None` when nobody lost it.
pub(super) fn chosen_anew(before: &Handoff, after: &Handoff, roster: &Roster) -> Option<OwedMail> {
    let (had, _) = before.csm_in_charge()?;
    let now_with = after.csm_in_charge();
    let lost = roster.find(had).filter(|member| now_with.is_none_or(|(csm, _)| *csm != member.id))?;
    let content = HandoffReassigned {
        organization_name: after.organization_name.clone(),
        company: after.account.company.clone(),
        name: lost.name.clone(),
        now_with: now_with.map(|(_, name)| name.to_owned()),
        by: Some(match after.ae.name.trim() {
            "" => "The account executive".to_owned(),
            name => name.to_owned(),
        }),
        reason: String::new(),
    };
    let reply_to: Option<EmailAddress> = after.csm_at_work(roster).map(|csm| csm.email.clone());
    Some(owed(lost.email.clone(), reply_to, MailContent::HandoffReassigned(content)))
}

/// A submission with nothing in it, for an account whose AE never handed over.
fn nothing(after: &Handoff, now: Timestamp) -> Submission {
    Submission {
        at: after.assigned.as_ref().map_or(now, |assigned| assigned.at),
        answers: BTreeMap::new(),
        note: String::new(),
        settled: BTreeMap::new(),
        dropped_promises: BTreeSet::new(),
        csm: CsmChoice::Placeholder { name: String::new(), email: String::new() },
        csm_name: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handoff::tests::{drafts, handoff};
    use crate::handoff::{AssignWish, Changes};
    use crate::id::MemberId;
    use crate::roster::Role;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn person(id: &str, role: Role) -> Member {
        Member {
            id: MemberId::parse(id).unwrap(),
            name: id.to_uppercase(),
            email: EmailAddress::parse(format!("{id}@us.test")).unwrap(),
            roles: vec![role],
            expertise: Vec::new(),
            capacity: 0,
            away_from: None,
            away_until: None,
            booking_link: String::new(),
        }
    }

    fn roster() -> Roster {
        let members = vec![person("ada", Role::Admin), person("cora", Role::Csm), person("sam", Role::Csm)];
        Roster { members, revision: 0 }
    }

    fn moved(before: &Handoff, roster: &Roster, by: &Member) -> (OutboxEntry, Handoff) {
        let wish = AssignWish { by, csm: "sam", reason: "Cora leaves.", seen: None };
        let (after, reason) = before.assign(&wish, roster, at(20)).unwrap().unwrap();
        let drafts = drafts("r1", Some("drafted"));
        let last = before.submission.as_ref().map(|submission| (submission, &drafts));
        let assigning =
            Assigning { before, after: &after, last, first_milestone: None, roster, by, reason: &reason };
        (assigned(&assigning, at(20)).unwrap(), after)
    }

    fn with_cora() -> Handoff {
        let cora = CsmChoice::Member(MemberId::parse("cora").unwrap());
        let changes = Changes { csm: Some(Some(cora)), ..Changes::default() };
        let before = handoff();
        let drafts = drafts("r1", Some("drafted"));
        before.submit(&drafts, &roster(), changes, before.version, at(9)).unwrap()
    }

    fn told(entry: &OutboxEntry) -> Vec<(&str, &str)> {
        entry.mails.iter().map(|mail| (mail.content.kind(), mail.to.as_str())).collect()
    }

    #[test]
    fn one_entry_tells_both_and_its_id_counts_the_assignments() {
        let roster = roster();
        let (entry, _) = moved(&with_cora(), &roster, &roster.members[0]);
        assert_eq!(entry.key.id.as_str(), "d1-a2-assigned");
        assert_eq!(
            told(&entry),
            [("handoff_received", "sam@us.test"), ("handoff_reassigned", "cora@us.test")]
        );
        let MailContent::HandoffReceived(document) = &entry.mails[0].content else { panic!() };
        assert_eq!((document.csm_name.as_str(), document.answers.len()), ("SAM", 8));
        let assignment = document.assignment.as_ref().unwrap();
        assert_eq!((assignment.by.as_deref(), assignment.before.as_deref()), (Some("ADA"), Some("CORA")));
        let MailContent::HandoffReassigned(word) = &entry.mails[1].content else { panic!() };
        assert_eq!((word.now_with.as_deref(), word.reason.as_str()), (Some("SAM"), "Cora leaves."));
    }

    #[test]
    fn who_does_it_themselves_is_not_told_their_own_name_and_who_left_is_not_written_to() {
        let mut roster = roster();
        let cora = roster.members[1].clone();
        let (entry, _) = moved(&with_cora(), &roster, &cora);
        let MailContent::HandoffReassigned(word) = &entry.mails[1].content else { panic!() };
        assert_eq!(word.by, None);
        roster.members.remove(1);
        let sam = roster.members[1].clone();
        let (entry, _) = moved(&with_cora(), &roster, &sam);
        assert_eq!(told(&entry), [("handoff_received", "sam@us.test")]);
    }

    #[test]
    fn an_account_that_was_started_by_hand_comes_with_what_is_known_and_no_answer() {
        let roster = roster();
        let skipped = handoff().skip("They bought elsewhere".to_owned(), at(9)).unwrap();
        let (entry, _) = moved(&skipped, &roster, &roster.members[0]);
        let MailContent::HandoffReceived(document) = &entry.mails[0].content else { panic!() };
        let assignment = document.assignment.as_ref().unwrap();
        assert_eq!(assignment.skipped.as_deref(), Some("They bought elsewhere"));
        assert!(assignment.nothing_submitted && document.answers.is_empty());
    }
}
