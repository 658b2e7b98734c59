//! Templates in the settings: published in versions, chosen by rule, and nothing typed is lost.

use super::harness::{Answer, Browser, Harness, OURS};
use axum::http::StatusCode;
use handoff_domain::audit::SettingsChange;
use handoff_domain::id::{PortalId, TemplateId};
use handoff_domain::plan::{Purpose, Template, Templates};
use handoff_store::Consistency;

const LIST: &str = "/settings/templates";
const FIRST: &str = "/settings/templates/standard";

async fn templates(harness: &Harness) -> Templates {
    let organization = PortalId(OURS).organization();
    harness.table.store.get_templates(&organization, None, Consistency::Strong).await.unwrap().unwrap().0
}

/// The first template's fields as its page holds them.
fn fields(version: u32, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let template = Template::first();
    let mut fields = vec![text("version", &version.to_string()), text("name", &template.name)];
    for milestone in &template.milestones {
        fields.push(text("order", &format!("milestone:{}", milestone.id)));
        fields.push(text(&format!("milestone[{}]", milestone.id), &milestone.title));
        for action in &milestone.actions {
            let id = &action.id;
            let kind = match action.purpose {
                Some(Purpose::Welcome) => "welcome",
                Some(Purpose::Kickoff) => "kickoff",
                None => "task",
            };
            fields.push(text("order", &format!("action:{id}")));
            fields.push(text(&format!("title[{id}]"), &action.title));
            fields.push(text(&format!("kind[{id}]"), kind));
            fields.push(text(&format!("days[{id}]"), &action.days.unwrap().to_string()));
        }
    }
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name || *name == "order");
        fields.push(text(name, value));
    }
    fields
}

async fn send(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

#[tokio::test]
async fn a_version_is_published_with_its_entry_in_the_audit_and_the_one_before_stays() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let page = admin.get(FIRST).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Send the welcome e-mail"));
    let changed = fields(1, &[("do", "publish"), ("name", "Standard"), ("title[train]", "Train everybody")]);
    for _ in 0..2 {
        // The second is a repeat of the first: it makes no version.
        let published = send(&mut admin, FIRST, &changed).await;
        assert_eq!(
            (published.status, published.header("location")),
            (StatusCode::SEE_OTHER, "/settings/templates?saved=1")
        );
    }
    let now = templates(&harness).await;
    assert_eq!((now.all.len(), now.all[0].version, now.all[0].name.as_str()), (1, 2, "Standard"));
    let organization = PortalId(OURS).organization();
    let audit = harness.table.store.list_audit(&organization, None, 10).await.unwrap();
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].change, SettingsChange::TemplatePublished { name: "Standard".into(), version: 2 });
    assert!(audit[0].fields.iter().any(|field| field.after == "Train everybody"));
    let id = TemplateId::parse("standard").unwrap();
    let old = harness.table.store.get_templates(&organization, Some((&id, 1)), Consistency::Strong).await;
    assert_eq!(old.unwrap().unwrap().1, Some(Template::first()));
    let version = admin.get(&format!("{FIRST}/versions/1")).await;
    assert!(version.body.contains("Train the first users") && version.body.contains("Train everybody"));
    assert_eq!(admin.get(&format!("{FIRST}/versions/2")).await.status, StatusCode::OK);
    assert_eq!(admin.get(&format!("{FIRST}/versions/3")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_wrong_or_came_too_late_is_shown_again_as_it_was_typed() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let wrong = [
        ("do", "publish"),
        ("arr_from", "lots"),
        ("title[train]", ""),
        ("days[goals]", "-1"),
        ("name", "Mine <b>"),
    ];
    let answer = send(&mut admin, FIRST, &fields(1, &wrong)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in
        ["Write a whole number", "Say what is done", "Mine &lt;b&gt;", "value=\"lots\"", "value=\"-1\""]
    {
        assert!(answer.body.contains(words), "{words}");
    }
    assert_eq!(templates(&harness).await.revision, 0);
    let theirs = fields(1, &[("do", "publish"), ("name", "Theirs")]);
    assert_eq!(send(&mut admin, FIRST, &theirs).await.status, StatusCode::SEE_OTHER);
    let late = send(&mut admin, FIRST, &fields(1, &[("do", "publish"), ("name", "Ours")])).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.body.contains("value=\"Ours\"") && late.body.contains("name=\"version\" value=\"2\""));
    assert_eq!(templates(&harness).await.all[0].name, "Theirs");
}

#[tokio::test]
async fn steps_of_editing_write_nothing() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    let steps = [
        ("add-milestone", "Milestone 4"),
        ("add-action:kickoff", "action 4 of milestone 1"),
        ("action-down:goals", "Nothing is published yet"),
        ("milestone-remove:set_up", "Removed with the next version"),
        ("preview", "The plan as a CSM gets it"),
    ];
    for (step, words) in steps {
        let answer = send(&mut admin, FIRST, &fields(1, &[("do", step)])).await;
        assert!(answer.status == StatusCode::OK && answer.body.contains(words), "{step}: {words}");
    }
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn a_new_template_is_made_once_and_can_be_moved_archived_and_made_the_default() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    assert!(
        admin.get(&format!("{LIST}/new?from=standard")).await.body.contains("Standard onboarding (copy)")
    );
    let new = fields(0, &[("do", "publish"), ("name", "Large"), ("arr_from", "100 000"), ("sizes", "5001+")]);
    let path = format!("{LIST}/large");
    for _ in 0..2 {
        assert_eq!(send(&mut admin, &path, &new).await.status, StatusCode::SEE_OTHER);
    }
    let page = admin.get(LIST).await.body;
    assert!(page.contains("5001+ people; ARR from 100,000") && page.contains("All other accounts"));
    for (step, count) in
        [("earlier", 2), ("archive", 3), ("archive", 3), ("restore", 4), ("default", 5), ("default", 5)]
    {
        let answer = admin.post(&format!("{path}/{step}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}");
        assert_eq!(templates(&harness).await.revision, count, "{step}");
    }
    let now = templates(&harness).await;
    assert_eq!((now.all[0].id.as_str(), now.default.as_str()), ("large", "large"));
    let refused = admin.post(&format!("{path}/archive"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("Choose another one for them first"));
    let stale = admin.post(&format!("{FIRST}/earlier"), &[("revision", "1")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(admin.post(&format!("{FIRST}/burn"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.post(&format!("{LIST}/none/archive"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(templates(&harness).await.revision, 5);
}
