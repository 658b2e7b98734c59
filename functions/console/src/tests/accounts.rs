//! Accounts in the console: lists, the page, and every step with what it writes and refuses.

use super::harness::{Browser, Harness, OURS, THEIRS};
use axum::http::StatusCode;
use handoff_domain::event::{What, Who};
use handoff_domain::handoff::{Attention, Changes, CsmChoice, Handoff, HandoffState};
use handoff_domain::id::{AccountId, MemberId, PortalId};
use handoff_domain::link::{Link, LinkStanding};
use handoff_domain::outbox::{MailContent, OutboxEntry, OutboxKey};
use handoff_store::{AccountView, Consistency};
use handoff_testing::fixtures;

pub(super) const PAGE: &str = "/accounts/d1001";

/// The fixtures' handoff with its findings, awaiting its AE.
async fn awaiting() -> Harness {
    let harness = Harness::start().await;
    let (before, store) = (fixtures::handoff(), &harness.table.store);
    store.create_handoff(&before).await.unwrap();
    let drafts = fixtures::drafts_with_findings("r1", Some("Cut no-shows"));
    let sources = [fixtures::source(), fixtures::rollout_mail()];
    assert!(store.keep_drafts(&before, &before, &drafts, &sources, &[], &[]).await.unwrap());
    harness
}

/// The same, handed over to Cora.
pub(super) async fn submitted() -> Harness {
    let harness = awaiting().await;
    let page = account(&harness).await;
    let roster = harness.roster(&page.handoff.organization).await;
    let csm = Some(Some(CsmChoice::Member(MemberId::parse("cora").unwrap())));
    let changes = Changes { csm, note: Some("Be gentle with Pat.".into()), ..Changes::default() };
    let drafts = page.drafts.unwrap();
    let after = page.handoff.submit(&drafts, &roster, changes, 0, fixtures::now()).unwrap();
    let plan = handoff_domain::plan::Template::first().apply(fixtures::now(), "UTC");
    let key = OutboxKey {
        organization: after.organization.clone(),
        account: Some(after.id.clone()),
        owed_at: fixtures::now(),
        id: handoff_domain::id::OutboxId::parse("x").unwrap(),
    };
    let entry = OutboxEntry::new(key, Vec::new());
    assert!(harness.table.store.submit(&page.handoff, &after, Some(&plan), &entry, None).await.unwrap());
    harness
}

pub(super) async fn account(harness: &Harness) -> AccountView {
    let sample = fixtures::handoff();
    let found = harness.table.store.get_account(&sample.organization, &sample.id, Consistency::Strong).await;
    found.unwrap().unwrap()
}

async fn raise(harness: &Harness, reason: Attention) {
    let sample = fixtures::handoff();
    harness
        .table
        .store
        .add_attention(&sample.organization, &sample.id, reason, fixtures::now())
        .await
        .unwrap();
}

/// Kinds of the mails that are owed about the account, and to whom.
pub(super) async fn owed(harness: &Harness) -> Vec<(String, String)> {
    let far = handoff_domain::Timestamp::MAX;
    let entries = harness.table.store.list_owed(&fixtures::organization().id, far, 100).await.unwrap();
    let mails = entries.into_iter().flat_map(|entry| entry.mails);
    mails.map(|mail| (mail.content.kind().to_owned(), mail.to.to_string())).collect()
}

async fn done(browser: &mut Browser<'_>, step: &str, fields: &[(&str, &str)]) {
    let answer = browser.post(&format!("{PAGE}/{step}"), fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}: {}", answer.body);
    assert!(answer.header("location").starts_with(PAGE));
}

#[tokio::test]
async fn the_page_shows_everything_that_was_handed_over_and_where_it_came_from() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let page = cora.get(PAGE).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "Acme Health",
        "48,000 USD",
        "Pat Doe",
        "Be gentle with Pat.",
        "Draft, accepted by Ana Ellis",
        "Evidence (",
        "Go-live date",
        "Open: confirm it early",
        "Two days of training on site",
        "What was read",
        "Kickoff",
        "Handed over to Cora Lind: 8 accepted",
        "Account made from the won deal",
        "How useful was this handoff?",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    let source = cora.get(&format!("{PAGE}/sources/email-9")).await;
    assert!(source.status == StatusCode::OK && source.body.contains("<mark id=\"quote-1\">"));
    assert_eq!(cora.get(&format!("{PAGE}/sources/none")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(cora.get(&format!("{PAGE}/rounds/1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn lists_show_a_csm_their_own_first_and_the_board_names_the_next_step() {
    let harness = submitted().await;
    let other = Handoff { id: AccountId::by_hand(7), ..fixtures::handoff() };
    harness.table.store.create_handoff(&other).await.unwrap();
    let mut cora = harness.signed_in(OURS, "cora").await;
    let mine = cora.get("/accounts").await.body;
    assert!(mine.contains(PAGE) && !mine.contains(other.id.as_str()));
    let all = cora.get("/accounts?scope=all&q=acme").await.body;
    assert!(all.contains(PAGE) && all.contains(other.id.as_str()));
    let none = cora.get("/accounts?scope=all&q=nobody").await.body;
    assert!(none.contains("No account fits") && !none.contains(PAGE));
    let mut sam = harness.signed_in(OURS, "sam").await;
    assert!(sam.get("/accounts").await.body.contains("No account is yours yet"));
    raise(&harness, Attention::MailFailed).await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let board = admin.get("/handoffs").await.body;
    for words in
        ["Needs attention", "Mail not delivered", "Send again", "With the AE", "Not opened yet.", "Remind"]
    {
        assert!(board.contains(words), "{words}");
    }
    let mut boss = harness.signed_in(THEIRS, "boss").await;
    for path in ["/accounts", "/accounts?q=acme", "/handoffs"] {
        assert!(!boss.get(path).await.body.contains("Acme"), "{path}");
    }
}

#[tokio::test]
async fn no_step_touches_an_account_of_another_organization() {
    let harness = submitted().await;
    let before = account(&harness).await;
    let mut boss = harness.signed_in(THEIRS, "boss").await;
    for step in ["notes", "rating", "skip", "resend", "remind", "return", "clear"] {
        let fields = [("text", "x"), ("reason", "x"), ("score", "3")];
        let answer = boss.post(&format!("{PAGE}/{step}"), &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{step}");
        assert!(!answer.body.contains("Acme"));
    }
    assert_eq!(account(&harness).await.handoff, before.handoff);
    for path in ["", "/sources/note-77", "/rounds/1"] {
        assert_eq!(boss.get(&format!("{PAGE}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_note_is_written_changed_and_every_text_kept() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    done(&mut cora, "notes", &[("text", "They close in <August>.")]).await;
    let note = account(&harness).await.notes.remove(0);
    let id = note.id.as_str();
    done(&mut cora, "notes", &[("note", id), ("seen", "1"), ("text", "They close in July.")]).await;
    let stale =
        cora.post(&format!("{PAGE}/notes"), &[("note", id), ("seen", "1"), ("text", "Mine <x>")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Mine &lt;x&gt;") && stale.body.contains("nothing was overwritten"));
    let empty = cora.post(&format!("{PAGE}/notes"), &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = cora.post(&format!("{PAGE}/notes"), &[("note", "n1"), ("seen", "1"), ("text", "x")]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let after = account(&harness).await;
    let texts: Vec<&str> = after.notes[0].texts.iter().map(|text| text.text.as_str()).collect();
    assert_eq!(texts, ["They close in <August>.", "They close in July."]);
    let told: Vec<&What> = after.events.iter().map(|event| &event.what).collect();
    assert!(told.contains(&&What::NoteAdded { note: note.id.clone() }));
    assert!(told.contains(&&What::NoteEdited { note: note.id.clone() }));
    let page = cora.get(PAGE).await.body;
    assert!(page.contains("They close in July.") && page.contains("They close in &lt;August&gt;."));
}

#[tokio::test]
async fn a_reminder_carries_the_living_link_and_goes_out_once_a_day() {
    let harness = awaiting().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    done(&mut admin, "remind", &[]).await;
    assert_eq!(owed(&harness).await, [("handoff_reminder".into(), "ana@northwind.test".into())]);
    let again = admin.post(&format!("{PAGE}/remind"), &[]).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    let after = account(&harness).await;
    assert_eq!((after.handoff.reminders, after.handoff.link), (1, fixtures::handoff().link));
    harness.advance_minutes(31 * 24 * 60);
    let mut admin = harness.signed_in(OURS, "admin").await;
    let dead = admin.post(&format!("{PAGE}/remind"), &[]).await;
    assert_eq!(dead.status, StatusCode::CONFLICT);
    assert!(dead.body.contains("link has expired"));
}

#[tokio::test]
async fn a_new_link_kills_the_one_before_and_mends_what_kept_the_mail_away() {
    let harness = awaiting().await;
    raise(&harness, Attention::MailFailed).await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let wrong = admin.post(&format!("{PAGE}/resend"), &[("ae", "nobody")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("value=\"nobody\""));
    done(&mut admin, "resend", &[("generation", "1"), ("ae", "bo@northwind.test")]).await;
    assert_eq!(owed(&harness).await, [("handoff_invitation".into(), "bo@northwind.test".into())]);
    let after = account(&harness).await.handoff;
    let link: Link = after.link.clone().unwrap();
    assert_eq!((link.generation, after.attention.len()), (2, 0));
    let keys: handoff_domain::link::LinkKeys = fixtures::link_key().into();
    let old = fixtures::link_key().handoff_token(&after.organization, &after.id, 1);
    assert_eq!(keys.judge(&old, &link, fixtures::now()), LinkStanding::Replaced);
    let twice = admin.post(&format!("{PAGE}/resend"), &[("generation", "1")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert_eq!(account(&harness).await.handoff.link, Some(link));
}

#[tokio::test]
async fn an_expired_handoff_gets_a_fresh_link_and_says_so() {
    let harness = awaiting().await;
    harness.advance_minutes(31 * 24 * 60);
    let mut cora = harness.signed_in(OURS, "cora").await;
    done(&mut cora, "resend", &[]).await;
    let after = account(&harness).await;
    let told = after.events.last().unwrap();
    assert_eq!(told.what, What::Renewed { generation: 2 });
    assert!(matches!(&told.who, Who::Member { name, .. } if name == "Cora Lind"));
}

#[tokio::test]
async fn a_skip_needs_a_reason_and_closes_the_handoff() {
    let harness = awaiting().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let without = admin.post(&format!("{PAGE}/skip"), &[("reason", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    done(&mut admin, "skip", &[("reason", "They are an old customer.")]).await;
    assert_eq!(account(&harness).await.handoff.state, HandoffState::Skipped);
    let again = admin.post(&format!("{PAGE}/skip"), &[("reason", "Again")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("has moved on") && again.body.contains("They are an old customer."));
}

#[tokio::test]
async fn a_return_opens_the_next_round_and_the_one_before_stays_readable() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    done(&mut cora, "return", &[("round", "1"), ("reason", "Who signs the <contract>?")]).await;
    let after = account(&harness).await;
    assert_eq!((after.handoff.round, after.handoff.state), (2, HandoffState::AwaitingAe));
    assert_eq!((after.rounds.len(), after.handoff.note.as_str()), (1, "Be gentle with Pat."));
    let organization = PortalId(OURS).organization();
    let far = handoff_domain::Timestamp::MAX;
    let entries = harness.table.store.list_owed(&organization, far, 100).await.unwrap();
    let mails: Vec<_> = entries.into_iter().flat_map(|entry| entry.mails).collect();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(matches!(&mail.content, MailContent::HandoffReturned(told) if told.invitation.generation == 2));
    let frozen = cora.get(&format!("{PAGE}/rounds/1")).await.body;
    assert!(frozen.contains("Be gentle with Pat.") && frozen.contains("Who signs the &lt;contract&gt;?"));
    let mine = cora.get("/accounts").await.body;
    assert!(mine.contains(PAGE), "still hers");
    let twice = cora.post(&format!("{PAGE}/return"), &[("round", "1"), ("reason", "Again")]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_rating_is_kept_and_a_later_one_takes_its_place() {
    let harness = submitted().await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    let fields = [("score", "4"), ("useful[risks]", "wrong"), ("useful[why_us]", ""), ("repeated", "yes")];
    let before = owed(&harness).await.len();
    done(&mut cora, "rating", &fields).await;
    let reported =
        |mails: Vec<(String, String)>| mails.iter().filter(|(kind, _)| kind == "answers_reported").count();
    assert_eq!((owed(&harness).await.len(), reported(owed(&harness).await)), (before + 1, 1));
    assert!(cora.get(PAGE).await.body.contains("Reported wrong"));
    // Sent again, it is no news.
    done(&mut cora, "rating", &fields).await;
    assert_eq!(reported(owed(&harness).await), 1);
    done(&mut cora, "rating", &[("score", "5")]).await;
    let after = account(&harness).await;
    let [rated] = after.ratings.as_slice() else { panic!("{:?}", after.ratings) };
    assert_eq!((rated.rating.score, rated.times, rated.rating.useful.len()), (5, 3, 0));
    let before = after.events.iter().rev().find_map(|event| match &event.what {
        What::Rated { before, .. } => before.clone(),
        _ => None,
    });
    assert_eq!(before.map(|before| (before.score, before.repeated)), Some((4, true)));
    for bad in [&[("score", "6")][..], &[], &[("score", "3"), ("useful[risks]", "meh")]] {
        let answer = cora.post(&format!("{PAGE}/rating"), bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad:?}");
    }
    let waiting = awaiting().await;
    let mut cora = waiting.signed_in(OURS, "cora").await;
    let early = cora.post(&format!("{PAGE}/rating"), &[("score", "3")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn only_what_looking_settles_is_dismissed() {
    let harness = awaiting().await;
    for reason in [Attention::DealReopened, Attention::NoAeAddress] {
        raise(&harness, reason).await;
    }
    let mut admin = harness.signed_in(OURS, "admin").await;
    done(&mut admin, "clear", &[("reason", "deal_reopened")]).await;
    for reason in ["no_ae_address", "deal_reopened", "nonsense", ""] {
        let answer = admin.post(&format!("{PAGE}/clear"), &[("reason", reason)]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{reason}");
    }
    let after = account(&harness).await.handoff;
    assert_eq!(after.attention.into_iter().collect::<Vec<_>>(), [Attention::NoAeAddress]);
}

const LIST: &str = "company,ae,arr\nÉlan Health,ana@northwind.test,48000 EUR\nBest Ltd,bo@northwind.test,\n";

async fn made(harness: &Harness) -> Vec<(String, HandoffState)> {
    let filter = handoff_domain::listing::Filter::default();
    let page =
        harness.table.store.list_accounts(&fixtures::organization().id, &filter, None, 50).await.unwrap();
    page.rows.into_iter().map(|row| (row.row.company, row.state)).collect()
}

#[tokio::test]
async fn an_account_made_by_hand_is_made_once_and_drafted() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let id = admin.get("/accounts/new").await.field("id");
    let fields = [
        ("id", id.as_str()),
        ("company", "Acme <Ltd>"),
        ("ae", "ana@northwind.test"),
        ("raw_payload", "Notes"),
    ];
    let wrong = admin
        .post("/accounts", &[("company", "Acme <Ltd>"), ("arr", "lots"), ("raw_payload", "My notes")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Acme &lt;Ltd&gt;", "My notes", "Please write a number", "e-mail address"] {
        assert!(wrong.body.contains(words), "{words}");
    }
    for _ in 0..2 {
        let done = admin.post("/accounts", &fields).await;
        assert_eq!(
            (done.status, done.header("location")),
            (StatusCode::SEE_OTHER, format!("/accounts/{id}").as_str())
        );
    }
    assert_eq!(made(&harness).await, [("Acme <Ltd>".to_owned(), HandoffState::Drafting)]);
    assert!(harness.queued.lock().unwrap()[0].contains(&id));
    let events = harness
        .table
        .store
        .list_events(&fixtures::organization().id, &AccountId::parse(&id).unwrap(), 9)
        .await;
    assert!(
        matches!(&events.unwrap()[..], [event] if matches!(&event.who, Who::Member { name, .. } if name == "Ada Admin"))
    );
    let mut csm = harness.signed_in(OURS, "sam").await;
    assert_eq!(csm.post("/accounts", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_list_is_looked_at_first_made_whole_and_makes_nothing_twice() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let look = admin.post("/accounts/import", &[("csv", LIST), ("step", "preview")]).await;
    assert_eq!(look.status, StatusCode::OK);
    assert!(look.body.contains("2 accounts to make") && made(&harness).await.is_empty());
    let broken = LIST.replace("bo@northwind.test", "bo");
    for step in ["preview", "make"] {
        let refused = admin.post("/accounts/import", &[("csv", &broken), ("step", step)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("1 of 2 rows cannot be made") && refused.body.contains("Best Ltd"));
    }
    assert!(made(&harness).await.is_empty(), "nothing half done");
    for _ in 0..2 {
        let done = admin.post("/accounts/import", &[("csv", LIST), ("step", "make")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    let expected = ["Best Ltd", "Élan Health"].map(|name| (name.to_owned(), HandoffState::Drafting));
    assert_eq!(made(&harness).await, expected);
    let again = admin.post("/accounts/import", &[("csv", LIST), ("step", "preview")]).await.body;
    assert!(again.contains("2 of them are there already"));
    assert_eq!(admin.get("/accounts/import").await.status, StatusCode::OK);
}
