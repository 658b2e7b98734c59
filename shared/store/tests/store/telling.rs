//! What other tools are told: owed once, found by time, written by one at a time.

use super::super::awaiting;
use handoff_domain::delivery::{Delivery, Outcome};
use handoff_domain::event::Event;
use handoff_domain::fact::Fact;
use handoff_domain::integration::{FlowBack, Integrations, Target};
use handoff_store::Untold;
use handoff_testing::fixtures::{handoff, now, organization};
use jiff::SignedDuration;

fn later() -> jiff::Timestamp {
    now() + SignedDuration::from_hours(1)
}

#[tokio::test]
async fn an_event_is_found_until_its_messages_are_owed_and_they_until_they_are_settled() {
    let table = awaiting().await;
    let (store, h) = (&table.store, handoff());
    let hash = h.link.as_ref().unwrap().hash.clone();
    store.record_opened(&h.organization, &h.id, &hash, now()).await.unwrap();
    let list = async || store.list_untold(&h.organization, later(), 25).await.unwrap();
    let untold: Vec<Untold> =
        list().await.into_iter().filter(|one| one.event == Event::opened(now())).collect();
    let [opened] = untold.as_slice() else { panic!("{untold:?}") };
    assert_eq!((&opened.organization, &opened.account), (&h.organization, &h.id));
    assert_eq!(store.list_untold(&h.organization, now(), 25).await.unwrap(), [], "not before its time");

    let owed = Delivery::of_event(&h.organization, &h.id, (Fact::Opened, &opened.event), Target::Slack);
    store.owe_deliveries(opened, std::slice::from_ref(&owed)).await.unwrap();
    assert!(!list().await.contains(opened));
    let due = async |at| store.list_due_deliveries(&h.organization, at, 25).await.unwrap();
    assert_eq!(due(later()).await.len(), 1);
    let claimed = store.write_delivery(&owed.claim(now()).unwrap()).await.unwrap().unwrap();
    assert_eq!(store.write_delivery(&owed.claim(now()).unwrap()).await.unwrap(), None, "another sender");
    assert_eq!(due(now() + SignedDuration::from_secs(60)).await.len(), 0, "while somebody has it");
    let done = claimed.settle(Outcome::Done { words: "200".to_owned() }, now());
    let done = store.write_delivery(&done).await.unwrap().unwrap();
    assert_eq!(due(later()).await.len(), 0);

    store.owe_deliveries(opened, std::slice::from_ref(&owed)).await.unwrap();
    assert_eq!(store.get_delivery(&h.organization, &owed.id).await.unwrap(), Some(done), "owed once");
}

#[tokio::test]
async fn messages_are_listed_newest_first_in_pages() {
    let table = awaiting().await;
    let (store, h) = (&table.store, handoff());
    for minute in 0..5 {
        let at = now() + SignedDuration::from_mins(minute);
        assert!(store.put_delivery(&Delivery::test(&h.organization, Target::Slack, at, 1)).await.unwrap());
    }
    let first = store.list_deliveries(&h.organization, None, 3).await.unwrap();
    let rest = store.list_deliveries(&h.organization, Some(&first[2].id), 3).await.unwrap();
    let all: Vec<_> =
        first.iter().chain(&rest).map(|one| one.made_at.duration_since(now()).as_mins()).collect();
    assert_eq!(all, [4, 3, 2, 1, 0]);
}

#[tokio::test]
async fn what_is_wanted_and_what_flowed_back_is_written_by_one_at_a_time() {
    let table = awaiting().await;
    let (store, h) = (&table.store, handoff());
    let id = organization().id;
    let first = Integrations::default();
    assert!(store.put_integrations(&id, &first, None).await.unwrap());
    assert!(!store.put_integrations(&id, &first, None).await.unwrap());
    let page = store.get_for_delivery(&id, Some(&h.id)).await.unwrap().unwrap();
    assert_eq!((page.integrations.revision, page.flow_back.revision), (1, 0));
    assert_eq!(page.about.unwrap().0.id, h.id);
    let begun = FlowBack { note_begun_at: Some(now()), ..FlowBack::default() };
    assert!(store.put_flow_back(&id, &h.id, &begun).await.unwrap().is_some());
    assert!(store.put_flow_back(&id, &h.id, &begun).await.unwrap().is_none());
    assert_eq!(store.get_flow_back(&id, &h.id).await.unwrap().note_begun_at, Some(now()));
}
