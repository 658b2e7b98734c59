//! The program itself: its first line, and what a `kill -9` leaves.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Program {
    child: Child,
    address: String,
    ready_after: Duration,
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix: nothing is told, nothing is tidied up.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(data_dir: &std::path::Path) -> Program {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_handoff-local"))
        .env_clear()
        .env("PORT", "0")
        .env("HANDOFF_DATA_DIR", data_dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
    Program { child, address: address.trim().to_owned(), ready_after: began.elapsed() }
}

fn client() -> reqwest::Client {
    handoff_runtime::tls();
    let roots = rustls::RootCertStore::empty();
    let tls = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap()
}

#[tokio::test]
async fn an_acknowledged_deal_survives_a_kill_and_is_mailed_by_the_next_start() {
    let path = std::env::temp_dir().join(format!("handoff-kill-{}", uuid::Uuid::new_v4()));
    let client = client();
    let mails = {
        let program = program(&path);
        assert!(program.address.starts_with("http://127.0.0.1:"), "the first line is the bare address");
        assert!(program.ready_after < Duration::from_secs(5), "{:?}", program.ready_after);
        let deals: serde_json::Value = client
            .get(format!("{}/local/deals", program.address))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        for deal in deals.as_array().unwrap().iter().take(3) {
            let url = format!("{}/local/deals/{}/close", program.address, deal["id"].as_str().unwrap());
            assert!(client.post(url).send().await.unwrap().status().is_success());
        }
        3
    };
    let program = program(&path);
    for _ in 0..400 {
        let queues: serde_json::Value = client
            .get(format!("{}/local/queues", program.address))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        if queues["pending"] == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let captured: serde_json::Value = client
        .get(format!("{}/local/mail.json", program.address))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let invitations = captured.as_array().unwrap().iter().filter(|mail| mail["kind"] == "handoff_invitation");
    let accounts: std::collections::BTreeSet<_> =
        invitations.map(|mail| mail["account_id"].to_string()).collect();
    assert_eq!(accounts.len(), mails);
    drop(program);
    std::fs::remove_dir_all(path).unwrap();
}
