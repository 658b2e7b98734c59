//! Not now, and not mine.

use super::harness::Harness;
use axum::http::StatusCode;
use handoff_domain::event::What;
use handoff_domain::handoff::Attention;
use handoff_domain::reminder::NextReminder;
use handoff_testing::fixtures;
use jiff::ToSpan as _;

fn in_days(days: i64) -> String {
    fixtures::organization().rhythm().date(fixtures::now()).checked_add(days.days()).unwrap().to_string()
}

async fn told(harness: &Harness) -> Vec<What> {
    let (organization, account) = (&harness.token.organization, &harness.token.account);
    let strong = handoff_store::Consistency::Strong;
    let view = harness.table.store.get_account(organization, account, strong).await.unwrap().unwrap();
    view.events.into_iter().map(|event| event.what).collect()
}

#[tokio::test]
async fn whoever_says_not_now_is_asked_on_that_day_and_loses_nothing() {
    let harness = Harness::start(Some("Drafted")).await;
    let date = in_days(5);
    let fields = [("version", "0"), ("answers[risks]", "Mine"), ("date", date.as_str())];
    harness.calls();
    let said = harness.post("/later", &fields, false).await;
    assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, harness.path("").as_str()));
    assert_eq!(
        harness.calls(),
        5,
        "the questions, a first save and that it was opened, a read, a transaction"
    );
    let stored = harness.stored().await;
    let day = stored.reminder.map(|next: NextReminder| fixtures::organization().rhythm().date(next.at));
    assert!(day.unwrap().to_string() >= date && stored.version == 1);
    let page = harness.get_fresh().await.body;
    assert!(page.contains("The next reminder comes on") && page.contains("Mine"));
    harness.post("/later", &[("date", &date)], false).await;
    let wishes = told(&harness).await.into_iter().filter(|what| matches!(what, What::LaterAsked { .. }));
    assert_eq!(wishes.count(), 1, "said twice, noted once");
    assert!(harness.owed().await.is_empty());
}

#[tokio::test]
async fn a_day_that_cannot_be_is_refused_with_its_remedy_and_what_was_typed() {
    let harness = Harness::start(Some("Drafted")).await;
    for (date, words) in
        [("", "choose a day"), (&*in_days(0), "after today"), (&*in_days(60), "does not live that long")]
    {
        let fields = [("date", date), ("word", "Half a sentence")];
        let refused = harness.post("/later", &fields, false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{date}");
        assert!(refused.body.contains(words) && refused.body.contains("Half a sentence"), "{date}");
        let json = harness.post("/later", &fields, true).await;
        assert!(json.json()["errors"]["date"].as_str().unwrap().contains(words));
    }
    assert_eq!(harness.stored().await.reminder, None);
}

#[tokio::test]
async fn whoever_says_not_mine_is_reminded_no_more_and_the_admins_hear_whose_it_is() {
    let harness = Harness::start(Some("Drafted")).await;
    let member = fixtures::roster().members[0].clone();
    let fields = [("colleague", member.id.as_str()), ("word", "Sold by the other team.")];
    let said = harness.post("/not-me", &fields, false).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let stored = harness.stored().await;
    assert!(stored.attention.contains(&Attention::WrongAe) && !stored.can_be_reminded());
    let admins = fixtures::organization().admins.len();
    assert_eq!(harness.owed().await, vec!["handoff_escalated"; admins]);
    let again = harness.post("/not-me", &fields, false).await;
    assert_eq!((again.status, harness.owed().await.len()), (StatusCode::SEE_OTHER, admins));
    let told = told(&harness).await;
    let names: Vec<_> = told.iter().filter(|what| matches!(what, What::NotMine { .. })).collect();
    assert!(matches!(&*names, [What::NotMine { colleague_name, .. }] if *colleague_name == member.name));
    let page = harness.get_fresh().await.body;
    assert!(page.contains("not yours") && !page.contains("id=\"not-mine\""));
    let handed = harness.post("/submit", &[("version", "0"), ("csm", "placeholder")], false).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "it is theirs after all");
    assert!(!harness.stored().await.attention.contains(&Attention::WrongAe));
}

#[tokio::test]
async fn not_mine_needs_a_name_or_a_word_and_comes_too_late_after_a_submit() {
    let harness = Harness::start(Some("Drafted")).await;
    let (long, nobody) = ("x".repeat(2001), "nobody".to_owned());
    for (field, value) in [("word", &String::new()), ("word", &long), ("colleague", &nobody)] {
        let refused = harness.post("/not-me", &[(field, value)], false).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(harness.stored().await.attention.is_empty());
    harness.post("/submit", &[("version", "0"), ("csm", "placeholder")], false).await;
    for path in ["/not-me", "/later"] {
        let late = harness.post(path, &[("word", "Too late"), ("date", &in_days(3))], false).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{path}");
    }
}
