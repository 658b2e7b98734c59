//! Every route, every role, every foreign session: held against the table that the router is made from.

use super::harness::{Browser, Harness, OURS, THEIRS};
use crate::routes::{Method, ROUTES, Route, Who};
use axum::http::StatusCode;

/// A path of the pattern, with ids that belong to nobody.
fn path(route: &Route) -> String {
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { "d404404" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

async fn take(browser: &mut Browser<'_>, route: &Route) -> super::harness::Answer {
    match route.method {
        Method::Get => browser.get(&path(route)).await,
        Method::Post => browser.post(&path(route), &[]).await,
    }
}

fn guarded() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.who != Who::Anyone)
}

#[test]
fn only_signing_in_and_logos_are_for_everybody() {
    let open: Vec<_> =
        ROUTES.iter().filter(|route| route.who == Who::Anyone).map(|route| route.path).collect();
    assert_eq!(
        open,
        ["/", "/sign-in", "/sign-in", "/sign-in/{token}", "/sign-in/{token}", "/logos/{organization}/{logo}"]
    );
    assert!(guarded().all(|route| !route.path.starts_with("/settings") || route.who == Who::Admin));
}

#[tokio::test]
async fn without_a_session_every_route_leads_to_the_sign_in_page() {
    let harness = Harness::start().await;
    let mut forged = harness.browser();
    forged.cookies.insert("__Host-s".into(), "hs62515.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into());
    // A session of one organization under the name of the other.
    let mut moved = harness.signed_in(THEIRS, "boss").await;
    let token = moved.cookies["__Host-s"].replace("hs77.", "hs62515.");
    moved.cookies.insert("__Host-s".into(), token);
    for route in guarded() {
        for browser in [&mut harness.browser(), &mut forged, &mut moved] {
            let answer = take(browser, route).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{:?} {}", route.method, route.path);
            assert!(answer.header("location").starts_with("/sign-in?then=%2F"), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn each_role_gets_what_the_table_says() {
    let harness = Harness::start().await;
    for (portal, member, is_admin) in
        [(OURS, "sam", false), (OURS, "admin", true), (THEIRS, "zoe", false), (THEIRS, "boss", true)]
    {
        for route in guarded() {
            let mut browser = harness.signed_in(portal, member).await;
            let answer = take(&mut browser, route).await;
            let refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                refused,
                route.who == Who::Admin && !is_admin,
                "{member} {:?} {}",
                route.method,
                route.path
            );
            assert!(!answer.status.is_server_error(), "{member} {} {}", route.path, answer.status);
            assert_eq!(answer.header("vary"), "Cookie");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
}

#[tokio::test]
async fn no_page_of_one_organization_shows_a_word_of_another() {
    let harness = Harness::start().await;
    let mut boss = harness.signed_in(THEIRS, "boss").await;
    for route in guarded().filter(|route| route.method == Method::Get) {
        let page = boss.get(&path(route)).await.body;
        for word in ["Northwind", "Ada Admin", "Sam Okoro", "hs62515"] {
            assert!(!page.contains(word), "{}: {word}", route.path);
        }
    }
}

#[tokio::test]
async fn a_post_without_the_sessions_proof_changes_nothing() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    let before = harness.table.dump().await;
    for route in guarded().filter(|route| route.method == Method::Post) {
        for fields in [&[][..], &[("csrf", "wrong")]] {
            let answer = admin.post_raw(&path(route), fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", route.path);
        }
    }
    assert_eq!(harness.table.dump().await, before);
}

#[tokio::test]
async fn wrong_addresses_and_methods_get_pages_of_ours() {
    let harness = Harness::start().await;
    let mut admin = harness.signed_in(OURS, "admin").await;
    assert_eq!(admin.get("/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get("/help/nobody").await.status, StatusCode::NOT_FOUND);
    let wrong = admin.post("/help", &[]).await;
    assert_eq!((wrong.status, wrong.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD"));
    let home = admin.get("/").await;
    assert_eq!(home.header("location"), "/accounts");
}

#[test]
fn the_navigation_leads_to_routes_for_those_who_see_it() {
    for (item, who) in handoff_signed_in::NAV {
        let route = ROUTES.iter().find(|route| route.method == Method::Get && route.path == item.href);
        assert_eq!(route.map(|route| route.who), Some(who), "{}", item.href);
    }
}
