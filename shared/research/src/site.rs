//! One visit: the page that was asked for, then the best of what it links to.

use crate::address::{self, Refusal};
use crate::fetch::{Answer, FetchError, Fetched, Fetcher, HOPS_MAX};
use crate::names::Lookup;
use crate::page::{self, PageText};
use crate::robots::Permissions;
use crate::{links, outline};
use handoff_domain::Timestamp;
use handoff_domain::limits::{RESEARCH_PAGE_MAX_BYTES, RESEARCH_PAGES_MAX};
use handoff_domain::research::{WebGap, WebPage};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// For everything that is asked of one site.
const SITE_MAX: Duration = Duration::from_secs(10);
/// Most of a page that is read, in decoded bytes.
const PAGE_MAX_BYTES: usize = 1024 * 1024;

/// What a site says, and what of it could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The pages; the first one is the one that was asked for.
    pub pages: Vec<WebPage>,
    /// What could not be read.
    pub gaps: Vec<WebGap>,
}

/// Reads websites. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reader {
    tls: rustls::ClientConfig,
    lookup: Lookup,
    patience: Duration,
}

/// The reader cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("TLS cannot be set up")]
pub struct ReaderError(#[from] rustls::Error);

/// Mozilla's roots are embedded: only what a browser would trust is trusted.
pub(crate) fn tls() -> Result<rustls::ClientConfig, ReaderError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    Ok(tls.with_root_certificates(roots).with_no_client_auth())
}

impl Reader {
    /// A reader of the public internet.
    pub fn new() -> Result<Self, ReaderError> {
        Self::with_lookup(Lookup::System)
    }

    /// A reader of these sites, by host, which are served over plain HTTP at these addresses; of nothing else at all. For
    /// sites that stand on this machine.
    pub fn of_sites(sites: BTreeMap<String, SocketAddr>) -> Result<Self, ReaderError> {
        Self::with_lookup(Lookup::Listed(Arc::new(sites)))
    }

    fn with_lookup(lookup: Lookup) -> Result<Self, ReaderError> {
        Ok(Self { tls: tls()?, lookup, patience: SITE_MAX })
    }

    /// Reads the website that the CRM names, at `now`. Takes ten seconds at most, and whatever the last page takes to be
    /// taken apart.
    pub async fn read(&self, website: &str, now: Timestamp) -> Findings {
        let url = match address::of_crm(website) {
            Ok(url) => url,
            Err(Refusal::SocialNetwork) => return Findings::nothing(WebGap::SocialNetwork),
            Err(_) => return Findings::nothing(WebGap::NotAnAddress),
        };
        let deadline = Instant::now() + self.patience;
        match Fetcher::new(self.tls.clone(), self.lookup.clone(), deadline) {
            Ok(fetcher) => Visit { fetcher, permissions: Permissions::default(), now }.read(&url).await,
            Err(_) => Findings::nothing(WebGap::Unreachable),
        }
    }
}

impl Findings {
    fn nothing(gap: WebGap) -> Self {
        Self { pages: Vec::new(), gaps: vec![gap] }
    }
}

struct Visit {
    fetcher: Fetcher,
    permissions: Permissions,
    now: Timestamp,
}

impl Visit {
    async fn read(mut self, url: &Url) -> Findings {
        let (home, page) = match self.open(url).await {
            Ok(opened) => opened,
            Err(error) => {
                tracing::info!(%error, "website not read");
                return Findings::nothing(gap_of(&error));
            }
        };
        let mut findings = Findings::default();
        findings.add(&home, &page, self.now, true);
        let mut missed: u8 = 0;
        for link in links::best(&home.url, &page.links, RESEARCH_PAGES_MAX - 1) {
            match self.open(&link).await {
                Ok((found, page)) => findings.add(&found, &page, self.now, false),
                Err(_) => missed = missed.saturating_add(1),
            }
        }
        findings.gaps.extend((missed > 0).then_some(WebGap::Pages(missed)));
        if findings.pages.is_empty() {
            findings.gaps.push(WebGap::Empty);
        }
        findings
    }

    /// A page, wherever it is in the end, and what it says.
    async fn open(&mut self, url: &Url) -> Result<(Fetched, PageText), FetchError> {
        let mut fetched = self.fetch(url).await?;
        let page = page::read(std::mem::take(&mut fetched.text), fetched.is_html).await?;
        Ok((fetched, page))
    }

    async fn fetch(&mut self, url: &Url) -> Result<Fetched, FetchError> {
        let mut url = url.clone();
        for _ in 0..=HOPS_MAX {
            self.permissions.check(&self.fetcher, &url).await?;
            match self.fetcher.ask(&url, PAGE_MAX_BYTES).await? {
                Answer::Page(page) => return Ok(page),
                Answer::SentOn(next) => url = next,
            }
        }
        Err(FetchError::Hops)
    }
}

impl Findings {
    fn add(&mut self, fetched: &Fetched, page: &PageText, now: Timestamp, is_home: bool) {
        // What a company says of itself is told once, by its first page.
        let descriptions = if is_home { page.descriptions.join("\n") } else { String::new() };
        let text = [descriptions, page.text.clone()].join("\n\n");
        let text = outline::cut(text.trim(), RESEARCH_PAGE_MAX_BYTES).to_owned();
        if text.is_empty() || self.pages.iter().any(|other| other.text == text) {
            return;
        }
        if fetched.is_cut && !self.gaps.contains(&WebGap::Cut) {
            self.gaps.push(WebGap::Cut);
        }
        self.pages.push(WebPage {
            host: fetched.url.host_str().unwrap_or_default().to_owned(),
            path: fetched.url.path().to_owned(),
            title: page.title.clone(),
            text,
            read_at: now,
        });
    }
}

fn gap_of(error: &FetchError) -> WebGap {
    match error {
        FetchError::Refused(Refusal::SocialNetwork) => WebGap::SocialNetwork,
        FetchError::Refused(_) | FetchError::Unreachable(_) => WebGap::Unreachable,
        FetchError::TimedOut => WebGap::TimedOut,
        FetchError::NotAllowed => WebGap::NotAllowed,
        FetchError::NoPermission => WebGap::NoPermission,
        FetchError::NotText | FetchError::Encoding | FetchError::Unreadable => WebGap::NotText,
        FetchError::Hops | FetchError::Status(_) => WebGap::Failed,
    }
}

#[cfg(test)]
mod tests;
