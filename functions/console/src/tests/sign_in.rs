//! Signing in and out, and everything that ends a session.

use super::harness::{Harness, OURS, THEIRS};
use axum::http::StatusCode;
use handoff_domain::limits::{SIGN_INS_PER_ADDRESS, SIGN_INS_PER_ORGANIZATION};
use handoff_domain::roster::Role;

const CSM: &str = "sam@northwind.test";
/// Known to both organizations.
const BOTH: &str = "cora@northwind.test";

#[tokio::test]
async fn a_mailed_link_signs_in_once_in_the_browser_that_asked() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    let asked = browser.ask(" SAM@Northwind.test ", "/help/csm").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let (to, link) = harness.links().await.remove(0);
    assert_eq!(to, CSM);
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Sign in</button>"));
    let entered = browser.enter(&link).await;
    assert_eq!((entered.status, entered.header("location")), (StatusCode::SEE_OTHER, "/help/csm"));
    let accounts = browser.get("/accounts").await;
    assert_eq!(accounts.status, StatusCode::OK);
    assert!(accounts.body.contains("Sam Okoro"));
    assert!(!accounts.body.contains("Settings"), "no admin");
    let mut again = harness.browser();
    again.cookies = browser.cookies.clone();
    assert_eq!(again.get(&link).await.status, StatusCode::GONE);
    let secret = browser.token().unwrap().reveal().split_once('.').unwrap().1.to_owned();
    assert!(!harness.table.dump().await.contains(&secret));
    assert!(!harness.table.dump().await.contains(link.trim_start_matches("/sign-in/")));
}

#[tokio::test]
async fn two_clicks_at_once_make_one_session() {
    let harness = Harness::start().await;
    let mut one = harness.browser();
    one.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    let csrf = one.get(&link).await.field("csrf");
    let mut two = one.clone();
    let fields = [("csrf", csrf.as_str())];
    let (first, second) = tokio::join!(one.post_raw(&link, &fields), two.post_raw(&link, &fields));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::GONE]);
}

#[tokio::test]
async fn reading_a_link_consumes_nothing_wherever_it_is_read() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    browser.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    let before = harness.table.dump().await;
    let mut scanner = harness.browser();
    let read = scanner.get(&link).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.body.contains("in the browser where you asked"));
    browser.get(&link).await;
    assert_eq!(harness.table.dump().await, before);
    assert_eq!(browser.enter(&link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_browser_cannot_use_the_link() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    browser.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    let mut thief = harness.browser();
    assert_eq!(thief.post_raw(&link, &[]).await.status, StatusCode::FORBIDDEN);
    // Also with a proof of its own.
    let csrf = thief.get("/sign-in").await.field("csrf");
    assert_eq!(thief.post_raw(&link, &[("csrf", &csrf)]).await.status, StatusCode::FORBIDDEN);
    assert!(thief.token().is_none());
    assert_eq!(browser.enter(&link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_dies_after_ten_minutes() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    browser.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    let csrf = browser.get(&link).await.field("csrf");
    harness.advance_minutes(10);
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.post_raw(&link, &[("csrf", &csrf)]).await.status, StatusCode::GONE);
    assert!(browser.token().is_none());
}

#[tokio::test]
async fn wrong_tokens_lead_nowhere() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    browser.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    for wrong in [
        "/sign-in/x",
        "/sign-in/%FF",
        &format!("{link}A"),
        &link.to_uppercase().replace("/SIGN-IN", "/sign-in"),
    ] {
        assert_eq!(browser.get(wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn strangers_get_the_same_answer_and_no_mail() {
    let harness = Harness::start().await;
    let mut answers = Vec::new();
    // An AE alone may not sign in either.
    for address in [CSM, "nobody@northwind.test", "ana@northwind.test"] {
        let mut browser = harness.browser();
        let mut asked = browser.ask(address, "/accounts").await;
        asked.headers.remove("set-cookie");
        let then = browser.get(asked.header("location")).await;
        answers.push((asked.status, asked.headers, asked.body, then.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(harness.links().await.len(), 1);
}

#[tokio::test]
async fn an_address_asks_five_times_in_a_quarter_of_an_hour_known_or_not() {
    let harness = Harness::start().await;
    for address in [CSM, "nobody@northwind.test"] {
        let mut browser = harness.browser();
        for _ in 0..5 {
            assert_eq!(browser.ask(address, "").await.status, StatusCode::SEE_OTHER, "{address}");
        }
        let refused = browser.ask(&address.to_uppercase(), "").await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), "900");
    }
    assert_eq!(harness.links().await.len(), 5);
    harness.advance_minutes(15);
    assert_eq!(harness.browser().ask(CSM, "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_text_that_is_no_address_comes_back_with_what_was_typed() {
    let harness = Harness::start().await;
    let answer = harness.browser().ask("sam at northwind", "/help").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("sam at northwind") && answer.body.contains("field-error"));
    assert_eq!(answer.field("then"), "/help");
}

#[tokio::test]
async fn a_post_without_the_browsers_proof_is_refused() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    assert_eq!(browser.post_raw("/sign-in", &[("email", CSM)]).await.status, StatusCode::FORBIDDEN);
    browser.get("/sign-in").await;
    let wrong = [("email", CSM), ("csrf", "wrong")];
    assert_eq!(browser.post_raw("/sign-in", &wrong).await.status, StatusCode::FORBIDDEN);
    assert!(harness.links().await.is_empty());
}

#[tokio::test]
async fn who_is_known_twice_chooses_after_the_link_and_never_before() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    let asked = browser.ask(BOTH, "").await;
    assert!(!asked.body.contains("Contoso"));
    let links = harness.links().await;
    assert_eq!(links.len(), 1, "one mail");
    let link = &links[0].1;
    let choice = browser.enter(link).await;
    assert_eq!(choice.status, StatusCode::OK);
    assert!(choice.body.contains("Northwind") && choice.body.contains("Contoso"));
    let csrf = choice.field("csrf");
    let foreign = [("csrf", csrf.as_str()), ("organization", "hs1")];
    assert_eq!(browser.post_raw(link, &foreign).await.status, StatusCode::GONE);
    let chosen = [("csrf", csrf.as_str()), ("organization", "hs77")];
    assert_eq!(browser.post_raw(link, &chosen).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.token().unwrap().organization.as_str(), "hs77");
    assert!(browser.get("/accounts").await.body.contains("Contoso"));
}

#[tokio::test]
async fn a_person_who_is_removed_or_changes_their_address_is_out_at_once() {
    let harness = Harness::start().await;
    let mut sam = harness.signed_in(OURS, "sam").await;
    let mut cora = harness.signed_in(OURS, "cora").await;
    assert_eq!(sam.get("/accounts").await.status, StatusCode::OK);
    harness
        .change_roster(OURS, |members| {
            members.retain(|member| member.id.as_str() != "sam");
            members[0].email = "new@northwind.test".to_owned().try_into().unwrap();
        })
        .await;
    for browser in [&mut sam, &mut cora] {
        let answer = browser.get("/accounts").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/sign-in?then=%2Faccounts")
        );
    }
}

#[tokio::test]
async fn a_link_to_somebody_who_was_removed_meanwhile_opens_nothing() {
    let harness = Harness::start().await;
    let mut browser = harness.browser();
    browser.ask(CSM, "").await;
    let (_, link) = harness.links().await.remove(0);
    harness.change_roster(OURS, |members| members.retain(|member| member.id.as_str() != "sam")).await;
    assert_eq!(browser.enter(&link).await.status, StatusCode::GONE);
    assert!(browser.token().is_none());
    // And nobody knows the address any more.
    harness.browser().ask(CSM, "").await;
    assert_eq!(harness.links().await.len(), 1);
}

#[tokio::test]
async fn a_role_that_is_lost_is_lost_at_once() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    assert!(admin.get("/help").await.body.contains("Ada Admin"));
    harness
        .change_roster(OURS, |members| {
            let admin = members.iter_mut().find(|member| member.id.as_str() == "admin").unwrap();
            admin.roles = vec![Role::Ae];
        })
        .await;
    assert_eq!(admin.get("/help").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_twelve_idle_hours_and_seven_days() {
    let harness = Harness::start().await;
    let mut idle = harness.signed_in(OURS, "sam").await;
    let mut busy = harness.signed_in(OURS, "cora").await;
    for _ in 0..15 {
        harness.advance_minutes(11 * 60);
        assert_eq!(busy.get("/help").await.status, StatusCode::OK);
    }
    assert_eq!(idle.get("/help").await.status, StatusCode::SEE_OTHER);
    harness.advance_minutes(3 * 60);
    assert_eq!(busy.get("/help").await.status, StatusCode::SEE_OTHER, "seven days are over");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_our_side() {
    let harness = Harness::start().await;
    let mut browser = harness.signed_in(THEIRS, "zoe").await;
    let stolen = browser.clone().cookies;
    let token = browser.token().unwrap();
    assert_eq!(browser.post_raw("/sign-out", &[]).await.status, StatusCode::FORBIDDEN);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/sign-in?out=1"));
    assert_eq!(out.header("clear-site-data"), "\"cookies\", \"storage\"");
    assert!(browser.token().is_none() && !harness.strong_session(&token).await);
    browser.cookies = stolen;
    assert_eq!(browser.get("/accounts").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_organization_gets_so_many_links_in_a_quarter_of_an_hour_whoever_asks() {
    let harness = Harness::start().await;
    let people: Vec<String> = (0..21).map(|number| format!("person{number}@northwind.test")).collect();
    harness
        .change_roster(OURS, |members| {
            for (number, email) in people.iter().enumerate() {
                let mut person = handoff_testing::fixtures::csm(&format!("p{number}"), "A person", &[], 1);
                person.email = handoff_domain::email::EmailAddress::parse(email).unwrap();
                members.push(person);
            }
        })
        .await;
    for asked in 0..SIGN_INS_PER_ORGANIZATION {
        let email = &people[usize::try_from(asked / SIGN_INS_PER_ADDRESS).unwrap()];
        assert_eq!(harness.browser().ask(email, "").await.status, StatusCode::SEE_OTHER, "{asked}");
    }
    let links = harness.links().await.len();
    assert_eq!(links, usize::try_from(SIGN_INS_PER_ORGANIZATION).unwrap());
    // One more looks the same to whoever asks, and mails nothing.
    let one_more = harness.browser().ask(&people[20], "").await;
    assert_eq!((one_more.status, harness.links().await.len()), (StatusCode::SEE_OTHER, links));
    // Another organization does not notice, and the next quarter of an hour begins anew.
    harness.browser().ask("zoe@contoso.test", "").await;
    assert_eq!(harness.links().await.len(), links + 1);
    harness.advance_minutes(16);
    harness.browser().ask(&people[20], "").await;
    assert_eq!(harness.links().await.len(), links + 2);
}
