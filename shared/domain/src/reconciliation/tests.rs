//! Walks over deals that change while they are walked over.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + ms).unwrap()
}

fn run(id: &str) -> RunId {
    RunId::parse(id).unwrap()
}

/// What HubSpot's search would answer.
fn page(deals: &BTreeMap<u64, Timestamp>, place: Place) -> Page {
    let mut found: Vec<(Timestamp, u64)> = deals.iter().map(|(id, at)| (*at, *id)).collect();
    match place {
        Place::From(begin) => {
            found.retain(|(at, _)| *at >= begin);
            // Equal moments have no order that could be relied on.
            found.sort_by_key(|(at, id)| (*at, id.reverse_bits()));
        }
        Place::Exactly { at, after } => {
            found.retain(|(one, id)| *one == at && *id > after);
            found.sort_by_key(|(_, id)| *id);
        }
    }
    let is_full = found.len() >= PAGE;
    found.truncate(PAGE);
    Page { deals: found, is_full }
}

/// Walks to the end; what was seen, and how many pages it took.
fn walk(
    deals: &mut BTreeMap<u64, Timestamp>,
    mut change: impl FnMut(usize, &mut BTreeMap<u64, Timestamp>),
) -> (BTreeSet<u64>, usize) {
    let (mut seen, mut pages, mut place) = (BTreeSet::new(), 0, Some(Place::From(at(0))));
    while let Some(here) = place {
        let found = page(deals, here);
        seen.extend(found.deals.iter().map(|(_, id)| *id));
        place = here.next(&found);
        pages += 1;
        change(pages, deals);
        assert!(pages < 1000, "no progress at {here:?}");
    }
    (seen, pages)
}

#[test]
fn every_deal_is_seen_however_many_changed_at_the_same_moment() {
    for equal in [1, 199, 200, 201, 400, 11_000] {
        let mut deals: BTreeMap<u64, Timestamp> =
            (1..=150).map(|id| (id, at(i64::try_from(id).unwrap()))).collect();
        deals.extend((1000..1000 + equal).map(|id| (id, at(500))));
        deals.extend((100_000..100_150).map(|id| (id, at(501))));
        let all: BTreeSet<u64> = deals.keys().copied().collect();
        let (seen, pages) = walk(&mut deals, |_, _| {});
        assert_eq!(seen, all, "{equal}");
        assert!(pages <= 6 + all.len() / 100, "{pages} pages for {}", all.len());
    }
}

#[test]
fn what_changes_while_it_is_walked_over_hides_nothing_else() {
    let mut deals: BTreeMap<u64, Timestamp> =
        (1..=3000).map(|id| (id, at(i64::try_from(id).unwrap() / 3))).collect();
    let all: BTreeSet<u64> = deals.keys().copied().collect();
    // After each page fifty of those that were read are written to.
    let (seen, _) = walk(&mut deals, |page, deals| {
        let touched: Vec<u64> =
            deals.keys().copied().skip(page * 90).take(if page < 30 { 50 } else { 0 }).collect();
        for id in touched {
            deals.insert(id, at(1_000_000 + i64::try_from(page).unwrap()));
        }
    });
    assert_eq!(seen, all);
}

#[test]
fn a_change_that_the_search_learns_of_late_lies_in_the_overlap() {
    let seen = Reconciliation { through: Some(at(3_600_000)), ..Reconciliation::default() };
    let Place::From(begin) = seen.place(at(0)) else { panic!("from the beginning of a page") };
    assert_eq!(begin, at(3_600_000 - 15 * 60_000));
    let Place::From(first) = Reconciliation::default().place(at(0)) else {
        panic!("from the beginning of a page")
    };
    assert_eq!(first, at(-15 * 60_000), "deals are won a moment before they are changed");
}

#[test]
fn one_walks_and_a_dead_one_is_followed() {
    let (mine, other) = (run("mine"), run("other"));
    let taken = Reconciliation::default().begin(mine.clone(), at(0)).unwrap();
    assert!(taken.begin(other.clone(), at(1000)).is_none());
    assert!(taken.begin(mine, at(1000)).is_some(), "itself, come again");
    assert!(taken.begin(other.clone(), at(121_000)).is_some(), "silent for two minutes");
    let full = Page { deals: (1..=200).map(|id| (at(5), id)).collect(), is_full: true };
    let place = taken.place(at(0));
    let walked = taken.walked(place, &full, 3, at(100_000));
    assert!(walked.begin(other.clone(), at(121_000)).is_none(), "each page says that it lives");
    assert_eq!(walked.place(at(0)), Place::From(at(5)), "the next run goes on where it stopped");
    let ended =
        walked.walked(walked.place(at(0)), &Page { deals: vec![(at(9), 1)], is_full: false }, 2, at(101_000));
    assert_eq!((ended.ended_at, ended.lease.clone(), ended.resume), (Some(at(101_000)), None, None));
    assert_eq!(ended.found, Some(FoundDeals { at: at(101_000), deals: 5 }), "one walk is one finding");
    let again = ended.walked(ended.place(at(0)), &Page::default(), 1, at(900_000));
    assert_eq!(again.found, Some(FoundDeals { at: at(900_000), deals: 1 }));
    assert_eq!(again.through, Some(at(9)), "an empty page forgets nothing");
}

#[test]
fn trouble_is_known_since_its_beginning_and_ends_with_an_answer() {
    let quiet = Reconciliation::default();
    let troubled = quiet.stopped(Some(Trouble::Unauthorized), at(0));
    let still = troubled.stopped(Some(Trouble::Unauthorized), at(9));
    assert_eq!(still.trouble, Some((Trouble::Unauthorized, at(0))));
    assert_eq!(still.stopped(Some(Trouble::DailyLimit), at(9)).trouble, Some((Trouble::DailyLimit, at(9))));
    assert_eq!(still.walked(still.place(at(0)), &Page::default(), 0, at(10)).trouble, None);
}
