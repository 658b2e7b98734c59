//! Lists of accounts: what each filter finds, page by page, and that nothing of another organization is in them.

use handoff_domain::handoff::{Assigned, Attention, Handoff, HandoffState};
use handoff_domain::id::{AccountId, MemberId, OrganizationId, PortalId};
use handoff_domain::listing::{Filter, Lane, Standing, fold};
use handoff_store::Cursor;
use handoff_testing::fixtures::{handoff, now, organization};
use handoff_testing::{TestTable, table};
use jiff::SignedDuration;

const STATES: [HandoffState; 5] = [
    HandoffState::Drafting,
    HandoffState::AwaitingAe,
    HandoffState::Submitted,
    HandoffState::Skipped,
    HandoffState::Expired,
];

fn member(id: &str) -> MemberId {
    MemberId::parse(id).unwrap()
}

/// The account of this number: every fifth is in the same state, every fourth belongs to Cora, every seventh is Ana's, every
/// ninth has a reason to look.
fn account(number: usize) -> Handoff {
    let mut made = handoff();
    made.id = AccountId::parse(format!("d{number}")).unwrap();
    made.account.company =
        format!("{} Company {number:03}", if number.is_multiple_of(2) { "Élan" } else { "Best" });
    made.ae.name = if number.is_multiple_of(7) { "Ana Ellis".to_owned() } else { format!("Zed {number}") };
    made.state = STATES[number % 5];
    made.created_at = now() + SignedDuration::from_secs(i64::try_from(number).unwrap());
    if number.is_multiple_of(4) {
        made.assigned =
            Some(Assigned { csm: member("cora"), name: "Cora Lind".to_owned(), at: made.created_at });
    }
    if number.is_multiple_of(9) {
        made.raise(Attention::MailFailed, made.created_at);
    }
    made
}

const ALL: usize = 60;

async fn filled() -> TestTable {
    let table = table().await;
    for number in 0..ALL {
        table.store.create_handoff(&account(number)).await.unwrap();
    }
    let stranger = PortalId(7).organization();
    for number in 0..5 {
        let theirs = Handoff { organization: stranger.clone(), ..account(number) };
        table.store.create_handoff(&theirs).await.unwrap();
    }
    table
}

/// All rows of a list, page by page, as numbers in their order.
async fn numbers(
    table: &TestTable,
    organization: &OrganizationId,
    filter: &Filter,
    most: usize,
) -> Vec<usize> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..=2 * ALL {
        let page = table.store.list_accounts(organization, filter, after.as_ref(), most).await.unwrap();
        assert!(page.rows.len() <= most);
        let number = |account: &AccountId| account.as_str()[1..].parse::<usize>().unwrap();
        found.extend(page.rows.iter().map(|row| number(&row.account)));
        match page.next {
            None => return found,
            Some(cursor) => {
                let text = cursor.to_text();
                after = Cursor::parse(&text);
                assert_eq!(after, Some(cursor));
            }
        }
    }
    panic!("a list without an end: {found:?}");
}

fn filters() -> Vec<Filter> {
    let any = Filter::default();
    let moment = |number: i64| Some(now() + SignedDuration::from_secs(number));
    let texts = ["elan", "best company 01", "ANA e", "cora", "zed 1", "nobody", "company"];
    let mut filters: Vec<Filter> =
        texts.iter().map(|text| Filter { text: fold(text), ..any.clone() }).collect();
    filters.push(Filter { text: fold("lind"), csms_named: vec![member("cora")], ..any.clone() });
    filters.push(Filter { csm: Some(member("cora")), ..any.clone() });
    filters.push(Filter { csm: Some(member("cora")), text: fold("elan company 02"), ..any.clone() });
    filters.push(Filter { csm: Some(member("nobody")), ..any.clone() });
    filters.push(Filter { ae: fold("ana"), ..any.clone() });
    filters.push(Filter { ae: fold("zed"), made_from: moment(30), ..any.clone() });
    filters.push(Filter { made_from: moment(10), made_before: moment(40), ..any.clone() });
    filters.push(Filter { made_before: moment(5), ..any.clone() });
    filters.push(Filter { standing: Some(Standing::Attention), ..any.clone() });
    for state in STATES {
        let standing = Some(Standing::State(state));
        filters.push(Filter { standing, ..any.clone() });
        filters.push(Filter { standing, made_from: moment(20), ..any.clone() });
        filters.push(Filter { standing, text: fold("elan"), csm: Some(member("cora")), ..any.clone() });
    }
    filters.push(any);
    filters
}

/// Whether the filter asks for an account, told from the account itself.
fn is_asked_for(filter: &Filter, made: &Handoff) -> bool {
    filter.matches(&handoff_domain::listing::Listed {
        account: made.id.clone(),
        state: made.state,
        attention: made.attention.clone(),
        attention_since: made.attention_since,
        created_at: made.created_at,
        opened_at: None,
        row: made.row(),
    })
}

#[tokio::test]
async fn every_filter_finds_each_row_once_whatever_the_size_of_a_page() {
    let table = filled().await;
    for filter in filters() {
        let mut expected: Vec<usize> =
            (0..ALL).filter(|number| is_asked_for(&filter, &account(*number))).collect();
        for most in [1, 7, 100] {
            let mut found = numbers(&table, &organization().id, &filter, most).await;
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{most}: {filter:?}");
        }
    }
}

#[tokio::test]
async fn companies_stand_in_their_order_and_ages_the_newest_first() {
    let table = filled().await;
    let all = numbers(&table, &organization().id, &Filter::default(), 25).await;
    let names: Vec<String> = all.iter().map(|number| fold(&account(*number).account.company)).collect();
    assert!(names.is_sorted());
    let mine = Filter { csm: Some(member("cora")), ..Filter::default() };
    let mine = numbers(&table, &organization().id, &mine, 4).await;
    assert!(mine.iter().rev().is_sorted() && mine.len() == ALL / 4, "{mine:?}");
}

#[tokio::test]
async fn another_organization_sees_its_own_rows_and_no_cursor_changes_that() {
    let table = filled().await;
    let stranger = PortalId(7).organization();
    for filter in filters() {
        let found = numbers(&table, &stranger, &filter, 2).await;
        assert!(found.iter().all(|number| *number < 5), "{found:?}");
    }
    let page = table.store.list_accounts(&organization().id, &Filter::default(), None, 3).await.unwrap();
    let ours = page.next.unwrap();
    let theirs = table.store.list_accounts(&stranger, &Filter::default(), Some(&ours), 50).await.unwrap();
    assert!(theirs.rows.len() <= 5);
}

#[tokio::test]
async fn a_cursor_of_another_list_or_of_nobody_begins_anew() {
    let table = filled().await;
    let (all, lane) =
        (Filter::default(), Filter { standing: Some(Standing::Attention), ..Filter::default() });
    let page = table.store.list_accounts(&organization().id, &all, None, 3).await.unwrap();
    let first = table.store.list_accounts(&organization().id, &lane, None, 3).await.unwrap();
    let anew = table.store.list_accounts(&organization().id, &lane, page.next.as_ref(), 3).await.unwrap();
    assert_eq!(anew.rows.first(), first.rows.first());
    for text in ["", "x", "eyJhIjoxfQ", "%%%"] {
        assert_eq!(Cursor::parse(text), None, "{text}");
    }
}

#[tokio::test]
async fn a_lane_shows_the_oldest_first_and_a_reason_to_look_moves_a_handoff_there() {
    let table = filled().await;
    let organization = organization().id;
    let awaiting = table.store.list_lane(&organization, Lane::AwaitingAe, 3).await.unwrap();
    let ids: Vec<&str> = awaiting.0.iter().map(|row| row.account.as_str()).collect();
    assert_eq!((ids, awaiting.1), (vec!["d1", "d6", "d11"], true));
    let moved = AccountId::parse("d1").unwrap();
    table.store.add_attention(&organization, &moved, Attention::DealReopened, now()).await.unwrap();
    let awaiting = table.store.list_lane(&organization, Lane::AwaitingAe, 1).await.unwrap().0;
    assert_eq!(awaiting[0].account.as_str(), "d6");
    let attention = table.store.list_lane(&organization, Lane::Attention, 50).await.unwrap().0;
    let row = attention.iter().find(|row| row.account == moved).unwrap();
    assert!(row.attention.contains(&Attention::DealReopened) && row.attention_since == Some(now()));
}

#[tokio::test]
async fn a_save_changes_nothing_of_what_the_indexes_hold() {
    use handoff_domain::handoff::Changes;
    let table = table().await;
    let made = handoff();
    table.store.create_handoff(&made).await.unwrap();
    let hash = made.link.unwrap().hash;
    table.store.record_opened(&made.organization, &made.id, &hash, now()).await.unwrap();
    let indexed = |items: Vec<handoff_testing::table::Item>| {
        let item = items.into_iter().find(|item| item.contains_key("made_sk")).unwrap();
        [
            "list_pk",
            "company_sk",
            "ae_sk",
            "lane_pk",
            "csm_pk",
            "made_sk",
            "row",
            "due_pk",
            "due_sk",
            "state",
            "attention",
            "attention_since",
            "created_at",
            "opened_at",
        ]
        .map(|name| item.get(name).cloned())
    };
    let before = indexed(table.items().await);
    let csm = Some(Some(handoff_domain::handoff::CsmChoice::Member(member("cora"))));
    let changes = Changes { note: Some("x".to_owned()), csm, ..crate::text_change("risks", "x") };
    let at = now() + SignedDuration::from_secs(9);
    table.store.save_answers(&made.organization, &made.id, &hash, 0, &changes, at).await.unwrap();
    assert_eq!(indexed(table.items().await), before);
}
