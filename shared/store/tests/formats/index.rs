//! The index of due handoffs says what the rule says, after every way in which a handoff is written.

use super::everything;
use super::support::{assert_indexed, handoff, kind, now};
use handoff_domain::handoff::{Attention, Handoff, HandoffState};
use handoff_domain::id::RunId;
use handoff_store::Consistency;
use handoff_store::keys::Kind;
use handoff_testing::TestTable;
use handoff_testing::fixtures;

async fn read(table: &TestTable) -> Handoff {
    let sample = fixtures::handoff();
    let page = table.store.get_handoff_page(&sample.organization, &sample.id, Consistency::Strong);
    page.await.unwrap().unwrap().handoff
}

/// Every state, with and without a reason to look.
fn all() -> Vec<Handoff> {
    let states = [
        HandoffState::Drafting,
        HandoffState::AwaitingAe,
        HandoffState::Submitted,
        HandoffState::Skipped,
        HandoffState::Expired,
    ];
    let both = |state| {
        let quiet = Handoff { state, ..fixtures::handoff() };
        let mut raised = quiet.clone();
        raised.raise(Attention::Overdue, now());
        [quiet, raised]
    };
    states.into_iter().flat_map(both).collect()
}

#[tokio::test]
async fn every_step_from_any_state_to_any_other_moves_the_entry() {
    let table = everything::write().await;
    assert_indexed(&table.items().await);
    for from in all() {
        for to in all() {
            for next in [&from, &to] {
                let before = read(&table).await;
                assert!(table.store.replace_handoff(&before, next, &[], &[]).await.unwrap());
            }
            let items = table.items().await;
            assert_indexed(&items);
            let written = items.iter().filter(|item| kind(item) == Kind::Handoff).map(handoff);
            let written: Vec<Handoff> = written.filter(|one| one.id == to.id).collect();
            assert_eq!(written[0].due(), to.due());
        }
    }
}

#[tokio::test]
async fn what_changes_in_place_leaves_the_entry_right() {
    let table = everything::write().await;
    let (sample, store) = (read(&table).await, &table.store);
    let (organization, account) = (&sample.organization, &sample.id);
    store.withdraw_redraft(organization, account, &RunId::parse("r2").unwrap(), now()).await.unwrap();
    assert_eq!(read(&table).await.redraft, None);
    assert_indexed(&table.items().await);
    for reason in [Attention::MailFailed, Attention::DealReopened] {
        store.add_attention(organization, account, reason, now()).await.unwrap();
        assert_indexed(&table.items().await);
    }
    assert_eq!(read(&table).await.attention_since, sample.attention_since, "raised before, and still");
}
