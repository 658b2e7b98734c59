//! A believable organization, roster, handoff and drafts, as small as a test can use them.

use handoff_domain::Timestamp;
use handoff_domain::account::{Account, AccountStatus, Contact, Money};
use handoff_domain::answer::AnswerValue;
use handoff_domain::draft::{
    Citation, Claim, Confidence, Draft, DraftRun, DraftedBy, Drafts, Replaced, Usage, Withheld,
    WithheldReason,
};
use handoff_domain::email::EmailAddress;
use handoff_domain::finding::{Conflict, ConflictKind, Promise, Suggestion, Version};
use handoff_domain::handoff::{Ae, Handoff, HandoffState, Origin};
use handoff_domain::id::{
    ConflictId, CorrelationId, DealId, MemberId, PortalId, PromiseId, QuestionId, RunId, SourceId,
};
use handoff_domain::link::{Link, LinkKey};
use handoff_domain::organization::Organization;
use handoff_domain::question::QuestionSet;
use handoff_domain::roster::{Member, Role, Roster};
use handoff_domain::source::{Source, SourceKind, SourceRef};
use std::collections::{BTreeMap, BTreeSet};

/// The moment at which the fixtures live: 2026-11-22T10:00:00Z.
pub fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

/// The key under which the fixtures' links are derived.
pub fn link_key() -> LinkKey {
    LinkKey::new("a link key for tests, long enough").unwrap()
}

/// Northwind, portal 62515.
pub fn organization() -> Organization {
    let admin = EmailAddress::parse("admin@northwind.test").unwrap();
    Organization::new(PortalId(62515), "Northwind".to_owned(), admin, Timestamp::UNIX_EPOCH)
}

/// One CSM with these tags.
pub fn csm(id: &str, name: &str, expertise: &[&str], capacity: u32) -> Member {
    Member {
        id: MemberId::parse(id).unwrap(),
        name: name.to_owned(),
        email: EmailAddress::parse(format!("{id}@northwind.test")).unwrap(),
        roles: vec![Role::Csm],
        expertise: expertise.iter().map(|&tag| tag.to_owned()).collect(),
        capacity,
        away_from: None,
        away_until: None,
        booking_link: String::new(),
    }
}

/// Two CSMs and an admin.
pub fn roster() -> Roster {
    let mut admin = csm("admin", "Ada Admin", &[], 0);
    admin.roles = vec![Role::Admin];
    Roster {
        members: vec![csm("cora", "Cora Lind", &["Healthcare"], 5), csm("sam", "Sam Okoro", &[], 8), admin],
        revision: 0,
    }
}

/// One note as a source.
pub fn source() -> Source {
    Source {
        id: SourceId::parse("note-77").unwrap(),
        kind: SourceKind::Note,
        title: "Discovery call".to_owned(),
        author: Some("Ana Ellis".to_owned()),
        date: Some(now()),
        body: "They want to cut no-shows by 30 percent. Go-live is planned for mid March.".to_owned(),
    }
}

/// Drafts for the eight first questions; every one answered with `text` and one citation, or none.
pub fn drafts(run: &str, text: Option<&str>) -> Drafts {
    let questions = QuestionSet::first();
    let run = RunId::parse(run).unwrap();
    let citation = Citation {
        source: source().id,
        quote: "cut no-shows by 30 percent".to_owned(),
        before: "They want to ".to_owned(),
        after: ". Go-live is planned".to_owned(),
    };
    let drafts = questions.questions.iter().map(|question| Draft {
        value: text.map(|text| AnswerValue::Text(text.to_owned())),
        claims: text
            .map(|text| Claim { text: text.to_owned(), citations: vec![citation.clone()] })
            .into_iter()
            .collect(),
        confidence: text.map(|_| Confidence::Medium),
        reason: "One note".to_owned(),
        ..Draft::open(question.id.clone(), DraftedBy::Extractive, run.clone())
    });
    Drafts {
        drafts: drafts.collect(),
        questions: questions.clone(),
        sources: vec![SourceRef::from(&source())],
        gaps: Vec::new(),
        conflicts: Vec::new(),
        promises: Vec::new(),
        earlier: Vec::new(),
        run: DraftRun {
            id: run,
            finished_at: now(),
            by: DraftedBy::Extractive,
            fallback: None,
            usage: Usage::default(),
        },
    }
}

/// The same with all that a run can find: a conflict that `go_live` hangs on (`c-go-live`) and one that no question hangs
/// on (`c-sites`), two promises (`p-training`, `p-price`), a suggestion, statements left out, and a draft that was
/// replaced (`go_live`).
pub fn drafts_with_findings(run: &str, text: Option<&str>) -> Drafts {
    let mut drafts = drafts(run, text);
    let email = rollout_mail();
    drafts.sources.push(SourceRef::from(&email));
    let said = |source: &Source, quote: &str| Citation {
        source: source.id.clone(),
        quote: quote.to_owned(),
        before: String::new(),
        after: String::new(),
    };
    let version = |text: &str, source: &Source, quote: &str| Version {
        text: text.to_owned(),
        citations: vec![said(source, quote)],
        date: source.date,
    };
    let conflict = |id: &str, question: Option<&str>, kind, subject: &str, versions| Conflict {
        id: ConflictId::parse(id).unwrap(),
        question: question.map(|id| QuestionId::parse(id).unwrap()),
        kind,
        subject: subject.to_owned(),
        versions,
    };
    let promise = |id: &str, text: &str, quote: &str| Promise {
        id: PromiseId::parse(id).unwrap(),
        text: text.to_owned(),
        by: email.author.clone(),
        date: email.date,
        citations: vec![said(&email, quote)],
    };
    drafts.conflicts = vec![
        conflict(
            "c-go-live",
            Some("go_live"),
            ConflictKind::Date,
            "Go-live date",
            vec![
                version("2 February 2027", &email, "we go live on 2 February"),
                version("Mid March", &source(), "Go-live is planned for mid March"),
            ],
        ),
        conflict(
            "c-sites",
            None,
            ConflictKind::Number,
            "Sites",
            vec![version("11", &email, "all eleven clinics"), version("9", &source(), "nine clinics")],
        ),
    ];
    drafts.promises = vec![
        promise(
            "p-training",
            "Two days of training on site at no charge",
            "two days of training on site, no charge",
        ),
        promise("p-price", "The price stays the same for two years", "your price is fixed for two years"),
    ];
    if let Some(draft) = drafts.drafts.iter_mut().find(|draft| draft.question.as_str() == "go_live") {
        draft.replaced =
            Some(Replaced { value: Some(AnswerValue::Text("Some time in spring".to_owned())), at: now() });
        draft.suggestions = vec![Suggestion { text: "training before go-live".to_owned(), count: 7, of: 9 }];
        draft.withheld = vec![
            Withheld { text: "They close in August".to_owned(), reason: WithheldReason::NoEvidence },
            Withheld { text: String::new(), reason: WithheldReason::NotForPeople },
        ];
    }
    drafts
}

/// An e-mail of the AE to the customer, newer than [`source`].
pub fn rollout_mail() -> Source {
    Source {
        id: SourceId::parse("email-9").unwrap(),
        kind: SourceKind::Email,
        title: "Rollout".to_owned(),
        author: Some("Ana Ellis".to_owned()),
        date: Some(now()),
        body: "As agreed we go live on 2 February in all eleven clinics. You get two days of training on site, no charge, \
               and your price is fixed for two years."
            .to_owned(),
    }
}

/// A handoff that awaits its AE, with a link of generation 1 issued at [`now`].
pub fn handoff() -> Handoff {
    let deal = DealId::parse("1001").unwrap();
    let organization = organization();
    let id = deal.account();
    Handoff {
        link: Some(Link::issue(&link_key(), &organization.id, &id, 1, 30, now())),
        organization: organization.id,
        organization_name: organization.name,
        time_zone: organization.time_zone,
        id,
        account: Account {
            company: "Acme Health".to_owned(),
            deal_name: "Acme Health - Platform".to_owned(),
            deal: Some(deal),
            arr: Some(Money { amount: "48000".to_owned(), currency: "USD".to_owned() }),
            close_date: Some(jiff::civil::date(2026, 11, 20)),
            won_at: Some(now()),
            contacts: vec![Contact {
                name: "Pat Doe".to_owned(),
                email: "pat@acme.test".to_owned(),
                phone: String::new(),
                title: "COO".to_owned(),
            }],
            website: "https://acme.test".to_owned(),
            industry: "HOSPITAL_HEALTH_CARE".to_owned(),
            size: "250".to_owned(),
            status: AccountStatus::Handoff,
        },
        ae: Ae { name: "Ana Ellis".to_owned(), email: EmailAddress::parse("ana@northwind.test").ok() },
        round: 1,
        state: HandoffState::AwaitingAe,
        attention: BTreeSet::new(),
        attention_since: None,
        question_set: 1,
        created_at: now(),
        correlation: Some(CorrelationId::from_random(7)),
        claim: None,
        research: None,
        version: 0,
        revision: 0,
        answers: BTreeMap::new(),
        note: String::new(),
        settled: BTreeMap::new(),
        dropped_promises: BTreeSet::new(),
        csm: None,
        opened_at: None,
        origin: Origin::default(),
        redrafts: 0,
        redraft: None,
        renewals: 0,
        submission: None,
        assigned: None,
        assignments: 0,
        returned: None,
        reminders: 0,
        reminder: None,
        reminded_at: None,
        skip_reason: String::new(),
        material_until: None,
    }
}
