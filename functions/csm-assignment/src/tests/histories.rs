//! Whatever is done to accounts, what each CSM carries is what a recount finds.

use super::harness::{Harness, OURS, drafts, member, numbered};
use handoff_domain::handoff::Returned;
use handoff_domain::link::Link;
use handoff_domain::roster::Loads;
use handoff_testing::fixtures;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// One thing that somebody does to one of three accounts.
#[derive(Debug, Clone)]
enum Step {
    /// Hands over to this CSM; to a placeholder where none is named.
    Submit(&'static str),
    GiveBack,
    Skip,
    /// Gives it to this CSM, as this person.
    Assign(&'static str, &'static str),
    /// Two people give it to two CSMs at once.
    Both(&'static str, &'static str),
}

fn csm() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["cora", "sam", "kim"])
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::sample::select(vec!["cora", "sam", "kim", ""]).prop_map(Step::Submit),
        2 => Just(Step::GiveBack),
        1 => Just(Step::Skip),
        5 => (csm(), prop::sample::select(vec!["admin", "cora", "sam"])).prop_map(|(csm, by)| Step::Assign(csm, by)),
        2 => (csm(), csm()).prop_map(|(one, other)| Step::Both(one, other)),
    ]
}

async fn take(harness: &Harness, number: u32, step: &Step) {
    let before = harness.account(number).await.handoff;
    let path = format!("/accounts/d{number}/csm");
    let (store, now) = (&harness.table.store, fixtures::now());
    match step {
        Step::Submit(csm) => drop(harness.submit(number, csm).await),
        Step::GiveBack => {
            let generation = before.link.as_ref().unwrap().generation + 1;
            let link =
                Link::issue(&fixtures::link_key(), &before.organization, &before.id, generation, 30, now);
            let returned = Returned { at: now, by: "Cora".to_owned(), reason: "Who signs?".to_owned() };
            if let Ok((after, ended)) =
                before.give_back(&drafts(), link, &handoff_domain::reminder::Rhythm::default(), returned)
            {
                assert!(store.give_back(&before, &after, &ended, &[], &[]).await.unwrap());
            }
        }
        Step::Skip => {
            if let Ok(after) = before.skip("x".to_owned(), now) {
                assert!(store.replace_handoff(&before, &after, &[], &[]).await.unwrap());
            }
        }
        Step::Assign(csm, by) => {
            let browser = harness.signed_in(OURS, by).await;
            let answer = browser.post(&path, &[("csm", csm), ("reason", "x")]).await;
            assert!(!answer.status.is_server_error(), "{}", answer.body);
        }
        Step::Both(one, other) => {
            let admin = harness.signed_in(OURS, "admin").await;
            let fields = [[("csm", *one), ("reason", "x")], [("csm", *other), ("reason", "y")]];
            tokio::join!(admin.post(&path, &fields[0]), admin.post(&path, &fields[1]));
        }
    }
}

#[test]
fn loads_are_what_a_recount_finds_after_any_history() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() });
    let histories = prop::collection::vec((1..=3_u32, step()), 1..14);
    let outcome = runner.run(&histories, |history| {
        runtime.block_on(async {
            let harness = Harness::start().await;
            for number in 1..=3 {
                harness.begin(&numbered(number)).await;
            }
            for (number, step) in &history {
                take(&harness, *number, step).await;
                let mut recount = Loads::default();
                for number in 1..=3 {
                    if let Some(csm) = harness.account(number).await.handoff.carried_by() {
                        *recount.0.entry(csm.clone()).or_default() += 1;
                    }
                }
                let loads = harness.loads().await;
                for csm in ["cora", "sam", "kim"].map(member) {
                    prop_assert_eq!(loads.of(&csm), recount.of(&csm), "{} after {:?}", csm, step);
                }
            }
            // Each assignment owed its mails under an id of its own.
            let mut ids: Vec<String> = harness.owed().await.into_iter().map(|(id, _)| id).collect();
            ids.retain(|id| id.ends_with("-assigned"));
            ids.dedup();
            let assigned: u32 = {
                let mut total = 0;
                for number in 1..=3 {
                    let events = harness.account(number).await.events;
                    let given = events.iter().filter(|event| {
                        use handoff_domain::event::What;
                        matches!(event.what, What::Assigned { .. } | What::Reassigned { .. })
                    });
                    total += u32::try_from(given.count()).unwrap();
                }
                total
            };
            prop_assert_eq!(u32::try_from(ids.len()).unwrap(), assigned);
            Ok(())
        })
    });
    outcome.unwrap();
}
