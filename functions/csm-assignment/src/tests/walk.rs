//! Every route, every role, every foreign id: held against the table that the router is made from.

use super::harness::{Harness, OURS, THEIRS, numbered};
use crate::routes::ROUTES;
use axum::http::StatusCode;
use handoff_domain::handoff::Handoff;
use handoff_domain::id::PortalId;
use handoff_signed_in::{Method, Who};

fn path(route: &crate::routes::Route, account: &str) -> String {
    route.path.replace("{id}", account)
}

#[test]
fn nothing_is_for_strangers() {
    assert!(ROUTES.iter().all(|route| route.who == Who::Member));
}

#[tokio::test]
async fn without_a_session_every_route_leads_to_the_sign_in_page() {
    let harness = Harness::handed_over_to("cora").await;
    // A session of one organization under the name of the other.
    let mut moved = harness.signed_in(THEIRS, "boss").await;
    let token = moved.token.as_ref().unwrap().reveal().replace("hs77.", "hs62515.");
    moved.token = handoff_domain::sign_in::SessionToken::parse(&token).ok();
    for route in ROUTES {
        for browser in [harness.stranger(), moved.clone()] {
            let answer = match route.method {
                Method::Get => browser.get(&path(route, "d1001")).await,
                Method::Post => browser.post(&path(route, "d1001"), &[]).await,
            };
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{route:?}");
            assert!(answer.header("location").starts_with("/sign-in?then=%2F"));
        }
    }
}

#[tokio::test]
async fn accounts_that_are_not_there_or_not_theirs_are_not_found_for_any_role() {
    let harness = Harness::handed_over_to("cora").await;
    let theirs = Handoff { organization: PortalId(THEIRS).organization(), ..numbered(77) };
    harness.table.store.create_handoff(&theirs).await.unwrap();
    let everybody =
        [(OURS, "cora", "d77"), (OURS, "admin", "d77"), (THEIRS, "zoe", "d1001"), (THEIRS, "boss", "d1001")];
    for (portal, person, foreign) in everybody {
        let browser = harness.signed_in(portal, person).await;
        for route in ROUTES {
            for account in [foreign, "d404404", "%00", "..%2F"] {
                let path = path(route, account);
                let answer = match route.method {
                    Method::Get => browser.get(&path).await,
                    Method::Post => browser.post(&path, &[("csm", "sam"), ("reason", "x")]).await,
                };
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{person} {path}");
                for word in ["Acme", "Cora Lind", "Sam Okoro"].into_iter().filter(|_| portal == THEIRS) {
                    assert!(!answer.body.contains(word), "{person} {path}: {word}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_post_without_the_sessions_proof_changes_nothing() {
    let harness = Harness::handed_over_to("cora").await;
    for person in ["admin", "cora", "sam"] {
        let browser = harness.signed_in(OURS, person).await;
        let before = harness.table.dump().await;
        for proof in [&[][..], &[("csrf", "wrong")]] {
            let fields = [proof, &[("csm", "sam"), ("reason", "x")]].concat();
            let answer = browser.post_raw("/accounts/d1001/csm", &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(harness.table.dump().await, before);
    }
}

#[tokio::test]
async fn wrong_methods_and_addresses_get_pages_of_ours() {
    let harness = Harness::start().await;
    let admin = harness.signed_in(OURS, "admin").await;
    assert_eq!(admin.get("/accounts/d1001/csm/more").await.status, StatusCode::NOT_FOUND);
    let seen = admin.get("/accounts/d1001/csm").await;
    assert_eq!((seen.header("vary"), seen.header("cache-control")), ("Cookie", "no-store"));
}
