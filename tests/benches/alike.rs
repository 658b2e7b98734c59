//! How long an answer takes to a token that is malformed, to one whose account does not exist, and to one whose account exists while the
//! secret is wrong: 10,000 of each, in turn, through the whole street. What differs is what a stranger could learn.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a bench")]

use data_encoding::BASE64URL_NOPAD;
use handoff_local::{Options, start};
use serde_json::Value;
use std::time::{Duration, Instant};

const PAIRS: usize = 10_000;

fn median(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 95 / 100])
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    handoff_runtime::tls();
    let street = start(Options::for_tests()).await.unwrap();
    let http = reqwest::Client::new();
    http.post(format!("{}/local/deals/31200418901/close", street.own_url))
        .json(&Value::Null)
        .send()
        .await
        .unwrap();
    let link = loop {
        let mails: Value = http
            .get(format!("{}/local/mail.json", street.own_url))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let text = mails[0]["text"].as_str().unwrap_or_default().to_owned();
        if let Some(at) = text.find("/handoff/") {
            break text[at..].chars().take_while(|c| !c.is_whitespace()).collect::<String>();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let token = BASE64URL_NOPAD.decode(link.trim_start_matches("/handoff/").as_bytes()).unwrap();
    let id = token.windows(5).position(|part| part == b"31200").unwrap();
    let mut times = [const { Vec::new() }; 3];
    let mut answers: Vec<(u16, usize)> = Vec::new();
    for round in 0..PAIRS {
        let mut wrong_secret = token.clone();
        let last = wrong_secret.len() - 1;
        for (place, byte) in round.to_be_bytes().iter().enumerate() {
            wrong_secret[last - place] ^= byte | 1;
        }
        let mut unknown = wrong_secret.clone();
        unknown[id..id + 5].copy_from_slice(format!("{:05}", round % 99_999).as_bytes());
        let kinds = [
            format!("malformed-{round}"),
            BASE64URL_NOPAD.encode(&unknown),
            BASE64URL_NOPAD.encode(&wrong_secret),
        ];
        for (kind, token) in kinds.iter().enumerate() {
            let begun = Instant::now();
            let answer = http.get(format!("{}/handoff/{token}", street.own_url)).send().await.unwrap();
            let (status, body) = (answer.status().as_u16(), answer.bytes().await.unwrap());
            times[kind].push(begun.elapsed());
            answers.push((status, body.len()));
        }
    }
    answers.dedup();
    println!("status and length of all {} answers: {answers:?}", PAIRS * 3);
    for (kind, times) in ["malformed", "no such account", "wrong secret"].iter().zip(times) {
        let (median, high) = median(times);
        println!("{kind:16} median {median:?}, 95th {high:?}");
    }
    street.shutdown().await;
}
