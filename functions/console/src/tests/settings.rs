//! Settings: what is saved, what is refused and shown again, and what the audit says of it.

use super::harness::{Answer, Browser, Harness, OURS};
use axum::http::StatusCode;
use handoff_domain::audit::SettingsChange;
use handoff_domain::id::{MemberId, OrganizationId, PortalId};
use handoff_domain::roster::Role;

fn ours() -> OrganizationId {
    PortalId(OURS).organization()
}

/// What the page's form holds, as a browser would send it back, with some fields changed.
async fn send(browser: &mut Browser<'_>, path: &str, page: &Answer, changed: &[(&str, &str)]) -> Answer {
    let mut fields: Vec<(String, String)> = Vec::new();
    for name in [
        "revision",
        "name",
        "email",
        "sender",
        "time_zone",
        "works_from",
        "works_until",
        "reminder_days",
        "link_life_days",
        "handoffs_from",
        "expertise",
        "capacity",
        "away_from",
        "away_until",
        "booking_link",
    ] {
        fields.push((name.to_owned(), page.field(name)));
    }
    fields.push(("language".to_owned(), "en".to_owned()));
    fields.push(("deal_types".to_owned(), "newbusiness".to_owned()));
    for (name, _) in changed {
        fields.retain(|(known, _)| known != name);
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(changed.iter().copied())
        .collect();
    browser.post(path, &fields).await
}

const ORGANIZATION: &str = "/settings/organization";

#[tokio::test]
async fn a_change_of_the_organization_is_saved_with_its_entry_in_the_audit() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let page = admin.get(ORGANIZATION).await;
    let saved = send(
        &mut admin,
        ORGANIZATION,
        &page,
        &[("name", "Northwind & Sons"), ("time_zone", "Europe/Berlin")],
    )
    .await;
    assert_eq!(
        (saved.status, saved.header("location")),
        (StatusCode::SEE_OTHER, "/settings/organization?saved=1")
    );
    let page = admin.get(ORGANIZATION).await;
    assert_eq!(page.field("name"), "Northwind &amp; Sons");
    let changes = admin.get("/settings/changes").await;
    assert!(changes.body.contains("changed the organization") && changes.body.contains("Europe/Berlin"));
    let audit = harness.table.store.list_audit(&ours(), None, 10).await.unwrap();
    let first = &audit[0];
    let earlier = admin.get(&format!("/settings/changes?at={}&id={}", first.at, first.id)).await;
    assert!(earlier.body.contains("That was the first change") && !earlier.body.contains("Europe/Berlin"));
    assert_eq!((audit.len(), audit[0].by.as_str()), (1, "Ada Admin"));
    let fields: Vec<_> = audit[0].fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["Name", "Time zone"]);
    // Nothing changed, nothing written.
    let before = harness.table.dump().await;
    assert_eq!(
        send(&mut admin, ORGANIZATION, &page, &[("name", "Northwind & Sons")]).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn wrong_fields_come_back_with_what_was_typed_and_a_remedy() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let page = admin.get(ORGANIZATION).await;
    let refused =
        send(&mut admin, ORGANIZATION, &page, &[("name", "Kept <name>"), ("time_zone", "Mars/Olympus")])
            .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.field("time_zone"), "Mars/Olympus");
    assert_eq!(refused.field("name"), "Kept &lt;name&gt;");
    assert!(refused.body.contains("Europe/Berlin") && refused.body.contains("href=\"#time_zone\""));
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn who_saves_an_older_page_is_told_what_changed_and_loses_nothing() {
    let harness = Harness::start().await;
    let mut one = harness.signed_in(OURS, "admin").await;
    let mut two = harness.signed_in(OURS, "admin").await;
    let (first, second) = (one.get(ORGANIZATION).await, two.get(ORGANIZATION).await);
    assert_eq!(
        send(&mut one, ORGANIZATION, &first, &[("name", "Theirs")]).await.status,
        StatusCode::SEE_OTHER
    );
    let refused = send(&mut two, ORGANIZATION, &second, &[("name", "Mine"), ("link_life_days", "14")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Theirs") && refused.field("name") == "Mine");
    assert_eq!(refused.field("link_life_days"), "14");
    // Said once more, it holds.
    assert_eq!(send(&mut two, ORGANIZATION, &refused, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(two.get(ORGANIZATION).await.field("name"), "Mine");
    assert_eq!(harness.table.store.list_audit(&ours(), None, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_person_is_added_changed_and_taken_off() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let page = admin.get("/settings/roster/new").await;
    let kim = [("name", "Kim Roe"), ("email", "kim@northwind.test"), ("roles", "csm"), ("roles", "admin")];
    let added = send(&mut admin, "/settings/roster", &page, &kim).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER);
    let roster = harness.roster(&ours()).await;
    let member = roster.members.iter().find(|member| member.name == "Kim Roe").unwrap().clone();
    // She hears of trouble, and can sign in.
    let intake = harness.table.store.get_intake(&ours()).await.unwrap().unwrap();
    assert!(intake.organization.admins.contains(&member.email));
    harness.browser().ask("kim@northwind.test", "").await;
    assert_eq!(harness.links().await.len(), 1);
    let mut browser = harness.signed_in(OURS, member.id.as_str()).await;
    assert_eq!(browser.get("/settings").await.status, StatusCode::SEE_OTHER);

    let path = format!("/settings/roster/{}", member.id);
    let page = admin.get(&path).await;
    assert!(page.body.contains("value=\"admin\" checked"));
    let changed = [("roles", "csm"), ("capacity", "7"), ("away_from", "2026-12-20")];
    assert_eq!(send(&mut admin, &path, &page, &changed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(ORGANIZATION).await.status, StatusCode::FORBIDDEN, "no admin any more");
    assert!(admin.get("/settings/roster").await.body.contains("Away from 20 Dec 2026"));

    let page = admin.get(&path).await;
    let gone = admin.post(&format!("{path}/remove"), &[("revision", &page.field("revision"))]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/accounts").await.header("location").starts_with("/sign-in"));
    let audit = harness.table.store.list_audit(&ours(), None, 10).await.unwrap();
    assert_eq!(audit.len(), 3);
    assert!(
        audit.iter().any(|entry| entry.change == SettingsChange::MemberRemoved { name: "Kim Roe".into() })
    );
}

#[tokio::test]
async fn the_last_admin_stays() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let page = admin.get("/settings/roster/admin").await;
    let refused = send(&mut admin, "/settings/roster/admin", &page, &[("roles", "csm")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Somebody must stay an admin"));
    let revision = page.field("revision");
    let refused = admin.post("/settings/roster/admin/remove", &[("revision", &revision)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(harness.roster(&ours()).await.find(&MemberId::parse("admin").unwrap()).unwrap().has(Role::Admin));
}

#[tokio::test]
async fn an_address_that_is_taken_and_a_roster_that_moved_are_told() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let page = admin.get("/settings/roster/new").await;
    let twin = [("name", "Twin"), ("email", "SAM@northwind.test"), ("roles", "csm")];
    let refused = send(&mut admin, "/settings/roster", &page, &twin).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Another person") && refused.field("name") == "Twin");
    harness.change_roster(OURS, |members| members[0].capacity = 1).await;
    let new = [("name", "New"), ("email", "new@northwind.test"), ("roles", "csm")];
    let refused = send(&mut admin, "/settings/roster", &page, &new).await;
    assert_eq!((refused.status, refused.field("name").as_str()), (StatusCode::CONFLICT, "New"));
    assert_eq!(send(&mut admin, "/settings/roster", &refused, &new).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn people_of_another_organization_are_not_there() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    assert_eq!(admin.get("/settings/roster/zoe").await.status, StatusCode::NOT_FOUND);
    for path in ["/settings/roster/zoe", "/settings/roster/zoe/remove"] {
        assert_eq!(admin.post(path, &[("revision", "0")]).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn a_list_is_looked_at_then_taken_whole_and_a_repeat_changes_nothing() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let path = "/settings/roster/import";
    let right = "name,email,roles,capacity\nKim Roe,kim@northwind.test,csm,4\nSam Okoro,sam@northwind.test,csm;admin,8\n";
    let wrong = format!("{right}Bo,bo,boss,\n");
    let before = harness.table.dump().await;
    assert_eq!(admin.get(path).await.status, StatusCode::OK);
    let looked = admin.post(path, &[("list", right)]).await;
    assert!(looked.status == StatusCode::OK && looked.body.contains("1 new, 1 changed"));
    let refused = admin.post(path, &[("list", &wrong), ("do", "import")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Bo,bo,boss") && refused.body.contains("Choose at least one role"));
    assert_eq!(harness.table.dump().await, before, "nothing half done");
    for _ in 0..2 {
        assert_eq!(
            admin.post(path, &[("list", right), ("do", "import")]).await.status,
            StatusCode::SEE_OTHER
        );
    }
    let roster = harness.roster(&ours()).await;
    assert_eq!((roster.members.len(), roster.revision), (5, 1));
    assert_eq!(harness.table.store.list_audit(&ours(), None, 10).await.unwrap().len(), 1);
}

const FORM: &str = "/settings/handoff-form";

/// Everything that the editor's form holds, in its order.
fn editor(page: &Answer) -> Vec<(String, String)> {
    let (_, form) = page.body.split_once("action=\"/settings/handoff-form\" novalidate").unwrap();
    let mut fields = vec![("version".to_owned(), page.field("version"))];
    let ids: Vec<&str> =
        form.split("name=\"order\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    for id in ids {
        fields.push(("order".to_owned(), id.to_owned()));
        for name in ["wording", "help", "placeholder"] {
            fields.push((format!("{name}[{id}]"), page.field(&format!("{name}[{id}]"))));
        }
        fields.push((format!("kind[{id}]"), "textarea".to_owned()));
        if page.field(&format!("retired[{id}]")) == "yes" {
            fields.push((format!("retired[{id}]"), "yes".to_owned()));
        }
    }
    fields
}

async fn press(browser: &mut Browser<'_>, page: &Answer, what: &str, changed: &[(&str, &str)]) -> Answer {
    let mut fields = editor(page);
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.push(("do".to_owned(), what.to_owned()));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(FORM, &fields).await
}

#[tokio::test]
async fn the_form_is_edited_in_the_page_and_published_as_the_next_version() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let page = admin.get(FORM).await;
    let page = press(&mut admin, &page, "up:top_goals", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let page = press(&mut admin, &page, "retire:why_us", &[]).await;
    assert!(page.body.contains("Retired with the next version"));
    let page = press(&mut admin, &page, "preview", &[]).await;
    assert!(
        page.body.contains("As the account executive sees it") && !page.body.contains("<h3 id=\"q-why_us")
    );
    assert_eq!(harness.table.dump().await, before, "only publishing writes");
    let page = admin.get(FORM).await;
    let moved = press(&mut admin, &page, "up:top_goals", &[("wording[risks]", "What could go wrong?")]).await;
    assert_eq!(moved.field("wording[risks]"), "What could go wrong?");
    assert_eq!(press(&mut admin, &moved, "publish", &[]).await.status, StatusCode::SEE_OTHER);
    let now = harness.table.store.get_intake(&ours()).await.unwrap().unwrap().questions;
    assert_eq!((now.version, now.questions[0].id.as_str()), (2, "top_goals"));
    let consistency = handoff_store::Consistency::Strong;
    let (_, first) = harness.table.store.get_questions(&ours(), Some(1), consistency).await.unwrap();
    assert_eq!(first.unwrap(), handoff_domain::question::QuestionSet::first(), "a version never changes");
    let earlier = admin.get("/settings/handoff-form/versions/1").await;
    assert!(earlier.body.contains("What could go wrong?") && earlier.body.contains("Order"));
    assert_eq!(admin.get("/settings/handoff-form/versions/3").await.status, StatusCode::NOT_FOUND);
    let audit = harness.table.store.list_audit(&ours(), None, 10).await.unwrap();
    assert_eq!(audit[0].change, SettingsChange::QuestionsPublished { version: 2 });
}

#[tokio::test]
async fn of_two_who_publish_the_second_is_told_and_loses_nothing() {
    let harness = Harness::start().await;
    let mut one = harness.signed_in(OURS, "admin").await;
    let mut two = harness.signed_in(OURS, "admin").await;
    let (first, second) = (one.get(FORM).await, two.get(FORM).await);
    let published = press(&mut one, &first, "publish", &[("wording[risks]", "Theirs")]).await;
    assert_eq!(published.status, StatusCode::SEE_OTHER);
    let refused = press(&mut two, &second, "publish", &[("wording[risks]", "Mine")]).await;
    assert_eq!((refused.status, refused.field("wording[risks]").as_str()), (StatusCode::CONFLICT, "Mine"));
    assert!(refused.body.contains("/settings/handoff-form/versions/2"));
    assert_eq!(press(&mut two, &refused, "publish", &[]).await.status, StatusCode::SEE_OTHER);
    let now = harness.table.store.get_intake(&ours()).await.unwrap().unwrap().questions;
    assert_eq!((now.version, now.questions[2].wording.as_str()), (3, "Mine"));
}

#[tokio::test]
async fn a_question_without_words_is_told_and_nothing_is_published() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let page = admin.get(FORM).await;
    let refused =
        press(&mut admin, &page, "publish", &[("wording[risks]", " "), ("wording[go_live]", "Kept")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#wording[risks]\"") && refused.field("wording[go_live]") == "Kept");
    assert_eq!(harness.table.dump().await, before);
}
