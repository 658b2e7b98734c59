//! A plan with everything that people do on one, and templates with everything that admins do with them.

use super::everything::audit;
use super::support::now;
use handoff_domain::audit::SettingsChange;
use handoff_domain::event::Who;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::{ActionId, MemberId, OrganizationId, TemplateId};
use handoff_domain::pattern::SizeBand;
use handoff_domain::plan::{ActionKind, NewAction, Plan, Purpose, Rule, Step, Template};
use handoff_store::{Consistency, Store};
use std::collections::BTreeSet;

/// Starts, completes, skips and adds, each through the store.
pub(crate) async fn write(store: &Store, handoff: &Handoff, plan: &Plan) {
    let who = Who::Member { id: MemberId::parse("cora").unwrap(), name: "Cora Lind".to_owned() };
    let (kickoff, call) = (&plan.milestones[0].id, &plan.milestones[0].actions[1].id);
    let goals = &plan.milestones[0].actions[2].id;
    let sent = plan.complete_purpose(handoff, Purpose::Welcome, who.clone(), now()).unwrap();
    assert!(store.replace_plan(handoff, Some(plan), &sent, &[]).await.unwrap());
    assert!(!store.replace_plan(handoff, Some(plan), &sent, &[]).await.unwrap(), "the plan is not as it was");
    let begun = sent.plan.take(handoff, (kickoff, call), Step::Start, who.clone(), now()).unwrap().unwrap();
    assert!(store.replace_plan(handoff, Some(&sent.plan), &begun, &[]).await.unwrap());
    let skip = Step::Skip { reason: "Sales did." };
    let skipped = begun.plan.take(handoff, (kickoff, goals), skip, who.clone(), now()).unwrap().unwrap();
    assert!(store.replace_plan(handoff, Some(&begun.plan), &skipped, &[]).await.unwrap());
    let new = NewAction {
        id: ActionId::parse("ours").unwrap(),
        title: "Invite the auditor".to_owned(),
        kind: ActionKind::Meeting,
        due: Some(jiff::civil::date(2026, 12, 4)),
    };
    let added = skipped.plan.add(handoff, &plan.milestones[2].id, new, who, now()).unwrap();
    assert!(store.replace_plan(handoff, Some(&skipped.plan), &added, &[]).await.unwrap());
}

/// A second template with a whole rule, a second version of the first one, and one that is archived.
pub(crate) async fn change_templates(store: &Store, organization: &OrganizationId) {
    let read = store.get_templates(organization, None, Consistency::Strong).await.unwrap();
    let (before, _) = read.unwrap();
    let rule = Rule {
        sizes: BTreeSet::from([SizeBand::To50, SizeBand::Over5000]),
        arr_from: Some(10_000),
        arr_to: Some(90_000),
        industries: vec!["Banking".to_owned()],
    };
    let id = |id: &str| TemplateId::parse(id).unwrap();
    let name = || "Banks".to_owned();
    let banks = Template { id: id("banks"), name: name(), rule, ..Template::first() };
    let (added, replaced) = before.publish(banks).unwrap();
    let published = audit(20, SettingsChange::TemplatePublished { name: name(), version: 1 });
    assert!(
        store.save_templates(organization, &before, &added, replaced.as_ref(), &published).await.unwrap()
    );
    assert!(!store.save_templates(organization, &before, &added, None, &published).await.unwrap());
    let second = Template { version: 2, name: "Standard".to_owned(), ..added.all[0].clone() };
    let (newer, replaced) = added.publish(second).unwrap();
    let published = audit(21, SettingsChange::TemplatePublished { name: name(), version: 2 });
    assert!(store.save_templates(organization, &added, &newer, replaced.as_ref(), &published).await.unwrap());
    let steps = [
        (newer.archive(&id("banks")).unwrap(), SettingsChange::TemplateArchived { name: name() }),
        (newer.restore(&id("banks")).unwrap(), SettingsChange::TemplateRestored { name: name() }),
        (newer.make_default(&id("banks")).unwrap(), SettingsChange::TemplateDefault { name: name() }),
        (newer.earlier(&id("banks")).unwrap(), SettingsChange::TemplateMoved { name: name() }),
        (newer.archive(&id("banks")).unwrap(), SettingsChange::TemplateArchived { name: name() }),
    ];
    for (number, (mut after, change)) in (0..).zip(steps) {
        let mut before = newer.clone();
        (before.revision, after.revision) = (newer.revision + number, newer.revision + number + 1);
        let told = audit(30 + number, change);
        assert!(store.save_templates(organization, &before, &after, None, &told).await.unwrap());
    }
}
