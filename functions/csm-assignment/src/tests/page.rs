//! What the page says of each CSM, and to whom.

use super::harness::{Harness, OURS, numbered};
use handoff_domain::audit::{AuditEntry, SettingsChange};
use handoff_domain::handoff::Handoff;
use handoff_domain::id::AuditId;
use handoff_domain::organization::NextCsm;
use handoff_domain::roster::Roster;
use handoff_testing::fixtures;

const PATH: &str = "/accounts/d1001/csm";

fn audit() -> AuditEntry {
    AuditEntry {
        at: fixtures::now(),
        id: AuditId::parse("test").unwrap(),
        member: super::harness::member("admin"),
        by: "Ada Admin".to_owned(),
        change: SettingsChange::Organization,
        fields: Vec::new(),
    }
}

async fn change_roster(harness: &Harness, change: impl FnOnce(&mut Roster)) {
    let organization = fixtures::organization().id;
    let before = harness.table.store.get_organizations(std::slice::from_ref(&organization)).await.unwrap();
    let before = before[0].1.clone();
    let mut after = before.clone();
    change(&mut after);
    let store = &harness.table.store;
    assert!(store.save_roster(&organization, &before, &after, None, &audit()).await.unwrap());
}

fn place(body: &str, words: &str) -> usize {
    body.find(words).unwrap_or_else(|| panic!("{words}: {body}"))
}

#[tokio::test]
async fn every_csm_stands_there_with_knowledge_room_and_presence_the_best_first() {
    let harness = Harness::handed_over_to("").await;
    for number in [2001, 2002] {
        harness.begin(&Handoff { account: other_company(), ..numbered(number) }).await;
        assert!(harness.submit(number, "kim").await);
    }
    change_roster(&harness, |roster| {
        roster.members[1].away_from = Some(jiff::civil::date(2026, 12, 1));
        roster.members[1].away_until = Some(jiff::civil::date(2026, 12, 20));
    })
    .await;
    let page = harness.signed_in(OURS, "admin").await.get(PATH).await.body;
    let order =
        ["Cora Lind", "Sam Okoro", "Kim Adeyemi"].map(|name| place(&page, &format!("csm__name\">{name}")));
    assert!(order.is_sorted(), "{order:?}");
    for words in [
        "Nobody has it yet.",
        "Ana Ellis named somebody who is not in the list",
        "Priya Nair",
        "Knows Healthcare",
        "0 of 5 in onboarding",
        "Best fit",
        "Available, but away from 1 Dec 2026 and back on 20 Dec 2026",
        "Full: 2 of 2 in onboarding",
        "value=\"cora\" required checked",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

fn other_company() -> handoff_domain::account::Account {
    handoff_domain::account::Account { company: "Other".to_owned(), ..fixtures::handoff().account }
}

#[tokio::test]
async fn who_has_another_account_of_the_company_comes_first_however_it_is_written() {
    let harness = Harness::handed_over_to("").await;
    let mut earlier = numbered(2001);
    earlier.account.company = "ACME  Health".to_owned();
    let mut longer = numbered(2002);
    longer.account.company = "Acme Healthcare".to_owned();
    for (handoff, csm) in [(earlier, "sam"), (longer, "kim")] {
        harness.begin(&handoff).await;
        let number = handoff.id.as_str().trim_start_matches('d').parse().unwrap();
        assert!(harness.submit(number, csm).await);
    }
    let page = harness.signed_in(OURS, "admin").await.get(PATH).await.body;
    assert_eq!(page.matches("Has looked after this company before").count(), 1);
    assert!(place(&page, "csm__name\">Sam Okoro") < place(&page, "csm__name\">Cora Lind"));
}

#[tokio::test]
async fn in_turn_whoever_was_given_one_longest_ago_is_proposed() {
    let harness = Harness::handed_over_to("").await;
    let organization =
        handoff_domain::organization::Organization { next_csm: NextCsm::InTurn, ..fixtures::organization() };
    assert!(harness.table.store.save_organization(&organization, None, &audit()).await.unwrap());
    let admin = harness.signed_in(OURS, "admin").await;
    let mut proposed = Vec::new();
    for number in [1001, 3001, 3002] {
        if number != 1001 {
            harness.begin(&numbered(number)).await;
            assert!(harness.submit(number, "").await);
        }
        let path = format!("/accounts/d{number}/csm");
        let page = admin.get(&path).await.body;
        assert!(page.contains("Next in turn"));
        let (before, _) = page.split_once(" required checked").unwrap();
        let csm = before.rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned();
        assert_eq!(
            admin.post(&path, &[("csm", &csm)]).await.header("location"),
            format!("/accounts/d{number}")
        );
        proposed.push(csm);
    }
    proposed.sort();
    assert_eq!(proposed, ["cora", "kim", "sam"]);
}

#[tokio::test]
async fn who_left_the_roster_is_said_to_have_left_and_no_reason_is_asked_for() {
    let harness = Harness::handed_over_to("cora").await;
    change_roster(&harness, |roster| roster.members.retain(|member| member.id.as_str() != "cora")).await;
    let sam = harness.signed_in(OURS, "sam").await;
    let page = sam.get(PATH).await.body;
    assert!(page.contains("Cora Lind had it, and is no CSM of the roster any more."));
    assert!(!page.contains("id=\"reason\" name=\"reason\" required"));
    assert_eq!(sam.post(PATH, &[("csm", "sam")]).await.header("location"), "/accounts/d1001");
}
