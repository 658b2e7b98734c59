//! One believable mail of each kind.

use super::super::Renderer;
use handoff_domain::account::{Contact, Money};
use handoff_domain::answer::AnswerOrigin;
use handoff_domain::digest::{Digest, DigestRow};
use handoff_domain::email::EmailAddress;
use handoff_domain::finding::Settlement;
use handoff_domain::handoff::Attention;
use handoff_domain::id::{DealId, OutboxId, PortalId, SignInId};
use handoff_domain::link::LinkKey;
use handoff_domain::outbox::WelcomeMail;
use handoff_domain::outbox::{
    AnswersReport, DocumentAnswer, DocumentAssignment, DocumentConflict, DocumentMilestone, DocumentPromise,
    DocumentVersion, Escalation, Evidence, HandoffDocument, HandoffReassigned, Invitation, MailContent,
    MailStatus, OutboxKey, OwedMail, Reminder, ReturnedHandoff, SignInLink,
};
use handoff_domain::plan::Template;
use handoff_domain::source::{SourceGap, SourceKind};
use handoff_domain::weekly::{WeekNumbers, WeeklySummary};
use jiff::Timestamp;
use jiff::civil::date;

/// A mail and what to call it.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) owed: OwedMail,
}

pub(super) fn samples_key() -> OutboxKey {
    OutboxKey {
        organization: PortalId(62515).organization(),
        account: Some(deal().account()),
        owed_at: at("2026-11-22T09:14:00Z"),
        id: OutboxId::parse("invitation-1").unwrap(),
    }
}

pub(super) fn renderer() -> Renderer {
    Renderer::new(
        "https://handoff.test/".into(),
        LinkKey::new("a key for tests, long enough to be one").unwrap(),
    )
}

/// A wish of the samples' key.
pub(super) fn sign_in_link() -> SignInLink {
    let id = SignInId::from_random(7);
    SignInLink { hash: renderer().link_keys.sign_in_token(&id).hash(), id }
}

pub(super) fn all() -> Vec<Sample> {
    let invitation = MailContent::HandoffInvitation(invitation());
    let mut samples = vec![
        sample("invitation", invitation),
        sample("invitation_without_drafts", MailContent::HandoffInvitation(bare_invitation())),
        sample("link_renewed", MailContent::HandoffLinkRenewed(self::invitation())),
        sample("reminder", MailContent::HandoffReminder(reminder(4))),
        sample("reminder_all_drafted", MailContent::HandoffReminder(reminder(0))),
        sample("reminder_third", MailContent::HandoffReminder(Reminder { number: 3, ..reminder(2) })),
        sample(
            "reminder_last",
            MailContent::HandoffReminder(Reminder { number: 5, is_last: true, ..reminder(2) }),
        ),
        sample("digest", MailContent::Digest(Box::new(digest(None)))),
        sample(
            "digest_more",
            MailContent::Digest(Box::new(Digest { more: true, ..digest(Some(at("2026-11-21T08:00:00Z"))) })),
        ),
        sample("weekly_summary", MailContent::WeeklySummary(Box::new(weekly()))),
        sample("weekly_summary_first", MailContent::WeeklySummary(Box::new(first_week()))),
        sample("returned", MailContent::HandoffReturned(returned())),
        sample("receipt", MailContent::HandoffReceipt(Box::new(document()))),
        sample("receipt_csm_missing", MailContent::HandoffReceipt(Box::new(without_csm()))),
        sample("received", MailContent::HandoffReceived(Box::new(document()))),
        sample("answers_reported", MailContent::AnswersReported(report())),
        sample("sign_in", MailContent::SignIn(sign_in_link())),
        sample("received_reassigned", MailContent::HandoffReceived(Box::new(reassigned_document()))),
        sample("received_by_hand", MailContent::HandoffReceived(Box::new(by_hand()))),
        sample("reassigned", MailContent::HandoffReassigned(reassigned())),
        sample(
            "reassigned_by_oneself",
            MailContent::HandoffReassigned(HandoffReassigned { by: None, ..reassigned() }),
        ),
        sample("reassigned_to_nobody", MailContent::HandoffReassigned(to_nobody())),
        sample("welcome", MailContent::Welcome(Box::new(welcome()))),
        sample("received_almost_empty", MailContent::HandoffReceived(Box::new(almost_empty()))),
    ];
    let reasons = [
        Attention::NoAeAddress,
        Attention::AeLeft,
        Attention::DraftFailed,
        Attention::MailFailed,
        Attention::Overdue,
        Attention::DealReopened,
        Attention::CsmMissing,
        Attention::WrongAe,
    ];
    samples.extend(reasons.map(|reason| {
        let name = serde_json::to_value(reason).unwrap();
        sample(
            &format!("escalated_{}", name.as_str().unwrap()),
            MailContent::HandoffEscalated(escalation(reason)),
        )
    }));
    samples
}

fn digest(new_since: Option<Timestamp>) -> Digest {
    let row = |number: u64, company: &str, ae: &str, reason, since| DigestRow {
        account: DealId::parse((9000 + number).to_string()).unwrap().account(),
        company: company.into(),
        ae: ae.into(),
        reason,
        since: at(since),
    };
    Digest {
        organization_name: "Northwind".into(),
        time_zone: "Europe/Berlin".into(),
        rows: vec![
            row(4, "Blue Fjord Ferries", "", Some(Attention::NoAeAddress), "2026-11-17T09:00:00Z"),
            row(5, "Harbor & Pine Logistics", "Sam Okafor", Some(Attention::Overdue), "2026-11-20T09:00:00Z"),
            row(6, "Ostrava Steel", "Mina Kováčová", None, "2026-11-21T16:00:00Z"),
            row(7, "Vela Robotics", "Sam Okafor", Some(Attention::CsmMissing), "2026-11-21T17:30:00Z"),
        ],
        more: false,
        new_since,
    }
}

fn weekly() -> WeeklySummary {
    let now = WeekNumbers {
        created: 14,
        done: 11,
        lost: 1,
        completion: Some(92),
        median_minutes: Some(1_260),
        kept: Some(71),
        score_tenths: Some(43),
        repeated: Some(12),
    };
    let before = WeekNumbers { created: 16, done: 9, lost: 3, completion: Some(75), kept: Some(74), ..now };
    WeeklySummary {
        organization_name: "Northwind".into(),
        week: date(2026, 11, 16),
        now,
        before,
        worst: vec![
            ("What could put this customer at risk?".into(), 38),
            ("Why did they choose us & not others?".into(), 52),
        ],
    }
}

fn first_week() -> WeeklySummary {
    let now = WeekNumbers { created: 1, ..WeekNumbers::default() };
    WeeklySummary { now, before: WeekNumbers::default(), worst: Vec::new(), ..weekly() }
}

fn report() -> AnswersReport {
    let HandoffDocument { organization_name, time_zone, company, ae_name, answers, .. } = document();
    let answers = answers.into_iter().take(2).collect();
    let unread = escalation(Attention::DraftFailed).unread;
    AnswersReport { organization_name, time_zone, company, ae_name, by: "Grace Lin".into(), answers, unread }
}

fn sample(name: &str, content: MailContent) -> Sample {
    let reply_to = (!name.contains("escalated") && !name.contains("reported"))
        .then(|| EmailAddress::parse("sam.okafor@northwind.test").unwrap());
    let to = EmailAddress::parse("reader@northwind.test").unwrap();
    Sample { name: name.to_owned(), owed: OwedMail { to, reply_to, content, status: MailStatus::Owed } }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn deal() -> DealId {
    DealId::parse("9001").unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        organization_name: "Northwind".into(),
        ae_name: "Sam Okafor".into(),
        company: "Harbor & Pine Logistics".into(),
        deal_name: "Harbor & Pine: routing for 14 depots".into(),
        arr: Some(Money { amount: "48000".into(), currency: "USD".into() }),
        close_date: Some(date(2026, 11, 20)),
        generation: 1,
        link_hash: None,
        expires_at: at("2026-12-22T09:14:00Z"),
        time_zone: "Europe/Berlin".into(),
        questions: 8,
        drafted: 6,
        conflicts: 2,
    }
}

fn reminder(open: usize) -> Reminder {
    let open = (1..=open).map(|number| format!("What is open question {number}?")).collect();
    Reminder { invitation: invitation(), open, number: 2, is_last: false }
}

fn returned() -> ReturnedHandoff {
    ReturnedHandoff {
        invitation: invitation(),
        by: "Cora Lind".to_owned(),
        reason: "Who signs for the security review, and by when?".to_owned(),
    }
}

fn reassigned() -> HandoffReassigned {
    HandoffReassigned {
        organization_name: "Northwind".into(),
        company: "Harbor & Pine Logistics".into(),
        name: "Cora Lind".into(),
        now_with: Some("Nora Lindqvist".into()),
        by: Some("Ada Admin".into()),
        reason: "Nora speaks Portuguese, and the kickoff is with the team in Porto.".into(),
    }
}

fn to_nobody() -> HandoffReassigned {
    HandoffReassigned { now_with: None, by: Some("Sam Okafor".into()), reason: String::new(), ..reassigned() }
}

fn assignment() -> DocumentAssignment {
    DocumentAssignment {
        by: Some("Ada Admin".into()),
        before: Some("Cora Lind".into()),
        reason: reassigned().reason,
        skipped: None,
        with_ae: true,
        nothing_submitted: false,
    }
}

fn reassigned_document() -> HandoffDocument {
    HandoffDocument { assignment: Some(assignment()), ..document() }
}

/// Skipped, then taken by the reader.
fn by_hand() -> HandoffDocument {
    let assignment = DocumentAssignment {
        by: None,
        before: None,
        reason: String::new(),
        skipped: Some("Sam left the company before the handover.".into()),
        with_ae: false,
        nothing_submitted: true,
    };
    HandoffDocument {
        answers: vec![],
        conflicts: vec![],
        promises: vec![],
        promises_dropped: 0,
        note: String::new(),
        first_milestone: None,
        assignment: Some(assignment),
        ..document()
    }
}

fn bare_invitation() -> Invitation {
    Invitation {
        ae_name: String::new(),
        arr: None,
        close_date: None,
        deal_name: String::new(),
        drafted: 0,
        conflicts: 0,
        ..invitation()
    }
}

fn escalation(reason: Attention) -> Escalation {
    let detail = if reason == Attention::CsmMissing { "Priya Nair, priya@northwind.test" } else { "" };
    Escalation {
        organization_name: "Northwind".into(),
        company: "Harbor & Pine Logistics".into(),
        deal: Some(deal()),
        portal: PortalId(62515),
        reason,
        detail: detail.into(),
        unread: if reason == Attention::NoAeAddress { unread() } else { vec![] },
    }
}

fn unread() -> Vec<SourceGap> {
    [
        (SourceKind::Call, "HubSpot did not answer in time"),
        (SourceKind::Website, "The website could not be reached"),
    ]
    .map(|(kind, reason)| SourceGap { kind, reason: reason.into() })
    .to_vec()
}

fn without_csm() -> HandoffDocument {
    HandoffDocument { csm_missing: true, csm_name: "Priya".into(), note: String::new(), ..document() }
}

fn almost_empty() -> HandoffDocument {
    HandoffDocument {
        deal_name: String::new(),
        arr: None,
        close_date: None,
        website: String::new(),
        industry: String::new(),
        size: String::new(),
        contacts: vec![],
        ae_name: String::new(),
        ae_email: None,
        note: String::new(),
        answers: vec![answer("What is the customer's primary use case?", "", None, vec![])],
        conflicts: vec![],
        promises: vec![],
        promises_dropped: 0,
        first_milestone: None,
        ..document()
    }
}

fn evidence(quote: &str, source: &str, author: Option<&str>, date: Option<&str>) -> Evidence {
    Evidence {
        quote: quote.into(),
        source: source.into(),
        author: author.map(Into::into),
        date: date.map(at),
    }
}

fn answer(
    wording: &str,
    answer: &str,
    origin: Option<AnswerOrigin>,
    evidence: Vec<Evidence>,
) -> DocumentAnswer {
    DocumentAnswer { wording: wording.into(), answer: answer.into(), origin, evidence }
}

fn contact(name: &str, title: &str, email: &str, phone: &str) -> Contact {
    Contact { name: name.into(), email: email.into(), phone: phone.into(), title: title.into() }
}

fn document() -> HandoffDocument {
    HandoffDocument {
        organization_name: "Northwind".into(),
        time_zone: "Europe/Berlin".into(),
        company: "Harbor & Pine Logistics".into(),
        deal_name: "Harbor & Pine: routing for 14 depots".into(),
        arr: Some(Money { amount: "48000".into(), currency: "USD".into() }),
        close_date: Some(date(2026, 11, 20)),
        website: "harborpine.example".into(),
        industry: "Logistics and supply chain".into(),
        size: "420".into(),
        contacts: vec![
            contact("Dana Whitfield", "VP Operations", "dana@harborpine.example", "+1 555 0100"),
            contact("Luis Ferreira", "IT Manager", "luis@harborpine.example", ""),
            contact("", "Accounts payable", "ap@harborpine.example", ""),
        ],
        ae_name: "Sam Okafor".into(),
        ae_email: Some(EmailAddress::parse("sam.okafor@northwind.test").unwrap()),
        csm_name: "Nora Lindqvist".into(),
        csm_missing: false,
        submitted_at: at("2026-11-24T14:02:00Z"),
        note: "Dana is the one who wants this. Luis is friendly, but he was burnt by a failed rollout two years ago: \
               bring him in early and show him the export.\n\nDo not mention Routewise in front of the CFO."
            .into(),
        answers: answers(),
        conflicts: conflicts(),
        promises: promises(),
        promises_dropped: 1,
        first_milestone: Template::first().apply(Timestamp::UNIX_EPOCH, "UTC").milestones.first().map(DocumentMilestone::from),
        generation: 1,
        link_hash: None,
        assignment: None,
    }
}

fn conflicts() -> Vec<DocumentConflict> {
    let version = |text: &str, quote: &str, source: &str, date: &str| DocumentVersion {
        text: text.into(),
        evidence: vec![evidence(quote, source, Some("Dana Whitfield"), Some(date))],
    };
    let (newer, older) = ("2026-10-02T08:00:00Z", "2026-09-14T13:00:00Z");
    let vans = vec![
        version("60 vans", "we plan 60 vans by hand", "E-mail: Re: where we are today", newer),
        version("48 vans", "48 vans at the moment", "Call: discovery with Dana", older),
    ];
    let conflict = |subject: &str, settled, versions: &[DocumentVersion]| DocumentConflict {
        subject: subject.into(),
        versions: versions.to_vec(),
        settled,
    };
    vec![
        conflict("Vans", Some(Settlement::Version(0)), &vans),
        conflict("Depots", Some(Settlement::Neither), &vans),
        conflict("Start of the pilot", None, &vans),
    ]
}

fn promises() -> Vec<DocumentPromise> {
    let said = evidence(
        "we import your routes for you,\nno charge",
        "E-mail: Offer",
        Some("Sam Okafor"),
        Some("2026-11-02T08:00:00Z"),
    );
    vec![
        DocumentPromise {
            text: "Routes of last year imported at no charge".into(),
            by: Some("Sam Okafor".into()),
            date: said.date,
            evidence: vec![said.clone()],
        },
        DocumentPromise {
            text: "A named contact until go-live".into(),
            by: None,
            date: None,
            evidence: vec![said],
        },
    ]
}

fn answers() -> Vec<DocumentAnswer> {
    vec![
        answer(
            "What is the customer's primary use case?",
            "Plan the daily routes of 60 vans across 14 depots, instead of spreadsheets.",
            Some(AnswerOrigin::Accepted),
            vec![evidence(
                "We plan 60 vans by hand every evening, in a spreadsheet that only Marta understands.",
                "E-mail: Re: where we are today",
                Some("Dana Whitfield"),
                Some("2026-10-02T08:00:00Z"),
            )],
        ),
        answer(
            "What are their top three goals?",
            "1. Fewer empty kilometres: 12% by summer.\n2. Planning done by 17:00 instead of 21:00.\n3. Drivers see changes on \
             their phones.",
            Some(AnswerOrigin::Edited),
            vec![
                evidence(
                    "12 percent fewer empty kilometres by summer",
                    "Call: discovery with Dana",
                    None,
                    Some("2026-09-14T13:00:00Z"),
                ),
                evidence("planning should be over by five", "Note: demo follow-up", Some("Sam Okafor"), None),
            ],
        ),
        answer(
            "Which risks and blockers do you know of?",
            "Luis has seen a rollout fail. Their ERP changes in April: nothing can be connected between March and May.",
            Some(AnswerOrigin::Written),
            vec![],
        ),
        answer(
            "What is their technical environment?",
            "SAP Business One, Microsoft Entra ID for sign-on.",
            Some(AnswerOrigin::Edited),
            vec![evidence(
                "they run SAP Business One and sign in through Entra",
                "Meeting: technical questions",
                Some("Luis Ferreira"),
                Some("2026-05-11T09:30:00Z"),
            )],
        ),
        answer("What were their main objections and concerns?", "", None, vec![]),
        answer(
            "When do they expect to go live?",
            "Mid February, before the spring season",
            Some(AnswerOrigin::Written),
            vec![],
        ),
    ]
}

pub(super) fn welcome() -> WelcomeMail {
    WelcomeMail {
        organization_name: "Northwind".to_owned(),
        language: "en".to_owned(),
        csm_name: "Cora Lind".to_owned(),
        csm_email: EmailAddress::parse("cora@northwind.test").unwrap(),
        subject: "Welcome to Northwind, Acme Health".to_owned(),
        body: "Hello Pat,\n\nwelcome to Northwind.\n\nYour goals:\n- Cut no-shows by 30 percent\n- Go live in March\n\n\
               Please choose a time for our kickoff call:\nhttps://book.example/cora?a=1&b=2\n\nBest regards,"
            .to_owned(),
    }
}
