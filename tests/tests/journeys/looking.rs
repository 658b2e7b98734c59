//! Who only looks: a scanner that follows every link changes nothing, and whoever has read the whole table gets in nowhere.

use crate::privacy::everything;
use crate::rig::{SignedIn, Street, deal};
use reqwest::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;

/// Pages that a crawl sees at most; there are fewer.
const PAGES_MAX: usize = 600;
/// How often everything is looked at.
const ROUNDS: usize = 3;

async fn lived_in() -> (Street, String) {
    let street = Street::open().await;
    street.close(deal::RICH).await;
    let link = street.link("handoff_invitation").await;
    street.submit(&link, "grace-lin", &[]).await;
    let german = street.deal("In German").await;
    street.close(&german).await;
    street.run_schedule("analytics-rollup").await;
    street.settle().await;
    (street, link)
}

/// The addresses on our own origin that a page links to.
fn hrefs(html: &str) -> impl Iterator<Item = String> + '_ {
    let values = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own =
        values.filter(|href| href.starts_with('/') && !href.starts_with("//") && !href.starts_with("/local"));
    own.map(|href| href.split('#').next().unwrap_or(href).replace("&amp;", "&"))
}

async fn crawl(street: &Street, visitor: Option<&SignedIn<'_>>, from: &[&str]) -> BTreeSet<String> {
    let mut seen: BTreeSet<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut next: Vec<String> = seen.iter().cloned().collect();
    while let Some(path) = next.pop() {
        let page = match visitor {
            Some(visitor) => visitor.get(&path).await,
            None => street.get(&path).await,
        };
        assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        for href in hrefs(&page.html) {
            if seen.len() < PAGES_MAX && seen.insert(href.clone()) {
                next.push(href);
            }
        }
    }
    seen
}

#[tokio::test]
async fn a_scanner_that_follows_every_link_changes_not_a_byte() {
    let (street, link) = lived_in().await;
    let admin = street.sign_in("admin@example.com").await;
    let begin = ["/accounts?scope=all", "/handoffs", "/analytics", "/settings", "/help", link.as_str()];
    let pages = crawl(&street, Some(&admin), &begin).await;
    assert!(pages.len() > 60, "{pages:#?}");
    for needed in ["/settings/roster", "/settings/integrations", "/analytics.csv"] {
        assert!(pages.iter().any(|page| page.starts_with(needed)), "{needed} was not seen in {pages:#?}");
    }
    street.settle().await;
    let (before, mails) = (street.json("/local/table.json").await, street.mails().await);
    for _ in 0..ROUNDS {
        for page in &pages {
            admin.get(page).await;
            let head =
                street.http.head(street.url(page)).header("cookie", &admin.cookies).send().await.unwrap();
            assert!(!head.status().is_server_error(), "HEAD {page}");
            // Not signed in, and as a browser that fetches ahead.
            let ahead = street.http.get(street.url(page)).header("sec-purpose", "prefetch");
            ahead.send().await.unwrap();
        }
    }
    street.settle().await;
    assert_eq!(street.json("/local/table.json").await, before);
    assert_eq!(street.mails().await.len(), mails.len());
}

fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
            // Parts of keys too.
            found.extend(text.split('#').map(str::to_owned));
        }
        Value::Array(list) => list.iter().for_each(|one| texts(one, found)),
        Value::Object(map) => map.values().for_each(|one| texts(one, found)),
        _ => {}
    }
}

#[tokio::test]
async fn no_value_of_the_whole_table_opens_anything() {
    let (street, link) = lived_in().await;
    let admin = street.sign_in("admin@example.com").await;
    assert_eq!(admin.get("/accounts").await.status, StatusCode::OK, "the session lives");
    let mut values = BTreeSet::new();
    for item in everything(&street).await.lines() {
        texts(&serde_json::from_str(item).unwrap(), &mut values);
    }
    texts(&street.json("/local/table.json").await, &mut values);
    let token = link.trim_start_matches("/handoff/");
    assert!(!values.contains(token), "the link itself is nowhere");
    let is_like_one = |value: &&String| {
        (12..400).contains(&value.len())
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'='))
    };
    let tried: Vec<&String> = values.iter().filter(is_like_one).collect();
    assert!(tried.len() > 100, "{}", tried.len());
    for value in tried {
        assert_eq!(street.get(&format!("/handoff/{value}")).await.status, StatusCode::NOT_FOUND, "{value}");
        let sign_in = street.get(&format!("/sign-in/{value}")).await;
        assert!(matches!(sign_in.status.as_u16(), 404 | 410), "{value}: {}", sign_in.status);
        let call = street.http.get(street.url("/accounts")).header("cookie", format!("s={value}; fresh=1"));
        assert_eq!(call.send().await.unwrap().status(), StatusCode::SEE_OTHER, "{value}");
    }
    assert_eq!(street.get(&link).await.status, StatusCode::OK, "and the link still opens");
}
