//! Sending to an address that an admin gave: guarded like the reading of websites, because whoever may type an address must not reach
//! what only this function can reach.

use crate::address::{self, Refusal};
use crate::names::{Checked, Lookup, Names};
use crate::site::ReaderError;
use reqwest::Client;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;
use url::{Host, Url};

/// For one connection.
const CONNECT_MAX: Duration = Duration::from_secs(3);
/// For one message and its answer.
const ANSWER_MAX: Duration = Duration::from_secs(15);
/// Most of an answer that is read, in bytes.
const BODY_MAX_BYTES: usize = 4 * 1024;
/// Longest wait that an answer can ask for.
const WAIT_MAX: Duration = Duration::from_hours(24);

/// Why a message did not get an answer.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The address is not asked.
    #[error("the address is not one of the public internet")]
    Refused(#[from] Refusal),
    /// The name leads nowhere public, nobody answers there, or the connection broke.
    #[error("no answer")]
    Unreachable(#[source] reqwest::Error),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status; redirects are not followed.
    pub status: u16,
    /// How long it asks us to wait, at most a day.
    pub retry_after: Option<Duration>,
    /// The beginning of its text.
    pub body: String,
}

/// Sends messages to public addresses by https. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Poster {
    tls: rustls::ClientConfig,
    lookup: Lookup,
    here: Option<Arc<BTreeMap<String, SocketAddr>>>,
}

impl Poster {
    /// A poster to the public internet.
    pub fn new() -> Result<Self, ReaderError> {
        Ok(Self { tls: crate::site::tls()?, lookup: Lookup::System, here: None })
    }

    /// The same, but for these hosts, which are served over plain HTTP at these addresses, and for `http://127.0.0.1`. For receivers
    /// that stand on this machine.
    pub fn with_hosts(hosts: BTreeMap<String, SocketAddr>) -> Result<Self, ReaderError> {
        Ok(Self { here: Some(Arc::new(hosts)), ..Self::new()? })
    }

    /// The host of an address that a message could go to, for people. Whether it leads somewhere public is seen when it is sent.
    pub fn check(&self, text: &str) -> Result<String, Refusal> {
        let url = self.checked(text)?;
        Ok(url.host_str().unwrap_or_default().to_owned())
    }

    fn checked(&self, text: &str) -> Result<Url, Refusal> {
        let is_loopback =
            |url: &Url| matches!(url.host(), Some(Host::Ipv4(address)) if address.is_loopback());
        match Url::parse(text) {
            Ok(url) if self.here.is_some() && url.scheme() == "http" && is_loopback(&url) => Ok(url),
            _ => address::check(text),
        }
    }

    /// As it is asked for, and who knows where its name leads.
    fn way(&self, mut url: Url) -> (Url, Lookup) {
        let here =
            self.here.as_ref().filter(|here| url.host_str().is_some_and(|host| here.contains_key(host)));
        let Some(here) = here else { return (url, self.lookup.clone()) };
        // Both are schemes of the web, so that the parser has nothing against it.
        let _ = url.set_scheme("http");
        (url, Lookup::Listed(here.clone()))
    }

    /// Sends one message and reads what is said to it.
    pub async fn post(
        &self,
        address: &str,
        headers: &[(&'static str, String)],
        content_type: &str,
        body: String,
    ) -> Result<Answered, PostError> {
        let span = tracing::debug_span!(
            "call",
            service = "endpoint",
            method = "POST",
            url = "/",
            status = tracing::field::Empty
        );
        self.send(address, headers, content_type, body).instrument(span).await
    }

    async fn send(
        &self,
        address: &str,
        headers: &[(&'static str, String)],
        content_type: &str,
        body: String,
    ) -> Result<Answered, PostError> {
        let (url, lookup) = self.way(self.checked(address)?);
        // One client for each message: its names are looked up once, checked, and nothing else is connected to.
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .dns_resolver(Checked(Arc::new(Names::new(lookup))))
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("handoff/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(unreachable)?;
        let mut request = client.post(url).header(CONTENT_TYPE, content_type).body(body);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        tracing::Span::current().record("status", status);
        let wait =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let mut body = Vec::new();
        while body.len() < BODY_MAX_BYTES {
            // The status alone says whether it arrived; a text that breaks off is as good as none.
            let Ok(Some(chunk)) = response.chunk().await else { break };
            body.extend_from_slice(&chunk);
        }
        body.truncate(BODY_MAX_BYTES);
        Ok(Answered {
            status,
            retry_after: wait.map(|seconds| Duration::from_secs(seconds).min(WAIT_MAX)),
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// Without the address: it may be a secret.
fn unreachable(error: reqwest::Error) -> PostError {
    if error.is_timeout() { PostError::TimedOut } else { PostError::Unreachable(error.without_url()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn poster(hosts: &[(&str, SocketAddr)]) -> Poster {
        let hosts = hosts.iter().map(|(name, address)| ((*name).to_owned(), *address));
        Poster::with_hosts(hosts.collect()).unwrap()
    }

    /// A receiver that answers once, with this; hands back what it was told.
    async fn receiver(answer: &'static str) -> (SocketAddr, tokio::task::JoinHandle<String>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let told = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut told = String::new();
            while !told.ends_with("{}") {
                let mut part = [0; 1024];
                let read = stream.read(&mut part).await.unwrap();
                told.push_str(std::str::from_utf8(&part[..read]).unwrap());
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
            told
        });
        (address, told)
    }

    #[tokio::test]
    async fn a_message_arrives_and_what_is_said_to_it_is_read() {
        let answer =
            "HTTP/1.1 503 Later\r\nretry-after: 120\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy";
        let (address, told) = receiver(answer).await;
        let headers = [("webhook-id", "m1".to_owned())];
        let poster = poster(&[("hooks.example", address)]);
        let answered =
            poster.post("https://hooks.example/in?k=1", &headers, "application/json", "{}".to_owned());
        let expected =
            Answered { status: 503, retry_after: Some(Duration::from_mins(2)), body: "busy".to_owned() };
        assert_eq!(answered.await.unwrap(), expected);
        let told = told.await.unwrap();
        assert!(told.starts_with("POST /in?k=1 HTTP/1.1\r\n"), "{told}");
        assert!(
            told.contains("webhook-id: m1\r\n") && told.contains("content-type: application/json"),
            "{told}"
        );
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_leads_nowhere() {
        let answer = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let (address, _told) = receiver(answer).await;
        let poster = poster(&[("hooks.example", address)]);
        let answered = poster.post("https://hooks.example/", &[], "application/json", "{}".to_owned()).await;
        assert_eq!(answered.unwrap().status, 302);
    }

    #[tokio::test]
    async fn nothing_but_the_public_internet_is_asked() {
        let poster = Poster::new().unwrap();
        let targets: serde_json::Value = serde_json::from_str(include_str!("address/targets.json")).unwrap();
        let (mut seen, mut wrong) = (0, Vec::new());
        for target in targets["refuse"].as_array().unwrap() {
            let Some(url) = target["url"].as_str() else { continue };
            seen += 1;
            // What the text does not tell is told by the name's addresses, when it is sent.
            if poster.post(url, &[], "text/plain", String::new()).await.is_ok() {
                wrong.push(url);
            }
        }
        assert!(seen > 30 && wrong.is_empty(), "{seen} {wrong:?}");
        for url in [
            "http://hooks.example/",
            "https://127.0.0.1/",
            "https://hooks.example:8443/",
            "http://127.0.0.1:9/",
        ] {
            assert!(poster.check(url).is_err(), "{url}");
        }
        assert_eq!(poster.check("https://hooks.slack.com/services/T/B/x").unwrap(), "hooks.slack.com");
    }

    #[test]
    fn on_this_machine_the_loopback_is_asked_as_well() {
        let poster = poster(&[]);
        assert!(poster.check("http://127.0.0.1:9000/in").is_ok());
        for url in ["http://10.0.0.1/", "http://localhost:9000/", "http://169.254.169.254/latest"] {
            assert!(poster.check(url).is_err(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_turns_out_to_lead_here_is_not_asked() {
        let script = vec![vec!["127.0.0.1".parse().unwrap()]];
        let lookup = Lookup::Scripted(Arc::new(std::sync::Mutex::new(script)));
        let poster = Poster { lookup, ..Poster::new().unwrap() };
        let sent = poster.post("https://rebind.example/", &[], "text/plain", String::new()).await;
        assert!(matches!(sent, Err(PostError::Unreachable(_))), "{sent:?}");
    }
}
