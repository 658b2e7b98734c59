//! One table in which each kind of item stands with each of its fields set: what the current format can hold.

use super::beginning;
use super::events::events;
use super::plans;
use super::telling;
use handoff_domain::account::{AccountStatus, Contact, Money};
use handoff_domain::answer::{Answer, AnswerOrigin, AnswerValue};
use handoff_domain::audit::{AuditEntry, FieldChange, SettingsChange};
use handoff_domain::digest::{Digest, DigestMark, DigestRow};
use handoff_domain::draft::{DraftedBy, Drafts, Replaced, Usage, Withheld, WithheldReason};
use handoff_domain::event::{Event, What, Who};
use handoff_domain::finding::{Conflict, ConflictKind, Promise, Settlement, Suggestion, Version};
use handoff_domain::handoff::{
    Attention, Changes, CsmChoice, DraftingClaim, Handoff, HandoffState, PendingRedraft, Returned,
};
use handoff_domain::id::{
    AccountId, AuditId, ConflictId, DealId, LogoId, MemberId, NoteId, OrganizationId, OutboxId, PromiseId,
    QuestionId, RunId, SignInId,
};
use handoff_domain::logo::{ImageFormat, Logo, LogoImage};
use handoff_domain::message::{Delivery, DeliveryRoute};
use handoff_domain::note::Note;
use handoff_domain::organization::{NextCsm, Organization};
use handoff_domain::outbox::{
    AnswersReport, DocumentAnswer, DocumentAssignment, DocumentConflict, DocumentMilestone, DocumentPromise,
    DocumentVersion, Escalation, Evidence, HandoffDocument, HandoffReassigned, Invitation, MailContent,
    MailStatus, OutboxEntry, OutboxKey, OwedMail, Reminder, ReturnedHandoff, SignInLink,
};
use handoff_domain::owed;
use handoff_domain::pattern::{HistoryEntry, Named, Theme};
use handoff_domain::plan::Template;
use handoff_domain::question::QuestionSet;
use handoff_domain::rating::{Rated, Rating, Usefulness};
use handoff_domain::reconciliation::{FoundDeals, Lease, Place, Reconciliation, Trouble};
use handoff_domain::reminder::NextReminder;
use handoff_domain::research::Research;
use handoff_domain::rollup::Contribution;
use handoff_domain::sign_in::{AddressHash, BrowserSecret, Session, SessionToken, SignIn};
use handoff_domain::source::{SourceGap, SourceKind};
use handoff_domain::weekly::{WeekNumbers, Weekly, WeeklySummary};
use handoff_store::Store;
use handoff_testing::fixtures::{self, drafts, now, organization, source};
use handoff_testing::{TestTable, table};
use std::collections::{BTreeMap, BTreeSet};

fn question(id: &str) -> QuestionId {
    QuestionId::parse(id).unwrap()
}

fn run(id: &str) -> RunId {
    RunId::parse(id).unwrap()
}

fn of_deal(deal: &str, state: HandoffState) -> Handoff {
    let deal = DealId::parse(deal).unwrap();
    let mut handoff = Handoff { id: deal.account(), state, ..fixtures::handoff() };
    handoff.account.deal = Some(deal);
    if state == HandoffState::Drafting {
        handoff.claim = Some(DraftingClaim { run: run("r1"), until: now() });
        handoff.research = Some(Research { ticket: run("r1"), asked_at: now() });
        handoff.link = None;
    }
    handoff
}

fn some_answers() -> [(QuestionId, Answer); 4] {
    let values = [
        ("risks", Some(AnswerValue::Text("Their COO leaves.".to_owned()))),
        ("objections", Some(AnswerValue::Choices(vec!["Price".to_owned()]))),
        ("go_live", Some(AnswerValue::YesNo(true))),
        ("why_us", None),
    ];
    values.map(|(id, value)| (question(id), Answer { value, saved_at: now() }))
}

/// A handoff that awaits its AE and has been worked on.
fn awaiting() -> Handoff {
    let mut handoff = of_deal("1001", HandoffState::AwaitingAe);
    handoff.answers = some_answers().into_iter().collect();
    "Call her before Monday.".clone_into(&mut handoff.note);
    handoff.csm =
        Some(CsmChoice::Placeholder { name: "Kim".to_owned(), email: "kim@northwind.test".to_owned() });
    handoff.opened_at = Some(now());
    handoff.settled = BTreeMap::from([
        (ConflictId::parse("c1").unwrap(), Settlement::Version(1)),
        (ConflictId::parse("c2").unwrap(), Settlement::Neither),
    ]);
    handoff.dropped_promises = BTreeSet::from([PromiseId::parse("p1").unwrap()]);
    handoff.redrafts = 1;
    handoff.returned =
        Some(Returned { at: now(), by: "Cora Lind".to_owned(), reason: "Who signs?".to_owned() });
    handoff.reminders = 1;
    handoff.reminder = Some(NextReminder { at: now(), day: 7 });
    handoff.reminded_at = Some(now());
    handoff.redraft =
        Some(PendingRedraft { run: run("r2"), question: Some(question("risks")), asked_at: now() });
    handoff.raise(Attention::MailFailed, now());
    handoff
}

fn drafted() -> Drafts {
    let mut drafts = drafts("r1", Some("drafted"));
    drafts.gaps = vec![SourceGap { kind: SourceKind::Note, reason: "too many".to_owned() }];
    drafts.run.fallback = Some("the model was away".to_owned());
    drafts.run.by = DraftedBy::Model("amazon.nova-lite-v1:0".to_owned());
    drafts.run.usage = Usage {
        tokens_in: 7000,
        tokens_out: 900,
        cache_read: 100,
        cache_written: 50,
        microdollars: Some(640),
    };
    drafts.earlier = vec![drafts.run.clone()];
    let citations = drafts.drafts[0].claims[0].citations.clone();
    drafts.drafts[0].withheld =
        vec![Withheld { text: "They have 12 sites.".to_owned(), reason: WithheldReason::UnknownNumber }];
    drafts.drafts[0].suggestions = vec![Suggestion { text: "Training".to_owned(), count: 7, of: 9 }];
    drafts.drafts[0].replaced =
        Some(Replaced { value: Some(AnswerValue::Text("before".to_owned())), at: now() });
    let version = Version { text: "March".to_owned(), citations: citations.clone(), date: Some(now()) };
    drafts.conflicts = vec![Conflict {
        id: ConflictId::parse("c1").unwrap(),
        question: Some(question("go_live")),
        kind: ConflictKind::Date,
        subject: "Go-live date".to_owned(),
        versions: vec![version.clone(), Version { text: "May".to_owned(), ..version }],
    }];
    drafts.promises = vec![Promise {
        id: PromiseId::parse("p1").unwrap(),
        text: "Two training days at no charge".to_owned(),
        by: Some("Ana Ellis".to_owned()),
        date: Some(now()),
        citations,
    }];
    drafts
}

fn invitation(handoff: &Handoff) -> Invitation {
    let account = &handoff.account;
    Invitation {
        organization_name: handoff.organization_name.clone(),
        ae_name: handoff.ae.name.clone(),
        company: account.company.clone(),
        deal_name: account.deal_name.clone(),
        arr: account.arr.clone(),
        close_date: account.close_date,
        generation: 1,
        link_hash: handoff.link.as_ref().map(|link| link.hash.clone()),
        expires_at: handoff.link.as_ref().map_or(now(), |link| link.expires_at),
        time_zone: handoff.time_zone.clone(),
        questions: 8,
        drafted: 8,
        conflicts: 1,
    }
}

fn evidence() -> Evidence {
    Evidence {
        quote: "cut no-shows".to_owned(),
        source: "Note".to_owned(),
        author: Some("Ana Ellis".to_owned()),
        date: Some(now()),
    }
}

fn document_answers() -> Vec<DocumentAnswer> {
    vec![DocumentAnswer {
        wording: "Why us?".to_owned(),
        answer: "Offline mode".to_owned(),
        origin: Some(AnswerOrigin::Edited),
        evidence: vec![evidence()],
    }]
}

fn document(handoff: &Handoff) -> HandoffDocument {
    let evidence = evidence();
    HandoffDocument {
        organization_name: handoff.organization_name.clone(),
        time_zone: handoff.time_zone.clone(),
        company: handoff.account.company.clone(),
        deal_name: handoff.account.deal_name.clone(),
        arr: Some(Money { amount: "48000".to_owned(), currency: "USD".to_owned() }),
        close_date: handoff.account.close_date,
        website: handoff.account.website.clone(),
        industry: handoff.account.industry.clone(),
        size: handoff.account.size.clone(),
        contacts: vec![Contact {
            name: "Pat Doe".to_owned(),
            email: "pat@acme.test".to_owned(),
            phone: "+1 555 0100".to_owned(),
            title: "COO".to_owned(),
        }],
        ae_name: handoff.ae.name.clone(),
        ae_email: handoff.ae.email.clone(),
        csm_name: "Cora Lind".to_owned(),
        csm_missing: false,
        submitted_at: now(),
        note: "note".to_owned(),
        answers: document_answers(),
        conflicts: vec![DocumentConflict {
            subject: "Go-live date".to_owned(),
            versions: ["March", "May"]
                .map(|text| DocumentVersion { text: text.to_owned(), evidence: vec![evidence.clone()] })
                .to_vec(),
            settled: Some(Settlement::Version(1)),
        }],
        promises: vec![DocumentPromise {
            text: "Two training days at no charge".to_owned(),
            by: Some("Ana Ellis".to_owned()),
            date: Some(now()),
            evidence: vec![evidence],
        }],
        promises_dropped: 1,
        first_milestone: Template::first()
            .apply(now(), "UTC")
            .milestones
            .first()
            .map(DocumentMilestone::from),
        generation: 1,
        link_hash: handoff.link.as_ref().map(|link| link.hash.clone()),
        assignment: Some(DocumentAssignment {
            by: Some("Ada Admin".to_owned()),
            before: Some("Sam Okoro".to_owned()),
            reason: "Sam leaves.".to_owned(),
            skipped: Some("They bought elsewhere.".to_owned()),
            with_ae: true,
            nothing_submitted: true,
        }),
    }
}

fn weekly_summary() -> WeeklySummary {
    let numbers = WeekNumbers {
        created: 9,
        done: 7,
        lost: 1,
        completion: Some(88),
        median_minutes: Some(600),
        kept: Some(71),
        score_tenths: Some(43),
        repeated: Some(12),
    };
    WeeklySummary {
        organization_name: "Northwind Software".to_owned(),
        week: jiff::civil::date(2026, 11, 16),
        now: numbers,
        before: numbers,
        worst: vec![("Why us?".to_owned(), 40)],
    }
}

fn contents(handoff: &Handoff) -> [MailContent; 13] {
    let invitation = || invitation(handoff);
    let (by, reason) = ("Cora Lind".to_owned(), "Who signs?".to_owned());
    [
        MailContent::HandoffInvitation(invitation()),
        MailContent::HandoffLinkRenewed(invitation()),
        MailContent::HandoffReminder(Reminder {
            invitation: invitation(),
            open: vec!["Why us?".to_owned()],
            number: 1,
            is_last: true,
        }),
        MailContent::Digest(Box::new(Digest {
            organization_name: "Northwind Software".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            rows: vec![DigestRow {
                account: handoff.id.clone(),
                company: "Harbor Freight".to_owned(),
                ae: "Ana Ellis".to_owned(),
                reason: Some(Attention::Overdue),
                since: now(),
            }],
            more: true,
            new_since: Some(now()),
        })),
        MailContent::WeeklySummary(Box::new(weekly_summary())),
        MailContent::HandoffReturned(ReturnedHandoff { invitation: invitation(), by, reason }),
        MailContent::HandoffReceipt(Box::new(document(handoff))),
        MailContent::HandoffReceived(Box::new(document(handoff))),
        MailContent::AnswersReported(AnswersReport {
            organization_name: "Northwind Software".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            company: "Harbor Freight".to_owned(),
            ae_name: "Ana Ellis".to_owned(),
            by: "Cora Lind".to_owned(),
            answers: document_answers(),
            unread: vec![SourceGap { kind: SourceKind::Company, reason: "Not found".to_owned() }],
        }),
        MailContent::HandoffEscalated(Escalation {
            organization_name: handoff.organization_name.clone(),
            company: handoff.account.company.clone(),
            deal: handoff.account.deal.clone(),
            portal: organization().portal,
            reason: Attention::CsmMissing,
            detail: "Kim".to_owned(),
            unread: vec![SourceGap { kind: SourceKind::Call, reason: "too many".to_owned() }],
        }),
        MailContent::HandoffReassigned(HandoffReassigned {
            organization_name: handoff.organization_name.clone(),
            company: handoff.account.company.clone(),
            name: "Sam Okoro".to_owned(),
            now_with: Some("Cora Lind".to_owned()),
            by: Some("Ada Admin".to_owned()),
            reason: "Sam leaves.".to_owned(),
        }),
        MailContent::SignIn(SignInLink { id: SignInId::from_random(1), hash: browser().hash() }),
        MailContent::Welcome(Box::new(owed::welcome_mail(
            &organization(),
            &fixtures::csm("cora", "Cora Lind", &[], 5),
            &beginning::letter(),
            "Pat Doe",
        ))),
    ]
}

/// An entry with each content and each status.
fn entry(handoff: &Handoff) -> OutboxEntry {
    let statuses = [
        MailStatus::Owed,
        MailStatus::Unknown { since: now(), resent: false },
        MailStatus::Sent,
        MailStatus::Failed { reason: "MessageRejected".to_owned() },
    ]
    .into_iter()
    .chain(std::iter::repeat(MailStatus::Owed));
    let mails = contents(handoff).into_iter().zip(statuses).map(|(content, status)| OwedMail {
        to: organization().admins[0].clone(),
        reply_to: handoff.ae.email.clone(),
        content,
        status,
    });
    let key = OutboxKey {
        organization: handoff.organization.clone(),
        account: Some(handoff.id.clone()),
        owed_at: now(),
        id: OutboxId::parse(format!("{}-r1-g1-invitation", handoff.id)).unwrap(),
    };
    let entry = OutboxEntry::new(key, mails.collect()).on_the_way(handoff.correlation);
    OutboxEntry { claimed_until: Some(now()), attempts: 1, ..entry }
}

/// What a submitted handoff named, with each kind of answer.
fn history(done: &Handoff) -> HistoryEntry {
    let named = [
        ("risks", Named::Themes(BTreeSet::from([Theme::Training]))),
        ("objections", Named::Options(vec!["Price".to_owned()])),
        ("go_live", Named::YesNo(true)),
    ];
    let mut counted = done.clone();
    "Retail".clone_into(&mut counted.account.industry);
    "120".clone_into(&mut counted.account.size);
    let entry = HistoryEntry::of(&counted, &QuestionSet::first()).unwrap();
    HistoryEntry { named: named.map(|(id, named)| (question(id), named)).into(), ..entry }
}

/// A note with two texts, a rating, and a round that is over.
async fn write_beside(store: &Store, done: &Handoff, drafted: &Drafts) {
    let who = Who::Member { id: MemberId::parse("cora").unwrap(), name: "Cora Lind".to_owned() };
    let told = |cause: &str| Event::new(done, now(), cause, who.clone(), What::Opened);
    let note = Note::write(NoteId::from_random(7), "They close in August.", who.clone(), now()).unwrap();
    assert!(store.put_note(done, &note, &told("n1")).await.unwrap());
    let edited = note.edit(1, "They close in July.", who.clone(), now()).unwrap();
    assert!(store.put_note(done, &edited, &told("n2")).await.unwrap());
    let useful = BTreeMap::from([(question("risks"), Usefulness::Wrong)]);
    let rating = Rating { score: 4, useful, repeated: true };
    let rated = Rated { round: 1, rating, at: now(), by: who.clone(), times: 1 };
    assert!(store.put_rating(done, &rated, None, &told("rated")).await.unwrap());
    let returned = Returned { at: now(), by: "Cora Lind".to_owned(), reason: "Who signs?".to_owned() };
    let link = done.link.clone().unwrap();
    let (next, ended) =
        done.give_back(drafted, link, &handoff_domain::reminder::Rhythm::default(), returned).unwrap();
    assert!(store.give_back(done, &next, &ended, &[], &[]).await.unwrap());
    let mut again = next.clone();
    again.revision += 1;
    let back = Handoff { revision: again.revision, ..done.clone() };
    // As it was: most tests want one that is submitted.
    assert!(store.replace_handoff(&again, &back, &[], &[]).await.unwrap());
}

/// Writes everything through the store, as the functions do.
pub(crate) async fn write() -> TestTable {
    Box::pin(write_all()).await
}

async fn write_all() -> TestTable {
    let table = table().await;
    let store = &table.store;
    let mut organization = organization();
    organization.next_csm = NextCsm::InTurn;
    organization.pipelines = vec!["default".to_owned()];
    let mut roster = fixtures::roster();
    roster.members[1].away_from = Some(jiff::civil::date(2026, 12, 1));
    roster.members[1].away_until = Some(jiff::civil::date(2026, 12, 20));
    let (questions, template) = (QuestionSet::first(), Template::first());
    assert!(store.create_organization(&organization, &questions, &roster, &template).await.unwrap());

    let begun = of_deal("1001", HandoffState::Drafting);
    let drafted = drafted();
    store.create_handoff(&begun).await.unwrap();
    let (after, owed) = (awaiting(), entry(&awaiting()));
    let told = events(&after);
    assert!(store.keep_drafts(&begun, &after, &drafted, &[source()], &[owed], &told).await.unwrap());

    store.create_handoff(&of_deal("1002", HandoffState::Drafting)).await.unwrap();

    let begun = of_deal("1003", HandoffState::Drafting);
    store.create_handoff(&begun).await.unwrap();
    let mut open = of_deal("1003", HandoffState::AwaitingAe);
    assert!(store.keep_drafts(&begun, &open, &drafted, &[source()], &[], &[]).await.unwrap());
    open.revision += 1;
    open.settled = awaiting().settled;
    open.dropped_promises = awaiting().dropped_promises;
    let csm = CsmChoice::Member(MemberId::parse("cora").unwrap());
    let changes = Changes { csm: Some(Some(csm)), ..Changes::default() };
    let done = open.submit(&drafted, &roster, changes, 0, now()).unwrap();
    assert_eq!(done.account.status, AccountStatus::Onboarding);
    let (plan, owed) = (template.apply(now(), "UTC"), entry(&done));
    assert!(store.submit(&open, &done, Some(&plan), &owed, Some(&history(&done))).await.unwrap());

    let mut done = done;
    done.revision = open.revision + 1;
    Box::pin(plans::write(store, &done, &plan)).await;
    write_beside(store, &done, &drafted).await;
    beginning::write(store, &done).await;

    let by_hand = Handoff { id: AccountId::by_hand(7), ..of_deal("1004", HandoffState::Drafting) };
    assert!(store.create_by_hand(&by_hand, "Notes of the call.", Who::System).await.unwrap());

    for (id, route) in [("a", DeliveryRoute::App), ("b", DeliveryRoute::Workflow(organization.portal))] {
        let unusable = Some("not an array of events".to_owned());
        let delivery = Delivery { route, received_at: now(), body: "e30".to_owned(), unusable };
        store.put_quarantine(id, &delivery).await.unwrap();
    }
    let mark = DigestMark::default().looked(now());
    assert!(store.put_digest(&organization.id, &mark, None).await.unwrap());
    let walked = Reconciliation {
        through: Some(now()),
        resume: Some(Place::Exactly { at: now(), after: 7 }),
        lease: Some(Lease { run: run("r9"), until: now() }),
        ended_at: Some(now()),
        found: Some(FoundDeals { at: now(), deals: 2 }),
        trouble: Some((Trouble::Unauthorized, now())),
        revision: 0,
    };
    assert!(store.put_reconciliation(&organization.id, &walked).await.unwrap().is_some());
    let weekly = Weekly::default().with(&organization.admins[0], true).sent(jiff::civil::date(2026, 11, 16));
    assert!(store.put_weekly(&organization.id, &weekly, None).await.unwrap());
    telling::write(store, &organization.id, &done.id).await;
    let read = store.get_to_count(&organization.id, &done.id).await.unwrap().unwrap();
    assert!(store.put_counted(&read, &Contribution::of(&read.handoff, &read.events)).await.unwrap());
    Box::pin(sign_in_and_change(store, &organization)).await;
    table
}

fn browser() -> BrowserSecret {
    BrowserSecret::from_random([7; 32])
}

/// Signs in, known and not, and changes each setting.
async fn sign_in_and_change(store: &handoff_store::Store, organization: &Organization) {
    let cora = fixtures::csm("cora", "Cora Lind", &[], 5);
    let address = AddressHash::of(&cora.email);
    assert!(store.count_sign_in(&address, 1, now()).await.unwrap());
    let wish = |id, known: &[OrganizationId]| {
        let (keys, id) = (fixtures::link_key().into(), SignInId::from_random(id));
        SignIn::begin(&keys, id, address.clone(), &browser(), known.to_vec(), "/accounts".to_owned(), now())
    };
    let known = wish(1, std::slice::from_ref(&organization.id));
    let key = OutboxKey {
        organization: organization.id.clone(),
        account: None,
        owed_at: now(),
        id: OutboxId::parse("sign-in-1").unwrap(),
    };
    let link = MailContent::SignIn(SignInLink { id: known.id.clone(), hash: known.hash.clone() });
    let mail = OwedMail { to: cora.email.clone(), reply_to: None, content: link, status: MailStatus::Owed };
    let owed = OutboxEntry::new(key, vec![mail]);
    assert!(store.create_sign_in(&known, Some(&owed), 1, now()).await.unwrap());
    assert!(store.create_sign_in(&wish(2, &[]), None, 1, now()).await.unwrap());
    let token = SessionToken::from_random(organization.id.clone(), [9; 32]);
    assert!(store.begin_session(&known, &Session::begin(&token, &cora, now()), now()).await.unwrap());

    let changes = [
        SettingsChange::Organization,
        SettingsChange::MemberAdded { name: "Kim".to_owned() },
        SettingsChange::MemberChanged { name: "Kim".to_owned() },
        SettingsChange::MemberRemoved { name: "Kim".to_owned() },
        SettingsChange::RosterImported { added: 2, changed: 1 },
    ];
    for (revision, change) in (0..).zip(changes) {
        let image = image();
        let (sender, logo) = ("Northwind".to_owned(), Some(image.logo.clone()));
        let after = Organization { revision, sender, logo, ..organization.clone() };
        let audit = audit(revision, change);
        assert!(store.save_organization(&after, Some(&image), &audit).await.unwrap());
    }
    let questions = QuestionSet { version: 2, ..QuestionSet::first() };
    Box::pin(plans::change_templates(store, &organization.id)).await;
    let published = audit(9, SettingsChange::QuestionsPublished { version: 2 });
    assert!(store.publish_questions(&organization.id, &questions, &published).await.unwrap());
}

fn image() -> LogoImage {
    let id = LogoId::parse("a1b2").unwrap();
    LogoImage { logo: Logo { id, format: ImageFormat::Png, width: 2, height: 1 }, bytes: vec![1, 2, 3] }
}

pub(super) fn audit(number: u64, change: SettingsChange) -> AuditEntry {
    AuditEntry {
        at: now(),
        id: AuditId::parse(format!("change-{number}")).unwrap(),
        member: MemberId::parse("admin").unwrap(),
        by: "Ada Admin".to_owned(),
        change,
        fields: vec![FieldChange::of("Name", "Northwind", "Northwind Software").unwrap()],
    }
}
