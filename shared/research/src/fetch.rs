//! One page: every hop checked like the first address, every byte counted after decoding, nothing given away.

mod body;

use crate::address::{self, Refusal};
use crate::names::{Checked, Lookup, Names};
use body::Body;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;
use url::Url;

/// What we are called in robots.txt.
pub(crate) const AGENT: &str = "handoff-research";
/// What we call ourselves: plainly a program, and what it is for.
const USER_AGENT: &str =
    concat!("handoff-research/", env!("CARGO_PKG_VERSION"), " (reads a new customer's website, once)");
/// Redirects that are followed.
pub(crate) const HOPS_MAX: usize = 3;
/// For one connection.
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// Why a page was not had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error("the address is not asked")]
    Refused(#[from] Refusal),
    #[error("the site cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the site took too long")]
    TimedOut,
    #[error("the site sends on and on")]
    Hops,
    #[error("the site answered {0}")]
    Status(u16),
    #[error("the page is no text")]
    NotText,
    #[error("the page cannot be decoded")]
    Encoding,
    #[error("robots.txt says no")]
    NotAllowed,
    #[error("robots.txt cannot be had")]
    NoPermission,
    #[error("the page cannot be taken apart")]
    Unreadable,
}

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// Where it was found in the end.
    pub(crate) url: Url,
    pub(crate) is_html: bool,
    /// Decoded; in UTF-8.
    pub(crate) text: String,
    /// Whether it goes on.
    pub(crate) is_cut: bool,
}

/// What one answer was.
#[derive(Debug)]
pub(crate) enum Answer {
    Page(Fetched),
    /// To be checked, and asked next.
    SentOn(Url),
}

/// The HTTP client of one visit to a site.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: Client,
    deadline: Instant,
    is_by_http: bool,
}

impl Fetcher {
    /// A client that has until `deadline` for all that it is asked. Sites on this machine have no certificates.
    pub(crate) fn new(
        tls: rustls::ClientConfig,
        lookup: Lookup,
        deadline: Instant,
    ) -> Result<Self, reqwest::Error> {
        let is_by_http = matches!(lookup, Lookup::Listed(_));
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Checked(Arc::new(Names::new(lookup))))
            .connect_timeout(CONNECT_MAX)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(USER_AGENT)
            .build()?;
        Ok(Self { client, deadline, is_by_http })
    }

    /// Where the last hop of [`HOPS_MAX`] leads, whatever `may` allows on the way.
    pub(crate) async fn get(&self, url: &Url, max_bytes: usize) -> Result<Fetched, FetchError> {
        let mut url = url.clone();
        for _ in 0..=HOPS_MAX {
            match self.ask(&url, max_bytes).await? {
                Answer::Page(page) => return Ok(page),
                Answer::SentOn(next) => url = next,
            }
        }
        Err(FetchError::Hops)
    }

    /// One request.
    pub(crate) async fn ask(&self, url: &Url, max_bytes: usize) -> Result<Answer, FetchError> {
        let span = tracing::debug_span!(
            "call",
            service = "website",
            method = "GET",
            url = "/",
            status = tracing::field::Empty
        );
        let asked = timeout_at(self.deadline, self.send(url, max_bytes)).instrument(span).await;
        asked.unwrap_or(Err(FetchError::TimedOut))
    }

    async fn send(&self, url: &Url, max_bytes: usize) -> Result<Answer, FetchError> {
        let request = self
            .client
            .get(self.on_the_wire(url))
            .header(ACCEPT, "text/html, text/plain;q=0.5")
            .header(ACCEPT_ENCODING, "gzip");
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        tracing::Span::current().record("status", status);
        match status {
            301 | 302 | 303 | 307 | 308 => {
                let location = text_of(response.headers(), LOCATION.as_str());
                Ok(Answer::SentOn(address::of_link(url, &location)?))
            }
            200 | 203 => read(url, response, max_bytes).await.map(Answer::Page),
            status => Err(FetchError::Status(status)),
        }
    }

    fn on_the_wire(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if self.is_by_http {
            // Both are schemes of the web, so that the parser has nothing against it.
            let _ = url.set_scheme("http");
        }
        url
    }
}

async fn read(url: &Url, mut response: Response, max_bytes: usize) -> Result<Fetched, FetchError> {
    let kind = text_of(response.headers(), CONTENT_TYPE.as_str());
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_html = match essence {
        "text/html" | "application/xhtml+xml" => true,
        "text/plain" => false,
        _ => return Err(FetchError::NotText),
    };
    let mut body = Body::new(&text_of(response.headers(), CONTENT_ENCODING.as_str()), max_bytes)?;
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if !body.take(&chunk)? {
            break;
        }
    }
    let (bytes, is_cut) = body.finish();
    Ok(Fetched { url: url.clone(), is_html, text: body::to_text(&bytes, &kind, is_html), is_cut })
}

/// A header in lower case, but for addresses; empty when it is missing or unreadable.
fn text_of(headers: &HeaderMap, name: &str) -> String {
    let text = headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default();
    if name == LOCATION.as_str() { text.into_owned() } else { text.to_ascii_lowercase() }
}

/// Without the address: it is logged.
fn unreachable(error: reqwest::Error) -> FetchError {
    if error.is_timeout() { FetchError::TimedOut } else { FetchError::Unreachable(error.without_url()) }
}

#[cfg(test)]
mod tests;
