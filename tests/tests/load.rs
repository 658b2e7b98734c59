//! Many at once while a fifth of all calls fails: deals that close together, forms that are saved and submitted together. Nothing is
//! lost, nothing is doubled, and the limits of HubSpot and SES are kept by all workers together, by the movable clock.
//!
//! `make load DEALS=1000 SAVES=10` is the large one: that many deals, each saved so often and submitted once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "a test program"
)]

#[path = "journeys/rig.rs"]
mod rig;

use handoff_domain::pace::Rate;
use handoff_local::Options;
use handoff_runtime::Environment;
use jiff::{SignedDuration, Timestamp};
use rig::Street;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// The clock runs so much quicker than the machine's.
const STEP: Duration = Duration::from_millis(10);
const STEP_AHEAD_MS: i64 = 40;
/// AEs who are at it at the same time.
const AES: usize = 24;
const TRIES: usize = 60;

fn number(name: &str, otherwise: usize) -> usize {
    Environment::from_process().get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A fifth of all calls: nothing done, or done and not answered.
fn a_fifth() -> Value {
    let modes = [("throttle", 0.08), ("error", 0.07), ("lost_reply", 0.06)];
    let mut faults = Vec::new();
    for (row, service) in ["dynamodb", "sqs", "ses", "hubspot"].into_iter().enumerate() {
        for (column, (mode, probability)) in modes.into_iter().enumerate() {
            faults.push(json!({"service": service, "mode": mode, "probability": probability, "seed": row * 3 + column}));
        }
    }
    Value::Array(faults)
}

/// Asks until there is an answer that is none of the server's own faults.
async fn insist(make: impl Fn() -> reqwest::RequestBuilder) -> (u16, String) {
    for _ in 0..TRIES {
        if let Ok(answer) = make().send().await {
            let status = answer.status();
            if let Ok(text) = answer.text().await
                && !status.is_server_error()
            {
                return (status.as_u16(), text);
            }
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    panic!("no answer");
}

fn field(html: &str, name: &str) -> Option<String> {
    let at = html.find(&format!("name=\"{name}\""))?;
    let tag = &html[html[..at].rfind('<')?..at + html[at..].find('>')?];
    let value = tag.find("value=\"")? + 7;
    Some(tag[value..value + tag[value..].find('"')?].to_owned())
}

/// One AE: saves, and then submits; what was answered is what must be there in the end.
async fn hand_over(street: &Street, link: &str, saves: usize) -> String {
    let mut words = String::new();
    for save in 0..=saves {
        let is_submit = save == saves;
        let mut tries = 0;
        loop {
            tries += 1;
            assert!(tries < TRIES, "never saved");
            let (status, html) = insist(|| street.http.get(street.url(link))).await;
            assert_eq!(status, 200, "{link}");
            // Answered in vain the last time: it was done all the same.
            let (Some(csrf), Some(version)) = (field(&html, "csrf"), field(&html, "version")) else {
                assert!(is_submit, "{html}");
                return words;
            };
            words = format!("Risk {save} of {link}.");
            let mut fields = vec![
                ("csrf", csrf.as_str()),
                ("version", &version),
                ("answers[risks]", &words),
                ("csm", "grace-lin"),
            ];
            for required in ["answers[primary_use_case]", "answers[top_goals]", "answers[stakeholders]"] {
                fields.push((required, "Known to the AE only."));
            }
            let path = format!("{link}/{}", if is_submit { "submit" } else { "answers" });
            let form = || {
                let form = street.form(&path, &fields);
                if is_submit { form } else { form.header("accept", "application/json") }
            };
            let (status, text) = insist(form).await;
            match status {
                200 | 303 => break,
                // A save whose answer was lost has raised the version.
                409 => {}
                _ => panic!("{status} {text}"),
            }
        }
    }
    words
}

/// The largest number of these moments in any window of this length.
fn most_within(moments: &[Timestamp], window: SignedDuration) -> usize {
    let mut from = 0;
    let mut most = 0;
    for (index, moment) in moments.iter().enumerate() {
        while moment.duration_since(moments[from]) >= window {
            from += 1;
        }
        most = most.max(index + 1 - from);
    }
    most
}

fn moments(journal: &[Value], is: impl Fn(&Value) -> bool) -> Vec<Timestamp> {
    let mut moments: Vec<Timestamp> = journal
        .iter()
        .filter(|entry| is(entry))
        .map(|entry| entry["at"].as_str().unwrap().parse().unwrap())
        .collect();
    moments.sort_unstable();
    moments
}

async fn limits_are_kept(street: &Street) {
    let journal = street.json("/local/journal.json").await;
    let journal = journal.as_array().unwrap();
    let second = SignedDuration::from_secs(1);
    let hubspot = moments(journal, |entry| entry["service"] == "hubspot");
    let searches = moments(journal, |entry| entry["operation"].as_str().unwrap().ends_with("/search"));
    let mails = moments(journal, |entry| entry["service"] == "ses");
    let most = (
        most_within(&hubspot, SignedDuration::from_secs(10)),
        most_within(&searches, second),
        most_within(&mails, second),
    );
    let failed = journal.iter().filter(|entry| !entry["fault"].is_null()).count();
    println!(
        "{} calls, {failed} of them failed; at most {} of {} requests to HubSpot in 10 s, {} of {} searches and {} of {} mails in 1 s",
        journal.len(),
        most.0,
        hubspot.len(),
        most.1,
        searches.len(),
        most.2,
        mails.len()
    );
    assert!(failed * 8 > journal.len(), "faults were on");
    assert!(most.0 <= 110, "HubSpot's limit");
    assert!(most.1 <= 5, "HubSpot's limit of searches");
    assert!(most.2 <= Rate::mails(10).most_in(second) as usize + 1, "SES's limit");
}

/// The links of all invitations, by account.
async fn links(street: &Street) -> BTreeMap<String, String> {
    let mut links = BTreeMap::new();
    for mail in street.mails_of("handoff_invitation").await {
        let text = mail["text"].as_str().unwrap();
        let link: String =
            text[text.find("/handoff/").unwrap()..].chars().take_while(|c| !c.is_whitespace()).collect();
        let before = links.insert(mail["account_id"].as_str().unwrap().to_owned(), link);
        assert_eq!(before, None, "invited twice: {}", mail["account_id"]);
    }
    links
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_with_a_fifth_of_all_calls_failing() {
    let (deals, saves) = (number("DEALS", 40), number("SAVES", 4));
    let options = Options { paced: true, drafting_workers: 16, ..Options::for_tests() };
    let street = Arc::new(Street::open_with(options).await);
    let began = (Instant::now(), street.now_ms().await);
    let sample = street.deal("Almost empty").await;
    let copies = street.post_json(&format!("/local/deals/{sample}/copies"), &json!({ "count": deals })).await;
    let copies: Value = copies.json().await.unwrap();
    let ids: Vec<String> =
        copies["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    street.faults(a_fifth()).await;

    // All close at the same moment; HubSpot tells until it is answered, at once here.
    let mut closing = JoinSet::new();
    for id in ids.clone() {
        let street = street.clone();
        closing.spawn(async move {
            for _ in 0..TRIES {
                if street
                    .post_json(&format!("/local/deals/{id}/close"), &json!({}))
                    .await
                    .status()
                    .is_success()
                {
                    return;
                }
            }
            panic!("nobody takes the webhook");
        });
    }
    closing.join_all().await;
    println!("{deals} webhooks taken after {:?}", began.0.elapsed());
    let time = {
        let street = street.clone();
        tokio::spawn(async move {
            loop {
                street.post_json("/local/clock", &json!({ "advance_milliseconds": STEP_AHEAD_MS })).await;
                tokio::time::sleep(STEP).await;
            }
        })
    };
    let mut links_now = BTreeMap::new();
    for turn in 0..8000 {
        // A thousand mails are much to look at.
        if turn % (1 + deals / 25) == 0 {
            links_now = links(&street).await;
        }
        if links_now.len() >= deals {
            break;
        }
        // A mail whose fate stayed unknown twice is given up where an admin sees it, and the admin sends it again.
        let queues = street.json("/local/queues").await;
        if turn > 0 && queues["pending"] == 0 && queues["dead"] == 0 {
            send_again(&street).await;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        // A mail whose fate is not known waits ten minutes for SES's word; what waits for a limit waits by the same clock.
        street.advance(10).await;
        street.post_json("/local/schedules/outbox-sweep/run", &json!({})).await;
        street.post_json("/local/queues/redrive", &json!({})).await;
    }
    assert_eq!(links_now.len(), deals, "everyone is invited while a fifth of all calls fails");
    println!(
        "{deals} deals closed at once: all invited after {:?}, {} s by the movable clock",
        began.0.elapsed(),
        (street.now_ms().await - began.1) / 1000
    );

    let typing = Instant::now();
    let mut links: Vec<(String, String)> = links_now.into_iter().collect();
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    let mut at_it = JoinSet::new();
    while !links.is_empty() || !at_it.is_empty() {
        while at_it.len() < AES
            && let Some((account, link)) = links.pop()
        {
            let street = street.clone();
            at_it.spawn(async move { (account, hand_over(&street, &link, saves).await) });
        }
        if let Some(done) = at_it.join_next().await {
            typed.extend([done.unwrap()]);
        }
    }
    println!("{} saves and submits in {:?}", deals * (saves + 1), typing.elapsed());

    street.faults(json!([])).await;
    for _ in 0..3 {
        street.post_json("/local/queues/redrive", &json!({})).await;
        street.advance(700).await;
        street.run_schedule("outbox-sweep").await;
        settle(&street).await;
    }
    time.abort();
    nothing_lost_nothing_doubled(&street, &ids, &typed).await;
    limits_are_kept(&street).await;
}

/// The accounts whose mail was given up.
async fn given_up(street: &Street) -> BTreeSet<String> {
    let failed = |item: &Value| {
        item["attention"]["SS"].as_array().is_some_and(|all| all.contains(&json!("mail_failed")))
    };
    let handoffs = street.items("HANDOFF").await;
    handoffs
        .iter()
        .filter(|item| failed(item))
        .map(|item| item["id"]["S"].as_str().unwrap().to_owned())
        .collect()
}

async fn send_again(street: &Street) {
    let stuck = given_up(street).await;
    if stuck.is_empty() {
        return;
    }
    street.faults(json!([])).await;
    let admin = street.sign_in("admin@example.com").await;
    assert!(admin.get("/handoffs").await.html.contains("Send again"), "seen on the board");
    for account in &stuck {
        let page = format!("/accounts/{account}");
        let sent = admin.post(&page, &format!("{page}/resend"), &[]).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.html);
    }
    settle(street).await;
    println!("{} mails were given up where an admin saw them, and sent again", stuck.len());
    street.faults(a_fifth()).await;
}

async fn settle(street: &Street) {
    for _ in 0..6000 {
        let queues = street.json("/local/queues").await;
        if queues["pending"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still busy: {}", street.json("/local/queues").await);
}

async fn nothing_lost_nothing_doubled(street: &Street, ids: &[String], typed: &BTreeMap<String, String>) {
    let handoffs = street.items("HANDOFF").await;
    let accounts: BTreeSet<String> =
        handoffs.iter().map(|item| item["id"]["S"].as_str().unwrap().to_owned()).collect();
    assert_eq!((accounts.len(), handoffs.len()), (ids.len(), ids.len()), "one account for each deal");
    for handoff in &handoffs {
        let id = handoff["id"]["S"].as_str().unwrap();
        let words = &handoff["submission"]["M"]["answers"]["M"]["risks"]["M"]["value"]["M"]["text"]["S"];
        assert_eq!(words.as_str(), typed.get(id).map(String::as_str), "{id} holds what its AE was told");
    }
    let mut causes = BTreeSet::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for mail in street.mails().await {
        assert!(causes.insert(mail["cause"].to_string()), "twice: {} {}", mail["kind"], mail["cause"]);
        *kinds.entry(mail["kind"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let table = street.json("/local/table.json").await;
    let keys: Vec<&str> =
        table.as_array().unwrap().iter().filter_map(|item| item["SK"]["S"].as_str()).collect();
    let stuck = given_up(street).await;
    for kind in ["handoff_invitation", "handoff_receipt", "handoff_received"] {
        let gave_up = keys.iter().filter(|key| key.contains(&format!("#failed-{kind}-"))).count();
        let sent = kinds.get(kind).copied().unwrap_or_default();
        println!("{kind}: {sent} sent, {gave_up} given up in sight of the admins");
        // What was given up and sent again is an invitation with a newer link.
        let again = if kind == "handoff_invitation" { gave_up } else { 0 };
        assert_eq!(sent + gave_up - again, ids.len(), "{kind}: {kinds:?}");
        assert!(gave_up == 0 || again > 0 || !stuck.is_empty(), "what is given up can be seen");
    }
    let told = street.json("/local/told.json").await;
    let notes: Vec<String> =
        told["notes"].as_array().unwrap().iter().map(|note| note["deal"].to_string()).collect();
    assert_eq!(notes.iter().collect::<BTreeSet<_>>().len(), notes.len(), "a note was made twice");
    assert_eq!(street.json("/local/queues").await["dead"], 0);
}
